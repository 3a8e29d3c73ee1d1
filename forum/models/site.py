"""The forum itself: one row, made by whoever sets it up first."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from forum.models.base import Base, Name


class Site(Base):
    """Name and size of the forum. Its only key is 1, so that one set-up wins."""

    __tablename__ = "site"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[Name]
    headcount: Mapped[int]
    set_up_at: Mapped[datetime]
