"""The only door to argon2: passwords become hashes here and nothing else leaves.

Hashing takes tens of milliseconds on purpose, so it happens before a transaction
begins: nobody who writes waits for somebody who logs in.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from forum.rules import passwords as rules

# 19 MiB, two passes, one lane: the second of OWASP's equal choices, which leaves
# room for several log-ins at once on a small machine.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Of a random text that was thrown away: nothing fits it, and looking takes as long.
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$XwZr4sTzUOLf5oftN4tiJg"
    "$VkwKxYtWA9KUQBjGR8M5OnqeyMKIkvpNuTYGGapTrZI"
)


@dataclass(frozen=True)
class NewPassword:
    """A password somebody chose and its hash, made before any query."""

    text: str = field(repr=False)
    password_hash: str = field(repr=False)

    def problem(self, *, email: str, name: str) -> str | None:
        """Return the message key of what is wrong with it for this person, or None."""
        found = rules.problems(self.text, email, name)
        return found[0] if found else None


def prepare(password: str) -> NewPassword:
    """Hash a password that is to be set; the action that sets it asks the rules."""
    return NewPassword(password, hash_password(password[: rules.LONGEST]))


def hash_password(password: str) -> str:
    """Return what the database keeps of a password."""
    return _HASHER.hash(_same_bytes(password))


def fits(password: str, password_hash: str | None) -> bool:
    """Say whether a password has this hash; None takes as long and never fits."""
    try:
        _HASHER.verify(password_hash or _NOBODY, _same_bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def _same_bytes(password: str) -> bytes:
    # An é typed on one keyboard is the é of another.
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")
