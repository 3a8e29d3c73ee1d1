"""Prepared records become rows: one transaction for a batch, a savepoint for each.

A record that fails is undone alone. When the whole transaction is lost (somebody saved
the same entry, the database ended it), each record gets one of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from forum import clock
from forum.actions import imports as actions
from forum.actions.tags import ensure_tags
from forum.errors import Conflict
from forum.extensions import db
from forum.importing.drafts import Place, hand_files_over, write_draft
from forum.importing.prepared import Prepared, every_comment
from forum.importing.records import EntryRecord
from forum.importing.replies import write_replies
from forum.importing.report import FileReport, Outcome, unexpected
from forum.models import ExternalId, Person, Space
from forum.queries.imports import external_ids
from forum.unit_of_work import transaction


class _Lost(Exception):
    """The transaction of a batch ended before the batch did."""


@dataclass
class _Batch:
    importer: Person
    space: Space
    known: dict[str, ExternalId]
    authors: dict[actions.Author, Person]


def write_batch(place: Place, batch: Sequence[Prepared]) -> list[FileReport]:
    """Write records that are ready, and say what became of each."""
    if not batch:
        return []
    try:
        return _write_together(place, batch)
    except Exception as error:
        # Here the database itself gave up: once more, each record on its own.
        if len(batch) == 1:
            return [_changed_here(batch[0], error)]
        return [line for one in batch for line in write_batch(place, [one])]


def _write_together(place: Place, batch: Sequence[Prepared]) -> list[FileReport]:
    lines: list[FileReport] = []
    with transaction() as session:
        actions.take_turns()
        state = _begin(place, batch)
        whole = session.get_transaction()
        for one in batch:
            try:
                with session.begin_nested():
                    line = _write(place, state, one)
            except IntegrityError:
                if session.get_transaction() is not whole:
                    raise _Lost from None
                # Another import took the same record a moment ago.
                taken = external_ids([one.record.source_id])
                line = _line(one, "untouched") if taken else _refused(one)
            except Conflict:
                line = _line(one, "skipped")
            except Exception as error:
                line = unexpected(one.record, error)
            if session.get_transaction() is not whole:
                raise _Lost
            lines.append(line)
    return lines


def _begin(place: Place, batch: Sequence[Prepared]) -> _Batch:
    """Read and make what the records share, in one order for every import."""
    records = [one.record for one in batch]
    comments = [comment for one in records for comment in every_comment(one)]
    wanted = {(one.origin, one.author or "") for one in records}
    wanted |= {(one.author_origin, one.author or "") for one in comments}
    ensure_tags(sorted({tag for one in batch for tag in one.content.tags}))
    return _Batch(
        importer=db.session.get_one(Person, place.importer_id),
        space=db.session.get_one(Space, place.space_id),
        known=external_ids(
            [one.source_id for one in records] + [one.source_id for one in comments]
        ),
        authors=actions.ensure_authors(wanted),
    )


def _write(place: Place, state: _Batch, one: Prepared) -> FileReport:
    record = one.record
    known = state.known.get(record.source_id)
    if known is not None and known.digest == record.digest:
        return _line(one, "untouched", known.noun, known.noun_id)
    if one.is_draft if known is None else known.noun == "draft":
        draft = write_draft(place, state.importer, state.space, one, known)
        return _line(one, "updated" if known else "taken", "draft", draft.id)
    author = state.authors[record.origin[:200], (record.author or "")[:200]]
    created, updated = _moments(record)
    if known is None:
        entry = actions.import_entry(
            state.importer,
            state.space,
            one.content,
            source_id=record.source_id,
            digest=record.digest,
            owner=author,
            at=created,
            updated_at=updated,
            lang=record.lang or "",
            score=record.score,
            source=actions.Source(
                url=record.url or "",
                licence=record.licence or "",
                attribution=record.attribution or "",
            ),
        )
        hand_files_over(place, state.importer, one, entry)
    else:
        entry = actions.reimport_entry(
            state.importer,
            known,
            one.content,
            digest=record.digest,
            author=author,
            updated_at=updated,
            score=record.score,
        )
    replies = write_replies(
        state.importer, entry, one, state.known, state.authors, created
    )
    outcome: Outcome = "updated" if known else "taken"
    return _line(one, outcome, "entry", entry.id, replies)


def _moments(record: EntryRecord) -> tuple[datetime, datetime]:
    """When it was written and last changed; nothing was written in the future."""
    now = clock.now()
    created = min(record.created_at or record.updated_at or now, now)
    return created, min(max(record.updated_at or created, created), now)


def _line(
    one: Prepared,
    outcome: Outcome,
    noun: str = "",
    noun_id: int | None = None,
    replies: int = 0,
) -> FileReport:
    return FileReport(
        one.record.source_id,
        one.record.path,
        outcome,
        "edited_here" if outcome == "skipped" else None,
        warnings=one.warnings,
        missing=one.missing if outcome in ("taken", "updated") else (),
        noun=noun,
        noun_id=noun_id,
        replies=replies,
    )


def _refused(one: Prepared) -> FileReport:
    return unexpected(one.record, IntegrityError("", None, Exception()))


def _changed_here(one: Prepared, error: Exception) -> FileReport:
    if isinstance(error.__cause__ or error, Conflict) or isinstance(error, _Lost):
        return _line(one, "skipped")
    return unexpected(one.record, error)
