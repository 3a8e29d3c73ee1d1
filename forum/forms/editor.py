"""The editor's form: whatever was typed, finished or not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from forum.actions.drafts import Typed
from forum.models import DraftNoun

FIELD = "field-"
MOST_FIELDS = 60


@dataclass(frozen=True)
class EditorForm:
    """What the editor sent. Nothing is refused here: a draft may be anything."""

    key: str
    typed: Typed
    draft_version: int | None

    @classmethod
    def of(
        cls, form: MultiDict[str, str], kept: dict[str, object] | None = None
    ) -> EditorForm:
        """Read a sent form. `kept` are fields of the draft that this form lacks."""
        fields: dict[str, object] = dict(kept or {})
        for name in list(form)[:MOST_FIELDS]:
            if name.startswith(FIELD):
                values = [value for value in form.getlist(name) if value]
                many = name.endswith("[]")
                fields[name.removeprefix(FIELD).removesuffix("[]")] = (
                    values if many else "".join(values[:1])
                )
        return cls(
            key=as_key(form.get("draft_key", "") or form.get("key", "")),
            draft_version=whole(form.get("draft_version")),
            typed=Typed(
                kind=form.get("kind", "")[:20],
                title=form.get("title", ""),
                body=form.get("body", ""),
                tags=form.get("tags", ""),
                reason=form.get("reason", ""),
                fields=fields,
                space_id=whole(form.get("space")),
                entry_id=whole(form.get("entry")),
                parent_id=whole(form.get("parent")),
                base_number=whole(form.get("base_number")),
                noun=(
                    DraftNoun.COMMENT
                    if form.get("noun") == "comment"
                    else DraftNoun.ENTRY
                ),
            ),
        )


def whole(text: str | None) -> int | None:
    """Return a positive number that fits a database's key, or None."""
    if not text or len(text) > 10 or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if 0 < number < 2**31 else None


def as_key(text: str) -> str:
    """Return a draft's key in one form; a new one when it is none."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return new_key()


def new_key() -> str:
    """Return the key of a draft that begins with this page."""
    return str(uuid.uuid4())
