"""Merging keeps what both wrote, and says where a person has to choose."""

import random
import time

from hypothesis import assume, given
from hypothesis import strategies as st

from forum.rules.merge import (
    BETWEEN_MARK,
    THEIRS_MARK,
    YOURS_MARK,
    Merged,
    has_marks,
    merge,
)

texts = st.lists(st.sampled_from(["a", "b", "c", "", "d e"]), max_size=12).map(
    "\n".join
) | st.text(max_size=40)


@given(texts, texts)
def test_one_sided_and_equal_changes_merge_to_themselves(base: str, text: str) -> None:
    assert merge(base, text, base) == Merged(text)
    assert merge(base, base, text) == Merged(text)
    assert merge(base, text, text) == Merged(text)


@given(texts, texts, texts)
def test_no_line_that_someone_wrote_is_lost(base: str, ours: str, theirs: str) -> None:
    assume(BETWEEN_MARK not in ours + theirs and THEIRS_MARK not in ours + theirs)
    merged = merge(base, ours, theirs)
    lines = merged.text.split("\n")
    old = set(base.split("\n"))
    for written in (ours, theirs):
        assert set(written.split("\n")) - old <= set(lines)
    for conflict in merged.conflicts:
        assert lines[conflict.start_line - 1] == YOURS_MARK
        inside = lines[conflict.start_line :]
        inside = inside[: inside.index(THEIRS_MARK)]
        cut = inside.index(BETWEEN_MARK)
        assert "\n".join(inside[:cut]) == conflict.ours
        assert "\n".join(inside[cut + 1 :]) == conflict.theirs


@given(texts, texts, texts)
def test_either_side_can_be_chosen_whole(base: str, ours: str, theirs: str) -> None:
    """Swapping the sides swaps the conflicts and nothing else."""
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert [(c.base, c.ours, c.theirs) for c in one.conflicts] == [
        (c.base, c.theirs, c.ours) for c in other.conflicts
    ]
    assert one == merge(base, ours, theirs)


@given(
    st.integers(10, 40),
    st.data(),
)
def test_edits_apart_from_each_other_merge_clean(size: int, data) -> None:
    base = [f"line {n}" for n in range(size)]
    cut = data.draw(st.integers(2, size - 3))
    edits = st.sampled_from(["keep", "change", "delete", "insert"])

    def edited(lines: list[str], who: str) -> list[str]:
        made = []
        for line in lines:
            how = data.draw(edits)
            made += {
                "keep": [line],
                "change": [f"{line} by {who}"],
                "delete": [],
                "insert": [f"new from {who} at {line}", line],
            }[how]
        return made

    first, rest = edited(base[:cut], "us"), edited(base[cut + 1 :], "them")
    between = base[cut]
    merged = merge(
        "\n".join(base),
        "\n".join([*first, between, *base[cut + 1 :]]),
        "\n".join([*base[:cut], between, *rest]),
    )
    assert merged == Merged("\n".join([*first, between, *rest]))


def test_a_conflict_keeps_both_texts_between_plain_marks() -> None:
    merged = merge("one\ntwo\nthree\n", "one\n2\nthree\n", "one\nzwei\nthree\n")
    assert merged.text == (
        "one\n<<<<<<< yours\n2\n=======\nzwei\n>>>>>>> theirs\nthree\n"
    )
    (conflict,) = merged.conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == ("two", "2", "zwei")
    assert conflict.start_line == 2
    assert not merged.clean


def test_a_deletion_against_a_change_is_a_conflict() -> None:
    merged = merge("a\nb\nc", "a\nc", "a\nb!\nc")
    assert [(c.ours, c.theirs) for c in merged.conflicts] == [("", "b!")]


def test_marks_left_in_a_text_are_noticed() -> None:
    assert has_marks(merge("a", "b", "c").text)
    assert not has_marks("Title\n=======\n\n> quote")


def test_five_thousand_lines_merge_within_a_second() -> None:
    chance = random.Random(3)
    base = [f"words of line {n}" if n % 2 else "" for n in range(5_000)]

    def edited(who: str) -> str:
        lines = [
            f"{line} {who}" if chance.random() < 0.1 else line
            for line in base
            if chance.random() > 0.05
        ]
        return "\n".join(lines)

    ours, theirs = edited("us"), edited("them")
    cases = [
        ("\n".join(base), ours, theirs),
        (
            "\n".join(base),
            "\n".join(base[::-1]),
            "\n".join(base[2_500:] + base[:2_500]),
        ),
        ("\n" * 5_000, "x\n" * 5_000, "\n" * 4_000 + "x\n" * 1_000),
    ]
    for case in cases:
        started = time.perf_counter()
        merge(*case)
        assert time.perf_counter() - started < 1
