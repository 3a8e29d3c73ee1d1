"""A thread reads in order, page by page, in the same few statements at any length."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from forum.actions.answers import accept_answer, vote_for_answer
from forum.actions.comments import remove_comment
from forum.actions.drafts import Typed, save_draft
from forum.errors import NotVisible
from forum.extensions import db
from forum.models import DraftNoun, Entry, Person
from forum.queries.comments import Thread, cursor_for, thread_of
from forum.unit_of_work import transaction
from tests import factories, threads
from tests.counting import statements
from tests.threads import ANSWER


@pytest.fixture
def asker(context: Flask) -> Person:
    return factories.person("Mara Lindt")


@pytest.fixture
def helper(context: Flask) -> Person:
    return factories.person("Dana Kovač")


@pytest.fixture
def post(asker: Person) -> Entry:
    return threads.entry(asker, factories.space(asker))


@pytest.fixture
def question(asker: Person) -> Entry:
    return threads.entry(asker, factories.space(asker), "question")


def pages(reader: Person, entry: Entry, size: int) -> list[Thread]:
    found = [thread_of(reader, entry, None, size)]
    while found[-1].next:
        found.append(thread_of(reader, entry, found[-1].next, size))
    return found


def read(reader: Person, entry: Entry, size: int = 50) -> list[int]:
    return [row.id for page in pages(reader, entry, size) for row in page.rows]


def test_an_empty_thread(asker: Person, post: Entry) -> None:
    thread = thread_of(asker, post, None)
    assert (list(thread.rows), thread.next, thread.is_first) == ([], None, True)
    assert thread.can_comment


def test_replies_follow_what_they_reply_to(
    asker: Person, helper: Person, post: Entry
) -> None:
    one = threads.comment(helper, post)
    two = threads.comment(asker, post)
    late = threads.comment(asker, post, parent=one)
    later = threads.comment(helper, post, parent=late)
    expected = [one.id, late.id, later.id, two.id]
    for size in (1, 2, 3, 50):
        assert read(asker, post, size) == expected
    thread = thread_of(asker, post, None)
    assert [row.depth for row in thread.rows] == [0, 1, 1, 0]
    assert [len(group.replies) for group in thread.groups] == [2, 0]
    assert thread.answers == []


def test_answers_come_accepted_first_then_by_votes_then_by_age(
    asker: Person, helper: Person, question: Entry
) -> None:
    voter = factories.person()
    talk = threads.comment(asker, question)
    plain, imported, voted, accepted = (
        threads.comment(helper, question, kind=ANSWER) for _ in range(4)
    )
    thanks = threads.comment(asker, question, parent=voted)
    equal = threads.comment(helper, question, kind=ANSWER)
    with transaction():
        vote_for_answer(voter, voted)
        vote_for_answer(asker, voted)
        accept_answer(asker, accepted)
        imported.imported_score = 1
    expected = [a.id for a in (accepted, voted, thanks, imported, plain, equal, talk)]
    for size in (1, 2, 3, 50):
        assert read(voter, question, size) == expected
    thread = thread_of(voter, question, None)
    assert [group.root_id for group in thread.comments] == [talk.id]
    assert thread.accepted_id == accepted.id
    by_id = {row.id: row for row in thread.rows}
    assert (by_id[voted.id].voted, by_id[voted.id].score) == (True, 2)
    assert (by_id[imported.id].voted, by_id[imported.id].score) == (False, 1)
    assert by_id[thanks.id].under_answer
    assert not by_id[talk.id].under_answer


def test_an_accepted_answer_is_known_on_every_page(
    asker: Person, helper: Person, question: Entry
) -> None:
    first = threads.comment(helper, question, kind=ANSWER)
    threads.comment(helper, question, kind=ANSWER)
    with transaction():
        accept_answer(asker, first)
    assert [page.accepted_id for page in pages(asker, question, 1)] == [first.id] * 2


def test_what_a_reader_may_do_stands_in_the_row(
    asker: Person, helper: Person, question: Entry
) -> None:
    threads.comment(helper, question, kind=ANSWER)

    def decisions(reader: Person) -> tuple[bool, ...]:
        row = thread_of(reader, question, None).rows[0]
        return (
            row.can_edit,
            row.can_remove,
            row.can_reply,
            row.can_vote,
            row.can_accept,
        )

    assert decisions(helper) == (True, True, True, False, False)
    assert decisions(asker) == (False, True, True, True, True)
    assert decisions(factories.person()) == (False, False, True, True, False)


def test_removed_words_reach_no_page(
    asker: Person, helper: Person, post: Entry
) -> None:
    comment = threads.comment(helper, post, "A secret")
    with transaction():
        remove_comment(helper, comment)
    row = thread_of(asker, post, None).rows[0]
    assert (row.removed, row.html, row.can_reply, row.can_edit) == (
        True,
        "",
        False,
        False,
    )


def test_own_drafts_wait_where_they_were_begun(
    asker: Person, helper: Person, post: Entry
) -> None:
    comment = threads.comment(helper, post)
    keys = [str(uuid.uuid4()), str(uuid.uuid4())]
    for key, parent in zip(keys, (None, comment.id), strict=True):
        typed = Typed(
            body="Half", entry_id=post.id, parent_id=parent, noun=DraftNoun.COMMENT
        )
        with transaction():
            save_draft(asker, key, typed)
    mine, theirs = thread_of(asker, post, None), thread_of(helper, post, None)
    assert mine.draft is not None
    assert (mine.key, mine.draft.body, mine.rows[0].reply_begun) == (
        keys[0],
        "Half",
        True,
    )
    assert (theirs.draft, theirs.rows[0].reply_begun) == (None, False)
    assert theirs.key not in keys


def test_each_comment_is_on_the_page_its_link_leads_to(
    asker: Person, helper: Person, question: Entry
) -> None:
    answer = threads.comment(helper, question, kind=ANSWER)
    everything = [answer, *(threads.comment(asker, question) for _ in range(4))]
    everything += [threads.comment(asker, question, parent=answer) for _ in range(5)]
    for size in (1, 2, 3, 4, 50):
        for comment in everything:
            page = thread_of(asker, question, cursor_for(comment, size), size)
            assert comment.id in [row.id for row in page.rows]
    assert cursor_for(answer, 1) is None


def test_the_rest_of_a_long_thread_says_where_it_belongs(
    asker: Person, helper: Person, post: Entry
) -> None:
    root = threads.comment(helper, post)
    for _ in range(3):
        threads.comment(asker, post, parent=root)
    second = pages(asker, post, 2)[1]
    assert [(g.root_id, g.root, len(g.replies)) for g in second.groups] == [
        (root.id, None, 2)
    ]


@pytest.mark.parametrize("cursor", ["x", "WzFd", "WyJhIiwxXQ", "é", "bnVsbA"])
def test_a_cursor_that_nobody_made_is_no_page(
    asker: Person, post: Entry, cursor: str
) -> None:
    with pytest.raises(NotVisible):
        thread_of(asker, post, cursor)


@pytest.mark.parametrize("kind", ["post", "question"])
def test_a_thread_takes_two_statements_at_any_length(
    context: Flask, asker: Person, helper: Person, kind: str
) -> None:
    entry = threads.entry(asker, factories.space(asker), kind)
    seen = []
    for more in (10, 90, 900):
        threads.many_comments(entry, helper, more)
        reader = db.session.get_one(Person, asker.id)
        assert reader.memberships  # read when somebody logs in
        assert entry.space.name
        with statements(context) as found:
            thread = thread_of(reader, entry, None)
        seen.append(len(found))
        assert len(thread.rows) == min(more, 50)
    assert seen == [2, 2, 2]
