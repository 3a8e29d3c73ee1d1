"""A random forum in which every word is a marker, and who may come upon it.

Who may read what is said here a second time, in plain Python over plain sets, so that
a mistake in a policy cannot excuse itself.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from PIL import Image

from forum import clock
from forum.actions import comments, entries
from forum.actions.attachments import attach_to_draft, attach_to_entry
from forum.actions.content import Content, prepare
from forum.actions.drafts import Typed, own_draft, save_draft
from forum.actions.invitations import invite_person
from forum.actions.tokens import create_token
from forum.extensions import db
from forum.files import FileStore
from forum.forms.editor import new_key
from forum.images import inspect
from forum.models import (
    Entry,
    Person,
    PersonState,
    PersonTag,
    Role,
    Space,
    SpaceTemplate,
    Tag,
    Visibility,
    Wish,
)
from forum.rules.kinds import KINDS
from forum.unit_of_work import transaction
from tests import factories

OUTCOMES = {"outcome": "worked"}
FIELDS = {
    "tip": ("problem",),
    "tutorial": ("goal", "prerequisites", "result"),
    "experience": ("situation",),
    "question": ("tried",),
    "post": (),
}


@dataclass
class Who:
    """A person as the oracle knows them."""

    id: int
    role: str
    is_active: bool = True


@dataclass
class Place:
    """A Space as the oracle knows it."""

    id: int
    slug: str
    visibility: str
    members: set[int]


@dataclass
class Thing:
    """Addresses that exist only for some people."""

    paths: list[str]
    readers: set[int]
    posts: list[str] = field(default_factory=list)


@dataclass
class Secrets:
    """What was built: who there is, the markers, and the addresses behind them."""

    app: Flask
    chance: random.Random
    people: list[Who] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    markers: dict[str, set[int]] = field(default_factory=dict)
    things: list[Thing] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    tokens: dict[int, str] = field(default_factory=dict)

    def word(self, readers: set[int]) -> str:
        """Return a new marker that only these people may come upon."""
        letters = self.chance.choices("bcdfghjklmnpqrstvwxz", k=12)
        marker = "zq" + "".join(letters)
        self.markers[marker] = readers
        return marker

    def employees(self) -> set[int]:
        return {p.id for p in self.people if p.role != "guest"}

    def readers_of(self, place: Place) -> set[int]:
        is_open = place.visibility == "open"
        return place.members | (self.employees() if is_open else set())

    def knowers_of(self, place: Place) -> set[int]:
        is_known = place.visibility != "private"
        return place.members | (self.employees() if is_known else set())


def build(app: Flask, seed: int) -> Secrets:
    """Fill an empty forum by chance."""
    made = Secrets(app, random.Random(seed))
    with app.app_context():
        _people(made)
        for visibility in ("open", "closed", "private", "private"):
            _space(made, Visibility(visibility))
        kinds = list(KINDS)
        made.chance.shuffle(kinds)
        for number, kind in enumerate(kinds):
            _entry(made, made.places[number % 4], kind, hidden=False)
        for place in made.places[:2]:
            _entry(made, place, "tip", hidden=True)
        for who in made.people:
            _draft(made, who)
        _invitations(made)
    return made


def _people(made: Secrets) -> None:
    roles = [*Role, Role.MEMBER, Role.ADMIN]
    for number, role in enumerate(roles):
        person = factories.person(f"Somebody {number}", role)
        made.people.append(Who(person.id, role.value))
        with transaction():
            person = db.session.get_one(Person, made.people[-1].id)
            made.tokens[person.id] = create_token(person, scopes=["write"])
    made.people[-1].is_active = False
    for who in made.people[:-1]:
        bio = made.word(made.employees() | {who.id})
        tag = made.word(made.employees() | {who.id})
        with transaction():
            person = db.session.get_one(Person, who.id)
            person.bio, person.bio_html = bio, f"<p>{bio}</p>"
            row = Tag(name=tag, created_at=clock.now())
            db.session.add(row)
            db.session.flush()
            db.session.add(PersonTag(person_id=who.id, tag_id=row.id, wish=Wish.OFFER))
        made.things.append(
            Thing(
                [f"/people/{who.id}", f"/tags/{tag}", f"/tags/{tag}/edit"],
                made.employees() | {who.id},
            )
        )
        made.lists.append(f"/admin/people/{who.id}")
        made.lists.append(f"/people/{who.id}/edit")
        made.lists.append(f"/api/v1/entries?author={who.id}")
    with transaction():
        last = db.session.get_one(Person, made.people[-1].id)
        last.state = PersonState.DEACTIVATED


def _space(made: Secrets, visibility: Visibility) -> None:
    able = [p for p in made.people if p.is_active]
    facilitator = made.chance.choice([p for p in able if p.role != "guest"])
    others = made.chance.sample(able, k=made.chance.randint(1, 3))
    members = [p for p in others if p is not facilitator]
    space = factories.space(
        db.session.get_one(Person, facilitator.id),
        visibility=visibility,
        members=tuple(db.session.get_one(Person, p.id) for p in members),
    )
    inside = {facilitator.id, *(p.id for p in members)}
    place = Place(space.id, space.slug, visibility.value, inside)
    made.places.append(place)
    knowers, readers = made.knowers_of(place), made.readers_of(place)
    with transaction():
        space = db.session.get_one(Space, place.id)
        space.name = place.slug = space.slug = made.word(knowers)
        space.purpose = made.word(knowers)
        guidance = made.word(readers)
        db.session.add(SpaceTemplate(space_id=space.id, kind="tip", guidance=guidance))
    at = f"/spaces/{place.slug}"
    pages = [f"{at}/members", f"{at}/members?q=some", f"{at}/edit"]
    pages.append(f"{at}/templates/tip")
    # Who knows of a closed Space is told that its list is for members (403).
    entries_of = f"/api/v1/entries?space={place.slug}"
    made.things.append(Thing([entries_of], knowers))
    acts = [f"{at}/members", f"{at}/departure", at, f"{at}/templates/tip"]
    made.things.append(Thing([at, f"{at}?kind=tip&sort=active"], knowers))
    made.things.append(Thing(pages, readers, acts))
    made.lists += [f"/write?space={place.slug}", f"/tips/new?space={place.slug}"]


def _content(made: Secrets, kind: str, readers: set[int], tag: str) -> Content:
    fields = {name: made.word(readers) for name in FIELDS[kind]}
    body = f"{made.word(readers)}\n\n## {made.word(readers)}\n\n{made.word(readers)}"
    return prepare(
        kind=kind,
        title=f"About {made.word(readers)}",
        body=body,
        fields={**fields, **(OUTCOMES if kind == "experience" else {})},
        tags=tag,
    )


def _entry(made: Secrets, place: Place, kind: str, *, hidden: bool) -> None:
    inside = [p for p in made.people if p.is_active and p.id in made.readers_of(place)]
    owner = made.chance.choice(inside)
    readers = made.readers_of(place) if not hidden else {owner.id}
    tag = made.word(readers)
    first, second = (_content(made, kind, readers, tag) for _ in range(2))
    with transaction():
        actor = db.session.get_one(Person, owner.id)
        space = db.session.get_one(Space, place.id)
        entry = entries.publish_entry(actor, space, first)
        reason = made.word(readers)
        entries.revise_entry(actor, entry, second, base_number=1, reason=reason)
        entry_id = entry.id
    at, api = f"/entries/{entry_id}", f"/api/v1/entries/{entry_id}"
    paths = [at, f"{at}/edit", f"{at}/revisions", f"{at}/revisions/1", f"{at}/changes"]
    paths += [f"{at}/changes?view=inline&from=1&to=2", f"{at}/markdown"]
    paths += [api, f"{api}/revisions?include=body", f"{api}/comments"]
    paths += [f"/{noun}/{entry_id}-x" for noun in ("tips", "posts", "tutorials")]
    paths.append(f"/entries/by-title?title={second.title}")
    paths += _comments(made, entry_id, readers, inside)
    paths.append(_file(made, readers, owner, entry_id=entry_id))
    acts = [f"{at}/{act}" for act in ("comments", "withdrawal", "return", "ticks/s")]
    acts += [f"{at}/revisions/1/restoration"]
    made.things.append(Thing(paths, readers, acts))
    if not hidden:
        made.things.append(Thing([f"/tags/{tag}", f"/tags/{tag}/edit"], readers))
    else:
        made.things.append(Thing([f"/tags/{tag}", f"/tags/{tag}/edit"], set()))
        with transaction():
            entry = db.session.get_one(Entry, entry_id)
            entries.hide_entry(db.session.get_one(Person, owner.id), entry)
    made.lists.append(f"/api/v1/entries?include=body&tag={tag}")


def _comments(
    made: Secrets, entry_id: int, readers: set[int], inside: list[Who]
) -> list[str]:
    paths = []
    for is_removed in (False, True):
        author = made.chance.choice(inside)
        words = comments.prepare_comment(made.word(set() if is_removed else readers))
        with transaction():
            entry = db.session.get_one(Entry, entry_id)
            actor = db.session.get_one(Person, author.id)
            comment = comments.post_comment(actor, entry, words)
            paths += [f"/comments/{comment.id}{end}" for end in ("", "/reply", "/edit")]
            paths.append(f"/comments/{comment.id}/removal")
            if is_removed:
                comments.remove_comment(actor, comment)
    return paths


def _draft(made: Secrets, who: Who) -> None:
    mine = {who.id}
    with transaction():
        actor = db.session.get_one(Person, who.id)
        typed = Typed(
            kind="tip",
            title=made.word(mine),
            body=made.word(mine),
            tags=made.word(mine),
            fields={"problem": made.word(mine)},
        )
        key = save_draft(actor, new_key(), typed).key
    path = _file(made, mine, who, key=key)
    made.things.append(
        Thing([f"/drafts/{key}", path], mine, [f"/drafts/{key}/discard"])
    )


def _file(made: Secrets, readers: set[int], who: Who, **of: Any) -> str:
    out = io.BytesIO()
    shade = made.chance.randrange(2**24)
    Image.new("RGB", (4, 4), f"#{shade:06x}").save(out, "PNG")
    name = f"{made.word(readers)}.png"
    picture = inspect(out.getvalue(), name)
    store = FileStore(made.app.config["FORUM_DATA"] / "files")
    stored = store.put(io.BytesIO(picture.data), limit=10**6)
    with transaction():
        actor = db.session.get_one(Person, who.id)
        if "entry_id" in of:
            entry = db.session.get_one(Entry, of["entry_id"])
            row = attach_to_entry(actor, entry, name, picture, stored)
        else:
            draft = own_draft(actor, of["key"])
            assert draft is not None
            row = attach_to_draft(actor, draft, name, picture, stored)
        return row.url


def _invitations(made: Secrets) -> None:
    admins = {p.id for p in made.people if p.role == "admin"}
    for who in made.people:
        if who.is_active and who.role in ("admin", "lead"):
            email = made.word(admins | {who.id}) + "@example.com"
            with transaction():
                actor = db.session.get_one(Person, who.id)
                invite_person(actor, email=email, role=Role.MEMBER)
