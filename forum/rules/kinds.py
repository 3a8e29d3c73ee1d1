"""The kinds of entry, described as data.

What a kind can do is a flag or a number on it. Code asks ``kind(key).has_steps`` and
never which kind it holds, so a new kind is one more row in ``KINDS``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

FieldType = Literal["text", "choice", "date", "checklist"]
FieldValue = str | list[str]
LONGEST_FIELD = 20_000
STEPS_OF_A_TUTORIAL = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One typed question of a template, asked before or after the body.

    A choice holds one of ``choices``, a date an ISO day, a checklist the points ticked
    so far. A required field is asked for at publishing only.
    """

    key: str
    type: FieldType = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    label_key: str = ""
    hint_key: str = ""
    place: Literal["before", "after"] = "before"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: where it lives, what it can do, what its template asks."""

    key: str
    blueprint: Literal["posts", "tips", "tutorials"]
    label_key: str
    has_answers: bool = False
    has_steps: bool = False
    soft_limit: int | None = None
    fields: tuple[Field, ...] = ()
    outgrown_by_length: str | None = None
    outgrown_by_steps: str | None = None


def _field(
    key: str,
    type: FieldType = "text",
    *,
    required: bool = False,
    choices: tuple[str, ...] = (),
    place: Literal["before", "after"] = "before",
) -> Field:
    return Field(
        key, type, required, choices, f"field.{key}", f"field.{key}.hint", place
    )


_ALL = (
    Kind("post", "posts", "kind.post"),
    Kind(
        "question",
        "posts",
        "kind.question",
        has_answers=True,
        fields=(_field("tried", place="after"),),
    ),
    Kind(
        "experience",
        "posts",
        "kind.experience",
        fields=(
            _field("situation", required=True),
            _field(
                "outcome",
                "choice",
                required=True,
                choices=("worked", "partly", "did_not_work"),
                place="after",
            ),
            _field("repeat", place="after"),
        ),
    ),
    Kind(
        "tip",
        "tips",
        "kind.tip",
        soft_limit=1_500,
        fields=(_field("problem", required=True),),
        outgrown_by_length="post",
        outgrown_by_steps="tutorial",
    ),
    Kind(
        "tutorial",
        "tutorials",
        "kind.tutorial",
        has_steps=True,
        fields=(
            _field("goal", required=True),
            _field("prerequisites"),
            _field("time_needed"),
            _field("result", place="after"),
        ),
    ),
)
KINDS: Mapping[str, Kind] = MappingProxyType({each.key: each for each in _ALL})


def kind(key: str) -> Kind:
    """The kind of that key; a KeyError for a key nobody defined."""
    return KINDS[key]


def missing_fields(
    kind: Kind, values: Mapping[str, object], extra: Sequence[Field] = ()
) -> list[str]:
    """Keys of required fields still empty, in the order the template asks them.

    A required checklist is complete when every point is ticked.
    """
    clean, _ = clean_fields(kind, values, extra)
    return [
        field.key
        for field in fields_of(kind, extra)
        if field.required and not _complete(field, clean.get(field.key))
    ]


def fields_of(kind: Kind, extra: Sequence[Field] = ()) -> tuple[Field, ...]:
    """The kind's own fields, then those a Space adds; the kind wins a shared key."""
    by_key = {field.key: field for field in (*extra, *kind.fields)}
    order = dict.fromkeys(field.key for field in (*kind.fields, *extra))
    return tuple(by_key[key] for key in order)


def clean_fields(
    kind: Kind, values: Mapping[str, object], extra: Sequence[Field] = ()
) -> tuple[dict[str, FieldValue], dict[str, str]]:
    """What may be stored, and per field the message key of what is wrong.

    Unknown keys and empty values are left out; a wrong value is reported, never raised.
    """
    clean: dict[str, FieldValue] = {}
    problems: dict[str, str] = {}
    for field in fields_of(kind, extra):
        value, problem = _CLEANERS[field.type](field, values.get(field.key))
        if problem:
            problems[field.key] = problem
        elif value:
            clean[field.key] = value
    return clean, problems


def outgrown(kind: Kind, text: str) -> str | None:
    """The key of the kind this text has grown into, or None while it still fits."""
    if kind.outgrown_by_steps and count_steps(text) >= STEPS_OF_A_TUTORIAL:
        return kind.outgrown_by_steps
    if kind.soft_limit is not None and len(text.strip()) > kind.soft_limit:
        return kind.outgrown_by_length
    return None


_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_STEP = re.compile(r" {0,3}##[ \t]+[^#\s]")


def count_steps(text: str) -> int:
    """How many second-level headings stand outside fenced code."""
    count, fence = 0, ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark:
            fence = mark[1]
        elif _STEP.match(line):
            count += 1
    return count


_Cleaned = tuple[FieldValue | None, str | None]


def _text(field: Field, value: object) -> _Cleaned:
    if value is None:
        return None, None
    if not isinstance(value, str):
        return None, "field.not_text"
    text = _storable(value)
    return (None, "field.too_long") if len(text) > LONGEST_FIELD else (text, None)


def _choice(field: Field, value: object) -> _Cleaned:
    text, problem = _text(field, value)
    if problem or not text or text in field.choices:
        return text, problem
    return None, "field.not_a_choice"


def _date(field: Field, value: object) -> _Cleaned:
    if isinstance(value, date):
        return value.isoformat()[:10], None
    text, problem = _text(field, value)
    if problem or not isinstance(text, str) or not text:
        return None, problem
    try:
        return date.fromisoformat(text).isoformat(), None
    except ValueError:
        return None, "field.not_a_date"


def _checklist(field: Field, value: object) -> _Cleaned:
    # A browser sends a single ticked box as one string.
    ticked = [value] if isinstance(value, str) else value
    if ticked is None or ticked == [""]:
        return None, None
    if not isinstance(ticked, list | tuple):
        return None, "field.not_a_list"
    if any(point not in field.choices for point in ticked):
        return None, "field.not_a_choice"
    return [point for point in field.choices if point in ticked], None


_CLEANERS = {
    "text": _text,
    "choice": _choice,
    "date": _date,
    "checklist": _checklist,
}


def _storable(text: str) -> str:
    """One kind of line end, and nothing that a database or UTF-8 cannot hold."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return lines.encode("utf-8", "ignore").decode("utf-8").strip()


def _complete(field: Field, value: FieldValue | None) -> bool:
    if field.type == "checklist":
        return isinstance(value, list) and len(value) == len(field.choices)
    return bool(value)
