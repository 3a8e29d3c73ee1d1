"""In a real browser nothing that people write runs, asks for an address elsewhere, or
breaks out of its place on the page.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Opener
from tests.journeys.hostile import set_traps
from tests.journeys.serving import Forum, Watched
from tests.markup.hostile import VECTORS

pytestmark = pytest.mark.browser

PARTS = 4
# Whatever a payload calls when it runs says so on the console, which fails the test.
ALARM = """for (const name of "alert confirm prompt print run steal nest".split(" ")) {
  window[name] = () => console.error("a script of a text ran: " + name);
}"""
FAULTS = r"""() => {
  const faults = [];
  const must = (fine, what) => fine || faults.push(what);
  const all = (selector) => [...document.querySelectorAll(selector)];
  must(all("body > header.top-bar > nav.places > a").length === 3, "places");
  must(all("body > main#main").length === 1 && all("main").length === 1, "main");
  must(all("body > nav.bottom-bar > a").length === 4, "bottom bar");
  must(all("h1:not(.prose *)").length === 1, "heading");
  must(all("link[rel=stylesheet]").length === 1, "styles");
  must(all("script").length === 1, "scripts");
  must(!document.querySelector("iframe, object, embed, base, style, math"), "element");
  must(!document.querySelector("meta[http-equiv]"), "meta");
  must(all("svg *").every((one) => one.localName === "use"), "drawing");
  for (const one of document.querySelectorAll("*")) {
    for (const { name, value } of one.attributes) {
      // A field for writing is given its height by our own script.
      if (name === "style" && one.localName === "textarea") continue;
      must(!/^on|^style$|^srcdoc$|^xlink/.test(name), `${one.localName} ${name}`);
      const leads = ["href", "src", "action", "formaction"].includes(name);
      if (leads && URL.canParse(value, location.href)) {
        const { protocol } = new URL(value, location.href);
        must(["http:", "https:", "mailto:"].includes(protocol), `${name}=${value}`);
      }
    }
  }
  for (const one of document.querySelectorAll(".prose *")) {
    must(!one.id || /^(s-|fn)/.test(one.id), `id ${one.id}`);
    must(getComputedStyle(one).position !== "fixed", "fixed");
  }
  return faults;
}"""


def _inert(browser: Watched, page: Any, path: str, heading: str = "") -> None:
    page.goto(path)
    faults = page.evaluate(FAULTS)
    if heading:
        # The title's words stand in the heading, none of them as an element.
        shown = page.locator("h1.page-title").evaluate(
            "(h) => [h.textContent, h.children.length]"
        )
        if shown != [heading, 0]:
            faults.append(f"heading: {shown}")
    assert faults + browser.faults == [], f"{path} ({heading!r})"


def _walk(forum: Forum, open_browser: Opener, payloads: Sequence[str]) -> None:
    trap = set_traps(forum, payloads)
    browser = open_browser(forum).log_in(trap.person_id)
    browser.context.add_init_script(ALARM)
    page = browser.page()
    page.on("dialog", lambda asked: (browser.faults.append("dialog"), asked.dismiss()))
    for path, title in trap.entries.items():
        _inert(browser, page, path, title)
    for path in trap.others:
        while path:
            _inert(browser, page, path)
            older = page.locator(".pagination a[rel=next]")
            path = older.get_attribute("href") if older.count() else ""
    for path in trap.editors:
        _inert(browser, page, path)
        page.locator("[data-preview] .prose").first.wait_for(state="attached")
        assert page.evaluate(FAULTS) + browser.faults == [], f"preview of {path}"


def test_our_own_list_is_inert(forum: Forum, open_browser: Opener) -> None:
    _walk(forum, open_browser, VECTORS)


@pytest.mark.corpus
@pytest.mark.parametrize("part", range(PARTS))
def test_the_hostile_sample_is_inert(
    forum: Forum, open_browser: Opener, corpus: Path, part: int
) -> None:
    lines = (corpus / "hostile-sample.jsonl").read_text("utf-8").splitlines()
    payloads = [json.loads(line)["payload"] for line in lines]
    assert len(payloads) == 303
    _walk(forum, open_browser, payloads[part::PARTS])
