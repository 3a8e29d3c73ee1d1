"""Markdown in, safe HTML out: the only user of markdown and bleach.

`render` is pure: the same text gives the same bytes, so a preview equals what is
published. Its HTML never runs anything and never fetches from outside: pictures
come from `/files/` only, everything a person cannot be trusted with is words.

Texts longer than `FORMATTED_CHARACTERS`, and texts whose marks are too tangled to
pair within a fixed amount of work, come out as plain paragraphs (`Rendered.plain`).
"""

from __future__ import annotations

import html as entities
import re
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bleach.sanitizer import Cleaner
from markupsafe import Markup, escape

from forum.markup_extensions import (
    Footnotes,
    ForumExtension,
    ForumMarkdown,
    fence_format,
)
from forum.markup_reader import Block, Heading, Link, Reader
from forum.markup_tree import CODE_CLASSES, State, address, own_file, words

RENDERER_VERSION: int = 1
FORMATTED_CHARACTERS = 150_000

TAGS = words(
    "a abbr b blockquote br cite code del details dfn div em figcaption figure h1 h2 h3"
    " h4 h5 h6 hr i img input ins kbd li mark ol p pre q s samp small span strong sub"
    " summary sup table tbody td th thead tr u ul var"
)
CLASSES = CODE_CLASSES | words(
    "callout callout-note callout-tip callout-important callout-warning callout-caution"
    " callout-title code-block entry-link footnote-backref footnote-ref footnotes"
    " mention table-scroll tag task-item task-list"
)
_VALUES = {
    ("a", "data-entry"): re.compile(r"\d{1,18}"),
    ("a", "data-title"): re.compile(r"[^\n]{1,400}"),
    ("a", "rel"): re.compile("nofollow noopener noreferrer"),
    ("a", "title"): re.compile(r".*", re.DOTALL),
    ("img", "alt"): re.compile(r".*", re.DOTALL),
    ("img", "title"): re.compile(r".*", re.DOTALL),
    ("img", "loading"): re.compile("lazy"),
    ("div", "data-lang"): re.compile(r"[\w#.+-]{1,30}"),
    ("div", "role"): re.compile("note"),
    ("div", "tabindex"): re.compile("0"),
    ("pre", "tabindex"): re.compile("0"),
    ("span", "data-mention"): re.compile(r"[\w.-]{1,64}"),
    ("td", "align"): re.compile("left|center|right"),
    ("th", "align"): re.compile("left|center|right"),
    ("ol", "start"): re.compile(r"\d{1,9}"),
    ("details", "open"): re.compile("|open"),
    ("input", "type"): re.compile("checkbox"),
    ("input", "disabled"): re.compile("|disabled"),
    ("input", "checked"): re.compile("|checked"),
    ("input", "aria-label"): re.compile(r".*", re.DOTALL),
}
_IDS = re.compile(r"s-[\w-]{1,100}|fn-\d+|fnref\d*-\d+")
_UNREADABLE = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]"
)


@dataclass(frozen=True)
class Section:
    """A part of a text: what stands before the first level-2 heading, or under one.

    `key` is the id of the heading ("s-" and its words), or "intro".
    `html` leaves the heading itself out; `title` is plain text.
    """

    key: str
    title: str
    html: str
    role: str


@dataclass(frozen=True)
class Rendered:
    """All that is stored of a rendered text. `text` is the blocks by blank lines."""

    html: str
    text: str
    sections: list[Section] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    plain: bool = False


def render(text: str) -> Rendered:
    """Render Markdown; any str gives a result, none raises."""
    source = _readable(text)
    if len(source) > FORMATTED_CHARACTERS:
        return _as_paragraphs(source)
    engine = _local.engine()
    try:
        return engine.render(source)
    except Exception:
        # Whatever a parser stumbles over (recursion, tangled marks, its own faults),
        # the author's words must still appear; Rendered.plain says what happened.
        # An engine that broke half-way is not used again.
        _local.current = None
        return _as_paragraphs(source)


def trusted(html: str) -> Markup:
    """Declare stored HTML safe for a page: only what `render` made may pass here."""
    return Markup(html)  # noqa: S704


_UNNAMED = re.compile(
    r'(<a class="entry-link" data-entry="(\d+)" href="/entries/\d+">)entry \d+(</a>)'
)


def with_titles(html: str, titles: Mapping[int, str]) -> Markup:
    """Stored HTML with links such as `[[7]]` named by the titles the reader may see.

    A link without a title here keeps its neutral words; a label of the writer stays.
    """

    def name(link: re.Match[str]) -> str:
        title = titles.get(int(link[2]))
        return link[0] if title is None else f"{link[1]}{escape(title)}{link[3]}"

    return Markup(_UNNAMED.sub(name, html))  # noqa: S704


def plain_excerpt(text: str, limit: int = 200) -> str:
    """The first `limit` characters of plain text on one line, cut between words."""
    line = " ".join(text[: limit * 20].split())
    if len(line) <= limit:
        return line
    cut = line[:limit]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut[:-1]).rstrip() + "…"


def _readable(text: str) -> str:
    """Unix line ends, composed letters, and no character that cannot be shown."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    text = text.encode("utf-8", "replace").decode("utf-8") if _odd(text) else text
    text = _UNREADABLE.sub(" ", text.replace("\0", "\ufffd"))
    return text if _piled(text) else unicodedata.normalize("NFC", text)


def _piled(text: str) -> bool:
    """Heaps of accents on one letter take the square of their number to compose."""
    runs = re.finditer("[^\x00-\u02ff]{31,}", text)
    return any(len(list(filter(unicodedata.combining, run[0]))) > 400 for run in runs)


def _odd(text: str) -> bool:
    return re.search("[\ud800-\udfff]", text) is not None


def _as_paragraphs(source: str) -> Rendered:
    parts = [p.strip("\n") for p in re.split(r"\n[ \t]*\n", source) if p.strip()]
    html = "".join(f"<p>{entities.escape(part, quote=False)}</p>" for part in parts)
    blocks = [Block("paragraph", " ".join(part.split())) for part in parts]
    sections = [Section("intro", "", html, "intro")] if html else []
    said = "\n\n".join(block.text for block in blocks)
    return Rendered(html, said, sections, blocks, plain=True)


def _allowed(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return set(value.split()) <= CLASSES
    if name == "id":
        return _IDS.fullmatch(value) is not None
    if (tag, name) == ("a", "href"):
        return address(value) is not None
    if (tag, name) == ("img", "src"):
        return own_file(value)
    rule = _VALUES.get((tag, name))
    return rule is not None and rule.fullmatch(value) is not None


class _Engine:
    """A converter and a cleaner, made once for each thread: making them is slow."""

    def __init__(self) -> None:
        self.reader = Reader()
        self.markdown = ForumMarkdown(
            extensions=[
                "admonition",
                "sane_lists",
                "tables",
                "pymdownx.details",
                "pymdownx.saneheaders",
                "pymdownx.superfences",
                "pymdownx.tilde",
                Footnotes(BACKLINK_TITLE="↩ {}", SEPARATOR="-"),
                ForumExtension(),
            ],
            extension_configs={
                "tables": {"use_align_attribute": True},
                "pymdownx.tilde": {"subscript": False},
                "pymdownx.superfences": {
                    "custom_fences": [
                        {"name": "*", "class": "", "format": fence_format}
                    ]
                },
            },
            output_format="html",
        )
        listen: Any = lambda source: self.reader.listen(source)  # noqa: E731
        self.cleaner = Cleaner(
            tags=TAGS,
            attributes=_allowed,
            protocols={"http", "https", "mailto"},
            filters=[listen],
        )

    def render(self, source: str) -> Rendered:
        """Convert, clean and divide one readable text."""
        state = self.markdown.state = State()
        self.reader = Reader()
        self.markdown.reset()
        html = self.cleaner.clean(
            self.markdown.convert(source).replace("<p></p>", "")
        ).strip()
        reader, self.reader = self.reader, Reader()
        return Rendered(
            html=html,
            text="\n\n".join(block.text for block in reader.blocks),
            sections=_divide(html, state.sections),
            blocks=reader.blocks,
            headings=reader.headings,
            mentions=sorted(reader.mentions - {""}),
            links=reader.links,
        )


def _divide(html: str, titles: list[tuple[str, str]]) -> list[Section]:
    """Cut the HTML at its own level-2 headings; put together again it is equal."""
    sections: list[Section] = []
    current, start = Section("intro", "", "", "intro"), 0
    for key, title in titles:
        mark = f'<h2 id="{key}">'
        found = html.index(mark, start)
        sections.append(replace(current, html=html[start:found]))
        start = html.index("</h2>", found) + len("</h2>")
        current = Section(key, title, "", "section")
    sections.append(replace(current, html=html[start:]))
    return [part for part in sections if part.role != "intro" or part.html]


class _Local(threading.local):
    current: _Engine | None = None

    def engine(self) -> _Engine:
        """This thread's engine."""
        if self.current is None:
            self.current = _Engine()
        return self.current


_local = _Local()
