"""The contrast that design promises is the contrast that stands in the file."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
THEMES = ("light", "dark")
PAPER = ("page", "surface", "sunk")
TINTS = ("good", "warn", "bad", "sug", "ask")

# (ink, papers it stands on, stated ratio light, stated ratio dark, least allowed)
STATED = [
    ("ink", PAPER, 13.9, 14.3, 4.5),
    ("ink", ("marker-soft",), 14.8, 8.9, 4.5),
    ("ink-2", PAPER, 7.5, 9.5, 4.5),
    ("ink-3", PAPER, 5.1, 6.7, 4.5),
    ("link", PAPER, 7.1, 9.2, 4.5),
    ("edge", PAPER, 3.35, 4.3, 3.0),
    ("on-marker", ("marker",), 12.7, 12.7, 4.5),
    ("marker-edge", ("marker-soft",), 4.4, 5.8, 3.0),
    ("good", ("good-b",), 6.3, 8.2, 4.5),
    ("warn", ("warn-b",), 6.5, 8.3, 4.5),
    ("bad", ("bad-b",), 6.4, 7.8, 4.5),
    ("sug", ("sug-b",), 7.2, 8.0, 4.5),
    ("ask", ("ask-b",), 7.8, 8.1, 4.5),
]


def tokens() -> dict[str, tuple[str, str]]:
    """Colours of the first block: name to (light, dark)."""
    text = TOKENS.read_text(encoding="utf-8")
    first = text[: text.index("--sans")]
    found = re.findall(
        r"--([\w-]+): light-dark\((#[0-9A-Fa-f]{6}), (#[0-9A-Fa-f]{6})\);", first
    )
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def worst(ink: str, papers: tuple[str, ...], theme: str) -> float:
    """Contrast of an ink on the paper where it is read worst."""
    colours, at = tokens(), THEMES.index(theme)
    return min(ratio(colours[ink][at], colours[paper][at]) for paper in papers)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "papers", "light", "dark", "least"), STATED)
def test_stated_contrast_is_what_the_tokens_give(
    ink: str, papers: tuple[str, ...], light: float, dark: float, least: float, theme
) -> None:
    found = worst(ink, papers, theme)
    assert found >= least
    assert found == pytest.approx(light if theme == "light" else dark, abs=0.06)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", ["ink-3", "ink-2", "link", *TINTS])
def test_words_in_code_can_be_read_on_the_sunk_paper(ink: str, theme: str) -> None:
    assert worst(ink, ("sunk",), theme) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("tint", TINTS)
def test_text_of_a_notice_can_be_read_on_its_tint(tint: str, theme: str) -> None:
    assert worst("ink", (f"{tint}-b",), theme) >= 4.5
    assert worst("link", (f"{tint}-b",), theme) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("paper", PAPER)
def test_words_in_a_tint_can_be_read_on_every_paper(paper: str, theme: str) -> None:
    assert all(worst(tint, (paper,), theme) >= 4.5 for tint in TINTS)


@pytest.mark.parametrize("theme", THEMES)
def test_edge_of_a_marked_passage_shows_on_every_paper(theme: str) -> None:
    assert worst("marker-edge", PAPER, theme) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_words_on_filled_buttons_and_the_loud_badge_can_be_read(theme: str) -> None:
    assert worst("on-ink", ("ink", "ink-2"), theme) >= 4.5
    assert worst("loud", ("loud-b",), theme) >= 4.5


def test_components_use_tokens_only() -> None:
    colour = re.compile(r"(?<![\w&])#(?:[0-9A-Fa-f]{3,8})\b|\brgba?\(|\bhsla?\(")
    css = TOKENS.parent
    loose = [
        f"{path.relative_to(css)}: {found.group()}"
        for path in sorted(css.rglob("*.css"))
        if path != TOKENS
        for found in [colour.search(path.read_text(encoding="utf-8"))]
        if found
    ]
    assert loose == []


def test_every_file_is_written_inside_a_layer() -> None:
    css = TOKENS.parent
    outside = [
        path.name
        for path in css.rglob("*.css")
        if "@layer" not in path.read_text(encoding="utf-8")
        or "@import" in path.read_text(encoding="utf-8")
    ]
    assert outside == []
