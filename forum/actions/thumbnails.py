"""The small pictures that lists show in place of large ones."""

from __future__ import annotations

import sqlalchemy as sa

from forum.extensions import db
from forum.models import Attachment


def keep_thumbnail(attachment_id: int, digest: str) -> None:
    """Note where the small picture of an attachment lies, unless it has one already."""
    db.session.execute(
        sa.update(Attachment)
        .where(Attachment.id == attachment_id, Attachment.thumbnail_digest.is_(None))
        .values(thumbnail_digest=digest)
    )
