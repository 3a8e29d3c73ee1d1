"""The editor's pages: blank, with a draft, refused, or in conflict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from forum.actions.content import LONGEST_BODY, prepare
from forum.actions.drafts import Typed
from forum.forms.editor import EditorForm, new_key
from forum.models import Draft, Entry, Person, Revision
from forum.queries.drafts import files_of_draft
from forum.queries.entries import revision_of
from forum.queries.spaces import (
    extra_fields_of,
    templates_of,
    usual_space,
    writable_spaces,
)
from forum.rules.diffs import side_by_side
from forum.rules.kinds import KINDS, fields_of, outgrown
from forum.rules.merge import merge
from forum.web import the_actor

FIRST_KIND = "tip"


def editor_page(
    *,
    kind: str = FIRST_KIND,
    key: str | None = None,
    typed: Typed | None = None,
    draft: Draft | None = None,
    entry: Entry | None = None,
    problems: Mapping[str, str] | None = None,
    params: Mapping[str, Any] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Answer with the editor, holding everything that was typed so far."""
    spaces = writable_spaces(the_actor())
    typed = typed or Typed(
        kind=kind,
        title=request.args.get("title", ""),
        space_id=_asked_space(spaces),
    )
    known = typed.kind if typed.kind in KINDS else FIRST_KIND
    # A form may name any Space; only one they can write in says what it asks for.
    space_id = next((each[0] for each in spaces if each[0] == typed.space_id), None)
    template = templates_of(space_id).get(known) if space_id else None
    extra = extra_fields_of(space_id, known) if space_id else ()
    page = render_template(
        "entries/editor.html",
        key=key or new_key(),
        typed=typed,
        kind=KINDS[known],
        fields=fields_of(KINDS[known], extra),
        guidance=template.guidance if template else "",
        outgrown=outgrown(KINDS[known], typed.body),
        spaces=spaces,
        draft=draft,
        files=files_of_draft(draft) if draft else [],
        entry=entry,
        problems=problems or {},
        params=params or {},
    )
    return page, status


def _asked_space(spaces: list[tuple[int, str, str]]) -> int | None:
    asked = request.args.get("space", "")
    by_slug = {slug: space_id for space_id, slug, _name in spaces}
    if asked in by_slug:
        return by_slug[asked]
    if len(spaces) == 1:
        return spaces[0][0]
    actor = the_actor()
    return usual_space(actor) or next((m.space_id for m in actor.memberships), None)


def typed_of_draft(draft: Draft) -> Typed:
    """Return what a draft holds, as its form held it."""
    return Typed(
        kind=draft.kind,
        title=draft.title,
        body=draft.body,
        tags=draft.tags,
        reason=draft.reason,
        fields=draft.fields,
        space_id=draft.space_id,
        entry_id=draft.entry_id,
        parent_id=draft.parent_id,
        base_number=draft.base_number,
        noun=draft.noun,
    )


def typed_of_entry(entry: Entry) -> Typed:
    """Return an entry's present words, as a form to change them holds them."""
    revision = entry.revision
    return Typed(
        kind=entry.kind,
        title=revision.title,
        body=revision.body,
        tags=", ".join(tag.name for tag in entry.tags),
        fields=revision.fields,
        space_id=entry.space_id,
        entry_id=entry.id,
        base_number=entry.current_number,
    )


def prepared(form: EditorForm) -> Any:
    """Render what the form holds; before any query, because it takes its time."""
    typed = form.typed
    return prepare(
        kind=typed.kind,
        title=typed.title,
        body=typed.body[: LONGEST_BODY + 1],
        fields=typed.fields or {},
        tags=typed.tags,
    )


def merge_page(actor: Person, form: EditorForm, entry: Entry) -> ResponseReturnValue:
    """Answer a stale save with both texts and a proposal that joins them (409)."""
    typed, theirs = form.typed, entry.revision
    base = _base(entry, typed.base_number)
    mine = typed.body.replace("\r\n", "\n")
    merged = merge(base.body if base else "", mine, theirs.body)
    page = render_template(
        "entries/merge.html",
        entry=entry,
        key=form.key,
        typed=typed,
        mine=mine,
        theirs=theirs,
        merged=merged,
        rows=side_by_side(theirs.body, mine),
        fields=_joined_fields(base, typed, theirs),
        title=_pick(base.title if base else "", typed.title, theirs.title),
        tags=_pick(
            ", ".join(base.tags) if base else "", typed.tags, ", ".join(theirs.tags)
        ),
    )
    return page, 409


def _base(entry: Entry, number: int | None) -> Revision | None:
    known = number is not None and 0 < number <= entry.current_number
    return revision_of(entry, number) if known and number else None


def _pick(base: str, mine: str, theirs: str) -> str:
    """Take what one side changed; where both did, the writer's, who sees both."""
    return theirs if mine == base else mine


def _joined_fields(
    base: Revision | None, typed: Typed, theirs: Revision
) -> dict[str, Any]:
    before, mine = (base.fields if base else {}), (typed.fields or {})
    return {
        name: _pick(
            before.get(name, ""), mine.get(name, ""), theirs.fields.get(name, "")
        )
        for name in {**theirs.fields, **mine}
    }
