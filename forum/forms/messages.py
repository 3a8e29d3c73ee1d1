"""How forms speak: message keys at fields, and what only an action could know."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from forum.errors import Invalid
from forum.messages import MESSAGES, message


def needed(key: str) -> InputRequired:
    """Ask for a field in the words of that message."""
    return InputRequired(MESSAGES[key])


def at_most(longest: int, key: str) -> Length:
    """Limit the characters of a field, in the words of that message."""
    return Length(max=longest, message=MESSAGES[key])


def show_problems(form: FlaskForm, refused: Invalid) -> None:
    """Put what an action refused at its fields, and the rest above the form."""
    for name, key in refused.fields.items():
        words: Any = message(key, **refused.params)
        if name in form:
            form[name].errors = [*form[name].errors, words]
        else:
            form.form_errors.append(words)
