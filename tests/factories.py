"""Small builders for tests: real rows through real actions where there are any.

Each works inside an application context and commits what it makes.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from forum import clock
from forum.extensions import db
from forum.models import (
    LogIn,
    Person,
    Role,
    Site,
    Space,
    SpaceKind,
    SpaceMember,
    SpaceRole,
    Visibility,
)
from forum.tokens import hash_token, new_token
from forum.unit_of_work import transaction

_numbers = itertools.count(1)


def site(name: str = "Commonplace") -> Site:
    with transaction():
        row = db.session.get(Site, 1)
        if row is None:
            row = Site(id=1, name=name, headcount=15, set_up_at=clock.now())
            db.session.add(row)
    return row


def person(name: str = "", role: Role = Role.MEMBER, **more: Any) -> Person:
    """A colleague who can log in."""
    site()
    number = next(_numbers)
    email = more.pop("email", f"person{number}@example.com")
    with transaction():
        row = Person(
            name=name or f"Person {number}",
            email=email,
            email_folded=email.lower(),
            role=role,
            state_at=clock.now(),
            created_at=clock.now(),
            **more,
        )
        db.session.add(row)
    return row


def space(
    creator: Person,
    name: str = "",
    visibility: Visibility = Visibility.OPEN,
    members: tuple[Person, ...] = (),
) -> Space:
    """A Space whose creator looks after it."""
    number = next(_numbers)
    with transaction():
        row = Space(
            slug=f"space-{number}",
            name=name or f"Space {number}",
            kind=SpaceKind.TOPIC,
            visibility=visibility,
            created_by_id=creator.id,
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        for each in (creator, *members):
            role = SpaceRole.FACILITATOR if each is creator else SpaceRole.MEMBER
            db.session.add(
                SpaceMember(
                    space_id=row.id, person_id=each.id, role=role, since=clock.now()
                )
            )
    return row


def logged_in(app: Flask, person_id: int) -> FlaskClient:
    """A browser with a living log-in of that person."""
    token = new_token()
    with app.app_context(), transaction():
        now = clock.now()
        db.session.add(
            LogIn(
                person_id=person_id,
                token_hash=hash_token(token),
                created_at=now,
                seen_on=now,
                expires_at=now.replace(year=now.year + 1),
            )
        )
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def csrf_of(client: FlaskClient, path: str = "/") -> str:
    """Return the CSRF token that the page at `path` gives this browser."""
    page = client.get(path, follow_redirects=True).get_data(as_text=True)
    found = re.search(r'name="csrf[_-]token" (?:value|content)="([^"]+)"', page)
    assert found, f"no CSRF token on {path}"
    return found[1]
