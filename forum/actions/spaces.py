"""Starting and looking after Spaces, their members and their templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from forum import clock, events
from forum.actions.tags import ensure_tags
from forum.errors import Conflict, Invalid, NotVisible
from forum.extensions import db
from forum.models import (
    Person,
    Space,
    SpaceAlias,
    SpaceKind,
    SpaceMember,
    SpaceRole,
    SpaceTemplate,
    Visibility,
)
from forum.policies import (
    can_create_space,
    can_edit_space,
    can_join_space,
    can_leave_space,
    listed_people,
    require,
)
from forum.rules.kinds import KINDS
from forum.rules.slugs import LONGEST_SLUG, slugify
from forum.rules.space_fields import clean_space_fields

LONGEST_NAME = 100
LONGEST_PURPOSE = 500
LONGEST_GUIDANCE = 1000
# Addresses under /spaces/ that are pages of their own.
RESERVED = frozenset({"new"})
ATTEMPTS = 20


def create_space(
    actor: Person,
    *,
    name: str,
    purpose: str = "",
    kind: SpaceKind = SpaceKind.TOPIC,
    visibility: Visibility = Visibility.OPEN,
    required_tags: Sequence[str] = (),
    at: datetime | None = None,
) -> Space:
    """Start a Space; whoever starts it looks after it."""
    require(can_create_space(actor))
    words = _checked(name, purpose)
    tags = [tag.name for tag in ensure_tags(required_tags)]
    for _ in range(ATTEMPTS):
        space = Space(
            **words,
            slug=_free_slug(slugify(words["name"], "space"), None),
            kind=kind,
            visibility=visibility,
            required_tags=tags,
            created_by_id=actor.id,
            created_at=at or clock.now(),
        )
        if _claimed(space):
            break
    else:
        raise Invalid({"name": "space.slug_taken"})
    _add(space, actor, SpaceRole.FACILITATOR, by=actor, at=at)
    events.record("space.created", actor, space, visibility=visibility.value)
    return space


def edit_space(
    actor: Person,
    space: Space,
    *,
    name: str,
    purpose: str,
    kind: SpaceKind,
    visibility: Visibility,
    required_tags: Sequence[str],
    version: int,
) -> Space:
    """Change a Space. After a new name the old address leads on, for ever.

    Conflict when somebody saved after `version` was read.
    """
    require(can_edit_space(actor, space))
    words = _checked(name, purpose)
    _hold(space)
    if space.version != version:
        raise Conflict(theirs=space, yours=words)
    tags = [tag.name for tag in ensure_tags(required_tags)]
    base, old = slugify(words["name"], "space"), space.slug
    new_address = base != slugify(space.name, "space")
    for _ in range(ATTEMPTS):
        slug = _free_slug(base, space.id) if new_address else old
        changes = {"kind": kind, "visibility": visibility, "required_tags": tags}
        if _claimed(space, slug=slug, **words, **changes):
            break
    else:
        raise Invalid({"name": "space.slug_taken"})
    if space.slug != old:
        _keep_address(space, old)
    events.record(
        "space.edited",
        actor,
        space,
        renamed=space.slug != old,
        visibility=visibility.value,
    )
    return space


def join_space(actor: Person, space: Space) -> None:
    """Become a member of an open Space."""
    require(can_join_space(actor, space))
    _add(space, actor, SpaceRole.MEMBER, by=actor)


def leave_space(actor: Person, space: Space) -> None:
    """Stop being a member. The last facilitator cannot: Invalid."""
    require(can_leave_space(actor, space))
    _take_out(actor, space, actor.id)


def add_member(
    actor: Person,
    space: Space,
    *,
    person_id: int,
    role: SpaceRole = SpaceRole.MEMBER,
    at: datetime | None = None,
) -> None:
    """Let a colleague into a Space. Somebody who is in stays what they are."""
    require(can_edit_space(actor, space))
    person = db.session.scalar(
        sa.select(Person).where(Person.id == person_id, listed_people(actor))
    )
    if person is None:
        raise Invalid({"person_id": "person.not_active"})
    _add(space, person, role, by=actor, at=at)


def remove_member(actor: Person, space: Space, *, person_id: int) -> None:
    """Take somebody out of a Space, but never its last facilitator: Invalid."""
    require(can_edit_space(actor, space))
    _take_out(actor, space, person_id)


def change_member_role(
    actor: Person, space: Space, *, person_id: int, role: SpaceRole
) -> None:
    """Make a member a facilitator or the other way round; one always stays."""
    require(can_edit_space(actor, space))
    _hold(space)
    member = _membership(space, person_id)
    if member.role is role:
        return
    if role is not SpaceRole.FACILITATOR:
        _spare_last_facilitator(space, member)
    member.role = role
    db.session.flush()
    events.record(
        "space.member_role_changed", actor, space, person=person_id, role=role.value
    )


def edit_template(
    actor: Person,
    space: Space,
    kind: str,
    *,
    guidance: str,
    fields: Sequence[Mapping[str, Any]],
    version: int,
) -> SpaceTemplate:
    """Say what a Space asks of one kind of entry, beyond what the kind asks.

    `version` is 0 where there was no template yet; Conflict when somebody saved first,
    Invalid with `fields-2` for the third field described.
    """
    require(can_edit_space(actor, space))
    if kind not in KINDS:
        raise NotVisible
    _hold(space)
    template = db.session.get(
        SpaceTemplate, (space.id, kind), populate_existing=True
    ) or SpaceTemplate(space_id=space.id, kind=kind, fields=[])
    if (template.version or 0) != version:
        raise Conflict(theirs=template)
    known = {field["key"] for field in template.fields}
    clean, problems = clean_space_fields(kind, fields, known)
    if len(guidance.strip()) > LONGEST_GUIDANCE:
        raise Invalid({"guidance": "field.too_long"})
    if problems:
        raise Invalid({f"fields-{at}": key for at, key in problems.items()})
    template.guidance, template.fields = _plain(guidance).strip(), clean
    db.session.add(template)
    events.record("space.template_edited", actor, space, kind=kind)
    db.session.flush()
    return template


def _checked(name: str, purpose: str) -> dict[str, str]:
    words = {"name": " ".join(_plain(name).split()), "purpose": _plain(purpose).strip()}
    if not words["name"]:
        raise Invalid({"name": "space.name_missing"})
    if len(words["name"]) > LONGEST_NAME:
        raise Invalid({"name": "space.name_too_long"})
    if len(words["purpose"]) > LONGEST_PURPOSE:
        raise Invalid({"purpose": "space.purpose_too_long"})
    return words


def _plain(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _hold(space: Space) -> None:
    # Whoever changes a Space or its members waits for whoever came first, and then
    # reads what stands now.
    db.session.execute(
        sa.select(Space.id).where(Space.id == space.id).with_for_update()
    )
    db.session.refresh(space)


def _free_slug(base: str, own_id: int | None) -> str:
    if base in RESERVED:
        base = f"space-{base}"
    near = base[: LONGEST_SLUG - 6]
    taken = set(
        db.session.scalars(
            sa.select(Space.slug)
            .where(Space.slug.startswith(near, autoescape=True), Space.id != own_id)
            .union(
                sa.select(SpaceAlias.slug).where(
                    SpaceAlias.slug.startswith(near, autoescape=True),
                    SpaceAlias.space_id != own_id,
                )
            )
        )
    )
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{near.rstrip('-')}-{number}"
    return slug


def _claimed(space: Space, **changes: Any) -> bool:
    """Save the Space if nobody took its address meanwhile, now or formerly theirs."""
    try:
        with db.session.begin_nested() as savepoint:
            for name, value in changes.items():
                setattr(space, name, value)
            db.session.add(space)
            db.session.flush()
            # An address given up a moment ago is free in one table and taken in the
            # other; no constraint spans the two, so look once more while holding it.
            others = sa.select(SpaceAlias.slug).where(
                SpaceAlias.slug == space.slug, SpaceAlias.space_id != space.id
            )
            if db.session.scalar(others) is not None:
                savepoint.rollback()
                return False
    except IntegrityError:
        return False
    return True


def _keep_address(space: Space, old: str) -> None:
    db.session.execute(
        sa.delete(SpaceAlias).where(SpaceAlias.slug.in_((old, space.slug)))
    )
    db.session.add(SpaceAlias(slug=old, space_id=space.id))
    db.session.flush()


def _add(
    space: Space,
    person: Person,
    role: SpaceRole,
    *,
    by: Person,
    at: datetime | None = None,
) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(
                SpaceMember(
                    space_id=space.id,
                    person_id=person.id,
                    role=role,
                    since=at or clock.now(),
                    added_by_id=by.id,
                )
            )
            db.session.flush()
    except IntegrityError:
        return  # In already: a second click, or two facilitators at once.
    db.session.expire(person, ["memberships"])
    events.record("space.member_added", by, space, person=person.id, role=role.value)


def _take_out(actor: Person, space: Space, person_id: int) -> None:
    _hold(space)
    member = _membership(space, person_id)
    _spare_last_facilitator(space, member)
    db.session.delete(member)
    events.record("space.member_removed", actor, space, person=person_id)
    db.session.flush()
    db.session.expire(actor, ["memberships"])


def _membership(space: Space, person_id: int) -> SpaceMember:
    member = db.session.get(SpaceMember, (space.id, person_id), populate_existing=True)
    if member is None:
        raise NotVisible
    return member


def _spare_last_facilitator(space: Space, member: SpaceMember) -> None:
    others = sa.select(SpaceMember.person_id).where(
        SpaceMember.space_id == space.id,
        SpaceMember.role == SpaceRole.FACILITATOR,
        SpaceMember.person_id != member.person_id,
    )
    if member.role is SpaceRole.FACILITATOR and not db.session.scalar(others.limit(1)):
        raise Invalid({"members": "space.last_facilitator"})
