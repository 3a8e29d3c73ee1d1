"""Links for a new password, by mail or made by an admin."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from forum import clock, events
from forum.actions.access import folded_address, forget_failures, person_at
from forum.errors import Invalid, NotAllowed, NotVisible
from forum.extensions import db
from forum.models import LogIn, PasswordReset, Person
from forum.passwords import NewPassword
from forum.policies import can_make_reset_link, require
from forum.tokens import new_nonce

LASTS = timedelta(hours=24)
MAIL_EVERY = timedelta(minutes=2)


def request_reset(email: str) -> None:
    """Promise a mail with a link to whoever has this address.

    Nobody learns from the answer whether somebody has it. One mail in two minutes.
    """
    person = person_at(folded_address(email))
    if person is None or not person.is_active:
        return
    lately = sa.select(PasswordReset.id).where(
        PasswordReset.person_id == person.id,
        PasswordReset.made_by_id.is_(None),
        PasswordReset.created_at > clock.now() - MAIL_EVERY,
    )
    if db.session.scalar(lately.limit(1)) is None:
        reset = _new_reset(person, made_by=None)
        events.record("password_reset.requested", None, reset)


def make_reset_link(actor: Person, person: Person) -> PasswordReset:
    """Make a link for a colleague who cannot get mail; it works once within a day."""
    require(can_make_reset_link(actor, person))
    reset = _new_reset(person, made_by=actor)
    events.record("password_reset.made", actor, reset)
    return reset


def open_reset(reset_id: int, nonce: str) -> PasswordReset:
    """Return the reset behind a signed link, held until this transaction ends.

    NotAllowed when it was used, has expired, or its person cannot log in.
    """
    reset = db.session.scalar(
        sa.select(PasswordReset)
        .where(PasswordReset.id == reset_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if reset is None or reset.nonce != nonce:
        raise NotVisible
    lives = reset.used_at is None and reset.expires_at > clock.now()
    if not lives or not reset.person.is_active:
        raise NotAllowed("link.used_up")
    return reset


def reset_password(reset: PasswordReset, new: NewPassword) -> Person:
    """Set the new password; end the link, all others like it, and every log-in."""
    person = reset.person
    problem = new.problem(email=person.email or "", name=person.name)
    if problem:
        raise Invalid({"password": problem})
    person.password_hash = new.password_hash
    reset.used_at = clock.now()
    db.session.flush()
    db.session.execute(
        sa.update(PasswordReset)
        .where(PasswordReset.person_id == person.id, PasswordReset.used_at.is_(None))
        .values(used_at=reset.used_at, version=PasswordReset.version + 1)
    )
    db.session.execute(sa.delete(LogIn).where(LogIn.person_id == person.id))
    forget_failures(person.email_folded or "")
    events.record("password.changed", person, person, reset_id=reset.id)
    return person


def _new_reset(person: Person, *, made_by: Person | None) -> PasswordReset:
    now = clock.now()
    reset = PasswordReset(
        person_id=person.id,
        nonce=new_nonce(),
        made_by_id=made_by.id if made_by else None,
        created_at=now,
        expires_at=now + LASTS,
    )
    db.session.add(reset)
    db.session.flush()
    return reset
