"""Passwords are long and unlikely; nothing else is asked of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.rules.passwords import problems

MAIL, NAME = "maria.lopez@example.org", "María López Li"


@pytest.mark.parametrize(
    "password",
    [
        "seven green otters",
        "ünïcödé ist erlaubt",
        "今日はとてもいい天気です",
        "🐙🐙🦀🦀🐳🐡🐠🐟🦐🦑",
        "k7$Qw!zP0x",
        "limestone lint",
    ],
)
def test_good_passwords(password: str) -> None:
    assert problems(password, MAIL, NAME) == []


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("short-one", ["password.too_short"]),
        ("", ["password.too_short", "password.too_common"]),
        ("x y" * 400, ["password.too_long", "password.too_common"]),
        ("MARIA.LOPEZ@example.org!", ["password.holds_mail"]),
        ("my maria.lopez key", ["password.holds_mail"]),
        ("the lópez family", ["password.holds_name"]),
        ("Password123!", ["password.too_common"]),
        ("!!welcome2031", ["password.too_common"]),
        ("correct horse battery staple", ["password.too_common"]),
        ("1234567890", ["password.too_common"]),
        ("0987654321", ["password.too_common"]),
        ("aaaaaaaaaaaa", ["password.too_common"]),
        ("abcabcabcabc", ["password.too_common"]),
        ("QWERTYUIOP", ["password.too_common"]),
        ("...........", ["password.too_common"]),
    ],
)
def test_what_is_wrong_with_a_password(password: str, found: list[str]) -> None:
    assert problems(password, MAIL, NAME) == found


@given(st.text(), st.text(), st.text())
def test_any_text_gets_an_answer(password: str, email: str, name: str) -> None:
    found = problems(password, email, name)
    assert len(found) == len(set(found))
    assert ("password.too_short" in found) == (len(password) < 10)


@given(st.text(min_size=4, max_size=12).filter(str.isalnum))
def test_whoever_holds_the_name_is_told(name: str) -> None:
    assert "password.holds_name" in problems(f"xyz {name} zyx", "", name)
