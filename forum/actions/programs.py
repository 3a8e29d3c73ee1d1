"""What programs ask for in one request: a change of several things, and once only."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from forum import clock
from forum.actions.content import Content
from forum.actions.entries import hide_entry, move_entry, restore_entry, revise_entry
from forum.errors import Invalid
from forum.extensions import db
from forum.models import Entry, EntryStatus, IdempotencyKey, Person, Space
from forum.queries.spaces import extra_fields_of
from forum.rules.kinds import KINDS, fields_of


def claim_request(actor: Person, key: str, digest: str) -> IdempotencyKey:
    """Return the row of a request that must happen once; it is new without `location`.

    Of two equal requests at once the second waits for the first to end. Invalid when
    the key was used for another request.
    """
    row = IdempotencyKey(
        person_id=actor.id,
        key=key,
        request_digest=digest,
        location="",
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        row = db.session.scalars(
            sa.select(IdempotencyKey).where(
                IdempotencyKey.person_id == actor.id, IdempotencyKey.key == key
            )
        ).one()
    if row.request_digest != digest:
        raise Invalid({"Idempotency-Key": "request.key_used"})
    return row


def keep_answer(row: IdempotencyKey, location: str) -> None:
    """Remember what a request made, so that its repetition finds it."""
    row.location = location
    db.session.flush()


def change_entry(
    actor: Person,
    entry: Entry,
    *,
    content: Content | None = None,
    reason: str = "",
    space: Space | None = None,
    status: EntryStatus | None = None,
) -> Entry:
    """Bring back, revise, move and take down an entry, as far as asked, all or nothing.

    The caller has made sure that `content` started from what stands now.
    """
    if status is EntryStatus.PUBLISHED and entry.status is not status:
        restore_entry(actor, entry)
    if content is not None:
        number = entry.current_number
        # Of two at once the loser must fail at the flush that turns it into a Conflict,
        # not at one that a query sets off on the way there.
        with db.session.no_autoflush:
            revise_entry(actor, entry, content, base_number=number, reason=reason)
    if space is not None:
        move_entry(actor, entry, space)
    if status is EntryStatus.HIDDEN and entry.status is not status:
        hide_entry(actor, entry)
    db.session.expire(entry, ["revision", "tags"])
    return entry


def refuse_unknown_fields(space: Space, kind: str, given: Iterable[str]) -> None:
    """Raise Invalid for fields that the kind does not have in this Space.

    A form can only send fields it was given; a program could misspell one and lose it.
    """
    asked = list(given)
    if not asked or kind not in KINDS:
        return
    extra = extra_fields_of(space.id, kind)
    known = {field.key for field in fields_of(KINDS[kind], extra)}
    unknown = [key for key in asked if key not in known]
    if unknown:
        raise Invalid({f"field-{key}": "field.unknown" for key in unknown})
