"""What a person is in the forum: their role, and whether they may log in."""

from __future__ import annotations

import sqlalchemy as sa

from forum import clock, events
from forum.actions.invitations import withdraw_what_they_granted
from forum.actions.people import hold_people
from forum.errors import NotAllowed
from forum.extensions import db
from forum.models import ApiToken, LogIn, PasswordReset, Person, PersonState, Role
from forum.policies import can_change_standing, can_grant_role, require


def change_role(actor: Person, person: Person, *, role: Role) -> None:
    """Give a colleague another role. One admin stays, whatever happens at once."""
    require(can_change_standing(actor, person))
    require(can_grant_role(actor, role))
    _hold_standing(actor, person)
    if person.role is role:
        return
    was, person.role = person.role, role
    db.session.flush()
    _require_an_admin()
    withdraw_what_they_granted(actor, person)
    events.record("person.role_changed", actor, person, was=was.value, now=role.value)


def deactivate_person(actor: Person, person: Person) -> None:
    """Shut somebody out at once; what they wrote stays.

    Ends their log-ins and tokens, and the ways back in: links for a new password that
    were made for them or by them, and invitations they gave out.
    """
    require(can_change_standing(actor, person))
    _hold_standing(actor, person)
    if person.state is not PersonState.ACTIVE:
        return
    now = clock.now()
    _set_state(actor, person, PersonState.DEACTIVATED)
    _require_an_admin()
    db.session.execute(sa.delete(LogIn).where(LogIn.person_id == person.id))
    db.session.execute(
        sa.update(ApiToken)
        .where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    links = sa.or_(
        PasswordReset.person_id == person.id, PasswordReset.made_by_id == person.id
    )
    db.session.execute(
        sa.update(PasswordReset)
        .where(links, PasswordReset.used_at.is_(None))
        .values(used_at=now, version=PasswordReset.version + 1)
    )
    withdraw_what_they_granted(actor, person)
    events.record("person.deactivated", actor, person)


def reactivate_person(actor: Person, person: Person) -> None:
    """Let somebody log in again, with the password and role they had."""
    require(can_change_standing(actor, person))
    _hold_standing(actor, person)
    if person.state is PersonState.DEACTIVATED:
        _set_state(actor, person, PersonState.ACTIVE)
        events.record("person.reactivated", actor, person)


def _set_state(actor: Person, person: Person, state: PersonState) -> None:
    person.state, person.state_at = state, clock.now()
    person.state_by_id = actor.id
    db.session.flush()


def _hold_standing(actor: Person, person: Person) -> None:
    # Two admins who deactivate each other at once wait here for one another; the
    # second finds that they are not active any more.
    admins = sa.and_(Person.role == Role.ADMIN, Person.state == PersonState.ACTIVE)
    hold_people(sa.or_(admins, Person.id.in_((actor.id, person.id))))
    if not actor.is_active:
        raise NotAllowed("person.not_active")
    require(can_change_standing(actor, person))


def _require_an_admin() -> None:
    admins = sa.select(Person.id).where(
        Person.role == Role.ADMIN, Person.state == PersonState.ACTIVE
    )
    if db.session.scalar(admins.limit(1)) is None:
        raise NotAllowed("person.last_admin")
