"""Where a Markdown text refers to files: found, resolved and rewritten.

Code is never searched: a link shown in a code block is an example, not a link.
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

_MAX_TARGET = 2_000
_INLINE_CODE = re.compile(r"(?<!`)(`{1,5})(?!`)[^\n]*?(?<!`)\1(?!`)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)[^\]\n]{1,500}\]:[ \t]*(?:<([^<>\n]*)>|([^\s<]\S*))", re.M
)
_ELEMENT = re.compile(
    r"<(?:img|a)\s[^<>]{0,1000}?\b(?:src|href)\s{0,9}=\s{0,9}(?:\"([^\"\n]*)\"|'([^'\n]*)')",
    re.I,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_PAGES = ("README.md", "index.md", "index.html.md", "readme.md")


@dataclass(frozen=True)
class Reference:
    """The target of one link or image, and where in the text it stands."""

    start: int
    end: int
    target: str


def without_code(text: str) -> str:
    """The text with everything inside code blanked, each place kept."""
    lines, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            closes = (
                mark and mark[1].startswith(fence) and not line[mark.end() :].strip()
            )
            lines.append(" " * len(line))
            fence = "" if closes else fence
        elif mark and not (mark[1][0] == "`" and "`" in line[mark.end() :]):
            fence = mark[1]
            lines.append(" " * len(line))
        else:
            lines.append(_INLINE_CODE.sub(lambda m: " " * len(m[0]), line))
    return "\n".join(lines)


def find(text: str) -> list[Reference]:
    """Every target of a link, image or definition, in the order of the text."""
    seen = without_code(text)
    found = list(_inline(seen))
    for pattern in (_DEFINITION, _ELEMENT):
        for match in pattern.finditer(seen):
            group = 1 if match[1] is not None else 2
            found.append(Reference(*match.span(group), match[group]))
    return sorted(found, key=lambda reference: reference.start)


def rewrite(text: str, addresses: Mapping[str, str]) -> str:
    """Put new addresses in the place of targets, outside of code only."""
    parts, last = [], 0
    for reference in find(text):
        address = addresses.get(reference.target)
        if address is not None and reference.start >= last:
            parts += [text[last : reference.start], address]
            last = reference.end
    return "".join([*parts, text[last:]])


def is_local(target: str) -> bool:
    """Whether a target names a file beside the text, not a place on the web."""
    return bool(target) and not (
        target.startswith(("#", "//")) or _SCHEME.match(target)
    )


def resolve(target: str, folder: str) -> tuple[str | None, str]:
    """Path inside the import, and the fragment; no path when it leads outside.

    `folder` is the folder of the text; `/…` counts from the top of the import.
    """
    path, _, fragment = target.partition("#")
    path = unquote(path.partition("?")[0]).replace("\\", "/")
    joined = path.lstrip("/") if path.startswith("/") else f"{folder}/{path}"
    clean = posixpath.normpath(joined.lstrip("/") or ".")
    if clean == ".." or clean.startswith("../") or "\0" in clean:
        return None, fragment
    return unicodedata.normalize("NFC", clean), fragment


def candidates(path: str) -> Iterator[str]:
    """The names that a path may stand for: itself, a folder's page, a page."""
    yield path
    prefix = "" if path == "." else f"{path}/"
    for page in _PAGES:
        yield prefix + page
    stem = path.removesuffix(".html")
    yield from (f"{path}.md", f"{stem}.md", f"{stem}.html.md", f"{path}.markdown")


def _inline(seen: str) -> Iterator[Reference]:
    at = seen.find("](")
    while at >= 0:
        found = _target(seen, at + 2)
        if found:
            yield found
        at = seen.find("](", at + 2)


def _target(seen: str, start: int) -> Reference | None:
    # No target holds the start of another one: so every letter is looked at once.
    following = seen.find("](", start, start + _MAX_TARGET)
    window = seen[start : following if following >= 0 else start + _MAX_TARGET]
    skipped = len(window) - len(window.lstrip(" \t"))
    if window[skipped : skipped + 1] == "<":
        match = re.match(r"<([^<>\n]*)>", window[skipped:])
        if not match:
            return None
        begin = start + skipped + 1
        return Reference(begin, begin + len(match[1]), match[1])
    depth = 0
    for offset, letter in enumerate(window[skipped:], skipped):
        if letter == "(":
            depth += 1
        if letter.isspace() or (letter == ")" and depth == 0):
            begin, end = start + skipped, start + offset
            return Reference(begin, end, seen[begin:end]) if end > begin else None
        if letter == ")":
            depth -= 1
    return None
