"""HTTP for the history of an entry: its revisions, what changed, going back."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forum.actions.entries import restore_revision
from forum.forms.editor import whole
from forum.models import Entry
from forum.policies import visible_entries
from forum.queries.entries import (
    FOR_A_PAGE,
    FOR_AN_ACTION,
    history_of,
    revision_of,
    titles_for,
)
from forum.rules.diffs import inline, side_by_side
from forum.templating import entry_url
from forum.web import load_or_404, see_other, the_actor

blueprint = Blueprint("revisions", __name__, url_prefix="/entries/<int:entry_id>")
PAGE = 50


@blueprint.get("/revisions")
def index(entry_id: int) -> ResponseReturnValue:
    """List all revisions: who, when, why."""
    entry = load_or_404(Entry, entry_id, visible_entries(the_actor()), *FOR_AN_ACTION)
    rows = history_of(entry, whole(request.args.get("before")), PAGE)
    older = rows[PAGE - 1].number if len(rows) > PAGE else None
    return render_template(
        "revisions/index.html", entry=entry, revisions=rows[:PAGE], older=older
    )


@blueprint.get("/revisions/<int:number>")
def show(entry_id: int, number: int) -> ResponseReturnValue:
    """Show an entry as it stood."""
    actor = the_actor()
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_A_PAGE)
    revision = revision_of(entry, number)
    return render_template(
        "revisions/show.html",
        entry=entry,
        revision=revision,
        titles=titles_for(actor, revision.links),
    )


@blueprint.get("/changes")
def changes(entry_id: int) -> ResponseReturnValue:
    """Show what changed between two revisions, side by side or in one text."""
    entry = load_or_404(Entry, entry_id, visible_entries(the_actor()), *FOR_AN_ACTION)
    newer = whole(request.args.get("to")) or entry.current_number
    older = whole(request.args.get("from")) or max(newer - 1, 1)
    old, new = revision_of(entry, older), revision_of(entry, newer)
    view = "inline" if request.args.get("view") == "inline" else "side"
    compare = inline if view == "inline" else side_by_side
    names = dict.fromkeys([*old.fields, *new.fields])
    return render_template(
        "revisions/changes.html",
        entry=entry,
        old=old,
        new=new,
        view=view,
        title=inline(old.title, new.title),
        body=compare(old.body, new.body),
        fields={
            name: inline(_words(old.fields.get(name)), _words(new.fields.get(name)))
            for name in names
            if old.fields.get(name) != new.fields.get(name)
        },
    )


def _words(value: object) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value or "")


@blueprint.post("/revisions/<int:number>/restoration")
def restore(entry_id: int, number: int) -> ResponseReturnValue:
    """Make an old revision the newest again."""
    actor = the_actor()
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_AN_ACTION)
    revision = revision_of(entry, number)
    base = whole(request.form.get("base_number")) or 0
    restore_revision(actor, entry, revision, base_number=base)
    words = gettext("Revision %(number)s is the present text again.", number=number)
    flash(words, "good")
    return see_other(entry_url(entry))
