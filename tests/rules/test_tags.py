"""Tags are lower-case, unique, and forgiving about how they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.rules.slugs import fold
from forum.rules.tags import LONGEST_TAG, MOST_TAGS, clean_tag, parse_tags


@pytest.mark.parametrize(
    ("raw", "tag"),
    [
        (" Docker ", "docker"),
        ("#HowTo", "howto"),
        ("C++", "c++"),
        ("C#", "c#"),
        (".NET", ".net"),
        ("Getting   started", "getting-started"),
        ("snake_case", "snake_case"),
        ("東京", "東京"),
        ("วันหยุด", "วันหยุด"),
        ("zero\u200bwidth", "zerowidth"),
        ("x" * LONGEST_TAG, "x" * LONGEST_TAG),
        ("x" * (LONGEST_TAG + 1), None),
        ("", None),
        ("..", None),
        ("---", None),
        ("<script>", None),
        ("a/b", None),
        ("a?b", None),
    ],
)
def test_what_a_tag_becomes(raw: str, tag: str | None) -> None:
    assert clean_tag(raw) == tag


@given(st.text() | st.from_regex(r"[\w#+. -]{1,45}", fullmatch=True))
def test_a_clean_tag_stays_as_it_is(raw: str) -> None:
    tag = clean_tag(raw)
    if tag is not None:
        assert clean_tag(tag) == tag
        assert 0 < len(tag) <= LONGEST_TAG
        assert not any(char.isspace() or char in ",/?<>&%\"'" for char in tag)


def test_a_line_of_tags() -> None:
    tags, rejected = parse_tags("C++, .Net\r\n#howto, a b,, C++, <b>, Straße, STRASSE")
    assert tags == ["c++", ".net", "howto", "a-b", "straße"]
    assert rejected == ["<b>"]


def test_commas_of_other_scripts_part_tags_too() -> None:
    assert parse_tags("東京\u3001大阪\uff0c京都") == (["東京", "大阪", "京都"], [])


def test_tags_past_the_last_are_handed_back() -> None:
    text = ",".join(f"Tag{n}" for n in range(MOST_TAGS + 2)) + ",tag0"
    tags, rejected = parse_tags(text)
    assert len(tags) == MOST_TAGS
    assert rejected == ["Tag12", "Tag13"]


@given(st.text(alphabet="abAB,#\n .ßé", max_size=80))
def test_parsed_tags_are_unique_and_parse_to_themselves(text: str) -> None:
    tags, _ = parse_tags(text)
    assert len({fold(tag) for tag in tags}) == len(tags) <= MOST_TAGS
    assert parse_tags(",".join(tags)) == (tags, [])
