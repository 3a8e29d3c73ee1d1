"""Taking over what was written elsewhere: authors, dates and scores come along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from forum import clock, events
from forum.actions.comments import CommentContent
from forum.actions.content import Content
from forum.actions.entries import publish_entry, revise_entry
from forum.errors import Conflict
from forum.extensions import db
from forum.markup import RENDERER_VERSION
from forum.models import (
    Comment,
    CommentKind,
    CommentState,
    Draft,
    Entry,
    ExternalId,
    Person,
    PersonState,
    Site,
    Space,
)
from forum.policies import (
    can_administer,
    can_reimport_entry,
    can_write_in_space,
    require,
)

LONGEST_LANG = 20
Author = tuple[str, str]


@dataclass(frozen=True)
class Source:
    """Where a text came from and on what terms; its page says so."""

    url: str = ""
    licence: str = ""
    attribution: str = ""


NO_SOURCE = Source()


def take_turns() -> None:
    """Wait until no other import writes; the turn ends with the transaction."""
    db.session.execute(sa.select(Site.id).where(Site.id == 1).with_for_update())


def ensure_authors(wanted: Iterable[Author]) -> dict[Author, Person]:
    """Return a person for each (origin, name): no mail, no log-in, each there once.

    Where nobody is named the origin itself stands as the author.
    """
    names = sorted({(origin[:200], name[:200]) for origin, name in wanted})
    found = _authors(names)
    for origin, name in names:
        if (origin, name) not in found:
            found[origin, name] = _new_author(origin, name)
    return found


def import_entry(
    actor: Person,
    space: Space,
    content: Content,
    *,
    source_id: str,
    digest: str,
    owner: Person,
    at: datetime,
    updated_at: datetime,
    lang: str = "",
    score: int | None = None,
    source: Source = NO_SOURCE,
) -> Entry:
    """Publish somebody's text from elsewhere, without what a template requires.

    Raises IntegrityError when another import has taken the same record already.
    """
    entry = publish_entry(
        actor,
        space,
        content,
        owner=owner,
        at=at,
        requirements=False,
        lang=lang if len(lang) <= LONGEST_LANG else "",
        imported_score=score,
    )
    entry.updated_at = entry.active_at = updated_at
    _remember(source_id, entry, digest, 1, source)
    return entry


def reimport_entry(
    actor: Person,
    known: ExternalId,
    content: Content,
    *,
    digest: str,
    author: Person,
    updated_at: datetime,
    score: int | None = None,
) -> Entry:
    """Bring an entry up to date with its source, as its next revision.

    Raises Conflict when somebody changed it here since it was imported.
    """
    entry = db.session.get_one(Entry, known.noun_id)
    if entry.current_number != known.revision_number:
        raise Conflict(theirs=entry.current_number, yours=known.revision_number)
    revise_entry(
        actor,
        entry,
        content,
        base_number=entry.current_number,
        requirements=False,
        author=author,
        at=max(updated_at, entry.revision.created_at),
    )
    entry.imported_score = score
    entry.updated_at = updated_at
    known.digest, known.revision_number = digest, entry.current_number
    known.imported_at = clock.now()
    return entry


def import_comment(
    actor: Person,
    entry: Entry,
    content: CommentContent,
    *,
    source_id: str,
    digest: str,
    author: Person,
    at: datetime,
    kind: CommentKind = CommentKind.COMMENT,
    parent: Comment | None = None,
    score: int = 0,
    accepted: bool = False,
) -> Comment:
    """Put somebody's words from elsewhere under an entry. `recount` counts them."""
    require(can_reimport_entry(actor, entry))
    comment = Comment(
        entry=entry,
        kind=kind,
        parent_id=parent.id if parent else None,
        root_id=parent.id if parent else None,
        author=author,
        body=content.body,
        html=content.html,
        renderer_version=RENDERER_VERSION,
        state_at=at,
        imported_score=score,
        accepted_at=at if accepted else None,
        accepted_by_id=actor.id if accepted else None,
        created_at=at,
    )
    db.session.add(comment)
    db.session.flush()
    comment.root_id = comment.root_id or comment.id
    _remember(source_id, comment, digest, comment.version)
    events.record("comment.imported", actor, comment, entry=entry.id)
    return comment


def reimport_comment(
    actor: Person,
    known: ExternalId,
    content: CommentContent,
    *,
    digest: str,
    score: int = 0,
) -> Comment:
    """Bring a comment up to date; one changed or removed here stays as it is."""
    comment = db.session.get_one(Comment, known.noun_id)
    require(can_reimport_entry(actor, comment.entry))
    untouched = comment.version == known.revision_number
    if untouched and known.digest != digest:
        comment.body, comment.html = content.body, content.html
        comment.renderer_version = RENDERER_VERSION
        comment.imported_score = score
        known.digest, known.imported_at = digest, clock.now()
        events.record("comment.imported", actor, comment, entry=comment.entry_id)
    return comment


def recount(actor: Person, entry: Entry) -> None:
    """Count an entry's comments anew, and note when somebody last said something."""
    require(can_reimport_entry(actor, entry))
    db.session.flush()
    answers = sa.func.sum(sa.case((Comment.kind == CommentKind.ANSWER, 1), else_=0))
    total, answered, latest = db.session.execute(
        sa.select(sa.func.count(), answers, sa.func.max(Comment.created_at)).where(
            Comment.entry_id == entry.id, Comment.state == CommentState.SHOWN
        )
    ).one()
    entry.comment_count, entry.answer_count = total, answered or 0
    entry.active_at = max(entry.updated_at, latest or entry.updated_at)


def remember_draft(
    actor: Person, space: Space, draft: Draft, *, source_id: str, digest: str
) -> None:
    """Know a draft again that was taken from elsewhere."""
    require(can_write_in_space(actor, space))
    db.session.flush()
    _remember(source_id, draft, digest, draft.version)
    events.record("draft.imported", actor, draft)


def remember_story(actor: Person, site: Site, story_id: str, digest: str) -> None:
    """Know that a story has been told, so that it is not told twice."""
    require(can_administer(actor))
    _remember(story_id, site, digest, 1)


def _remember(
    source_id: str,
    row: Entry | Comment | Draft | Site,
    digest: str,
    number: int,
    source: Source = NO_SOURCE,
) -> None:
    db.session.add(
        ExternalId(
            source_id=source_id,
            noun=row.__tablename__,
            noun_id=row.id,
            digest=digest,
            revision_number=number,
            imported_at=clock.now(),
            url=source.url[:500],
            licence=source.licence[:100],
            attribution=source.attribution[:500],
        )
    )
    db.session.flush()


def _authors(names: Iterable[Author]) -> dict[Author, Person]:
    rows = db.session.scalars(
        sa.select(Person).where(
            Person.origin.in_({origin for origin, _ in names}),
            Person.origin_name.in_({name for _, name in names}),
        )
    )
    return {(row.origin or "", row.origin_name or ""): row for row in rows}


def _new_author(origin: str, name: str) -> Person:
    now = clock.now()
    person = Person(
        name=name or origin or "?",
        state=PersonState.IMPORTED,
        origin=origin,
        origin_name=name,
        state_at=now,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
            db.session.flush()
    except IntegrityError:
        # Another import met the same author a moment ago.
        return _authors([(origin, name)])[origin, name]
    return person
