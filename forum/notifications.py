"""Who hears of what by mail, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext

from forum import clock
from forum.extensions import db
from forum.models import (
    Event,
    Invitation,
    InvitationState,
    PasswordReset,
    Person,
    Site,
    Space,
)
from forum.tokens import sign


@dataclass(frozen=True)
class Message:
    """One mail to one person, in full as plain text and again as a page."""

    to: str
    subject: str
    text: str
    html: str


def mails_for(reaction: str, event: Event) -> list[Message]:
    """Return the mails this reaction to the event sends today.

    Rows are read anew: an invitation that was withdrawn meanwhile is not sent.
    """
    message = _MAILS[reaction](event)
    return [] if message is None else [message]


def invitation_mail(event: Event) -> Message | None:
    """Write to a colleague for whom a place is kept."""
    invitation = db.session.get(Invitation, event.subject_id)
    if (
        invitation is None
        or invitation.state is not InvitationState.OPEN
        or invitation.expires_at <= clock.now()
    ):
        return None
    inviter = db.session.get_one(Person, invitation.invited_by_id)
    space = db.session.get(Space, invitation.space_id) if invitation.space_id else None
    name = _site_name()
    return _written(
        "invitation",
        to=invitation.email,
        subject=gettext(
            "%(name)s invites you to %(site)s", name=inviter.name, site=name
        ),
        site_name=name,
        inviter=inviter,
        space=space,
        invitation=invitation,
        link=invitation_link(invitation),
    )


def password_reset_mail(event: Event) -> Message | None:
    """Write to somebody who asked for a new password."""
    reset = db.session.get(PasswordReset, event.subject_id)
    if reset is None or reset.used_at is not None or reset.expires_at <= clock.now():
        return None
    person = reset.person
    if not person.is_active or not person.email:
        return None
    name = _site_name()
    return _written(
        "password_reset",
        to=person.email,
        subject=gettext("Choose a new password for %(site)s", site=name),
        site_name=name,
        person=person,
        reset=reset,
        link=reset_link(reset),
    )


def invitation_link(invitation: Invitation) -> str:
    """Return the address that lets whoever has it take this place."""
    return _signed_link("invitations", "invitation", invitation.id, invitation.nonce)


def reset_link(reset: PasswordReset) -> str:
    """Return the address at which the person chooses a new password."""
    return _signed_link("password-resets", "password-reset", reset.id, reset.nonce)


def _signed_link(folder: str, purpose: str, row_id: int, nonce: str) -> str:
    settings = current_app.config
    signed = sign(settings["SECRET_KEY"], purpose, row_id, nonce)
    return f"{settings['FORUM_SITE_URL']}/{folder}/{signed}"


def _site_name() -> str:
    site = db.session.get(Site, 1)
    return site.name if site else "Commonplace"


def _written(template: str, *, to: str, subject: str, **words: Any) -> Message:
    # Straight from the environment: no request stands behind a mail.
    def render(ending: str) -> str:
        found = current_app.jinja_env.get_template(f"emails/{template}.{ending}")
        return found.render(subject=subject, **words)

    return Message(to, subject, render("txt"), render("html"))


_MAILS: dict[str, Callable[[Event], Message | None]] = {
    "mail_invitation": invitation_mail,
    "mail_password_reset": password_reset_mail,
}
