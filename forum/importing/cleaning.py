"""Titles, tags, dates and ids brought into the form that the forum keeps."""

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

from forum.importing.encodings import clean
from forum.importing.records import Warning
from forum.rules.tags import clean_tag

TITLE_LENGTH = 200
ID_LENGTH = 400
_ELEMENTS = (
    "a|abbr|applet|audio|b|base|big|blockquote|body|br|button|center|code|dd|del|"
    "details|div|dl|dt|em|embed|font|form|frame|frameset|h[1-6]|head|hr|html|i|iframe|"
    "img|input|ins|kbd|li|link|mark|math|meta|object|ol|option|p|picture|pre|q|s|samp|"
    "script|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|"
    "tbody|td|template|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video|xmp"
)
_HTML = re.compile(rf"</?(?:{_ELEMENTS})(?:[\s/][^<>]*)?>|<!--.*?-->", re.I | re.S)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """A single line without control characters and doubled blanks."""
    return " ".join(_CONTROL.sub(" ", text).split())


def without_html(text: str) -> str:
    """Plain text; only what is HTML goes, so `List<Text>` and `a < b` stay."""
    return one_line(html.unescape(_HTML.sub(" ", text)))


def without_marks(text: str) -> str:
    """The words of a line of Markdown, without links, emphasis and code marks."""
    text = re.sub(
        r"!?\[([^\[\]]{0,500})\](?:\([^()]{0,2000}\)|\[[^\[\]]{0,200}\])?", r"\1", text
    )
    text = re.sub(r"(\*{1,3}|~~)(?=\S)([^*~]{1,1000})(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<!\w)(_{1,3})(?=\S)([^_]{1,1000})(?<=\S)\1(?!\w)", r"\2", text)
    text = re.sub(r"`{1,3}([^`]{1,1000})`{1,3}", r"\1", text)
    text = without_html(text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def folded(text: str) -> str:
    """Two headings are the same when these are equal."""
    words = unicodedata.normalize("NFKC", without_marks(text)).casefold()
    return re.sub(r"[\W_]+", "", words) or words.strip()


def short_title(title: str) -> tuple[str, bool]:
    """A title within the limit, cut between words; says whether it was cut."""
    if len(title) <= TITLE_LENGTH:
        return title, False
    cut = title[: TITLE_LENGTH - 1]
    head, blank, _ = cut.rpartition(" ")
    return (head if blank and len(head) > TITLE_LENGTH // 2 else cut) + "…", True


def clean_tags(found: Iterable[object]) -> tuple[tuple[str, ...], tuple[Warning, ...]]:
    """Tags as the forum keeps them, each once; what cannot be one is dropped."""
    tags: dict[str, None] = {}
    dropped = []
    for item in found:
        tag = clean_tag(clean(item)[0]) if isinstance(item, str) else None
        if tag:
            tags[tag] = None
        elif not isinstance(item, str) or item.strip():
            dropped.append(one_line(str(item))[:60])
    if not dropped:
        return tuple(tags), ()
    names = clean(", ".join(dropped))[0]
    return tuple(tags), (Warning("tags_dropped", {"tags": names}),)


def read_date(value: object) -> datetime | None:
    """A moment in UTC from any ISO form; no zone means UTC, no time midnight.

    Raises ValueError where the value is no date.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError("not a date")
    moment = datetime.fromisoformat(value.strip())
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("not a date") from error


def stable_id(raw: str) -> str:
    """The id under which a record is known again; long ones end in a digest."""
    text = one_line(unicodedata.normalize("NFC", raw))
    if len(text) <= ID_LENGTH:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
    return f"{text[: ID_LENGTH - 40]}~{digest}"


def web_address(value: object) -> str | None:
    """An http(s) address, or nothing: no other scheme is kept."""
    if isinstance(value, str) and re.match(r"https?://[^\s<>\"]+$", value, re.I):
        return value[:2000]
    return None
