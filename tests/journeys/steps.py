"""What people do on pages, with and without scripts."""

from __future__ import annotations

import base64
import io
from typing import Any

from PIL import Image

from tests.journeys.serving import Watched, go, ready

PASSWORD = "a sentence to log in with"

PASTE = """([area, data, name]) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const clipboard = new DataTransfer();
  clipboard.items.add(new File([bytes], name, { type: "image/png" }));
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  area.dispatchEvent(new ClipboardEvent("paste", {
    clipboardData: clipboard, bubbles: true, cancelable: true }));
}"""


def screenshot() -> bytes:
    """Return a picture as a person's clipboard holds one."""
    kept = io.BytesIO()
    Image.new("RGB", (320, 180), (40, 90, 160)).save(kept, "PNG")
    return kept.getvalue()


def press(page: Any, name: str) -> None:
    """Press a button and wait for the page it leads to, also after an autosave."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    ready(page)


def set_up(admin: Watched) -> Any:
    """Set an empty forum up, as whoever opens it first."""
    page = admin.page("/")
    page.get_by_label("How many colleagues").fill("15")
    page.get_by_label("Your name").fill("Greta Nyström")
    page.get_by_label("Your mail address").fill("greta@example.com")
    page.get_by_label("Your password").fill(PASSWORD)
    press(page, "Set up the forum")
    return page


def invite(page: Any, address: str) -> str:
    """Invite a colleague and return the link that the page offers for copying."""
    go(page, "/invitations")
    page.get_by_label("Mail address").fill(address)
    press(page, "Invite")
    return str(page.get_by_label(f"Link for {address}").input_value())


def join_and_log_in(browser: Watched, link: str, name: str, address: str) -> Any:
    """Follow an invitation, then log out and in again as on the next morning."""
    page = browser.page(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Department").fill("Operations")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Join")
    assert name.split()[0] in page.locator("h1").inner_text()
    page.locator(".avatar-button").click()
    press(page, "Log out")
    page.get_by_label("Mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Log in")
    assert name.split()[0] in page.locator("h1").inner_text()
    return page


def paste_picture(page: Any, name: str) -> None:
    """Paste a screenshot at the end of the text and wait until it stands there."""
    data = base64.b64encode(screenshot()).decode()
    page.locator("#body").evaluate(
        f"(area, [data, name]) => ({PASTE})([area, data, name])", [data, name]
    )
    page.wait_for_function(
        r"""() => /!\[[^\]]*\]\(\/files\/\d+\//.test(
            document.querySelector("#body").value)"""
    )


def saved(page: Any) -> None:
    """Leave the field, so that it is saved now, and wait for the server's word."""
    page.evaluate("document.activeElement.blur()")
    page.locator("[data-draft-status]", has_text="Saved").wait_for()


def write(page: Any, **fields: str) -> None:
    """Fill fields of a form by their ids."""
    for name, text in fields.items():
        page.locator(f"#{name.replace('_', '-')}").fill(text)


def text_of(page: Any) -> str:
    """Return the words that the page shows."""
    return str(page.locator("main").inner_text())
