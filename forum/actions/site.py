"""The first run: somebody gives the forum its name and becomes its first admin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from forum import clock, events
from forum.actions.invitations import invite_person
from forum.actions.people import add_person
from forum.actions.spaces import create_space
from forum.actions.starters import add_starter_tips, starter_tips
from forum.errors import Conflict, Invalid
from forum.extensions import db
from forum.models import Person, Role, Site
from forum.passwords import NewPassword
from forum.rules.addresses import clean_line
from forum.rules.slugs import fold


def set_up_site(
    *,
    site_name: str,
    headcount: int,
    name: str,
    email: str,
    password: NewPassword,
    department: str = "",
    space_name: str = "",
    invitations: Sequence[str] = (),
    at: datetime | None = None,
) -> Person:
    """Set an empty forum up: its name, first admin, first Space, first invitations.

    Of two who do it at once one wins; the other gets Conflict and changed nothing.
    """
    if not clean_line(site_name):
        raise Invalid({"site_name": "site.name_missing"})
    starters = starter_tips() if clean_line(space_name) else []
    # All or nothing, also for a view that shows what was typed again and commits.
    with db.session.begin_nested():
        site = _the_one_site(clean_line(site_name, 60), headcount, at)
        admin = add_person(
            name=name,
            email=email,
            department=department,
            role=Role.ADMIN,
            password=password,
            at=at,
        )
        events.record("site.set_up", admin, site, headcount=headcount)
        if clean_line(space_name):
            add_starter_tips(admin, create_space(admin, name=space_name), starters)
        seen = {admin.email_folded}
        for address in invitations:
            if fold(address) not in seen:
                seen.add(fold(address))
                invite_person(admin, email=address)
    return admin


def _the_one_site(name: str, headcount: int, at: datetime | None) -> Site:
    # The primary key is always 1: the database decides who was first.
    site = Site(id=1, name=name, headcount=headcount, set_up_at=at or clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(site)
            db.session.flush()
    except IntegrityError as lost:
        raise Conflict from lost
    return site
