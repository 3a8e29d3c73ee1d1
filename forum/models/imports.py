"""Where imported things came from, so that a second import changes nothing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.models.base import Base, Key


class ExternalId(Base):
    """A record of another system and what it became here."""

    __tablename__ = "external_id"
    __table_args__ = (sa.Index("ix_external_id_noun", "noun", "noun_id"),)

    id: Mapped[Key]
    source_id: Mapped[str] = mapped_column(sa.String(500), unique=True)
    noun: Mapped[str] = mapped_column(sa.String(20))
    noun_id: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    revision_number: Mapped[int | None]
    imported_at: Mapped[datetime]
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    licence: Mapped[str] = mapped_column(sa.String(100), default="")
    attribution: Mapped[str] = mapped_column(sa.String(500), default="")
