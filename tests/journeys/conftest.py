"""Forums to walk through in Chromium: an empty one a test, a filled one to look at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from forum.seeds import tell_story
from tests.journeys.serving import Forum, Watched, serving

Opener = Callable[..., Watched]


@pytest.fixture
def forum(tmp_path: Path) -> Iterator[Forum]:
    """An empty forum that nobody has set up."""
    with serving(tmp_path / "forum") as served:
        yield served


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forum]:
    """A forum with the demo story; many tests look at it, so they add only."""
    with serving(tmp_path_factory.mktemp("told")) as served:
        with served.app.test_request_context():
            tell_story()
        yield served


@pytest.fixture
def open_browser(chromium: Any) -> Iterator[Opener]:
    """Open browsers of a forum; what a page did that it may not do fails the test."""
    opened: list[Watched] = []

    def open_one(forum: Forum, **options: Any) -> Watched:
        options = {"base_url": forum.address, "reduced_motion": "reduce", **options}
        opened.append(Watched(chromium.new_context(**options), forum))
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.context.close()
    assert [fault for browser in opened for fault in browser.faults] == []


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where pictures of all pages are put for people to look at; usually nowhere."""
    folder = os.environ.get("COMMONPLACE_TEST_PICTURES")
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)
