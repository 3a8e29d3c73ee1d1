"""Profiles, sessions and administration, through the pages."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from forum import clock
from forum.actions.tokens import create_token
from forum.extensions import db
from forum.models import Invitation, Person, PersonTag, Role, Tag, Wish
from forum.unit_of_work import transaction
from tests import factories
from tests.counting import statements

Browser = Callable[[Person | int], FlaskClient]


def colleague(app: Flask, name: str = "Dana Kovač", **more: object) -> int:
    with app.app_context():
        return factories.person(name, **more).id


def crowd(app: Flask, size: int) -> None:
    with app.app_context(), transaction():
        tag = Tag(name=f"tag-{size}", created_at=clock.now())
        db.session.add(tag)
        db.session.flush()
        for number in range(size):
            person = Person(
                name=f"Crowd {number:03}",
                email=f"c{number}@example.com",
                email_folded=f"c{number}@example.com",
                department=f"Department {number % 7}",
                state_at=clock.now(),
                created_at=clock.now(),
            )
            db.session.add(person)
            db.session.flush()
            wish = PersonTag(person_id=person.id, tag_id=tag.id, wish=Wish.OFFER)
            db.session.add(wish)


@pytest.mark.parametrize("size", [10, 100])
def test_lists_cost_the_same_for_ten_and_a_hundred(
    app: Flask, browser_of: Browser, size: int
) -> None:
    me = colleague(app, role=Role.ADMIN)
    crowd(app, size)
    browser = browser_of(me)
    for path, cost in (("/people", 4), ("/admin", 2)):
        with statements(app) as seen:
            assert browser.get(path).status_code == 200
        assert len(seen) == cost, seen


def test_every_colleague_is_on_exactly_one_page(
    app: Flask, browser_of: Browser
) -> None:
    browser = browser_of(colleague(app, "Zoë"))
    crowd(app, 60)
    first = browser.get("/people").get_data(as_text=True)
    after = first.split("after=")[1].split('"')[0]
    second = browser.get(f"/people?after={after}").get_data(as_text=True)
    for number in range(60):
        name = f"Crowd {number:03}<"
        assert (name in first) != (name in second)
    assert browser.get("/people?after=nonsense").status_code == 404


def test_people_are_found_by_the_beginning_of_any_name(
    app: Flask, browser_of: Browser
) -> None:
    browser = browser_of(colleague(app, department="Operations"))
    colleague(app, "Élodie 100%_ok", department="Finance")
    for asked, found in [
        ("name=ko", "Dana"),
        ("name=élo", "Élodie"),
        ("department=Finance", "Élodie"),
    ]:
        page = browser.get(f"/people?{asked}").get_data(as_text=True)
        rows = page.split('class="plates"')[1].split("</main>")[0]
        assert found in rows
        assert rows.count('class="plate"') == 1
    assert "such a name" in browser.get("/people?name=%25").get_data(as_text=True)


class TestProfile:
    def test_a_wrong_name_in_the_address_leads_on_once(
        self, app: Flask, browser_of: Browser
    ) -> None:
        me = colleague(app)
        browser = browser_of(me)
        for path in (f"/people/{me}", f"/people/{me}-somebody-else"):
            answer = browser.get(path)
            assert answer.status_code == 301
            assert answer.location.endswith(f"/people/{me}-dana-kovac")
        assert browser.get(f"/people/{me}-dana-kovac").status_code == 200
        assert browser.get("/people/999-nobody").status_code == 404
        assert browser.get(f"/people/{10**30}-nobody").status_code == 404

    def test_guests_look_up_nobody_but_themselves(
        self, app: Flask, browser_of: Browser
    ) -> None:
        other, guest = colleague(app), colleague(app, "Gwen", role=Role.GUEST)
        browser = browser_of(guest)
        assert browser.get(f"/people/{other}-dana-kovac").status_code == 404
        assert "Dana" not in browser.get("/people").get_data(as_text=True)
        assert browser.get(f"/people/{guest}-gwen").status_code == 200

    def test_it_is_edited_and_a_stale_save_shows_both(
        self, app: Flask, browser_of: Browser
    ) -> None:
        me = colleague(app)
        browser = browser_of(me)
        said = {
            "csrf_token": factories.csrf_of(browser, f"/people/{me}/edit"),
            "version": "1",
            "name": "Dana Kovač",
            "department": "Operations",
            "offers": "Backup, month end",
            "wants": "speaking",
            "bio": "**Nights** <script>alert(1)</script>",
        }
        saved = browser.post(f"/people/{me}/edit", data=said)
        assert saved.status_code == 303
        page = browser.get(saved.location).get_data(as_text=True)
        assert "<strong>Nights</strong>" in page
        assert "<script>alert" not in page
        assert "month-end" in page
        stale = browser.post(f"/people/{me}/edit", data={**said, "department": "Sales"})
        page = stale.get_data(as_text=True)
        assert stale.status_code == 409
        assert 'value="Sales"' in page
        assert "Operations" in page
        assert 'name="version" type="hidden" value="2"' in page
        wrong = browser.post(f"/people/{me}/edit", data={**said, "offers": "?!"})
        assert wrong.status_code == 422
        assert "cannot be tags" in wrong.get_data(as_text=True)

    def test_others_cannot_open_or_send_the_form(
        self, app: Flask, browser_of: Browser
    ) -> None:
        other, browser = colleague(app), browser_of(colleague(app, "Pavel"))
        token = factories.csrf_of(browser, "/people")
        said = {"csrf_token": token, "version": "1", "name": "Mine"}
        assert browser.get(f"/people/{other}/edit").status_code == 403
        assert browser.post(f"/people/{other}/edit", data=said).status_code == 403

    def test_a_picture_comes_and_goes(self, app: Flask, browser_of: Browser) -> None:
        me = colleague(app)
        browser = browser_of(me)
        token = factories.csrf_of(browser, f"/people/{me}/edit")
        out = io.BytesIO()
        Image.new("RGB", (30, 30), "red").save(out, "JPEG")

        def send(data: bytes, name: str) -> int:
            sent = {"csrf_token": token, "file": (io.BytesIO(data), name)}
            return browser.post(f"/people/{me}/picture", data=sent).status_code

        assert send(out.getvalue(), "me.jpg") == 303
        page = browser.get(f"/people/{me}-dana-kovac").get_data(as_text=True)
        source = page.split('class="avatar avatar-large" src="')[1].split('"')[0]
        with browser.get(source) as shown:
            assert shown.mimetype == "image/jpeg"
        assert send(b"only words", "me.txt") == 422
        removal = f"/people/{me}/picture-removal"
        assert browser.post(removal, data={"csrf_token": token}).status_code == 303
        assert browser.get(source).status_code == 404


def test_somebody_ends_their_own_sessions_and_tokens_only(
    app: Flask, browser_of: Browser
) -> None:
    me, other = colleague(app), colleague(app, "Pavel")
    here, there, theirs = browser_of(me), browser_of(me), browser_of(other)
    with app.app_context(), transaction():
        create_token(db.session.get_one(Person, me), scopes=["read"], name="nightly")
    token = factories.csrf_of(here, "/sessions")
    page = here.get("/sessions").get_data(as_text=True)
    assert "This browser" in page
    assert "nightly" in page
    assert here.post("/sessions/3/revocation", data={"csrf_token": token}).status == (
        "404 NOT FOUND"
    )
    here.post("/sessions/2/revocation", data={"csrf_token": token})
    assert there.get("/sessions").status_code == 303
    assert theirs.get("/sessions").status_code == 200
    here.post("/sessions/revocation", data={"csrf_token": token})
    here.post("/tokens/1/revocation", data={"csrf_token": token})
    assert "nightly" not in here.get("/sessions").get_data(as_text=True)


class TestAdmin:
    @pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
    def test_it_is_for_admins(
        self, app: Flask, browser_of: Browser, role: Role
    ) -> None:
        other, browser = colleague(app), browser_of(colleague(app, "Pavel", role=role))
        said = {"csrf_token": factories.csrf_of(browser, "/sessions"), "role": "admin"}
        assert browser.get("/admin").status_code == 403
        assert browser.get(f"/admin/people/{other}").status_code == 403
        for place in ("role", "deactivation", "reactivation", "reset-links"):
            sent = browser.post(f"/admin/people/{other}/{place}", data=said)
            assert sent.status_code == 403

    def test_standing_of_others_but_not_ones_own(
        self, app: Flask, browser_of: Browser
    ) -> None:
        other, me = colleague(app), colleague(app, "Greta", role=Role.ADMIN)
        browser = browser_of(me)
        said = {"csrf_token": factories.csrf_of(browser, "/admin"), "role": "lead"}
        for place in ("role", "deactivation", "reactivation"):
            sent = browser.post(f"/admin/people/{other}/{place}", data=said)
            assert sent.status_code == 303
            assert browser.get(sent.location).status_code == 200
        with app.app_context():
            assert db.session.get_one(Person, other).role is Role.LEAD
        for place in ("role", "deactivation"):
            sent = browser.post(f"/admin/people/{me}/{place}", data=said)
            assert sent.status_code == 403
        assert "Ask another admin" in browser.get(f"/admin/people/{me}").get_data(
            as_text=True
        )

    def test_a_link_for_a_new_password_is_shown_once(
        self, app: Flask, browser_of: Browser
    ) -> None:
        other = colleague(app)
        browser = browser_of(colleague(app, "Greta", role=Role.ADMIN))
        said = {"csrf_token": factories.csrf_of(browser, "/admin")}
        page = browser.post(f"/admin/people/{other}/reset-links", data=said)
        link = page.get_data(as_text=True).split('readonly value="')[1].split('"')[0]
        path = link.removeprefix("http://localhost")
        assert app.test_client().get(path).status_code == 200
        again = browser.get(f"/admin/people/{other}").get_data(as_text=True)
        assert link not in again

    def test_a_lead_invites_and_withdraws_their_own(
        self, app: Flask, browser_of: Browser
    ) -> None:
        colleague(app, email="dana@example.com")
        browser = browser_of(colleague(app, "Greta", role=Role.LEAD))
        token = factories.csrf_of(browser, "/invitations")
        said = {"csrf_token": token, "role": "member", "emails": "a@example.com"}
        bad = {**said, "emails": "b@example.com\nDANA@example.com"}
        refused = browser.post("/invitations", data=bad)
        assert refused.status_code == 422
        assert "here already: DANA@example.com" in refused.get_data(as_text=True)
        more = browser.post("/invitations", data={**said, "role": "admin"})
        assert more.status_code == 422
        assert browser.post("/invitations", data=said).status_code == 303
        with app.app_context():
            assert db.session.query(Invitation).count() == 1
        page = browser.get("/invitations").get_data(as_text=True)
        assert "a@example.com" in page
        browser.post("/invitations/1/withdrawal", data={"csrf_token": token})
        page = browser.get("/invitations").get_data(as_text=True)
        assert "Nobody is invited" in page
