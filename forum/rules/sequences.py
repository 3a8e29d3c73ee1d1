"""Which items two sequences share, in order: the ground under merge and diff.

Items that occur once on both sides are anchors (patience diff, after Bram Cohen); what
lies between anchors is compared exactly while it is small. A budget of comparisons
bounds the time for any input, and unlike a time limit it gives the same answer on every
machine; ``difflib`` grows with the cube of repeated lines such as blank ones.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence

_BUDGET = 1_500_000
_LARGEST_BLOCK = 250_000

Range = tuple[int, int, int, int]


def pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Positions (old, new) of kept items; both rise strictly."""
    numbers: dict[Hashable, int] = {}
    a = [numbers.setdefault(item, len(numbers)) for item in old]
    b = [numbers.setdefault(item, len(numbers)) for item in new]
    found: list[tuple[int, int]] = []
    budget = _BUDGET
    todo: list[Range] = [(0, len(a), 0, len(b))]
    while todo:
        block = _trim(a, b, todo.pop(), found)
        alo, ahi, blo, bhi = block
        cells = (ahi - alo) * (bhi - blo)
        if not cells:
            continue
        anchors = _unique_anchors(a, b, block)
        if not anchors and cells <= min(budget, _LARGEST_BLOCK):
            budget -= cells
            found += _longest_common(a, b, block)
            continue
        anchors = anchors or _nth_with_nth(a, b, block)
        found += anchors
        if anchors:
            edges = [(alo - 1, blo - 1), *anchors, (ahi, bhi)]
            todo += [
                (i + 1, next_i, j + 1, next_j)
                for (i, j), (next_i, next_j) in zip(edges, edges[1:], strict=False)
                if i + 1 < next_i and j + 1 < next_j
            ]
    return sorted(found)


def changes(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Range]:
    """The stretches that differ: old[i:i2] was replaced by new[j:j2]."""
    gaps: list[Range] = []
    i = j = 0
    for next_i, next_j in [*pairs(old, new), (len(old), len(new))]:
        if i < next_i or j < next_j:
            gaps.append((i, next_i, j, next_j))
        i, j = next_i + 1, next_j + 1
    return gaps


def _trim(
    a: list[int], b: list[int], block: Range, found: list[tuple[int, int]]
) -> Range:
    alo, ahi, blo, bhi = block
    while alo < ahi and blo < bhi and a[alo] == b[blo]:
        found.append((alo, blo))
        alo, blo = alo + 1, blo + 1
    while alo < ahi and blo < bhi and a[ahi - 1] == b[bhi - 1]:
        ahi, bhi = ahi - 1, bhi - 1
        found.append((ahi, bhi))
    return alo, ahi, blo, bhi


def _unique_anchors(a: list[int], b: list[int], block: Range) -> list[tuple[int, int]]:
    alo, ahi, blo, bhi = block
    in_a, in_b = Counter(a[alo:ahi]), Counter(b[blo:bhi])
    where = {b[j]: j for j in range(blo, bhi) if in_b[b[j]] == 1}
    return _rising(
        [(i, where[a[i]]) for i in range(alo, ahi) if in_a[a[i]] == 1 and a[i] in where]
    )


def _nth_with_nth(a: list[int], b: list[int], block: Range) -> list[tuple[int, int]]:
    """A cheap stand-in for large blocks: the nth of an item meets the nth."""
    alo, ahi, blo, bhi = block
    seen: Counter[int] = Counter()
    where: dict[tuple[int, int], int] = {}
    for j in range(blo, bhi):
        seen[b[j]] += 1
        where[b[j], seen[b[j]]] = j
    seen.clear()
    candidates = []
    for i in range(alo, ahi):
        seen[a[i]] += 1
        if (a[i], seen[a[i]]) in where:
            candidates.append((i, where[a[i], seen[a[i]]]))
    return _rising(candidates)


def _rising(candidates: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of candidates whose second halves rise too."""
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for index, (_, j) in enumerate(candidates):
        pile = bisect_left(tops, j)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(j)
            piles.append(index)
        else:
            tops[pile], piles[pile] = j, index
    run: list[tuple[int, int]] = []
    index = piles[-1] if piles else -1
    while index >= 0:
        run.append(candidates[index])
        index = before[index]
    return run[::-1]


def _longest_common(a: list[int], b: list[int], block: Range) -> list[tuple[int, int]]:
    alo, ahi, blo, bhi = block
    right = b[blo:bhi]
    rows = [[0] * (len(right) + 1)]
    for i in range(ahi - 1, alo - 1, -1):
        below, row, item = rows[-1], [0] * (len(right) + 1), a[i]
        for j in range(len(right) - 1, -1, -1):
            if item == right[j]:
                row[j] = below[j + 1] + 1
            else:
                row[j] = below[j] if below[j] >= row[j + 1] else row[j + 1]
        rows.append(row)
    rows.reverse()
    found = []
    i = j = 0
    while i < ahi - alo and j < len(right):
        if a[alo + i] == right[j]:
            found.append((alo + i, blo + j))
            i, j = i + 1, j + 1
        elif rows[i + 1][j] >= rows[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
