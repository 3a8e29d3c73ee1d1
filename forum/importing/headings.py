"""The headings of a Markdown text: which is the title, and which repeats it."""

import re

from forum.importing.cleaning import folded, one_line, short_title, without_marks
from forum.importing.records import Warning
from forum.importing.references import without_code
from forum.rules.kinds import KINDS, STEPS_OF_A_TUTORIAL

LONG_HEADING = 1_000
TIP_LENGTH = KINDS["tip"].soft_limit or 1_500
_TEMPLATE = re.compile(r"(?:<%[^\n]*%>|\{\{[^\n]*\}\})\s*")


def first_title(body: str) -> str:
    """The words of the first top heading outside of code, or nothing."""
    lines = without_code(body).split("\n")
    shown = body.split("\n")
    for number, line in enumerate(lines):
        level, _ = _atx(line)
        if level == 1:
            return without_marks(_atx(shown[number])[1][:10_000])
        if number and _underlined(line) and lines[number - 1].strip():
            return without_marks(shown[number - 1][:10_000])
    return ""


def without_title(body: str, title: str) -> tuple[str, tuple[Warning, ...]]:
    """Take off the opening heading where it says no more than the title does."""
    lines = body.strip("\n").split("\n")
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    level, text = _atx(lines[start])
    rest = start + 1
    if not level and rest < len(lines) and _underlined(lines[rest]):
        level, text, rest = 1, lines[start].strip(), rest + 1
    below = _from_first_line(lines[rest:])
    if level == 1 and len(text) < 10_000 and folded(text) == folded(title):
        return below, ()
    if level == 1 and _TEMPLATE.fullmatch(text):
        return below, (Warning("template_heading_removed"),)
    return _from_first_line(lines), ()


def without_long_headings(body: str) -> tuple[str, tuple[Warning, ...]]:
    """A heading that swallowed a whole text becomes a paragraph again."""
    seen = without_code(body).split("\n")
    lines, changed = body.split("\n"), 0
    for number, line in enumerate(seen):
        if len(line) > LONG_HEADING and _atx(line)[0]:
            lines[number] = lines[number].lstrip(" #")
            changed += 1
    if not changed:
        return body, ()
    return "\n".join(lines), (Warning("heading_too_long", {"count": changed}),)


def with_short_title(title: str, body: str) -> tuple[str, str, tuple[Warning, ...]]:
    """A title within the limit; the full one is kept as the text's first line."""
    short, cut = short_title(title)
    if not cut:
        return title, body, ()
    return short, f"{title}\n\n{body}", (Warning("title_shortened"),)


def likely_kind(body: str) -> str:
    """Three steps make a tutorial, a short text a tip, anything else a post."""
    steps = sum(1 for line in without_code(body).split("\n") if _atx(line)[0] == 2)
    if steps >= STEPS_OF_A_TUTORIAL:
        return "tutorial"
    return "tip" if len(body) <= TIP_LENGTH else "post"


def title_from_name(name: str) -> str:
    """A title from a path: the file's name, or the folder's for its main page."""
    parts = name.split("/")
    stem = re.sub(r"(?:\.html)?\.(?:md|markdown)$", "", parts[-1], flags=re.I)
    if stem.lower() in ("readme", "index") and len(parts) > 1:
        stem = parts[-2]
    words = one_line(re.sub(r"[-_]+", " ", stem)) or one_line(stem)
    return words[:1].upper() + words[1:]


def _from_first_line(lines: list[str]) -> str:
    start = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    return "\n".join(lines[start:]).rstrip()


def _atx(line: str) -> tuple[int, str]:
    text = line.strip()
    level = len(text) - len(text.lstrip("#"))
    indent = len(line) - len(line.lstrip(" "))
    if (
        not 1 <= level <= 6
        or indent > 3
        or text[level : level + 1] not in ("", " ", "\t")
    ):
        return 0, ""
    words = text[level:].strip()
    bare = words.rstrip("#")
    return level, bare.rstrip() if bare.endswith((" ", "\t")) or not bare else words


def _underlined(line: str) -> bool:
    return set(line.strip()) == {"="} and not line.startswith("    ")
