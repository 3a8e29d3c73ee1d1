"""HTTP for tags: their list, their pages, and keeping them tidy."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forum.actions import tags as actions
from forum.errors import Conflict, Invalid, NotVisible
from forum.forms.messages import show_problems
from forum.forms.tags import MergeForm, TagForm
from forum.models import Person, Tag
from forum.policies import can_edit_tags, require
from forum.queries.cards import SORTS
from forum.queries.tags import tag_of_name, tag_page, tags_index
from forum.rules.kinds import KINDS
from forum.rules.tags import clean_tag
from forum.web import moved, see_other, the_actor

blueprint = Blueprint("tags", __name__, url_prefix="/tags")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List the commonest tags that the reader can find."""
    page = tags_index(the_actor(), request.args.get("after"))
    return render_template("tags/index.html", page=page)


@blueprint.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    """Show what carries a tag; a synonym leads on to what is meant."""
    actor = the_actor()
    asked, sort = request.args.get("kind", ""), request.args.get("sort", "new")
    kind = asked if asked in KINDS else ""
    sort = sort if sort in SORTS else "new"
    tag = tag_of_name(actor, name)
    if tag.name != name:
        return moved(url_for("tags.show", name=tag.name))
    after = request.args.get("after")
    page = tag_page(actor, tag, kind=kind, sort=sort, cursor=after)
    return render_template("tags/show.html", page=page, kind=kind, sort=sort)


@blueprint.get("/<name>/edit")
def edit(name: str) -> ResponseReturnValue:
    """Show the forms that describe, rename and merge a tag."""
    actor = the_actor()
    tag = tag_of_name(actor, name)
    if tag.name != name:
        return moved(url_for("tags.edit", name=tag.name))
    require(can_edit_tags(actor))
    return _forms_page(tag, _filled(tag), MergeForm(formdata=None))


@blueprint.post("/<name>")
def update(name: str) -> ResponseReturnValue:
    """Save what a tag is called and means."""
    actor, form = the_actor(), TagForm()
    tag = tag_of_name(actor, name)
    try:
        if form.validate():
            typed = {"name": form.name.data, "description": form.description.data or ""}
            version = form.version.data or 0
            actions.edit_tag(actor, tag, version=version, **typed)
            flash(gettext("The tag is saved."), "good")
            return see_other("tags.show", name=tag.name)
    except Invalid as error:
        show_problems(form, error)
    except Conflict:
        form.version.data = tag.version
        return _forms_page(tag, form, MergeForm(formdata=None), theirs=True), 409
    return _forms_page(tag, form, MergeForm(formdata=None)), 422


@blueprint.post("/<name>/merger")
def merge(name: str) -> ResponseReturnValue:
    """Let another tag stand for this one."""
    actor, form = the_actor(), MergeForm()
    tag = tag_of_name(actor, name)
    try:
        if form.validate():
            target = actions.merge_tags(actor, tag, into=_meant(actor, form.into.data))
            flash(gettext("“%(name)s” leads here now.", name=tag.name), "good")
            return see_other("tags.show", name=target.name)
    except Invalid as error:
        show_problems(form, error)
    return _forms_page(tag, _filled(tag), form), 422


def _meant(actor: Person, typed: str) -> Tag:
    try:
        return tag_of_name(actor, clean_tag(typed) or "")
    except NotVisible as unknown:
        raise Invalid({"into": "tag.unknown"}) from unknown


def _filled(tag: Tag) -> TagForm:
    return TagForm(
        name=tag.name, description=tag.description, version=tag.version, formdata=None
    )


def _forms_page(
    tag: Tag, form: TagForm, merging: MergeForm, *, theirs: bool = False
) -> str:
    return render_template(
        "tags/edit.html", tag=tag, form=form, merging=merging, theirs=theirs
    )
