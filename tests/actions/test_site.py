"""The first run: one winner, all or nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum import passwords
from forum.actions.site import set_up_site
from forum.errors import Conflict, Invalid
from forum.extensions import db
from forum.models import Invitation, Person, Role, Site, Space, SpaceMember, SpaceRole
from forum.unit_of_work import transaction
from tests.actions.at_once import at_once


def words(**other: Any) -> dict[str, Any]:
    return {
        "site_name": "Halden & Roe",
        "headcount": 15,
        "name": "Greta Nyström",
        "email": "greta@example.com",
        "password": passwords.prepare("the stoves hum at night"),
        "space_name": "Everyone",
        "invitations": ["dana@example.com", "DANA@example.com", "greta@example.com"],
        **other,
    }


def test_set_up_makes_site_admin_space_and_invitations(context: Flask) -> None:
    with transaction():
        admin = set_up_site(**words())
    assert db.session.get_one(Site, 1).name == "Halden & Roe"
    assert admin.role is Role.ADMIN
    space = db.session.scalars(sa.select(Space)).one()
    member = db.session.get_one(SpaceMember, (space.id, admin.id))
    assert (space.slug, member.role) == ("everyone", SpaceRole.FACILITATOR)
    assert db.session.scalars(sa.select(Invitation.email)).all() == ["dana@example.com"]


def test_of_two_at_once_one_wins_and_nothing_of_the_other_stays(context: Flask) -> None:
    results = at_once(
        context,
        lambda: set_up_site(**words()).id,
        lambda: set_up_site(**words(email="pavel@example.com", name="Pavel")).id,
    )
    assert sorted(type(each).__name__ for each in results) == ["Conflict", "int"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Site)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Space)) == 1


def test_a_second_set_up_is_a_conflict(context: Flask) -> None:
    with transaction():
        set_up_site(**words())
    with pytest.raises(Conflict), transaction():
        set_up_site(**words(email="pavel@example.com"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": passwords.prepare("short")},
        {"email": "nowhere"},
        {"name": " "},
        {"site_name": " "},
        {"invitations": ["nowhere"]},
    ],
)
def test_what_is_refused_leaves_nothing_even_when_the_view_commits(
    context: Flask, wrong: dict[str, Any]
) -> None:
    with transaction(), pytest.raises(Invalid):
        set_up_site(**words(**wrong))
    for model in (Site, Person, Space, Invitation):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
