"""Tells the story in the order in which it happened, each deed by who did it."""

from __future__ import annotations

import io
import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from forum.actions.answers import accept_answer, vote_for_answer
from forum.actions.attachments import attach_to_draft
from forum.actions.comments import post_comment, prepare_comment
from forum.actions.drafts import Typed, finish_draft, save_draft
from forum.actions.entries import publish_entry, revise_entry
from forum.actions.imports import remember_story
from forum.actions.people import add_person, edit_profile
from forum.actions.site import set_up_site
from forum.actions.spaces import add_member, create_space
from forum.actions.starters import as_content
from forum.actions.steps import tick_step
from forum.extensions import db
from forum.files import Stored
from forum.images import Inspected, inspect
from forum.markup import render
from forum.models import (
    Comment,
    CommentKind,
    Entry,
    Person,
    Role,
    Site,
    Space,
    SpaceKind,
    SpaceRole,
    Visibility,
)
from forum.passwords import NewPassword, prepare
from forum.seeds.book import Book, Text, Version, picture
from forum.uploads import file_store

STORY_ID = "story:halden-roe"
SITE_NAME = "Halden & Roe"
LARGEST_PICTURE = 4 * 2**20
# Who works through a tutorial at the moment, and how many steps are done.
READER, TUTORIAL, STEPS_DONE = "noor", "first-week", 2

Deed = Callable[[], None]


class Teller:
    """Holds what is needed again while the story goes on."""

    def __init__(self, book: Book, today: datetime) -> None:
        self.book = book
        self.today = today
        self.people: dict[str, Person] = {}
        self.spaces: dict[str, Space] = {}
        self.entries: dict[str, Entry] = {}
        self.timeline: list[tuple[float, int, Deed]] = []
        # All that takes long is done here, before the transaction begins.
        self.bios = {one["key"]: render(one["bio"]) for one in book.people}
        self.said = {id(one): prepare_comment(one["body"]) for one in _said(book)}
        self.contents = {
            (text.key, number): as_content(text.head, version.body)
            for text in book.texts
            for number, version in enumerate(text.versions)
            if not text.pictures
        }
        self.pictures = {
            name: _kept(name) for text in book.texts for name in text.pictures
        }
        # Nobody knows these passwords: a demo is entered by its buttons.
        self.password = prepare(secrets.token_urlsafe(24))

    def tell(self) -> None:
        """Tell everything, in order; the whole story is one transaction."""
        self._let_people_join()
        self._start_spaces()
        for text in self.book.texts:
            self._plan_text(text)
        for said in self.book.comments:
            self._plan_comment(said)
        for draft in self.book.drafts:
            self._plan(draft["days_ago"], partial(self._begin_draft, draft))
        for _, _, deed in sorted(self.timeline, key=lambda planned: planned[:2]):
            deed()
        self._tick_steps()
        site = db.session.get_one(Site, 1)
        remember_story(self._admin(), site, STORY_ID, self.book.digest)

    def _plan(self, days_ago: float, deed: Deed) -> None:
        # Of things at the same moment the first one told happens first.
        self.timeline.append((-days_ago, len(self.timeline), deed))

    def _moment(self, days_ago: float) -> datetime:
        return self.today - timedelta(days=days_ago)

    def _admin(self) -> Person:
        return next(one for one in self.people.values() if one.role is Role.ADMIN)

    def _let_people_join(self) -> None:
        admins = [one for one in self.book.people if one["role"] == "admin"]
        others = [one for one in self.book.people if one["role"] != "admin"]
        for one in (*admins, *others):
            at = self._moment(one["joined_days_ago"])
            if not self.people:
                person = self._set_up(one, self.password, at)
            else:
                person = add_person(
                    name=one["name"],
                    email=one["email"],
                    department=one["department"],
                    role=Role(one["role"]),
                    actor=self._admin(),
                    at=at,
                )
            self.people[one["key"]] = edit_profile(
                person,
                person,
                name=one["name"],
                department=one["department"],
                bio=one["bio"],
                rendered_bio=self.bios[one["key"]],
                offers=one["offers"],
                wants=one["wants"],
                version=person.version,
            )

    def _set_up(
        self, one: Mapping[str, Any], password: NewPassword, at: datetime
    ) -> Person:
        return set_up_site(
            site_name=SITE_NAME,
            headcount=len(self.book.people),
            name=one["name"],
            email=one["email"],
            department=one["department"],
            password=password,
            at=at,
        )

    def _start_spaces(self) -> None:
        for one in self.book.spaces:
            starter = self.people[one["facilitators"][0]]
            written = [
                text.head["days_ago"]
                for text in self.book.texts
                if text.head["space"] == one["slug"]
            ]
            begun = self._moment(max(written, default=1) + 7)
            since = max(begun, starter.created_at)
            space = create_space(
                starter,
                name=one["name"],
                purpose=one["purpose"],
                kind=SpaceKind(one["kind"]),
                visibility=Visibility(one["visibility"]),
                at=since,
            )
            for key in (*one["facilitators"][1:], *one["members"]):
                facilitates = key in one["facilitators"]
                person = self.people[key]
                add_member(
                    starter,
                    space,
                    person_id=person.id,
                    role=SpaceRole.FACILITATOR if facilitates else SpaceRole.MEMBER,
                    at=max(since, person.created_at),
                )
            self.spaces[one["slug"]] = space
        db.session.expire_all()

    def _plan_text(self, text: Text) -> None:
        first, *later = enumerate(text.versions)
        self._plan(first[1].days_ago, lambda: self._publish(text, first[1]))
        for number, version in later:
            self._plan(
                version.days_ago,
                partial(self._revise, text, number, version),
            )

    def _publish(self, text: Text, version: Version) -> None:
        author, at = self.people[version.author], self._moment(version.days_ago)
        space = self.spaces[text.head["space"]]
        if not text.pictures:
            content = self.contents[text.key, 0]
            self.entries[text.key] = publish_entry(author, space, content, at=at)
            return
        # A picture has an address only once it hangs on something: first on a draft.
        draft = save_draft(author, str(uuid.uuid4()), Typed(), at=at)
        addresses = {
            name: attach_to_draft(author, draft, name, *self.pictures[name]).url
            for name in text.pictures
        }
        for number, each in enumerate(text.versions):
            body = each.body
            for name, address in addresses.items():
                body = body.replace(f"](images/{name}", f"]({address}")
            self.contents[text.key, number] = as_content(text.head, body)
        content = self.contents[text.key, 0]
        self.entries[text.key] = publish_entry(author, space, content, at=at)
        finish_draft(draft, self.entries[text.key])

    def _revise(self, text: Text, number: int, version: Version) -> None:
        entry = self.entries[text.key]
        revise_entry(
            entry.owner,
            entry,
            self.contents[text.key, number],
            base_number=entry.current_number,
            reason=version.reason,
            small=version.small,
            author=self.people[version.author],
            at=self._moment(version.days_ago),
        )

    def _plan_comment(self, said: dict[str, Any]) -> None:
        posted: list[Comment] = []
        self._plan(said["days_ago"], lambda: posted.append(self._post(said)))
        for reply in said.get("reply", ()):
            self._plan(
                reply["days_ago"],
                partial(self._reply, reply, said["entry"], posted),
            )
        for number, key in enumerate(said.get("voters", ()), 1):
            days_ago = said["days_ago"] * (1 - number / 40)
            self._plan(
                days_ago,
                partial(self._vote, key, posted, days_ago),
            )
        if said.get("accepted"):
            days_ago = said["days_ago"] * 0.95
            self._plan(days_ago, partial(self._accept, said["entry"], posted, days_ago))

    def _post(self, said: Mapping[str, Any]) -> Comment:
        return post_comment(
            self.people[said["author"]],
            self.entries[said["entry"]],
            self.said[id(said)],
            kind=CommentKind(said["kind"]),
            at=self._moment(said["days_ago"]),
        )

    def _vote(self, key: str, posted: list[Comment], days_ago: float) -> None:
        vote_for_answer(self.people[key], posted[0], at=self._moment(days_ago))

    def _accept(self, entry: str, posted: list[Comment], days_ago: float) -> None:
        asker = self.entries[entry].owner
        accept_answer(asker, posted[0], at=self._moment(days_ago))

    def _reply(
        self, said: Mapping[str, Any], entry: str, posted: list[Comment]
    ) -> None:
        post_comment(
            self.people[said["author"]],
            self.entries[entry],
            self.said[id(said)],
            parent=posted[0],
            at=self._moment(said["days_ago"]),
        )

    def _begin_draft(self, one: Mapping[str, Any]) -> None:
        typed = Typed(
            kind=one["kind"],
            title=one["title"],
            body=one["body"],
            tags=", ".join(one["tags"]),
            fields=dict(one["fields"]),
            space_id=self.spaces[one["space"]].id,
        )
        at = self._moment(one["days_ago"])
        save_draft(self.people[one["author"]], str(uuid.uuid4()), typed, at=at)

    def _tick_steps(self) -> None:
        entry = self.entries[TUTORIAL]
        steps = [s["key"] for s in entry.revision.sections if s["role"] == "step"]
        for key in steps[:STEPS_DONE]:
            tick_step(self.people[READER], entry, key)


def _said(book: Book) -> list[dict[str, Any]]:
    replies = [reply for one in book.comments for reply in one.get("reply", ())]
    return [*book.comments, *replies]


def _kept(name: str) -> tuple[Inspected, Stored]:
    inspected = inspect(picture(name), name)
    stored = file_store().put(io.BytesIO(inspected.data), limit=LARGEST_PICTURE)
    return inspected, stored
