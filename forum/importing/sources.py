"""Reads whatever a path is: JSON Lines, a zip, a Markdown folder, or a mixture.

A folder is a mixture when JSON Lines lie in it, at any depth. In a mixture each
JSON Lines file is read, each direct folder without JSON Lines in it is a Markdown
folder of its own when it holds Markdown, and a Markdown file beside the data is
an entry. A README or licence beside the data speaks about the data and is not
taken; neither is a manifest, nor a folder of other files.
"""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from forum.importing.json_lines import count_lines, read_json_lines
from forum.importing.markdown_folder import (
    is_markdown,
    open_tree,
    read_markdown_file,
    read_markdown_folder,
)
from forum.importing.records import LIMITS, Limits, ReasonKey, Record, Refused
from forum.importing.trees import folder_tree, shown, tree_id

_JSON_LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
_ABOUT = re.compile(r"(?:readme|contributing|changelog|notice)\b", re.I)
_LICENCE = re.compile(r"(?:licen[cs]es?|copying)\b", re.I)


def read(path: Path, *, name: str = "", limits: Limits = LIMITS) -> Iterator[Record]:
    """Read a path; no id comes twice, and nothing that is wrong stops the run.

    `name` is the name that the file or folder had where it came from.
    """
    seen: set[str] = set()
    for record in _read(path, name, limits):
        if not isinstance(record, Refused):
            if record.source_id in seen:
                yield Refused(record.source_id, record.path, "duplicate_id")
                continue
            seen.add(record.source_id)
        yield record


def count(path: Path, *, limits: Limits = LIMITS) -> int:
    """How many records and refusals `read` will give, nearly; for a progress bar."""
    if path.is_dir() and not _is_mixture(path):
        tree = folder_tree(path, limits=limits)
        return len(tree.files) + len(tree.refused)
    if path.is_dir():
        return sum(count(one, limits=limits) for one in _children(path))
    if not path.is_file() or _is_manifest(path.name):
        return 1
    if _is_json_lines(path.name):
        return count_lines(path, limits)
    tree = open_tree(path, limits=limits)
    tree.close()
    return max(1, len(tree.files) + len(tree.refused))


def _read(path: Path, name: str, limits: Limits) -> Iterator[Record]:
    label = shown(name or path.name)
    if path.is_dir():
        if _is_mixture(path):
            return _read_mixture(path, label, limits)
        return read_markdown_folder(path, name=name, limits=limits)
    if path.is_file() and _is_json_lines(label):
        if _is_manifest(label):
            return iter([Refused(label, label, "manifest")])
        return read_json_lines(path, name=label, limits=limits)
    if path.is_file() and is_markdown(label):
        return read_markdown_file(path, name=name, limits=limits)
    stem = label.rpartition(".")[0] if name else ""
    return read_markdown_folder(path, name=stem, limits=limits)


def _read_mixture(path: Path, label: str, limits: Limits) -> Iterator[Record]:
    for one in _children(path):
        name = shown(one.name)
        place = f"{label}/{name}"
        reason = _refusal(one, path)
        if reason:
            yield Refused(tree_id(label, name), place, reason)
        elif one.is_dir() and not _is_mixture(one) and not _holds_markdown(one):
            yield from _report(one, place)
        else:
            yield from _read(one, "", limits)


def _refusal(one: Path, folder: Path) -> ReasonKey | None:
    if one.name.startswith("."):
        return "hidden"
    if one.is_symlink():
        inside = one.resolve().is_relative_to(folder.resolve())
        if one.is_dir() or not inside:
            return "linked_folder" if one.is_dir() else "link_out_of_folder"
    if one.is_dir():
        return None
    if _is_manifest(one.name):
        return "manifest"
    if _LICENCE.match(one.name):
        return "licence_text"
    if _ABOUT.match(one.name):
        return "about_the_data"
    readable = _is_json_lines(one.name) or is_markdown(one.name)
    return None if readable or one.suffix.lower() == ".zip" else "file_not_used"


def _report(folder: Path, place: str) -> Iterator[Record]:
    """Every file of a folder in which there is nothing to read."""
    tree = folder_tree(folder)
    licences = bool(_LICENCE.match(folder.name))
    for file in tree.files:
        reason: ReasonKey = "licence_text" if licences else "file_not_used"
        if _is_manifest(file.name):
            reason = "manifest"
        yield Refused(tree.source_id(file.name), f"{place}/{file.name}", reason)
    yield from tree.refused


def _children(path: Path) -> list[Path]:
    return sorted(path.iterdir(), key=lambda one: shown(one.name))


def _is_json_lines(name: str) -> bool:
    return name.lower().endswith(_JSON_LINES)


def _is_manifest(name: str) -> bool:
    stem = name.lower().removesuffix(".gz").rpartition(".")[0]
    return _is_json_lines(name) and stem.endswith("manifest")


def _is_mixture(path: Path) -> bool:
    return any(_is_json_lines(name) and not _is_manifest(name) for name in _names(path))


def _holds_markdown(path: Path) -> bool:
    return any(map(is_markdown, _names(path)))


def _names(path: Path) -> Iterator[str]:
    tree = folder_tree(path)
    return chain(file.name for file in tree.files)
