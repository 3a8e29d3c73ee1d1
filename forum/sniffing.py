"""What a file truly is, read from its bytes; its name only picks among equals.

Everything that is not a picture is handed out as a download, never shown inside the
forum's pages. Markup that a browser would run (SVG, HTML, XML) moreover gets the type
``application/octet-stream``, so that no mistake in a header can bring it to life.
Programs are refused; bytes nobody knows are kept as ``.bin``.
"""

import io
import re
import zipfile
from collections.abc import Mapping

import puremagic

OCTETS = "application/octet-stream"
# Which markup a text is that begins with "<".
_MARKUP = {
    "svg": re.compile(rb"<svg[\s>/]", re.I),
    "html": re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe)\b", re.I),
    "xml": re.compile(rb"^<(\?xml|!doctype|!entity)\b", re.I),
}
_MARKUP_ENDINGS = re.compile("svgz?|[xs]?html?|xml|xslt?|xsd|mht|mhtml|rss|atom|drawio")
# Text files keep these endings; every other one becomes .txt, above all those that
# run on a double click (.bat, .js, .hta …).
_TEXT_ENDINGS = re.compile(
    "txt|md|rst|csv|tsv|log|json|jsonl|yaml|yml|toml|ini|cfg|conf|env|diff|patch|sql|"
    "py|rb|go|rs|java|kt|c|h|cpp|hpp|cs|css|ts|tsx|tex|bib|sh|tf|graphql|proto|ics|"
    "puml|mmd"
)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\0asm",
    b"dex\n",
    b"!<arch>\ndebian",
    b"\xed\xab\xee\xdb",
    b"L\0\0\0\x01\x14\x02\0",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WINDOWS_INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
_OLE_TYPES = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
    "vsd": "application/vnd.visio",
}
_OOXML = "application/vnd.openxmlformats-officedocument."
_OOXML_TYPES = {
    "word/": ("docx", f"{_OOXML}wordprocessingml.document"),
    "xl/": ("xlsx", f"{_OOXML}spreadsheetml.sheet"),
    "ppt/": ("pptx", f"{_OOXML}presentationml.presentation"),
}
_PACKED_TYPES = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.graphics": "odg",
    "application/epub+zip": "epub",
}
_KNOWN_TYPES = {
    "gz": "application/gzip",
    "tar": "application/x-tar",
    "7z": "application/x-7z-compressed",
    "xz": "application/x-xz",
    "zst": "application/zstd",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "avif": "image/avif",
}


class RefusedFile(Exception):
    """The forum does not keep this file; key and params say why."""

    def __init__(self, key: str, **params: int | str) -> None:
        super().__init__(key, params)
        self.key = key
        self.params: Mapping[str, int | str] = params


def sniff(data: bytes, name: str) -> tuple[str, str]:
    """(media type, extension) of a file that is no picture; programs are refused."""
    if not data:
        raise RefusedFile("file.empty")
    if data.startswith(_PROGRAMS):
        raise RefusedFile("file.program")
    ending = ending_of(name)
    if data.startswith(b"%PDF-"):
        return "application/pdf", "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(data)
    if data.startswith(_OLE):
        if _WINDOWS_INSTALLER in data:
            raise RefusedFile("file.program")
        return _OLE_TYPES.get(ending, OCTETS), ending if ending in _OLE_TYPES else "bin"
    if _is_text(data):
        return _text(data, ending)
    return _by_signature(data, ending)


def ending_of(name: str) -> str:
    """What stands after the last dot, in lower case; empty when nothing does."""
    stem, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot and stem else ""


def _text(data: bytes, ending: str) -> tuple[str, str]:
    # UTF-16 puts a zero beside each letter.
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\f")
    if head.startswith(b"<"):
        for extension, pattern in _MARKUP.items():
            if pattern.search(head):
                return OCTETS, "drawio" if ending == "drawio" else extension
    if _MARKUP_ENDINGS.fullmatch(ending):
        return OCTETS, ending
    return "text/plain", ending if _TEXT_ENDINGS.fullmatch(ending) else "txt"


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError:
            return False
    # Tab, line ends, form feed and the escape of coloured logs are no sign of binary.
    return not re.search(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]", data)


def _packed(data: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            media_type = ""
            if names[:1] == ["mimetype"]:
                with archive.open("mimetype") as inner:
                    media_type = inner.read(100).decode("ascii", "replace").strip()
    except Exception as error:  # zipfile raises whatever broken bytes lead it to.
        raise RefusedFile("file.broken") from error
    if media_type in _PACKED_TYPES:
        return media_type, _PACKED_TYPES[media_type]
    if "[Content_Types].xml" in names:
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise RefusedFile("file.macros")
        for folder, (extension, media_type) in _OOXML_TYPES.items():
            if any(name.startswith(folder) for name in names):
                return media_type, extension
    return "application/zip", "zip"


def _by_signature(data: bytes, ending: str) -> tuple[str, str]:
    try:
        guesses = puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        return OCTETS, "bin"
    extensions = [guess.extension.lstrip(".").lower() for guess in guesses]
    known = [extension for extension in extensions if extension in _KNOWN_TYPES]
    if not known:
        return OCTETS, "bin"
    extension = ending if ending in known else known[0]
    return _KNOWN_TYPES[extension], extension
