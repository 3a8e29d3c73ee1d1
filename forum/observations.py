"""What reading may leave behind: telemetry, written after the response was sent."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask import Response

from forum.extensions import db
from forum.models import LogIn


def seen_after(response: Response, log_in_id: int, seen: datetime) -> None:
    """Note, once the response has gone out, when a log-in was last used."""
    engine = db.engine

    def write() -> None:
        with engine.begin() as connection:
            connection.execute(
                sa.update(LogIn).where(LogIn.id == log_in_id).values(seen_on=seen)
            )

    response.call_on_close(write)
