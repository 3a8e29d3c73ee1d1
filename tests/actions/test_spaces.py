"""Spaces: old addresses lead on, one always looks after them, one winner at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from forum.actions.spaces import (
    add_member,
    change_member_role,
    create_space,
    edit_space,
    edit_template,
    leave_space,
    remove_member,
)
from forum.errors import Conflict, Invalid, NotAllowed
from forum.extensions import db
from forum.models import (
    Person,
    Role,
    Space,
    SpaceAlias,
    SpaceMember,
    SpaceRole,
    Visibility,
)
from forum.queries.spaces import extra_fields_of, space_of_slug
from forum.unit_of_work import transaction
from tests import factories


def started(actor: Person, name: str, **more: Any) -> Space:
    with transaction():
        return create_space(actor, name=name, **more)


def renamed(actor: Person, space: Space, name: str, version: int = 0) -> None:
    with transaction():
        edit_space(
            actor,
            space,
            name=name,
            purpose=space.purpose,
            kind=space.kind,
            visibility=space.visibility,
            required_tags=space.required_tags,
            version=version or space.version,
        )


def at_once(app: Flask, works: list[Callable[[], Any]]) -> list[type[Exception] | None]:
    """Run each in a thread of its own; return what each raised, or None."""
    start = threading.Barrier(len(works))
    results: list[type[Exception] | None] = [None] * len(works)

    def run(at: int) -> None:
        with app.app_context():
            start.wait()
            try:
                works[at]()
            except Exception as error:
                results[at] = type(error)

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_twenty_names_leave_twenty_addresses_one_hop_away(context: Flask) -> None:
    mara = factories.person()
    space = started(mara, "Name 0")
    for number in range(1, 21):
        renamed(mara, space, f"Name {number}")
    assert space.slug == "name-20"
    for number in range(20):
        assert space_of_slug(mara, f"name-{number}").slug == "name-20"
    renamed(mara, space, "Name 3")
    assert space.slug == "name-3"
    assert db.session.get(SpaceAlias, "name-3") is None
    assert space_of_slug(mara, "name-20").id == space.id


def test_an_address_given_up_is_never_given_to_another(context: Flask) -> None:
    mara = factories.person()
    first = started(mara, "Ops")
    renamed(mara, first, "Operations")
    assert started(mara, "Ops").slug == "ops-2"
    assert started(mara, "New").slug == "space-new"
    assert space_of_slug(mara, "ops").id == first.id


def test_two_who_rename_one_space_at_once_are_told_apart(app: Flask) -> None:
    with app.app_context():
        mara, sam = factories.person().id, factories.person().id
        space_id = started(db.session.get_one(Person, mara), "Ops").id
        with transaction():
            space = db.session.get_one(Space, space_id)
            add_member(
                db.session.get_one(Person, mara),
                space,
                person_id=sam,
                role=SpaceRole.FACILITATOR,
            )

    def rename(person: int, name: str) -> Callable[[], None]:
        def work() -> None:
            actor = db.session.get_one(Person, person)
            renamed(actor, db.session.get_one(Space, space_id), name, version=1)

        return work

    results = at_once(app, [rename(mara, "Left"), rename(sam, "Right")])
    assert results in ([Conflict, None], [None, Conflict])


def test_two_spaces_that_want_one_address_at_once_get_two(app: Flask) -> None:
    with app.app_context():
        mara = factories.person().id
        old = started(db.session.get_one(Person, mara), "Depot").id

    def start() -> None:
        started(db.session.get_one(Person, mara), "Depot")

    def give_up() -> None:
        actor = db.session.get_one(Person, mara)
        renamed(actor, db.session.get_one(Space, old), "Harbour")

    assert at_once(app, [start, give_up, start]) == [None, None, None]
    with app.app_context():
        slugs = set(db.session.scalars(sa.select(Space.slug)))
        assert slugs == {"harbour", "depot-2", "depot-3"}
        alias = db.session.get_one(SpaceAlias, "depot")
        assert alias.space_id == old


def test_two_facilitators_who_leave_at_once_do_not_leave_nobody(app: Flask) -> None:
    with app.app_context():
        people = [factories.person().id, factories.person().id]
        mara = db.session.get_one(Person, people[0])
        space = started(mara, "Ops")
        space_id = space.id
        with transaction():
            role = SpaceRole.FACILITATOR
            add_member(mara, space, person_id=people[1], role=role)

    def leave(person: int) -> Callable[[], None]:
        def work() -> None:
            with transaction():
                actor = db.session.get_one(Person, person)
                leave_space(actor, db.session.get_one(Space, space_id))

        return work

    results = at_once(app, [leave(each) for each in people])
    assert sorted(map(str, results)) == sorted(map(str, [None, Invalid]))


def test_one_facilitator_always_stays(context: Flask) -> None:
    mara, sam = factories.person(), factories.person()
    space = started(mara, "Ops")
    with transaction():
        add_member(mara, space, person_id=sam.id)
        add_member(mara, space, person_id=sam.id)
    for attempt in (
        lambda: leave_space(mara, space),
        lambda: remove_member(mara, space, person_id=mara.id),
        lambda: change_member_role(
            mara, space, person_id=mara.id, role=SpaceRole.MEMBER
        ),
    ):
        with pytest.raises(Invalid, match="last_facilitator"), transaction():
            attempt()
    with pytest.raises(NotAllowed):
        remove_member(sam, space, person_id=mara.id)
    with transaction():
        change_member_role(mara, space, person_id=sam.id, role=SpaceRole.FACILITATOR)
        leave_space(mara, space)
    assert db.session.scalars(sa.select(SpaceMember.person_id)).all() == [sam.id]


def test_no_role_looks_after_what_it_is_not_in(context: Flask) -> None:
    mara, admin = factories.person(), factories.person(role=Role.ADMIN)
    space = started(mara, "Closed", visibility=Visibility.CLOSED)
    with pytest.raises(NotAllowed):
        renamed(admin, space, "Mine")
    with pytest.raises(NotAllowed):
        add_member(admin, space, person_id=admin.id)
    with pytest.raises(NotAllowed):
        started(factories.person(role=Role.GUEST), "Guests")


def test_a_field_keeps_its_key_when_its_words_change(context: Flask) -> None:
    mara = factories.person()
    space = started(mara, "Ops")
    asked = [
        {"label": "Problem", "type": "text", "required": True},
        {"label": "Which shop?", "type": "choice", "choices": "North\nSouth"},
        {"label": " ", "type": "text"},
    ]
    with transaction():
        edit_template(mara, space, "tip", guidance=" G ", fields=asked, version=0)
    own, shop = extra_fields_of(space.id, "tip")
    assert (own.key, own.required, own.label_key) == ("problem_2", True, "Problem")
    assert (shop.key, shop.choices) == ("which_shop", ("North", "South"))
    again = [{"key": shop.key, "label": "Shop", "type": "text", "choices": "X"}]
    with transaction():
        edit_template(mara, space, "tip", guidance="", fields=again, version=1)
    (shop,) = extra_fields_of(space.id, "tip")
    assert (shop.key, shop.label_key, shop.choices) == ("which_shop", "Shop", ())
    with pytest.raises(Conflict):
        edit_template(mara, space, "tip", guidance="", fields=[], version=1)
    with pytest.raises(Invalid, match="fields-0"):
        wrong = [{"label": "List", "type": "checklist"}]
        edit_template(mara, space, "tip", guidance="", fields=wrong, version=2)
