"""Tags: the words that entries and people share."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.models.base import Base, Key


class Tag(Base):
    """A lower-case word. A synonym points at the tag that is meant, one level deep."""

    __tablename__ = "tag"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    description: Mapped[str] = mapped_column(sa.String(500), default="")
    synonym_of_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("tag.id"), index=True
    )
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    synonym_of: Mapped[Tag | None] = relationship(remote_side="Tag.id")

    __mapper_args__ = {"version_id_col": version}
