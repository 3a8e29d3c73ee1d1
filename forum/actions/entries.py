"""Publishing, revising, taking down and bringing back entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from forum import clock, events
from forum.actions.content import (
    Content,
    as_typed,
    check,
    excerpt_of,
    lenient_fields,
    revision_columns,
)
from forum.actions.tags import ensure_tags
from forum.errors import Conflict
from forum.extensions import db
from forum.models import Entry, EntryStatus, EntryTag, Person, Revision, Space, Tag
from forum.policies import (
    can_edit_entry,
    can_hide_entry,
    can_move_entry,
    can_reimport_entry,
    can_restore_entry,
    can_write_in_space,
    require,
)
from forum.queries.spaces import extra_fields_of
from forum.rules.slugs import slugify
from forum.unit_of_work import start_again


def publish_entry(
    actor: Person,
    space: Space,
    content: Content,
    *,
    owner: Person | None = None,
    at: datetime | None = None,
    requirements: bool = True,
    **columns: Any,
) -> Entry:
    """Publish new words in a Space. Raises Invalid with all that is missing.

    An import names the `owner`, the moment and, with `requirements` off, is not asked
    for what a template requires.
    """
    require(can_write_in_space(actor, space))
    extra = extra_fields_of(space.id, content.kind)
    content, tags = _with_tags(content)
    fields = (
        check(content, extra, space.required_tags)
        if requirements
        else lenient_fields(content, extra)
    )
    author, now = owner or actor, at or clock.now()
    entry = Entry(
        kind=content.kind,
        space=space,
        slug=slugify(content.title, content.kind),
        title=content.title,
        excerpt=excerpt_of(content),
        owner=author,
        status_at=now,
        status_by_id=author.id,
        published_at=now,
        updated_at=now,
        active_at=now,
        **columns,
    )
    db.session.add(entry)
    db.session.flush()
    columns = revision_columns(content, fields, extra)
    db.session.add(
        Revision(
            entry_id=entry.id, number=1, author_id=author.id, created_at=now, **columns
        )
    )
    _retag(entry, tags)
    verb = "entry.published" if requirements else "entry.imported"
    events.record(verb, actor, entry, number=1, digest=columns["digest"])
    db.session.flush()
    return entry


def revise_entry(
    actor: Person,
    entry: Entry,
    content: Content,
    *,
    base_number: int,
    reason: str = "",
    small: bool = False,
    requirements: bool = True,
    author: Person | None = None,
    at: datetime | None = None,
) -> Entry:
    """Save new words as the next revision.

    Raises Conflict when somebody saved after `base_number` was read, Invalid with all
    that is missing. Words that are the same as before make no revision. An import names
    the `author` of what it brings up to date.
    """
    may = can_edit_entry if author is None else can_reimport_entry
    require(may(actor, entry))
    if entry.current_number != base_number:
        raise Conflict(theirs=entry.current_number, yours=base_number)
    extra = extra_fields_of(entry.space_id, content.kind)
    content, tags = _with_tags(content)
    fields = (
        check(content, extra, entry.space.required_tags)
        if requirements
        else lenient_fields(content, extra)
    )
    current = entry.revision
    columns = revision_columns(content, fields, extra, current.sections)
    if columns["digest"] == current.digest:
        return entry
    now = at or clock.now()
    entry.kind = content.kind
    entry.title = content.title
    entry.slug = slugify(content.title, content.kind)
    entry.excerpt = excerpt_of(content)
    entry.current_number += 1
    entry.version += 1
    entry.updated_at = now
    if not small:
        entry.active_at = now
    db.session.add(
        Revision(
            entry_id=entry.id,
            number=entry.current_number,
            author_id=(author or actor).id,
            reason=reason[:200],
            small=small,
            created_at=now,
            **columns,
        )
    )
    # First of all the row that only one of two can write: nothing else may flush it.
    _flush_or_conflict(base_number)
    _retag(entry, tags)
    events.record(
        "entry.revised",
        actor,
        entry,
        number=entry.current_number,
        digest=columns["digest"],
        small=small,
    )
    db.session.expire(entry, ["revision"])
    return entry


def restore_revision(
    actor: Person, entry: Entry, revision: Revision, *, base_number: int
) -> Entry:
    """Make an old revision the newest again, byte for byte, as a new revision."""
    return revise_entry(
        actor,
        entry,
        as_typed(revision),
        base_number=base_number,
        reason=f"#{revision.number}",
        requirements=False,
    )


def move_entry(actor: Person, entry: Entry, target: Space) -> Entry:
    """Move an entry to another Space; its address stays."""
    require(can_move_entry(actor, entry, target))
    if target.id == entry.space_id:
        return entry
    events.record("entry.moved", actor, entry, was=entry.space_id, now=target.id)
    entry.space = target
    entry.version += 1
    _flush_or_conflict(entry.current_number)
    return entry


def hide_entry(actor: Person, entry: Entry) -> None:
    """Take an entry down. Its owner still sees it and can bring it back."""
    require(can_hide_entry(actor, entry))
    _set_status(actor, entry, EntryStatus.HIDDEN)
    events.record("entry.hidden", actor, entry)


def restore_entry(actor: Person, entry: Entry) -> None:
    """Bring back an entry that its owner took down."""
    require(can_restore_entry(actor, entry))
    _set_status(actor, entry, EntryStatus.PUBLISHED)
    events.record("entry.restored", actor, entry)


def _set_status(actor: Person, entry: Entry, status: EntryStatus) -> None:
    entry.status = status
    entry.status_at = clock.now()
    entry.status_by_id = actor.id
    entry.version += 1
    _flush_or_conflict(entry.current_number)


def _flush_or_conflict(base_number: int) -> None:
    # Of two people who save at once the database lets one through: by the entry's
    # version, or by the number of the revision.
    try:
        db.session.flush()
    except (StaleDataError, IntegrityError) as lost:
        start_again()
        raise Conflict(yours=base_number) from lost


def _with_tags(content: Content) -> tuple[Content, list[Tag]]:
    """Store synonyms as the tag that is meant."""
    tags = ensure_tags(content.tags)
    return replace(content, tags=tuple(dict.fromkeys(t.name for t in tags))), tags


def _retag(entry: Entry, tags: list[Tag]) -> None:
    db.session.execute(sa.delete(EntryTag).where(EntryTag.entry_id == entry.id))
    for tag_id in dict.fromkeys(tag.id for tag in tags):
        db.session.add(EntryTag(entry_id=entry.id, tag_id=tag_id))
