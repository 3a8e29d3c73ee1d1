"""Lists and pages of entries: one core behind the posts, tips and tutorials."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.blueprints.editor import editor_page
from forum.models import Entry
from forum.policies import visible_entries
from forum.queries.cards import SORTS, cards
from forum.queries.comments import thread_of
from forum.queries.entries import FOR_A_PAGE, ticks_of, titles_for
from forum.rules.kinds import KINDS
from forum.templating import entry_url
from forum.web import load_or_404, moved, the_actor


def add_views(blueprint: Blueprint) -> None:
    """Give a blueprint the three views of the kinds that live under it: a list, a
    blank page, and the page of one entry.
    """
    kinds = [kind.key for kind in KINDS.values() if kind.blueprint == blueprint.name]

    def index() -> ResponseReturnValue:
        return _index(blueprint.name, kinds)

    def new() -> ResponseReturnValue:
        asked = request.args.get("kind", kinds[0])
        return editor_page(kind=asked if asked in kinds else kinds[0])

    def show(entry_id: int, slug: str = "") -> ResponseReturnValue:
        return _show(blueprint.name, entry_id, slug)

    blueprint.get("")(index)
    blueprint.get("/new")(new)
    blueprint.get("/<int:entry_id>")(show)
    blueprint.get("/<int:entry_id>-<path:slug>")(show)


def _index(noun: str, kinds: Sequence[str]) -> ResponseReturnValue:
    actor = the_actor()
    asked = request.args.get("kind", "")
    shown = [asked] if asked in kinds else list(kinds)
    sort = request.args.get("sort", "new")
    sort = sort if sort in SORTS else "new"
    page = cards(
        actor, Entry.kind.in_(shown), sort=sort, cursor=request.args.get("after")
    )
    return render_template(
        f"{noun}/index.html", page=page, kinds_here=kinds, shown=shown, sort=sort
    )


def _show(noun: str, entry_id: int, slug: str) -> ResponseReturnValue:
    actor = the_actor()
    entry = load_or_404(Entry, entry_id, visible_entries(actor), *FOR_A_PAGE)
    if KINDS[entry.kind].blueprint != noun or entry.slug != slug:
        return moved(entry_url(entry))
    has_steps = KINDS[entry.kind].has_steps
    return render_template(
        f"{noun}/show.html",
        entry=entry,
        revision=entry.revision,
        ticks=ticks_of(actor, entry.id) if has_steps else set(),
        titles=titles_for(actor, entry.revision.links),
        thread=thread_of(actor, entry, request.args.get("after")),
    )
