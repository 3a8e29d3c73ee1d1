"""Readable parts of addresses, and the folded form that decides uniqueness."""

import re
import unicodedata

LONGEST_SLUG = 80

# Letters that Unicode does not take apart into a base letter and a mark.
_LATIN = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
        "ŋ": "ng",
    }
)
_SILENT = re.compile(r"['’ʼ`´]")


def slugify(title: str, fallback: str) -> str:
    """The title as a part of an address: at most 80 characters, never empty.

    Latin letters lose their accents. A title with no Latin letter at all keeps its own
    script. Digits alone would read as a number in ``/tips/7-slug`` or ``/spaces/slug``,
    so they follow the fallback, which also stands for a title without letters.
    """
    folded = fold(title)
    plain = _SILENT.sub("", folded).translate(_LATIN)
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    slug = _hyphenate(ascii_only)
    if re.search("[a-z]", slug):
        return slug
    own_script = _hyphenate(folded)
    if any(unicodedata.category(char)[0] == "L" for char in own_script):
        return own_script
    return _shorten(f"{fallback}-{slug}") if slug else fallback


def fold(text: str) -> str:
    """The form under which two spellings of a mail address or tag are the same.

    Case, width and compatibility forms are folded; invisible characters and
    surrounding blanks are dropped.
    """
    before, folded = None, text
    while folded != before:
        before = folded
        folded = unicodedata.normalize("NFKC", folded).casefold()
        folded = "".join(c for c in folded if unicodedata.category(c) != "Cf").strip()
    return folded


def _hyphenate(text: str) -> str:
    words = "".join(c if _in_word(c) else " " for c in text).split()
    return _shorten("-".join(filter(None, map(_without_leading_marks, words))))


def _without_leading_marks(word: str) -> str:
    at = 0
    while at < len(word) and unicodedata.category(word[at])[0] == "M":
        at += 1
    return word[at:]


def _in_word(char: str) -> bool:
    # Marks belong to the word: Thai and Hindi vowels are marks.
    return unicodedata.category(char)[0] in "LMN"


def _shorten(slug: str) -> str:
    if len(slug) <= LONGEST_SLUG:
        return slug
    cut = slug[: LONGEST_SLUG + 1]
    whole_words = cut.rpartition("-")[0]
    # One endless word is cut inside rather than lost.
    return whole_words if len(whole_words) > LONGEST_SLUG // 2 else slug[:LONGEST_SLUG]
