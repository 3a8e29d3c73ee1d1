"""What somebody may not read stands in no answer, and its address is a 404."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.contracts.secrets import Secrets, Thing, Who, build

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
SEEDS = range(1, 6 if THOROUGH else 2)
POSTGRES = [pytest.param("postgres", marks=pytest.mark.postgres)] if THOROUGH else []
DATABASES = pytest.mark.parametrize(
    "database_url", ["sqlite", *POSTGRES], indirect=True
)
LISTS = """
/ /posts /posts?sort=active /tips /tutorials /spaces /tags /people /people?name=s
/drafts /write /write?kind=question /sessions /invitations /admin /password /health
/ready /patterns /spaces/new /login /password-resets /api/v1/spaces
/api/v1/entries?include=body&limit=20 /api/v1/openapi.json
""".split()  # noqa: SIM905 - as many lines as they need
MARKER = re.compile("zq[b-z]{12}")
MOST_PAGES = 20


class Reader:
    """Somebody who asks for everything and notes what they should not have got."""

    def __init__(self, made: Secrets, who: Who) -> None:
        self.made, self.who = made, who
        self.client: FlaskClient = factories.logged_in(made.app, who.id)
        page = "/write" if who.is_active else "/login"
        self.csrf = factories.csrf_of(self.client, page)
        self.found: list[str] = []
        self.seen: set[str] = set()

    def look_around(self) -> None:
        for path in (*LISTS, *self.made.lists):
            self.follow(path)
        for thing in self.made.things:
            self.look_at(thing)
        if self.who.is_active:
            self.borrow()

    def follow(self, path: str) -> None:
        """Ask for a list and all its further pages."""
        for _ in range(MOST_PAGES):
            text = self.get(path).get_data(as_text=True)
            further = re.search(r'href="([^"]*[?&](?:amp;)?after=[^"]+)"', text)
            more = re.search(r'"next": ?"([^"]+)"', text)
            if more and path.startswith("/api/"):
                path = f"{path.split('&cursor')[0]}&cursor={more[1]}"
            elif further and not path.startswith("/api/"):
                path = further[1].replace("&amp;", "&")
            else:
                return

    def look_at(self, thing: Thing) -> None:
        may = self.who.id in thing.readers
        for path in thing.paths:
            status = self.get(path).status_code
            if not may and self.who.is_active and status != 404:
                self.found.append(f"{self.who.role}: {path} answers {status}")
            shown = status in (200, 301, 303, 403) or "/comments/" in path
            if may and self.who.is_active and not shown:
                self.found.append(f"{self.who.role}: {path} is hidden: {status}")
        if may or not self.who.is_active:
            return
        form = {"csrf_token": self.csrf, "body": "Let me in"}
        for path in thing.posts:
            answer = self.client.post(path, data=form)
            self.check(path, answer)
            if answer.status_code != 404:
                told = f"{self.who.role}: POST {path} answers {answer.status_code}"
                self.found.append(told)

    def borrow(self) -> None:
        """Name what belongs to others in drafts of one's own, and look at those."""
        owned = [("entry", number) for number in range(1, 8)]
        owned += [("space", number) for number in range(1, 5)]
        form = {"csrf_token": self.csrf, "kind": "tip"}
        for noun, number in owned:
            sent = {**form, noun: str(number), "noun": "comment" if number % 2 else ""}
            answer = self.client.post("/drafts", data=sent)
            self.check("/drafts", answer)
            self.get(answer.headers["Location"])
            marks = "<<<<<<< yours\n\n=======\n\n>>>>>>> theirs"
            answer = self.client.post("/publications", data={**sent, "body": marks})
            self.check("/publications", answer)
        self.get("/drafts")
        self.get("/")

    def get(self, path: str) -> TestResponse:
        bearer = {"Authorization": f"Bearer {self.made.tokens[self.who.id]}"}
        headers = bearer if path.startswith("/api/") else {}
        answer = self.client.get(path, headers=headers)
        self.check(path, answer)
        if answer.status_code in (301, 303) and self.who.is_active:
            onward = answer.headers["Location"].replace("http://localhost", "")
            if onward != path:
                answer = self.client.get(onward, headers=headers)
                self.check(onward, answer)
        return answer

    def check(self, path: str, answer: TestResponse) -> None:
        if answer.mimetype.startswith("image/"):
            text = str(answer.headers)
            answer.get_data()
        else:
            text = f"{answer.headers}\n{answer.get_data(as_text=True)}"
        answer.close()
        known = set(MARKER.findall(unquote(path).lower()))
        shown = set(MARKER.findall(unquote(text).lower())) - known
        # A random token may look like a marker; nobody wrote that one.
        for marker in shown & self.made.markers.keys():
            self.seen.add(marker)
            if self.who.id not in self.made.markers[marker]:
                place = text.lower().index(marker)
                around = " ".join(text[max(place - 90, 0) : place + 40].split())
                self.found.append(f"{self.who.role}: {path} shows … {around}")


@DATABASES
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_comes_upon_what_they_may_not_read(app: Flask, seed: int) -> None:
    made = build(app, seed)
    found: list[str] = []
    seen: set[str] = set()
    for who in made.people:
        reader = Reader(made, who)
        reader.look_around()
        found += reader.found
        seen |= reader.seen
        if not who.is_active:
            assert reader.seen == set()
    assert found == []
    # The walk sees what it may see, so that what it does not see means something.
    readable = {marker for marker, readers in made.markers.items() if readers}
    active = {who.id for who in made.people if who.is_active}
    unseen = {m for m in readable if made.markers[m] & active} - seen
    assert len(unseen) < len(readable) / 10
