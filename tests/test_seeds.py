"""The demo story: whole, in order, told once, and every link leads somewhere."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from forum import clock
from forum.errors import Invalid
from forum.extensions import db
from forum.models import (
    Attachment,
    Comment,
    Draft,
    DraftState,
    Entry,
    Person,
    PersonTag,
    Revision,
    Space,
    SpaceMember,
    StepTick,
    Visibility,
    Vote,
)
from forum.queries.entries import entry_with_title
from forum.seeds import tell_story
from tests import factories
from tests.importing.material import state


@pytest.fixture
def told(context: Flask) -> float:
    started = time.monotonic()
    assert tell_story()
    return time.monotonic() - started


def every(model: type) -> list:
    return list(db.session.scalars(sa.select(model)))


def test_the_story_is_as_rich_as_promised(told: float) -> None:
    assert told < 10
    kinds = Counter(entry.kind for entry in every(Entry))
    assert sum(kinds.values()) >= 30
    assert min(kinds[kind] for kind in ("tip", "tutorial", "question")) >= 5
    assert min(kinds[kind] for kind in ("post", "experience")) >= 4
    people = every(Person)
    assert len(people) >= 12
    assert len({person.department for person in people}) >= 4
    assert {space.visibility for space in every(Space)} == set(Visibility)
    assert len(every(Comment)) >= 80
    assert len(every(Vote)) >= 20
    assert sum(1 for one in every(Comment) if one.accepted_at) == 5
    assert len(every(PersonTag)) >= 60
    assert len(every(StepTick)) == 2
    assert sum(1 for one in every(Entry) if one.current_number > 1) >= 12
    open_drafts = [one for one in every(Draft) if one.state is DraftState.OPEN]
    assert len(open_drafts) == 2
    assert {one.kind.value for one in every(Attachment)} == {"image"}


def test_nobody_writes_before_joining_nor_after_today(told: float) -> None:
    joined = {person.id: person.created_at for person in every(Person)}
    begun = {space.id: space.created_at for space in every(Space)}
    published = {entry.id: entry.published_at for entry in every(Entry)}
    now = clock.now()
    for entry in every(Entry):
        assert begun[entry.space_id] <= entry.published_at <= entry.updated_at <= now
        assert entry.published_at <= entry.active_at <= now
    for revision in every(Revision):
        assert joined[revision.author_id] < revision.created_at
        assert published[revision.entry_id] <= revision.created_at
    comments = {comment.id: comment for comment in every(Comment)}
    for comment in comments.values():
        assert joined[comment.author_id] < comment.created_at
        assert published[comment.entry_id] < comment.created_at
        assert comments[comment.root_id].created_at <= comment.created_at
        assert comment.accepted_at is None or comment.created_at < comment.accepted_at
    for vote in every(Vote):
        assert comments[vote.comment_id].created_at < vote.voted_at < now
    for member in every(SpaceMember):
        assert joined[member.person_id] <= member.since


def test_every_link_leads_somewhere(told: float) -> None:
    readers = {entry.id: entry.owner for entry in every(Entry)}
    files = {attachment.url for attachment in every(Attachment)}
    for revision in every(Revision):
        html = "".join(section["html"] for section in revision.sections)
        for address in re.findall(r'(?:href|src)="([^"]+)"', html):
            where = urlsplit(address.replace("&amp;", "&"))
            if where.path == "/entries/by-title":
                title = parse_qs(where.query)["title"][0]
                entry_with_title(readers[revision.entry_id], title)
            elif not where.path.startswith("/tags/"):
                outside = where.scheme in ("http", "https")
                assert outside or where.path in files or address[0] == "#", address
        assert "[[" not in re.sub(r"<(pre|code).*?</\1>", "", html, flags=re.S)
    pictures = sum(entry.revision.body.count("](/files/") for entry in every(Entry))
    assert pictures == len(files) == 3


def test_told_twice_nothing_changes(told: float) -> None:
    before = state()
    assert tell_story() is False
    assert state() == before


def test_a_forum_in_use_is_left_alone(context: Flask) -> None:
    factories.person("Ada")
    before = state()
    with pytest.raises(Invalid):
        tell_story()
    assert state() == before


def test_pages_of_the_story_open(
    told: float, browser_of: Callable[[Person], FlaskClient]
) -> None:
    person = db.session.scalars(sa.select(Person).order_by(Person.id)).first()
    assert person is not None
    browser = browser_of(person)
    for entry in every(Entry):
        readable = entry.space.visibility is Visibility.OPEN
        page = browser.get(f"/entries/{entry.id}", follow_redirects=True)
        assert page.status_code == 200 or not readable, entry.title
