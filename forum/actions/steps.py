"""A reader's ticks at the steps of a tutorial."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from forum import clock
from forum.errors import NotVisible
from forum.extensions import db
from forum.models import Entry, Person, StepTick
from forum.policies import can_read_space, require


def tick_step(actor: Person, entry: Entry, section_key: str) -> None:
    """Note for the reader alone that a step is done; once is enough."""
    require(can_read_space(actor, entry.space))
    steps = {s["key"] for s in entry.revision.sections if s["role"] == "step"}
    if section_key not in steps:
        raise NotVisible
    tick = StepTick(
        person_id=actor.id,
        entry_id=entry.id,
        section_key=section_key,
        ticked_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(tick)
    except IntegrityError:
        return  # ticked already, in this or another window


def untick_step(actor: Person, entry: Entry, section_key: str) -> None:
    """Take a tick back."""
    require(can_read_space(actor, entry.space))
    db.session.execute(
        sa.delete(StepTick).where(
            StepTick.person_id == actor.id,
            StepTick.entry_id == entry.id,
            StepTick.section_key == section_key,
        )
    )
