"""Who opens and adds files: always the one thing they belong to decides."""

from __future__ import annotations

import sqlalchemy as sa

from forum.models import Attachment, Draft, Entry, Person
from forum.policies.entries import visible_drafts, visible_entries
from forum.policies.people import visible_people


def visible_attachments(actor: Person) -> sa.ColumnElement[bool]:
    """Select files of visible entries, own drafts and visible people's pictures."""
    return sa.or_(
        Attachment.entry_id.in_(sa.select(Entry.id).where(visible_entries(actor))),
        Attachment.draft_id.in_(sa.select(Draft.id).where(visible_drafts(actor))),
        Attachment.person_id.in_(sa.select(Person.id).where(visible_people(actor))),
    )
