"""The fields that a Space adds to the template of a kind, as people describe them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from forum.rules.kinds import KINDS
from forum.rules.slugs import slugify

MOST_FIELDS = 6
LONGEST_LABEL = 100
LONGEST_HINT = 200
MOST_CHOICES = 20
TYPES = ("text", "choice", "date", "checklist")
_WITH_CHOICES = ("choice", "checklist")


def clean_space_fields(
    kind: str, described: Iterable[Mapping[str, Any]], known: Collection[str] = ()
) -> tuple[list[dict[str, Any]], dict[int, str]]:
    """The fields to store, and per place in the list the message key of what is wrong.

    A field without a label is left out: that is how one is taken away. `known` are the
    keys in use: a field keeps its key when its label is reworded, so that what people
    have filled in stays with it; a new one never takes the key of the kind's own.
    """
    fields: list[dict[str, Any]] = []
    problems: dict[int, str] = {}
    taken = {field.key for field in KINDS[kind].fields} | set(known)
    used: set[str] = set()
    for at, raw in enumerate(described):
        label = _line(raw.get("label"))
        if not label:
            continue
        problem = _problem(raw, label)
        if len(fields) == MOST_FIELDS:
            problem = "space.field_too_many"
        if problem:
            problems[at] = problem
            continue
        key = str(raw.get("key") or "")
        if key not in known or key in used:
            key = _new_key(label, taken)
            taken.add(key)
        used.add(key)
        fields.append(_stored(key, label, raw))
    return fields, problems


def _stored(key: str, label: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    kind_of_field = raw["type"]
    return {
        "key": key,
        "type": kind_of_field,
        "required": bool(raw.get("required")),
        "choices": _choices(raw) if kind_of_field in _WITH_CHOICES else [],
        "label": label,
        "hint": _line(raw.get("hint")),
        "place": "after" if raw.get("place") == "after" else "before",
    }


def _problem(raw: Mapping[str, Any], label: str) -> str:
    if raw.get("type") not in TYPES:
        return "space.choice_unknown"
    if len(label) > LONGEST_LABEL or len(_line(raw.get("hint"))) > LONGEST_HINT:
        return "space.field_too_long"
    if raw["type"] in _WITH_CHOICES:
        choices = _choices(raw)
        if not choices:
            return "space.field_needs_choices"
        if len(choices) > MOST_CHOICES or max(map(len, choices)) > LONGEST_LABEL:
            return "space.field_too_long"
    return ""


def _choices(raw: Mapping[str, Any]) -> list[str]:
    given = raw.get("choices") or ()
    lines = given.splitlines() if isinstance(given, str) else given
    return list(dict.fromkeys(filter(None, map(_line, lines))))


def _line(value: object) -> str:
    plain = str(value or "").replace("\0", "").encode("utf-8", "ignore").decode()
    return " ".join(plain.split())


def _new_key(label: str, taken: Collection[str]) -> str:
    base = slugify(label, "field")[:60].strip("-").replace("-", "_")
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}_{number}"
    return key
