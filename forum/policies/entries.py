"""Who reads, edits and takes down an entry."""

from __future__ import annotations

import sqlalchemy as sa

from forum.models import (
    Draft,
    Entry,
    EntryStatus,
    Person,
    PersonState,
    Role,
    Space,
    Visibility,
)
from forum.policies.decision import Decision, allow_if
from forum.policies.spaces import (
    can_facilitate,
    can_read_space,
    can_write_in_space,
    readable_spaces,
)


def visible_entries(actor: Person) -> sa.ColumnElement[bool]:
    """Select the entries `actor` may read, as a criterion on Entry.

    Published ones in readable Spaces, and hidden ones of their own there.
    """
    shown = sa.or_(
        Entry.status == EntryStatus.PUBLISHED,
        sa.and_(Entry.status == EntryStatus.HIDDEN, Entry.owner_id == actor.id),
    )
    spaces = sa.select(Space.id).where(readable_spaces(actor))
    return sa.and_(shown, Entry.space_id.in_(spaces))


def listed_entries(actor: Person) -> sa.ColumnElement[bool]:
    """Select what lists show: published entries in readable Spaces."""
    spaces = sa.select(Space.id).where(readable_spaces(actor))
    return sa.and_(Entry.status == EntryStatus.PUBLISHED, Entry.space_id.in_(spaces))


def visible_drafts(actor: Person) -> sa.ColumnElement[bool]:
    """Select the drafts of `actor`; nobody else ever sees them."""
    return Draft.person_id == actor.id


def can_edit_entry(actor: Person, entry: Entry) -> Decision:
    """Let the owner and the facilitators of its Space change an entry."""
    mine = entry.owner_id == actor.id and can_read_space(actor, entry.space).allowed
    facilitates = can_facilitate(actor, entry.space).allowed
    return allow_if(mine or facilitates, "entry.owner_or_facilitator")


def can_reimport_entry(actor: Person, entry: Entry) -> Decision:
    """Let whoever writes in its Space bring an imported author's entry up to date."""
    if entry.owner.state is not PersonState.IMPORTED:
        return can_edit_entry(actor, entry)
    return can_write_in_space(actor, entry.space)


def can_move_entry(actor: Person, entry: Entry, target: Space) -> Decision:
    """Let whoever edits an entry move it to a Space they may write in."""
    edits = can_edit_entry(actor, entry)
    return edits if not edits else can_read_space(actor, target)


def can_hide_entry(actor: Person, entry: Entry) -> Decision:
    """Let the owner, a facilitator, or a moderator of what is open take it down."""
    guards = actor.role in (Role.MODERATOR, Role.ADMIN)
    in_the_open = entry.space.visibility is Visibility.OPEN
    return allow_if(
        entry.status is EntryStatus.PUBLISHED
        and (can_edit_entry(actor, entry).allowed or (guards and in_the_open)),
        "entry.owner_or_facilitator",
    )


def can_restore_entry(actor: Person, entry: Entry) -> Decision:
    """Let the owner bring back what they, and nobody else, took down."""
    return allow_if(
        entry.status is EntryStatus.HIDDEN
        and entry.owner_id == actor.id
        and entry.status_by_id == actor.id,
        "entry.taken_down_by_other",
    )


def can_comment_on_entry(actor: Person, entry: Entry) -> Decision:
    """Let whoever reads a published entry comment on it."""
    reads = can_read_space(actor, entry.space)
    if not reads:
        return reads
    return allow_if(entry.status is EntryStatus.PUBLISHED, "entry.taken_down")
