"""The story as it lies in `forum/story`, read and made ready to be told."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from forum.actions.starters import STORY, told_texts

_LINK = re.compile(r"\[\[([a-z0-9-]+)((?:\|[^\]]*)?)\]\]")
_PICTURE = re.compile(r"\]\((images/([a-z0-9-]+\.png))")


@dataclass(frozen=True)
class Version:
    """The body of an entry after somebody wrote or changed it."""

    days_ago: float
    author: str
    body: str
    reason: str = ""
    small: bool = False


@dataclass(frozen=True)
class Text:
    """An entry of the story with everything that became of it."""

    key: str
    head: Mapping[str, Any]
    versions: tuple[Version, ...]
    pictures: tuple[str, ...]


@dataclass(frozen=True)
class Book:
    """The whole story. Links by key are links by title in here."""

    people: list[dict[str, Any]]
    spaces: list[dict[str, Any]]
    texts: list[Text]
    comments: list[dict[str, Any]]
    drafts: list[dict[str, Any]]
    digest: str


def open_book() -> Book:
    """Read the story. A link to an entry that is not told raises KeyError."""
    told = told_texts(STORY / "entries")
    titles = {head["key"]: head["title"] for head, _ in told}
    comments = _table("conversation.toml")["comment"]
    drafts = _table("drafts.toml")["draft"]
    for said in (*comments, *_replies(comments), *drafts):
        said["body"] = _by_title(said["body"].strip() + "\n", titles)
    return Book(
        people=_table("people.toml")["person"],
        spaces=_table("spaces.toml")["space"],
        texts=[_text(head, body, titles) for head, body in told],
        comments=comments,
        drafts=drafts,
        digest=_digest(),
    )


def picture(name: str) -> bytes:
    """Return the bytes of a picture of the story."""
    return (STORY / "images" / name).read_bytes()


def _text(head: Mapping[str, Any], body: str, titles: Mapping[str, str]) -> Text:
    edits = sorted(head.get("edits", ()), key=lambda edit: -edit["days_ago"])
    versions: list[Version] = []
    # The file holds the last state; each edit says what stood there before it.
    for edit in reversed(edits):
        versions.append(
            Version(
                edit["days_ago"],
                edit["author"],
                _by_title(body, titles),
                edit["reason"],
                bool(edit.get("small")),
            )
        )
        for new, old in edit["old"]:
            if body.count(new) != 1:
                raise ValueError(f"{head['key']}: {new!r} is not there once")
            body = body.replace(new, old)
    body = _by_title(body, titles)
    versions.append(Version(head["days_ago"], head["author"], body))
    pictures = tuple(dict.fromkeys(name for _, name in _PICTURE.findall(body)))
    return Text(head["key"], head, tuple(reversed(versions)), pictures)


def _by_title(body: str, titles: Mapping[str, str]) -> str:
    return _LINK.sub(lambda link: f"[[{titles[link[1]]}{link[2]}]]", body)


def _replies(comments: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for comment in comments:
        yield from comment.get("reply", ())


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((STORY / name).read_text(encoding="utf-8"))


def _digest() -> str:
    digest = hashlib.sha256()
    for file in sorted(_files(STORY), key=lambda file: file.name):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _files(each)
        else:
            yield each
