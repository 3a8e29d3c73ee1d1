"""What the front matter says about an entry, in the words of the forum."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forum.importing.cleaning import (
    clean_tags,
    one_line,
    read_date,
    web_address,
    without_html,
)
from forum.importing.records import Warning
from forum.importing.yaml_values import Value
from forum.rules.kinds import KINDS

_KIND_WORDS = {kind: kind for kind in KINDS} | {
    "how-to": "tutorial",
    "howto": "tutorial",
}
_TITLE = ("title",)
_KIND = ("kind", "type", "category")
_AUTHOR = ("author", "authors")
_TAGS = ("tags", "tag", "keywords")
_CREATED = ("date", "created", "created_at", "published")
_UPDATED = ("updated", "updated_at", "lastmod", "modified", "last_updated")
_LANG = ("lang", "language", "locale")
_LICENCE = ("licence", "license")
_URL = ("url", "source", "canonical_url")
_ATTRIBUTION = ("attribution",)
_DRAFT = ("draft",)
_YES = {"true", "yes", "on"}


@dataclass(frozen=True)
class Metadata:
    """The values that were understood; `None` where nothing was said."""

    title: str | None
    kind: str | None
    tags: tuple[str, ...]
    author: str | None
    author_url: str | None
    created_at: datetime | None
    updated_at: datetime | None
    lang: str | None
    licence: str | None
    url: str | None
    attribution: str | None
    understood: bool
    warnings: tuple[Warning, ...]


def read_metadata(values: Mapping[str, Value]) -> Metadata:
    """Understand front matter; names of keys count without regard to case."""
    reader = _Reader(values)
    title = reader.text(_TITLE)
    plain = without_html(title) if title else ""
    if title and plain != one_line(title):
        reader.warnings.append(Warning("title_markup_removed"))
    author, author_url = reader.person(_AUTHOR)
    kind = reader.kind(_KIND)
    tags, dropped = clean_tags(reader.words(_TAGS))
    reader.warnings.extend(dropped)
    if (reader.text(_DRAFT) or "").lower() in _YES:
        reader.warnings.append(Warning("was_draft"))
    found = {
        "created_at": reader.date(_CREATED),
        "updated_at": reader.date(_UPDATED),
    }
    return Metadata(
        title=plain or None,
        kind=kind,
        tags=tags,
        author=author,
        author_url=author_url,
        lang=reader.text(_LANG),
        licence=reader.text(_LICENCE),
        url=web_address(reader.text(_URL)),
        attribution=reader.text(_ATTRIBUTION),
        understood=len(reader.left) < len(reader.values),
        warnings=reader.finish(),
        **found,
    )


class _Reader:
    """Takes keys out one after the other, and knows which were left."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = {key.strip().lower(): value for key, value in values.items()}
        self.left = dict.fromkeys(self.values)
        self.warnings: list[Warning] = []

    def take(self, names: tuple[str, ...]) -> tuple[str, Value]:
        for name in names:
            if self.values.get(name) not in (None, "", [], {}):
                self.left.pop(name, None)
                return name, self.values[name]
        for name in names:
            self.left.pop(name, None)
        return "", None

    def ignore(self, name: str) -> None:
        self.warnings.append(Warning("value_ignored", {"name": name}))

    def text(self, names: tuple[str, ...]) -> str | None:
        name, value = self.take(names)
        if value is None or isinstance(value, str):
            return one_line(value or "") or None
        self.ignore(name)
        return None

    def kind(self, names: tuple[str, ...]) -> str | None:
        """Only a word that names a kind counts; any other stays unused."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, str) and value.strip().lower() in _KIND_WORDS:
                self.left.pop(name, None)
                return _KIND_WORDS[value.strip().lower()]
        return None

    def words(self, names: tuple[str, ...]) -> list[object]:
        """Tags as a list, or in one line with commas, or a single one."""
        name, value = self.take(names)
        if isinstance(value, str):
            return list(re.split(r"[,;]", value))
        if isinstance(value, list):
            return [item for item in value if item is not None]
        if value is not None:
            self.ignore(name)
        return []

    def person(self, names: tuple[str, ...]) -> tuple[str | None, str | None]:
        name, value = self.take(names)
        if isinstance(value, list):
            value = value[0]
        if isinstance(value, str):
            return without_html(value)[:200] or None, None
        if isinstance(value, dict) and isinstance(value.get("name"), str):
            address = value.get("url") or value.get("website")
            return one_line(str(value["name"]))[:200] or None, web_address(address)
        if value is not None:
            self.ignore(name)
        return None, None

    def date(self, names: tuple[str, ...]) -> datetime | None:
        name, value = self.take(names)
        try:
            return read_date(value)
        except ValueError:
            params = {"name": name, "value": one_line(str(value))[:60]}
            self.warnings.append(Warning("date_unreadable", params))
            return None

    def finish(self) -> tuple[Warning, ...]:
        if self.left:
            keys = ", ".join(one_line(key)[:40] for key in list(self.left)[:20])
            self.warnings.append(Warning("front_matter_unused", {"keys": keys}))
        return tuple(self.warnings)
