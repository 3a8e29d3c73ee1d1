"""Invitations: who may give which, and that each is taken once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from forum import passwords
from forum.actions.invitations import (
    accept_invitation,
    invite_person,
    open_invitation,
    withdraw_invitation,
)
from forum.errors import Invalid, NotAllowed, NotVisible
from forum.extensions import db
from forum.models import (
    Invitation,
    InvitationState,
    Person,
    Role,
    SpaceMember,
    SpaceRole,
)
from forum.unit_of_work import transaction
from tests import factories
from tests.actions.at_once import at_once

PASSWORD = passwords.prepare("the stoves hum at night")


def invited(actor: Person, **more: object) -> Invitation:
    with transaction():
        return invite_person(actor, email="dana@example.com", **more)


def accept(invitation_id: int, nonce: str, name: str = "Dana") -> Person:
    return accept_invitation(
        open_invitation(invitation_id, nonce),
        name=name,
        department="Operations",
        password=PASSWORD,
    )


@pytest.mark.usefixtures("context")
class TestInviting:
    def test_the_invited_becomes_a_person_with_that_role_and_address(self) -> None:
        row = invited(factories.person(role=Role.ADMIN), role=Role.MODERATOR)
        with transaction():
            person = accept(row.id, row.nonce)
        assert (person.role, person.email) == (Role.MODERATOR, "dana@example.com")
        assert row.state is InvitationState.ACCEPTED
        assert row.accepted_by_id == person.id

    def test_into_a_space_when_it_names_one(self) -> None:
        lead = factories.person(role=Role.LEAD)
        space = factories.space(lead)
        row = invited(lead, space=space)
        with transaction():
            person = accept(row.id, row.nonce)
        member = db.session.get_one(SpaceMember, (space.id, person.id))
        assert member.role is SpaceRole.MEMBER

    def test_into_a_space_of_others_is_refused(self) -> None:
        space = factories.space(factories.person())
        with pytest.raises(NotAllowed):
            invited(factories.person(role=Role.LEAD), space=space)

    @pytest.mark.parametrize("role", [Role.LEAD, Role.MODERATOR, Role.ADMIN])
    def test_leads_do_not_give_roles_above_member(self, role: Role) -> None:
        with pytest.raises(NotAllowed):
            invited(factories.person(role=Role.LEAD), role=role)

    @pytest.mark.parametrize("role", [Role.GUEST, Role.MEMBER, Role.MODERATOR])
    def test_others_do_not_invite(self, role: Role) -> None:
        with pytest.raises(NotAllowed):
            invited(factories.person(role=role))

    def test_nobody_is_invited_twice_into_one_account(self) -> None:
        admin = factories.person(role=Role.ADMIN)
        first, second = invited(admin), invited(admin)
        with transaction():
            accept(first.id, first.nonce)
        with pytest.raises(NotAllowed, match="email_taken"), transaction():
            accept(second.id, second.nonce)
        with pytest.raises(Invalid):
            invited(admin)

    def test_a_weak_password_leaves_the_invitation_open(self) -> None:
        row = invited(factories.person(role=Role.ADMIN))
        with transaction(), pytest.raises(Invalid):
            accept_invitation(
                open_invitation(row.id, row.nonce),
                name="Dana",
                department="",
                password=passwords.prepare("short"),
            )
        assert row.state is InvitationState.OPEN


@pytest.mark.usefixtures("context")
class TestLinks:
    def test_one_link_used_twice_at_once_lets_one_in(self, context: Flask) -> None:
        row = invited(factories.person(role=Role.ADMIN))
        key = row.id, row.nonce
        results = at_once(
            context,
            lambda: accept(*key, name="One").name,
            lambda: accept(*key, name="Two").name,
        )
        assert sorted(type(each).__name__ for each in results) == ["NotAllowed", "str"]
        dana = sa.select(Person.name).where(Person.email_folded == "dana@example.com")
        assert len(db.session.scalars(dana).all()) == 1

    def test_a_withdrawn_link_leads_nowhere(self) -> None:
        lead = factories.person(role=Role.LEAD)
        row = invited(lead)
        with pytest.raises(NotVisible), transaction():
            withdraw_invitation(factories.person(role=Role.LEAD), row)
        with transaction():
            withdraw_invitation(lead, row)
        with pytest.raises(NotAllowed, match="link.used_up"):
            open_invitation(row.id, row.nonce)

    def test_a_link_lasts_two_weeks(self) -> None:
        with time_machine.travel(datetime(2026, 3, 9, tzinfo=UTC), tick=False) as clock:
            row = invited(factories.person(role=Role.ADMIN))
            clock.shift(timedelta(days=14, seconds=1))
            with pytest.raises(NotAllowed, match="link.used_up"):
                open_invitation(row.id, row.nonce)

    def test_a_link_with_another_secret_is_no_link(self) -> None:
        row = invited(factories.person(role=Role.ADMIN))
        with pytest.raises(NotVisible):
            open_invitation(row.id, "guessed")
        with pytest.raises(NotVisible):
            open_invitation(row.id + 1, row.nonce)
