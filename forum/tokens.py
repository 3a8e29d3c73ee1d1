"""Secrets that leave the forum: random tokens, kept as hashes, and signed links."""

from __future__ import annotations

import hashlib
import secrets

from itsdangerous import BadSignature, URLSafeSerializer


def new_token() -> str:
    """Return a token nobody can guess (256 bits)."""
    return secrets.token_urlsafe(32)


def new_nonce() -> str:
    """Return the random part of a signed link."""
    return secrets.token_urlsafe(16)


def hash_token(token: str) -> str:
    """Return what the database keeps of a token. Random tokens need no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def sign(secret: str, purpose: str, row_id: int, nonce: str) -> str:
    """Return the signed part of a link that speaks of one row.

    The link can be shown again to whoever may, and the database alone does not hold it.
    """
    return URLSafeSerializer(secret, salt=purpose).dumps([row_id, nonce])


def verify(secret: str, purpose: str, signed: str) -> tuple[int, str] | None:
    """Return row id and nonce of a link signed here for this purpose, or None."""
    try:
        row_id, nonce = URLSafeSerializer(secret, salt=purpose).loads(signed)
    except (BadSignature, ValueError, TypeError):
        return None
    if not isinstance(row_id, int) or not isinstance(nonce, str):
        return None
    return row_id, nonce
