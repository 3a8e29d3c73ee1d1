"""What the home page asks besides the newest entries."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from forum.extensions import db
from forum.models import Comment, Entry, Person, PersonTag


@dataclass(frozen=True)
class FirstSteps:
    """What a newcomer has done already."""

    offered: bool
    wrote: bool
    joined_in: bool

    @property
    def all_done(self) -> bool:
        """Whether the list has done its work and need not be shown."""
        return self.offered and self.wrote and self.joined_in


def first_steps(actor: Person) -> FirstSteps:
    """Return which first steps `actor` has taken, in one statement."""
    row = db.session.execute(
        sa.select(
            sa.exists().where(PersonTag.person_id == actor.id),
            sa.exists().where(Entry.owner_id == actor.id),
            sa.exists().where(Comment.author_id == actor.id),
        )
    ).one()
    return FirstSteps(*(bool(value) for value in row))
