"""Who reads, writes in and looks after a Space."""

from __future__ import annotations

import sqlalchemy as sa

from forum.models import Person, Role, Space, SpaceMember, SpaceRole, Visibility
from forum.policies.decision import YES, Decision, allow_if


def readable_spaces(actor: Person) -> sa.ColumnElement[bool]:
    """Select the Spaces whose content `actor` may read, as a criterion on Space.

    Open ones for every employee, all others for their members; guests only read where
    they are members. No role opens a closed or private Space.
    """
    mine = Space.id.in_(_my_space_ids(actor))
    if actor.role is Role.GUEST:
        return mine
    return sa.or_(Space.visibility == Visibility.OPEN, mine)


def visible_spaces(actor: Person) -> sa.ColumnElement[bool]:
    """Select the Spaces `actor` may know of; closed ones show name, purpose, size."""
    if actor.role is Role.GUEST:
        return readable_spaces(actor)
    return sa.or_(Space.visibility == Visibility.CLOSED, readable_spaces(actor))


def _my_space_ids(actor: Person) -> sa.Select[tuple[int]]:
    return sa.select(SpaceMember.space_id).where(SpaceMember.person_id == actor.id)


def space_role(actor: Person, space_id: int) -> SpaceRole | None:
    """What `actor` is in that Space, or None."""
    for membership in actor.memberships:
        if membership.space_id == space_id:
            return membership.role
    return None


def can_read_space(actor: Person, space: Space) -> Decision:
    """Say whether the entries of the Space may be read, not only its name."""
    is_open = space.visibility is Visibility.OPEN and actor.role is not Role.GUEST
    member = space_role(actor, space.id) is not None
    return allow_if(is_open or member, "space.members_only")


def can_create_space(actor: Person) -> Decision:
    """Let every employee start a Space; whoever starts it looks after it."""
    return allow_if(actor.role is not Role.GUEST, "space.not_as_guest")


def can_edit_space(actor: Person, space: Space) -> Decision:
    """Let facilitators look after their Space, its members, templates and tags."""
    facilitates = space_role(actor, space.id) is SpaceRole.FACILITATOR
    is_admin = actor.role is Role.ADMIN and space.visibility is Visibility.OPEN
    return allow_if(facilitates or is_admin, "space.facilitators_only")


def can_join_space(actor: Person, space: Space) -> Decision:
    """Let employees join open Spaces; others are added by a facilitator."""
    if space_role(actor, space.id) is not None:
        return Decision(False, "space.already_member")
    return allow_if(
        space.visibility is Visibility.OPEN and actor.role is not Role.GUEST,
        "space.ask_facilitator",
    )


def can_leave_space(actor: Person, space: Space) -> Decision:
    """Let members leave."""
    member = space_role(actor, space.id) is not None
    return allow_if(member, "space.not_member")


def can_write_in_space(actor: Person, space: Space) -> Decision:
    """Let whoever reads a Space write in it."""
    return can_read_space(actor, space)


def can_facilitate(actor: Person, space: Space) -> Decision:
    """Say whether `actor` looks after this Space."""
    facilitates = space_role(actor, space.id) is SpaceRole.FACILITATOR
    return YES if facilitates else Decision(False, "space.facilitators_only")
