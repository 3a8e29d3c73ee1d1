"""A record made ready to be written: files kept, references rewritten, rendered.

All of it happens before the transaction that writes, since it takes its time.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from urllib.parse import quote

from forum.actions.comments import CommentContent
from forum.actions.content import Content, clean_text, prepare
from forum.files import FileStore, Stored, TooLarge
from forum.images import Inspected, RefusedFile, inspect
from forum.importing import references
from forum.importing.records import (
    LIMITS,
    CommentRecord,
    EntryRecord,
    Unreadable,
    Warning,
)
from forum.importing.words import sentence
from forum.markup import render
from forum.messages import message
from forum.rules.kinds import KINDS, missing_fields


@dataclass(frozen=True)
class KeptFile:
    """A file of a record, in the store but not yet attached to anything."""

    reference: str
    name: str
    inspected: Inspected
    stored: Stored


@dataclass(frozen=True)
class Prepared:
    """Everything the writer needs; nothing in here takes long any more."""

    record: EntryRecord
    content: Content
    comments: Mapping[str, CommentContent]
    warnings: tuple[Warning, ...] = ()
    files: tuple[KeptFile, ...] = ()
    missing: tuple[str, ...] = field(default=())

    @property
    def is_draft(self) -> bool:
        """Whether its author had not published it either."""
        return is_draft(self.record)


def is_draft(record: EntryRecord) -> bool:
    """Whether the source says that the text was not published there."""
    return any(warning.key == "was_draft" for warning in record.warnings)


def keep_files(
    record: EntryRecord, store: FileStore
) -> tuple[tuple[KeptFile, ...], tuple[Warning, ...]]:
    """Look at the files of a record and keep them; what cannot be is warned about."""
    kept: list[KeptFile] = []
    warnings: list[Warning] = []
    for picture in record.pictures:
        try:
            inspected = inspect(picture.open(), picture.name)
            stored = store.put(io.BytesIO(inspected.data), limit=LIMITS.file_bytes * 2)
        except Unreadable as refused:
            warnings.append(_refusal(picture.name, sentence(refused.reason, {})))
        except (RefusedFile, TooLarge) as refused:
            words = message(refused.key, **refused.params)
            warnings.append(_refusal(picture.name, words))
        else:
            kept.append(KeptFile(picture.reference, picture.name, inspected, stored))
    return tuple(kept), tuple(warnings)


def prepare_record(
    record: EntryRecord,
    addresses: Mapping[str, str],
    files: tuple[KeptFile, ...] = (),
    warnings: tuple[Warning, ...] = (),
) -> Prepared:
    """Render a record; `addresses` are those of its files, by their references."""
    content = prepare(
        kind=record.kind,
        title=record.title,
        body=_with_addresses(record, addresses, files),
        fields=record.fields,
        tags=", ".join(record.tags),
    )
    if not content.title:
        content = replace(content, title=record.source_id[:200])
    if content.rejected_tags:
        tags = ", ".join(content.rejected_tags)
        warnings = (*warnings, Warning("tags_dropped", {"tags": tags}))
    return Prepared(
        record=record,
        content=content,
        comments={
            comment.source_id: CommentContent(
                clean_text(comment.body), render(clean_text(comment.body)).html
            )
            for comment in every_comment(record)
        },
        warnings=(*record.warnings, *warnings),
        files=files,
        missing=tuple(missing_fields(KINDS[content.kind], content.fields)),
    )


def every_comment(record: EntryRecord) -> Iterator[CommentRecord]:
    """Answers and comments of a record, each before the replies to it."""
    for top in record.replies:
        yield top
        yield from top.replies


def comment_digest(comment: CommentRecord) -> str:
    """Same digest, same words, author and score; its replies do not count."""
    text = json.dumps(asdict(replace(comment, replies=())), default=str, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _refusal(name: str, reason: str) -> Warning:
    return Warning("picture_refused", {"name": name, "reason": reason})


def _with_addresses(
    record: EntryRecord, addresses: Mapping[str, str], files: tuple[KeptFile, ...]
) -> str:
    known = dict(addresses)
    for link in record.links:
        # The other file may come later in this run: its address is found when asked.
        mark = f"#s-{link.fragment.removeprefix('s-')}" if link.fragment else ""
        source = quote(link.source_id, safe="")
        known[link.reference] = f"/entries/by-source?id={source}{mark}"
    text = references.rewrite(record.body_markdown, known)
    for file in files:
        if file.inspected.kind != "image" and file.reference in addresses:
            # What is not a picture to us is offered as a download.
            address = re.escape(addresses[file.reference])
            text = re.sub(rf"!(\[[^\[\]\n]*\]\(<?{address})", r"\1", text)
    return text
