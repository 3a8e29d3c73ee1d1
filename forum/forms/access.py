"""Forms for getting in: log-in, set-up, joining, passwords."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, ValidationError

from forum import passwords
from forum.forms.messages import at_most, needed
from forum.messages import MESSAGES, message
from forum.models import Role
from forum.rules.addresses import LONGEST_ADDRESS, clean_address, parse_addresses
from forum.rules.passwords import LONGEST

MOST_INVITATIONS = 100


def _address(_form: FlaskForm, field: EmailField) -> None:
    if field.data and clean_address(field.data) is None:
        raise ValidationError(MESSAGES["person.email_wrong"])


def _addresses(_form: FlaskForm, field: TextAreaField) -> None:
    addresses, rejected = parse_addresses(field.data or "")
    if rejected:
        shown = ", ".join(rejected[:5])
        raise ValidationError(message("invitation.addresses_wrong", addresses=shown))
    if len(addresses) > MOST_INVITATIONS:
        raise ValidationError(MESSAGES["invitation.too_many"])


def role_choices(roles: Iterable[Role]) -> list[SelectChoice]:
    """Return what a select offers for these roles."""
    return [SelectChoice(role.value, MESSAGES[f"role.{role.value}"]) for role in roles]


_NEW_PASSWORD = (
    needed("password.missing"),
    at_most(LONGEST, "password.too_long"),
)
_EMAIL = (
    needed("person.email_wrong"),
    at_most(LONGEST_ADDRESS, "person.email_wrong"),
)


class LogInForm(FlaskForm):
    """Address and password."""

    email = EmailField(_("Mail address"), validators=_EMAIL)
    password = PasswordField(
        _("Password"),
        validators=[
            needed("password.missing"),
            at_most(LONGEST, "password.too_long"),
        ],
    )


class SetUpForm(FlaskForm):
    """The first run: five fields, and two more that can wait."""

    site_name = StringField(
        _("Name of the forum"),
        default="Commonplace",
        validators=[
            needed("site.name_missing"),
            at_most(60, "site.name_too_long"),
        ],
    )
    headcount = IntegerField(
        _("How many colleagues will use it, roughly"),
        validators=[
            needed("site.headcount_wrong"),
            NumberRange(1, 1_000_000, MESSAGES["site.headcount_wrong"]),
        ],
    )
    name = StringField(
        _("Your name"),
        validators=[
            needed("person.name_missing"),
            at_most(200, "person.name_too_long"),
        ],
    )
    email = EmailField(_("Your mail address"), validators=[*_EMAIL, _address])
    password = PasswordField(
        _("Your password"),
        description=_("At least 10 characters. A short sentence is fine."),
        validators=_NEW_PASSWORD,
    )
    space_name = StringField(
        _("First Space"),
        description=_("A place for one topic. You can rename it and add others."),
        default=_("Everyone"),
        validators=[at_most(100, "entry.title_too_long")],
    )
    invitations = TextAreaField(
        _("Invite colleagues"),
        description=_("One mail address a line. You can do this later."),
        validators=[_addresses],
    )

    def as_said(self) -> dict[str, Any]:
        """Return what `set_up_site` asks for. Hashes, so it runs before a query."""
        return {
            "site_name": self.site_name.data,
            "headcount": self.headcount.data,
            "name": self.name.data,
            "email": self.email.data,
            "password": passwords.prepare(self.password.data or ""),
            "space_name": self.space_name.data or "",
            "invitations": parse_addresses(self.invitations.data or "")[0],
        }


class JoinForm(FlaskForm):
    """What an invited colleague says about themselves."""

    name = StringField(
        _("Your name"),
        validators=[
            needed("person.name_missing"),
            at_most(200, "person.name_too_long"),
        ],
    )
    department = StringField(
        _("Department"),
        validators=[at_most(100, "person.department_too_long")],
    )
    password = PasswordField(
        _("Password"),
        description=_("At least 10 characters. A short sentence is fine."),
        validators=_NEW_PASSWORD,
    )


class ForgotForm(FlaskForm):
    """The address a new password is asked for."""

    email = EmailField(_("Mail address"), validators=[*_EMAIL, _address])


class NewPasswordForm(FlaskForm):
    """A new password, behind a link."""

    password = PasswordField(
        _("New password"),
        description=_("At least 10 characters. A short sentence is fine."),
        validators=_NEW_PASSWORD,
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password, knowing the old one."""

    current_password = PasswordField(
        _("Present password"),
        validators=[
            needed("password.missing"),
            at_most(LONGEST, "password.too_long"),
        ],
    )


class InviteForm(FlaskForm):
    """Whom to invite, and as what."""

    emails = TextAreaField(
        _("Mail addresses"),
        description=_("One a line."),
        validators=[needed("invitation.address_missing"), _addresses],
    )
    role = SelectField(_("Role"), validators=[needed("person.role_unknown")])


class RoleForm(FlaskForm):
    """Another role for a colleague."""

    role = SelectField(
        _("Role"),
        choices=role_choices(Role),
        validators=[needed("person.role_unknown")],
    )
