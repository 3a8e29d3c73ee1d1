"""Bytes to text, without losing any: which encoding a file was written in.

The order: a byte-order mark decides; then UTF-16 without a mark (every second
byte is NUL); then UTF-8; then, if most of what is not ASCII is valid UTF-8, broken
UTF-8; then Shift-JIS where it gives Japanese; then the Western encodings.
"""

import codecs
import re
from dataclasses import dataclass

from forum.importing.records import Warning

# Longest first: the UTF-32 mark opens with the UTF-16 one.
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_JAPANESE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Decoded:
    """Text with line feeds only, and what had to be changed to get it."""

    text: str
    encoding: str
    warnings: tuple[Warning, ...]


def decode(data: bytes) -> Decoded:
    """Read bytes of unknown encoding; something readable always comes out."""
    text, encoding, broken = _decode(data)
    warnings = []
    if encoding != "utf-8":
        warnings.append(Warning("encoding_converted", {"encoding": encoding}))
    if broken:
        warnings.append(Warning("bytes_replaced", {"count": text.count("\ufffd")}))
    marks = len(text) - len(text.lstrip("\ufeff"))
    if marks:
        warnings.append(Warning("marks_removed", {"count": marks}))
    text, more = clean(text[marks:])
    return Decoded(text, encoding, (*warnings, *more))


def clean(text: str) -> tuple[str, tuple[Warning, ...]]:
    """Text that any database and page can hold: no NUL, one kind of line end.

    CRLF is a habit of a platform and passes silently; CR alone or a mixture is
    reported.
    """
    warnings = []
    if "\0" in text:
        warnings.append(Warning("nul_removed", {"count": text.count("\0")}))
        text = text.replace("\0", "")
    if "\r" in text:
        pairs = text.count("\r\n")
        if pairs != text.count("\r") or pairs != text.count("\n"):
            warnings.append(Warning("line_ends_changed"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SURROGATE.search(text):
        # Halves of a pair may stand side by side in JSON; only lone ones are lost.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        warnings.append(Warning("surrogates_replaced"))
    return text, tuple(warnings)


def _decode(data: bytes) -> tuple[str, str, bool]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _bent(data[len(mark) :], encoding)
    wide = _wide(data)
    if wide:
        return _bent(data, wide)
    try:
        return data.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        pass  # not UTF-8, or damaged: the bytes themselves decide below
    good = _SEQUENCE.findall(data)
    bad = len(_NOT_ASCII.findall(data)) - sum(map(len, good))
    if len(good) >= bad:
        return data.decode("utf-8", "replace"), "utf-8", True
    japanese = _shift_jis(data)
    if japanese is not None:
        return japanese, "shift_jis", False
    if re.search(rb"[\x80-\x9f]", data):
        return _bent(data, "windows-1252")
    return data.decode("iso-8859-1"), "iso-8859-1", False


def _bent(data: bytes, encoding: str) -> tuple[str, str, bool]:
    try:
        return data.decode(encoding), encoding, False
    except UnicodeDecodeError:
        return data.decode(encoding, "replace"), encoding, True


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: the NUL bytes lie on one side only."""
    half = len(data) // 2
    even, odd = data[::2].count(0), data[1::2].count(0)
    if half < 2 or max(even, odd) < 0.3 * half or min(even, odd) > 0.02 * half:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _shift_jis(data: bytes) -> str | None:
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return None
    foreign = sum(1 for letter in text if ord(letter) > 127)
    japanese = len(_JAPANESE.findall(text))
    return text if _KANA.search(text) and japanese >= 0.9 * foreign else None
