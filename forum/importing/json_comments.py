"""The answers and comments that a JSON object carries.

Two levels are kept: answers or comments, and the replies to them. Deeper ones are
taken as replies of the second level, so that no word is lost.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from forum.importing.cleaning import stable_id, web_address
from forum.importing.encodings import clean
from forum.importing.json_fields import Fields
from forum.importing.records import CommentRecord, Warning

_MAX_DEPTH = 50


def read_comments(
    found: Mapping[str, Any], source_id: str, origin: str, answerable: bool
) -> tuple[tuple[CommentRecord, ...], tuple[Warning, ...]]:
    """Comments on the entry and its replies, in the order they stand there."""
    reader = _Reader(origin, answerable)
    taken = tuple(reader.top(found, source_id))
    return taken, reader.finish()


class _Reader:
    def __init__(self, origin: str, answerable: bool) -> None:
        self.origin = origin
        self.answerable = answerable
        self.dropped = 0
        self.flattened = 0
        self.seen: set[str] = set()
        self.warnings: list[Warning] = []

    def finish(self) -> tuple[Warning, ...]:
        if self.dropped:
            self.warnings.append(Warning("comments_dropped", {"count": self.dropped}))
        if self.flattened:
            params = {"count": self.flattened}
            self.warnings.append(Warning("comments_flattened", params))
        return tuple(self.warnings)

    def top(self, found: Mapping[str, Any], entry: str) -> Iterator[CommentRecord]:
        for one in self._inside(found):
            comment = self._comment(one, entry)
            if comment:
                below = tuple(self._below(one, comment.source_id, 1))
                yield replace(comment, replies=below)

    def _below(
        self, found: Mapping[str, Any], parent: str, depth: int
    ) -> Iterator[CommentRecord]:
        """Everything said below, as one flat list."""
        for one in self._inside(found):
            comment = self._comment(one, parent, below=True)
            if comment:
                self.flattened += depth > 1
                yield comment
            if depth < _MAX_DEPTH:
                yield from self._below(one, parent, depth + 1)

    def _inside(self, found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        for name in ("comments", "replies"):
            value = found.get(name)
            items = value if isinstance(value, list) else []
            self.dropped += 0 if value is None or isinstance(value, list) else 1
            for one in items:
                if isinstance(one, dict):
                    yield one
                else:
                    self.dropped += 1

    def _comment(
        self, found: Mapping[str, Any], parent: str, *, below: bool = False
    ) -> CommentRecord | None:
        body = found.get("body_markdown", found.get("body"))
        if not isinstance(body, str) or not body.strip():
            self.dropped += 1
            return None
        fields = Fields(found)
        answers = self.answerable and not below and found.get("kind") == "answer"
        kind: Literal["answer", "comment"] = "answer" if answers else "comment"
        author = fields.text("author")
        text, warnings = clean(body)
        comment = CommentRecord(
            source_id=self._id(found, parent, text, author),
            kind=kind,
            body=text.strip("\n"),
            author=None if author == "source" else author,
            author_origin=self.origin,
            author_url=web_address(found.get("author_url")),
            created_at=fields.date("created_at"),
            updated_at=fields.date("updated_at"),
            score=fields.number("score"),
            accepted=answers and found.get("accepted") is True,
            licence=fields.text("licence"),
            url=web_address(found.get("url")),
        )
        for warning in (*warnings, *fields.warnings):
            if warning not in self.warnings:
                self.warnings.append(warning)
        return comment

    def _id(
        self, found: Mapping[str, Any], parent: str, text: str, author: str | None
    ) -> str:
        """The given id, else one made of what was said, by whom and when."""
        own = found.get("id")
        if (
            isinstance(own, str | int)
            and not isinstance(own, bool)
            and str(own).strip()
        ):
            name = str(own)
        else:
            said = f"{author}\n{found.get('created_at')}\n{text}"
            digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
            name = f"c-{digest[:16]}"
        base = made = stable_id(clean(f"{parent}#{name}")[0])
        number = 1
        while made in self.seen:
            number += 1
            made = f"{base}~{number}"
        self.seen.add(made)
        return made
