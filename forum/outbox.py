"""The outbox: every promised reaction happens, at least once, in spite of everything.

Actions write a row for each reaction with their own data; the loop in here claims due
rows, runs the function behind the name and notes what came of it. A reaction re-reads
what it works on and is idempotent, since a worker may be killed after the effect and
before the note. Slow work runs in no transaction, so that nobody waits for a mail
server.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.orm import joinedload

from forum import clock, mail, notifications
from forum.actions.thumbnails import keep_thumbnail
from forum.extensions import db
from forum.files import Stored
from forum.images import RefusedFile, thumbnail
from forum.models import Attachment, AttachmentKind, Event, OutboxRow, OutboxState
from forum.unit_of_work import transaction
from forum.uploads import file_store

POLL_SECONDS = 0.15
MOST_ATTEMPTS = 10
# A claimed row comes back after this time, should its worker have died meanwhile.
LEASE = timedelta(minutes=5)
FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(hours=1)
LONGEST_ERROR = 2_000
ROWS_A_LOOK = 50

Reaction = Callable[[Event], None]


def make_thumbnail(event: Event) -> None:
    """Keep a small picture of an attached image, for lists and previews."""
    attachment = db.session.get(Attachment, event.subject_id)
    if attachment is None or attachment.kind is not AttachmentKind.IMAGE:
        return
    if attachment.thumbnail_digest is not None:
        return
    digest, attachment_id = attachment.digest, attachment.id
    db.session.close()  # the picture is worked on while others may write
    store = file_store()
    with store.open(digest) as file:
        data = file.read()
    try:
        small = thumbnail(data)
    except RefusedFile:
        return  # a picture that cannot be made smaller is shown as it is
    stored: Stored = store.put(io.BytesIO(small), limit=len(small))
    with transaction():
        keep_thumbnail(attachment_id, stored.digest)


def mail_invitation(event: Event) -> None:
    """Send the link of an invitation to the colleague it is kept for."""
    _send_mails("mail_invitation", event)


def mail_password_reset(event: Event) -> None:
    """Send the link with which somebody may choose a new password."""
    _send_mails("mail_password_reset", event)


def _send_mails(reaction: str, event: Event) -> None:
    event_id = event.id
    letters = list(notifications.mails_for(reaction, event))
    db.session.close()
    for number, letter in enumerate(letters, 1):
        # The same key at every attempt: a mail sent twice has one Message-ID.
        mail.send(letter, key=f"{event_id:09d}-{reaction}-{number}")


REACTIONS: dict[str, Reaction] = {
    "make_thumbnail": make_thumbnail,
    "mail_invitation": mail_invitation,
    "mail_password_reset": mail_password_reset,
}


def run(app: Flask, stop: threading.Event, beat: Callable[[], None]) -> None:
    """Drain the outbox until `stop` is set, looking every 150 ms.

    `beat` is called at every look. A database that does not answer is asked again,
    less and less often, up to every 30 seconds.
    """
    log = structlog.get_logger()
    pause = POLL_SECONDS
    while not stop.is_set():
        try:
            beat()
            drain(app, stop)
            pause = POLL_SECONDS
        except Exception:
            pause = min(pause * 2, 30.0)
            log.exception("outbox", seconds_to_next=pause)
        stop.wait(pause)


def drain(app: Flask, stop: threading.Event | None = None) -> int:
    """Run every reaction that is due now, by their ids; return how many."""
    ran = 0
    while ids := _due(app):
        before = ran
        for row_id in ids:
            if stop is not None and stop.is_set():
                return ran
            ran += _run_one(app, row_id)
        if ran == before:
            break  # other workers hold all of them
    return ran


def _due(app: Flask) -> list[int]:
    # Only read: a look that finds nothing must not make writers wait.
    with app.app_context():
        return list(
            db.session.scalars(
                sa.select(OutboxRow.id)
                .where(
                    OutboxRow.state == OutboxState.WAITING,
                    OutboxRow.due_at <= clock.now(),
                )
                .order_by(OutboxRow.id)
                .limit(ROWS_A_LOOK)
            )
        )


def _run_one(app: Flask, row_id: int) -> bool:
    with app.app_context(), transaction():
        reaction = _claim(row_id)
    if reaction is None:
        return False
    error = ""
    with app.app_context():
        try:
            REACTIONS[reaction](_event_of(row_id))
        except Exception as problem:
            error = f"{type(problem).__name__}: {problem}"[:LONGEST_ERROR]
            structlog.get_logger().warning(
                "reaction", name=reaction, row=row_id, error=type(problem).__name__
            )
    with app.app_context(), transaction():
        _note(row_id, error.replace("\0", ""))
    return True


def _claim(row_id: int) -> str | None:
    row = db.session.scalar(
        sa.select(OutboxRow)
        .where(
            OutboxRow.id == row_id,
            OutboxRow.state == OutboxState.WAITING,
            OutboxRow.due_at <= clock.now(),
        )
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    if row.attempts >= MOST_ATTEMPTS:
        row.state = OutboxState.FAILED
        row.error = row.error or "the worker was stopped every time this ran"
        return None
    row.attempts += 1
    row.due_at = clock.now() + LEASE
    return row.reaction


def _event_of(row_id: int) -> Event:
    return (
        db.session.execute(
            sa.select(OutboxRow)
            .where(OutboxRow.id == row_id)
            .options(joinedload(OutboxRow.event))
        )
        .scalar_one()
        .event
    )


def _note(row_id: int, error: str) -> None:
    row = db.session.get(OutboxRow, row_id)
    if row is None or row.state is not OutboxState.WAITING:
        return
    row.error = error
    if not error:
        row.state = OutboxState.DONE
        row.done_at = clock.now()
    elif row.attempts >= MOST_ATTEMPTS:
        row.state = OutboxState.FAILED
    else:
        row.due_at = clock.now() + delay_after(row.attempts)


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failures: twice as long each time."""
    return min(FIRST_DELAY * (1 << (attempts - 1)), LONGEST_DELAY)
