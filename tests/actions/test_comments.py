"""Comments are posted once, changed without loss and removed with a trace."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.actions.comments import (
    LONGEST_COMMENT,
    edit_comment,
    post_comment,
    prepare_comment,
    remove_comment,
)
from forum.actions.drafts import Typed, save_draft
from forum.errors import Conflict, Invalid, NotAllowed, NotVisible
from forum.extensions import db
from forum.models import (
    Comment,
    CommentState,
    DraftNoun,
    DraftState,
    Entry,
    Event,
    Person,
    Role,
    Visibility,
)
from forum.unit_of_work import transaction
from tests import factories, threads
from tests.actions.at_once import at_once
from tests.threads import ANSWER


@pytest.fixture
def asker(context: Flask) -> Person:
    return factories.person("Mara Lindt")


@pytest.fixture
def helper(context: Flask) -> Person:
    return factories.person("Dana Kovač")


@pytest.fixture
def question(asker: Person) -> Entry:
    return threads.entry(asker, factories.space(asker), "question")


def counts(entry: Entry) -> tuple[int, int]:
    db.session.expire_all()
    return entry.comment_count, entry.answer_count


def edit(actor: Person, comment: Comment, body: str, version: int) -> None:
    content = prepare_comment(body)
    with transaction():
        edit_comment(actor, comment, content, version=version)


def remove(actor: Person, comment: Comment) -> None:
    with transaction():
        remove_comment(actor, comment)


def test_a_comment_stands_under_its_entry(question: Entry, helper: Person) -> None:
    before = question.active_at
    comment = threads.comment(helper, question, "It **works** here.")
    assert (comment.root_id, comment.parent_id) == (comment.id, None)
    assert "<strong>works</strong>" in comment.html
    assert counts(question) == (1, 0)
    assert question.active_at > before
    event = db.session.scalars(
        sa.select(Event).where(Event.verb == "comment.posted")
    ).one()
    assert event.facts == {"entry": question.id, "kind": "comment", "parent": None}


def test_answers_are_counted_among_comments(question: Entry, helper: Person) -> None:
    threads.comment(helper, question, kind=ANSWER)
    threads.comment(helper, question)
    assert counts(question) == (2, 1)


def test_an_entry_keeps_its_version_when_people_talk(
    question: Entry, helper: Person
) -> None:
    before = question.version
    threads.comment(helper, question)
    db.session.expire_all()
    assert question.version == before


def test_a_reply_to_a_reply_stands_under_the_same_comment(
    question: Entry, helper: Person, asker: Person
) -> None:
    root = threads.comment(helper, question, kind=ANSWER)
    reply = threads.comment(asker, question, parent=root)
    second = threads.comment(helper, question, "@Mara yes", parent=reply)
    assert (reply.parent_id, reply.root_id) == (root.id, root.id)
    assert (second.parent_id, second.root_id) == (root.id, root.id)
    assert second.body == "@Mara yes"
    assert counts(question) == (3, 1)


def test_answers_belong_on_top_of_questions(
    question: Entry, helper: Person, asker: Person
) -> None:
    post = threads.entry(asker, question.space)
    with pytest.raises(Invalid) as refused:
        threads.comment(helper, post, kind=ANSWER)
    assert refused.value.fields == {"body": "comment.no_answers_here"}
    root = threads.comment(helper, question)
    with pytest.raises(Invalid) as refused:
        threads.comment(helper, question, kind=ANSWER, parent=root)
    assert refused.value.fields == {"body": "comment.one_level"}
    with pytest.raises(NotVisible):
        threads.comment(helper, post, parent=root)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "comment.empty"),
        (" \n\0\t", "comment.empty"),
        ("x" * (LONGEST_COMMENT + 1), "comment.too_long"),
    ],
)
def test_words_are_needed_and_not_too_many(
    question: Entry, helper: Person, body: str, problem: str
) -> None:
    with pytest.raises(Invalid) as refused:
        threads.comment(helper, question, body)
    assert refused.value.fields == {"body": problem}
    assert counts(question) == (0, 0)


def test_the_longest_comment_is_taken(question: Entry, helper: Person) -> None:
    comment = threads.comment(helper, question, "x" * LONGEST_COMMENT)
    assert len(comment.body) == LONGEST_COMMENT


def test_a_comment_finishes_its_draft(question: Entry, helper: Person) -> None:
    key = str(uuid.uuid4())
    typed = Typed(body="Half", entry_id=question.id, noun=DraftNoun.COMMENT)
    with transaction():
        draft = save_draft(helper, key, typed)
    threads.comment(helper, question, "Whole", draft_key=key)
    db.session.expire_all()
    assert draft.state is DraftState.PUBLISHED
    assert draft.body == ""


def test_sent_twice_is_posted_once(question: Entry, helper: Person) -> None:
    key = str(uuid.uuid4())
    first = threads.comment(helper, question, draft_key=key)
    again = threads.comment(helper, question, draft_key=key)
    assert first.id == again.id
    assert counts(question) == (1, 0)


def test_somebody_elses_key_tells_nothing(
    question: Entry, helper: Person, asker: Person
) -> None:
    key, other = str(uuid.uuid4()), str(uuid.uuid4())
    threads.comment(helper, question, draft_key=key)
    with transaction():
        save_draft(helper, other, Typed(body="Half", noun=DraftNoun.COMMENT))
    for taken in (key, other):
        with pytest.raises(NotVisible):
            threads.comment(asker, question, draft_key=taken)


def test_sent_twice_at_once_is_posted_once(
    context: Flask, question: Entry, helper: Person
) -> None:
    key, content = str(uuid.uuid4()), prepare_comment("Words")
    entry_id, helper_id = question.id, helper.id
    db.session.remove()

    def send() -> int:
        actor = db.session.get_one(Person, helper_id)
        entry = db.session.get_one(Entry, entry_id)
        return post_comment(actor, entry, content, draft_key=key).id

    results = at_once(context, *[send] * 4)
    assert len(set(results)) == 1
    assert isinstance(results[0], int)
    assert counts(db.session.get_one(Entry, entry_id)) == (1, 0)


def test_many_at_once_are_all_counted(
    context: Flask, question: Entry, helper: Person
) -> None:
    content = prepare_comment("Words")
    entry_id, helper_id = question.id, helper.id
    db.session.remove()

    def send() -> int:
        actor = db.session.get_one(Person, helper_id)
        entry = db.session.get_one(Entry, entry_id)
        return post_comment(actor, entry, content, kind=ANSWER).id

    results = at_once(context, *[send] * 4)
    assert len(set(results)) == 4
    assert counts(db.session.get_one(Entry, entry_id)) == (4, 4)


def test_own_words_change_and_say_so(question: Entry, helper: Person) -> None:
    comment = threads.comment(helper, question, "Old")
    edit(helper, comment, "New", 1)
    db.session.expire_all()
    assert (comment.body, comment.version) == ("New", 2)
    assert comment.edited_at is not None
    assert "New" in comment.html


def test_the_same_words_again_change_nothing(question: Entry, helper: Person) -> None:
    comment = threads.comment(helper, question, "Same")
    edit(helper, comment, "Same", 1)
    assert (comment.version, comment.edited_at) == (1, None)


def test_a_stale_change_is_a_conflict(question: Entry, helper: Person) -> None:
    comment = threads.comment(helper, question, "Old")
    edit(helper, comment, "First", 1)
    with pytest.raises(Conflict):
        edit(helper, comment, "Second", 1)
    db.session.expire_all()
    assert comment.body == "First"


def test_only_the_author_changes_words(
    question: Entry, helper: Person, asker: Person
) -> None:
    comment = threads.comment(helper, question)
    for other in (asker, factories.person(role=Role.ADMIN)):
        with pytest.raises(NotAllowed):
            edit(other, comment, "Mine", 1)


def test_removal_keeps_the_place_and_the_words(
    question: Entry, helper: Person, asker: Person
) -> None:
    root = threads.comment(helper, question, "Regret", kind=ANSWER)
    threads.comment(asker, question, parent=root)
    remove(helper, root)
    db.session.expire_all()
    assert root.state is CommentState.REMOVED
    assert (root.body, root.state_by_id) == ("Regret", helper.id)
    assert counts(question) == (1, 0)
    with pytest.raises(NotAllowed):
        remove(helper, root)
    with pytest.raises(NotAllowed):
        edit(helper, root, "Back", root.version)
    with pytest.raises(NotAllowed):
        threads.comment(asker, question, parent=root)
    assert counts(question) == (1, 0)


def test_removed_twice_at_once_is_counted_once(
    context: Flask, question: Entry, helper: Person
) -> None:
    comment_id = threads.comment(helper, question).id
    threads.comment(helper, question)
    entry_id, helper_id = question.id, helper.id
    db.session.remove()

    def take_away() -> str:
        actor = db.session.get_one(Person, helper_id)
        remove_comment(actor, db.session.get_one(Comment, comment_id))
        return "removed"

    results = at_once(context, *[take_away] * 3)
    assert results.count("removed") == 1
    assert all(r == "removed" or isinstance(r, Conflict | NotAllowed) for r in results)
    assert counts(db.session.get_one(Entry, entry_id)) == (1, 0)


def test_who_may_remove(question: Entry, helper: Person, asker: Person) -> None:
    moderator = factories.person(role=Role.MODERATOR)
    with pytest.raises(NotAllowed):
        remove(factories.person(), threads.comment(helper, question))
    for allowed in (helper, asker, moderator):  # the asker facilitates this Space
        remove(allowed, threads.comment(helper, question))
    assert counts(question) == (1, 0)


def test_only_readers_talk(asker: Person, helper: Person) -> None:
    closed = factories.space(asker, visibility=Visibility.PRIVATE)
    hidden = threads.entry(asker, closed)
    open_one = threads.entry(asker, factories.space(asker))
    guest = factories.person(role=Role.GUEST)
    admin = factories.person(role=Role.ADMIN)
    for outsider, entry in ((helper, hidden), (admin, hidden), (guest, open_one)):
        with pytest.raises(NotAllowed):
            threads.comment(outsider, entry)
    assert counts(hidden) == counts(open_one) == (0, 0)
