"""Three tips that stand in an empty forum until its people have their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from forum.actions.content import Content, prepare
from forum.actions.entries import publish_entry
from forum.models import Entry, Person, Space

STORY = resources.files("forum") / "story"


def starter_tips() -> list[Content]:
    """Return the starter tips, rendered: so ask for them before any query."""
    return [as_content(head, body) for head, body in told_texts(STORY / "starters")]


def add_starter_tips(
    actor: Person, space: Space, tips: Sequence[Content]
) -> list[Entry]:
    """Publish the starter tips in the first Space. Each can be taken down."""
    return [publish_entry(actor, space, tip) for tip in tips]


def told_texts(folder: Traversable) -> list[tuple[Mapping[str, Any], str]]:
    """Return what stands above each text of a folder, and the text, by name."""
    texts = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".md"):
            _, head, body = file.read_text(encoding="utf-8").split("---\n", 2)
            texts.append((yaml.safe_load(head), body.strip() + "\n"))
    return texts


def as_content(head: Mapping[str, Any], body: str) -> Content:
    """Return a text of ours as if somebody had typed it."""
    return prepare(
        kind=head["kind"],
        title=head["title"],
        body=body,
        fields=head.get("fields", {}),
        tags=", ".join(head["tags"]),
    )
