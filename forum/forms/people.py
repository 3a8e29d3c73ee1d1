"""The form of a profile."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from forum.forms.messages import at_most, needed
from forum.messages import message
from forum.rules.tags import parse_tags


def _tags(_form: FlaskForm, field: StringField) -> None:
    rejected = parse_tags(field.data or "")[1]
    if rejected:
        words = message("person.tags_not_taken", tags=", ".join(rejected[:5]))
        raise ValidationError(words)


class ProfileForm(FlaskForm):
    """Who somebody is, what they can help with and what they want to learn."""

    version = HiddenField()
    name = StringField(
        _("Name"),
        validators=[
            needed("person.name_missing"),
            at_most(200, "person.name_too_long"),
        ],
    )
    department = StringField(
        _("Department"),
        validators=[at_most(100, "person.department_too_long")],
    )
    offers = StringField(
        _("I can help with"),
        description=_("Tags with commas between them, such as: backup, month-end."),
        validators=[_tags],
    )
    wants = StringField(
        _("I want to learn about"),
        description=_("Tags with commas between them."),
        validators=[_tags],
    )
    bio = TextAreaField(
        _("About me"),
        description=_("A few sentences, as you would say them on your first day."),
        validators=[at_most(5_000, "person.bio_too_long")],
    )
