"""Forms of Spaces, their members and templates: shape and message only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from forum.actions.spaces import LONGEST_GUIDANCE, LONGEST_NAME, LONGEST_PURPOSE
from forum.errors import Invalid
from forum.forms.messages import show_problems
from forum.messages import MESSAGES, message
from forum.models import Space, SpaceKind, SpaceRole, SpaceTemplate, Visibility
from forum.rules.space_fields import MOST_FIELDS
from forum.rules.tags import parse_tags

KINDS_OF_SPACE = [
    SelectChoice(SpaceKind.TOPIC.value, _("A topic, which lasts")),
    SelectChoice(SpaceKind.PROJECT.value, _("A project, which ends")),
]
VISIBILITIES = [
    SelectChoice(Visibility.OPEN.value, _("Open: every colleague reads and writes")),
    SelectChoice(
        Visibility.CLOSED.value,
        _("Closed: others see its name, purpose and size, members the rest"),
    ),
    SelectChoice(Visibility.PRIVATE.value, _("Private: for others it does not exist")),
]
TYPES_OF_FIELD = [
    SelectChoice("text", _("Text")),
    SelectChoice("choice", _("One of several answers")),
    SelectChoice("date", _("A date")),
    SelectChoice("checklist", _("A list to tick off")),
]
PLACES = [
    SelectChoice("before", _("Before the text")),
    SelectChoice("after", _("After the text")),
]


class SpaceForm(FlaskForm):
    """What a Space is called, what it is for, and who reads it."""

    name = StringField(
        _("Name"),
        [
            DataRequired(MESSAGES["space.name_missing"]),
            Length(max=LONGEST_NAME, message=MESSAGES["space.name_too_long"]),
        ],
    )
    purpose = TextAreaField(
        _("What it is for"),
        [Length(max=LONGEST_PURPOSE, message=MESSAGES["space.purpose_too_long"])],
        description=_("One or two sentences. They help colleagues to find their way."),
    )
    kind = RadioField(
        _("What it is about"),
        [InputRequired(MESSAGES["space.choice_unknown"])],
        choices=KINDS_OF_SPACE,
        default=SpaceKind.TOPIC.value,
    )
    visibility = RadioField(
        _("Who reads it"),
        [InputRequired(MESSAGES["space.choice_unknown"])],
        choices=VISIBILITIES,
        default=Visibility.OPEN.value,
    )
    required_tags = StringField(
        _("Tags it asks for"),
        description=_("Separate them with commas. Each entry has to carry one."),
    )
    version = IntegerField(widget=HiddenInput(), default=0)

    @classmethod
    def of(cls, space: Space) -> SpaceForm:
        """Return the form filled with what stands now."""
        return cls(
            name=space.name,
            purpose=space.purpose,
            kind=space.kind.value,
            visibility=space.visibility.value,
            required_tags=", ".join(space.required_tags),
            version=space.version,
        )

    def validate_required_tags(self, field: StringField) -> None:
        """Refuse what cannot be a tag."""
        rejected = parse_tags(field.data or "")[1]
        if rejected:
            words = message("entry.tag_not_taken", tags=", ".join(rejected))
            raise ValidationError(words)

    def values(self) -> dict[str, Any]:
        """Return what `create_space` and `edit_space` take."""
        return {
            "name": self.name.data,
            "purpose": self.purpose.data or "",
            "kind": SpaceKind(self.kind.data),
            "visibility": Visibility(self.visibility.data),
            "required_tags": parse_tags(self.required_tags.data or "")[0],
        }


class MemberForm(FlaskForm):
    """Which colleague to let in."""

    person_id = IntegerField(
        _("Colleague"), [InputRequired(), NumberRange(1, 2**31 - 1)]
    )


class MemberRoleForm(FlaskForm):
    """What a member is to be."""

    role = SelectField(
        _("Role"), choices=[role.value for role in SpaceRole], validate_choice=True
    )


class AddedFieldForm(Form):
    """One field that a Space adds; without a label it is left out."""

    key = HiddenField()
    label = StringField(_("What to ask"))
    hint = StringField(_("Hint under it"))
    type = SelectField(_("How to answer"), choices=TYPES_OF_FIELD, default="text")
    choices = TextAreaField(
        _("Answers to choose from"), description=_("One on each line.")
    )
    place = SelectField(_("Where it stands"), choices=PLACES, default="before")
    required = BooleanField(_("Needed before others can read it"))


class TemplateForm(FlaskForm):
    """What a Space asks of one kind of entry."""

    guidance = TextAreaField(
        _("Guidance"),
        [Length(max=LONGEST_GUIDANCE, message=MESSAGES["field.too_long"])],
        description=_("It stands above the text while somebody writes."),
    )
    added = FieldList(FormField(AddedFieldForm), max_entries=MOST_FIELDS)
    version = IntegerField(widget=HiddenInput(), default=0)

    @classmethod
    def of(cls, template: SpaceTemplate | None) -> TemplateForm:
        """Return the form filled with what stands now, and room for one field more."""
        stored = [_as_typed(field) for field in (template.fields if template else ())]
        return cls(
            guidance=template.guidance if template else "",
            added=[*stored, {}][:MOST_FIELDS],
            version=template.version if template else 0,
        )

    def values(self) -> dict[str, Any]:
        """Return what `edit_template` takes."""
        return {
            "guidance": self.guidance.data or "",
            "fields": [entry.data for entry in self.added],
            "version": self.version.data or 0,
        }

    def show(self, error: Invalid) -> None:
        """Show problems at the fields they are about."""
        others = dict(error.fields)
        for at, entry in enumerate(self.added):
            key = others.pop(f"fields-{at}", None)
            if key:
                entry.form.label.errors = [message(key)]
        show_problems(self, Invalid(others, **error.params))


def _as_typed(field: Mapping[str, Any]) -> dict[str, Any]:
    return {**field, "choices": "\n".join(field["choices"])}
