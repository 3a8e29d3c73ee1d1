"""Whoever looks: lists, counts and tags hold what the policy selects, and no more."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from flask import Flask

from forum import clock
from forum.actions.content import prepare
from forum.actions.entries import hide_entry, publish_entry
from forum.errors import NotVisible
from forum.extensions import db
from forum.models import Person, Role, Space, SpaceMember, SpaceRole, Visibility
from forum.queries.cards import Card, cards
from forum.queries.members import members
from forum.queries.spaces import landing, spaces_index, writable_spaces
from forum.queries.tags import tag_of_name, tag_page, tags_index
from forum.unit_of_work import transaction
from tests import factories

WORDS = ("alpha", "beta", "gamma", "delta")


class Forum:
    """People, Spaces and texts thrown together, and who may read what by the book."""

    def __init__(self, seed: int) -> None:
        dice = random.Random(seed)
        self.people = [factories.person(role=role) for role in Role]
        self.spaces = [
            factories.space(dice.choice(self.people), visibility=visibility)
            for visibility in Visibility
            for _ in range(3)
        ]
        self.member = {(space.created_by_id, space.id) for space in self.spaces}
        self.texts: list[tuple[int, int, frozenset[str]]] = []
        for _ in range(12):
            self._let_in(dice.choice(self.people), dice.choice(self.spaces))
        for _ in range(25):
            self._write(dice)

    def _let_in(self, person: Person, space: Space) -> None:
        if (person.id, space.id) in self.member:
            return
        self.member.add((person.id, space.id))
        with transaction():
            row = {"space_id": space.id, "person_id": person.id}
            db.session.add(SpaceMember(**row, role=SpaceRole.MEMBER, since=clock.now()))

    def _write(self, dice: random.Random) -> None:
        space = dice.choice(self.spaces)
        owner = db.session.get_one(Person, space.created_by_id)
        tags = frozenset(dice.sample(WORDS, dice.randint(0, 3)))
        kind = dice.choice(("post", "question"))
        content = prepare(
            kind=kind, title="T", body="B", fields={}, tags=",".join(tags)
        )
        with transaction():
            entry = publish_entry(owner, space, content)
            if dice.random() < 0.2:
                hide_entry(owner, entry)
                return
        self.texts.append((entry.id, space.id, tags))

    def reads(self, person: Person, space: Space) -> bool:
        opened = space.visibility is Visibility.OPEN and person.role is not Role.GUEST
        return opened or (person.id, space.id) in self.member

    def knows(self, person: Person, space: Space) -> bool:
        closed = space.visibility is Visibility.CLOSED
        return self.reads(person, space) or (closed and person.role is not Role.GUEST)


def all_cards(person: Person, sort: str) -> list[Card]:
    found: list[Card] = []
    cursor = None
    while True:
        page = cards(person, sort=sort, cursor=cursor, size=4)
        found += page.rows
        cursor = page.next
        if cursor is None:
            return found


@pytest.mark.parametrize("seed", range(4))
def test_every_list_and_count_is_what_the_reader_may_see(
    context: Flask, seed: int
) -> None:
    forum = Forum(seed)
    for person in forum.people:
        db.session.expire_all()
        readable = {space.id for space in forum.spaces if forum.reads(person, space)}
        texts = {text: tags for text, at, tags in forum.texts if at in readable}
        for sort in ("new", "active"):
            shown = all_cards(person, sort)
            assert {card.id: frozenset(card.tags) for card in shown} == texts
            assert len(shown) == len(texts)
        assert {each[0] for each in writable_spaces(person)} == readable
        counts = Counter(tag for tags in texts.values() for tag in tags)
        assert {r.name: r.entry_count for r in tags_index(person).rows} == counts
        for word in WORDS:
            if word not in counts:
                with pytest.raises(NotVisible):
                    tag_of_name(person, word)
                continue
            page = tag_page(person, tag_of_name(person, word))
            assert page.entry_count == counts[word] == len(page.entries.rows)
        check_spaces(forum, person, texts)


def check_spaces(
    forum: Forum, person: Person, texts: dict[int, frozenset[str]]
) -> None:
    listed = {row.id: row for row in spaces_index(person).rows}
    known = [space for space in forum.spaces if forum.knows(person, space)]
    assert listed.keys() == {space.id for space in known}
    for space in forum.spaces:
        inside = {text for text, at, _ in forum.texts if at == space.id}
        size = sum(1 for _, at in forum.member if at == space.id)
        if not forum.knows(person, space):
            with pytest.raises(NotVisible):
                landing(person, space.slug)
            continue
        page = landing(person, space.slug)
        reads = forum.reads(person, space)
        visible = inside & texts.keys()
        assert (page.readable, page.member_count) == (reads, size)
        assert listed[space.id].member_count == size
        assert listed[space.id].entry_count == page.entry_count == len(visible)
        assert len(members(person, space).rows) == (size if reads else 0)
        tags = Counter(tag for text in visible for tag in texts[text])
        assert dict(page.tags) == tags
        if not reads:
            assert not page.entries and not page.facilitators


def test_a_cursor_nobody_made_is_a_page_that_does_not_exist(context: Flask) -> None:
    person = factories.person()
    for broken in ("x", "W10", "WyJcdTAwMDAiLDFd", "WyJcdWQ4MDAiLDFd"):
        for ask in (spaces_index, tags_index):
            with pytest.raises(NotVisible):
                ask(person, broken)
