"""The answer of every policy: allowed, or a reason a person can read."""

from __future__ import annotations

from dataclasses import dataclass

from forum.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed; `reason` is a message key when it is not."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


def allow_if(fact: bool, reason: str) -> Decision:
    """Allow when `fact` holds; otherwise refuse with `reason`."""
    return YES if fact else Decision(False, reason)


def require(decision: Decision) -> None:
    """Go on when allowed; raise NotAllowed with the reason when not."""
    if not decision.allowed:
        raise NotAllowed(decision.reason)
