"""Invitations: a place kept for a colleague, taken once."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from forum import clock, events
from forum.actions.people import add_person
from forum.errors import Invalid, NotAllowed, NotVisible
from forum.extensions import db
from forum.models import (
    Invitation,
    InvitationState,
    Person,
    Role,
    Space,
    SpaceMember,
    SpaceRole,
)
from forum.passwords import NewPassword
from forum.policies import (
    can_edit_space,
    can_grant_role,
    can_invite_person,
    require,
    visible_invitations,
)
from forum.rules.addresses import clean_address
from forum.rules.slugs import fold
from forum.tokens import new_nonce

LASTS = timedelta(days=14)


def invite_person(
    actor: Person, *, email: str, role: Role = Role.MEMBER, space: Space | None = None
) -> Invitation:
    """Keep a place for a colleague, with a link that works once within 14 days.

    Leads invite guests and members, admins anybody; into a Space only who looks after
    it. Invalid for an address that is none or that somebody here has.
    """
    require(can_invite_person(actor))
    require(can_grant_role(actor, role))
    if space is not None:
        require(can_edit_space(actor, space))
    address = clean_address(email)
    if address is None:
        raise Invalid({"email": "person.email_wrong"})
    here = sa.select(Person.id).where(Person.email_folded == fold(address))
    if db.session.scalar(here) is not None:
        raise Invalid({"email": "person.email_taken"})
    now = clock.now()
    invitation = Invitation(
        email=address,
        email_folded=fold(address),
        role=role,
        space_id=space.id if space else None,
        nonce=new_nonce(),
        invited_by_id=actor.id,
        state_at=now,
        created_at=now,
        expires_at=now + LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    events.record("invitation.sent", actor, invitation, role=role.value)
    return invitation


def withdraw_invitation(actor: Person, invitation: Invitation) -> None:
    """Take an invitation back: its link leads nowhere from now on."""
    require(can_invite_person(actor))
    seen = sa.select(Invitation.id).where(
        Invitation.id == invitation.id, visible_invitations(actor)
    )
    if db.session.scalar(seen) is None:
        raise NotVisible
    _hold(invitation.id)
    if invitation.state is InvitationState.OPEN:
        _withdraw(actor, invitation)


def open_invitation(invitation_id: int, nonce: str) -> Invitation:
    """Return the invitation behind a signed link, held until this transaction ends.

    NotAllowed when it was used, withdrawn or has expired.
    """
    invitation = _hold(invitation_id)
    if invitation is None or invitation.nonce != nonce:
        raise NotVisible
    is_open = invitation.state is InvitationState.OPEN
    if not is_open or invitation.expires_at <= clock.now():
        raise NotAllowed("link.used_up")
    return invitation


def accept_invitation(
    invitation: Invitation, *, name: str, department: str, password: NewPassword
) -> Person:
    """Let the invited colleague in: a person with the invitation's address and role.

    Of two who use one link at once the second waits in `open_invitation` and is
    refused there. NotAllowed when somebody here has the address by now.
    """
    try:
        person = add_person(
            name=name,
            email=invitation.email,
            department=department,
            role=invitation.role,
            password=password,
        )
    except Invalid as refused:
        if "email" in refused.fields:
            raise NotAllowed(refused.fields["email"]) from refused
        raise
    now = clock.now()
    invitation.state, invitation.state_at = InvitationState.ACCEPTED, now
    invitation.accepted_by_id = person.id
    if invitation.space_id is not None:
        db.session.add(
            SpaceMember(
                space_id=invitation.space_id,
                person_id=person.id,
                role=SpaceRole.MEMBER,
                since=now,
                added_by_id=invitation.invited_by_id,
            )
        )
    db.session.flush()
    events.record("invitation.accepted", person, invitation)
    return person


def withdraw_what_they_granted(actor: Person, person: Person) -> None:
    """Withdraw the open invitations that a person could not give out today."""
    rows = db.session.scalars(
        sa.select(Invitation)
        .where(
            Invitation.invited_by_id == person.id,
            Invitation.state == InvitationState.OPEN,
        )
        .order_by(Invitation.id)
        .with_for_update()
    ).all()
    for invitation in rows:
        may = can_invite_person(person) and can_grant_role(person, invitation.role)
        if not (person.is_active and may):
            _withdraw(actor, invitation)


def _hold(invitation_id: int) -> Invitation | None:
    return db.session.scalar(
        sa.select(Invitation)
        .where(Invitation.id == invitation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _withdraw(actor: Person, invitation: Invitation) -> None:
    invitation.state, invitation.state_at = InvitationState.WITHDRAWN, clock.now()
    db.session.flush()
    events.record("invitation.withdrawn", actor, invitation)
