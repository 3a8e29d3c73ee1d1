"""What can go wrong, in the forum's words. No HTTP: `web.py` makes pages of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ForumError(Exception):
    """Anything the forum refuses on purpose."""


class NotVisible(ForumError):
    """It does not exist, or not for this person; from outside both look the same."""


class NotAllowed(ForumError):
    """The person may see it but not do it; `reason` is a message key that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Invalid(ForumError):
    """Something typed cannot be taken: `fields` maps a field to a message key."""

    def __init__(self, fields: Mapping[str, str], **params: Any) -> None:
        super().__init__(dict(fields))
        self.fields = dict(fields)
        self.params = params


class Conflict(ForumError):
    """Somebody else saved first: `theirs` is what stands now, `yours` what was sent."""

    def __init__(self, theirs: Any = None, yours: Any = None) -> None:
        super().__init__("conflict")
        self.theirs = theirs
        self.yours = yours
