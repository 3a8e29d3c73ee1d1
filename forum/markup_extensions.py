"""The forum's own Markdown: what python-markdown is taught for `forum.markup`.

Raw HTML is never passed through. A few tags without attributes (`<kbd>`, `<br>`,
`<details>` …) are understood as marks of the language; every other `<` is text.
So no `class`, `id` or handler can come from a person: each one in the tree was
put there by the code below. Nothing but `forum.markup` may import this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote, quote_plus
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown import inlinepatterns as patterns
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx import gemoji_db  # type: ignore[import-untyped]

from forum.markup_tree import State, code_block, decode, encode, finish

INLINE_TAGS = (
    "abbr|b|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|strong|sub|sup|u|var"
)
QUOTE_DEPTH = 12
LIST_DEPTH = 12
LINK_CHARACTERS = 2_000

_FENCE = re.compile(r"^([> ]*?)(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)$")
_ITEM = re.compile(r"^( *)([-*+]|\d{1,9}\.)( +)(?=\S)")
_URL = r"[^\s<>\"'`()\[\]\x02\x03"
_EDGE_LINE = re.compile(r"[> ]*+(?:#{1,6} |[-=*_ ]+$|!!!|\?\?\?)")
_RULE = re.compile(r"^ {0,3}([-*_])(?: *\1){2,} *$")


class ForumMarkdown(Markdown):
    """A Markdown converter with the state of one rendering beside it."""

    state: State


def _state(md: Markdown | None) -> State:
    return cast(ForumMarkdown, md).state


def fence_format(
    source: str, language: str, _class: str, _options: Any, md: Any, **_: Any
) -> str:
    """The format of every fence, as pymdownx.superfences asks for it."""
    return code_block(source.rstrip("\n"), language or "", md.state)


class Habits(Preprocessor):
    """Reads lists, fences and quotes the way people write them elsewhere.

    python-markdown wants four blanks for a nested list and an empty line before
    each list; most Markdown in the world has neither.
    """

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with nested lists moved to multiples of four."""
        out: list[str] = []
        stack: list[tuple[int, int]] = []
        fence, prefix, shift, blank = "", "", 0, True
        for line in lines:
            if fence:
                out.append(" " * shift + line if line and shift > 0 else line[-shift:])
                closing = line.lstrip("> ").rstrip()
                if closing.startswith(fence) and not closing.strip(fence[0]):
                    fence = ""
                continue
            if not line.strip():
                out.append("")
                blank = True
                continue
            indent = len(line) - len(line.lstrip(" "))
            item = None if _RULE.match(line) else _ITEM.match(line)
            if blank or item:
                while stack and indent < min(stack[-1][1], stack[-1][0] + 2):
                    stack.pop()
            depth = len(stack)
            base = min(indent, stack[-1][1]) if stack else 0
            shift = 4 * depth - base
            moved = " " * (4 * depth) + line[base:]
            if item and (stack or indent < 4):
                if not stack and not blank and not _ITEM.match(out[-1]):
                    out.append("")
                if depth < LIST_DEPTH:
                    stack.append((indent, item.end()))
                moved = " " * (4 * depth) + line[indent:]
            elif opened := _FENCE.match(moved):
                prefix, fence = opened[1], opened[2]
                word = re.match(r"\{?\.?([\w#+-][\w#.+-]*)", opened[3])
                moved = opened[1] + fence + (word[1] if word else "")
            elif moved.lstrip(" ").startswith(">"):
                moved = _cap_quotes(moved)
            out.append(moved)
            blank = False
        if fence:
            out.append(prefix + fence)
        self._weigh(out)
        return out

    def _weigh(self, lines: list[str]) -> None:
        """Count headings and rules standing close: each makes a parser start again."""
        edges = size = 0
        for line in [*lines, ""]:
            if line.strip("> "):
                edges += _EDGE_LINE.match(line) is not None
                size += len(line) + 1
            else:
                _state(self.md).spend(edges * size // 20)
                edges = size = 0


def _cap_quotes(line: str) -> str:
    marks = re.match(r"[> ]*", line)
    if marks is None or marks[0].count(">") <= QUOTE_DEPTH:
        return line
    return "> " * QUOTE_DEPTH + line[marks.end() :]


class DetailsTag(BlockProcessor):
    """`<details><summary>…</summary> … </details>` over any number of blocks."""

    OPEN = re.compile(
        r"\A<details( open)?>\s*(?:<summary>((?:(?!</summary>).){1,500})</summary>)?",
        re.DOTALL,
    )
    EDGE = re.compile(r"<(/?)details(?: open)?>")

    def test(self, parent: Element, block: str) -> bool:
        """Only a block that begins with the bare tag."""
        return block.startswith(("<details>", "<details open>"))

    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        """Move everything up to the matching end tag into one details element."""
        state = _state(self.parser.md)
        state.details += 1
        if state.details > 100:
            return False
        text, depth, end = "\n\n".join(blocks), 0, None
        for edge in self.EDGE.finditer(text):
            depth += -1 if edge[1] else 1
            if depth == 0:
                end = edge
                break
        opening = self.OPEN.match(text)
        if end is None or opening is None:
            return False
        details = SubElement(parent, "details", {"open": "open"} if opening[1] else {})
        SubElement(details, "summary").text = (opening[2] or "…").strip()
        self.parser.parseChunk(details, text[opening.end() : end.start()].strip("\n"))
        blocks[:] = [rest] if (rest := text[end.end() :].strip("\n")) else []
        if rest and "\n\n" in rest:
            blocks[:] = rest.split("\n\n")
        return None


class _Bounded(patterns.LinkInlineProcessor):
    """Links whose brackets are looked for nearby only: never the square of a text."""

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802
        """Return the text between brackets, when they close within reach."""
        window, depth = data[index : index + LINK_CHARACTERS], 1
        reach = len(window)
        for found in re.finditer(r"[\[\]]", window):
            depth += 1 if found[0] == "[" else -1
            if depth == 0 or depth > 16:
                reach = found.start()
                break
        _state(self.md).spend(20 + reach // 8)
        return window[:reach], index + reach + 1, depth == 0

    def getLink(self, data: str, index: int) -> Any:  # noqa: N802
        """Return address and title, when the parenthesis closes within reach."""
        end = data.rfind(")", index, index + LINK_CHARACTERS) + 1
        if not end or not data.startswith("(", index):
            return "", None, index, False
        _state(self.md).spend(end - index)
        return super().getLink(data[:end], index)


class _Image(_Bounded, patterns.ImageInlineProcessor):
    pass


class _Reference(_Bounded, patterns.ReferenceInlineProcessor):
    pass


class _ImageReference(_Bounded, patterns.ImageReferenceInlineProcessor):
    pass


class _ShortReference(_Bounded, patterns.ShortReferenceInlineProcessor):
    pass


class _ShortImageReference(_Bounded, patterns.ShortImageReferenceInlineProcessor):
    pass


Made = Element | str | None


class Inline(patterns.InlineProcessor):
    """An inline mark whose element is made by a plain function of the match."""

    def __init__(
        self, pattern: str, md: Markdown, make: Callable[[re.Match[str]], Made]
    ) -> None:
        super().__init__(pattern, md)
        self.make = make

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Made, int | None, int | None]:
        """Return the element and its span; nothing where the function declines."""
        made = self.make(m)
        return (None, None, None) if made is None else (made, m.start(0), m.end(0))


class OutsideLinks(Inline):
    """A mark that is itself a link, so it is not looked for inside one."""

    ANCESTOR_EXCLUDES = ("a",)


def _element(tag: str, text: str, **attributes: str) -> Element:
    made = Element(
        tag, {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items()}
    )
    made.text = AtomicString(encode(text))
    return made


def _entry_link(found: re.Match[str]) -> Made:
    target = decode(found[1]).strip()
    if not target or "\x02" in found[0]:
        return None
    label = decode(found[2] or "").strip()
    if target.isdecimal() and target.isascii():
        number = target.lstrip("0")[:18] or "0"
        return _element(
            "a",
            label or f"entry {number}",
            class_="entry-link",
            data_entry=number,
            href=f"/entries/{number}",
        )
    href = f"/entries/by-title?title={quote_plus(target)}"
    return _element(
        "a", label or target, class_="entry-link", data_title=encode(target), href=href
    )


def _bare_address(found: re.Match[str]) -> Made:
    return _element("a", decode(found[0]), href=found[0])


def _mail_address(found: re.Match[str]) -> Made:
    return _element("a", found[1], href=f"mailto:{found[1]}")


def _mention(found: re.Match[str]) -> Made:
    return _element("span", found[0], class_="mention", data_mention=found[1].lower())


def _tag(found: re.Match[str]) -> Made:
    return _element(
        "a", found[0], class_="tag", href="/tags/" + quote(found[1].lower(), safe="")
    )


def _inline_tag(found: re.Match[str]) -> Made:
    made = Element(found[1])
    made.text = found[2]
    return made


def _line_break(_: re.Match[str]) -> Made:
    return Element("br")


def _nothing(_: re.Match[str]) -> Made:
    return ""


def _literal(found: re.Match[str]) -> Made:
    return found[0]


def _emoji(found: re.Match[str]) -> Made:
    row = gemoji_db.emoji.get(found[0])
    name = found[0] if row else gemoji_db.aliases.get(found[0])
    row = row or gemoji_db.emoji.get(name or "")
    points = (row or {}).get("unicode_alt") or (row or {}).get("unicode")
    return "".join(chr(int(p, 16)) for p in points.split("-")) if points else None


class Footnotes(FootnoteExtension):
    """Footnotes whose ids are numbers, not words a person chose."""

    def makeFootnoteId(self, id: str) -> str:  # noqa: A002, N802
        """Return the id of a note: fn-1, fn-2 …"""
        return f"fn-{self._number(id)}"

    def makeFootnoteRefId(self, id: str, found: bool = False) -> str:  # noqa: A002, N802
        """Return the id of a place that refers to a note: fnref-1, fnref2-1 …"""
        return self.unique_ref(f"fnref-{self._number(id)}", found)

    def unique_ref(self, reference: str, found: bool = False) -> str:
        """Tell places that refer to one note apart; each costs work."""
        if found:
            uses = self.found_refs.get(reference, 0)
            _state(self.md).spend(4 * uses)
        return super().unique_ref(reference, found)

    def _number(self, label: str) -> int:
        numbers = _state(self.md).footnotes
        return numbers.setdefault(label, len(numbers) + 1)


class Finish(Treeprocessor):
    """The last look at the tree, after every mark has become an element."""

    def run(self, root: Element) -> None:
        """Hand the tree to `forum.markup_tree.finish`."""
        finish(root, _state(self.md))


class ForumExtension(Extension):
    """Everything above, put in its place among python-markdown's own parts."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Take raw HTML away and teach the forum's own marks."""
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(Habits(md), "habits", 26)
        md.parser.blockprocessors.register(DetailsTag(md.parser), "details-tag", 95)
        inline = md.inlinePatterns
        for name in ("html", "entity", "automail"):
            inline.deregister(name)
        bounded: list[tuple[type[_Bounded], str, str, int]] = [
            (_Reference, patterns.REFERENCE_RE, "reference", 170),
            (_Bounded, patterns.LINK_RE, "link", 160),
            (_Image, patterns.IMAGE_LINK_RE, "image_link", 150),
            (_ImageReference, patterns.IMAGE_REFERENCE_RE, "image_reference", 140),
            (_ShortReference, patterns.REFERENCE_RE, "short_reference", 130),
            (_ShortImageReference, patterns.IMAGE_REFERENCE_RE, "short_image_ref", 125),
        ]
        for processor, pattern, name, priority in bounded:
            inline.register(processor(pattern, md), name, priority)
        tag = rf"<({INLINE_TAGS})>((?:[^<]|<(?!/\1>)){{1,500}})</\1>"
        inside, last = _URL + "]", _URL + r".,;:!?*_~{}]"
        title = r"([^\[\]|\n]{1,200})"
        marks: list[tuple[str, type[Inline], Callable[[re.Match[str]], Made], int]] = [
            (r"([*_~])\1{7,}", Inline, _literal, 185),
            (rf"\[\[{title}(?:\|{title})?\]\]", OutsideLinks, _entry_link, 176),
            (
                rf"https?://(?:{inside}|\({inside}*\)){{0,1999}}(?:{last}|\({inside}*\))/?",
                OutsideLinks,
                _bare_address,
                118,
            ),
            (
                r"<([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})>",
                OutsideLinks,
                _mail_address,
                116,
            ),
            (r"<!--(?:(?!-->).){0,2000}-->", Inline, _nothing, 114),
            (r"<br ?/?>", Inline, _line_break, 112),
            (tag, Inline, _inline_tag, 110),
            (
                r"(?<![\w@./+\-\x03])@([^\W\d_](?:[\w.-]{0,62}\w)?)(?![\w/@])",
                OutsideLinks,
                _mention,
                88,
            ),
            (
                r"(?<![\w&#/\x03])#([^\W\d_][\w-]{0,49})(?![\w#])",
                OutsideLinks,
                _tag,
                86,
            ),
            (r":[a-z0-9_+-]{1,50}:", Inline, _emoji, 84),
        ]
        for number, (pattern, kind, make, priority) in enumerate(marks):
            inline.register(kind(pattern, md, make), f"forum-{number}", priority)
        md.treeprocessors.deregister("prettify")
        md.treeprocessors.register(Finish(md), "finish", -10)
