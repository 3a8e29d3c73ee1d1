"""The words of an entry, cleaned and rendered before a transaction begins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from forum.errors import Invalid
from forum.markup import RENDERER_VERSION, Rendered, plain_excerpt, render
from forum.models import Revision
from forum.rules.kinds import KINDS, Field, clean_fields, fields_of, missing_fields
from forum.rules.steps import carry_keys
from forum.rules.tags import parse_tags

LONGEST_TITLE = 200
LONGEST_BODY = 2_000_000
LONGEST_EXCERPT = 240
# What of a text stands in an excerpt: no code, no tables, no headings.
IN_SENTENCES = ("paragraph", "list_item", "quote")


@dataclass(frozen=True)
class Content:
    """What somebody wrote: rendered, but not yet held against a Space's template."""

    kind: str
    title: str
    body: str
    fields: Mapping[str, Any]
    tags: tuple[str, ...]
    rejected_tags: tuple[str, ...]
    rendered: Rendered
    rendered_fields: Mapping[str, Rendered]


def prepare(
    *, kind: str, title: str, body: str, fields: Mapping[str, Any], tags: str
) -> Content:
    """Clean and render what was typed. Takes its time, so it runs before any query."""
    names, rejected = parse_tags(tags)
    text = clean_text(body)
    return Content(
        kind=kind,
        title=" ".join(clean_text(title).split()),
        body=text,
        fields=fields,
        tags=tuple(names),
        rejected_tags=tuple(rejected),
        rendered=render(text[:LONGEST_BODY]),
        rendered_fields={
            key: render(clean_text(value))
            for key, value in fields.items()
            if isinstance(value, str)
        },
    )


def clean_text(text: str) -> str:
    """Return text with one kind of line end and nothing that a database refuses."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return plain.encode("utf-8", "ignore").decode("utf-8")


def as_typed(revision: Revision) -> Content:
    """Return a revision's words as if somebody had typed them again."""
    return replace(
        prepare(
            kind=revision.kind,
            title=revision.title,
            body=revision.body,
            fields=revision.fields,
            tags="",
        ),
        tags=tuple(revision.tags),
    )


def check(
    content: Content, extra: Sequence[Field], required_tags: Sequence[str]
) -> dict[str, Any]:
    """Return the fields that may be stored; raise Invalid with all that is missing.

    `extra` are the fields the Space adds, `required_tags` those of which it asks one.
    """
    kind = KINDS.get(content.kind)
    if kind is None:
        raise Invalid({"kind": "entry.kind_unknown"})
    problems: dict[str, str] = {}
    params: dict[str, str] = {}
    if not content.title:
        problems["title"] = "entry.title_missing"
    elif len(content.title) > LONGEST_TITLE:
        problems["title"] = "entry.title_too_long"
    if len(content.body) > LONGEST_BODY:
        problems["body"] = "entry.body_too_long"
    elif not content.body.strip():
        problems["body"] = "entry.body_missing"
    clean, wrong = clean_fields(kind, content.fields, extra)
    problems |= {f"field-{key}": problem for key, problem in wrong.items()}
    for key in missing_fields(kind, content.fields, extra):
        problems.setdefault(f"field-{key}", "field.missing")
    if content.rejected_tags:
        problems["tags"] = "entry.tag_not_taken"
        params["tags"] = ", ".join(content.rejected_tags)
    elif required_tags and not set(required_tags) & set(content.tags):
        problems["tags"] = "entry.tags_required"
        params["tags"] = ", ".join(required_tags)
    if problems:
        raise Invalid(problems, **params)
    return clean


def lenient_fields(content: Content, extra: Sequence[Field]) -> dict[str, Any]:
    """Return the fields that may be stored, without asking for the missing ones."""
    return clean_fields(KINDS[content.kind], content.fields, extra)[0]


def revision_columns(
    content: Content,
    fields: Mapping[str, Any],
    extra: Sequence[Field],
    before: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return what a revision stores of these words; reading renders nothing.

    `before` are the sections of the revision so far: their keys are carried to the new
    ones, so that ticks and links to a heading survive its rewording.
    """
    fingerprint = json.dumps(
        [content.kind, content.title, content.body, fields, list(content.tags)],
        sort_keys=True,
        ensure_ascii=False,
    )
    texts = [
        content.rendered_fields[k].text for k in fields if k in content.rendered_fields
    ]
    return {
        "kind": content.kind,
        "title": content.title,
        "body": content.body,
        "fields": dict(fields),
        "tags": list(content.tags),
        "plain_text": "\n\n".join([*texts, content.rendered.text]),
        "sections": sections_of(content, fields, extra, before),
        "blocks": [asdict(block) for block in content.rendered.blocks],
        "headings": [asdict(heading) for heading in content.rendered.headings],
        "links": _links(content),
        "renderer_version": RENDERER_VERSION,
        "digest": hashlib.sha256(fingerprint.encode()).hexdigest(),
    }


def sections_of(
    content: Content,
    fields: Mapping[str, Any],
    extra: Sequence[Field],
    before: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    """Return fields and parts of the text in reading order, as a page shows them."""
    kind = KINDS[content.kind]
    asked = [field for field in fields_of(kind, extra) if field.key in fields]
    parts = content.rendered.sections
    titled = [part for part in parts if part.role != "intro"]
    old = [(s["key"], s["title"]) for s in before if s["role"] in ("step", "section")]
    keys = carry_keys(old, [part.title for part in titled])
    role = "step" if kind.has_steps else "section"
    body = [
        {"key": "", "title": "", "html": part.html, "role": "intro"}
        for part in parts
        if part.role == "intro"
    ] + [
        {"key": key, "title": part.title, "html": part.html, "role": role}
        for key, part in zip(keys, titled, strict=True)
    ]
    ask = {"before": [], "after": []}  # type: dict[str, list[dict[str, Any]]]
    for field in asked:
        ask[field.place].append(_field_section(field, fields[field.key], content))
    return ask["before"] + body + ask["after"]


def _field_section(field: Field, value: Any, content: Content) -> dict[str, Any]:
    rendered = content.rendered_fields.get(field.key)
    return {
        "key": f"field-{field.key}",
        "title": field.label_key,
        "role": "field",
        "type": field.type,
        "value": "" if field.type == "text" else value,
        "html": rendered.html if rendered and field.type == "text" else "",
    }


def _links(content: Content) -> list[dict[str, Any]]:
    everything = [content.rendered, *content.rendered_fields.values()]
    return [asdict(link) for rendered in everything for link in rendered.links]


def excerpt_of(content: Content) -> str:
    """Return the first words of a text, for lists: its problem, goal or beginning."""
    for key in ("problem", "goal", "situation"):
        if content.rendered_fields.get(key) and content.rendered_fields[key].text:
            return plain_excerpt(content.rendered_fields[key].text, LONGEST_EXCERPT)
    said = [b.text for b in content.rendered.blocks if b.kind in IN_SENTENCES]
    return plain_excerpt("\n".join(said) or content.rendered.text, LONGEST_EXCERPT)
