"""Rows in every corner of the database, for what has to carry all of them."""

from __future__ import annotations

import io

from flask import Flask

from forum import clock, events
from forum.actions.content import prepare, revision_columns
from forum.extensions import db
from forum.files import FileStore
from forum.models import (
    Attachment,
    AttachmentKind,
    Comment,
    CommentKind,
    Entry,
    Person,
    Revision,
    Space,
    Tag,
)
from forum.unit_of_work import transaction
from tests import factories


def png(color: str = "teal", size: tuple[int, int] = (900, 600)) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


def add_entry(actor: Person, space: Space, title: str = "How we label") -> Entry:
    now = clock.now()
    content = prepare(
        kind="tutorial",
        title=title,
        body="Before.\n\n## Print\n\nPress **P** ☃\n\n## Stick\n\nDone \U0001f642",
        fields={"goal": "A *label* on every crate"},
        tags="crates",
    )
    entry = Entry(
        kind="tutorial",
        space_id=space.id,
        slug="how-we-label",
        title=title,
        status_at=now,
        status_by_id=actor.id,
        owner_id=actor.id,
        published_at=now,
        updated_at=now,
        active_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    db.session.add(
        Revision(
            entry_id=entry.id,
            number=1,
            author_id=actor.id,
            created_at=now,
            **revision_columns(content, dict(content.fields), ()),
        )
    )
    db.session.flush()
    return entry


def add_comment(actor: Person, entry: Entry, **more: object) -> Comment:
    now = clock.now()
    row = Comment(
        entry_id=entry.id,
        author_id=actor.id,
        body="Thanks, *that* works",
        html="<p>Thanks, <em>that</em> works</p>",
        renderer_version=1,
        state_at=now,
        created_at=now,
        **more,
    )
    db.session.add(row)
    db.session.flush()
    return row


def add_picture(
    actor: Person, entry: Entry, store: FileStore, data: bytes
) -> Attachment:
    stored = store.put(io.BytesIO(data), limit=10**8)
    row = Attachment(
        digest=stored.digest,
        name="shelf.png",
        media_type="image/png",
        kind=AttachmentKind.IMAGE,
        size=stored.size,
        entry_id=entry.id,
        uploaded_by_id=actor.id,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    events.record("attachment.added", actor, row, digest=stored.digest)
    return row


def tell(app: Flask) -> None:
    """Fill the database; rows name later rows, as they do in life."""
    with app.app_context():
        first, second = (
            factories.person("Ada Böhm"),
            factories.person('Lin "Q" O\'Hara'),
        )
        space = factories.space(first, members=(second,))
        store = FileStore(app.config["FORUM_DATA"] / "files")
        with transaction():
            db.session.get_one(Person, first.id).state_by_id = second.id
            synonym = Tag(name="boxes", created_at=clock.now())
            db.session.add(synonym)
            db.session.flush()
            tag = Tag(name="crates", created_at=clock.now())
            db.session.add(tag)
            db.session.flush()
            synonym.synonym_of_id = tag.id
            entry = add_entry(first, space)
            entry.comment_count = 2
            parent = add_comment(second, entry)
            add_comment(first, entry, parent_id=parent.id, root_id=parent.id)
            add_comment(second, entry, kind=CommentKind.ANSWER, imported_score=3)
            add_picture(first, entry, store, png())
