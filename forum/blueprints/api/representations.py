"""How entries, drafts, comments and Spaces look in JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import current_app, url_for
from markupsafe import escape

from forum.models import Comment, Draft, Entry, Person, Revision
from forum.queries.programs import source_ids
from forum.queries.spaces import Landing, SpaceRow
from forum.templating import entry_url, space_url

Json = dict[str, Any]


def absolute(path: str) -> str:
    """Return the whole address of a path, under the address the forum is known by."""
    return f"{str(current_app.config['FORUM_SITE_URL']).rstrip('/')}{path}"


def moment(at: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat() if at else None


def entry_json(entry: Entry) -> Json:
    """Return one entry with its words."""
    return entries_json([entry], words=True)[0]


def entries_json(entries: Sequence[Entry], *, words: bool) -> list[Json]:
    """Return entries; the ids they had elsewhere are read in one statement."""
    sources = source_ids("entry", [entry.id for entry in entries])
    return [_entry(entry, sources.get(entry.id), words=words) for entry in entries]


def _entry(entry: Entry, source_id: str | None, *, words: bool) -> Json:
    return {
        "id": entry.id,
        "source_id": source_id,
        "kind": entry.kind,
        "space": entry.space.slug,
        "title": entry.title,
        **(_words(entry.revision) if words else {}),
        "fields": entry.revision.fields,
        "tags": [tag.name for tag in entry.tags],
        "status": entry.status.value,
        "author": person_json(entry.owner),
        "revision": entry.current_number,
        "url": absolute(entry_url(entry)),
        "created_at": moment(entry.published_at),
        "updated_at": moment(entry.updated_at),
    }


def _words(revision: Revision) -> Json:
    return {"body_markdown": revision.body, "html": html_of(revision.sections)}


def html_of(sections: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a revision in one piece, its headings put back."""
    parts: list[str] = []
    for section in sections:
        if section["role"] in ("step", "section"):
            title = escape(section["title"])
            parts.append(f'<h2 id="{escape(section["key"])}">{title}</h2>')
        if section["role"] != "field":
            parts.append(section["html"])
    return "".join(parts)


def etag_of(entry: Entry) -> str:
    """Return what changes whenever somebody changes the entry."""
    return f"{entry.version}-{entry.current_number}"


def revision_json(revision: Revision, *, words: bool) -> Json:
    """Return one state of an entry's words."""
    return {
        "number": revision.number,
        "kind": revision.kind,
        "title": revision.title,
        **(_words(revision) if words else {}),
        "fields": revision.fields,
        "tags": revision.tags,
        "reason": revision.reason,
        "small": revision.small,
        "author": person_json(revision.author),
        "created_at": moment(revision.created_at),
    }


def draft_json(draft: Draft, space: str) -> Json:
    """Return a draft, which only its author sees."""
    return {
        "key": draft.key,
        "status": "draft",
        "kind": draft.kind,
        "space": space,
        "title": draft.title,
        "url": absolute(url_for("drafts.show", key=draft.key)),
        "updated_at": moment(draft.updated_at),
    }


def comment_json(comment: Comment, source_id: str | None) -> Json:
    """Return a comment or answer; a removed one keeps its place and nothing else."""
    shown = comment.is_shown
    return {
        "id": comment.id,
        "source_id": source_id,
        "kind": comment.kind.value,
        "parent": comment.parent_id,
        "author": person_json(comment.author) if shown else None,
        "body_markdown": comment.body if shown else "",
        "html": comment.html if shown else "",
        "removed": not shown,
        "accepted": comment.accepted_at is not None,
        "votes": comment.vote_count,
        "imported_score": comment.imported_score,
        "created_at": moment(comment.created_at),
        "edited_at": moment(comment.edited_at),
    }


def person_json(person: Person) -> Json:
    """Return who somebody is, as far as a text names them."""
    return {"id": person.id, "name": person.name}


def space_json(row: SpaceRow) -> Json:
    """Return a Space of the list."""
    return {
        "id": row.id,
        "slug": row.slug,
        "name": row.name,
        "purpose": row.purpose,
        "kind": row.kind.value,
        "visibility": row.visibility.value,
        "member_count": row.member_count,
        "entry_count": row.entry_count,
        "url": absolute(space_url(row)),
    }


def landing_json(page: Landing) -> Json:
    """Return one Space, the same as in the list."""
    row = SpaceRow(
        id=page.space.id,
        slug=page.space.slug,
        name=page.space.name,
        purpose=page.space.purpose,
        kind=page.space.kind,
        visibility=page.space.visibility,
        member_count=page.member_count,
        entry_count=page.entry_count,
        role=None,
        readable=page.readable,
    )
    return space_json(row)
