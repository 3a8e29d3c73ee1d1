"""A zip to import, seen as a list of files; nothing of it is written to disk.

Refused as a whole: what is no zip, holds too many files or unpacks to too much.
Refused one by one: names that lead out of the archive, links, encrypted files,
files that shrink suspiciously well, and the second file of the same name.
"""

import lzma
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from forum.importing.records import LIMITS, Limits, ReasonKey, Unreadable
from forum.importing.trees import Tree, TreeFile, hidden_part, shown

_END = b"PK\x05\x06"
_DIRECTORY_BYTES_PER_FILE = 400
_SUSPICIOUS_FROM = 1024**2
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    OSError,
)


def zip_tree(path: Path, name: str = "", limits: Limits = LIMITS) -> Tree:
    """Look into a zip. One folder at its top is the folder that was packed."""
    label = shown(name or path.stem)
    tree = Tree(label)
    try:
        if _directory_size(path) > limits.files * _DIRECTORY_BYTES_PER_FILE:
            tree.refuse(path.name, "too_many_files", {"limit": limits.files})
            return tree
        archive = zipfile.ZipFile(path)
    except _BROKEN:
        tree.refuse(path.name, "archive_broken")
        return tree
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) > limits.files:
        tree.refuse(path.name, "too_many_files", {"limit": limits.files})
    elif sum(info.file_size for info in members) > limits.unpacked_bytes:
        limit = limits.unpacked_bytes // 1024**2
        tree.refuse(path.name, "archive_too_large", {"megabytes": limit})
    else:
        _fill(tree, _Reader(path, archive), members, limits)
        tree.sort()
        return tree
    archive.close()
    return tree


def is_zip(path: Path) -> bool:
    """Whether a file is meant as a zip, by its name or its first bytes."""
    if path.suffix.lower() == ".zip":
        return True
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", _END)


class _Reader:
    """Keeps the archive open while it is read, and opens it again afterwards."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self.archive: zipfile.ZipFile | None = archive

    def close(self) -> None:
        if self.archive:
            self.archive.close()
        self.archive = None

    def reader(self, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
        def read(count: int) -> bytes:
            try:
                if self.archive:
                    with self.archive.open(info) as file:
                        return file.read(count)
                with zipfile.ZipFile(self.path) as again, again.open(info) as file:
                    return file.read(count)
            except _BROKEN as error:
                raise Unreadable("archive_broken") from error

        return read


def _fill(
    tree: Tree, reader: _Reader, members: list[zipfile.ZipInfo], limits: Limits
) -> None:
    tree.close = reader.close
    names = [_name(info) for info in members]
    top = _single_top(names)
    if top:
        tree.name = top
    seen: set[str] = set()
    for info, full in zip(members, names, strict=True):
        name = full.removeprefix(f"{top}/") if top else full
        reason = _refusal(info, full, limits)
        if not reason and hidden_part(name):
            tree.refuse(hidden_part(name) or name, "hidden")
        elif not reason and name in seen:
            tree.refuse(name, "duplicate_id")
        elif reason:
            tree.refuse(name, reason)
        else:
            seen.add(name)
            tree.files.append(TreeFile(name, info.file_size, reader.reader(info)))


def _refusal(info: zipfile.ZipInfo, name: str, limits: Limits) -> ReasonKey | None:
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name):
        return "name_unsafe"
    if len(parts) > limits.depth:
        return "too_deep"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "link_out_of_folder"
    if info.flag_bits & 0x1:
        return "encrypted"
    packed = max(1, info.compress_size)
    if info.file_size > _SUSPICIOUS_FROM and info.file_size / packed > limits.ratio:
        return "compressed_too_much"
    return None


def _name(info: zipfile.ZipInfo) -> str:
    """The name as meant: many programs write UTF-8 without saying so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _single_top(names: list[str]) -> str:
    tops = {
        name.partition("/")[0] for name in names if not name.startswith("__MACOSX/")
    }
    top = tops.pop() if len(tops) == 1 else ""
    usable = top not in ("", ".", "..") and all("/" in name for name in names)
    return top if usable and not top.startswith(".") else ""


def _directory_size(path: Path) -> int:
    """How many bytes the list of files takes, before anything is made of it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 16:
        raise zipfile.BadZipFile(path.name)
    return int.from_bytes(tail[at + 12 : at + 16], "little")
