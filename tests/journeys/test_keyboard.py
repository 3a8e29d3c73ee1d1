"""Nothing needs a mouse: a tip is opened, written and published with keys."""

from __future__ import annotations

from typing import Any

import pytest

from forum.extensions import db
from forum.models import Person
from tests.journeys.conftest import Opener
from tests.journeys.serving import Forum, ready
from tests.journeys.steps import text_of

pytestmark = pytest.mark.browser

FAR = 60
NAME = """() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? "";
  return (label || at.textContent || "").trim().replace(/\\s+/g, " ");
}"""
RING = """() => {
  const look = getComputedStyle(document.activeElement);
  return look.outlineStyle !== "none" || look.boxShadow !== "none"
    || document.activeElement.matches("textarea, input, select");
}"""


def _tab_to(page: Any, name: str, key: str = "Tab") -> None:
    """Press Tab until the control of that name has the focus, and shows that."""
    for _ in range(FAR):
        page.keyboard.press(key)
        if page.evaluate(NAME).startswith(name):
            assert page.evaluate(RING), f"{name} does not show that it has the focus"
            return
    raise AssertionError(f"Tab never comes to {name}")


def _person(forum: Forum, email: str) -> int:
    with forum.app.app_context():
        found = db.session.query(Person.id).filter_by(email=email).scalar()
        db.session.rollback()
    return int(found)


def test_a_tip_is_written_and_published_with_keys(
    told: Forum, open_browser: Opener
) -> None:
    page = open_browser(told).log_in(_person(told, "dana@example.com")).page("/")
    page.keyboard.press("Tab")
    assert page.evaluate(NAME) == "Skip to the text"
    with page.expect_navigation():
        page.keyboard.press("c")
    ready(page)
    _tab_to(page, "in")
    page.keyboard.type("Oper")
    assert "Operations" in page.locator("#space option:checked").inner_text()
    _tab_to(page, "Title")
    page.keyboard.type("Ring the carrier before two")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "body"
    page.keyboard.type("After two o'clock nobody picks up until Monday.")
    _tab_to(page, "The problem", key="Shift+Tab")
    page.keyboard.type("The carrier does not answer.")
    _tab_to(page, "Publish")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ready(page)
    assert page.locator("h1").inner_text() == "Ring the carrier before two"
    assert "nobody picks up" in text_of(page)


def test_the_menu_opens_and_closes_with_keys(told: Forum, open_browser: Opener) -> None:
    page = open_browser(told).log_in(_person(told, "dana@example.com")).page("/")
    _tab_to(page, "Your menu")
    page.keyboard.press("Enter")
    menu = page.locator("#your-menu")
    menu.wait_for(state="visible")
    _tab_to(page, "Your profile")
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    assert page.evaluate(NAME).startswith("Your menu")
