"""Files, tables, toolbar, copying and ticks in a real Chromium under our policy."""

from typing import Any

import pytest

pytestmark = pytest.mark.browser
TRANSFER = """([kind, name, type, text, html]) => {
  const data = new DataTransfer();
  if (name) data.items.add(new File(['x'.repeat(50)], name, {type}));
  if (text) data.setData('text/plain', text);
  if (html) data.setData('text/html', html);
  const area = document.querySelector('#body');
  area.focus();
  const init = {bubbles: true, cancelable: true};
  return area.dispatchEvent(kind === 'paste'
    ? new ClipboardEvent('paste', {...init, clipboardData: data})
    : new DragEvent(kind, {...init, dataTransfer: data}));
}"""


@pytest.fixture
def page(context: Any) -> Any:
    page = context.new_page()
    page.goto("/editor")
    page.locator("html[data-ready]").wait_for()
    return page


def _body(page: Any, text: str) -> None:
    page.wait_for_function(
        "wanted => document.querySelector('#body').value === wanted", arg=text
    )


def test_pasted_picture_and_dropped_file(page: Any, forum: Any) -> None:
    page.evaluate(TRANSFER, ["paste", "image.png", "image/png", "", ""])
    _body(page, "![](/files/12/a.png)\n")
    assert 'name="key"\r\n\r\nkey-1' in forum.uploads[0]
    page.locator("[data-upload-status]", has_text="a.png is in the text").wait_for()
    page.evaluate(TRANSFER, ["drop", "plan.pdf", "application/pdf", "", ""])
    _body(page, "![](/files/12/a.png)\n" * 2)
    page.set_input_files(
        "#file", {"name": "c.png", "mimeType": "image/png", "buffer": b"123"}
    )
    _body(page, "![](/files/12/a.png)\n" * 3)
    forum.mode = "too_large"
    page.evaluate(TRANSFER, ["paste", "image.png", "image/png", "", ""])
    page.locator("[data-upload-status]", has_text="That picture is too").wait_for()
    _body(page, "![](/files/12/a.png)\n" * 3)


def test_spreadsheet_cells_become_a_table_not_a_picture(page: Any, forum: Any) -> None:
    html = "<table><tr><td>Day</td></tr></table>"
    cells = 'Day\tWho\n"Mon|day"\tMara\n'
    page.evaluate(TRANSFER, ["paste", "cells.png", "image/png", cells, html])
    _body(page, "| Day | Who |\n| --- | --- |\n| Mon\\|day | Mara |\n")
    assert forum.uploads == []


def test_toolbar_by_mouse_keys_and_shortcut(page: Any) -> None:
    page.fill("#body", "side database")
    page.evaluate("document.querySelector('#body').setSelectionRange(0, 4)")
    page.locator("#body").press("Control+b")
    _body(page, "**side** database")
    page.locator("#body").press("Control+z")
    _body(page, "side database")
    page.locator("#body").press("End")
    page.get_by_role("button", name="Step").click()
    _body(page, "## side database")
    page.locator("#body").press("End")
    page.keyboard.type("!")
    _body(page, "## side database!")
    page.get_by_role("button", name="Bold").focus()
    page.keyboard.press("ArrowRight")
    focused = "document.activeElement.dataset.mdButton"
    assert page.evaluate(focused) == "italic"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "tag"


def test_hotkeys_search_and_go_home(page: Any) -> None:
    page.locator("body").press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/other")


def test_reading_page_copies_ticks_confirms_and_swaps(context: Any, forum: Any) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/reading")
    read = "navigator.clipboard.readText()"
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copied", exact=True).wait_for()
    assert page.evaluate(read) == "restore --side\nnow"
    page.click("#copy-link")
    page.locator("#copy-link", has_text="Copied").wait_for()
    assert page.evaluate(read) == "https://forum.example/join/abc"
    page.check("#tick-1")
    page.get_by_text("1 of 1").wait_for()
    assert page.evaluate("document.activeElement.id") == "tick-1"
    page.locator('.contents [aria-current="true"]', has_text="One").wait_for()
    shown = "document.querySelector('relative-time').shadowRoot.textContent"
    assert page.evaluate(shown).endswith("years ago")
    page.click("#swap")
    page.locator("#new").wait_for()
    page.click("#delete")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert "/delete" not in forum.seen
    page.click("#delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/delete")


def test_code_in_attributes_is_refused(context: Any) -> None:
    page = context.new_page()
    page.goto("/reading")
    page.wait_for_function("() => document.querySelector('#swap[data-htmx-powered]')")
    page.click("#evil")
    page.wait_for_timeout(200)
    assert page.evaluate("window.bad") is None
    assert ["switched off" in text for text in context.complaints] == [True]
    context.complaints.clear()
