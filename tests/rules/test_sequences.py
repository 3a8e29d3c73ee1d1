"""Kept items rise on both sides, are equal, and are found in bounded time."""

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from forum.rules import sequences

items = st.lists(st.sampled_from("abcde"), max_size=30)


def _longest(a: list[str], b: list[str]) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        row = _next(row, x, b)
    return row[-1]


def _next(row: list[int], x: str, b: list[str]) -> list[int]:
    new = [0]
    for j, y in enumerate(b):
        new.append(row[j] + 1 if x == y else max(row[j + 1], new[j]))
    return new


@given(items, items)
def test_pairs_are_equal_items_that_rise_on_both_sides(a, b) -> None:
    found = sequences.pairs(a, b)
    assert all(a[i] == b[j] for i, j in found)
    for (i, j), (i2, j2) in zip(found, found[1:], strict=False):
        assert i < i2 and j < j2


@given(items, items)
def test_changes_turn_the_old_into_the_new(a, b) -> None:
    made, at = [], 0
    for i, i2, j, j2 in sequences.changes(a, b):
        made += a[at:i] + b[j:j2]
        at = i2
    assert made + a[at:] == b


@given(st.lists(st.sampled_from("abc"), max_size=30), st.data())
def test_repeated_items_are_compared_exactly(a, data) -> None:
    doubled = a + a
    other = data.draw(st.permutations(doubled))
    if min((doubled.count(x) for x in set(doubled)), default=2) > 1:
        start = sequences.pairs(doubled, other)
        assert len(start) <= _longest(doubled, other)


def test_time_is_bounded_for_any_input() -> None:
    chance = random.Random(7)
    size = 5_000
    blanks = [f"line {n // 2}" if n % 2 else "" for n in range(size)]
    cases = [
        (["x"] * size, ["y", *["x"] * size, "y"]),
        (blanks, blanks[size // 2 :] + blanks[: size // 2]),
        (blanks, blanks[::-1]),
        (
            [str(chance.randrange(50)) for _ in range(size)],
            [str(chance.randrange(50)) for _ in range(size)],
        ),
        (
            [str(n % 2_500) for n in range(size)],
            [str(n % 2_500) for n in range(size)][::-1],
        ),
        ([str(n) for n in range(size)], [str(n) for n in range(size)][::-1]),
    ]
    for a, b in cases:
        started = time.perf_counter()
        sequences.pairs(a, b)
        assert time.perf_counter() - started < 1
