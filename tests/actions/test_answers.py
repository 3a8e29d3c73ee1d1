"""One vote a person, one accepted answer a question, whatever happens at once."""

from __future__ import annotations

from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.actions.answers import (
    accept_answer,
    take_back_vote,
    unaccept_answer,
    vote_for_answer,
)
from forum.actions.comments import remove_comment
from forum.errors import Conflict, NotAllowed
from forum.extensions import db
from forum.models import Comment, Entry, Event, Person, Role, Vote
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
    keeper = factories.person()
    return threads.entry(asker, factories.space(keeper), "question")


def vote(actor: Person, answer: Comment) -> None:
    with transaction():
        vote_for_answer(actor, answer)


def accept(actor: Person, answer: Comment, instead_of: int | None = None) -> None:
    with transaction():
        accept_answer(actor, answer, instead_of=instead_of)


def accepted(entry: Entry) -> list[int]:
    return list(
        db.session.scalars(
            sa.select(Comment.id).where(
                Comment.entry_id == entry.id, Comment.accepted_at.is_not(None)
            )
        )
    )


def test_everybody_has_one_vote(question: Entry, asker: Person, helper: Person) -> None:
    answer = threads.comment(helper, question, kind=ANSWER)
    vote(asker, answer)
    vote(asker, answer)
    vote(factories.person(), answer)
    assert (answer.vote_count, answer.version) == (2, 1)
    with transaction():
        take_back_vote(asker, answer)
        take_back_vote(asker, answer)
    assert answer.vote_count == 1
    verbs = sa.select(Event.verb).where(Event.verb.startswith("answer."))
    assert sorted(db.session.scalars(verbs)) == [
        "answer.vote_taken_back",
        "answer.voted",
        "answer.voted",
    ]


def test_nobody_votes_for_themselves_for_comments_or_for_what_is_gone(
    question: Entry, asker: Person, helper: Person
) -> None:
    answer = threads.comment(helper, question, kind=ANSWER)
    with pytest.raises(NotAllowed) as refused:
        vote(helper, answer)
    assert refused.value.reason == "comment.own_answer"
    with pytest.raises(NotAllowed):
        vote(asker, threads.comment(helper, question))
    with transaction():
        remove_comment(helper, answer)
    with pytest.raises(NotAllowed):
        vote(asker, answer)
    with pytest.raises(NotAllowed):
        accept(asker, answer)


def test_votes_at_once_are_counted_once_a_person(
    context: Flask, question: Entry, helper: Person
) -> None:
    voters = [factories.person().id, factories.person().id]
    answer_id = threads.comment(helper, question, kind=ANSWER).id
    db.session.remove()

    def give(voter_id: int) -> str:
        actor = db.session.get_one(Person, voter_id)
        vote_for_answer(actor, db.session.get_one(Comment, answer_id))
        return "taken"

    gives = [partial(give, voter_id) for voter_id in voters * 2]
    assert at_once(context, *gives) == ["taken"] * 4
    assert db.session.get_one(Comment, answer_id).vote_count == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Vote)) == 2


def test_the_asker_says_which_answer_helped(
    question: Entry, asker: Person, helper: Person
) -> None:
    first = threads.comment(helper, question, kind=ANSWER)
    second = threads.comment(helper, question, kind=ANSWER)
    accept(asker, first)
    accept(asker, first)
    assert (accepted(question), first.accepted_by_id) == ([first.id], asker.id)
    accept(asker, second, instead_of=first.id)
    assert accepted(question) == [second.id]
    with transaction():
        unaccept_answer(asker, second)
        unaccept_answer(asker, second)
    assert accepted(question) == []
    assert second.version == 1


def test_a_page_that_has_not_seen_the_accepted_answer_is_a_conflict(
    question: Entry, asker: Person, helper: Person
) -> None:
    first = threads.comment(helper, question, kind=ANSWER)
    second = threads.comment(helper, question, kind=ANSWER)
    accept(asker, first)
    with pytest.raises(Conflict):
        accept(asker, second)
    assert accepted(question) == [first.id]


def test_only_the_asker_and_facilitators_accept(
    question: Entry, asker: Person, helper: Person
) -> None:
    answer = threads.comment(helper, question, kind=ANSWER)
    for other in (helper, factories.person(role=Role.ADMIN)):
        with pytest.raises(NotAllowed):
            accept(other, answer)
    with pytest.raises(NotAllowed):
        accept(asker, threads.comment(helper, question))
    accept(db.session.get_one(Person, question.space.created_by_id), answer)
    assert accepted(question) == [answer.id]


def test_a_removed_answer_is_no_longer_accepted(
    question: Entry, asker: Person, helper: Person
) -> None:
    answer = threads.comment(helper, question, kind=ANSWER)
    accept(asker, answer)
    with transaction():
        remove_comment(helper, answer)
    assert accepted(question) == []


def test_of_two_accepted_at_once_one_wins(
    context: Flask, question: Entry, asker: Person, helper: Person
) -> None:
    ids = [threads.comment(helper, question, kind=ANSWER).id for _ in range(3)]
    entry_id, asker_id = question.id, asker.id
    db.session.remove()

    def take(answer_id: int) -> int:
        actor = db.session.get_one(Person, asker_id)
        accept_answer(actor, db.session.get_one(Comment, answer_id))
        return answer_id

    results = at_once(context, *[partial(take, answer_id) for answer_id in ids])
    winners = [result for result in results if isinstance(result, int)]
    assert len(winners) == 1
    assert [type(r) for r in results].count(Conflict) == 2
    assert accepted(db.session.get_one(Entry, entry_id)) == winners
