"""Ticks and anchors of a tutorial's steps survive rewording, moving and growing."""

import time

from hypothesis import given
from hypothesis import strategies as st

from forum.rules.steps import carry_keys

titles = st.lists(
    st.sampled_from(["Install it", "Install them", "Test", "Ship", "", "Done!"])
    | st.text(max_size=8),
    max_size=8,
)
OLD = [("install", "Install the tool"), ("run", "Run it"), ("check", "Check the log")]


@given(titles, titles, titles)
def test_keys_are_never_given_twice(one, two, three) -> None:
    keys = carry_keys([], one)
    for new in (two, three):
        old = list(zip(keys, one, strict=True))
        keys, one = carry_keys(old, new), new
        assert len(keys) == len(new) == len(set(keys))
        assert all(keys)


@given(titles)
def test_the_same_titles_keep_their_keys(one) -> None:
    keys = carry_keys([], one)
    assert carry_keys(list(zip(keys, one, strict=True)), one) == keys


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=5))), titles)
def test_old_keys_given_twice_do_no_harm(old, new) -> None:
    keys = carry_keys(old, new)
    assert len(set(keys)) == len(new)


def test_moved_steps_keep_their_keys() -> None:
    assert carry_keys(OLD, ["Check the log", "Install the tool", "Run it"]) == [
        "check",
        "install",
        "run",
    ]


def test_reworded_steps_keep_their_keys() -> None:
    new = ["Install the tools", "Run it now", "Check the logs"]
    assert carry_keys(OLD, new) == ["install", "run", "check"]


def test_an_equal_title_goes_before_a_similar_one() -> None:
    old = [("a", "Set the name"), ("b", "Set the names")]
    assert carry_keys(old, ["Set the names", "Set the name"]) == ["b", "a"]


def test_a_new_step_never_takes_the_key_of_a_removed_one() -> None:
    assert carry_keys([("deploy", "Write the notes down")], ["Deploy"]) == ["deploy-2"]


def test_equal_titles_are_told_apart_by_their_order() -> None:
    assert carry_keys([], ["Again", "Again", "Again"]) == [
        "again",
        "again-2",
        "again-3",
    ]
    old = [("again", "Again"), ("again-2", "Again")]
    assert carry_keys(old, ["Again", "Other", "Again"]) == ["again", "other", "again-2"]


def test_thousands_of_headings_are_answered_in_time() -> None:
    old = [(f"k{n}", f"Heading number {n} of the text") for n in range(800)]
    new = [f"Heading of the text, number {n} of many" for n in range(800)]
    started = time.perf_counter()
    carry_keys(old, new)
    assert time.perf_counter() - started < 5
