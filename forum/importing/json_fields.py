"""The optional values of a JSON object, each brought into its type."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from forum.importing.cleaning import one_line, read_date
from forum.importing.encodings import clean
from forum.importing.records import Warning
from forum.rules.kinds import KINDS


class Fields:
    """Reads the optional values; one of the wrong type is left out and named."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.found = found
        self.warnings: list[Warning] = []

    def ignore(self, name: str) -> None:
        """Note that a value was left out, once for each name."""
        warning = Warning("value_ignored", {"name": name})
        if warning not in self.warnings:
            self.warnings.append(warning)

    def text(self, name: str) -> str | None:
        """A short text on one line."""
        value = self.found.get(name)
        if isinstance(value, str):
            return one_line(clean(value)[0])[:500] or None
        if value is not None:
            self.ignore(name)
        return None

    def number(self, name: str) -> int | None:
        """A whole number of a size that a database holds."""
        value = self.found.get(name)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole and abs(int(value or 0)) < 2**31:
            return int(value or 0)
        if value is not None:
            self.ignore(name)
        return None

    def date(self, name: str) -> datetime | None:
        """A moment in UTC."""
        value = self.found.get(name)
        try:
            return read_date(value)
        except ValueError:
            params = {"name": name, "value": one_line(str(value))[:60]}
            self.warnings.append(Warning("date_unreadable", params))
            return None

    def list(self, name: str) -> list[Any]:
        """A list, or nothing."""
        value = self.found.get(name)
        if isinstance(value, list):
            return value
        if value is not None:
            self.ignore(name)
        return []

    def texts(self, name: str) -> dict[str, str]:
        """A map of texts, such as the fields of an entry."""
        value = self.found.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.ignore(name)
            return {}
        kept = {
            one_line(key)[:100]: clean(text)[0]
            for key, text in value.items()
            if isinstance(text, str)
        }
        if len(kept) != len(value):
            self.ignore(name)
        return kept

    def kind(self) -> str:
        """The kind to write; one that the forum does not know becomes a post."""
        kind = self.found.get("kind", "post")
        if kind == "post":
            replies = self.found.get("replies")
            answered = isinstance(replies, list) and any(
                isinstance(one, dict) and one.get("kind") == "answer" for one in replies
            )
            scored = self.found.get("score") is not None
            return "question" if answered or scored else "post"
        if isinstance(kind, str) and kind in KINDS:
            return str(kind)
        self.warnings.append(
            Warning("kind_unknown", {"kind": one_line(str(kind))[:60]})
        )
        return "post"
