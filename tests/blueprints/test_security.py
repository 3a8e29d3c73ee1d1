"""Nobody is led out of the forum, and no file or log-in becomes what it is not."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.actions.invitations import invite_person
from forum.actions.resets import make_reset_link
from forum.extensions import db
from forum.models import Person
from forum.passwords import prepare as prepare_password
from forum.unit_of_work import transaction
from forum.web import safe_next
from tests import factories
from tests.contracts.walking import settle


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example"]
    + ["https://evil.example", "javascript:alert(1)", "http://[", "/\t/evil.example"]
    + ["/x\r\nSet-Cookie: a=b", " //evil.example", "", None],
)
def test_one_goes_on_only_within_the_forum(app: Flask, target: str | None) -> None:
    with app.test_request_context("/"):
        assert safe_next(target) == "/"
        assert safe_next("/tips/7-a?after=x") == "/tips/7-a?after=x"


def test_a_form_that_was_kept_goes_on_only_within_the_forum(
    app: Flask, client: FlaskClient
) -> None:
    person_with_password(app)
    form = {
        "email": "ada@example.com",
        "password": PASSWORD,
        "next": "//evil.example",
        "kept_action": "//evil.example/take",
        "kept:body": "secret",
        "csrf_token": factories.csrf_of(client, "/login"),
    }
    answer = client.post("/login", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert b"evil" not in answer.data


def test_a_log_in_is_a_new_token_in_a_cookie_that_scripts_cannot_read(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(FORUM_SITE_URL="https://forum.example")
    person_with_password(app)
    client = app.test_client()
    # Somebody else's log-in that was put into this browser before.
    with app.app_context():
        other = factories.person().id
    planted = factories.logged_in(app, other).get_cookie(
        "__Host-commonplace", path="/", domain="localhost"
    )
    https = {"base_url": "https://forum.example"}
    page = client.get("/login", **https).get_data(as_text=True)
    found = re.search(r'name="csrf[_-]token" (?:value|content)="([^"]+)"', page)
    assert found
    form = {"email": "ada@example.com", "password": PASSWORD, "csrf_token": found[1]}
    headers = {"Referer": "https://forum.example/login"}
    answer = client.post("/login", data=form, headers=headers, **https)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-commonplace=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    assert planted is None or planted.value not in cookie


def test_links_name_the_forum_and_not_the_host_somebody_sent(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(FORUM_SITE_URL="https://forum.example")
    admin, known = settle(app)
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        from forum.notifications import invitation_link, reset_link

        actor = db.session.get_one(Person, admin)
        with transaction():
            invitation = invite_person(actor, email="new@example.com")
            reset = make_reset_link(actor, db.session.get_one(Person, admin))
            for link in (invitation_link(invitation), reset_link(reset)):
                assert link.startswith("https://forum.example/")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("both.png", b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>"),
        ("both.gif", b"GIF89a/*<script>*/=alert(1)//</script>"),
        ("both.pdf", b"%PDF-1.7\n<script>alert(1)</script>"),
        ("script.js", b"alert(1)"),
    ],
)
def test_what_was_uploaded_never_becomes_a_page_of_the_forum(
    name: str, data: bytes, app: Flask, browser_of: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        browser = browser_of(factories.person())
    form = {"csrf_token": factories.csrf_of(browser), "file": (io.BytesIO(data), name)}
    answer = browser.post("/uploads", data=form, headers={"Accept": "application/json"})
    assert answer.status_code in (201, 413, 422)
    if answer.status_code != 201:
        return
    file = browser.get(answer.get_json()["url"])
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "html" not in file.mimetype
    assert "svg" not in file.mimetype
    file.close()


def test_too_much_at_once_is_a_413_and_many_fields_are_no_500(
    app: Flask, browser_of: Callable[..., FlaskClient]
) -> None:
    with app.app_context():
        browser = browser_of(factories.person())
    token = factories.csrf_of(browser)
    many = {f"field-{n}": "x" for n in range(10_000)} | {"csrf_token": token}
    assert browser.post("/drafts", data=many).status_code in (303, 413)
    parts = {"content_type": "multipart/form-data"}
    few = dict(list(many.items())[-2_000:])
    assert browser.post("/drafts", data=few, **parts).status_code == 413
    for path in ("/drafts", "/publications", "/preview", "/theme", "/login"):
        huge = {"csrf_token": token, "body": "x" * (9 * 2**20)}
        assert browser.post(path, data=huge).status_code == 413


PASSWORD = "a long pass phrase for tests"  # noqa: S105


def person_with_password(app: Flask) -> None:
    hashed = prepare_password(PASSWORD).password_hash
    with app.app_context():
        factories.person("Ada", email="ada@example.com", password_hash=hashed)
