"""The promise of the forum: what one writes is kept, found under its old address, and
comes back as it stood, with scripts and without.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Opener
from tests.journeys.serving import Forum, Watched, go, ready
from tests.journeys.steps import (
    invite,
    join_and_log_in,
    paste_picture,
    press,
    saved,
    screenshot,
    set_up,
    text_of,
    write,
)

pytestmark = pytest.mark.browser

ADDRESS = "dana@example.com"
GOAL = "A copy of the customer database, restored beside the real one."
BODY = "## Find last night's copy\n\nIt lies on the backup host.\n\n## Restore it\n\n"
LOST = "Never restore over the real one."


def _comes_in(forum: Forum, open_browser: Opener, **options: Any) -> Watched:
    admin = open_browser(forum, **options)
    link = invite(set_up(admin), ADDRESS)
    dana = open_browser(forum, **options)
    page = join_and_log_in(dana, link, "Dana Kovač", ADDRESS)
    page.close()
    return dana


def _two_save(dana: Watched, entry: str) -> Any:
    """Two windows open the same text; the second to save sees both."""
    first, second = dana.page(f"{entry}/edit"), dana.page(f"{entry}/edit")
    body = first.locator("#body").input_value()
    first.locator("#body").fill(body.replace("the backup host", "the host attic"))
    press(first, "Publish")
    assert "attic" in text_of(first)
    second.locator("#body").fill(f"{body}\n\nThen write down how long it took.")
    press(second, "Publish")
    assert "changed while you were writing" in second.locator("h1").inner_text()
    shown = text_of(second)
    assert "attic" in shown and "how long it took" in shown
    merged = second.locator("#body").input_value()
    assert "attic" in merged and "how long it took" in merged
    press(second, "Publish")
    assert "attic" in text_of(second) and "how long it took" in text_of(second)
    first.close()
    return second


def _goes_back(page: Any, entry: str) -> None:
    go(page, f"{entry}/revisions")
    with page.expect_navigation():
        page.get_by_role("link", name="Revision 1", exact=True).click()
    press(page, "Make this the present text")
    shown = text_of(page)
    assert "backup host" in shown
    assert "attic" not in shown and "how long it took" not in shown


def _renames(page: Any, entry: str) -> None:
    old = page.url
    go(page, f"{entry}/edit")
    page.locator("#title").fill("Restore the customers beside the real ones")
    press(page, "Publish")
    new = page.url.split("?")[0]
    assert new != old and new.endswith("restore-the-customers-beside-the-real-ones")
    answer = go(page, old)
    hop = answer.request.redirected_from
    assert hop is not None and hop.response().status == 301
    assert hop.redirected_from is None
    assert page.url == new and page.locator("h1").inner_text().startswith("Restore the")


def _entry_path(page: Any) -> str:
    number = page.url.rsplit("/", 1)[1].split("-")[0]
    return f"/entries/{number}"


def test_a_tutorial_is_written_lost_found_merged_and_restored(
    forum: Forum, open_browser: Opener
) -> None:
    dana = _comes_in(forum, open_browser)
    page = dana.page("/write")
    write(page, title="Restore the customer database")
    with page.expect_navigation():
        page.locator("#kind").select_option("tutorial")
    ready(page)
    assert page.locator("#title").input_value() == "Restore the customer database"
    write(page, field_goal=GOAL, tags="backup, database", body=BODY)
    paste_picture(page, "restore dialog.png")
    saved(page)
    page.locator("[data-preview] img").wait_for()

    dana.context.set_offline(True)
    page.locator("#body").press("Control+End")
    page.keyboard.type(LOST)
    page.locator("[data-draft-status]", has_text="kept on this device").wait_for()
    page.close()
    dana.context.set_offline(False)

    page = dana.page("/write")
    found = page.locator("[data-draft-recovery]")
    found.get_by_text("Restore the customer database").wait_for()
    found.get_by_role("button", name="Restore").click()
    page.wait_for_function(
        "(lost) => document.querySelector('#body').value.includes(lost)", arg=LOST
    )
    page.locator("#field-goal").wait_for()
    saved(page)
    press(page, "Publish")
    shown = text_of(page)
    assert LOST in shown and GOAL in shown
    picture = page.locator(".entry-text img")
    assert picture.evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 320
    page.wait_for_function("() => localStorage.length === 0")

    entry = _entry_path(page)
    page.close()
    page = _two_save(dana, entry)
    _goes_back(page, entry)
    assert LOST in text_of(page)
    _renames(page, entry)


def test_the_same_without_scripts(forum: Forum, open_browser: Opener) -> None:
    dana = _comes_in(forum, open_browser, java_script_enabled=False)
    page = dana.page("/write")
    write(page, title="Restore the customer database")
    page.locator("#kind").select_option("tutorial")
    press(page, "Change kind")
    assert page.locator("#title").input_value() == "Restore the customer database"
    write(page, field_goal=GOAL, tags="backup, database", body=BODY)
    page.locator("#file").set_input_files(
        {"name": "restore.png", "mimeType": "image/png", "buffer": screenshot()}
    )
    press(page, "Add file")
    body = page.locator("#body").input_value()
    assert "![restore](/files/" in body
    page.locator("#body").fill(body + LOST)
    # The first of the two saves when Enter is pressed and is not seen.
    with page.expect_navigation():
        page.locator(".editor-bar").get_by_role("button", name="Save draft").click()
    page.close()

    page = dana.page("/drafts")
    with page.expect_navigation():
        page.get_by_role("link", name="Restore the customer database").click()
    assert LOST in page.locator("#body").input_value()
    press(page, "Preview")
    assert GOAL in text_of(page) and LOST in text_of(page)
    press(page, "Go on writing")
    assert LOST in page.locator("#body").input_value()
    press(page, "Preview")
    press(page, "Publish")
    assert LOST in text_of(page) and GOAL in text_of(page)
    assert page.locator(".entry-text img").evaluate("(img) => img.naturalWidth") == 320

    entry = _entry_path(page)
    page.close()
    page = _two_save(dana, entry)
    _goes_back(page, entry)
    _renames(page, entry)
