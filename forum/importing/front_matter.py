"""Front matter: the lines above a Markdown text that say what it is.

YAML (`---`, closed by `---` or `...`), TOML (`+++`) and JSON (`{`) are read. Words
are taken as they are written: `1.10` stays `1.10` and `no` stays `no`. What cannot
be read is never lost: it stays at the top of the text as a code block.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forum.importing.records import Warning
from forum.importing.yaml_values import Value, YamlError, parse_yaml

MAX_CHARS = 64 * 1024
_TABS = re.compile(r"^\t+|(?<=:)\t+|(?<=-)\t+", re.M)
_KEY = re.compile(r"""(?:[\w"'][^:\n]{0,200}:(?:\s|$)|\{|\#)""")


@dataclass(frozen=True)
class FrontMatter:
    """The values found, the text below them, and raw lines kept as they were."""

    values: Mapping[str, Value]
    body: str
    kept: str = ""
    warnings: tuple[Warning, ...] = field(default=())


def split(text: str) -> FrontMatter:
    """Take the front matter off a text with line feeds as line ends."""
    first = text.partition("\n")[0].rstrip()
    if first == "---":
        return _with_second(_yaml(text))
    if first == "+++":
        return _toml(text)
    if first.startswith("{") and not first.startswith(("{{", "{%")):
        return _json(text)
    return FrontMatter({}, text)


def fenced(raw: str, language: str) -> str:
    """Raw lines as a code block that nothing inside can close."""
    longest = max((len(run) for run in re.findall("`+", raw)), default=0)
    fence = "`" * max(3, longest + 1)
    body = raw.strip("\n")
    return f"{fence}{language}\n{body}\n{fence}\n"


def _with_second(found: FrontMatter) -> FrontMatter:
    """A second block right under the first one is kept, but not obeyed."""
    below = found.body.lstrip("\n")
    if not (found.values and below.startswith("---\n")):
        return found
    second = _yaml(below)
    if not (second.values or second.kept):
        return found
    raw = below[: len(below) - len(second.body)].strip("\n")
    kept = found.kept + fenced(raw.strip("-.\n"), "yaml")
    warnings = (*found.warnings, Warning("front_matter_doubled"))
    return FrontMatter(found.values, second.body, kept, warnings)


def _yaml(text: str) -> FrontMatter:
    lines = text.split("\n")
    close = _closing(lines, ("---", "..."))
    inside = lines[1:close] if close else lines[1:]
    head = next((line for line in inside if line.strip()), "")
    if close == 1:
        return FrontMatter({}, "\n".join(lines[2:]))
    if not _KEY.match(head) or _is_text(inside):
        return FrontMatter({}, text)  # a rule stands at the top, not front matter
    if close:
        raw, body = "\n".join(inside), "\n".join(lines[close + 1 :])
        try:
            return _read_yaml(raw, body)
        except YamlError as error:
            unclosed = _unclosed(lines) if "\n\n" in raw else None
            if unclosed:
                return unclosed
            return FrontMatter({}, body, fenced(raw, "yaml"), (Warning(error.key),))
    found = _unclosed(lines)
    return found or FrontMatter({}, text, "", (Warning("front_matter_unclosed"),))


def _is_text(inside: list[str]) -> bool:
    """Below a rule: a blank line, or a heading with paragraphs (not a comment)."""
    paragraphs = any(not line.strip() for line in inside)
    return not inside[0].strip() or (inside[0].startswith("#") and paragraphs)


def _unclosed(lines: list[str]) -> FrontMatter | None:
    """Without a closing line the block ends at the first blank line or heading."""
    end = next(
        (n for n, line in enumerate(lines) if n and _ends_block(line)), len(lines)
    )
    try:
        found = _read_yaml("\n".join(lines[1:end]), "\n".join(lines[end:]))
    except YamlError:
        return None
    warnings = (Warning("front_matter_unclosed"), *found.warnings)
    return FrontMatter(found.values, found.body, "", warnings)


def _ends_block(line: str) -> bool:
    return not line.strip() or line.startswith("# ")


def _read_yaml(raw: str, body: str) -> FrontMatter:
    warnings: list[Warning] = []
    try:
        values, doubled = parse_yaml(raw)
    except YamlError:
        spaced = _TABS.sub(lambda tabs: "  " * tabs[0].count("\t"), raw)
        if spaced == raw:
            raise
        values, doubled = parse_yaml(spaced)
        warnings.append(Warning("front_matter_tabs"))
    return FrontMatter(values, body, "", (*warnings, *_doubled(doubled)))


def _doubled(keys: Iterable[str]) -> list[Warning]:
    names = ", ".join(dict.fromkeys(keys))
    return [Warning("front_matter_duplicates", {"keys": names})] if names else []


def _toml(text: str) -> FrontMatter:
    lines = text.split("\n")
    close = _closing(lines, ("+++",))
    if not close:
        return FrontMatter({}, text, "", (Warning("front_matter_unclosed"),))
    raw, body = "\n".join(lines[1:close]), "\n".join(lines[close + 1 :])
    try:
        return FrontMatter(_words(tomllib.loads(raw)), body)
    except (ValueError, RecursionError):
        kept = fenced(raw, "toml")
        return FrontMatter({}, body, kept, (Warning("front_matter_bad"),))


def _json(text: str) -> FrontMatter:
    doubled: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in items]
        doubled.extend(name for name in set(names) if names.count(name) > 1)
        return dict(items)

    try:
        decoder = json.JSONDecoder(object_pairs_hook=pairs)
        found, end = decoder.raw_decode(text[:MAX_CHARS])
    except (ValueError, RecursionError):
        warned = text.partition("\n")[0].strip() == "{"
        bad = (Warning("front_matter_bad"),) if warned else ()
        return FrontMatter({}, text, "", bad)
    if text[end : end + 1] not in ("", "\n"):
        return FrontMatter({}, text)  # a sentence that happens to open with a brace
    return FrontMatter(_words(found), text[end:], "", tuple(_doubled(sorted(doubled))))


def _closing(lines: list[str], marks: tuple[str, ...]) -> int | None:
    size = 0
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in marks:
            return number
        size += len(line) + 1
        if size > MAX_CHARS:
            return None
    return None


def _words(found: Mapping[str, Any]) -> dict[str, Value]:
    return {str(key): _word(value) for key, value in found.items()}


def _word(value: Any) -> Value:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _words(value)
    if isinstance(value, list):
        return [_word(item) for item in value]
    return str(value)
