"""Getting in and out, through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from forum import notifications, passwords
from forum.actions.invitations import invite_person
from forum.actions.resets import request_reset
from forum.actions.standing import deactivate_person
from forum.extensions import db
from forum.models import Event, LogIn, Person, Role, Site
from forum.unit_of_work import transaction
from tests import factories

GOOD = "the stoves hum at night"


@pytest.fixture
def dana(app: Flask) -> int:
    with app.app_context():
        person = factories.person(
            "Dana Kovač",
            email="dana@example.com",
            password_hash=passwords.hash_password(GOOD),
        )
        return person.id


def log_in(client: FlaskClient, **more: str) -> Any:
    said = {
        "csrf_token": factories.csrf_of(client, "/login"),
        "email": "dana@example.com",
        "password": GOOD,
        **more,
    }
    return client.post("/login", data=said)


@pytest.mark.usefixtures("dana")
class TestLogIn:
    def test_it_goes_on_to_what_was_asked(self, client: FlaskClient) -> None:
        asked = client.get("/people?name=D")
        assert asked.status_code == 303
        page = client.get(asked.location).get_data(as_text=True)
        assert 'value="/people?name=D"' in page
        answer = log_in(client, next="/people?name=D")
        assert (answer.status_code, answer.location) == (303, "/people?name=D")
        assert "Dana Kovač" in client.get("/people").get_data(as_text=True)

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "http:evil.example",
        ],
    )
    def test_it_never_leads_elsewhere(self, client: FlaskClient, target: str) -> None:
        assert log_in(client, next=target).location == "/"

    def test_unknown_address_and_wrong_password_get_one_answer(
        self, client: FlaskClient
    ) -> None:
        wrong = log_in(client, password="no such words")
        unknown = log_in(client, email="anna@example.com")
        assert wrong.status_code == unknown.status_code == 422
        same, other = (
            re.sub(r'(csrf[_-]token"[^>]*?(?:value|content)=)"[^"]+"', r"\1", page)
            for page in (wrong.get_data(as_text=True), unknown.get_data(as_text=True))
        )
        assert other.replace("anna@", "dana@") == same
        assert "do not belong together" in same

    def test_five_failures_lock_and_the_count_survives_the_refusal(
        self, client: FlaskClient
    ) -> None:
        for _ in range(5):
            answer = log_in(client, password="no such words")
        assert "Too many attempts" in answer.get_data(as_text=True)
        assert "Too many attempts" in log_in(client).get_data(as_text=True)

    def test_text_sent_after_the_log_in_ended_is_kept(
        self, app: Flask, client: FlaskClient
    ) -> None:
        log_in(client)
        token = factories.csrf_of(client, "/people")
        with app.app_context(), transaction():
            db.session.execute(sa.delete(LogIn))
        typed = 'Stoves & <b>"night"</b>\n\nsecond line'
        sent = {"csrf_token": token, "body": typed, "tag": ["a", "b"]}
        refused = client.post("/entries/7/comments?to=3", data=sent)
        assert refused.status_code == 401
        page = refused.get_data(as_text=True)
        assert 'name="kept_action" value="/entries/7/comments?to=3"' in page
        answer = client.post(
            "/login",
            data={
                "csrf_token": token,
                "email": "dana@example.com",
                "password": GOOD,
                "kept_action": "/entries/7/comments?to=3",
                "kept:body": typed,
                "kept:tag": ["a", "b"],
            },
        )
        page = answer.get_data(as_text=True)
        assert "You are logged in again" in page
        assert 'action="/entries/7/comments?to=3"' in page
        assert "Stoves &amp; &lt;b&gt;&#34;night&#34;&lt;/b&gt;" in page
        assert page.count('name="tag"') == 2

    def test_kept_text_is_sent_to_this_forum_only(self, client: FlaskClient) -> None:
        answer = log_in(
            client, **{"kept_action": "//evil.example/x", "kept:body": "secret"}
        )
        assert answer.status_code == 303
        assert answer.location == "/"

    def test_a_page_open_before_logging_in_again_can_still_be_sent(
        self, client: FlaskClient
    ) -> None:
        log_in(client)
        token = factories.csrf_of(client, "/people")
        client.post("/logout", data={"csrf_token": token})
        log_in(client)
        answer = client.post("/theme", data={"csrf_token": token, "theme": "dark"})
        assert answer.status_code == 303

    def test_logging_out_ends_the_log_in(self, app: Flask, client: FlaskClient) -> None:
        log_in(client)
        token = factories.csrf_of(client, "/people")
        assert client.post("/logout", data={"csrf_token": token}).status_code == 303
        assert client.get("/people").status_code == 303
        with app.app_context():
            assert db.session.scalars(sa.select(LogIn)).all() == []

    def test_nothing_works_without_the_token_of_the_form(
        self, client: FlaskClient
    ) -> None:
        said = {"email": "dana@example.com", "password": GOOD}
        assert client.post("/login", data=said).status_code == 400

    def test_whoever_is_deactivated_is_out_at_the_next_click(
        self, app: Flask, client: FlaskClient, dana: int
    ) -> None:
        log_in(client)
        assert client.get("/people").status_code == 200
        with app.app_context(), transaction():
            admin = factories.person(role=Role.ADMIN)
            deactivate_person(admin, db.session.get_one(Person, dana))
        assert client.get("/people").status_code == 303
        assert log_in(client).status_code == 422


def test_thirty_log_ins_a_minute_are_enough(make_app: Callable[..., Flask]) -> None:
    app = make_app(RATELIMIT_ENABLED=True)
    with app.app_context():
        factories.site()
    client = app.test_client()
    token = factories.csrf_of(client, "/login")
    said = {"csrf_token": token, "email": "", "password": ""}
    answers = [client.post("/login", data=said).status_code for _ in range(31)]
    assert answers == [422] * 30 + [429]


class TestSetUp:
    words = {
        "site_name": "Halden & Roe",
        "headcount": "15",
        "name": "Greta Nyström",
        "email": "greta@example.com",
        "password": GOOD,
        "space_name": "Everyone",
        "invitations": "pavel@example.com",
    }

    def test_an_empty_forum_asks_for_it_and_shows_links_to_copy(
        self, client: FlaskClient
    ) -> None:
        assert client.get("/people").location == "/set-up"
        token = factories.csrf_of(client, "/set-up")
        answer = client.post("/set-up", data={**self.words, "csrf_token": token})
        assert (answer.status_code, answer.location) == (303, "/invitations")
        page = client.get("/invitations").get_data(as_text=True)
        assert "http://localhost/invitations/" in page
        assert "Halden &amp; Roe" in page

    def test_what_is_wrong_is_said_and_nothing_is_made(
        self, app: Flask, client: FlaskClient
    ) -> None:
        token = factories.csrf_of(client, "/set-up")
        wrong = {**self.words, "password": "short", "csrf_token": token}
        answer = client.post("/set-up", data=wrong)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "at least 10 characters" in page
        assert "Greta Nyström" in page
        with app.app_context():
            assert db.session.get(Site, 1) is None

    def test_it_happens_once(self, app: Flask, client: FlaskClient) -> None:
        token = factories.csrf_of(client, "/set-up")
        with app.app_context():
            factories.site()
        answer = client.post("/set-up", data={**self.words, "csrf_token": token})
        assert (answer.status_code, answer.location) == (303, "/login")
        assert client.get("/set-up").location == "/login"


class TestLinks:
    def test_a_mailed_invitation_lets_its_reader_in_once(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.app_context():
            lead = factories.person("Greta <b>", role=Role.LEAD)
            with transaction():
                invite_person(lead, email="pavel@example.com")
            event = db.session.scalars(
                sa.select(Event).where(Event.verb == "invitation.sent")
            ).one()
            (mail,) = notifications.mails_for("mail_invitation", event)
        assert mail.to == "pavel@example.com"
        assert "Greta <b>" in mail.text
        assert "Greta &lt;b&gt;" in mail.html
        path = next(
            word.removeprefix("http://localhost")
            for word in mail.text.split()
            if word.startswith("http://localhost/invitations/")
        )
        token = factories.csrf_of(client, path)
        said = {"csrf_token": token, "name": "Pavel", "password": GOOD}
        assert client.post(path, data={**said, "password": "short"}).status_code == 422
        assert client.post(path, data=said).location == "/"
        assert "Pavel" in client.get("/people").get_data(as_text=True)
        assert app.test_client().get(path).status_code == 403
        with app.app_context():
            event = db.session.scalars(
                sa.select(Event).where(Event.verb == "invitation.sent")
            ).one()
            assert notifications.mails_for("mail_invitation", event) == []

    @pytest.mark.parametrize("path", ["/invitations/x.y", "/password-resets/x.y"])
    def test_a_link_nobody_signed_here_is_not_found(
        self, app: Flask, client: FlaskClient, path: str
    ) -> None:
        with app.app_context():
            factories.site()
        assert client.get(path).status_code == 404

    @pytest.mark.usefixtures("dana")
    def test_asking_for_a_new_password_tells_nobody_who_is_here(
        self, client: FlaskClient
    ) -> None:
        token = factories.csrf_of(client, "/password-resets")
        answers = [
            client.post("/password-resets", data={"csrf_token": token, "email": email})
            for email in ("dana@example.com", "nobody@example.com")
        ]
        assert {each.status_code for each in answers} == {303}
        assert answers[0].location == answers[1].location
        page = client.get(answers[0].location).get_data(as_text=True)
        assert "If somebody here has this address" in page

    @pytest.mark.usefixtures("dana")
    def test_a_mailed_link_sets_a_new_password(
        self, app: Flask, client: FlaskClient
    ) -> None:
        with app.app_context():
            with transaction():
                request_reset("dana@example.com")
            event = db.session.scalars(
                sa.select(Event).where(Event.verb == "password_reset.requested")
            ).one()
            (mail,) = notifications.mails_for("mail_password_reset", event)
        link = next(w for w in mail.text.split() if w.startswith("http://localhost/p"))
        path = link.removeprefix("http://localhost")
        token = factories.csrf_of(client, path)
        said = {"csrf_token": token, "password": "a kettle sings at four"}
        assert client.post(path, data=said).location == "/login"
        assert client.post(path, data=said).status_code == 403
        assert log_in(client, password="a kettle sings at four").status_code == 303


class TestDemo:
    def test_one_button_for_each_role(self, make_app: Callable[..., Flask]) -> None:
        app = make_app(FORUM_DEMO="yes")
        with app.app_context():
            ids = {
                role: factories.person(role=role, department="Ops").id for role in Role
            }
            factories.person()
        client = app.test_client()
        page = client.get("/login").get_data(as_text=True)
        assert page.count("Continue as") == len(Role)
        token = factories.csrf_of(client, "/login")
        said = {"csrf_token": token, "person": str(ids[Role.LEAD])}
        assert client.post("/demo-log-ins", data=said).status_code == 303
        assert client.get("/invitations").status_code == 200

    def test_elsewhere_there_is_no_such_page(
        self, client: FlaskClient, dana: int
    ) -> None:
        token = factories.csrf_of(client, "/login")
        said = {"csrf_token": token, "person": str(dana)}
        assert client.post("/demo-log-ins", data=said).status_code == 404
        assert client.get("/people").status_code == 303


@pytest.mark.usefixtures("dana")
def test_a_theme_is_kept_and_leads_back(client: FlaskClient) -> None:
    token = factories.csrf_of(client, "/login")
    said = {"csrf_token": token, "theme": "dark", "next": "//evil.example"}
    answer = client.post("/theme", data=said)
    assert answer.location == "/"
    assert 'data-theme="dark"' in client.get("/login").get_data(as_text=True)


@pytest.mark.usefixtures("dana")
def test_a_new_password_needs_the_old_one(client: FlaskClient) -> None:
    log_in(client)
    token = factories.csrf_of(client, "/password")
    said = {"csrf_token": token, "password": "a kettle sings at four"}
    wrong = client.post("/password", data={**said, "current_password": "no"})
    assert wrong.status_code == 422
    assert "not your present password" in wrong.get_data(as_text=True)
    right = client.post("/password", data={**said, "current_password": GOOD})
    assert right.location == "/sessions"
    assert client.get("/sessions").status_code == 200
