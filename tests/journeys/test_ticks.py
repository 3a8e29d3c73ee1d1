"""A tutorial remembers for each reader which steps are done, wherever they log in."""

from __future__ import annotations

from typing import Any

import pytest

from forum.actions.content import prepare
from forum.actions.entries import publish_entry
from forum.extensions import db
from forum.models import Person, Space
from forum.unit_of_work import transaction
from tests import factories
from tests.journeys.conftest import Opener
from tests.journeys.serving import Forum, go

pytestmark = pytest.mark.browser

STEPS = ("Find it", "Copy it", "Check it", "Move it", "Say so")


def _tutorial(forum: Forum) -> tuple[int, str]:
    with forum.app.test_request_context():
        reader = factories.person("Noor Haddad")
        space = factories.space(reader)
        reader_id, space_id = reader.id, space.id
        body = "\n\n".join(f"## {step}\n\nA sentence about it." for step in STEPS)
        content = prepare(
            kind="tutorial",
            title="Move a mailbox",
            body=body,
            fields={"goal": "The mailbox lies on the new host."},
            tags="",
        )
        with transaction():
            entry = publish_entry(
                db.session.get_one(Person, reader_id),
                db.session.get_one(Space, space_id),
                content,
            )
            path = f"/tutorials/{entry.id}-{entry.slug}"
    return reader_id, path


def _done(page: Any, number: int) -> Any:
    return page.get_by_role("button", name=f"Step {number} done", pressed=True)


def _two_of_five(page: Any) -> None:
    _done(page, 1).wait_for()
    _done(page, 3).wait_for()
    assert page.locator(".step-ring[aria-pressed=true]").count() == 2
    page.get_by_text("2 of 5 done").first.wait_for(state="attached")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_ticked_steps_are_there_on_another_computer(
    forum: Forum, open_browser: Opener, scripts: bool
) -> None:
    reader, path = _tutorial(forum)
    desk = open_browser(forum, java_script_enabled=scripts).log_in(reader).page(path)
    for number in (1, 2, 3):
        desk.get_by_role("button", name=f"Step {number} done").click()
        _done(desk, number).wait_for()
    desk.get_by_role("button", name="Step 2 done").click()
    desk.get_by_role("button", name="Step 2 done", pressed=False).wait_for()
    _two_of_five(desk)

    train = open_browser(forum, java_script_enabled=scripts).log_in(reader).page(path)
    _two_of_five(train)
    go(desk, path)
    _two_of_five(desk)


def test_ticking_keeps_the_place_and_the_focus(
    forum: Forum, open_browser: Opener
) -> None:
    reader, path = _tutorial(forum)
    page = open_browser(forum).log_in(reader).page(path)
    page.evaluate("window.stayed = true")
    ring = page.get_by_role("button", name="Step 2 done")
    ring.focus()
    page.keyboard.press("Space")
    _done(page, 2).wait_for()
    page.wait_for_function(
        "() => document.activeElement.getAttribute('aria-label') === 'Step 2 done'"
    )
    assert page.evaluate("window.stayed") is True
