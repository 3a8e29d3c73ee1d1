"""How people get in and out: log-ins, lock-outs, passwords.

Verifying a password takes long on purpose, so `check_password` is pure and runs before
the transaction in which a log-in is opened or a failure counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from forum import clock, events, passwords
from forum.errors import Invalid, NotVisible
from forum.extensions import db
from forum.models import LogIn, LoginFailure, Person
from forum.passwords import NewPassword
from forum.policies import Decision, require
from forum.rules.addresses import LONGEST_ADDRESS, clean_line
from forum.rules.slugs import fold
from forum.tokens import hash_token, new_token

MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class Checked:
    """Whether a password fits the hash that an address had a moment ago."""

    email_folded: str
    password_hash: str | None = field(repr=False)
    fits: bool


def folded_address(email: str) -> str:
    """Return the form under which an address is known and its failures are counted."""
    return clean_line(fold(email), LONGEST_ADDRESS)


def check_password(email: str, password: str, password_hash: str | None) -> Checked:
    """Say whether the password fits; an unknown address (no hash) takes as long."""
    fits = passwords.fits(password, password_hash)
    return Checked(folded_address(email), password_hash, fits)


def log_in(checked: Checked, *, days: int, browser: str = "") -> str:
    """Open a log-in and return its token.

    Five failures within 15 minutes lock an address for 15 minutes, whether it is
    anybody's or not; while it is locked the right password does not help. The Invalid
    this raises is the same for unknown addresses, and has counted the failure: whoever
    catches it must let the transaction commit.
    """
    person = person_at(checked.email_folded)
    _require_right_password(checked, person, "login.wrong")
    assert person is not None  # noqa: S101 (for mypy; a password fitted)
    return open_session(person, days=days, browser=browser)


def person_at(email_folded: str) -> Person | None:
    """Return who has this address."""
    return db.session.scalar(
        sa.select(Person).where(Person.email_folded == email_folded)
    )


def open_session(person: Person, *, days: int, browser: str = "") -> str:
    """Return a new token for one browser of an active person, kept hashed."""
    require(Decision(person.is_active, "person.not_active"))
    token, now = new_token(), clock.now()
    db.session.add(
        LogIn(
            person_id=person.id,
            token_hash=hash_token(token),
            browser=browser[:200],
            created_at=now,
            seen_on=now,
            expires_at=now + timedelta(days=days),
        )
    )
    db.session.flush()
    return token


def log_out(token: str) -> None:
    """End the log-in of this cookie. One that has ended already is no mistake."""
    db.session.execute(sa.delete(LogIn).where(LogIn.token_hash == hash_token(token)))


def revoke_log_in(actor: Person, log_in: LogIn) -> None:
    """End one of one's own log-ins."""
    if log_in.person_id != actor.id:
        raise NotVisible
    db.session.execute(sa.delete(LogIn).where(LogIn.id == log_in.id))


def revoke_other_log_ins(actor: Person, *, keep: str = "") -> None:
    """End all one's log-ins but the one of the cookie `keep`."""
    db.session.execute(
        sa.delete(LogIn).where(
            LogIn.person_id == actor.id, LogIn.token_hash != hash_token(keep)
        )
    )


def change_password(
    actor: Person, checked: Checked, new: NewPassword, *, keep: str
) -> None:
    """Set a new password, knowing the old one, and end all other log-ins.

    A wrong old password counts as a failed log-in. Let the transaction commit when this
    raises Invalid.
    """
    _require_right_password(checked, actor, "password.wrong")
    problem = new.problem(email=actor.email or "", name=actor.name)
    if problem:
        raise Invalid({"password": problem})
    actor.password_hash = new.password_hash
    revoke_other_log_ins(actor, keep=keep)
    events.record("password.changed", actor, actor)


def forget_failures(email_folded: str) -> None:
    """Begin counting anew, since somebody proved who they are."""
    db.session.execute(
        sa.delete(LoginFailure).where(LoginFailure.email_folded == email_folded)
    )


def _require_right_password(
    checked: Checked, person: Person | None, wrong: str
) -> None:
    now = clock.now()
    failure = _failures_of(checked.email_folded)
    _require_unlocked(failure, now)
    # The hash is compared again: the password may have changed while we verified.
    if (
        checked.fits
        and person is not None
        and person.is_active
        and person.password_hash == checked.password_hash
    ):
        if failure is not None:
            db.session.delete(failure)
            db.session.flush()
        return
    failure = _count(checked.email_folded, failure, now)
    _require_unlocked(failure, now)
    field_name = "password" if wrong == "login.wrong" else "current_password"
    raise Invalid({field_name: wrong})


def _failures_of(email_folded: str) -> LoginFailure | None:
    return db.session.scalar(
        sa.select(LoginFailure)
        .where(LoginFailure.email_folded == email_folded)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _require_unlocked(failure: LoginFailure | None, now: datetime) -> None:
    if failure is not None and failure.locked_until and failure.locked_until > now:
        minutes = ceil((failure.locked_until - now) / timedelta(minutes=1))
        raise Invalid({"password": "login.locked"}, minutes=minutes)


def _count(
    email_folded: str, failure: LoginFailure | None, now: datetime
) -> LoginFailure:
    if failure is None:
        failure = _first_failure(email_folded, now)
    if now - failure.first_at > WINDOW or failure.locked_until is not None:
        failure.count, failure.first_at, failure.locked_until = 0, now, None
    failure.count += 1
    if failure.count >= MOST_FAILURES:
        failure.locked_until = now + LOCKED_FOR
    db.session.flush()
    return failure


def _first_failure(email_folded: str, now: datetime) -> LoginFailure:
    failure = LoginFailure(email_folded=email_folded, count=0, first_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(failure)
            db.session.flush()
    except IntegrityError:
        # Somebody else failed at the same moment; both count.
        theirs = _failures_of(email_folded)
        if theirs is None:
            return _first_failure(email_folded, now)
        return theirs
    return failure
