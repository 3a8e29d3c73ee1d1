"""Who sees and changes people, invites them and makes them links."""

from __future__ import annotations

import sqlalchemy as sa

from forum.models import ApiToken, Invitation, LogIn, Person, PersonState, Role
from forum.policies.decision import Decision, allow_if


def visible_people(actor: Person) -> sa.ColumnElement[bool]:
    """Select the people `actor` may look up: every colleague and imported author."""
    if actor.role is Role.GUEST:
        return Person.id == actor.id
    return sa.true()


def listed_people(actor: Person) -> sa.ColumnElement[bool]:
    """Select the colleagues that the People page lists: those who can log in."""
    return sa.and_(Person.state == PersonState.ACTIVE, visible_people(actor))


def visible_log_ins(actor: Person) -> sa.ColumnElement[bool]:
    """Select a person's own log-ins."""
    return LogIn.person_id == actor.id


def visible_invitations(actor: Person) -> sa.ColumnElement[bool]:
    """Select the invitations whose links `actor` may copy: leads their own."""
    if actor.role is Role.ADMIN:
        return sa.true()
    return Invitation.invited_by_id == actor.id


def visible_tokens(actor: Person) -> sa.ColumnElement[bool]:
    """Select the API tokens `actor` may end: admins all, others their own."""
    if actor.role is Role.ADMIN:
        return sa.true()
    return ApiToken.person_id == actor.id


def can_edit_profile(actor: Person, person: Person) -> Decision:
    """Let people change their own profile, and admins any."""
    is_admin = actor.role is Role.ADMIN
    return allow_if(actor.id == person.id or is_admin, "person.own_profile_only")


def can_administer(actor: Person) -> Decision:
    """Let admins open the administration pages."""
    return allow_if(actor.role is Role.ADMIN, "person.admins_only")


def can_invite_person(actor: Person) -> Decision:
    """Let admins and leads invite colleagues."""
    return allow_if(actor.role in (Role.ADMIN, Role.LEAD), "person.inviters_only")


def can_grant_role(actor: Person, role: Role) -> Decision:
    """Let admins give any role, leads those of guest and member."""
    if actor.role is Role.ADMIN:
        return Decision(True)
    low = actor.role is Role.LEAD and role in (Role.GUEST, Role.MEMBER)
    return allow_if(low, "person.admins_only")


def can_change_standing(actor: Person, person: Person) -> Decision:
    """Let admins change the role of others, deactivate and reactivate them."""
    if actor.id == person.id:
        return Decision(False, "person.not_yourself")
    if person.state is PersonState.IMPORTED:
        return Decision(False, "person.imported")
    return can_administer(actor)


def can_make_reset_link(actor: Person, person: Person) -> Decision:
    """Let admins make a colleague's link for a new password."""
    if person.state is not PersonState.ACTIVE:
        return Decision(False, "person.not_active")
    return can_administer(actor)
