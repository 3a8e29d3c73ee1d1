"""Reads JSON Lines, plain or gzip-compressed, one entry from each line.

Lines are read as a stream, so neither a long file nor one that unpacks without end
fills the memory, and a bad line costs only itself.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from forum.importing.json_records import read_record
from forum.importing.records import LIMITS, Limits, ReasonKey, Record, Refused

_CHUNK = 256 * 1024
_UTF8_MARK = b"\xef\xbb\xbf"


def read_json_lines(
    path: Path, *, name: str = "", limits: Limits = LIMITS
) -> Iterator[Record]:
    """Read every line in order; a second record with the same id is refused."""
    label = name or path.name
    seen: set[str] = set()
    for number, line in _numbered(path, limits):
        place = f"{label}:{number}"
        if not isinstance(line, bytes):
            yield Refused(place, label, line, {"line": number})
            continue
        record = _parse(line, number, label, limits)
        if record is None:
            continue
        if isinstance(record, Refused):
            yield record
        elif record.source_id in seen:
            params = {"line": number}
            yield Refused(record.source_id, label, "duplicate_id", params)
        else:
            seen.add(record.source_id)
            yield record


def count_lines(path: Path, limits: Limits = LIMITS) -> int:
    """How many records a file holds, by its line feeds."""
    return sum(1 for _, line in _numbered(path, limits) if line and line != b"\n")


def _parse(line: bytes, number: int, label: str, limits: Limits) -> Record | None:
    place, params = f"{label}:{number}", {"line": number}
    if number == 1:
        line = line.removeprefix(_UTF8_MARK)
    if not line.strip():
        return None
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Refused(place, label, "not_utf8", params)
    except (ValueError, RecursionError):
        return Refused(place, label, "bad_json", params)
    if not isinstance(found, dict):
        return Refused(place, label, "not_a_record", params)
    return read_record(found, label, number, limits)


def _numbered(path: Path, limits: Limits) -> Iterator[tuple[int, bytes | ReasonKey]]:
    """Lines with their numbers; in the place of one that cannot be had, why."""
    number = 0
    try:
        with _open(path) as file:
            for line in _lines(file, limits):
                number += 1
                yield number, line
                if line == "archive_too_large":
                    return
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield number + 1, "archive_broken"
    except OSError:
        yield number + 1, "unreadable"


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path, "rb")) if packed else path.open("rb")


def _lines(file: BinaryIO, limits: Limits) -> Iterator[bytes | ReasonKey]:
    total = 0
    while line := file.readline(_CHUNK):
        parts, size = [line], len(line)
        while not line.endswith(b"\n") and (line := file.readline(_CHUNK)):
            size += len(line)
            if size <= limits.line_bytes:
                parts.append(line)
            if total + size > limits.unpacked_bytes:
                break
        total += size
        if total > limits.unpacked_bytes:
            yield "archive_too_large"
            return
        yield b"".join(parts) if size <= limits.line_bytes else "line_too_long"
