"""Answers and comments of a record, written under its entry with their dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from forum import clock
from forum.actions import imports as actions
from forum.importing.prepared import Prepared, comment_digest, every_comment
from forum.importing.records import CommentRecord
from forum.models import Comment, CommentKind, Entry, ExternalId, Person
from forum.rules.kinds import KINDS


def write_replies(
    importer: Person,
    entry: Entry,
    prepared: Prepared,
    known: Mapping[str, ExternalId],
    authors: Mapping[actions.Author, Person],
    since: datetime,
) -> int:
    """Write what is new, bring the rest up to date; return how many are new.

    Nobody replies before there is something to reply to: a reply without a date is as
    old as what it stands under. One answer is accepted, the first that says so.
    """
    written: dict[str, Comment] = {}
    accepted = any(
        one.accepted and one.source_id in known
        for one in every_comment(prepared.record)
    )
    new = 0
    for record, above in _with_parents(prepared):
        content = prepared.comments[record.source_id]
        digest, score = comment_digest(record), record.score or 0
        before = known.get(record.source_id)
        if before is not None:
            written[record.source_id] = actions.reimport_comment(
                importer, before, content, digest=digest, score=score
            )
            continue
        parent = written[above.source_id] if above else None
        answers = KINDS[entry.kind].has_answers and record.kind == "answer"
        written[record.source_id] = actions.import_comment(
            importer,
            entry,
            content,
            source_id=record.source_id,
            digest=digest,
            author=authors[record.author_origin[:200], (record.author or "")[:200]],
            at=_moment(record, parent.created_at if parent else since),
            kind=CommentKind.ANSWER if answers else CommentKind.COMMENT,
            parent=parent,
            score=score,
            accepted=answers and record.accepted and not accepted,
        )
        accepted = accepted or (answers and record.accepted)
        new += 1
    if written:
        actions.recount(importer, entry)
    return new


def _moment(record: CommentRecord, since: datetime) -> datetime:
    return min(record.created_at or since, clock.now())


def _with_parents(
    prepared: Prepared,
) -> Iterator[tuple[CommentRecord, CommentRecord | None]]:
    for top in prepared.record.replies:
        yield top, None
        for reply in top.replies:
            yield reply, top
