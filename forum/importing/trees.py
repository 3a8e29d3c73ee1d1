"""A folder to import, seen as a list of files with safe names.

Nothing outside the folder is ever read: a link is followed only when it is a file
whose real place lies inside.
"""

import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from forum.importing.cleaning import stable_id
from forum.importing.records import (
    LIMITS,
    Limits,
    Params,
    ReasonKey,
    Refused,
    Unreadable,
)


@dataclass(frozen=True)
class TreeFile:
    """One file: its name inside the tree, its size, and a way to its bytes."""

    name: str
    size: int
    reader: Callable[[int], bytes] = field(repr=False)
    path: Path | None = None

    def read(self, limit: int) -> bytes:
        """Fetch the bytes; more than `limit` of them is refused as too large."""
        data = self.reader(limit + 1)
        if len(data) > limit:
            raise Unreadable("too_large")
        return data


@dataclass
class Tree:
    """The files of a folder or archive in a fixed order, and what was left out."""

    name: str
    files: list[TreeFile] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    close: Callable[[], None] = lambda: None
    _noted: set[tuple[str, str]] = field(default_factory=set)

    def source_id(self, name: str) -> str:
        """The id of a file: it does not change with the place of the folder."""
        return tree_id(self.name, name)

    def refuse(
        self, name: str, reason: ReasonKey, params: Params | None = None
    ) -> None:
        """Note that a file is not taken; a hidden folder is noted once."""
        if (name, reason) not in self._noted or reason != "hidden":
            self._noted.add((name, reason))
            refused = Refused(self.source_id(name), name, reason, params or {})
            self.refused.append(refused)

    def sort(self) -> None:
        """Bring files and refusals into the order that every run repeats."""
        self.files.sort(key=lambda file: file.name)
        self.refused.sort(key=lambda refused: (refused.path, refused.reason_key))


def tree_id(tree: str, name: str) -> str:
    """`markdown:`, the folder's name and the path inside it, composed (NFC)."""
    return stable_id(f"markdown:{tree}/{name}" if tree else f"markdown:{name}")


def hidden_part(name: str) -> str | None:
    """The path up to the first hidden folder or file in it, if there is one."""
    parts = name.split("/")
    for number, part in enumerate(parts, 1):
        if part.startswith(".") or part == "__MACOSX":
            return "/".join(parts[:number])
    return None


def folder_tree(root: Path, name: str = "", limits: Limits = LIMITS) -> Tree:
    """Walk a folder on disk."""
    top = root.resolve()
    tree = Tree(shown(name or top.name or "folder"))
    for path in _walk(root, tree, limits):
        _add(tree, root, top, path)
        if len(tree.files) + len(tree.refused) > limits.files:
            tree.files, tree.refused = [], []
            tree.refuse(tree.name, "too_many_files", {"limit": limits.files})
            break
    tree.sort()
    return tree


def shown(name: str) -> str:
    """A file name as text: composed, with unreadable bytes replaced."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))


def _walk(root: Path, tree: Tree, limits: Limits) -> Iterator[Path]:
    for folder, folders, files in os.walk(root, followlinks=False):
        here = Path(folder)
        for name in sorted(folders):
            path = here / name
            inside = shown(path.relative_to(root).as_posix())
            if hidden_part(inside):
                tree.refuse(inside, "hidden")
            elif path.is_symlink():
                tree.refuse(inside, "linked_folder")
            elif inside.count("/") >= limits.depth:
                tree.refuse(inside, "too_deep", {"limit": limits.depth})
            else:
                continue
            folders.remove(name)
        folders.sort()
        yield from (here / name for name in sorted(files))


def _add(tree: Tree, root: Path, top: Path, path: Path) -> None:
    name = shown(path.relative_to(root).as_posix())
    if hidden_part(name):
        tree.refuse(name, "hidden")
        return
    try:
        real = path.resolve(strict=True)
        status = real.stat()
    except (OSError, RuntimeError):
        tree.refuse(name, "unreadable")
        return
    if not real.is_relative_to(top):
        tree.refuse(name, "link_out_of_folder")
    elif not stat.S_ISREG(status.st_mode):
        tree.refuse(name, "not_importable")
    else:
        tree.files.append(TreeFile(name, status.st_size, file_reader(real), real))


def file_reader(path: Path) -> Callable[[int], bytes]:
    """A way to the first bytes of a file, however many are asked for."""

    def read(count: int) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(count)
        except OSError as error:
            raise Unreadable("unreadable") from error

    return read
