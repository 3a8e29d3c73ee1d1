"""One import from beginning to end: read, prepare, write, report.

Records go in batches, each batch in one transaction. Killed at any moment and run again
it goes on where it stopped, since what was taken is known by its id and digest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from flask import current_app

from forum.actions.imports import take_turns
from forum.actions.spaces import create_space
from forum.errors import Invalid, NotVisible
from forum.extensions import db
from forum.importing import sources
from forum.importing.drafts import Place, attach_files
from forum.importing.prepared import (
    KeptFile,
    Prepared,
    keep_files,
    prepare_record,
)
from forum.importing.records import EntryRecord, Record, Refused
from forum.importing.report import FileReport, Report, unexpected
from forum.importing.writer import write_batch
from forum.models import Person, Space
from forum.policies import can_write_in_space, require
from forum.queries.imports import Known, known_records, oldest_admin
from forum.queries.spaces import readable_space_of_slug
from forum.unit_of_work import start_again, transaction
from forum.uploads import file_store

BATCH = 25
SPACE_NAME = "Imported"
SPACE_SLUG = "imported"

Progress = Callable[[int, int], None]


def run_import(
    path: Path,
    *,
    space_slug: str | None = None,
    importer: Person | None = None,
    report: Path | None = None,
    progress: Progress | None = None,
    batch: int = BATCH,
) -> Report:
    """Import a file, folder or zip into a Space, and say what became of each record.

    `importer` acts and must be allowed to write there; without one the oldest admin
    does. Raises Invalid or NotAllowed before anything is written when that cannot be.
    `progress` is told how many of about how many records are done.
    """
    started = time.monotonic()
    place = _place(space_slug, importer)
    told = Report()
    total = sources.count(path) if progress else 0
    records = iter(sources.read(path))
    while some := list(islice(records, batch)):
        told.files += _import_batch(place, some)
        told.read += sum(1 for one in some if isinstance(one, EntryRecord))
        if progress:
            progress(len(told.files), max(total, len(told.files)))
    if progress:
        progress(len(told.files), len(told.files))
    told.seconds = time.monotonic() - started
    if report:
        told.write(report, current_app.config["FORUM_SITE_URL"])
    return told


def _place(space_slug: str | None, importer: Person | None) -> Place:
    person_id = importer.id if importer else None
    with transaction():
        person = db.session.get(Person, person_id) if person_id else oldest_admin()
        if person is None:
            raise Invalid({"as": "import.no_admin"})
        space = _space(person, space_slug)
        require(can_write_in_space(person, space))
        return Place(person.id, space.id)


def _space(person: Person, slug: str | None) -> Space:
    take_turns()
    try:
        return readable_space_of_slug(person, slug or SPACE_SLUG)
    except NotVisible:
        if slug is not None:
            raise Invalid({"space": "import.space_unknown"}, slug=slug) from None
    return create_space(person, name=SPACE_NAME)


def _import_batch(place: Place, records: list[Record]) -> Iterator[FileReport]:
    """Report on each record in the order in which they were read."""
    entries = [one for one in records if isinstance(one, EntryRecord)]
    with transaction(writing=False):
        known = known_records([one.source_id for one in entries])
    start_again()
    done: dict[str, FileReport] = {}
    todo: list[EntryRecord] = []
    for one in entries:
        before = known.get(one.source_id)
        if before is None or (before.digest != one.digest and not before.edited_here):
            todo.append(one)
        else:
            done[one.source_id] = _left_alone(one, before)
    ready: list[Prepared] = []
    for prepared in _prepare(place, todo, known):
        if isinstance(prepared, FileReport):
            done[prepared.source_id] = prepared
        else:
            ready.append(prepared)
    for line in write_batch(place, ready):
        done[line.source_id] = line
    for each in records:
        if isinstance(each, Refused):
            yield FileReport.of_refused(each)
        else:
            yield done[each.source_id]


def _prepare(
    place: Place, records: list[EntryRecord], known: Mapping[str, Known]
) -> Iterator[Prepared | FileReport]:
    store = file_store()
    for one in records:
        try:
            files, warnings = keep_files(one, store)
            addresses = _addresses(place, one, known.get(one.source_id), files)
            yield prepare_record(one, addresses, files, warnings)
        except Exception as error:
            # Whatever one record leads to, the others are not its victims.
            yield unexpected(one, error)


def _addresses(
    place: Place,
    record: EntryRecord,
    before: Known | None,
    files: tuple[KeptFile, ...],
) -> Mapping[str, str]:
    if not files:
        return {}
    entry_id = before.noun_id if before and before.noun == "entry" else None
    return attach_files(place, record.source_id, files, entry_id)


def _left_alone(record: EntryRecord, known: Known) -> FileReport:
    same = known.digest == record.digest
    return FileReport(
        record.source_id,
        record.path,
        "untouched" if same else "skipped",
        None if same else "edited_here",
        warnings=record.warnings,
        noun=known.noun,
        noun_id=known.noun_id,
    )
