"""`Idempotency-Key`: a POST that is sent again answers the same and does nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import TypeVar

from flask import request
from werkzeug.exceptions import BadRequest

from forum.actions.programs import claim_request, keep_answer
from forum.blueprints.api.auth import the_bearer

Made = TypeVar("Made")
LONGEST_KEY = 200
_KEY = re.compile(f"[!-~]{{1,{LONGEST_KEY}}}")
PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "Sent again with the same key, a request is done once.",
    "schema": {"type": "string", "pattern": f"^[!-~]{{1,{LONGEST_KEY}}}$"},
}


def once(
    make: Callable[[], Made],
    find: Callable[[str], Made],
    place: Callable[[Made], str],
) -> Made:
    """Make something, or find what an equal request with the same key has made.

    `place` names what was made in a few letters, from which `find` finds it again.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return make()
    if not _KEY.fullmatch(key):
        raise BadRequest("Idempotency-Key has 1 to 200 letters, digits and signs.")
    row = claim_request(the_bearer(), key, _digest())
    if row.location:
        return find(row.location)
    made = make()
    keep_answer(row, place(made))
    return made


def _digest() -> str:
    asked = f"{request.method} {request.path}\n".encode()
    return hashlib.sha256(asked + request.get_data()).hexdigest()
