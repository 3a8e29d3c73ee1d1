"""Mail addresses and names as people type them."""

import re
import unicodedata

LONGEST_ADDRESS = 254
LONGEST_NAME = 200

_SEPARATORS = re.compile(r"[\s,;]+")
_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}")
_DOMAIN = re.compile(r"(?!-)[\w-]{1,63}(?<!-)(\.(?!-)[\w-]{1,63}(?<!-))*")
# They turn the direction of all that follows: a name could rewrite its line.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_address(raw: str) -> str | None:
    """The address without blanks around it, or None when mail could not go there.

    One ``@``, a name before it, host names after it. No more is asked: only a mail that
    arrives proves an address.
    """
    address = unicodedata.normalize("NFC", raw).strip()
    local, at, domain = address.rpartition("@")
    if not at or len(address) > LONGEST_ADDRESS or not address.isprintable():
        return None
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        return None
    return address


def parse_addresses(text: str) -> tuple[list[str], list[str]]:
    """Addresses typed on lines or between commas, each once, and what is none."""
    taken: dict[str, str] = {}
    rejected = []
    for raw in filter(None, _SEPARATORS.split(text)):
        address = clean_address(raw)
        if address is None:
            rejected.append(raw)
        else:
            taken.setdefault(address.casefold(), address)
    return list(taken.values()), rejected


def clean_line(raw: str, longest: int = LONGEST_NAME) -> str:
    """A name on one line: no line breaks, no control characters, single blanks."""
    shown = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in unicodedata.normalize("NFC", raw)
        if c not in _TURNING
    )
    return " ".join(shown.split())[:longest]
