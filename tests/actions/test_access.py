"""Log-ins, lock-outs, passwords: what gets in and what does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from forum import passwords
from forum.actions import access, resets
from forum.errors import Invalid, NotAllowed, NotVisible
from forum.extensions import db
from forum.models import (
    Event,
    LogIn,
    LoginFailure,
    OutboxRow,
    PasswordReset,
    Person,
    PersonState,
    Role,
)
from forum.queries.access import log_in_of, password_hash_of
from forum.tokens import hash_token
from forum.unit_of_work import transaction
from tests import factories

GOOD = "the stoves hum at night"
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def colleague(**more: object) -> Person:
    return factories.person(
        "Dana Kovač",
        email="dana@example.com",
        password_hash=passwords.hash_password(GOOD),
        **more,
    )


def attempt(email: str, password: str) -> str | dict[str, str]:
    """Log in as a view does: count and commit also when it is refused."""
    with transaction(writing=False):
        known = password_hash_of(access.folded_address(email))
    checked = access.check_password(email, password, known)
    with transaction():
        try:
            return access.log_in(checked, days=30, browser="Firefox, Linux")
        except Invalid as refused:
            return refused.fields


def living(token: str) -> bool:
    return log_in_of(hash_token(token), datetime.now(UTC)) is not None


@pytest.mark.usefixtures("context")
class TestLogIn:
    def test_the_right_password_opens_a_log_in_kept_as_a_hash(self) -> None:
        colleague()
        token = attempt(" Dana@Example.com ", GOOD)
        assert isinstance(token, str)
        row = db.session.scalars(sa.select(LogIn)).one()
        assert row.token_hash == hash_token(token) != token
        assert living(token)

    def test_a_wrong_password_and_an_unknown_address_look_the_same(self) -> None:
        colleague()
        wrong = attempt("dana@example.com", "the stoves hum at noon")
        assert (
            wrong == attempt("nobody@example.com", GOOD) == {"password": "login.wrong"}
        )

    def test_an_unknown_address_costs_as_much_hashing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        colleague()
        verified: list[str] = []

        class Noting:
            def verify(self, known: str, _password: bytes) -> None:
                verified.append(known.split("$")[3])
                raise passwords.VerificationError

        monkeypatch.setattr(passwords, "_HASHER", Noting())
        attempt("dana@example.com", GOOD)
        attempt("nobody@example.com", GOOD)
        assert len(verified) == 2
        assert verified[0] == verified[1]

    @pytest.mark.parametrize("email", ["dana@example.com", "nobody@example.com"])
    def test_five_failures_lock_an_address_known_or_not(self, email: str) -> None:
        colleague()
        with time_machine.travel(NOON, tick=False) as clock:
            for _ in range(4):
                assert attempt(email, "wrong") == {"password": "login.wrong"}
            assert attempt(email, "wrong") == {"password": "login.locked"}
            assert attempt(email, GOOD) == {"password": "login.locked"}
            clock.shift(timedelta(minutes=15, seconds=1))
            again = attempt(email, GOOD)
        known = email == "dana@example.com"
        assert isinstance(again, str) if known else again == {"password": "login.wrong"}

    def test_failures_more_than_fifteen_minutes_apart_do_not_add_up(self) -> None:
        colleague()
        with time_machine.travel(NOON, tick=False) as clock:
            for _ in range(3):
                attempt("dana@example.com", "wrong")
            clock.shift(timedelta(minutes=16))
            for _ in range(4):
                assert attempt("dana@example.com", "no") == {"password": "login.wrong"}

    def test_getting_in_begins_the_count_anew(self) -> None:
        colleague()
        for _ in range(4):
            attempt("dana@example.com", "wrong")
        assert isinstance(attempt("dana@example.com", GOOD), str)
        assert db.session.scalars(sa.select(LoginFailure)).all() == []

    def test_an_address_of_any_kind_is_only_wrong(self) -> None:
        factories.site()
        for odd in ("", "\0", "x" * 5000, "a\ud7ff@b", "' OR 1=1 --"):
            assert attempt(odd, "wrong") == {"password": "login.wrong"}

    @pytest.mark.parametrize("state", [PersonState.DEACTIVATED])
    def test_a_deactivated_person_hears_the_same_as_a_stranger(
        self, state: PersonState
    ) -> None:
        colleague(state=state)
        assert attempt("dana@example.com", GOOD) == {"password": "login.wrong"}

    def test_a_password_changed_while_it_was_verified_does_not_open(self) -> None:
        person = colleague()
        checked = access.check_password("dana@example.com", GOOD, person.password_hash)
        with transaction():
            person.password_hash = passwords.hash_password("another long sentence")
        with pytest.raises(Invalid), transaction():
            access.log_in(checked, days=30)

    def test_somebody_without_a_password_cannot_log_in_with_an_empty_one(self) -> None:
        factories.person(email="new@example.com")
        assert attempt("new@example.com", "") == {"password": "login.wrong"}


@pytest.mark.usefixtures("context")
class TestSessions:
    def test_logging_out_ends_this_log_in_only(self) -> None:
        colleague()
        here, there = (
            attempt("dana@example.com", GOOD),
            attempt("dana@example.com", GOOD),
        )
        with transaction():
            access.log_out(str(here))
        assert not living(str(here))
        assert living(str(there))

    def test_nobody_ends_the_log_in_of_another(self) -> None:
        colleague()
        token = str(attempt("dana@example.com", GOOD))
        other = factories.person()
        row = db.session.scalars(sa.select(LogIn)).one()
        with pytest.raises(NotVisible), transaction():
            access.revoke_log_in(other, row)
        assert living(token)

    def test_a_log_in_ends_with_its_days(self) -> None:
        colleague()
        with time_machine.travel(NOON, tick=False) as clock:
            token = str(attempt("dana@example.com", GOOD))
            clock.shift(timedelta(days=30, seconds=1))
            assert not living(token)


@pytest.mark.usefixtures("context")
class TestNewPassword:
    def change(self, person: Person, old: str, new: str, keep: str) -> None:
        checked = access.check_password(person.email or "", old, person.password_hash)
        prepared = passwords.prepare(new)
        with transaction():
            access.change_password(person, checked, prepared, keep=keep)

    def test_it_ends_all_other_log_ins(self) -> None:
        person = colleague()
        here, there = (str(attempt("dana@example.com", GOOD)) for _ in range(2))
        self.change(person, GOOD, "a kettle sings at four", here)
        assert living(here)
        assert not living(there)
        assert isinstance(attempt("dana@example.com", "a kettle sings at four"), str)

    @pytest.mark.parametrize(
        ("old", "new", "refused"),
        [
            ("not this one", "a kettle sings at four", "password.wrong"),
            (GOOD, "short", "password.too_short"),
            (GOOD, "dana@example.com", "password.holds_mail"),
            (GOOD, "mrs kovač is at work", "password.holds_name"),
        ],
    )
    def test_what_is_refused_changes_nothing(
        self, old: str, new: str, refused: str
    ) -> None:
        person = colleague()
        with pytest.raises(Invalid) as problem:
            self.change(person, old, new, "")
        assert refused in problem.value.fields.values()
        assert isinstance(attempt("dana@example.com", GOOD), str)


@pytest.mark.usefixtures("context")
class TestReset:
    def request(self, email: str) -> list[OutboxRow]:
        with transaction():
            resets.request_reset(email)
        return list(db.session.scalars(sa.select(OutboxRow)))

    def test_only_people_who_can_log_in_are_promised_a_mail(self) -> None:
        colleague()
        factories.person(email="gone@example.com", state=PersonState.DEACTIVATED)
        assert self.request("nobody@example.com") == []
        assert self.request("gone@example.com") == []
        (row,) = self.request("DANA@example.com")
        assert row.reaction == "mail_password_reset"

    def test_one_mail_in_two_minutes(self) -> None:
        colleague()
        self.request("dana@example.com")
        assert len(self.request("dana@example.com")) == 1

    def test_a_link_works_once_and_ends_what_was_open(self) -> None:
        person = colleague()
        token = str(attempt("dana@example.com", GOOD))
        for _ in range(5):
            attempt("dana@example.com", "wrong")
        self.request("dana@example.com")
        row = db.session.scalars(sa.select(PasswordReset)).one()
        row_id, nonce = row.id, row.nonce
        new = passwords.prepare("a kettle sings at four")
        with transaction():
            resets.reset_password(resets.open_reset(row_id, nonce), new)
        assert not living(token)
        assert isinstance(attempt("dana@example.com", "a kettle sings at four"), str)
        with pytest.raises(NotAllowed, match="link.used_up"), transaction():
            resets.open_reset(row_id, nonce)
        assert (
            person.id
            == db.session.scalars(
                sa.select(Event.actor_id).where(Event.verb == "password.changed")
            ).one()
        )

    def test_a_link_lasts_a_day(self) -> None:
        colleague()
        with time_machine.travel(NOON, tick=False) as clock:
            self.request("dana@example.com")
            row = db.session.scalars(sa.select(PasswordReset)).one()
            clock.shift(timedelta(hours=24, seconds=1))
            with pytest.raises(NotAllowed, match="link.used_up"):
                resets.open_reset(row.id, row.nonce)

    def test_only_admins_make_links(self) -> None:
        person = colleague()
        lead, admin = (
            factories.person(role=Role.LEAD),
            factories.person(role=Role.ADMIN),
        )
        with pytest.raises(NotAllowed), transaction():
            resets.make_reset_link(lead, person)
        with transaction():
            reset = resets.make_reset_link(admin, person)
        assert resets.open_reset(reset.id, reset.nonce).person is person


def test_the_first_failures_at_once_both_count(context: Flask) -> None:
    factories.site()
    for _ in range(2):
        attempt("nobody@example.com", "wrong")
    assert db.session.scalars(sa.select(LoginFailure.count)).one() == 2
