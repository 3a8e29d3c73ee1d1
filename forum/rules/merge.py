"""Three texts into one: what two people wrote over the same base.

This is diff3 as described by Khanna, Kunal and Pierce in "A Formal Investigation of
Diff3" (FSTTCS 2007): lines that both sides keep are stable; between them a stretch that
one side left alone takes the other's text, and a stretch that both changed differently
is a conflict that keeps both. Texts use ``\\n`` as their only line end, as stored ones
do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from forum.rules import sequences

YOURS_MARK = "<<<<<<< yours"
BETWEEN_MARK = "======="
THEIRS_MARK = ">>>>>>> theirs"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A stretch both sides changed; ``start_line`` counts from 1 in the merged text.

    That line holds the opening mark.
    """

    base: str
    ours: str
    theirs: str
    start_line: int


@dataclass(frozen=True, slots=True)
class Merged:
    """The text of both, and where a person has to choose."""

    text: str
    conflicts: tuple[Conflict, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nobody has to choose anything."""
        return not self.conflicts


def merge(base: str, ours: str, theirs: str) -> Merged:
    """Both sides' changes to the base; a conflict keeps both texts between marks."""
    b, o, t = base.split("\n"), ours.split("\n"), theirs.split("\n")
    lines: list[str] = []
    conflicts: list[Conflict] = []
    for base_part, our_part, their_part in _stretches(b, o, t):
        if our_part in (base_part, their_part):
            lines += their_part
        elif their_part == base_part:
            lines += our_part
        else:
            conflicts.append(
                Conflict(
                    "\n".join(base_part),
                    "\n".join(our_part),
                    "\n".join(their_part),
                    start_line=len(lines) + 1,
                )
            )
            lines += [YOURS_MARK, *our_part, BETWEEN_MARK, *their_part, THEIRS_MARK]
    return Merged("\n".join(lines), tuple(conflicts))


def has_marks(text: str) -> bool:
    """Whether somebody saves a merged text without having chosen."""
    lines = {line.rstrip() for line in text.splitlines()}
    return YOURS_MARK in lines and THEIRS_MARK in lines


def _stretches(
    base: list[str], ours: list[str], theirs: list[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Stable lines one by one, and the unstable stretches between them."""
    in_ours = dict(sequences.pairs(base, ours))
    in_theirs = dict(sequences.pairs(base, theirs))
    stable = [
        (i, in_ours[i], in_theirs[i])
        for i in range(len(base))
        if i in in_ours and i in in_theirs
    ]
    i = j = k = 0
    for next_i, next_j, next_k in [*stable, (len(base), len(ours), len(theirs))]:
        if (i, j, k) != (next_i, next_j, next_k):
            yield base[i:next_i], ours[j:next_j], theirs[k:next_k]
        i, j, k = next_i + 1, next_j + 1, next_k + 1
        kept = base[next_i:i]
        if kept:
            yield kept, kept, kept
