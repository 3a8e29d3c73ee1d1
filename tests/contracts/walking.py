"""A small forum with something behind every address, and the addresses themselves."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from forum.actions import comments
from forum.actions.attachments import attach_to_draft
from forum.actions.content import prepare
from forum.actions.drafts import Typed, save_draft
from forum.actions.entries import publish_entry
from forum.files import FileStore
from forum.images import inspect
from forum.models import CommentKind, Role
from forum.unit_of_work import transaction
from tests import factories

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
KINDS = {"tip": "tips", "tutorial": "tutorials", "question": "posts"}
MADE_UP = {"int": 1, "default": "made-up", "string": "made-up", "path": "made-up"}


@dataclass(frozen=True)
class Address:
    """One way to ask for an endpoint."""

    endpoint: str
    method: str
    path: str

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")


def addresses(app: Flask, known: Mapping[str, Any] | None = None) -> Iterator[Address]:
    """Every rule with every method, its variables filled in: as known, or made up.

    `known` names a variable, or a variable of one endpoint (`tips.show:slug`).
    """
    known = known or {}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: _value(rule, name, known) for name in rule._converters}
        for method in sorted((rule.methods or set()) & {"GET", *UNSAFE}):
            path = adapter.build(rule.endpoint, values, method)
            yield Address(rule.endpoint, method, path)


def _value(rule: Rule, name: str, known: Mapping[str, Any]) -> Any:
    kinds = {"IntegerConverter": "int", "PathConverter": "path"}
    made_up = MADE_UP[kinds.get(type(rule._converters[name]).__name__, "string")]
    return known.get(f"{rule.endpoint}:{name}", known.get(name, made_up))


def settle(app: Flask) -> tuple[int, dict[str, Any]]:
    """Fill a forum, and return an admin's id and what its addresses are made of."""
    with app.app_context():
        admin = factories.person("Ada Lund", Role.ADMIN)
        space = factories.space(admin)
        known: dict[str, Any] = {}
        for kind, noun in KINDS.items():
            content = prepare(
                kind=kind,
                title=f"How we read a {kind}",
                body="First.\n\n## One\n\nDo it.\n\n## Two\n\nDone.",
                fields={"problem": "We had none", "goal": "To have one"},
                tags="reading",
            )
            with transaction():
                entry = publish_entry(admin, space, content)
                known[f"{noun}.show:entry_id"] = entry.id
                known[f"{noun}.show:slug"] = entry.slug
        known["entry_id"] = entry.id
        words = comments.prepare_comment("Like *this*.")
        with transaction():
            answer = comments.post_comment(admin, entry, words, kind=CommentKind.ANSWER)
            known["comment_id"] = answer.id
            typed = Typed(kind="tip", title="Half a thought", space_id=space.id)
            draft = save_draft(admin, "k" * 22, typed)
            picture = inspect(_png(), "dot.png")
            store = FileStore(app.config["FORUM_DATA"] / "files")
            stored = store.put(io.BytesIO(picture.data), limit=10**6)
            file = attach_to_draft(admin, draft, "dot.png", picture, stored)
            known |= {"key": draft.key, "attachment_id": file.id}
            known |= {"files.show:name": "dot.png", "tags.show:name": "reading"}
            known |= {"tags.edit:name": "reading", "person_id": admin.id, "number": 1}
            known |= {"people.show:slug": "ada-lund", "slug": space.slug, "kind": "tip"}
        return admin.id, known


def _png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()
