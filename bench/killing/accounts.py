"""What is in the database, beside what was answered as saved."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bench.killing.writers import Ledger
from forum import clock
from forum.config import with_driver
from forum.models import Attachment, Comment, Draft, OutboxRow, OutboxState, Revision

if TYPE_CHECKING:
    from bench.kill import Forum

SECONDS_TO_DRAIN = 60


@dataclass
class Account:
    """Every list is empty when nothing went wrong."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    wrong_answers: list[str] = field(default_factory=list)
    doctor: list[str] = field(default_factory=list)
    outbox: list[str] = field(default_factory=list)
    leases: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether all that was acknowledged is there once, and nothing is broken."""
        return not any(
            (self.lost, self.twice, self.wrong_answers, self.doctor, self.outbox)
        )

    def words(self) -> str:
        """Say what was found."""
        lines = [
            f"{name.replace('_', ' ')}: {len(found)} {found[:5] or ''}".rstrip()
            for name, found in vars(self).items()
            if isinstance(found, list)
        ]
        return "\n".join([*lines, f"reactions taken over from the dead: {self.leases}"])


def examine(forum: Forum, ledger: Ledger) -> Account:
    """Compare ledger and database, drain the outbox and ask the doctor."""
    account = Account(wrong_answers=list(ledger.wrong))
    engine = sa.create_engine(
        with_driver(forum.database or f"sqlite:///{forum.data / 'forum.db'}")
    )
    with engine.begin() as connection:
        _texts(connection, ledger, account)
        account.leases = _end_leases(connection)
    account.outbox = _drained(engine)
    engine.dispose()
    seen = forum.run("doctor")
    if seen.returncode:
        account.doctor = (seen.stdout + seen.stderr).splitlines()
    return account


def _texts(connection: sa.Connection, ledger: Ledger, account: Account) -> None:
    there = {
        "comment": Counter(connection.scalars(sa.select(Comment.body))),
        "entry": Counter(connection.scalars(sa.select(Revision.body))),
    }
    for text, noun in ledger.texts.items():
        count = there[noun][text] if noun in there else 1
        if count != 1:
            (account.twice if count else account.lost).append(text)
    # What nobody was told about may be there, but not twice either.
    for bodies in there.values():
        account.twice += [text for text, count in bodies.items() if count > 1]
    rows = connection.execute(sa.select(Draft.key, Draft.body))
    drafts = {key: body for key, body in rows}
    for key, body in ledger.last_of_draft.items():
        if drafts.get(key) != body:
            account.lost.append(f"draft {key}: {body}")
    files = set(connection.scalars(sa.select(Attachment.id)))
    account.lost += [f"file {each}" for each in ledger.files if each not in files]


def _end_leases(connection: sa.Connection) -> int:
    """What a killed worker had begun comes back after minutes; we do not wait."""
    waiting = OutboxRow.state == OutboxState.WAITING
    result: Any = connection.execute(
        sa.update(OutboxRow)
        .where(waiting, OutboxRow.attempts > 0)
        .values(due_at=clock.now())
    )
    return int(result.rowcount)


def _drained(engine: sa.Engine) -> list[str]:
    until, left = time.monotonic() + SECONDS_TO_DRAIN, sa.func.count()
    while time.monotonic() < until:
        with engine.connect() as connection:
            rows = connection.execute(
                sa.select(OutboxRow.reaction, OutboxRow.state, left)
                .where(OutboxRow.state != OutboxState.DONE)
                .group_by(OutboxRow.reaction, OutboxRow.state)
            ).all()
        if not rows:
            return []
        time.sleep(0.2)
    return [f"{count} {reaction} {state}" for reaction, state, count in rows]
