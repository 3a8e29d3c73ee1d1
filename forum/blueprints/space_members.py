"""HTTP for the members of a Space, under the addresses of Spaces."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forum.actions import spaces as actions
from forum.errors import Invalid
from forum.forms.spaces import MemberForm, MemberRoleForm
from forum.messages import message
from forum.models import Person, Space, SpaceRole
from forum.policies import can_edit_space
from forum.queries import members as queries
from forum.queries.spaces import readable_space_of_slug
from forum.web import moved, see_other, the_actor

# A number that no key of the database can be is an address that does not exist.
MEMBER = f"/<slug>/members/<int(max={2**31 - 1}):person_id>"


def add_views(blueprint: Blueprint) -> None:
    """Give the blueprint of Spaces the views of their members."""
    blueprint.get("/<slug>/members")(members)
    blueprint.post("/<slug>/members")(add_member)
    blueprint.post(MEMBER)(change_member)
    blueprint.post(f"{MEMBER}/removal")(remove_member)
    blueprint.post("/<slug>/departure")(leave)


def members(slug: str) -> ResponseReturnValue:
    """List the members; facilitators also find colleagues to add."""
    actor = the_actor()
    space = readable_space_of_slug(actor, slug)
    if space.slug != slug:
        return moved(url_for("spaces.members", slug=space.slug))
    return _page(actor, space)


def add_member(slug: str) -> ResponseReturnValue:
    """Let a colleague in."""
    actor, form = the_actor(), MemberForm()
    space = readable_space_of_slug(actor, slug)
    try:
        person_id = form.person_id.data if form.validate() else 0
        actions.add_member(actor, space, person_id=person_id)
    except Invalid as error:
        return _page(actor, space, error), 422
    flash(gettext("Your colleague is a member now."), "good")
    return _back(space)


def change_member(slug: str, person_id: int) -> ResponseReturnValue:
    """Make a member a facilitator, or the other way round."""
    actor, form = the_actor(), MemberRoleForm()
    space = readable_space_of_slug(actor, slug)
    try:
        if not form.validate():
            raise Invalid({"role": "space.choice_unknown"})
        role = SpaceRole(form.role.data)
        actions.change_member_role(actor, space, person_id=person_id, role=role)
    except Invalid as error:
        return _page(actor, space, error), 422
    flash(gettext("The role is changed."), "good")
    return _back(space)


def remove_member(slug: str, person_id: int) -> ResponseReturnValue:
    """Take a member out."""
    actor = the_actor()
    space = readable_space_of_slug(actor, slug)
    try:
        actions.remove_member(actor, space, person_id=person_id)
    except Invalid as error:
        return _page(actor, space, error), 422
    if person_id == actor.id:
        return _after_leaving(space)
    flash(gettext("Your colleague is a member no more."), "good")
    return _back(space)


def leave(slug: str) -> ResponseReturnValue:
    """Stop being a member."""
    actor = the_actor()
    space = readable_space_of_slug(actor, slug)
    try:
        actions.leave_space(actor, space)
    except Invalid as error:
        return _page(actor, space, error), 422
    return _after_leaving(space)


def _back(space: Space) -> ResponseReturnValue:
    return see_other("spaces.members", slug=space.slug)


def _after_leaving(space: Space) -> ResponseReturnValue:
    # The Space may not exist any more for somebody who has left it.
    flash(gettext("You have left %(name)s.", name=space.name), "good")
    return see_other("spaces.index")


def _page(actor: Person, space: Space, error: Invalid | None = None) -> str:
    words = request.args.get("q", "")[:100]
    edits = can_edit_space(actor, space)
    return render_template(
        "spaces/members.html",
        space=space,
        page=queries.members(actor, space, request.args.get("after")),
        words=words,
        found=queries.people_to_add(actor, space, words) if edits else [],
        problem=message(next(iter(error.fields.values()))) if error else "",
    )
