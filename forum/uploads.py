"""A file as a browser sends it: measured, looked at and stored before any query."""

from __future__ import annotations

import io

from flask import current_app
from werkzeug.datastructures import FileStorage

from forum.errors import Invalid
from forum.files import FileStore, Stored
from forum.images import Inspected, RefusedFile, inspect


def file_store() -> FileStore:
    """Return the store in this forum's data folder."""
    return FileStore(current_app.config["FORUM_DATA"] / "files")


def receive(upload: FileStorage | None) -> tuple[str, Inspected, Stored]:
    """Return name, nature and place of an uploaded file; Invalid says why not.

    A file that no row comes to name is swept up later.
    """
    if upload is None or not upload.filename:
        raise Invalid({"file": "file.missing"})
    limit = current_app.config["FORUM_UPLOAD_MB"]
    data = upload.stream.read(limit * 2**20 + 1)
    if len(data) > limit * 2**20:
        raise Invalid({"file": "file.too_large"}, limit=limit)
    try:
        inspected = inspect(data, upload.filename)
    except RefusedFile as refused:
        raise Invalid({"file": refused.key}, **refused.params) from refused
    stored = file_store().put(io.BytesIO(inspected.data), limit=limit * 2**21)
    return upload.filename, inspected, stored
