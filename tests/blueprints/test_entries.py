"""Pages of entries: what they cost, what they answer, what they never lose."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from forum.actions.content import prepare
from forum.actions.entries import publish_entry
from forum.extensions import db
from forum.models import Attachment, Entry, Person, Space, Visibility
from forum.unit_of_work import transaction
from tests import factories
from tests.counting import statements

STEPS = "Before.\n\n## Off\n\nPress. See [[1]].\n\n## On\n\nPress again."


class Forum:
    """Mara in an open Space, with a browser of her own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            mara = factories.person("Mara Ruiz")
            self.mara, self.space = mara.id, factories.space(mara, "Office").id
        self.browser = factories.logged_in(app, self.mara)
        self.token = factories.csrf_of(self.browser)

    def publish(self, title: str, **more: object) -> str:
        """Publish through an action and return the address."""
        about = {
            "kind": "tutorial",
            "title": title,
            "body": STEPS,
            "fields": {"goal": "It prints."},
            "tags": "printer, paper",
            **more,
        }
        with self.app.app_context():
            content = prepare(**about)  # type: ignore[arg-type]
            with transaction():
                actor = db.session.get_one(Person, self.mara)
                entry = publish_entry(
                    actor, db.session.get_one(Space, self.space), content
                )
            blueprint = "tutorials" if entry.kind == "tutorial" else "posts"
            return f"/{blueprint}/{entry.id}-{entry.slug}"

    def post(self, path: str, browser: FlaskClient | None = None, **data: object):  # type: ignore[no-untyped-def]
        return (browser or self.browser).post(
            path, data={"csrf_token": self.token, **data}
        )

    def editor(self, **more: object) -> dict[str, object]:
        """Return what the editor's form sends."""
        return {
            "draft_key": str(uuid.uuid4()),
            "kind": "tip",
            "space": self.space,
            "title": "Restart the printer",
            "body": "Turn it off and on.",
            "tags": "printer",
            "field-problem": "It sulks.",
            **more,
        }


@pytest.fixture
def forum(app: Flask) -> Forum:
    return Forum(app)


@pytest.mark.parametrize(("path", "number"), [("/", 5), ("/tutorials", 3)])
def test_a_list_costs_the_same_for_ten_and_a_hundred(
    forum: Forum, path: str, number: int
) -> None:
    counts = []
    for size in (10, 100):
        while size > forum.__dict__.setdefault("made", 0):
            forum.publish(f"Entry {forum.made}")  # type: ignore[attr-defined]
            forum.made += 1  # type: ignore[attr-defined]
        forum.browser.get(path)
        with statements(forum.app) as seen:
            assert forum.browser.get(path).status_code == 200
        counts.append(len(seen))
    assert counts == [number, number]


def test_an_entry_page_costs_at_most_eight_statements(forum: Forum) -> None:
    forum.publish("First")
    path = forum.publish("Second")
    forum.browser.get(path)
    with statements(forum.app) as seen:
        page = forum.browser.get(path).get_data(as_text=True)
    assert len(seen) == 8
    assert ">First</a>" in page  # [[1]] shows the title the reader may see


def test_an_old_slug_or_kind_is_one_redirect_away(forum: Forum) -> None:
    path = forum.publish("Restart the printer")
    for old in (
        "/tutorials/1-other-words",
        "/tutorials/1",
        "/tips/1-restart-the-printer",
        "/entries/1",
    ):
        answer = forum.browser.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, path)


def test_twenty_renames_leave_twenty_addresses_that_lead_on(forum: Forum) -> None:
    paths = [forum.publish("Title 0")]
    for number in range(1, 21):
        answer = forum.post(
            "/publications",
            **forum.editor(
                kind="tutorial",
                title=f"Title {number}",
                body=STEPS,
                entry=1,
                base_number=number,
                **{"field-goal": "It prints."},
            ),
        )
        paths.append(answer.headers["Location"].split("?")[0])
    for old in paths[:-1]:
        answer = forum.browser.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, paths[-1])


def test_the_preview_is_the_published_page_byte_for_byte(forum: Forum) -> None:
    forum.publish("First")
    sent = forum.editor(
        body="See [[1]].\n\n```python\nx = 1\n```\n\n| a | b |\n|--|--:|\n| 1 | 2 |"
    )
    preview = forum.browser.post(
        "/preview",
        data=sent,
        headers={"X-Requested-With": "fetch", "X-CSRFToken": forum.token},
    ).get_data(as_text=True)
    path = forum.post("/publications", **sent).headers["Location"]
    page = forum.browser.get(path).get_data(as_text=True)
    assert preview.strip() in page


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(
    forum: Forum,
) -> None:
    answer = forum.post(
        "/publications",
        **forum.editor(kind="experience", title="", **{"field-situation": "Cash."}),
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="title-error"' in page
    assert 'id="field-outcome-error"' in page
    assert "Turn it off and on." in page
    drafts = forum.browser.get("/drafts").get_data(as_text=True)
    assert "Without a title" in drafts


def test_a_stale_save_shows_both_texts_and_keeps_mine_as_a_draft(
    forum: Forum,
) -> None:
    forum.publish("Printer")
    edit = {"kind": "tutorial", "entry": 1, "base_number": 1, "field-goal": "Prints."}
    forum.post("/publications", **forum.editor(body="## Theirs\n\nTheirs.", **edit))
    answer = forum.post(
        "/publications", **forum.editor(body="## Mine\n\nMine.", **edit)
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "## Theirs" in page
    assert "## Mine" in page
    assert 'name="base_number" value="2"' in page
    assert "Restart the printer" in forum.browser.get("/drafts").get_data(as_text=True)


def test_marks_of_a_conflict_are_not_published(forum: Forum) -> None:
    body = "a\n<<<<<<< yours\nb\n=======\nc\n>>>>>>> theirs\n"
    answer = forum.post("/publications", **forum.editor(body=body))
    assert answer.status_code == 422


def test_autosave_says_when_and_a_second_tab_is_told(forum: Forum) -> None:
    headers = {"Accept": "application/json", "X-CSRFToken": forum.token}
    sent = forum.editor()
    saved = forum.browser.post("/drafts", data=sent, headers=headers).get_json()
    assert set(saved) == {"key", "version", "saved_at", "saved_label"}
    again = {**sent, "draft_version": saved["version"], "body": "more"}
    assert forum.browser.post("/drafts", data=again, headers=headers).status_code == 200
    late = forum.browser.post("/drafts", data=again, headers=headers)
    assert late.status_code == 409
    assert late.get_json()["theirs_url"] == f"/drafts/{sent['draft_key']}"


def test_an_expired_log_in_keeps_what_was_sent(app: Flask, forum: Forum) -> None:
    stranger = app.test_client()
    answer = stranger.post("/publications", data=forum.editor(body="Hours of work"))
    assert answer.status_code == 401
    assert "Hours of work" in answer.get_data(as_text=True)


def picture() -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "PNG")
    data.seek(0)
    return data


def test_a_file_is_opened_through_what_it_belongs_to(
    app: Flask, forum: Forum, browser_of: Callable[[int], FlaskClient]
) -> None:
    with app.app_context():
        other = factories.person().id
        mara = db.session.get_one(Person, forum.mara)
        private = factories.space(mara, "Secret", Visibility.PRIVATE).id
    key = str(uuid.uuid4())
    answer = forum.browser.post(
        "/uploads",
        data={"key": key, "file": (picture(), "shot one.png")},
        headers={"Accept": "application/json", "X-CSRFToken": forum.token},
        content_type="multipart/form-data",
    )
    news = answer.get_json()
    assert answer.status_code == 201
    assert browser_of(other).get(news["url"]).status_code == 404
    sent = forum.editor(draft_key=key, body=news["markdown"], space=private)
    path = forum.post("/publications", **sent).headers["Location"]
    assert news["url"] in forum.browser.get(path).get_data(as_text=True)
    shown = forum.browser.get(news["url"], buffered=True)
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert browser_of(other).get(news["url"]).status_code == 404
    assert browser_of(other).get(path.split("?")[0]).status_code == 404


def test_an_svg_is_only_ever_a_download(forum: Forum) -> None:
    svg = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    news = forum.browser.post(
        "/uploads",
        data={"key": str(uuid.uuid4()), "file": (svg, "drawing.svg")},
        headers={"Accept": "application/json", "X-CSRFToken": forum.token},
        content_type="multipart/form-data",
    ).get_json()
    shown = forum.browser.get(news["url"], buffered=True)
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert shown.headers["Content-Type"] == "application/octet-stream"
    assert not news["markdown"].startswith("!")


def test_without_script_a_file_lands_in_the_text(forum: Forum) -> None:
    sent = forum.editor()
    answer = forum.browser.post(
        "/uploads",
        data={"csrf_token": forum.token, **sent, "file": (picture(), "shot.png")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    page = forum.browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Turn it off and on.\n\n![shot](/files/" in page


def test_ticks_are_kept_for_the_reader_alone(
    app: Flask, forum: Forum, browser_of: Callable[[int], FlaskClient]
) -> None:
    path = forum.publish("Printer")
    keys = re.findall(r'id="s-([^"]+)"', forum.browser.get(path).get_data(as_text=True))
    assert keys == ["off", "on"]
    forum.post("/entries/1/ticks/off", done="1")
    elsewhere = browser_of(forum.mara).get(path).get_data(as_text=True)
    assert "1 of 2 done" in elsewhere
    with app.app_context():
        other = factories.person().id
    assert "0 of 2 done" in browser_of(other).get(path).get_data(as_text=True)
    forum.post("/entries/1/ticks/off", done="")
    assert "0 of 2 done" in browser_of(forum.mara).get(path).get_data(as_text=True)


def test_an_entry_is_taken_away_as_markdown(forum: Forum) -> None:
    forum.publish(
        "Müller & Söhne", kind="post", body="Words <b>&</b> *more*", fields={}
    )
    answer = forum.browser.get("/entries/1/markdown")
    text = answer.get_data(as_text=True)
    assert "Words <b>&</b> *more*" in text
    assert "attachment" in answer.headers["Content-Disposition"]
    assert re.search(r'^title: "M.*S.*"$', text, re.MULTILINE)


def test_what_is_taken_down_is_gone_for_others_and_can_come_back(
    app: Flask, forum: Forum, browser_of: Callable[[int], FlaskClient]
) -> None:
    path = forum.publish("Printer")
    forum.post("/entries/1/withdrawal")
    with app.app_context():
        other = factories.person().id
    assert browser_of(other).get(path).status_code == 404
    assert "Printer" in forum.browser.get("/drafts").get_data(as_text=True)
    forum.post("/entries/1/return")
    assert browser_of(other).get(path).status_code == 200


def test_thumbnails_and_pictures_name_no_digest(forum: Forum, tmp_path: Path) -> None:
    news = forum.browser.post(
        "/uploads",
        data={"key": str(uuid.uuid4()), "file": (picture(), "x.png")},
        headers={"Accept": "application/json", "X-CSRFToken": forum.token},
        content_type="multipart/form-data",
    ).get_json()
    with forum.app.app_context():
        digest = db.session.get_one(Attachment, news["id"]).digest
        assert db.session.query(Entry).count() == 0
    assert digest not in news["url"]
    thumbnail = forum.browser.get(f"/files/{news['id']}/thumbnail", buffered=True)
    assert thumbnail.status_code == 200
    assert forum.browser.get(f"/files/{news['id']}/other.png").status_code == 404
