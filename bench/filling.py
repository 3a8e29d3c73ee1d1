"""A forum of a given size, made from the demo story's own texts."""

from __future__ import annotations

import random
from datetime import timedelta
from importlib import resources

import sqlalchemy as sa
import yaml

from forum import clock, schema
from forum.actions.comments import post_comment, prepare_comment
from forum.actions.content import prepare
from forum.actions.entries import publish_entry
from forum.extensions import db
from forum.models import (
    Entry,
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


def texts() -> list[dict[str, object]]:
    """Return the story's entries as what somebody would type."""
    found = []
    for path in (resources.files("forum") / "story" / "entries").iterdir():
        _, front, body = path.read_text("utf-8").split("---\n", 2)
        about = yaml.safe_load(front)
        found.append(
            {
                "kind": about["kind"],
                "title": about["title"],
                "body": body.strip(),
                "fields": about.get("fields", {}),
                "tags": ", ".join(about["tags"]),
            }
        )
    return sorted(found, key=lambda text: str(text["title"]))


def people_and_spaces() -> None:
    """Set the forum up with 50 people and 10 open Spaces."""
    with db.engine.begin() as connection:
        schema.upgrade(connection)
    with transaction():
        now = clock.now()
        db.session.add(Site(id=1, name="Bench", headcount=50, set_up_at=now))
        for number in range(1, 51):
            db.session.add(
                Person(
                    name=f"Person {number}",
                    email=f"p{number}@example.com",
                    email_folded=f"p{number}@example.com",
                    role=Role.MEMBER,
                    department=("IT", "Finance", "Support", "Operations")[number % 4],
                    state_at=now,
                    created_at=now,
                )
            )
        db.session.flush()
        for number in range(1, 11):
            space = Space(
                slug=f"space-{number}",
                name=f"Space {number}",
                kind=SpaceKind.TOPIC,
                visibility=Visibility.OPEN,
                created_by_id=1,
                created_at=now,
            )
            db.session.add(space)
            db.session.flush()
            db.session.add(
                SpaceMember(
                    space_id=space.id,
                    person_id=1,
                    role=SpaceRole.FACILITATOR,
                    since=now,
                )
            )


def entries(count: int) -> None:
    """Add entries until there are `count`, each a text of the story with a number."""
    known = texts()
    have = db.session.scalar(sa.select(sa.func.count(Entry.id))) or 0
    chance = random.Random(7)  # noqa: S311
    prepared = [prepare(**text) for text in known]  # type: ignore[arg-type]
    for start in range(have, count, 250):
        with transaction():
            people = list(db.session.scalars(sa.select(Person)))
            spaces = list(db.session.scalars(sa.select(Space)))
            for number in range(start, min(start + 250, count)):
                owner = chance.choice(people)
                publish_entry(
                    owner,
                    chance.choice(spaces),
                    prepared[number % len(prepared)],
                    at=clock.now() - timedelta(minutes=count - number),
                )


def comments(entry_id: int, count: int) -> None:
    """Add comments to one entry until it has `count`."""
    with transaction():
        entry = db.session.get_one(Entry, entry_id)
        people = list(db.session.scalars(sa.select(Person)))
        for number in range(entry.comment_count, count):
            content = prepare_comment(f"Comment {number}: it worked for **me** too.")
            post_comment(people[number % len(people)], entry, content)


def log_in() -> str:
    """Log somebody in and return the token for the cookie."""
    token, now = new_token(), clock.now()
    with transaction():
        db.session.add(
            LogIn(
                person_id=1,
                token_hash=hash_token(token),
                created_at=now,
                seen_on=now,
                expires_at=now + timedelta(days=30),
            )
        )
    return token
