"""HTTP for Spaces: their list, their pages, and who looks after them."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forum.actions import spaces as actions
from forum.blueprints import space_members
from forum.errors import Conflict, Invalid, NotVisible
from forum.forms.messages import show_problems
from forum.forms.spaces import SpaceForm, TemplateForm
from forum.models import Space
from forum.policies import can_create_space, can_edit_space, require
from forum.queries.cards import SORTS
from forum.queries.spaces import (
    landing,
    readable_space_of_slug,
    space_of_slug,
    spaces_index,
    templates_of,
)
from forum.rules.kinds import KINDS
from forum.web import moved, see_other, the_actor

blueprint = Blueprint("spaces", __name__, url_prefix="/spaces")
space_members.add_views(blueprint)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the Spaces that the reader may know of."""
    page = spaces_index(the_actor(), request.args.get("after"))
    return render_template("spaces/index.html", page=page)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Show a blank form."""
    require(can_create_space(the_actor()))
    return _form_page(SpaceForm())


@blueprint.post("")
def create() -> ResponseReturnValue:
    """Start a Space."""
    form = SpaceForm()
    if form.validate():
        try:
            space = actions.create_space(the_actor(), **form.values())
            return see_other("spaces.show", slug=space.slug)
        except Invalid as error:
            show_problems(form, error)
    return _form_page(form), 422


@blueprint.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show a Space; to those outside a closed one its name, purpose and size."""
    asked, sort = request.args.get("kind", ""), request.args.get("sort", "new")
    kind = asked if asked in KINDS else ""
    sort = sort if sort in SORTS else "new"
    page = landing(
        the_actor(), slug, kind=kind, sort=sort, cursor=request.args.get("after")
    )
    if page.space.slug != slug:
        return moved(url_for("spaces.show", slug=page.space.slug))
    template = "show" if page.readable else "closed"
    return render_template(f"spaces/{template}.html", page=page, kind=kind, sort=sort)


@blueprint.get("/<slug>/edit")
def edit(slug: str) -> ResponseReturnValue:
    """Show the form with what stands now."""
    actor = the_actor()
    space = readable_space_of_slug(actor, slug)
    if space.slug != slug:
        return moved(url_for("spaces.edit", slug=space.slug))
    require(can_edit_space(actor, space))
    return _form_page(SpaceForm.of(space), space)


@blueprint.post("/<slug>")
def update(slug: str) -> ResponseReturnValue:
    """Save a changed Space, or show what somebody else saved first."""
    actor, form = the_actor(), SpaceForm()
    space = readable_space_of_slug(actor, slug)
    try:
        if form.validate():
            version = form.version.data or 0
            actions.edit_space(actor, space, version=version, **form.values())
            flash(gettext("The Space is saved."), "good")
            return see_other("spaces.show", slug=space.slug)
    except Invalid as error:
        show_problems(form, error)
    except Conflict:
        return _form_page(form, space, theirs=True), 409
    return _form_page(form, space), 422


@blueprint.post("/<slug>/membership")
def join(slug: str) -> ResponseReturnValue:
    """Become a member."""
    actor = the_actor()
    space = space_of_slug(actor, slug)
    actions.join_space(actor, space)
    flash(gettext("You are a member of this Space now."), "good")
    return see_other("spaces.show", slug=space.slug)


@blueprint.route("/<slug>/templates/<kind>", methods=["GET", "POST"])
def template(slug: str, kind: str) -> ResponseReturnValue:
    """Show or save what a Space asks of one kind of entry."""
    actor = the_actor()
    space = readable_space_of_slug(actor, slug)
    require(can_edit_space(actor, space))
    if kind not in KINDS:
        raise NotVisible
    if request.method == "POST":
        return _save_template(space, kind)
    if space.slug != slug:
        return moved(url_for("spaces.template", slug=space.slug, kind=kind))
    return _template_page(
        TemplateForm.of(templates_of(space.id).get(kind)), space, kind
    )


def _save_template(space: Space, kind: str) -> ResponseReturnValue:
    form = TemplateForm()
    try:
        if form.validate():
            actions.edit_template(the_actor(), space, kind, **form.values())
            flash(gettext("Saved. New entries are asked for it from now on."), "good")
            return see_other("spaces.template", slug=space.slug, kind=kind)
    except Invalid as error:
        form.show(error)
    except Conflict as conflict:
        form.version.data = conflict.theirs.version or 0
        page = _template_page(form, space, kind, theirs=conflict.theirs)
        return page, 409
    return _template_page(form, space, kind), 422


def _template_page(
    form: TemplateForm, space: Space, kind: str, theirs: object = None
) -> str:
    return render_template(
        "spaces/template.html", form=form, space=space, kind=KINDS[kind], theirs=theirs
    )


def _form_page(
    form: SpaceForm, space: Space | None = None, *, theirs: bool = False
) -> str:
    if space is None:
        return render_template("spaces/new.html", form=form)
    if theirs:
        # What they type stays; saving again is meant, now that they have seen the rest.
        form.version.data = space.version
    return render_template("spaces/edit.html", form=form, space=space, theirs=theirs)
