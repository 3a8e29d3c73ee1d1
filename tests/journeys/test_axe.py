"""Every page, narrow to wide, light and dark: for everybody, and inside its window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.journeys.conftest import Opener
from tests.journeys.pages import Cast, View, cast_of, groups
from tests.journeys.serving import Forum, Watched, go
from tests.journeys.steps import set_up

pytestmark = pytest.mark.browser

WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
AXE = """() => axe.run({ resultTypes: ["violations"], preload: false }).then((found) =>
  found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, any, all, none }) =>
    `${id}: ${target.join(" ")}: ${[...any, ...all, ...none][0]?.message ?? ""}`)))"""
WIDER = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const out = [...document.querySelectorAll("body *")].filter(
    (one) => one.getBoundingClientRect().right > clientWidth + 1);
  const names = out.map((one) => `${one.localName}.${one.className}`);
  return [`${scrollWidth} wide: ${names.slice(0, 6)}`];
}"""


def _look(page: Any, name: str, pictures: Path | None = None) -> list[str]:
    """Return all that is wrong with the page that is shown, in all six windows."""
    found = []
    page.evaluate(AXE_SCRIPT)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wrong = page.evaluate(WIDER) + page.evaluate(AXE)
            found += [f"{name}, {width}, {scheme}: {each}" for each in wrong]
            if pictures:
                file = f"{name.replace(' ', '-').replace(',', '')}-{width}-{scheme}.png"
                page.screenshot(path=pictures / file, full_page=True)
    return found


@pytest.fixture(scope="session")
def cast(told: Forum) -> Cast:
    """What there is to see in the told story."""
    return cast_of(told)


NAMES = (
    "coming in",
    "reading",
    "lists",
    "spaces",
    "people",
    "writing",
    "changing",
    "refusals",
    "components",
)


@pytest.mark.parametrize("group", NAMES)
def test_pages_are_for_everybody(
    told: Forum, cast: Cast, open_browser: Opener, pictures: Path | None, group: str
) -> None:
    every = groups(cast)
    assert tuple(every) == NAMES
    found = _look_at_all(told, cast, open_browser, every[group], pictures)
    assert found == [], "\n".join(found)


def _look_at_all(
    told: Forum,
    cast: Cast,
    open_browser: Opener,
    views: Sequence[View],
    pictures: Path | None,
) -> list[str]:
    browsers: dict[str, Watched] = {}
    found = []
    for view in views:
        if view.who not in browsers:
            browsers[view.who] = open_browser(told, bypass_csp=True)
            if view.who in cast.people:
                browsers[view.who].log_in(cast.people[view.who])
        page = browsers[view.who].page()
        view.show(page)
        found += _look(page, view.name, pictures)
        page.close()
    return found


def test_the_first_pages_of_an_empty_forum_are_for_everybody(
    forum: Forum, open_browser: Opener, pictures: Path | None
) -> None:
    browser = open_browser(forum)
    page = browser.page("/")
    found = _look(page, "set up", pictures)
    page.close()
    page = set_up(browser)
    found += _look(page, "home, begun", pictures)
    for name, path in (("drafts, none", "/drafts"), ("questions, none", "/posts")):
        go(page, path)
        found += _look(page, name, pictures)
    assert found == [], "\n".join(found)
