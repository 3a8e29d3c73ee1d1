"""The one place where files are kept: by what is in them, not by what they are called.

A file lives at ``root/ab/cdef…``, the SHA-256 of its bytes. Two people who attach the
same picture share one file, so whoever deletes must know that nobody else needs it.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = "unfinished"


class TooLarge(Exception):
    """The file is larger than may be kept; ``limit`` is in bytes."""

    key = "file.too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(self.key, limit)
        self.params: Mapping[str, int] = {"limit": limit}


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store now holds."""

    digest: str
    size: int


class FileStore:
    """A folder of files that never change once they are there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Keep the stream's bytes: all of them, safely on disk, or none.

        Raises TooLarge as soon as more than ``limit`` bytes came.
        """
        # Beside its place, because a rename is whole only inside one file system.
        waiting_room = self.root / _UNFINISHED
        waiting_room.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=waiting_room)
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                stored = _copy(stream, target, limit)
                target.flush()
                os.fsync(target.fileno())
            place = self._path(stored.digest)
            is_new_folder = not place.parent.exists()
            place.parent.mkdir(exist_ok=True)
            # Also over an equal file: that mends one that a full disk cut short.
            unfinished.replace(place)
        finally:
            unfinished.unlink(missing_ok=True)
        _sync_folder(place.parent)
        if is_new_folder:
            _sync_folder(self.root)
        return stored

    def open(self, digest: str) -> BinaryIO:
        """The file's bytes; FileNotFoundError when it is not here."""
        return self._path(digest).open("rb")

    def exists(self, digest: str) -> bool:
        """Whether that file is here."""
        return self._path(digest).is_file()

    def delete(self, digest: str) -> bool:
        """Remove the file; whether it was there."""
        try:
            self._path(digest).unlink()
        except FileNotFoundError:
            return False
        return True

    def digests(self) -> Iterator[str]:
        """Every file that is here, in the order of their digests."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for file in sorted(folder.iterdir()):
                if _DIGEST.fullmatch(folder.name + file.name):
                    yield folder.name + file.name

    def sweep(self, before: float) -> int:
        """Remove what a killed process left half written before that timestamp."""
        removed = 0
        for file in (self.root / _UNFINISHED).glob("*"):
            try:
                if file.stat().st_mtime < before:
                    file.unlink()
                    removed += 1
            except FileNotFoundError:
                continue  # Finished or swept by another process in the meantime.
        return removed

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"not the digest of a file: {digest!r}")
        return self.root / digest[:2] / digest[2:]


def _copy(stream: BinaryIO, target: BinaryIO, limit: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit)
        digest.update(chunk)
        target.write(chunk)
    return Stored(digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
