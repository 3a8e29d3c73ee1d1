"""Kinds are data; their templates take what fits and say what does not."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.rules.kinds import (
    KINDS,
    Field,
    clean_fields,
    count_steps,
    fields_of,
    kind,
    missing_fields,
    outgrown,
)

EXTRA = (
    Field("due", "date", required=True),
    Field("ready", "checklist", required=True, choices=("tested", "no_secrets")),
)
kinds = st.sampled_from(list(KINDS.values()))
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def test_the_five_kinds_and_where_they_live() -> None:
    assert {key: each.blueprint for key, each in KINDS.items()} == {
        "post": "posts",
        "question": "posts",
        "experience": "posts",
        "tip": "tips",
        "tutorial": "tutorials",
    }


def test_capabilities() -> None:
    assert [k.key for k in KINDS.values() if k.has_answers] == ["question"]
    assert [k.key for k in KINDS.values() if k.has_steps] == ["tutorial"]
    assert {k.key: k.soft_limit for k in KINDS.values() if k.soft_limit} == {
        "tip": 1_500
    }


@pytest.mark.parametrize(
    ("key", "missing"),
    [
        ("post", []),
        ("question", []),
        ("tip", ["problem"]),
        ("tutorial", ["goal"]),
        ("experience", ["situation", "outcome"]),
    ],
)
def test_what_is_asked_for_at_publishing(key: str, missing: list[str]) -> None:
    assert missing_fields(kind(key), {}) == missing
    assert missing_fields(kind(key), dict.fromkeys(missing, "  ")) == missing


def test_a_kind_nobody_defined() -> None:
    with pytest.raises(KeyError):
        kind("poem")


def test_a_wrong_choice_is_a_problem_at_its_field_and_counts_as_missing() -> None:
    experience = kind("experience")
    values = {"situation": "Moving house", "outcome": "great", "colour": "red"}
    clean, problems = clean_fields(experience, values)
    assert clean == {"situation": "Moving house"}
    assert problems == {"outcome": "field.not_a_choice"}
    assert missing_fields(experience, values) == ["outcome"]


def test_fields_of_a_space_are_typed_too() -> None:
    good = {"due": "2031-02-28", "ready": ["no_secrets", "tested"]}
    clean, problems = clean_fields(kind("post"), good, EXTRA)
    assert clean == {"due": "2031-02-28", "ready": ["tested", "no_secrets"]}
    assert not problems
    assert missing_fields(kind("post"), good, EXTRA) == []

    bad = {"due": "2031-02-30", "ready": ["tested", "danced"]}
    assert clean_fields(kind("post"), bad, EXTRA) == (
        {},
        {"due": "field.not_a_date", "ready": "field.not_a_choice"},
    )


def test_a_half_ticked_checklist_is_kept_but_not_complete() -> None:
    values = {"due": datetime.date(2031, 2, 1), "ready": "tested"}
    assert clean_fields(kind("post"), values, EXTRA)[0] == {
        "due": "2031-02-01",
        "ready": ["tested"],
    }
    assert missing_fields(kind("post"), values, EXTRA) == ["ready"]


def test_a_space_may_not_replace_a_field_of_the_kind() -> None:
    fields = fields_of(kind("tip"), [Field("problem", "date"), Field("cost")])
    assert [(f.key, f.type) for f in fields] == [("problem", "text"), ("cost", "text")]


def test_unstorable_characters_and_line_ends_are_mended() -> None:
    clean, _ = clean_fields(kind("tip"), {"problem": " a\r\nb\rc\0\ud800 "})
    assert clean == {"problem": "a\nb\nc"}


def test_a_field_has_a_longest_length() -> None:
    _, problems = clean_fields(kind("tip"), {"problem": "x" * 20_001})
    assert problems == {"problem": "field.too_long"}


@given(kinds, st.dictionaries(st.text() | st.sampled_from(["due", "ready"]), anything))
def test_cleaning_never_raises_and_is_stable(kind_, values) -> None:
    values |= {f.key: v for f, v in zip(kind_.fields, values.values(), strict=False)}
    clean, problems = clean_fields(kind_, values, EXTRA)
    known = {field.key for field in fields_of(kind_, EXTRA)}
    assert set(clean) | set(problems) <= known
    assert not set(clean) & set(problems)
    assert clean_fields(kind_, clean, EXTRA) == (clean, {})
    missing = missing_fields(kind_, values, EXTRA)
    assert missing == missing_fields(kind_, clean, EXTRA)


@pytest.mark.parametrize(
    ("key", "text", "suggested"),
    [
        ("tip", "x" * 1_500, None),
        ("tip", "x" * 1_501, "post"),
        ("tip", "## One\n\n## Two\n", None),
        ("tip", "## One\na\n## Two\nb\n## Three\n", "tutorial"),
        ("tip", "```\n## a\n## b\n## c\n```\n", None),
        ("post", "## One\n## Two\n## Three\n" + "x" * 9_000, None),
        ("tutorial", "## One\n## Two\n## Three\n" + "x" * 9_000, None),
    ],
)
def test_when_a_text_outgrows_its_kind(key, text, suggested) -> None:
    assert outgrown(kind(key), text) == suggested


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("##no heading\n### third level\n## \n    ## code", 0),
        ("````\n```\n## a\n```\n````\n## b", 1),
        ("~~~ sh\n## a\n``` \n~~~ x\n~~~~\n  ## b", 1),
    ],
)
def test_only_second_level_headings_outside_code_are_steps(text, steps) -> None:
    assert count_steps(text) == steps
