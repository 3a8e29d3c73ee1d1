"""Tags as people type them, and as the forum keeps them."""

import re
import unicodedata

from forum.rules.slugs import fold

LONGEST_TAG = 40
MOST_TAGS = 12
_SIGNS = frozenset(".+-_#")
# The comma of ASCII, of full width and of Chinese and Japanese lists.
_BETWEEN = re.compile("[,\r\n\uff0c\u3001]+")


def clean_tag(raw: str) -> str | None:
    """The tag in lower case with hyphens for blanks, or None when it cannot be one.

    Letters, marks and digits of any script and ``. + - _ #`` may stand in a tag, so
    ``c++``, ``.net`` and ``c#`` do. A leading ``#`` is how people write tags in a text
    and is not part of the name.
    """
    tag = raw
    before = None
    while tag != before:
        before = tag
        tag = unicodedata.normalize("NFKC", tag).lower()
        # Invisible characters come along with a paste and nobody typed them.
        tag = "".join(c for c in tag if unicodedata.category(c) != "Cf")
        tag = tag.strip().lstrip("#")
        tag = re.sub(r"-{2,}", "-", re.sub(r"\s+", "-", tag)).strip("-")
    if not 0 < len(tag) <= LONGEST_TAG or not any(map(str.isalnum, tag)):
        return None
    if not all(c in _SIGNS or unicodedata.category(c)[0] in "LMN" for c in tag):
        return None
    return tag


def parse_tags(text: str) -> tuple[list[str], list[str]]:
    """Tags typed between commas or line breaks, and what could not be taken.

    The first spelling of a tag wins; tags past the twelfth are handed back as rejected,
    as they were typed.
    """
    tags: dict[str, str] = {}
    rejected: list[str] = []
    for raw in _BETWEEN.split(text):
        if not raw.strip():
            continue
        tag = clean_tag(raw)
        if tag is not None and fold(tag) in tags:
            continue
        if tag is None or len(tags) == MOST_TAGS:
            rejected.append(raw.strip())
        else:
            tags[fold(tag)] = tag
    return list(tags.values()), rejected
