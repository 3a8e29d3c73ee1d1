"""Autosave says the truth, and no typed text is lost."""

from typing import Any

import pytest

pytestmark = pytest.mark.browser
STORED = "Object.keys(localStorage).filter(n => n.startsWith('commonplace:draft:7:'))"


def _status(page: Any, text: str) -> None:
    page.locator("[data-draft-status]", has_text=text).wait_for()


def _leave_field(page: Any) -> None:
    """Save now instead of when typing has stopped for a while."""
    page.evaluate("document.activeElement.blur()")


def _editor(context: Any) -> Any:
    page = context.new_page()
    page.goto("/editor")
    page.locator("html[data-ready]").wait_for()
    return page


def test_saved_is_said_after_the_server_said_so(context: Any, forum: Any) -> None:
    page = _editor(context)
    page.fill("#body", "Restore it into a side database")
    assert page.locator("[data-draft-status]").text_content() == ""
    _status(page, "Saved 14:02")
    assert "side database" in forum.saved[-1] and "key-1" in forum.saved[-1]
    assert page.locator("[name=draft_version]").input_value() == "1"
    assert page.evaluate(STORED) == []
    assert page.locator("[data-word-count]").text_content() == "6 words"
    page.locator("[data-preview]", has_text="Preview of").wait_for()
    page.fill("#body", "long " * 50)
    page.locator("[data-outgrown]").wait_for(state="visible")


def test_cut_network_killed_tab_text_is_offered_back(context: Any, forum: Any) -> None:
    page = _editor(context)
    page.fill("#title", "Restore a database")
    _leave_field(page)
    _status(page, "Saved 14:02")
    context.set_offline(True)
    page.fill("#body", "Nobody saw this yet")
    page.check("#tag")
    _status(page, "Not saved since 14:02, kept on this device")
    page.close()
    context.set_offline(False)

    forum.key = "key-2"
    page = _editor(context)
    block = page.locator("[data-draft-recovery]")
    block.get_by_text("Restore a database").wait_for()
    block.get_by_role("button", name="Restore").click()
    assert page.locator("#body").input_value() == "Nobody saw this yet"
    assert page.locator("#tag").is_checked()
    assert page.locator("[name=draft_key]").input_value() == "key-1"
    _status(page, "Saved 14:02")
    assert "Nobody saw this yet" in forum.saved[-1] and "key-1" in forum.saved[-1]
    assert page.evaluate(STORED) == []
    assert block.is_hidden()


def test_network_back_saves_by_itself(context: Any, forum: Any) -> None:
    page = _editor(context)
    context.set_offline(True)
    page.fill("#body", "In the train")
    _leave_field(page)
    _status(page, "Not saved yet, kept on this device")
    context.set_offline(False)
    _status(page, "Saved 14:02")


def test_conflict_stops_and_lets_the_person_choose(context: Any, forum: Any) -> None:
    page = _editor(context)
    forum.mode = "conflict"
    page.fill("#body", "Mine")
    _leave_field(page)
    _status(page, "Changed in another tab.")
    assert page.get_by_role("link", name="See the other version").is_visible()
    assert len(page.evaluate(STORED)) == 1
    forum.mode = "ok"
    page.fill("#body", "Mine, and more")
    _leave_field(page)
    page.wait_for_timeout(400)
    assert forum.saved == []
    page.get_by_role("button", name="Keep mine").click()
    _status(page, "Saved 14:02")
    assert "Mine, and more" in forum.saved[-1] and "\r\n9\r\n" in forum.saved[-1]
    assert page.evaluate(STORED) == []


def test_signed_out_keeps_the_text_here(context: Any, forum: Any) -> None:
    page = _editor(context)
    forum.mode = "signed_out"
    page.fill("#body", "Still mine")
    _leave_field(page)
    _status(page, "You are signed out. Your text is kept on this device.")
    assert len(page.evaluate(STORED)) == 1
    forum.mode = "ok"
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    _status(page, "Saved 14:02")


def test_a_new_session_in_another_tab_renews_the_token(
    context: Any, forum: Any
) -> None:
    page = _editor(context)
    page.evaluate("document.querySelector('[name=csrf-token]').content = 'old'")
    page.fill("#body", "Signed in again")
    _leave_field(page)
    _status(page, "Saved 14:02")
    assert len(forum.saved) == 1


def test_copy_of_another_page_is_filled_in_on_arrival(context: Any, forum: Any) -> None:
    page = _editor(context)
    page.evaluate(
        """() => localStorage.setItem('commonplace:draft:7:key-9', JSON.stringify({
        key: 'key-9', version: '4', at: 1, scope: 'entry:new', url: '/editor?kind=tip',
        values: [['title', 'T'], ['body', 'Text'], ['outcome', 'It did work']]}))"""
    )
    page.goto("/other")
    page.goto("/editor#restore=key-9")
    _status(page, "Saved 14:02")
    assert page.locator("#body").input_value() == "Text\n\nIt did work"
    assert "key-9" in forum.saved[-1] and "\r\n4\r\n" in forum.saved[-1]
    assert page.url.endswith("/editor")


def test_publishing_waits_for_the_autosave_and_clears_the_copy(
    context: Any, forum: Any
) -> None:
    page = _editor(context)
    forum.delay = 0.5
    page.fill("#body", "Ready")
    _leave_field(page)
    assert len(page.evaluate(STORED)) == 1
    page.fill("#title", "Changed while the first save is on its way")
    page.evaluate("document.querySelector('#publish').click()")
    page.evaluate("document.querySelector('#publish').click()")
    page.wait_for_url("**/publish")
    assert [path for path in forum.seen if path in ("/drafts", "/publish")] == [
        "/drafts",
        "/publish",
    ]
    page.wait_for_function(f"() => {STORED}.length === 0")


def test_text_of_an_open_tab_is_not_offered(context: Any, forum: Any) -> None:
    forum.mode = "broken"
    writing = _editor(context)
    writing.fill("#body", "I am still writing here")
    writing.wait_for_function(f"() => {STORED}.length === 1")
    forum.key = "key-2"
    other = _editor(context)
    other.wait_for_timeout(300)
    assert other.locator("[data-draft-recovery]").is_hidden()
    writing.close()
    other.reload()
    other.locator("[data-draft-recovery]").wait_for(state="visible")
    other.get_by_role("button", name="Discard").click()
    assert other.evaluate(STORED) == []


def test_leaving_is_warned_only_when_text_is_nowhere(context: Any, forum: Any) -> None:
    forum.mode = "broken"
    asked: list[str] = []
    kept = _editor(context)
    kept.on("dialog", lambda dialog: (asked.append("kept"), dialog.accept()))
    kept.locator("#body").press_sequentially("Kept")
    kept.goto("/other")
    assert asked == []

    page = _editor(context)
    page.evaluate("() => { Storage.prototype.setItem = () => { throw Error('full') } }")
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#body").press_sequentially("Nowhere")
    _leave_field(page)
    _status(page, "Not saved. Copy your text before you close this page.")
    page.goto("/other")
    assert asked == ["beforeunload"]
