"""People: how they come to be, and what their profiles say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from forum import clock, events
from forum.actions.attachments import attach_to_person
from forum.actions.content import clean_text
from forum.actions.tags import ensure_tags
from forum.errors import Conflict, Invalid
from forum.extensions import db
from forum.files import Stored
from forum.images import Inspected
from forum.markup import Rendered
from forum.models import Attachment, Person, PersonTag, Role, Wish
from forum.passwords import NewPassword
from forum.policies import can_edit_profile, require
from forum.rules.addresses import clean_address, clean_line
from forum.rules.slugs import fold


def add_person(
    *,
    name: str,
    email: str,
    department: str = "",
    role: Role = Role.MEMBER,
    password: NewPassword | None = None,
    actor: Person | None = None,
    at: datetime | None = None,
) -> Person:
    """Add a colleague who may log in. Without a password they ask for a reset first.

    Who may is asked by those who call: set-up, an invitation, a command.
    """
    name, address = clean_line(name), clean_address(email)
    if not name:
        raise Invalid({"name": "person.name_missing"})
    if address is None:
        raise Invalid({"email": "person.email_wrong"})
    problem = password.problem(email=address, name=name) if password else None
    if problem:
        raise Invalid({"password": problem})
    now = at or clock.now()
    person = Person(
        name=name,
        email=address,
        email_folded=fold(address),
        password_hash=password.password_hash if password else None,
        role=role,
        department=clean_line(department, 100),
        state_at=now,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
            db.session.flush()
    except IntegrityError as taken:
        raise Invalid({"email": "person.email_taken"}) from taken
    events.record("person.added", actor, person, role=role.value)
    return person


def edit_profile(
    actor: Person,
    person: Person,
    *,
    name: str,
    department: str,
    bio: str,
    rendered_bio: Rendered,
    offers: Sequence[str],
    wants: Sequence[str],
    version: int,
) -> Person:
    """Change what a profile says: one's own, or as an admin anybody's.

    `offers` and `wants` are clean tag names. Conflict when the profile was saved after
    `version`.
    """
    require(can_edit_profile(actor, person))
    hold_people(Person.id == person.id)
    if person.version != version:
        raise Conflict(theirs=person)
    if not clean_line(name):
        raise Invalid({"name": "person.name_missing"})
    person.name = clean_line(name)
    person.department = clean_line(department, 100)
    person.bio = clean_text(bio)
    person.bio_html = rendered_bio.html
    person.version += 1
    wishes = ((Wish.OFFER, offers), (Wish.WANT, wants))
    person.tags = [
        PersonTag(tag_id=tag.id, wish=wish, position=position)
        for wish, names in wishes
        for position, tag in enumerate(ensure_tags(names))
    ]
    db.session.flush()
    events.record("person.profile_edited", actor, person)
    return person


def set_picture(
    actor: Person, person: Person, name: str, inspected: Inspected, stored: Stored
) -> Attachment:
    """Show this picture beside everything the person writes."""
    require(can_edit_profile(actor, person))
    if inspected.kind != "image":
        raise Invalid({"file": "file.not_a_picture"})
    _forget_picture(person)
    picture = attach_to_person(actor, person, name, inspected, stored)
    person.picture_id = picture.id
    events.record("person.profile_edited", actor, person)
    return picture


def remove_picture(actor: Person, person: Person) -> None:
    """Go back to initials."""
    require(can_edit_profile(actor, person))
    if person.picture_id is not None:
        _forget_picture(person)
        events.record("person.profile_edited", actor, person)


def hold_people(criterion: sa.ColumnElement[bool]) -> None:
    """Read these people anew, and keep them from being changed until we are done."""
    db.session.scalars(
        sa.select(Person)
        .where(criterion)
        .order_by(Person.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _forget_picture(person: Person) -> None:
    hold_people(Person.id == person.id)
    if person.picture_id is not None:
        # The row goes; the file is swept up when no row names it any more.
        db.session.execute(
            sa.delete(Attachment).where(
                Attachment.id == person.picture_id, Attachment.person_id == person.id
            )
        )
        person.picture_id = None
