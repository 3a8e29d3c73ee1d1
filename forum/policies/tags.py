"""Who tidies the tags."""

from __future__ import annotations

import sqlalchemy as sa

from forum.models import Entry, EntryTag, Person, PersonTag, Role, Tag
from forum.policies.decision import Decision, allow_if
from forum.policies.entries import listed_entries
from forum.policies.people import listed_people


def visible_tags(actor: Person) -> sa.ColumnElement[bool]:
    """Select the tags `actor` may know of, as a criterion on Tag.

    Those that an entry they can find carries, or a colleague's profile. A word that
    only a private Space uses does not exist for anybody else.
    """
    on_entries = (
        sa.select(EntryTag.tag_id)
        .join(Entry, Entry.id == EntryTag.entry_id)
        .where(listed_entries(actor))
    )
    on_people = (
        sa.select(PersonTag.tag_id)
        .join(Person, Person.id == PersonTag.person_id)
        .where(listed_people(actor))
    )
    return sa.or_(Tag.id.in_(on_entries), Tag.id.in_(on_people))


def can_edit_tags(actor: Person) -> Decision:
    """Let moderators, leads and admins describe, rename and merge tags."""
    tidy = (Role.LEAD, Role.MODERATOR, Role.ADMIN)
    return allow_if(actor.role in tidy, "tag.moderators_only")


def can_use_tags(actor: Person) -> Decision:
    """Let everyone who may write invent a tag."""
    return allow_if(actor.is_active, "person.not_active")
