"""Every address refuses by default, and reading changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient

from forum.actions.tokens import create_token
from forum.extensions import db
from forum.models import Person, Tag
from forum.unit_of_work import transaction
from tests import factories
from tests.contracts.walking import UNSAFE, Address, addresses, settle
from tests.counting import statements

# Whoever has no log-in may ask for these, and for nothing else.
OPEN = {
    "accounts.continue_as",
    "accounts.forgot",
    "accounts.join",
    "accounts.login",
    "accounts.logout",
    "accounts.reset",
    "accounts.set_theme",
    "accounts.set_up",
    "api-docs.openapi_json",
    "health.health",
    "health.ready",
}

# Statements that a GET may run: none of them changes a row.
READING = ("SELECT", "WITH", "EXPLAIN")

# Asked for without what they ask about, these have something else to say.
ELSE_ANSWERED = {
    "accounts.join": {404},
    "accounts.reset": {404},
    "entries.by_source": {404},
    "entries.by_title": {404},
    "health.ready": {503},  # the tests' database has tables and no migrations
}

# Pages that stand under one noun and are drawn by the template of another.
OTHER_TEMPLATE = {
    "accounts.change_password": "accounts/password.html",
    "comments.confirm_removal": "comments/remove.html",
    "comments.reply": "comments/write.html",
    "drafts.show": "entries/editor.html",
    "entries.download": "entries/download.md",
    "entries.edit": "entries/editor.html",
    "entries.write": "entries/editor.html",
    "posts.new": "entries/editor.html",
    "tips.new": "entries/editor.html",
    "tutorials.new": "entries/editor.html",
}


def refuses(status: int, location: str, *, is_api: bool) -> bool:
    """Whether an answer sends somebody without a log-in away."""
    if status == 401:
        return True
    return not is_api and status == 303 and location.startswith("/login")


def answers_strangers(app: Flask, client: FlaskClient) -> set[str]:
    """The endpoints that do not refuse somebody without a log-in."""
    found = set()
    for each in addresses(app):
        answer = client.open(each.path, method=each.method)
        location = answer.headers.get("Location", "")
        if not refuses(answer.status_code, location, is_api=each.is_api):
            found.add(each.endpoint)
    return found


def takes_without_token(app: Flask, client: FlaskClient) -> list[str]:
    """The pages that take an unsafe request without a CSRF token."""
    return [
        f"{each.method} {each.path} answers {status}"
        for each in addresses(app)
        if each.method in UNSAFE and not each.is_api
        if (status := client.open(each.path, method=each.method).status_code) != 400
    ]


def written_by(app: Flask, client: FlaskClient, path: str) -> list[str]:
    """The statements of a GET that do not only read."""
    with statements(app) as ran:
        client.get(path).close()
    return [sql for sql in ran if not sql.lstrip("( ").upper().startswith(READING)]


def wrong_status(each: Address, status: int) -> str:
    """A complaint unless the address answers as one with something behind it does."""
    expected = ELSE_ANSWERED.get(each.endpoint, {200, 301, 303})
    return "" if status in expected else f"GET {each.path} answers {status}"


def wrong_template(endpoint: str, drawn: str) -> str:
    """A complaint unless a page is drawn by the template of its name."""
    expected = OTHER_TEMPLATE.get(endpoint, endpoint.replace(".", "/") + ".html")
    return "" if drawn == expected else f"{endpoint} is drawn by {drawn}"


def test_strangers_are_refused_everywhere_but_here(app: Flask) -> None:
    with app.app_context():
        factories.person()
    assert answers_strangers(app, app.test_client()) == OPEN
    views = app.view_functions.items()
    marked = {name for name, view in views if getattr(view, "is_public", False)}
    assert marked | {"api-docs.openapi_json"} == OPEN


def test_an_address_left_open_is_seen(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        factories.person()

    def left_open(number: int) -> str:
        return "come in"

    left_open.is_public = True  # type: ignore[attr-defined]
    app.add_url_rule("/left-open/<int:number>", "left.open", left_open)
    assert answers_strangers(app, app.test_client()) == OPEN | {"left.open"}


def test_unsafe_requests_need_the_token(
    app: Flask, browser_of: Callable[..., FlaskClient]
) -> None:
    admin, _ = settle(app)
    assert takes_without_token(app, browser_of(admin)) == []


def test_a_form_without_token_is_seen(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        factories.person()
    app.view_functions["accounts.set_theme"] = lambda: "taken"
    app.before_request_funcs[None] = []  # without the gate
    client = app.test_client()
    assert "POST /theme answers 200" in takes_without_token(app, client)


def test_reading_shows_every_page_and_changes_nothing(
    app: Flask, browser_of: Callable[..., FlaskClient]
) -> None:
    admin, known = settle(app)
    browser, complaints = browser_of(admin), []
    for each in addresses(app, known):
        if each.method != "GET" or each.is_api:
            continue
        drawn: list[str] = []

        def note(_app: Flask, template: object, drawn: list[str] = drawn, **_: object):  # type: ignore[no-untyped-def]
            drawn.append(template.name)  # type: ignore[attr-defined]

        with template_rendered.connected_to(note, app), statements(app) as ran:
            answer = browser.get(each.path)
            answer.close()
        writes = [sql for sql in ran if not sql.upper().startswith(READING)]
        complaints += [f"GET {each.path} runs {sql}" for sql in writes]
        complaints.append(wrong_status(each, answer.status_code))
        if answer.status_code == 200 and drawn:
            complaints.append(wrong_template(each.endpoint, drawn[0]))
    assert [each for each in complaints if each] == []


def test_programs_that_read_change_nothing(app: Flask) -> None:
    admin, known = settle(app)
    with app.app_context(), transaction():
        token = create_token(db.session.get_one(Person, admin), scopes=["read"])
    client, complaints = app.test_client(), []
    for each in addresses(app, known):
        if each.method == "GET" and each.is_api:
            with statements(app) as ran:
                answer = client.get(
                    each.path, headers={"Authorization": f"Bearer {token}"}
                )
            complaints += [sql for sql in ran if not sql.startswith(READING)]
            complaints.append(wrong_status(each, answer.status_code))
    assert len(complaints) > 4
    assert [each for each in complaints if each] == []


@pytest.mark.parametrize("path", ["/health", "/people"])
def test_a_get_that_writes_is_seen(
    path: str, app: Flask, browser_of: Callable[..., FlaskClient]
) -> None:
    admin, _ = settle(app)
    browser = browser_of(admin)
    assert written_by(app, browser, path) == []

    def writing_view() -> str:
        db.session.query(Tag).update({"description": "read"})
        return "shown"

    endpoint = {"/health": "health.health", "/people": "people.index"}[path]
    app.view_functions[endpoint] = writing_view
    assert written_by(app, browser, path)[0].startswith("UPDATE tag")


def test_a_broken_page_and_a_strange_template_are_seen() -> None:
    tips = Address("tips.index", "GET", "/tips/")
    assert wrong_status(tips, 500) == "GET /tips/ answers 500"
    assert wrong_status(tips, 200) == ""
    assert wrong_template("tips.index", "tips/list.html") != ""
    assert wrong_template("tips.index", "tips/index.html") == ""
