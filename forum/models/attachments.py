"""Pictures and files that belong to a draft, an entry or a person."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.models.base import Base, Key, enum_type, person_key


class AttachmentKind(StrEnum):
    """An image may be shown in a page; a file is only ever downloaded."""

    IMAGE = "image"
    FILE = "file"


class Attachment(Base):
    """A stored file and the one thing it belongs to, which decides who may open it."""

    __tablename__ = "attachment"
    __table_args__ = (
        sa.CheckConstraint(
            "(CASE WHEN draft_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_parent",
        ),
    )

    id: Mapped[Key]
    digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(150))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    kind: Mapped[AttachmentKind] = mapped_column(enum_type(AttachmentKind, "kind"))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    thumbnail_digest: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    draft_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("draft.id", ondelete="CASCADE"), index=True
    )
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    person_id: Mapped[int | None] = person_key(index=True)
    uploaded_by_id: Mapped[int] = person_key()
    created_at: Mapped[datetime]

    @property
    def url(self) -> str:
        """Address within the forum; it may stand in a text, whatever the name."""
        return f"/files/{self.id}/{quote(self.name, safe='')}"
