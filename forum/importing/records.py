"""What a reader hands on: entries to be written, and files that were refused.

Readers know nothing of the database. They answer with these values, and with
message keys and parameters for everything a person should be told.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

Params = Mapping[str, str | int]

ReasonKey = Literal[
    "about_the_data",
    "archive_broken",
    "archive_too_large",
    "bad_json",
    "body_missing",
    "compressed_too_much",
    "duplicate_id",
    "edited_here",
    "empty",
    "encrypted",
    "file_not_used",
    "hidden",
    "kind_not_imported",
    "licence_text",
    "line_too_long",
    "link_out_of_folder",
    "linked_folder",
    "manifest",
    "name_unsafe",
    "no_body",
    "not_a_record",
    "not_found",
    "not_importable",
    "not_utf8",
    "picture_not_used",
    "title_missing",
    "too_deep",
    "too_large",
    "too_many_files",
    "unexpected",
    "unreadable",
    "wrong_type",
]

WarningKey = Literal[
    "bytes_replaced",
    "comments_dropped",
    "comments_flattened",
    "date_unreadable",
    "encoding_converted",
    "files_too_large",
    "front_matter_aliases",
    "front_matter_bad",
    "front_matter_doubled",
    "front_matter_duplicates",
    "front_matter_tabs",
    "front_matter_tag",
    "front_matter_unclosed",
    "front_matter_unused",
    "heading_too_long",
    "id_made",
    "kind_unknown",
    "line_ends_changed",
    "links_missing",
    "links_outside",
    "marks_removed",
    "nul_removed",
    "payload_as_text",
    "pictures_missing",
    "picture_refused",
    "surrogates_replaced",
    "tags_dropped",
    "template_heading_removed",
    "title_from_name",
    "title_markup_removed",
    "title_shortened",
    "value_ignored",
    "was_draft",
]


@dataclass(frozen=True)
class Limits:
    """How much one import may ask of the machine."""

    text_bytes: int = 2 * 1024**2
    line_bytes: int = 4 * 1024**2
    file_bytes: int = 20 * 1024**2
    unpacked_bytes: int = 1024**3
    files: int = 20_000
    depth: int = 40
    ratio: int = 200


LIMITS = Limits()


class Unreadable(OSError):
    """A file was seen, but its bytes cannot be had; `reason` says why."""

    def __init__(self, reason: ReasonKey) -> None:
        super().__init__(reason)
        self.reason: ReasonKey = reason


@dataclass(frozen=True)
class Warning:
    """Something in a record was changed or left out while it was read."""

    key: WarningKey
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """A file or line that is not taken, and the reason for it."""

    source_id: str
    path: str
    reason_key: ReasonKey
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """An image or other file that the text refers to.

    `reference` stands in the Markdown as written; `open` fetches the bytes only
    when they are wanted, and raises `Unreadable` where they cannot be had.
    """

    reference: str
    name: str
    size: int
    path: Path | None = field(repr=False, compare=False)
    loader: Callable[[], bytes] = field(repr=False, compare=False)

    def open(self) -> bytes:
        """Fetch the bytes of the file."""
        return self.loader()


@dataclass(frozen=True)
class Link:
    """A relative link to another file of the same import."""

    reference: str
    source_id: str
    fragment: str = ""


@dataclass(frozen=True)
class CommentRecord:
    """An answer or comment; only answers and top comments carry replies."""

    source_id: str
    kind: Literal["answer", "comment"]
    body: str
    author: str | None
    author_origin: str
    author_url: str | None
    created_at: datetime | None
    updated_at: datetime | None
    score: int | None
    accepted: bool
    licence: str | None = None
    url: str | None = None
    replies: tuple["CommentRecord", ...] = ()


@dataclass(frozen=True)
class EntryRecord:
    """One entry as it was read, with everything that comes along with it."""

    source_id: str
    path: str
    kind: str
    title: str
    body_markdown: str
    origin: str
    tags: tuple[str, ...] = ()
    author: str | None = None
    author_url: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    lang: str | None = None
    url: str | None = None
    licence: str | None = None
    attribution: str | None = None
    score: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    replies: tuple[CommentRecord, ...] = ()
    pictures: tuple[Picture, ...] = ()
    links: tuple[Link, ...] = ()
    warnings: tuple[Warning, ...] = ()

    @property
    def digest(self) -> str:
        """Same digest, same content: a second import leaves the entry untouched.

        Where the file lay and what was warned about do not count.
        """
        content = {
            name: value
            for name, value in vars(self).items()
            if name not in {"path", "warnings", "pictures", "replies", "links"}
        }
        content["fields"] = dict(self.fields)
        content["replies"] = [asdict(reply) for reply in self.replies]
        content["links"] = [asdict(link) for link in self.links]
        content["pictures"] = [(p.reference, p.name, p.size) for p in self.pictures]
        text = json.dumps(content, sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


Record = EntryRecord | Refused
