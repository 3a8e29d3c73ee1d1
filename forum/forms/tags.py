"""Forms of tags: shape and message only."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from forum.messages import MESSAGES


class TagForm(FlaskForm):
    """What a tag is called and what it means."""

    name = StringField(
        _("Name"),
        [DataRequired(MESSAGES["tag.not_a_tag"])],
        description=_("The old name stays as a synonym, so old links lead on."),
    )
    description = TextAreaField(
        _("What it stands for"), [Length(max=500, message=MESSAGES["field.too_long"])]
    )
    version = IntegerField(widget=HiddenInput(), default=0)


class MergeForm(FlaskForm):
    """Which tag stands for this one from now on."""

    into = StringField(
        _("Merge into"),
        [DataRequired(MESSAGES["tag.unknown"])],
        description=_("Everything that carries this tag will carry that one."),
    )
