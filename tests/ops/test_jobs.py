"""What happens by the clock: old things go, old renderings are made anew."""

from __future__ import annotations

import io
import os
import signal
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
import sqlalchemy as sa
import time_machine
from flask import Flask
from huey.api import Huey

from forum import clock, doctor, jobs
from forum.actions import counters, housekeeping, rerender
from forum.extensions import db
from forum.files import FileStore
from forum.markup import RENDERER_VERSION
from forum.models import (
    Attachment,
    Comment,
    Entry,
    IdempotencyKey,
    LogIn,
    OutboxRow,
    OutboxState,
    PasswordReset,
    Person,
    Revision,
)
from forum.unit_of_work import transaction
from tests import factories
from tests.conftest import skip_unless_required
from tests.ops import story
from tests.ops.conftest import BOTH

REDIS = os.environ.get("COMMONPLACE_TEST_REDIS", "redis://127.0.0.1:6379/0")


@pytest.fixture
def inside(bare: Flask) -> Iterator[Flask]:
    with bare.app_context():
        yield bare


@BOTH
def test_what_has_expired_is_deleted_and_nothing_else(inside: Flask) -> None:
    person, now = factories.person(), clock.now()
    with transaction():
        for days in (-40, 40):
            then = now + timedelta(days=days)
            db.session.add_all(
                [
                    LogIn(
                        person_id=person.id,
                        token_hash=f"{days}",
                        created_at=now,
                        seen_on=now,
                        expires_at=then,
                    ),
                    PasswordReset(
                        person_id=person.id, nonce="n", created_at=now, expires_at=then
                    ),
                    IdempotencyKey(
                        person_id=person.id,
                        key=f"{days}",
                        request_digest="d",
                        location="/",
                        created_at=then,
                    ),
                ]
            )
    for name in (
        "purge_expired_log_ins",
        "purge_old_resets",
        "purge_idempotency_keys",
        "purge_login_failures",
        "purge_discarded_drafts",
        "purge_done_reactions",
    ):
        jobs.run_job(inside, name, jobs.SCHEDULE[name][1])
    for model in (LogIn, PasswordReset, IdempotencyKey):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 1


@BOTH
def test_done_reactions_go_after_30_days_and_failed_ones_stay(inside: Flask) -> None:
    story.tell(inside)
    with transaction():
        first = db.session.scalars(sa.select(OutboxRow)).first()
        assert first is not None
        first.state, first.done_at = OutboxState.DONE, clock.now()
        db.session.add(
            OutboxRow(
                event_id=first.event_id,
                reaction="x",
                due_at=clock.now(),
                state=OutboxState.FAILED,
            )
        )
    with transaction():
        assert housekeeping.purge_done_reactions() == 0
    with time_machine.travel(clock.now() + timedelta(days=31)), transaction():
        assert housekeeping.purge_done_reactions() == 1
        assert db.session.scalars(sa.select(OutboxRow.state)).all() == ["failed"]


def test_only_old_files_without_a_name_are_swept(inside: Flask) -> None:
    story.tell(inside)
    store = FileStore(inside.config["FORUM_DATA"] / "files")
    lost = store.put(io.BytesIO(b"nobody names this"), limit=99).digest
    named = db.session.scalars(sa.select(Attachment.digest)).one()
    assert jobs.sweep_files() == 0
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert jobs.sweep_files() == 1
    assert not store.exists(lost)
    assert store.exists(named)


@BOTH
def test_old_renderings_are_made_anew_and_words_stay(inside: Flask) -> None:
    story.tell(inside)
    old = RENDERER_VERSION - 1
    with transaction():
        before = db.session.scalars(sa.select(Revision)).one()
        kept = {
            c.name: getattr(before, c.name)
            for c in Revision.__table__.columns
            if c.name not in rerender.RENDERED_COLUMNS
        }
        good = before.sections
        spoiled = [{**s, "html": "old"} for s in good]
        for part in spoiled:
            if part["role"] == "step":
                part["key"] = "kept-" + part["key"]
        before.sections, before.renderer_version = spoiled, old
        db.session.execute(sa.update(Comment).values(html="old", renderer_version=old))
        db.session.execute(sa.update(Person).values(bio="*Hi*", bio_html="old"))
    assert jobs.rerender_stale() == 1 + 3 + 2
    db.session.close()
    after = db.session.scalars(sa.select(Revision)).one()
    assert {name: getattr(after, name) for name in kept} == kept
    assert [s["html"] for s in after.sections] == [s["html"] for s in good]
    keys = [s["key"] for s in after.sections if s["role"] == "step"]
    assert len(keys) == 2
    assert all(key.startswith("kept-") for key in keys)
    assert after.renderer_version == RENDERER_VERSION
    html = db.session.scalars(sa.select(Comment.html).distinct()).one()
    assert "<em>that</em>" in html
    assert "<em>Hi</em>" in db.session.scalars(sa.select(Person.bio_html)).all()[0]
    assert jobs.rerender_stale() == 0


def test_what_is_edited_meanwhile_keeps_the_newer_words(inside: Flask) -> None:
    story.tell(inside)
    with transaction():
        db.session.execute(sa.update(Comment).values(html="old", renderer_version=0))
    (batch,) = rerender.stale_batches()
    with transaction():
        db.session.execute(sa.update(Comment).values(body="new", html="new"))
    with transaction():
        assert rerender.store_fresh(batch) == 0
    assert set(db.session.scalars(sa.select(Comment.html))) == {"new"}


@BOTH
def test_wrong_counters_are_found_and_put_right(inside: Flask) -> None:
    story.tell(inside)
    with transaction():
        db.session.execute(sa.update(Entry).values(comment_count=9, answer_count=9))
        db.session.execute(sa.update(Comment).values(vote_count=5))
    assert counters.wrong_counters() == 2 + 3
    assert doctor.counts(repair=False).grade == "problem"
    db.session.close()
    assert doctor.counts(repair=True).grade == "ok"
    assert counters.wrong_counters() == 0
    entry = db.session.scalars(sa.select(Entry)).one()
    assert (entry.comment_count, entry.answer_count) == (3, 1)


def test_the_doctor_names_what_is_missing(inside: Flask) -> None:
    story.tell(inside)
    store = FileStore(inside.config["FORUM_DATA"] / "files")
    assert doctor.files(inside.config["FORUM_DATA"]).grade == "ok"
    store.delete(next(store.digests()))
    assert doctor.files(inside.config["FORUM_DATA"]).grade == "problem"
    with transaction():
        db.session.execute(
            sa.update(OutboxRow).values(state="failed", error="OSError: x\nmore")
        )
    assert doctor.outbox().words.endswith("make_thumbnail: OSError: x")
    assert doctor.database().grade == "problem"  # tables without a revision


def run_schedule(huey: Huey, ran: list[str]) -> None:
    consumer = huey.create_consumer(workers=1, max_delay=0.1)
    before = {s: signal.getsignal(s) for s in (2, 15, 1)}
    consumer.start()
    for number, handler in before.items():
        signal.signal(number, handler)
    deadline = time.monotonic() + 10
    while len(ran) < 1 and time.monotonic() < deadline:
        time.sleep(0.02)
    consumer.stop(graceful=True)


def always(_moment: Any) -> bool:
    return True


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    ran: list[str] = []

    def note() -> int:
        ran.append("note")
        return 1

    monkeypatch.setattr(jobs, "SCHEDULE", {"note": (always, note)})
    return ran


def test_the_schedule_runs_from_its_own_file(inside: Flask, noted: list[str]) -> None:
    run_schedule(jobs.make_huey(inside), noted)
    assert noted == ["note"]
    assert (inside.config["FORUM_DATA"] / "huey.db").is_file()


@pytest.mark.redis
def test_the_schedule_runs_through_redis(make_bare: Any, noted: list[str]) -> None:
    name = f"commonplace-test-{uuid.uuid4().hex[:12]}"
    with redis.Redis.from_url(REDIS) as server:
        try:
            server.ping()
        except redis.ConnectionError:
            skip_unless_required("no Redis server answers")
        app = make_bare(FORUM_REDIS_URL=REDIS)
        try:
            huey = jobs.make_huey(app, name=name)
            run_schedule(huey, noted)
            assert noted == ["note"]
        finally:
            keys = list(server.scan_iter(f"*{name.replace('-', '')}*"))
            keys += list(server.scan_iter(f"*{name}*"))
            if keys:
                server.delete(*keys)
            huey.storage.conn.connection_pool.disconnect()
        assert list(server.scan_iter(f"*{name}*")) == []
