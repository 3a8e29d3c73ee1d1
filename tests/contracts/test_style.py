"""The shape of the sources."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.contracts.sources import ROOT, Sources, texts

LONGEST = 400


def too_long(sources: Sources) -> list[str]:
    """A complaint for each source of ours that is longer than a reader takes in."""
    return [
        f"{name} has {len(text.splitlines())} lines"
        for name, text in sources.items()
        if name.startswith(("forum/", "templates/", "static/", "tests/", "bench/"))
        and name.endswith((".py", ".html", ".txt", ".css", ".js"))
        and not name.startswith(("static/vendor/", "forum/migrations/"))
        and len(text.splitlines()) > LONGEST
    ]


def test_no_file_is_over_400_lines() -> None:
    assert too_long(texts()) == []


def test_a_long_file_is_seen() -> None:
    assert too_long({"forum/x.py": "x\n" * 401}) == ["forum/x.py has 401 lines"]
    assert too_long({"forum/x.py": "x\n" * 400, "static/vendor/y.js": "\n" * 900}) == []


CHECKS = {
    "ruff check": ("ruff", "check", "--no-cache"),
    "ruff format": ("ruff", "format", "--check", "--no-cache"),
    "mypy": ("mypy",),
}


def outcome(check: str, *more: str) -> str:
    """What the check says when it is not content; empty when it is."""
    done = subprocess.run(
        [sys.executable, "-m", *CHECKS[check], *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS)
def test_the_sources_pass(check: str) -> None:
    assert outcome(check, *(() if check == "mypy" else (".",))) == ""


@pytest.mark.slow
def test_an_unused_import_is_seen(tmp_path: object) -> None:
    offending = ROOT / ".pytest_cache" / "offending.py"
    offending.parent.mkdir(exist_ok=True)
    offending.write_text('"""Says nothing."""\n\nimport os\n')
    try:
        assert "F401" in outcome("ruff check", "--no-respect-gitignore", str(offending))
    finally:
        offending.unlink()
