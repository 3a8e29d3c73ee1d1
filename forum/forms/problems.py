"""Shows at its field what an action could not take."""

from __future__ import annotations

from flask_wtf import FlaskForm

from forum.errors import Invalid
from forum.messages import message


def show_problems(form: FlaskForm, error: Invalid) -> None:
    """Put each message of `error` at the field of that name, else above the form."""
    for name, key in error.fields.items():
        words = message(key, **error.params)
        if name in form:
            form[name].errors = [*form[name].errors, words]
        else:
            form.form_errors.append(words)
