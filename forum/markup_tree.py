"""What becomes of a parsed text: links and pictures checked, callouts and tasks made.

Pure work on an element tree; neither markdown nor bleach is needed here. Nothing
but `forum.markup` and `forum.markup_extensions` may import this module.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

BRACKET_WORK = 3_000_000
HIGHLIGHTED_CHARACTERS = 20_000
NOTE_MARKS = frozenset({"footnote-ref", "footnote-backref"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

CALLOUTS = {
    "note": "note",
    "info": "note",
    "tip": "tip",
    "hint": "tip",
    "success": "tip",
    "important": "important",
    "warning": "warning",
    "attention": "warning",
    "caution": "caution",
    "danger": "caution",
    "error": "caution",
}
# Colours for plain names, punctuation and blanks would only make pages heavier.
UNCOLOURED = frozenset({"", "n", "p", "w", "esc"})
CODE_CLASSES = frozenset(STANDARD_TYPES.values()) - UNCOLOURED

_ENTITY = re.compile(r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_IGNORED_IN_ADDRESS = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)
_NAME = r"(?:[^/\\?#\s\"'<>%]|%(?!2[eEfF]|5[cC]|[01])[0-9a-fA-F]{2})+"
_OWN_FILE = re.compile(rf"/files/\d+(?:/(?!\.\.?(?:/|$)){_NAME})+\Z")
_CALLOUT_MARK = re.compile(r"\s*\[!([A-Za-z]+)\][ \t]*(?:\n|\Z)")
_TASK_MARK = re.compile(r"\s*\[([ xX])\](?:[ \t]+|\Z)")


def words(text: str) -> frozenset[str]:
    """A set of names written as one line."""
    return frozenset(text.split())


class TooTangledError(Exception):
    """The marks of a text cost more work to pair than a text may cost."""


@dataclass
class State:
    """What one rendering has used up and found; begins anew with each text."""

    work: int = 0
    highlighted: int = 0
    details: int = 0
    keys: dict[str, int] = field(default_factory=dict)
    sections: list[tuple[str, str]] = field(default_factory=list)
    footnotes: dict[str, int] = field(default_factory=dict)

    def spend(self, work: int) -> None:
        """Count work; beyond the budget the text is shown as plain paragraphs."""
        self.work += work
        if self.work > BRACKET_WORK:
            raise TooTangledError


def decode(text: str) -> str:
    """Character references as a browser reads them, only where properly ended."""
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def encode(text: str) -> str:
    """The opposite of `decode` for text and attributes of the tree."""
    return text.replace("&", "&amp;")


def address(raw: str) -> tuple[str, bool] | None:
    """Return (address, leads outside), or None where a link must not lead.

    Only http, https, mailto and addresses inside the forum are followed.
    """
    target = _IGNORED_IN_ADDRESS.sub("", decode(raw))
    head = re.split(r"[/?#\\]", target, maxsplit=1)[0]
    if ":" not in head:
        inside = not re.match(r"[/\\]{2}", target)
        return target.replace("\\", "%5C"), not inside
    scheme = head.split(":", 1)[0].lower()
    try:
        urlsplit(target)
    except ValueError:
        return None
    if scheme == "mailto":
        return target, False
    return (target, True) if scheme in {"http", "https"} else None


def own_file(raw: str) -> bool:
    """Pictures are shown from the forum's own files only: /files/12/name.png."""
    return _OWN_FILE.match(decode(raw)) is not None


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


@cache
def _css(token: Any) -> str:
    while token is not None and token not in STANDARD_TYPES:
        token = token.parent
    name = STANDARD_TYPES.get(token, "")
    return "" if name in UNCOLOURED else name


def code_block(code: str, language: str, state: State) -> str:
    """Code as HTML with Pygments' class names; the language is named in data-lang."""
    language = re.sub(r"[^\w#.+-]", "", language.lower())[:30]
    state.highlighted += len(code)
    lexer = None
    if language and state.highlighted <= HIGHLIGHTED_CHARACTERS:
        lexer = _lexer(language)
    inner = (lexer and _coloured(code, lexer)) or html.escape(code, quote=False)
    label = f' data-lang="{html.escape(language)}"' if language else ""
    return (
        f'<div class="code-block"{label}><pre tabindex="0"><code>{inner}\n</code></pre>'
        "</div>"
    )


def _coloured(code: str, lexer: Lexer) -> str | None:
    """Coloured code, or None where the lexer would lose or change a single character.

    Lexers of shell sessions give a last line away that has no line end.
    """
    tokens = [*lexer.get_tokens(f"{code}\n")]
    if "".join(value for _, value in tokens) != f"{code}\n":
        return None
    last, words = tokens[-1]
    tokens[-1] = (last, words.removesuffix("\n"))
    parts = []
    for token, value in tokens:
        name, text = _css(token), html.escape(value, quote=False)
        parts.append(f'<span class="{name}">{text}</span>' if name and text else text)
    return "".join(parts)


def plain(element: Element) -> str:
    """The words of an element on one line, without footnote marks and inner lists.

    Pictures stand as their description.
    """
    parts: list[str] = []

    def gather(node: Element) -> None:
        if node.tag in {"ol", "ul"} or node.get("class") in NOTE_MARKS:
            return
        parts.append(node.get("alt", "") if node.tag == "img" else node.text or "")
        for child in node:
            gather(child)
            parts.append(child.tail or "")

    gather(element)
    return " ".join(decode("".join(parts)).split())


def heading_key(title: str, keys: dict[str, int]) -> str:
    """The id of a heading: "s-" and its words; a second one of a name gets "-2"."""
    slug = re.sub(r"[\W_]+", "-", title.lower()).strip("-")[:80].strip("-")
    key = base = f"s-{slug or 'section'}"
    while key in keys:
        keys[base] += 1
        key = f"{base}-{keys[base]}"
    keys[key] = 1
    return key


def finish(root: Element, state: State) -> None:
    """Turn the tree python-markdown made into the one the forum shows."""
    _visit(root, state, in_link=False)
    for child in list(root):
        if child.tag == "h2":
            title = plain(child)
            tail, key = child.tail, child.get("id", "")
            child.clear()
            child.set("id", key)
            child.text, child.tail = encode(title), tail
            state.sections.append((key, title))


def _visit(parent: Element, state: State, *, in_link: bool) -> None:
    # The cleaner looks each element up among its siblings: the square of their number.
    state.spend(len(parent) ** 2 // 8)
    for child in list(parent):
        linked = in_link or child.tag == "a"
        if len(child):
            _visit(child, state, in_link=linked)
        tag = child.tag
        if tag == "a":
            _check_link(child)
        elif tag == "img":
            _check_image(child, in_link=in_link)
        elif tag == "p":
            _shape_paragraph(parent, child)
        elif tag in HEADINGS:
            _name_heading(child, state)
        elif tag == "li":
            _shape_task(parent, child)
        elif tag == "blockquote":
            _shape_quoted_callout(child)
        elif tag == "th" and not len(child) and not (child.text or "").strip():
            # A corner without words is a cell, not the heading of anything.
            child.tag = "td"
        elif tag == "table":
            _wrap(child, "div", {"class": "table-scroll", "tabindex": "0"})
        elif tag == "pre":
            code = plain_code(child)
            _become(child, "div", {"class": "code-block"})
            pre = SubElement(child, "pre", {"tabindex": "0"})
            SubElement(pre, "code").text = code
        elif tag == "details":
            _keep(child, "open")
        elif tag == "div":
            _shape_div(child)
        elif tag in {"ol", "ul"}:
            _keep(child, "class", "start")


def plain_code(pre: Element) -> str:
    """The text of an indented code block, ending in one line end."""
    return "".join(pre.itertext()).strip("\n") + "\n"


def _keep(element: Element, *names: str) -> None:
    for name in set(element.keys()) - set(names):
        del element.attrib[name]


def _become(element: Element, tag: str, attributes: dict[str, str]) -> None:
    tail = element.tail
    element.clear()
    element.tag, element.tail = tag, tail
    element.attrib.update(attributes)


def _wrap(element: Element, tag: str, attributes: dict[str, str]) -> None:
    inner = Element(element.tag, element.attrib)
    inner.text = element.text
    inner.extend(list(element))
    _become(element, tag, attributes)
    element.append(inner)


def _check_link(link: Element) -> None:
    raw = link.get("href", "")
    if link.get("class") in NOTE_MARKS:
        return
    checked = address(raw)
    if checked is None or not checked[0]:
        _become_words(link, plain(link), decode(raw))
        return
    link.set("href", encode(checked[0]))
    if checked[1]:
        link.set("rel", "nofollow noopener noreferrer")


def _become_words(element: Element, label: str, raw: str) -> None:
    """Say in words where something led that must not be followed."""
    _become(element, "span", {})
    raw = " ".join(raw.split())
    both = f"{label} ({raw})" if label and raw and label != raw else label or raw
    element.text = encode(both)


def _check_image(image: Element, *, in_link: bool) -> None:
    raw, alt = decode(image.get("src", "")), decode(image.get("alt", ""))
    if own_file(raw):
        image.set("loading", "lazy")
        image.set("alt", encode(alt))
        return
    checked = address(raw)
    if in_link:
        _become(image, "span", {})
        image.text = encode(alt or raw)
    elif checked is None or not checked[0]:
        _become_words(image, alt, raw)
    else:
        _become(image, "a", {"href": encode(checked[0])})
        image.text = encode(alt or checked[0])
        if checked[1]:
            image.set("rel", "nofollow noopener noreferrer")


def _shape_paragraph(parent: Element, paragraph: Element) -> None:
    text = (paragraph.text or "").strip()
    if not len(paragraph):
        if not text:
            parent.remove(paragraph)
        return
    only = paragraph[0]
    alone = len(paragraph) == 1 and not text and not (only.tail or "").strip()
    if alone and only.tag == "img" and only.get("title"):
        caption = only.attrib.pop("title")
        only.tail = None
        _wrap_children(paragraph, "figure")
        SubElement(paragraph, "figcaption").text = encode(decode(caption))


def _wrap_children(element: Element, tag: str) -> None:
    element.tag, element.text = tag, None


def _name_heading(heading: Element, state: State) -> None:
    title = plain(heading)
    if not title and heading.find(".//img") is None:
        heading.tag = "p"
        return
    heading.set("id", heading_key(title, state.keys))


def _shape_task(parent: Element, item: Element) -> None:
    holder = item
    if not (item.text or "").strip() and len(item) and item[0].tag == "p":
        holder = item[0]
    mark = _TASK_MARK.match(holder.text or "")
    if mark is None:
        return
    holder.text = (holder.text or "")[mark.end() :]
    name = plain(holder)[:120] or "…"
    box = Element("input", {"type": "checkbox", "disabled": "disabled"})
    if mark[1] != " ":
        box.set("checked", "checked")
    box.set("aria-label", encode(name))
    box.tail, holder.text = " " + holder.text, None
    holder.insert(0, box)
    item.set("class", "task-item")
    parent.set("class", "task-list")


def _callout(element: Element, kind: str) -> None:
    name = CALLOUTS.get(kind.lower(), "note")
    element.tag = "div"
    element.attrib.clear()
    element.set("class", f"callout callout-{name}")
    element.set("role", "note")


def _shape_quoted_callout(quoted: Element) -> None:
    first = quoted[0] if len(quoted) else None
    mark = _CALLOUT_MARK.match(first.text or "") if first is not None else None
    if first is None or mark is None or mark[1].lower() not in CALLOUTS:
        return
    _callout(quoted, mark[1])
    first.text = (first.text or "")[mark.end() :]
    if not first.text.strip() and not len(first):
        quoted.remove(first)
    title = Element("p", {"class": "callout-title"})
    title.text = mark[1].capitalize()
    quoted.insert(0, title)


def _shape_div(box: Element) -> None:
    kind = box.get("class", "")
    if kind.startswith("admonition"):
        _callout(box, (kind.split() + ["", "note"])[1])
        if len(box) and box[0].get("class") == "admonition-title":
            box[0].set("class", "callout-title")
    elif kind == "footnote":
        box.set("class", "footnotes")
