"""For whoever watches the forum: is the process alive, can it do its work?"""

from __future__ import annotations

import os

import sqlalchemy as sa
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from forum import schema
from forum.extensions import db
from forum.heartbeat import seconds_since_beat
from forum.web import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@public
def health() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@blueprint.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Database, schema and data folder are as a request needs them; 503 if not.

    The worker's last sign of life is told but decides nothing: pages work without it.
    """
    data = current_app.config["FORUM_DATA"]
    checks = {
        "database": _database(),
        "data_folder": os.access(data, os.W_OK | os.X_OK),
    }
    is_ready = all(checks.values())
    age = seconds_since_beat(data)
    answer = {
        "status": "ok" if is_ready else "not ready",
        **checks,
        "worker_seen_seconds_ago": None if age is None else round(age, 1),
    }
    return answer, 200 if is_ready else 503


def _database() -> bool:
    try:
        with db.engine.connect() as connection:
            return schema.current(connection) == schema.head()
    except sa.exc.SQLAlchemyError:
        return False
