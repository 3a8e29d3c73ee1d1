"""The pages of Spaces in a browser's eyes: forms, old addresses, what is not shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from forum import clock
from forum.actions.content import prepare
from forum.actions.entries import publish_entry
from forum.extensions import db
from forum.models import (
    Person,
    Role,
    Space,
    SpaceMember,
    SpaceRole,
    SpaceTemplate,
    Visibility,
)
from forum.unit_of_work import transaction
from tests import factories
from tests.counting import statements

Browser = Callable[[Person | int], FlaskClient]
MARK = "Zanzibar"


@pytest.fixture
def mara(app: Flask) -> int:
    with app.app_context():
        return factories.person("Mara Ruiz").id


@pytest.fixture
def space(app: Flask, mara: int) -> tuple[int, str]:
    """A Space that Mara looks after: its id and address."""
    with app.app_context():
        row = factories.space(db.session.get_one(Person, mara))
        return row.id, row.slug


def entries(owner_id: int, space_id: int, number: int, tag: str = "stock") -> None:
    owner = db.session.get_one(Person, owner_id)
    space = db.session.get_one(Space, space_id)
    for turn in range(number):
        content = prepare(
            kind="post", title=f"{MARK} {turn}", body="Words", fields={}, tags=tag
        )
        with transaction():
            publish_entry(owner, space, content)


def fields(client: FlaskClient, path: str, **more: str) -> dict[str, str]:
    token = factories.csrf_of(client, path)
    return {"csrf_token": token, "kind": "topic", "visibility": "open", **more}


def test_somebody_starts_a_space_and_renames_it(browser_of: Browser, mara: int) -> None:
    browser = browser_of(mara)
    sent = fields(browser, "/spaces/new", name="Returns", required_tags="Box, box 2")
    assert browser.post("/spaces", data=sent).location == "/spaces/returns"
    form = browser.get("/spaces/returns/edit").get_data(as_text=True)
    assert 'value="box, box-2"' in form
    sent = fields(browser, "/spaces/returns/edit", name="Sent back", version="1")
    assert browser.post("/spaces/returns", data=sent).location == "/spaces/sent-back"
    stale = browser.post("/spaces/sent-back", data={**sent, "name": "Third"})
    assert stale.status_code == 409
    page = stale.get_data(as_text=True)
    assert 'value="Third"' in page and "Sent back" in page
    again = {**sent, "name": "Third", "version": "2"}
    assert browser.post("/spaces/sent-back", data=again).location == "/spaces/third"
    for path in ("", "/members", "/edit", "/templates/tip"):
        answer = browser.get(f"/spaces/returns{path}?sort=active")
        assert (answer.status_code, answer.location) == (
            301,
            f"/spaces/third{path}?sort=active",
        )


def test_a_form_that_cannot_be_taken_keeps_what_was_typed(
    browser_of: Browser, mara: int
) -> None:
    browser = browser_of(mara)
    sent = fields(
        browser, "/spaces/new", name=" ", purpose="Kept words", required_tags="a, !!"
    )
    answer = browser.post("/spaces", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Kept words" in page and "Give the Space a name." in page
    assert "These cannot be tags: !!." in page


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.CLOSED])
@pytest.mark.parametrize("role", list(Role))
def test_outsiders_learn_nothing_of_what_is_in_a_space(
    app: Flask, browser_of: Browser, visibility: Visibility, role: Role
) -> None:
    with app.app_context():
        owner = factories.person("Ottoline Featherstone")
        space = factories.space(owner, "Secret plans", visibility)
        entries(owner.id, space.id, 2, tag="hush")
        owner_id, slug = owner.id, space.slug
        browser = browser_of(factories.person(role=role).id)
    token = factories.csrf_of(browser, "/spaces")
    known = visibility is Visibility.CLOSED and role is not Role.GUEST
    for path in ("/members", "/edit", "/templates/tip"):
        assert browser.get(f"/spaces/{slug}{path}").status_code == 404
    for path in ("", "/members", f"/members/{owner_id}", "/templates/tip"):
        answer = browser.post(f"/spaces/{slug}{path}", data={"csrf_token": token})
        assert answer.status_code == 404
    joined = browser.post(f"/spaces/{slug}/membership", data={"csrf_token": token})
    assert joined.status_code == (403 if known else 404)
    landing = browser.get(f"/spaces/{slug}")
    assert landing.status_code == (200 if known else 404)
    for page in (landing, browser.get("/spaces"), browser.get("/tags")):
        text = page.get_data(as_text=True)
        assert not any(word in text for word in (MARK, "hush", "Ottoline"))
        assert ("Secret plans" in text) <= known
    assert browser.get("/tags/hush").status_code == 404
    assert ("Secret plans" in browser.get("/spaces").get_data(as_text=True)) is known


def test_joining_adding_and_leaving(
    app: Flask, browser_of: Browser, mara: int, space: tuple[int, str]
) -> None:
    with app.app_context():
        sam = factories.person("Sam Brandt").id
        guest = factories.person("Gil", Role.GUEST).id
    slug = space[1]
    ours, theirs = browser_of(mara), browser_of(sam)
    token = {"csrf_token": factories.csrf_of(theirs, "/spaces")}
    assert theirs.post(f"/spaces/{slug}/membership", data=token).status_code == 303
    assert theirs.post(f"/spaces/{slug}/members", data=token).status_code == 403
    token = {"csrf_token": factories.csrf_of(ours, "/spaces")}
    found = ours.get(f"/spaces/{slug}/members?q=gi").get_data(as_text=True)
    assert f'name="person_id" value="{guest}"' in found
    add = {**token, "person_id": str(guest)}
    assert ours.post(f"/spaces/{slug}/members", data=add).status_code == 303
    assert browser_of(guest).get(f"/spaces/{slug}").status_code == 200
    add = {**token, "person_id": "999"}
    assert ours.post(f"/spaces/{slug}/members", data=add).status_code == 422
    last = ours.post(f"/spaces/{slug}/departure", data=token)
    assert last.status_code == 422
    assert "A Space needs a facilitator." in last.get_data(as_text=True)
    up = {**token, "role": "facilitator"}
    ours.post(f"/spaces/{slug}/members/{sam}", data=up)
    assert ours.post(f"/spaces/{slug}/departure", data=token).status_code == 303
    gone = theirs.post(
        f"/spaces/{slug}/members/{guest}/removal",
        data={"csrf_token": factories.csrf_of(theirs, "/spaces")},
    )
    assert gone.status_code == 303
    with app.app_context():
        assert list(db.session.scalars(sa.select(SpaceMember.person_id))) == [sam]


def test_a_space_asks_for_more(
    app: Flask, browser_of: Browser, mara: int, space: tuple[int, str]
) -> None:
    slug = space[1]
    browser = browser_of(mara)
    path = f"/spaces/{slug}/templates/tip"
    sent = {
        "csrf_token": factories.csrf_of(browser, path),
        "guidance": "Short, please.",
        "version": "0",
        "added-0-label": "Which shop?",
        "added-0-type": "choice",
        "added-0-place": "after",
        "added-0-choices": "",
    }
    answer = browser.post(path, data=sent)
    assert answer.status_code == 422
    assert "Write the choices" in answer.get_data(as_text=True)
    sent["added-0-choices"] = "North\r\nSouth"
    assert browser.post(path, data=sent).status_code == 303
    assert browser.post(path, data=sent).status_code == 409
    page = browser.get(path).get_data(as_text=True)
    assert "Which shop?" in page and 'value="which_shop"' in page
    with app.app_context():
        template = db.session.scalars(sa.select(SpaceTemplate)).one()
        assert template.fields[0]["choices"] == ["North", "South"]
    assert browser.get(f"/spaces/{slug}/templates/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("path", "number"),
    [("/spaces", 2), ("/spaces/{slug}", 6), ("/tags", 2), ("/tags/stock", 6)],
)
def test_lists_cost_the_same_for_ten_and_a_hundred(
    app: Flask,
    browser_of: Browser,
    mara: int,
    space: tuple[int, str],
    path: str,
    number: int,
) -> None:
    browser = browser_of(mara)
    address = path.format(slug=space[1])
    counted = []
    for more in (10, 90):
        with app.app_context():
            entries(mara, space[0], more, "stock")
            for _ in range(more if path == "/spaces" else 0):
                factories.space(db.session.get_one(Person, mara))
        with statements(app) as seen:
            assert browser.get(address).status_code == 200
        counted.append(len(seen))
    assert counted == [number, number]


def test_members_cost_the_same_for_ten_and_a_hundred(
    app: Flask, browser_of: Browser, mara: int, space: tuple[int, str]
) -> None:
    browser = browser_of(mara)
    counted = []
    for more in (10, 90):
        with app.app_context():
            ids = [factories.person().id for _ in range(more)]
            now = clock.now()
            with transaction():
                for each in ids:
                    row = {"space_id": space[0], "person_id": each, "since": now}
                    db.session.add(SpaceMember(**row, role=SpaceRole.MEMBER))
        with statements(app) as seen:
            assert browser.get(f"/spaces/{space[1]}/members").status_code == 200
        counted.append(len(seen))
    assert counted == [4, 4]


@pytest.mark.parametrize("broken", ["%00", "%ff", "a" * 300, "..", "%0a"])
def test_addresses_nobody_made_are_not_found(
    browser_of: Browser, mara: int, broken: str
) -> None:
    browser = browser_of(mara)
    for path in (f"/spaces/{broken}", f"/tags/{broken}", f"/spaces?after={broken}"):
        assert browser.get(path).status_code in (404, 308, 200)
