"""Tokens with which a program acts for a person, within scopes and for a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from forum import clock, events
from forum.errors import Invalid, NotVisible
from forum.extensions import db
from forum.models import ApiToken, Person
from forum.policies import Decision, can_administer, require
from forum.rules.addresses import clean_line
from forum.tokens import hash_token, new_token

SCOPES = ("read", "write")
MOST_DAYS = 3650


def create_token(
    actor: Person, *, scopes: Collection[str], days: int = 90, name: str = ""
) -> str:
    """Return a token for a program of the actor's. It is shown once and kept hashed.

    `write` holds `read`. Invalid for scopes and days that do not exist.
    """
    require(Decision(actor.is_active, "person.not_active"))
    wanted = set(scopes)
    if not wanted or not wanted <= set(SCOPES):
        raise Invalid({"scopes": "token.scope_unknown"})
    if not 1 <= days <= MOST_DAYS:
        raise Invalid({"days": "token.days_wrong"})
    if "write" in wanted:
        wanted.add("read")
    plain, now = new_token(), clock.now()
    token = ApiToken(
        person_id=actor.id,
        token_hash=hash_token(plain),
        name=clean_line(name, 100),
        scopes=",".join(scope for scope in SCOPES if scope in wanted),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(token)
    db.session.flush()
    events.record("token.created", actor, token)
    return plain


def revoke_token(actor: Person, token: ApiToken) -> None:
    """End a token at once: one's own, or as an admin anybody's."""
    if token.person_id != actor.id and not can_administer(actor):
        raise NotVisible
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        events.record("token.revoked", actor, token)
