"""Reads a folder or zip of Markdown files, one entry from each.

Title: front matter, else the first top heading, else the name of the file. Kind:
front matter, else the form of the text. Pictures and other files are taken only
where a text refers to them; everything else is reported.
"""

import posixpath
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from forum.importing import headings, references
from forum.importing.archives import is_zip, zip_tree
from forum.importing.encodings import decode
from forum.importing.front_matter import fenced, split
from forum.importing.metadata import read_metadata
from forum.importing.records import (
    LIMITS,
    EntryRecord,
    Limits,
    Link,
    Picture,
    ReasonKey,
    Record,
    Refused,
    Unreadable,
    Warning,
    WarningKey,
)
from forum.importing.trees import Tree, TreeFile, file_reader, folder_tree, shown

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".avif")
MARKDOWN = (".md", ".markdown")
_NAMED = 5


def read_markdown_folder(
    path: Path, *, name: str = "", limits: Limits = LIMITS
) -> Iterator[Record]:
    """Read every Markdown file in path order, then say what was left out.

    `name` stands for the folder's own name in ids, where the path is a copy.
    """
    tree = open_tree(path, name=name, limits=limits)
    with closing(tree):
        yield from _read(tree, limits)


def read_markdown_file(
    path: Path, *, name: str = "", limits: Limits = LIMITS
) -> Iterator[Record]:
    """Read one Markdown file with the files of its folder that it refers to.

    A copy under a passing name (`name` is the true one) comes without its folder.
    """
    if name:
        size, reader = path.stat().st_size, file_reader(path)
        tree = Tree("", [TreeFile(name, size, reader, path)])
        yield _read_file(tree, tree.files[0], _Surroundings(tree, limits), limits)
        return
    tree = folder_tree(path.parent, limits=limits)
    found = [file for file in tree.files if file.name == shown(path.name)]
    for file in found:
        yield _read_file(tree, file, _Surroundings(tree, limits), limits)
    yield from (one for one in tree.refused if one.path == shown(path.name))


def open_tree(path: Path, *, name: str = "", limits: Limits = LIMITS) -> Tree:
    """List the files of a folder or zip."""
    if path.is_dir():
        return folder_tree(path, name, limits)
    if path.is_file() and is_zip(path):
        return zip_tree(path, name, limits)
    tree = Tree(name or path.name)
    tree.refuse(path.name, "not_importable" if path.exists() else "not_found")
    return tree


def is_markdown(name: str) -> bool:
    """Whether a file name says Markdown, in any case of letters."""
    return name.lower().endswith(MARKDOWN)


def _read(tree: Tree, limits: Limits) -> Iterator[Record]:
    surroundings = _Surroundings(tree, limits)
    seen: set[str] = set()
    for file in tree.files:
        if not is_markdown(file.name):
            continue
        source_id = tree.source_id(file.name)
        if source_id in seen:
            yield Refused(source_id, file.name, "duplicate_id")
            continue
        seen.add(source_id)
        yield _read_file(tree, file, surroundings, limits)
    for file in tree.files:
        if not is_markdown(file.name) and file.name not in surroundings.used:
            picture = file.name.lower().endswith(PICTURES)
            reason: ReasonKey = "picture_not_used" if picture else "file_not_used"
            yield Refused(tree.source_id(file.name), file.name, reason)
    yield from tree.refused


def _read_file(
    tree: Tree, file: TreeFile, surroundings: "_Surroundings", limits: Limits
) -> Record:
    source_id = tree.source_id(file.name)
    try:
        data = file.read(limits.text_bytes)
    except Unreadable as error:
        limit = limits.text_bytes // 1024
        return Refused(source_id, file.name, error.reason, {"kilobytes": limit})
    decoded = decode(data)
    if not decoded.text.strip():
        return Refused(source_id, file.name, "empty")
    front = split(decoded.text)
    said = read_metadata(front.values)
    warnings = [*decoded.warnings, *front.warnings, *said.warnings]
    title = said.title or headings.first_title(front.body)
    if not title:
        title = headings.title_from_name(file.name)
        warnings.append(Warning("title_from_name"))
    body, removed = headings.without_title(front.body, title)
    if not body.strip():
        return Refused(source_id, file.name, "no_body")
    body, shortened = headings.without_long_headings(body)
    kind = said.kind or headings.likely_kind(body)
    kept = front.kept
    if front.values and not said.understood:
        # Perhaps a sentence between two rules: nothing that was written is lost.
        above = decoded.text[: len(decoded.text) - len(front.body)]
        kept = kept or fenced(above.strip("-.+\n "), "")
    if kept:
        body = f"{kept}\n{body}"
    title, body, cut = headings.with_short_title(title, body)
    links, pictures, missing = surroundings.around(body, file.name)
    return EntryRecord(
        source_id=source_id,
        path=file.name,
        kind=kind,
        title=title,
        body_markdown=body,
        origin=tree.name,
        tags=said.tags,
        author=said.author,
        author_url=said.author_url,
        created_at=said.created_at,
        updated_at=said.updated_at,
        lang=said.lang,
        url=said.url,
        licence=said.licence,
        attribution=said.attribution,
        pictures=pictures,
        links=links,
        warnings=(*warnings, *removed, *shortened, *cut, *missing),
    )


class _Surroundings:
    """The other files of the tree, as the links of a text find them."""

    def __init__(self, tree: Tree, limits: Limits) -> None:
        self.tree = tree
        self.limits = limits
        self.used: set[str] = set()
        self.names = {file.name: file for file in tree.files}
        # A folder from a system that ignores case links in any case of letters.
        self.folded = {file.name.casefold(): file for file in reversed(tree.files)}

    def around(
        self, body: str, name: str
    ) -> tuple[tuple[Link, ...], tuple[Picture, ...], tuple[Warning, ...]]:
        """Links to other texts, files to take along, and what is not there."""
        links: list[Link] = []
        pictures: list[Picture] = []
        wrong: dict[WarningKey, list[str]] = {}
        targets = dict.fromkeys(found.target for found in references.find(body))
        for target in filter(references.is_local, targets):
            path, fragment = references.resolve(target, posixpath.dirname(name))
            file = self._find(path) if path else None
            if not path:
                wrong.setdefault("links_outside", []).append(target)
            elif not file and path.lower().endswith(PICTURES):
                wrong.setdefault("pictures_missing", []).append(target)
            elif not file:
                wrong.setdefault("links_missing", []).append(target)
            elif is_markdown(file.name):
                links.append(Link(target, self.tree.source_id(file.name), fragment))
            elif file.size > self.limits.file_bytes:
                self.used.add(file.name)
                wrong.setdefault("files_too_large", []).append(target)
            else:
                pictures.append(self._picture(target, file))
        warnings = tuple(_named(key, targets) for key, targets in wrong.items())
        return tuple(links), tuple(pictures), warnings

    def _find(self, path: str) -> TreeFile | None:
        for name in references.candidates(path):
            if name in self.names:
                return self.names[name]
        for name in references.candidates(path):
            if name.casefold() in self.folded:
                return self.folded[name.casefold()]
        return None

    def _picture(self, target: str, file: TreeFile) -> Picture:
        self.used.add(file.name)
        name, limit = posixpath.basename(file.name), self.limits.file_bytes
        return Picture(target, name, file.size, file.path, lambda: file.read(limit))


def _named(key: WarningKey, targets: list[str]) -> Warning:
    """One warning for all targets of a kind, with the first few by name."""
    names = ", ".join(target[:200] for target in targets[:_NAMED])
    more = ", …" if len(targets) > _NAMED else ""
    return Warning(key, {"count": len(targets), "references": names + more})
