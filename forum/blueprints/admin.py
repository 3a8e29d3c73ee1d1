"""HTTP for looking after people: accounts, roles, invitations, links."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from forum import clock
from forum.actions.invitations import invite_person, withdraw_invitation
from forum.actions.resets import make_reset_link
from forum.actions.standing import change_role, deactivate_person, reactivate_person
from forum.errors import Invalid
from forum.forms.access import InviteForm, RoleForm, role_choices
from forum.forms.messages import show_problems
from forum.models import Invitation, Person, Role
from forum.notifications import invitation_link, reset_link
from forum.policies import (
    can_administer,
    can_grant_role,
    can_invite_person,
    require,
    visible_invitations,
    visible_people,
)
from forum.queries import admin as queries
from forum.rules.addresses import parse_addresses
from forum.rules.slugs import fold
from forum.web import load_or_404, see_other, the_actor

blueprint = Blueprint("admin", __name__)


@blueprint.get("/admin")
def index() -> ResponseReturnValue:
    """List everybody who has an account."""
    require(can_administer(the_actor()))
    name = request.args.get("name", "")
    page = queries.accounts(name=name, cursor=request.args.get("after"))
    return render_template("admin/index.html", page=page, name=name)


@blueprint.get("/admin/people/<int:person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """Show one account and what can be done about it."""
    return _person_page(_administered(person_id))


def _person_page(subject: Person, link: str = "") -> str:
    return render_template(
        "admin/person.html",
        person=subject,
        form=RoleForm(formdata=None, data={"role": subject.role.value}),
        tokens=queries.living_tokens(subject, clock.now()),
        link=link,
    )


@blueprint.post("/admin/people/<int:person_id>/role")
def role(person_id: int) -> ResponseReturnValue:
    """Give somebody another role."""
    subject, form = _administered(person_id), RoleForm()
    if not form.validate():
        return _person_page(subject), 422
    change_role(the_actor(), subject, role=Role(form.role.data))
    flash(gettext("The role is changed."), "good")
    return see_other("admin.person", person_id=person_id)


@blueprint.post("/admin/people/<int:person_id>/deactivation")
def deactivate(person_id: int) -> ResponseReturnValue:
    """Shut somebody out at once."""
    deactivate_person(the_actor(), _administered(person_id))
    flash(gettext("This person is logged out everywhere and cannot log in."), "good")
    return see_other("admin.person", person_id=person_id)


@blueprint.post("/admin/people/<int:person_id>/reactivation")
def reactivate(person_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    reactivate_person(the_actor(), _administered(person_id))
    flash(gettext("This person can log in again."), "good")
    return see_other("admin.person", person_id=person_id)


@blueprint.post("/admin/people/<int:person_id>/reset-links")
def make_link(person_id: int) -> ResponseReturnValue:
    """Make a link for a new password, and show it this once."""
    subject = _administered(person_id)
    reset = make_reset_link(the_actor(), subject)
    return _person_page(subject, link=reset_link(reset))


@blueprint.get("/invitations")
def invitations() -> ResponseReturnValue:
    """Show whose place is kept, with the links to copy."""
    require(can_invite_person(the_actor()))
    return _invitations_page(_invite_form())


@blueprint.post("/invitations")
def invite() -> ResponseReturnValue:
    """Invite colleagues: all of them, or nobody while something is wrong."""
    form, actor = _invite_form(), the_actor()
    if form.validate() and _nobody_is_here(form):
        addresses = parse_addresses(form.emails.data or "")[0]
        for address in addresses:
            invite_person(actor, email=address, role=Role(form.role.data))
        words = ngettext(
            "%(num)s invitation is on its way. You can also copy its link below.",
            "%(num)s invitations are on their way. You can also copy the links below.",
            len(addresses),
        )
        flash(words, "good")
        return see_other("admin.invitations")
    require(can_invite_person(actor))
    return _invitations_page(form), 422


@blueprint.post("/invitations/<int:invitation_id>/withdrawal")
def withdraw(invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    actor = the_actor()
    invitation = load_or_404(Invitation, invitation_id, visible_invitations(actor))
    withdraw_invitation(actor, invitation)
    flash(gettext("The invitation is withdrawn; its link works no more."), "good")
    return see_other("admin.invitations")


def _invite_form() -> InviteForm:
    form = InviteForm(data={"role": Role.MEMBER.value})
    actor = the_actor()
    form.role.choices = role_choices(r for r in Role if can_grant_role(actor, r))
    return form


def _nobody_is_here(form: InviteForm) -> bool:
    by_fold = {fold(each): each for each in parse_addresses(form.emails.data or "")[0]}
    here = queries.people_of_address(list(by_fold))
    if here:
        shown = ", ".join(by_fold[folded] for folded in here[:5])
        taken = Invalid({"emails": "invitation.people_here"}, addresses=shown)
        show_problems(form, taken)
    return not here


def _invitations_page(form: InviteForm) -> str:
    waiting = queries.open_invitations(the_actor(), clock.now())
    links = {each.id: invitation_link(each) for each in waiting}
    return render_template(
        "admin/invitations.html", form=form, invitations=waiting, links=links
    )


def _administered(person_id: int) -> Person:
    actor = the_actor()
    require(can_administer(actor))
    return load_or_404(Person, person_id, visible_people(actor))
