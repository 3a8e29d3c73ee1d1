"""Every page of the forum, each by what a person does to see it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from forum.actions.drafts import Typed, discard_draft, save_draft
from forum.actions.entries import hide_entry
from forum.actions.invitations import invite_person
from forum.actions.resets import make_reset_link
from forum.extensions import db
from forum.models import (
    Comment,
    Entry,
    Person,
    Role,
    Space,
    SpaceMember,
    SpaceRole,
    Tag,
)
from forum.notifications import invitation_link, reset_link
from forum.unit_of_work import transaction
from tests.journeys.serving import Forum, go, ready

Show = Callable[[Any], object]


@dataclass(frozen=True)
class View:
    """A page: its name in a report, who looks at it, and how it is reached."""

    name: str
    who: str
    show: Show


@dataclass(frozen=True)
class Cast:
    """Who looks at the filled forum, and what there is to look at."""

    people: dict[str, int]
    entries: dict[str, str]
    numbers: dict[str, int]
    space: str
    tag: str
    comment: int
    draft: str
    links: dict[str, str]


def cast_of(forum: Forum) -> Cast:
    """Find, in the told story, one thing of each sort; make what it lacks."""
    with forum.app.test_request_context():
        with transaction():
            made = _prepare()
        db.session.rollback()
    return made


def _prepare() -> Cast:
    admin = db.session.scalars(sa.select(Person).filter_by(role=Role.ADMIN)).first()
    member = db.session.scalars(
        sa.select(Person).filter_by(role=Role.MEMBER).order_by(Person.id)
    ).first()
    space = db.session.scalars(
        sa.select(Space).join(SpaceMember).filter_by(person_id=member.id)
    ).first()
    facilitator = db.session.scalars(
        sa.select(SpaceMember).filter_by(space_id=space.id, role=SpaceRole.FACILITATOR)
    ).first()
    busiest = sa.select(Entry).order_by(Entry.comment_count.desc())
    entries, numbers = {}, {}
    for kind in ("tip", "tutorial", "question", "experience", "post"):
        entry = db.session.scalars(busiest.filter_by(kind=kind)).first()
        entries[kind] = f"/entries/{entry.id}"
        numbers[kind] = entry.id
    changed = db.session.scalars(
        sa.select(Entry).filter(Entry.current_number > 1).order_by(Entry.id)
    ).first()
    numbers["changed"], numbers["space"] = changed.id, changed.space_id
    comment = db.session.scalars(sa.select(Comment).filter_by(author_id=member.id))
    own = db.session.scalars(
        sa.select(Entry).filter(
            Entry.owner_id == member.id, Entry.id.not_in(numbers.values())
        )
    ).first()
    hide_entry(member, own)
    typed = Typed(
        kind="tutorial", title="Not finished", body="## One", space_id=space.id
    )
    draft = save_draft(member, str(uuid.uuid4()), typed)
    put_aside = save_draft(member, str(uuid.uuid4()), typed)
    discard_draft(member, put_aside.key)
    invitation = invite_person(admin, email="new.colleague@example.com")
    reset = make_reset_link(admin, member)
    tag = db.session.scalars(sa.select(Tag).order_by(Tag.id)).first()
    return Cast(
        people={
            "admin": admin.id,
            "member": member.id,
            "owner": changed.owner_id,
            "facilitator": facilitator.person_id,
        },
        entries=entries,
        numbers=numbers,
        space=f"/spaces/{space.slug}",
        tag=f"/tags/{tag.name}",
        comment=next(iter(comment)).id,
        draft=f"/drafts/{draft.key}",
        links={"join": invitation_link(invitation), "reset": reset_link(reset)},
    )


def at(name: str, path: str, who: str = "member") -> View:
    """Return the view of a page that stands at an address."""
    return View(name, who, lambda page: go(page, path))


def sent(
    name: str, path: str, status: int, who: str = "member", /, **fields: str
) -> View:
    """Return the view of the answer to a form, which has to be of this status."""

    def show(page: Any) -> None:
        answered = send(page, path, **fields)
        assert answered == status, f"{name} was answered with {answered}"

    return View(name, who, show)


SEND = """([path, fields]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: path });
  fields.csrf_token = document.querySelector("meta[name=csrf-token]").content;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


def send(page: Any, path: str, /, **fields: str) -> int:
    """Send a form from a page of the forum, as one of its own forms would."""
    if not page.url.startswith("http"):
        go(page, "/tags" if path != "/login" else "/login")
    with page.expect_navigation() as answer:
        page.evaluate(SEND, [path, fields])
    ready(page)
    return int(answer.value.status)


def groups(cast: Cast) -> dict[str, list[View]]:
    """Return all pages in groups that take about the same time."""
    person = f"/people/{cast.people['member']}"
    changed = f"/entries/{cast.numbers['changed']}"
    empty_draft = {
        "kind": "tip",
        "title": "",
        "body": "",
        "draft_key": str(uuid.uuid4()),
    }
    stale = {
        "kind": "post",
        "space": str(cast.numbers["space"]),
        "entry": str(cast.numbers["changed"]),
        "base_number": "1",
        "title": "Mine",
        "body": "My own words.\n\nAnd more of them.",
        "draft_key": str(uuid.uuid4()),
    }
    return {
        "coming in": [
            at("log in", "/login", "nobody"),
            sent("log in, refused", "/login", 422, "nobody", email="x", password=""),
            at("join", cast.links["join"], "nobody"),
            at("forgot", "/password-resets", "nobody"),
            at("forgot, sent", "/password-resets?sent=1", "nobody"),
            at("reset", cast.links["reset"], "nobody"),
            at("not found, logged out", "/login/nothing", "nobody"),
        ],
        "reading": [at(kind, path) for kind, path in cast.entries.items()],
        "lists": [
            at("home", "/"),
            at("posts", "/posts"),
            at("questions", "/posts?kind=question"),
            at("tips", "/tips"),
            at("tutorials", "/tutorials"),
            at("tags", "/tags"),
            at("tag", cast.tag),
            at("edit tag", f"{cast.tag}/edit", "admin"),
        ],
        "spaces": [
            at("spaces", "/spaces"),
            at("space", cast.space),
            at("new space", "/spaces/new", "admin"),
            sent("new space, refused", "/spaces", 422, "admin", name=""),
            at("edit space", f"{cast.space}/edit", "facilitator"),
            at("members", f"{cast.space}/members", "facilitator"),
            at("template", f"{cast.space}/templates/tip", "facilitator"),
        ],
        "people": [
            at("people", "/people"),
            at("person", person),
            at("edit profile", f"{person}/edit"),
            at("sessions", "/sessions"),
            at("password", "/password"),
            at("accounts", "/admin", "admin"),
            at("account", f"/admin{person}", "admin"),
            at("invitations", "/invitations", "admin"),
        ],
        "writing": [
            at("editor", "/write"),
            at("editor, tutorial", "/tutorials/new"),
            at("editor, experience", "/posts/new?kind=experience"),
            at("editor, draft", cast.draft),
            sent("editor, problems", "/publications", 422, **empty_draft),
            sent(
                "preview", "/preview", 200, kind="tip", title="A", body="## B\n\nText"
            ),
            at("drafts", "/drafts"),
        ],
        "changing": [
            at("editor, entry", f"{changed}/edit", "owner"),
            sent("merge", "/publications", 409, "owner", **stale),
            at("history", f"{changed}/revisions"),
            at("old revision", f"{changed}/revisions/1"),
            at("changes", f"{changed}/changes"),
            at("changes, one text", f"{changed}/changes?view=inline"),
            at("reply", f"/comments/{cast.comment}/reply"),
            at("edit comment", f"/comments/{cast.comment}/edit"),
            at("remove comment", f"/comments/{cast.comment}/removal"),
        ],
        "refusals": [
            sent("403", "/fails/403", 403, body="What I typed"),
            at("404", "/nothing-here"),
            sent("409", "/fails/409", 409, body="What I typed"),
            sent("422", "/fails/422", 422, body="What I typed"),
            sent("500", "/fails/500", 500, body="What I typed"),
        ],
        "components": [at("components", "/patterns")],
    }
