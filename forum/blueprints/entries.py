"""HTTP for what all kinds share: writing, publishing, taking down, ticking."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forum.actions import entries as actions
from forum.actions.content import Content, check, lenient_fields, sections_of
from forum.actions.drafts import Typed, own_draft, publish_draft, save_draft
from forum.actions.steps import tick_step, untick_step
from forum.blueprints.editor import (
    editor_page,
    merge_page,
    prepared,
    typed_of_draft,
    typed_of_entry,
)
from forum.errors import Conflict, Invalid
from forum.forms.editor import EditorForm
from forum.models import Draft, DraftState, Entry, Space
from forum.policies import can_edit_entry, readable_spaces, require, visible_entries
from forum.queries.drafts import draft_for_entry
from forum.queries.entries import (
    FOR_A_PAGE,
    FOR_AN_ACTION,
    entry_with_title,
    ticks_of,
    titles_for,
)
from forum.queries.imports import entry_from_source
from forum.queries.spaces import extra_fields_of
from forum.rules.kinds import KINDS
from forum.rules.merge import has_marks
from forum.templating import entry_url, space_url
from forum.unit_of_work import start_again
from forum.web import load_or_404, moved, see_other, the_actor

blueprint = Blueprint("entries", __name__)


@blueprint.get("/write")
def write() -> ResponseReturnValue:
    """Open a tip at once; the kind is a quiet choice in the editor."""
    asked = request.args.get("kind", "")
    return editor_page(kind=asked if asked in KINDS else "tip")


@blueprint.get("/entries/<int:entry_id>")
def show(entry_id: int) -> ResponseReturnValue:
    """Lead from an id alone to the canonical address."""
    return moved(entry_url(load_or_404(Entry, entry_id, visible_entries(the_actor()))))


@blueprint.get("/entries/by-title")
def by_title() -> ResponseReturnValue:
    """Lead from `[[Title]]` to the entry that has it now."""
    entry = entry_with_title(the_actor(), request.args.get("title", ""))
    return see_other(entry_url(entry))


@blueprint.get("/entries/by-source")
def by_source() -> ResponseReturnValue:
    """Lead from a link between imported files to what that file became here."""
    entry = entry_from_source(the_actor(), request.args.get("id", ""))
    return see_other(entry_url(entry))


@blueprint.get("/entries/<int:entry_id>/edit")
def edit(entry_id: int) -> ResponseReturnValue:
    """Open the editor with the present words, or with one's own unfinished change."""
    actor = the_actor()
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_AN_ACTION)
    require(can_edit_entry(actor, entry))
    draft = draft_for_entry(actor, entry.id)
    if draft is not None:
        return editor_page(
            key=draft.key, typed=typed_of_draft(draft), draft=draft, entry=entry
        )
    return editor_page(typed=typed_of_entry(entry), entry=entry)


@blueprint.post("/publications")
def publish() -> ResponseReturnValue:
    """Publish what the editor holds: a new entry, or the next revision of one."""
    form = EditorForm.of(request.form)
    content = prepared(form)
    actor, typed = the_actor(), form.typed
    entry = _edited_entry(typed.entry_id) if typed.entry_id else None
    try:
        if has_marks(typed.body):
            raise Invalid({"body": "merge.marks_left"})
        entry = publish_draft(actor, form.key, typed, content, _chosen(typed, content))
    except Invalid as invalid:
        draft = _keep(form)
        return editor_page(
            key=form.key,
            typed=typed,
            draft=draft,
            entry=entry,
            problems=invalid.fields,
            params=invalid.params,
            status=422,
        )
    except Conflict:
        start_again()
        _keep(form)
        return merge_page(actor, form, _edited_entry(typed.entry_id or 0))
    words = gettext("Saved.") if typed.entry_id else gettext("Published.")
    flash(words, "good")
    return see_other(entry_url(entry, published=form.key))


def _edited_entry(entry_id: int) -> Entry:
    return load_or_404(Entry, entry_id, visible_entries(the_actor()), *FOR_AN_ACTION)


def _chosen(typed: Typed, content: Content) -> Space:
    """Return the Space that was chosen; without one, say all that is missing."""
    if typed.space_id is not None:
        return _space(typed.space_id)
    problems = Invalid({"space": "entry.space_missing"})
    try:
        check(content, (), ())
    except Invalid as others:
        problems = Invalid(others.fields | problems.fields, **others.params)
    raise problems


def _space(space_id: int) -> Space:
    return load_or_404(Space, space_id, readable_spaces(the_actor()))


def _keep(form: EditorForm) -> Draft:
    """Keep what could not be published as a draft, so that nothing typed is lost."""
    draft = own_draft(the_actor(), form.key)
    if draft is not None and draft.state is not DraftState.OPEN:
        return draft
    return save_draft(the_actor(), form.key, form.typed)


@blueprint.post("/preview")
def preview() -> ResponseReturnValue:
    """Show the editor's text exactly as readers will see it."""
    form = EditorForm.of(request.form)
    content = prepared(form)
    typed, actor = form.typed, the_actor()
    known = typed.kind in KINDS
    space = typed.space_id
    if space is not None:
        _space(space)
    extra = extra_fields_of(space, typed.kind) if known and space else ()
    fields = lenient_fields(content, extra) if known else {}
    sections = sections_of(content, fields, extra) if known else []
    links = [{"kind": x.kind, "target": x.target} for x in content.rendered.links]
    whole_page = request.headers.get("X-Requested-With") != "fetch"
    return render_template(
        "entries/preview.html" if whole_page else "entries/_preview.html",
        sections=sections,
        titles=titles_for(actor, links),
        kind=KINDS.get(typed.kind),
        content=content,
        form=form,
    )


@blueprint.post("/entries/<int:entry_id>/withdrawal")
def withdraw(entry_id: int) -> ResponseReturnValue:
    """Take an entry down."""
    actor = the_actor()
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_AN_ACTION)
    actions.hide_entry(actor, entry)
    flash(gettext("“%(title)s” is taken down.", title=entry.title), "good")
    if entry.owner_id != actor.id:
        return see_other(space_url(entry.space))
    return see_other("drafts.index", _anchor="taken-down")


@blueprint.post("/entries/<int:entry_id>/return")
def bring_back(entry_id: int) -> ResponseReturnValue:
    """Bring one's own entry back."""
    actor = the_actor()
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_AN_ACTION)
    actions.restore_entry(actor, entry)
    flash(gettext("Others can read this again."), "good")
    return see_other(entry_url(entry))


@blueprint.post("/entries/<int:entry_id>/ticks/<section_key>")
def tick(entry_id: int, section_key: str) -> ResponseReturnValue:
    """Tick a step, or take the tick back."""
    actor = the_actor()
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_A_PAGE)
    change = tick_step if request.form.get("done") else untick_step
    change(actor, entry, section_key)
    if request.headers.get("X-Requested-With") == "fetch":
        ticks = ticks_of(actor, entry.id)
        return render_template(
            "entries/_ticked.html", entry=entry, ticks=ticks, ticked=section_key
        )
    return see_other(entry_url(entry, _anchor=f"step-{section_key}"))


@blueprint.get("/entries/<int:entry_id>/markdown")
def download(entry_id: int) -> ResponseReturnValue:
    """Hand out an entry as a Markdown file."""
    entry = load_or_404(Entry, entry_id, visible_entries(the_actor()), *FOR_A_PAGE)
    text = render_template("entries/download.md", entry=entry, revision=entry.revision)
    answer = Response(text, mimetype="text/markdown")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{entry.slug}.md")
    return answer
