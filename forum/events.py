"""Events: one row for the fact, one outbox row for each reaction it promises.

`REACTIONS` is the whole table of who reacts to what, by name: the outbox knows the
functions behind the names, so that actions never import mail, search or jobs.
"""

from __future__ import annotations

from typing import Any

from forum import clock
from forum.extensions import db
from forum.models import Base, Event, OutboxRow, Person

REACTIONS: dict[str, tuple[str, ...]] = {
    "attachment.added": ("make_thumbnail",),
    "comment.posted": (),
    "comment.edited": (),
    "comment.removed": (),
    "comment.imported": (),
    "answer.accepted": (),
    "answer.unaccepted": (),
    "answer.voted": (),
    "answer.vote_taken_back": (),
    "entry.published": (),
    "entry.revised": (),
    "entry.moved": (),
    "entry.hidden": (),
    "entry.restored": (),
    "entry.imported": (),
    "draft.imported": (),
    "invitation.sent": ("mail_invitation",),
    "invitation.accepted": (),
    "invitation.withdrawn": (),
    "person.added": (),
    "person.deactivated": (),
    "person.reactivated": (),
    "person.role_changed": (),
    "person.profile_edited": (),
    "password.changed": (),
    "password_reset.requested": ("mail_password_reset",),
    "password_reset.made": (),
    "site.set_up": (),
    "space.created": (),
    "space.edited": (),
    "space.member_added": (),
    "space.member_removed": (),
    "space.member_role_changed": (),
    "space.template_edited": (),
    "tag.edited": (),
    "tag.merged": (),
    "token.created": (),
    "token.revoked": (),
}


def record(verb: str, actor: Person | None, subject: Base, **facts: Any) -> Event:
    """Record that `actor` did `verb` to `subject`, and promise the reactions.

    `facts` are ids, kinds, numbers and hashes, never free text. The subject must have
    its id; the row is written with the data it speaks of, in the same transaction.
    """
    event = Event(
        verb=verb,
        actor_id=actor.id if actor else None,
        subject_type=subject.__tablename__,
        subject_id=subject.id,  # type: ignore[attr-defined]
        facts=facts,
        at=clock.now(),
    )
    db.session.add(event)
    for reaction in REACTIONS[verb]:
        db.session.add(OutboxRow(event=event, reaction=reaction, due_at=event.at))
    return event
