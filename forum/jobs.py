"""The schedule: what happens by the clock. Each job calls one function, no more.

Times are UTC. Every job may run twice or late without harm.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab

from forum.actions import housekeeping, rerender
from forum.actions.drafts import purge_discarded_drafts
from forum.unit_of_work import transaction
from forum.uploads import file_store

Job = Callable[[], int]


def in_one_transaction(work: Job) -> int:
    """Run a job as one transaction."""
    with transaction():
        return work()


def sweep_files() -> int:
    """Remove stored files that no attachment names."""
    return housekeeping.sweep_files(file_store())


def rerender_stale() -> int:
    """Render anew what an older renderer made, a transaction for each batch."""
    changed = 0
    for batch in rerender.stale_batches():
        with transaction():
            changed += rerender.store_fresh(batch)
    return changed


SCHEDULE: dict[str, tuple[Callable[..., bool], Job]] = {
    "purge_expired_log_ins": (
        crontab(minute="7"),
        partial(in_one_transaction, housekeeping.purge_expired_log_ins),
    ),
    "purge_login_failures": (
        crontab(minute="11"),
        partial(in_one_transaction, housekeeping.purge_login_failures),
    ),
    "purge_old_resets": (
        crontab(hour="2", minute="5"),
        partial(in_one_transaction, housekeeping.purge_old_resets),
    ),
    "purge_idempotency_keys": (
        crontab(minute="13"),
        partial(in_one_transaction, housekeeping.purge_idempotency_keys),
    ),
    "purge_discarded_drafts": (
        crontab(hour="2", minute="10"),
        partial(in_one_transaction, purge_discarded_drafts),
    ),
    "purge_done_reactions": (
        crontab(hour="2", minute="15"),
        partial(in_one_transaction, housekeeping.purge_done_reactions),
    ),
    "sweep_files": (crontab(hour="2", minute="40"), sweep_files),
    "rerender_stale": (crontab(hour="3", minute="0"), rerender_stale),
}


def make_huey(app: Flask, *, name: str = "commonplace") -> Huey:
    """Return the queue of this forum with its schedule: `huey.db`, or Redis if set."""
    address = app.config["FORUM_REDIS_URL"]
    queue: Huey
    if address:
        queue = RedisHuey(name, url=address, results=False)
    else:
        file = app.config["FORUM_DATA"] / "huey.db"
        queue = SqliteHuey(name, filename=str(file), results=False)
    for job, (when, work) in SCHEDULE.items():
        queue.periodic_task(when, name=job)(partial(run_job, app, job, work))
    return queue


def run_job(app: Flask, name: str, work: Job) -> Any:
    """Run one job of the schedule with the forum around it, and log what it did."""
    with app.app_context():
        done = work()
    structlog.get_logger().info("job", name=name, rows=done)
    return done
