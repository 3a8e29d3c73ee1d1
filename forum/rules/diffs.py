"""What changed between two texts, word by word, for people to read.

Lines are compared first and words only inside lines that changed. A changed stretch too
large for words is shown as whole lines, so any pair of texts is answered quickly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal

from forum.rules import sequences

Op = Literal["same", "ins", "del"]
_MOST_WORDS = 20_000
_MOST_LINE_PAIRS = 40_000
_ALIKE = 0.4
# Chinese, Japanese and Korean write no blanks: there each sign is a word.
_SIGN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORDS = re.compile(rf"[{_SIGN}]|(?:(?![{_SIGN}])\w)+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, came or went."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of each side, numbered from 1; None where a side has no such line."""

    left: list[Piece] | None
    right: list[Piece] | None
    left_no: int | None
    right_no: int | None

    @property
    def changed(self) -> bool:
        """Whether the two sides differ here."""
        return self.left != self.right


@dataclass(frozen=True, slots=True)
class Fold:
    """Unchanged rows that a page may show closed."""

    count: int
    rows: list[Row]


def inline(old: str, new: str) -> list[Piece]:
    """Both texts in one: same and ins make the new text, same and del the old one."""
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    done = 0
    for i, i2, j, j2 in sequences.changes(a, b):
        pieces.append(Piece("same", "".join(a[done:i])))
        pieces += _words("".join(a[i:i2]), "".join(b[j:j2]))
        done = i2
    pieces.append(Piece("same", "".join(a[done:])))
    return _join(pieces)


def side_by_side(old: str, new: str, *, context: int | None = 3) -> list[Row | Fold]:
    """Line beside line, with the changed words inside a line marked.

    More unchanged lines than ``context`` on each side of a change are folded; None
    folds nothing.
    """
    a = old.split("\n") if old else []
    b = new.split("\n") if new else []
    rows: list[Row] = []
    i = j = 0
    for start, i2, from_, j2 in [
        *sequences.changes(a, b),
        (len(a), len(a), len(b), len(b)),
    ]:
        rows += [_same(a[i + n], i + n, j + n) for n in range(start - i)]
        rows += _changed(a[start:i2], b[from_:j2], start, from_)
        i, j = i2, j2
    return list(rows) if context is None else _fold(rows, context)


def _words(old: str, new: str) -> list[Piece]:
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    if len(a) + len(b) > _MOST_WORDS:
        return _join([Piece("del", old), Piece("ins", new)])
    pieces: list[Piece] = []
    i = 0
    for start, i2, j, j2 in sequences.changes(a, b):
        kept = "".join(a[i:start])
        # A lone blank or comma between two changes only chops them up.
        if pieces and not any(map(str.isalnum, kept)) and "\n" not in kept:
            pieces += [Piece("del", kept), Piece("ins", kept)]
        else:
            pieces.append(Piece("same", kept))
        pieces.append(Piece("del", "".join(a[start:i2])))
        pieces.append(Piece("ins", "".join(b[j:j2])))
        i = i2
    pieces.append(Piece("same", "".join(a[i:])))
    return _join(pieces)


def _join(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind together, what went before what came, nothing empty."""
    joined: list[Piece] = []
    texts: dict[Op, list[str]] = {"del": [], "ins": []}

    def flush() -> None:
        for op, parts in texts.items():
            if any(parts):
                joined.append(Piece(op, "".join(parts)))
            parts.clear()

    for piece in pieces:
        if piece.op != "same":
            texts[piece.op].append(piece.text)
        elif piece.text:
            flush()
            if joined and joined[-1].op == "same":
                joined[-1] = Piece("same", joined[-1].text + piece.text)
            else:
                joined.append(piece)
    flush()
    return joined


def _same(line: str, left: int, right: int) -> Row:
    pieces = [Piece("same", line)] if line else []
    return Row(pieces, pieces, left + 1, right + 1)


def _changed(old: list[str], new: list[str], left: int, right: int) -> list[Row]:
    rows: list[Row] = []
    i = j = 0
    for next_i, next_j in [*_partners(old, new), (len(old), len(new))]:
        for n in range(i, next_i):
            rows.append(Row([Piece("del", old[n])], None, left + n + 1, None))
        for n in range(j, next_j):
            rows.append(Row(None, [Piece("ins", new[n])], None, right + n + 1))
        if next_i < len(old) and next_j < len(new):
            pieces = _words(old[next_i], new[next_j])
            rows.append(
                Row(
                    [piece for piece in pieces if piece.op != "ins"],
                    [piece for piece in pieces if piece.op != "del"],
                    left + next_i + 1,
                    right + next_j + 1,
                )
            )
        i, j = next_i + 1, next_j + 1
    return rows


def _partners(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Lines that are rewordings of each other, in order on both sides."""
    if len(old) * len(new) > _MOST_LINE_PAIRS:
        return []
    words_old = [_word_set(line) for line in old]
    words_new = [_word_set(line) for line in new]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_alike(left, right) for right in words_new] for left in words_old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            together = best[i + 1][j + 1] + alike[i][j] if alike[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    found = []
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            found.append((i, j))
            i, j = i + 1, j + 1
    return found


def _word_set(line: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", line.casefold()))


def _alike(left: frozenset[str], right: frozenset[str]) -> float:
    if not left or not right:
        return 0.0
    shared = 2 * len(left & right) / (len(left) + len(right))
    return shared if shared >= _ALIKE else 0.0


def _fold(rows: list[Row], context: int) -> list[Row | Fold]:
    near = [False] * len(rows)
    for at, row in enumerate(rows):
        if row.changed:
            first, last = max(0, at - context), min(len(rows), at + context + 1)
            near[first:last] = [True] * (last - first)
    shown: list[Row | Fold] = []
    for is_near, group in groupby(zip(rows, near, strict=True), key=itemgetter(1)):
        some = [row for row, _ in group]
        # Folding one or two lines saves nothing and costs a click.
        shown += some if is_near or len(some) <= 2 else [Fold(len(some), some)]
    return shown
