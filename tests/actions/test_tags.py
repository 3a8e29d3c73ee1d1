"""Tags by use, synonyms one level deep, renames and merges without loss."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum import clock
from forum.actions.content import prepare
from forum.actions.entries import publish_entry
from forum.actions.spaces import create_space
from forum.actions.tags import edit_tag, ensure_tags, merge_tags
from forum.errors import Conflict, Invalid, NotAllowed
from forum.extensions import db
from forum.models import Entry, Event, Person, PersonTag, Role, Space, Tag, Wish
from forum.unit_of_work import transaction
from tests import factories


def tags_of(entry_id: int) -> list[str]:
    db.session.expire_all()
    return [tag.name for tag in db.session.get_one(Entry, entry_id).tags]


def entry(person: Person, space: Space, tags: str) -> int:
    content = prepare(kind="post", title="Title", body="Words", fields={}, tags=tags)
    with transaction():
        return publish_entry(person, space, content).id


def tag_named(name: str) -> Tag:
    return db.session.scalars(sa.select(Tag).where(Tag.name == name)).one()


def ensured(*names: str) -> list[str]:
    with transaction():
        return [tag.name for tag in ensure_tags(names)]


def rename(actor: Person, tag: Tag, name: str, **more: Any) -> None:
    version = more.pop("version", tag.version)
    with transaction():
        edit_tag(actor, tag, name=name, description="", version=version, **more)


def test_names_become_tags_in_order_and_each_once(context: Flask) -> None:
    assert ensured("zinc", "alloy", "zinc") == ["zinc", "alloy"]
    assert ensured("alloy", "new", "zinc") == ["alloy", "new", "zinc"]
    assert ensured() == []


def test_a_synonym_stands_for_the_tag_it_points_at(context: Flask) -> None:
    lead = factories.person(role=Role.LEAD)
    ensured("db", "database")
    with transaction():
        merge_tags(lead, tag_named("db"), into=tag_named("database"))
    assert ensured("db", "database", "sql") == ["database", "sql"]


def test_a_renamed_tag_leads_on_and_may_have_its_name_back(context: Flask) -> None:
    lead = factories.person(role=Role.LEAD)
    space = factories.space(lead)
    text = entry(lead, space, "wms")
    for name in ("warehouse", "stores", "wms"):
        rename(lead, db.session.get_one(Tag, 1), name)
    assert tags_of(text) == ["wms"]
    names = dict(db.session.execute(sa.select(Tag.name, Tag.synonym_of_id)).all())
    assert names == {"wms": None, "warehouse": 1, "stores": 1}


def test_a_merge_moves_everything_once_and_keeps_one_level(context: Flask) -> None:
    lead = factories.person(role=Role.LEAD)
    space = factories.space(lead)
    both, one = entry(lead, space, "js, javascript"), entry(lead, space, "js")
    ensured("ecmascript", "es6")
    with transaction():
        for wish, name in ((Wish.OFFER, "js"), (Wish.WANT, "js"), (Wish.OFFER, "es6")):
            db.session.add(
                PersonTag(person_id=lead.id, tag_id=tag_named(name).id, wish=wish)
            )
    for old, new in (("es6", "js"), ("js", "ecmascript"), ("javascript", "es6")):
        with transaction():
            merge_tags(lead, tag_named(old), into=tag_named(new))
    assert tags_of(both) == tags_of(one) == ["ecmascript"]
    target = tag_named("ecmascript")
    others = sa.select(Tag.synonym_of_id).where(Tag.id != target.id)
    assert set(db.session.scalars(others)) == {target.id}
    wishes = db.session.execute(sa.select(PersonTag.wish, PersonTag.tag_id))
    assert sorted(wishes) == [(Wish.OFFER, target.id), (Wish.WANT, target.id)]
    merged = sa.select(sa.func.count()).where(Event.verb == "tag.merged")
    assert db.session.scalar(merged) == 3


def test_what_a_space_asks_for_follows_a_rename_and_a_merge(context: Flask) -> None:
    lead = factories.person(role=Role.LEAD)
    with transaction():
        space = create_space(lead, name="Ops", required_tags=["runbook", "howto"])
    rename(lead, tag_named("howto"), "guide")
    ensured("handbook")
    with transaction():
        merge_tags(lead, tag_named("runbook"), into=tag_named("handbook"))
    db.session.expire_all()
    assert space.required_tags == ["handbook", "guide"]


def test_what_cannot_be_is_refused_with_a_reason(context: Flask) -> None:
    lead, member = factories.person(role=Role.LEAD), factories.person()
    ensured("one", "two")
    one, two = tag_named("one"), tag_named("two")
    with pytest.raises(Invalid) as taken:
        rename(lead, one, "two")
    assert taken.value.fields == {"name": "tag.taken"}
    with pytest.raises(Invalid, match="not_a_tag"):
        rename(lead, one, "!!")
    with pytest.raises(Conflict):
        rename(lead, one, "uno", version=7)
    with pytest.raises(Invalid, match="itself"), transaction():
        merge_tags(lead, one, into=one)
    for refused in (
        lambda: rename(member, one, "x"),
        lambda: merge_tags(member, one, into=two),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_many_people_invent_the_same_tags_at_once(app: Flask) -> None:
    wrong: list[BaseException] = []
    start = threading.Barrier(4)

    def invent(turn: int) -> None:
        names = [f"tag-{number}" for number in range(12)]
        try:
            with app.app_context():
                start.wait()
                with transaction():
                    ensure_tags(names[turn:] + names[:turn])
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=invent, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Tag)) == 12


def test_nothing_stays_behind_on_a_tag_that_is_merged_meanwhile(app: Flask) -> None:
    with app.app_context():
        lead = factories.person(role=Role.LEAD)
        space_id, lead_id = factories.space(lead).id, lead.id
        ensured("old", "new")
    wrong: list[BaseException] = []
    start = threading.Barrier(3)

    def write() -> None:
        with app.app_context():
            content = prepare(kind="post", title="T", body="B", fields={}, tags="old")
            for _ in range(5):
                with transaction():
                    person = db.session.get_one(Person, lead_id)
                    space = db.session.get_one(Space, space_id)
                    publish_entry(person, space, content)

    def merge() -> None:
        with app.app_context(), transaction():
            person = db.session.get_one(Person, lead_id)
            merge_tags(person, tag_named("old"), into=tag_named("new"))

    def at_once(work: Any) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:
            wrong.append(error)

    threads = [
        threading.Thread(target=at_once, args=(work,)) for work in (write, merge, write)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    with app.app_context():
        found = {tuple(tags_of(i)) for i in db.session.scalars(sa.select(Entry.id))}
        assert found == {("new",)}


def test_two_who_rename_one_tag_at_once_are_told_apart(app: Flask) -> None:
    with app.app_context():
        lead_id = factories.person(role=Role.LEAD).id
        ensured("old")
    results: list[str] = []
    start = threading.Barrier(2)

    def work(name: str) -> None:
        with app.app_context():
            actor, tag = db.session.get_one(Person, lead_id), tag_named("old")
            start.wait()
            try:
                rename(actor, tag, name, version=1)
                results.append("saved")
            except Conflict:
                results.append("conflict")

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["conflict", "saved"]


def test_describing_a_tag_is_an_event_without_its_words(context: Flask) -> None:
    lead = factories.person(role=Role.LEAD)
    ensured("one")
    tag = tag_named("one")
    with transaction():
        edit_tag(lead, tag, name="One", description=" First. ", version=1)
    assert (tag.name, tag.description, tag.version) == ("one", "First.", 2)
    event = db.session.scalars(sa.select(Event)).one()
    assert event.facts == {"renamed": False}
    assert event.at <= clock.now()
