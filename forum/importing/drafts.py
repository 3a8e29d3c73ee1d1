"""Drafts of the importer: of what was a draft, and for files on their way to an entry.

A file has an address only once it hangs on something. So it hangs on a draft, whose key
follows from the record, until the entry is there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forum.actions import imports as actions
from forum.actions.attachments import attach_to_draft, attach_to_imported_entry
from forum.actions.drafts import Typed, finish_draft, own_draft, save_draft
from forum.errors import Conflict
from forum.extensions import db
from forum.importing.prepared import KeptFile, Prepared
from forum.models import Draft, Entry, ExternalId, Person, Space
from forum.queries.imports import attachments_of
from forum.unit_of_work import transaction


@dataclass(frozen=True)
class Place:
    """Who imports, and into which Space."""

    importer_id: int
    space_id: int


def attach_files(
    place: Place, source_id: str, files: Iterable[KeptFile], entry_id: int | None
) -> Mapping[str, str]:
    """Attach files, each once, and return their addresses by their references.

    To the entry when there is one already, else to a draft that becomes the entry.
    """
    with transaction():
        importer = db.session.get_one(Person, place.importer_id)
        entry = db.session.get_one(Entry, entry_id) if entry_id else None
        draft = None if entry else _draft(place, importer, source_id)
        there = {one.digest: one for one in attachments_of(entry=entry, draft=draft)}
        addresses = {}
        for file in files:
            if file.stored.digest not in there:
                what = (file.name, file.inspected, file.stored)
                there[file.stored.digest] = (
                    attach_to_imported_entry(importer, entry, *what)
                    if entry
                    else attach_to_draft(importer, draft, *what)  # type: ignore[arg-type]
                )
            addresses[file.reference] = there[file.stored.digest].url
        return addresses


def write_draft(
    place: Place,
    importer: Person,
    space: Space,
    one: Prepared,
    known: ExternalId | None,
) -> Draft:
    """What was a draft there becomes a draft of the importer, seen by nobody else."""
    before = db.session.get_one(Draft, known.noun_id) if known else None
    if before and known and before.version != known.revision_number:
        raise Conflict(theirs=before)
    typed = Typed(
        kind=one.content.kind,
        title=one.content.title,
        body=one.content.body,
        tags=", ".join(one.content.tags),
        fields=dict(one.content.fields),
        space_id=space.id,
    )
    key = before.key if before else _draft_key(place, one.record.source_id)
    draft = save_draft(importer, key, typed)
    if known is None:
        actions.remember_draft(
            importer,
            space,
            draft,
            source_id=one.record.source_id,
            digest=one.record.digest,
        )
    else:
        known.digest, known.revision_number = one.record.digest, draft.version
    return draft


def hand_files_over(
    place: Place, importer: Person, one: Prepared, entry: Entry
) -> None:
    """Let the files that waited on a draft hang on the entry; the draft goes."""
    if one.files:
        draft = own_draft(importer, _draft_key(place, one.record.source_id))
        if draft is not None:
            finish_draft(draft, entry)
            db.session.delete(draft)


def _draft(place: Place, importer: Person, source_id: str) -> Draft:
    key = _draft_key(place, source_id)
    return own_draft(importer, key) or save_draft(
        importer, key, Typed(space_id=place.space_id)
    )


def _draft_key(place: Place, source_id: str) -> str:
    # The same after a run that was killed, so that its files are found again.
    name = f"import:{place.importer_id}:{source_id}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))
