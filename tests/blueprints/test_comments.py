"""The pages of a thread, with forms as a browser without scripts sends them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from contextvars import Context
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forum.extensions import db
from forum.models import Comment, Draft, DraftState, Entry, Person, Role, Visibility
from tests import factories, threads
from tests.counting import statements
from tests.threads import ANSWER

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    '</textarea><svg onload="alert(1)">',
    "![x](https://evil.example/x.png)",
)


class Browser:
    """A browser beside the test: its requests share nothing with the test's context."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, *args: Any, **more: Any) -> TestResponse:
        return Context().run(self.client.get, *args, **more)

    def post(self, *args: Any, **more: Any) -> TestResponse:
        return Context().run(self.client.post, *args, **more)


@pytest.fixture
def asker(context: Flask) -> Person:
    return factories.person("Mara Lindt")


@pytest.fixture
def helper(context: Flask) -> Person:
    return factories.person("Dana Kovač")


@pytest.fixture
def question(asker: Person) -> Entry:
    return threads.entry(asker, factories.space(asker), "question", "Why?")


@pytest.fixture
def browse(app: Flask) -> Callable[[Person], Browser]:
    def as_person(person: Person) -> Browser:
        return Browser(factories.logged_in(app, person.id))

    return as_person


@pytest.fixture
def browser(
    browse: Callable[[Person], Browser], helper: Person, question: Entry
) -> Browser:
    return browse(helper)


def page_of(browser: Browser, entry: Entry) -> str:
    answer = browser.get(f"/posts/{entry.id}-{entry.slug}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def send(browser: Browser, path: str, **fields: Any) -> TestResponse:
    token = factories.csrf_of(browser, "/drafts")
    return browser.post(path, data={"csrf_token": token, **fields})


def form_fields(html: str) -> dict[str, str]:
    """Return the hidden fields of the comment form, as a browser would send them."""
    form = html.split('id="comment-form"')[1].split("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def only_comment() -> Comment:
    db.session.rollback()
    return db.session.scalars(sa.select(Comment)).one()


def test_an_answer_is_written_on_the_page_of_its_question(
    browser: Browser, question: Entry
) -> None:
    html = page_of(browser, question)
    assert "No answer yet" in html
    fields = form_fields(html)
    path = f"/entries/{question.id}/comments"
    body = "Because.\r\n\r\nReally."
    answer = browser.post(path, data={**fields, "body": body, "kind": "answer"})
    assert answer.status_code == 303
    comment = only_comment()
    assert answer.location.endswith(f"#comment-{comment.id}")
    assert f"published={fields['draft_key']}" in answer.location
    assert (comment.kind, comment.body) == (ANSWER, "Because.\n\nReally.")
    html = page_of(browser, question)
    assert "1 answer</h2>" in html
    assert "<p>Because.</p>" in html
    again = browser.post(path, data={**fields, "body": body, "kind": "answer"})
    assert again.status_code == 303
    assert only_comment().id == comment.id


def test_what_was_saved_is_in_the_form_and_goes_with_the_posting(
    browser: Browser, question: Entry
) -> None:
    fields = form_fields(page_of(browser, question))
    saved = browser.post("/drafts", data={**fields, "body": "Half a thought"})
    assert saved.status_code == 303
    html = page_of(browser, question)
    assert "Half a thought</textarea>" in html
    assert form_fields(html)["draft_key"] == fields["draft_key"]
    fields = form_fields(html)
    browser.post(f"/entries/{question.id}/comments", data={**fields, "body": "Whole"})
    db.session.rollback()
    assert db.session.scalars(sa.select(Draft.state)).one() is DraftState.PUBLISHED
    assert "Half a thought" not in page_of(browser, question)


def test_a_reply_has_a_page_of_its_own(
    browser: Browser, question: Entry, asker: Person
) -> None:
    root = threads.comment(asker, question, "Any idea?")
    assert f'href="/comments/{root.id}/reply"' in page_of(browser, question)
    html = browser.get(f"/comments/{root.id}/reply").get_data(as_text=True)
    assert "Any idea?" in html
    fields = form_fields(html)
    assert fields["parent"] == str(root.id)
    answer = browser.post(
        f"/entries/{question.id}/comments", data={**fields, "body": "One"}
    )
    assert answer.status_code == 303
    db.session.rollback()
    reply = db.session.scalars(
        sa.select(Comment).where(Comment.parent_id == root.id)
    ).one()
    html = browser.get(f"/comments/{reply.id}/reply").get_data(as_text=True)
    assert "@Dana </textarea>" in html


@pytest.mark.parametrize("body", ["", "   ", "y" * 50_001])
def test_a_refused_comment_keeps_its_words(
    browser: Browser, question: Entry, body: str
) -> None:
    key = str(uuid.uuid4())
    path = f"/entries/{question.id}/comments"
    answer = send(browser, path, body=body, kind="answer", draft_key=key)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f"{body}</textarea>" in html
    assert form_fields(html)["draft_key"] == key
    assert 'aria-invalid="true"' in html


def test_own_words_are_changed_and_two_windows_lose_nothing(
    browser: Browser, question: Entry, helper: Person
) -> None:
    path = f"/comments/{threads.comment(helper, question, 'Old words').id}/edit"
    assert "Old words</textarea>" in browser.get(path).get_data(as_text=True)
    assert send(browser, path, body="First", version=1).status_code == 303
    stale = send(browser, path, body="Second", version=1)
    html = stale.get_data(as_text=True)
    assert stale.status_code == 409
    assert "First</textarea>" in html
    assert "Second</textarea>" in html
    assert 'name="version" value="2"' in html
    refused = send(browser, path, body="", version=2)
    assert refused.status_code == 422
    assert send(browser, path, body="Second", version=2).status_code == 303
    assert only_comment().body == "Second"
    assert "edited" in page_of(browser, question)


def test_removal_asks_and_leaves_a_place(
    browser: Browser, question: Entry, helper: Person
) -> None:
    comment = threads.comment(helper, question, "Regret", kind=ANSWER)
    path = f"/comments/{comment.id}/removal"
    assert "Remove this answer?" in browser.get(path).get_data(as_text=True)
    assert send(browser, path).status_code == 303
    html = page_of(browser, question)
    assert "This answer was removed." in html
    assert "Regret" not in html


def test_votes_and_acceptance_are_buttons(
    browse: Callable[[Person], Browser],
    question: Entry,
    asker: Person,
    helper: Person,
) -> None:
    answer = threads.comment(helper, question, kind=ANSWER)
    browser = browse(asker)
    html = page_of(browser, question)
    assert 'aria-label="This helps: answer by Dana Kovač, just now"' in html
    assert send(browser, f"/comments/{answer.id}/votes").status_code == 303
    accepted = send(browser, f"/comments/{answer.id}/acceptance", instead_of="")
    assert accepted.status_code == 303
    html = page_of(browser, question)
    assert "1 vote<" in html
    assert "Accepted answer" in html
    other = threads.comment(helper, question, kind=ANSWER)
    blind = send(browser, f"/comments/{other.id}/acceptance", instead_of="")
    assert blind.status_code == 409
    send(browser, f"/comments/{answer.id}/votes/removal")
    send(browser, f"/comments/{answer.id}/acceptance/removal")
    html = page_of(browser, question)
    assert "1 vote<" not in html
    assert "Accepted answer" not in html
    refused = send(browse(helper), f"/comments/{answer.id}/votes")
    assert refused.status_code == 403
    assert "You cannot vote for your own answer." in refused.get_data(as_text=True)


def test_a_link_to_a_comment_leads_to_its_page(
    browser: Browser, question: Entry, helper: Person
) -> None:
    threads.many_comments(question, helper, 120)
    last = db.session.scalar(sa.select(sa.func.max(Comment.id)))
    led = browser.get(f"/comments/{last}")
    assert led.status_code == 303
    assert led.location.endswith(f"#comment-{last}")
    html = browser.get(led.location).get_data(as_text=True)
    assert f'id="comment-{last}"' in html
    assert "From the beginning" in html
    first = page_of(browser, question)
    assert "Read on" in first
    assert f'id="comment-{last}"' not in first


def test_a_page_takes_the_same_statements_at_any_length(
    app: Flask, browser: Browser, question: Entry, helper: Person
) -> None:
    seen = []
    for more in (10, 90, 900):
        threads.many_comments(question, helper, more)
        path = f"/posts/{question.id}-{question.slug}"
        with statements(app) as found:
            assert browser.get(path).status_code == 200
        seen.append(len(found))
    # The log-in, the entry, its tags, the thread, own drafts, own memberships.
    assert seen == [6, 6, 6]


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_words_stay_words(browser: Browser, question: Entry, body: str) -> None:
    path = f"/entries/{question.id}/comments"
    assert send(browser, path, body=body, kind="answer").status_code == 303
    comment = only_comment()
    for page in (
        page_of(browser, question),
        browser.get(f"/comments/{comment.id}/edit").get_data(as_text=True),
        browser.get(f"/comments/{comment.id}/reply").get_data(as_text=True),
        send(browser, path, body=body + "y" * 50_001).get_data(as_text=True),
    ):
        for mark in ("<script>alert", "<img src=x", 'href="javascript', "<svg onload"):
            assert mark not in page
        assert 'src="https://evil' not in page


def test_what_one_may_not_read_does_not_exist(
    browse: Callable[[Person], Browser], asker: Person, question: Entry
) -> None:
    closed = factories.space(asker, visibility=Visibility.PRIVATE)
    hidden = threads.entry(asker, closed, "question")
    unseen = threads.comment(asker, hidden, "Hush", kind=ANSWER).id
    seen = threads.comment(asker, question, kind=ANSWER).id
    outsiders = {
        unseen: (hidden.id, factories.person(role=Role.ADMIN)),
        seen: (question.id, factories.person(role=Role.GUEST)),
    }
    for comment_id, (entry_id, outsider) in outsiders.items():
        browser = browse(outsider)
        for page in ("", "/edit", "/reply", "/removal"):
            assert browser.get(f"/comments/{comment_id}{page}").status_code == 404
        for change in (
            f"/entries/{entry_id}/comments",
            f"/comments/{comment_id}/edit",
            f"/comments/{comment_id}/removal",
            f"/comments/{comment_id}/votes",
            f"/comments/{comment_id}/votes/removal",
            f"/comments/{comment_id}/acceptance",
            f"/comments/{comment_id}/acceptance/removal",
        ):
            assert send(browser, change, body="x").status_code == 404


def test_words_of_others_are_not_for_changing(
    browser: Browser, question: Entry, asker: Person
) -> None:
    path = f"/comments/{threads.comment(asker, question).id}"
    assert browser.get(f"{path}/edit").status_code == 403
    refused = send(browser, f"{path}/edit", body="My text", version=1)
    assert refused.status_code == 403
    assert "My text" in refused.get_data(as_text=True)
    assert send(browser, f"{path}/removal").status_code == 403


def test_a_comment_without_a_log_in_is_kept_for_after_it(
    client: FlaskClient, question: Entry
) -> None:
    path = f"/entries/{question.id}/comments"
    answer = Browser(client).post(path, data={"body": "Long words"})
    assert answer.status_code == 401
    assert "Long words" in answer.get_data(as_text=True)
