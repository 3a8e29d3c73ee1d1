"""Profiles, pictures, roles, and the end of somebody's access."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from forum import clock, markup
from forum.actions import access, people, resets, standing, tokens
from forum.actions.invitations import invite_person
from forum.errors import Conflict, Invalid, NotAllowed, NotVisible
from forum.extensions import db
from forum.files import FileStore
from forum.images import inspect
from forum.models import (
    ApiToken,
    Attachment,
    InvitationState,
    LogIn,
    Person,
    PersonState,
    Role,
    Tag,
)
from forum.queries.access import log_in_of, token_of
from forum.queries.people import wishes_of
from forum.tokens import hash_token
from forum.unit_of_work import transaction
from tests import factories
from tests.actions.at_once import at_once


def edit(actor: Person, person: Person, **words: Any) -> None:
    said: dict[str, Any] = {
        "name": "Dana Kovač",
        "department": "Operations",
        "bio": "I look after **nights**.",
        "offers": ["backup", "database"],
        "wants": ["speaking"],
        "version": person.version,
        **words,
    }
    rendered = markup.render(said["bio"])
    with transaction():
        people.edit_profile(actor, person, rendered_bio=rendered, **said)


@pytest.mark.usefixtures("context")
class TestProfile:
    def test_it_says_who_they_are_and_what_they_give(self) -> None:
        person = factories.person()
        edit(person, person)
        assert person.department == "Operations"
        assert "<strong>nights</strong>" in person.bio_html
        assert wishes_of(person) == (["backup", "database"], ["speaking"])

    def test_a_synonym_stands_for_the_tag_that_is_meant(self) -> None:
        person = factories.person()
        with transaction():
            meant = Tag(name="backup", created_at=clock.now())
            db.session.add(meant)
            db.session.flush()
            short = Tag(name="bkp", synonym_of_id=meant.id, created_at=clock.now())
            db.session.add(short)
        edit(person, person, offers=["bkp", "backup"], wants=["bkp"])
        assert wishes_of(person) == (["backup"], ["backup"])

    def test_saving_twice_keeps_one_of_each(self) -> None:
        person = factories.person()
        edit(person, person)
        edit(person, person, offers=["database", "backup"], wants=[])
        assert wishes_of(person) == (["database", "backup"], [])

    def test_colleagues_cannot_change_it_admins_can(self) -> None:
        person, other = factories.person(), factories.person(role=Role.LEAD)
        with pytest.raises(NotAllowed):
            edit(other, person)
        edit(factories.person(role=Role.ADMIN), person, name="Dana K.")
        assert person.name == "Dana K."

    def test_a_stale_save_changes_nothing(self) -> None:
        person = factories.person()
        before = person.version
        edit(person, person)
        with pytest.raises(Conflict):
            edit(person, person, name="Late", version=before)
        assert person.name == "Dana Kovač"

    def test_of_two_saves_at_once_one_wins(self, context: Flask) -> None:
        person = factories.person()
        person_id, rendered = person.id, markup.render("")

        def save(name: str) -> str:
            mine = db.session.get_one(Person, person_id)
            people.edit_profile(
                mine,
                mine,
                name=name,
                department="",
                bio="",
                rendered_bio=rendered,
                offers=["backup"],
                wants=[],
                version=1,
            )
            return name

        results = at_once(context, lambda: save("One"), lambda: save("Two"))
        assert sorted(type(each).__name__ for each in results) == ["Conflict", "str"]

    def test_a_name_stays_on_its_line(self) -> None:
        person = factories.person()
        edit(person, person, name="  Dana\u202e\r\nKovač\0 ")
        assert person.name == "Dana Kovač"
        with pytest.raises(Invalid):
            edit(person, person, name=" \u202e ")


def stored_picture(folder: Path, colour: str) -> tuple[Any, ...]:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, "PNG")
    inspected = inspect(out.getvalue(), "me.png")
    return inspected, FileStore(folder).put(io.BytesIO(inspected.data), limit=10**6)


@pytest.mark.usefixtures("context")
class TestPicture:
    def test_a_new_one_takes_the_place_of_the_old(self, tmp_path: Path) -> None:
        person = factories.person()
        for colour in ("red", "green"):
            with transaction():
                inspected, stored = stored_picture(tmp_path, colour)
                people.set_picture(person, person, "me.png", inspected, stored)
        (row,) = db.session.scalars(sa.select(Attachment))
        assert person.picture_id == row.id
        assert person.picture_url == f"/files/{row.id}/thumbnail"
        with transaction():
            people.remove_picture(person, person)
        assert person.picture_url is None
        assert db.session.scalars(sa.select(Attachment)).all() == []

    def test_only_pictures_and_only_ones_own(self, tmp_path: Path) -> None:
        person, other = factories.person(), factories.person()
        inspected, stored = stored_picture(tmp_path, "red")
        with pytest.raises(NotAllowed), transaction():
            people.set_picture(other, person, "me.png", inspected, stored)
        words = inspect(b"only words", "me.txt")
        with pytest.raises(Invalid), transaction():
            people.set_picture(person, person, "me.txt", words, stored)


@pytest.mark.usefixtures("context")
class TestStanding:
    def test_deactivating_ends_every_way_in_at_once(self) -> None:
        admin, person = (
            factories.person(role=Role.ADMIN),
            factories.person(role=Role.LEAD),
        )
        with transaction():
            cookie = access.open_session(person, days=30)
            token = tokens.create_token(person, scopes=["write"], days=90)
            invitation = invite_person(person, email="friend@example.com")
            reset = resets.make_reset_link(admin, person)
        now = clock.now()
        assert log_in_of(hash_token(cookie), now) and token_of(hash_token(token), now)
        with transaction():
            standing.deactivate_person(admin, person)
        assert log_in_of(hash_token(cookie), now) is None
        assert token_of(hash_token(token), now) is None
        assert invitation.state is InvitationState.WITHDRAWN
        assert db.session.scalars(sa.select(LogIn)).all() == []
        with transaction():
            standing.reactivate_person(admin, person)
        assert person.is_active
        assert token_of(hash_token(token), now) is None
        with pytest.raises(NotAllowed):
            resets.open_reset(reset.id, reset.nonce)

    def test_links_a_deactivated_admin_made_end_too(self) -> None:
        admin, leaver = (factories.person(role=Role.ADMIN) for _ in range(2))
        person = factories.person()
        with transaction():
            reset = resets.make_reset_link(leaver, person)
            standing.deactivate_person(admin, leaver)
        with pytest.raises(NotAllowed):
            resets.open_reset(reset.id, reset.nonce)

    @pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
    def test_only_admins_change_standing(self, role: Role) -> None:
        actor, person = factories.person(role=role), factories.person()
        for attempt in (
            lambda: standing.deactivate_person(actor, person),
            lambda: standing.reactivate_person(actor, person),
            lambda: standing.change_role(actor, person, role=Role.ADMIN),
            lambda: standing.change_role(actor, actor, role=Role.ADMIN),
        ):
            with pytest.raises(NotAllowed), transaction():
                attempt()
        assert person.role is Role.MEMBER
        assert actor.role is role

    def test_admins_cannot_do_it_to_themselves(self) -> None:
        admin = factories.person(role=Role.ADMIN)
        factories.person(role=Role.ADMIN)
        with pytest.raises(NotAllowed, match="not_yourself"), transaction():
            standing.deactivate_person(admin, admin)
        with pytest.raises(NotAllowed, match="not_yourself"), transaction():
            standing.change_role(admin, admin, role=Role.MEMBER)

    def test_two_admins_who_shut_each_other_out_leave_one(self, context: Flask) -> None:
        ids = [factories.person(role=Role.ADMIN).id for _ in range(2)]

        def shut_out(actor_id: int, person_id: int) -> str:
            actor = db.session.get_one(Person, actor_id)
            standing.deactivate_person(actor, db.session.get_one(Person, person_id))
            return "done"

        results = at_once(
            context, lambda: shut_out(*ids), lambda: shut_out(*reversed(ids))
        )
        assert sorted(type(each).__name__ for each in results) == ["NotAllowed", "str"]
        active = sa.select(Person.id).where(Person.state == PersonState.ACTIVE)
        assert len(db.session.scalars(active).all()) == 1

    def test_a_demoted_lead_takes_their_invitations_along(self) -> None:
        admin, lead = (
            factories.person(role=Role.ADMIN),
            factories.person(role=Role.LEAD),
        )
        with transaction():
            invitation = invite_person(lead, email="friend@example.com")
            standing.change_role(admin, lead, role=Role.MEMBER)
        assert lead.role is Role.MEMBER
        assert invitation.state is InvitationState.WITHDRAWN


@pytest.mark.usefixtures("context")
class TestTokens:
    def test_write_holds_read_and_the_plain_token_is_not_kept(self) -> None:
        person = factories.person()
        with transaction():
            plain = tokens.create_token(
                person, scopes=["write"], days=1, name="nightly"
            )
        row = db.session.scalars(sa.select(ApiToken)).one()
        assert (row.scopes, row.name) == ("read,write", "nightly")
        assert row.token_hash == hash_token(plain)

    @pytest.mark.parametrize(
        "words", [{"scopes": []}, {"scopes": ["all"]}, {"scopes": ["read"], "days": 0}]
    )
    def test_scopes_and_days_that_do_not_exist(self, words: dict[str, Any]) -> None:
        with pytest.raises(Invalid), transaction():
            tokens.create_token(factories.person(), **words)

    def test_ones_own_and_as_an_admin_anybodys_can_be_ended(self) -> None:
        person, admin = factories.person(), factories.person(role=Role.ADMIN)
        with transaction():
            tokens.create_token(person, scopes=["read"])
        row = db.session.scalars(sa.select(ApiToken)).one()
        with pytest.raises(NotVisible), transaction():
            tokens.revoke_token(factories.person(role=Role.LEAD), row)
        with transaction():
            tokens.revoke_token(admin, row)
        assert token_of(row.token_hash, clock.now()) is None
