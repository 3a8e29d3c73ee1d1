"""Files that come with a draft, an entry or a profile."""

from __future__ import annotations

from forum import clock, events
from forum.extensions import db
from forum.files import Stored
from forum.images import Inspected, safe_name
from forum.models import Attachment, AttachmentKind, Draft, Entry, Person
from forum.policies import (
    can_edit_entry,
    can_edit_profile,
    can_reimport_entry,
    require,
)


def attach_to_draft(
    actor: Person, draft: Draft, name: str, inspected: Inspected, stored: Stored
) -> Attachment:
    """Add a stored file to one's own draft."""
    return _add(actor, name, inspected, stored, draft_id=draft.id)


def attach_to_entry(
    actor: Person, entry: Entry, name: str, inspected: Inspected, stored: Stored
) -> Attachment:
    """Add a stored file to an entry that the actor may edit."""
    require(can_edit_entry(actor, entry))
    return _add(actor, name, inspected, stored, entry_id=entry.id)


def attach_to_imported_entry(
    actor: Person, entry: Entry, name: str, inspected: Inspected, stored: Stored
) -> Attachment:
    """Add a stored file to an entry that an import brings up to date."""
    require(can_reimport_entry(actor, entry))
    return _add(actor, name, inspected, stored, entry_id=entry.id)


def attach_to_person(
    actor: Person, person: Person, name: str, inspected: Inspected, stored: Stored
) -> Attachment:
    """Add a stored picture to a profile."""
    require(can_edit_profile(actor, person))
    return _add(actor, name, inspected, stored, person_id=person.id)


def _add(
    actor: Person, name: str, inspected: Inspected, stored: Stored, **parent: int
) -> Attachment:
    attachment = Attachment(
        digest=stored.digest,
        name=safe_name(name, inspected.extension),
        media_type=inspected.media_type,
        kind=AttachmentKind(inspected.kind),
        size=stored.size,
        width=inspected.width,
        height=inspected.height,
        uploaded_by_id=actor.id,
        created_at=clock.now(),
        **parent,
    )
    db.session.add(attachment)
    db.session.flush()
    events.record("attachment.added", actor, attachment, digest=stored.digest)
    return attachment
