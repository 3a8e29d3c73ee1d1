"""Render stored words anew when the renderer has changed; the words stay as they are.

Rendering takes its time, so it happens on rows that were read before the transaction
that stores the result; whatever was edited meanwhile is left to the next round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from forum.actions.content import prepare, revision_columns
from forum.extensions import db
from forum.markup import RENDERER_VERSION, render
from forum.models import Comment, Person, Revision
from forum.rules.kinds import KINDS, Field

BATCH = 50
# What the renderer makes of a revision; everything else in it never changes.
RENDERED_COLUMNS = (
    "plain_text",
    "sections",
    "blocks",
    "headings",
    "links",
    "renderer_version",
)


@dataclass(frozen=True)
class Fresh:
    """New values for one row, to be stored where `still` holds."""

    table: type[Revision] | type[Comment] | type[Person]
    row_id: int
    values: Mapping[str, Any]
    still: tuple[sa.ColumnElement[bool], ...]


def stale_batches() -> Iterator[list[Fresh]]:
    """Yield everything an older renderer made, rendered anew, in batches of 50."""
    for find in (_stale_revisions, _stale_comments, _stale_bios):
        after = 0
        while True:
            last, batch = find(after)
            if last is None:
                break
            if batch:
                yield batch
            after = last


def store_fresh(batch: Sequence[Fresh]) -> int:
    """Store a batch; return how many rows had not been edited meanwhile."""
    changed = 0
    for fresh in batch:
        result = db.session.execute(
            sa.update(fresh.table)
            .where(fresh.table.id == fresh.row_id, *fresh.still)
            .values(**fresh.values)
            .execution_options(synchronize_session=False)
        )
        changed += int(result.rowcount)  # type: ignore[attr-defined]
    return changed


def _stale_revisions(after: int) -> tuple[int | None, list[Fresh]]:
    rows = db.session.scalars(
        sa.select(Revision)
        .where(Revision.id > after, Revision.renderer_version < RENDERER_VERSION)
        .order_by(Revision.id)
        .limit(BATCH)
    ).all()
    still = (Revision.renderer_version < RENDERER_VERSION,)
    batch = [Fresh(Revision, row.id, fresh_columns(row), still) for row in rows]
    return _released(rows, batch)


def fresh_columns(revision: Revision) -> dict[str, Any]:
    """Return what the present renderer makes of a revision, keys of steps carried over.

    Fields that a Space has dropped since stay where the revision shows them.
    """
    content = prepare(
        kind=revision.kind,
        title=revision.title,
        body=revision.body,
        fields=revision.fields,
        tags="",
    )
    columns = revision_columns(
        content, revision.fields, _fields_shown(revision), revision.sections
    )
    return {name: columns[name] for name in RENDERED_COLUMNS}


def _fields_shown(revision: Revision) -> list[Field]:
    own = {field.key for field in KINDS[revision.kind].fields}
    shown: list[Field] = []
    place: Literal["before", "after"] = "before"
    for section in revision.sections:
        if section["role"] != "field":
            place = "after"
            continue
        key = section["key"].removeprefix("field-")
        if key not in own:
            shown.append(
                Field(
                    key=key,
                    label_key=section["title"],
                    type=section["type"],
                    place=place,
                )
            )
    return shown


def _stale_comments(after: int) -> tuple[int | None, list[Fresh]]:
    rows = db.session.scalars(
        sa.select(Comment)
        .where(Comment.id > after, Comment.renderer_version < RENDERER_VERSION)
        .order_by(Comment.id)
        .limit(BATCH)
    ).all()
    batch = [
        Fresh(
            Comment,
            row.id,
            {"html": render(row.body).html, "renderer_version": RENDERER_VERSION},
            (Comment.body == row.body,),
        )
        for row in rows
    ]
    return _released(rows, batch)


def _stale_bios(after: int) -> tuple[int | None, list[Fresh]]:
    # A profile keeps no version of the renderer: what differs is stale.
    rows = db.session.scalars(
        sa.select(Person)
        .where(Person.id > after, Person.bio != "")
        .order_by(Person.id)
        .limit(BATCH)
    ).all()
    made = [(row, render(row.bio).html) for row in rows]
    batch = [
        Fresh(Person, row.id, {"bio_html": html}, (Person.bio == row.bio,))
        for row, html in made
        if html != row.bio_html
    ]
    return _released(rows, batch)


def _released(
    rows: Sequence[Any], batch: list[Fresh]
) -> tuple[int | None, list[Fresh]]:
    last = rows[-1].id if rows else None
    db.session.close()
    return last, batch
