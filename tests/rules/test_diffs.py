"""A diff shows every word of both texts once, and in bounded time."""

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from forum.rules.diffs import Fold, Piece, Row, inline, side_by_side

texts = st.text(alphabet="ab, \n\r漢é.", max_size=60) | st.text(max_size=60)


def _side(pieces: list[Piece], op: str) -> str:
    return "".join(piece.text for piece in pieces if piece.op in ("same", op))


@given(texts, texts)
def test_inline_holds_both_texts(old: str, new: str) -> None:
    pieces = inline(old, new)
    assert _side(pieces, "ins") == new
    assert _side(pieces, "del") == old
    assert all(piece.text for piece in pieces)
    for one, other in zip(pieces, pieces[1:], strict=False):
        assert one.op != other.op


@given(texts, texts, st.none() | st.integers(0, 3))
def test_side_by_side_holds_both_texts(old, new, context) -> None:
    rows: list[Row] = []
    for item in side_by_side(old, new, context=context):
        if isinstance(item, Fold):
            assert item.count == len(item.rows) > 2
            assert not any(row.changed for row in item.rows)
            rows += item.rows
        else:
            rows.append(item)
    left = [_side(row.left, "del") for row in rows if row.left is not None]
    right = [_side(row.right, "ins") for row in rows if row.right is not None]
    assert left == (old.split("\n") if old else [])
    assert right == (new.split("\n") if new else [])
    numbers = [row.left_no for row in rows if row.left_no]
    assert numbers == list(range(1, len(left) + 1))
    numbers = [row.right_no for row in rows if row.right_no]
    assert numbers == list(range(1, len(right) + 1))


@given(texts)
def test_equal_texts_have_no_changes(text: str) -> None:
    assert inline(text, text) == ([Piece("same", text)] if text else [])
    for item in side_by_side(text, text):
        assert isinstance(item, Fold) or not item.changed


def test_only_the_changed_words_are_marked() -> None:
    assert inline("Press the red button.", "Press the green button.") == [
        Piece("same", "Press the "),
        Piece("del", "red"),
        Piece("ins", "green"),
        Piece("same", " button."),
    ]


def test_a_blank_between_two_changed_words_does_not_part_them() -> None:
    assert inline("say hello world now", "say good morning now") == [
        Piece("same", "say "),
        Piece("del", "hello world"),
        Piece("ins", "good morning"),
        Piece("same", " now"),
    ]


def test_signs_without_blanks_are_words() -> None:
    assert inline("東京に行く", "大阪に行く")[-1] == Piece("same", "に行く")


def test_a_reworded_line_stands_beside_the_line_it_was() -> None:
    rows = side_by_side("a\nwe meet on Monday\nz", "a\nnew\nwe meet on Friday\nz")
    assert [(row.left_no, row.right_no) for row in rows if isinstance(row, Row)] == [
        (1, 1),
        (None, 2),
        (2, 3),
        (3, 4),
    ]
    reworded = rows[2]
    assert isinstance(reworded, Row)
    assert reworded.left == [Piece("same", "we meet on "), Piece("del", "Monday")]
    assert reworded.right == [Piece("same", "we meet on "), Piece("ins", "Friday")]


def test_long_unchanged_stretches_are_folded() -> None:
    lines = [f"line {n}" for n in range(100)]
    shown = side_by_side("\n".join(lines), "\n".join([*lines[:50], "!", *lines[50:]]))
    assert [item.count if isinstance(item, Fold) else 1 for item in shown] == [
        47,
        *[1] * 7,
        47,
    ]


def test_an_empty_line_that_came_is_a_change() -> None:
    rows = side_by_side("a", "a\n", context=None)
    assert [row.changed for row in rows if isinstance(row, Row)] == [False, True]


def test_huge_texts_are_answered_in_bounded_time() -> None:
    chance = random.Random(5)

    def words(count: int) -> str:
        return " ".join(f"w{chance.randrange(400)}" for _ in range(count))

    one_line = words(30_000), words(30_000)
    many_lines = (
        "\n".join(words(10) for _ in range(5_000)),
        "\n".join(words(10) for _ in range(5_000)),
    )
    for old, new in (one_line, many_lines):
        for diff in (inline, side_by_side):
            started = time.perf_counter()
            diff(old, new)
            assert time.perf_counter() - started < 2
    many_words = words(4_500), words(4_500)
    started = time.perf_counter()
    inline(*many_words)
    assert time.perf_counter() - started < 2
