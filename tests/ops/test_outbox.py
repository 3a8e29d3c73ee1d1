"""Every promised reaction happens once its row is due, whatever the others do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from forum import clock, events, outbox
from forum.extensions import db
from forum.files import FileStore
from forum.models import Attachment, Event, OutboxRow, OutboxState, Person
from forum.unit_of_work import transaction
from tests import factories
from tests.ops import story
from tests.ops.conftest import BOTH


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A reaction that notes which subjects it ran for."""
    ran: list[int] = []
    monkeypatch.setitem(outbox.REACTIONS, "note", lambda e: ran.append(e.subject_id))
    monkeypatch.setitem(events.REACTIONS, "person.added", ("note",))
    return ran


def people(count: int) -> list[int]:
    """So many events, each of which promises one reaction."""
    person = factories.person()
    with transaction():
        actor = db.session.get_one(Person, person.id)
        for _ in range(count):
            events.record("person.added", actor, actor)
        db.session.flush()
        return list(db.session.scalars(sa.select(OutboxRow.id).order_by(OutboxRow.id)))


def row(row_id: int) -> OutboxRow:
    db.session.close()
    return db.session.get_one(OutboxRow, row_id)


@pytest.fixture
def inside(bare: Flask) -> Iterator[Flask]:
    with bare.app_context():
        yield bare


def test_every_reaction_named_by_an_event_has_a_function() -> None:
    named = {name for names in events.REACTIONS.values() for name in names}
    assert named == set(outbox.REACTIONS)


@BOTH
def test_due_reactions_run_once(inside: Flask, seen: list[int]) -> None:
    ids = people(3)
    assert outbox.drain(inside) == 3
    assert outbox.drain(inside) == 0
    assert len(seen) == 3
    for each in ids:
        assert row(each).state is OutboxState.DONE
        assert row(each).done_at is not None


def test_they_run_in_the_order_in_which_they_were_promised(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[int] = []
    monkeypatch.setitem(outbox.REACTIONS, "note", lambda e: order.append(e.id))
    monkeypatch.setitem(events.REACTIONS, "person.added", ("note",))
    people(60)
    outbox.drain(inside)
    assert order == sorted(order)
    assert len(order) == 60


def test_what_is_rolled_back_promises_nothing(inside: Flask, seen: list[int]) -> None:
    person = factories.person()
    with pytest.raises(RuntimeError), transaction():
        events.record("person.added", person, person)
        raise RuntimeError
    assert outbox.drain(inside) == 0
    assert seen == []


@BOTH
def test_a_bad_reaction_stops_no_other_and_comes_back_later(
    inside: Flask, seen: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad(event: Event) -> None:
        # Half of its work is done when it stumbles: that half is rolled back.
        with transaction():
            db.session.execute(sa.update(Person).values(department="half"))
            raise RuntimeError("the shelf fell \0over")

    monkeypatch.setitem(outbox.REACTIONS, "bad", bad)
    monkeypatch.setitem(events.REACTIONS, "person.added", ("bad", "note"))
    with time_machine.travel("2026-03-02 09:00 +0000", tick=False) as now:
        first, second = people(1)
        assert outbox.drain(inside) == 2
        assert len(seen) == 1
        assert row(second).state is OutboxState.DONE
        broken = row(first)
        assert (broken.state, broken.attempts) == (OutboxState.WAITING, 1)
        assert broken.error == "RuntimeError: the shelf fell over"
        assert db.session.scalar(sa.select(Person.department)) == ""
        for attempt in range(2, outbox.MOST_ATTEMPTS + 1):
            assert outbox.drain(inside) == 0
            now.shift(outbox.delay_after(attempt - 1))
            assert outbox.drain(inside) == 1
            assert row(first).attempts == attempt
        now.shift(timedelta(days=30))
        assert outbox.drain(inside) == 0
        assert row(first).state is OutboxState.FAILED
        assert "shelf" in row(first).error
        assert len(seen) == 1


def test_waiting_grows_to_an_hour() -> None:
    delays = [outbox.delay_after(n) for n in range(1, 20)]
    assert delays[:3] == [timedelta(seconds=s) for s in (2, 4, 8)]
    assert delays == sorted(delays)
    assert delays[-1] == timedelta(hours=1)


def test_a_name_without_function_is_kept_as_an_error(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(events.REACTIONS, "person.added", ("of_a_newer_version",))
    (only,) = people(1)
    outbox.drain(inside)
    assert row(only).state is OutboxState.WAITING
    assert "of_a_newer_version" in row(only).error


@BOTH
def test_a_worker_that_dies_with_a_row_leaves_it_to_the_next(
    inside: Flask, seen: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(event: Event) -> None:
        raise KeyboardInterrupt  # as near to kill -9 as one process comes

    with time_machine.travel("2026-03-02 09:00 +0000", tick=False) as now:
        (only,) = people(1)
        alive = outbox.REACTIONS["note"]
        for _ in range(outbox.MOST_ATTEMPTS - 1):
            monkeypatch.setitem(outbox.REACTIONS, "note", die)
            with pytest.raises(KeyboardInterrupt):
                outbox.drain(inside)
            assert outbox.drain(inside) == 0
            now.shift(outbox.LEASE)
        monkeypatch.setitem(outbox.REACTIONS, "note", alive)
        assert outbox.drain(inside) == 1
        assert row(only).state is OutboxState.DONE
        # One that kills every worker is given up.
        doomed = people(1)[-1]
        monkeypatch.setitem(outbox.REACTIONS, "note", die)
        for _ in range(outbox.MOST_ATTEMPTS):
            with pytest.raises(KeyboardInterrupt):
                outbox.drain(inside)
            now.shift(outbox.LEASE)
        assert outbox.drain(inside) == 0
        assert row(doomed).state is OutboxState.FAILED
        assert row(doomed).error


@BOTH
def test_several_workers_share_the_rows(
    make_bare: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []
    monkeypatch.setitem(outbox.REACTIONS, "note", lambda e: ran.append(e.id))
    monkeypatch.setitem(events.REACTIONS, "person.added", ("note",))
    app = make_bare()
    with app.app_context():
        people(40)
    workers = [threading.Thread(target=outbox.drain, args=(app,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(ran) == sorted(set(ran))
    assert len(ran) == 40


def test_the_loop_runs_until_told_and_survives_its_database(
    inside: Flask, seen: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, beats = threading.Event(), []

    def beat() -> None:
        beats.append(clock.now())
        if len(beats) == 1:
            raise OSError("the disk is full")

    monkeypatch.setattr(outbox, "POLL_SECONDS", 0.01)
    people(2)
    loop = threading.Thread(target=outbox.run, args=(inside, stop, beat))
    loop.start()
    for _ in range(500):
        if len(seen) == 2:
            break
        stop.wait(0.01)
    stop.set()
    loop.join(5)
    assert not loop.is_alive()
    assert len(seen) == 2
    assert len(beats) > 1


@BOTH
def test_an_image_gets_its_thumbnail_once(inside: Flask) -> None:
    store = FileStore(inside.config["FORUM_DATA"] / "files")
    actor = factories.person()
    space = factories.space(actor)
    with transaction():
        entry = story.add_entry(actor, space)
        picture = story.add_picture(actor, entry, store, story.png())
        broken = story.add_picture(actor, entry, store, b"no picture at all")
        ids = picture.id, broken.id
    assert outbox.drain(inside) == 2
    db.session.close()
    shown = db.session.get_one(Attachment, ids[0])
    assert shown.thumbnail_digest is not None
    with store.open(shown.thumbnail_digest) as small:
        assert small.read(4) == b"RIFF"
    assert db.session.get_one(Attachment, ids[1]).thumbnail_digest is None
    done = db.session.scalars(sa.select(OutboxRow.state)).all()
    assert set(done) == {OutboxState.DONE}
    before = shown.thumbnail_digest
    event = db.session.scalars(sa.select(Event).order_by(Event.id)).first()
    assert event is not None
    outbox.make_thumbnail(event)
    db.session.close()
    assert db.session.get_one(Attachment, ids[0]).thumbnail_digest == before
