"""What a text says: its blocks, headings, links and mentions, read off clean HTML.

The reader listens to the cleaner's tokens, so it knows exactly what a person sees
and costs no second parse. Footnote marks are left out of the words. Nothing but
`forum.markup` may import this module.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from forum.markup_tree import words

_KINDS = {
    "p": "paragraph",
    "li": "list_item",
    "blockquote": "quote",
    "details": "details",
    "figure": "figure",
    "callout": "callout",
    "code-block": "code",
    "table-scroll": "table",
}
_BREAKING = words(
    "blockquote br details div dd dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre"
    " summary table tr ul"
)
_HEADING = re.compile(r"h[1-6]\Z")
_EDGE = "\x1e"


@dataclass(frozen=True)
class Block:
    """One block of the text as a reader sees it; feedback is anchored in these.

    kind: paragraph, heading, list_item, code, table, quote, callout, details,
    figure or footnote.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Heading:
    """A heading that is not inside a quote, list or callout; key is its id."""

    level: int
    key: str
    title: str


@dataclass(frozen=True)
class Link:
    """Where a text leads: kind "entry" (id or title), "tag" or "url"."""

    kind: str
    target: str
    label: str


class Reader:
    """Listens to the cleaned HTML on its way out and notes what it says."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.headings: list[Heading] = []
        self.links: list[Link] = []
        self.mentions: set[str] = set()
        self.depth = self.pre = self.silent = self.notes = 0
        self.kind = ""
        self.opened_at = 0
        self.key = ""
        self.parts: list[str] = []
        self.open_links: list[tuple[dict[str, str], int]] = []

    def listen(self, source: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Pass every token on unchanged."""
        for token in source:
            kind = token["type"]
            if kind in {"Characters", "SpaceCharacters"}:
                self.say(token["data"])
            elif kind == "Entity":
                self.say(entities.unescape(f"&{token['name']};"))
            elif kind == "EndTag":
                self.end(token["name"])
            elif kind in {"StartTag", "EmptyTag"}:
                values = {k[1]: entities.unescape(v) for k, v in token["data"].items()}
                self.start(token["name"], values, empty=kind == "EmptyTag")
            yield token
        self.close()

    def say(self, said: str) -> None:
        """Add words to the block at hand."""
        if not self.silent:
            self.parts.append(said if self.pre else re.sub(r"\s+", " ", said))

    def start(self, tag: str, values: dict[str, str], *, empty: bool) -> None:
        """Note an element that begins."""
        name = values.get("class", "")
        if tag in _BREAKING:
            self.parts.append(_EDGE)
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        if tag == "img":
            self.say(values.get("alt", ""))
        if empty:
            return
        self.depth += 1
        if not self.kind:
            self.open_block(tag, name, values)
        if tag == "pre":
            self.pre = self.depth
        if name in {"footnote-backref", "footnote-ref"} and not self.silent:
            self.silent = self.depth
        elif tag == "a":
            self.open_links.append((values, len(self.parts)))
        if name == "mention":
            self.mentions.add(values.get("data-mention", ""))

    def open_block(self, tag: str, name: str, values: dict[str, str]) -> None:
        """Begin a block, unless the element only holds blocks."""
        if name == "footnotes":
            self.notes = self.depth
        if tag in {"ul", "ol"} or name == "footnotes":
            return
        self.close()
        self.opened_at, self.key = self.depth, values.get("id", "")
        kind = _KINDS.get((name or tag).split()[0]) or _KINDS.get(tag, "paragraph")
        self.kind = "footnote" if self.notes else kind
        if _HEADING.match(tag):
            self.kind = tag

    def end(self, tag: str) -> None:
        """Note an element that ends."""
        if tag == "a" and self.open_links and self.silent != self.depth:
            self.note_link(*self.open_links.pop())
        if self.silent == self.depth:
            self.silent = 0
        if self.pre == self.depth:
            self.pre = 0
        if self.notes == self.depth:
            self.notes = 0
        if tag in _BREAKING:
            self.parts.append(_EDGE)
        if self.kind and self.depth == self.opened_at:
            self.close()
        self.depth -= 1

    def note_link(self, values: dict[str, str], begin: int) -> None:
        """Keep where a link leads and the words it stands on."""
        label = " ".join("".join(self.parts[begin:]).replace(_EDGE, " ").split())
        name, href = values.get("class"), values.get("href", "")
        if name == "entry-link":
            target = values.get("data-entry") or values.get("data-title", "")
            self.links.append(Link("entry", target, label))
        elif name == "tag":
            self.links.append(Link("tag", label.removeprefix("#").lower(), label))
        elif href:
            self.links.append(Link("url", href, label))

    def close(self) -> None:
        """End the block at hand; words outside any block are a paragraph."""
        said = "".join(self.parts)
        self.parts = []
        if self.kind == "code":  # every blank of it counts
            text = said.replace(_EDGE, "\n").strip("\n")
        else:
            flat = said.replace("\n" + _EDGE, _EDGE)
            text = re.sub(rf"(?<! )(?: *+{_EDGE})+ ?", "\n", flat).strip()
        kind, self.kind = self.kind or "paragraph", ""
        if _HEADING.match(kind):
            text = " ".join(text.split())
            if self.depth == 1 and self.key:
                self.headings.append(Heading(int(kind[1]), self.key, text))
            kind = "heading"
        if text:
            self.blocks.append(Block(kind, text))
