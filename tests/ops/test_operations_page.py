"""The manual of operations lists every setting, as it is."""

from __future__ import annotations

import re
from pathlib import Path

from forum.config import SETTINGS

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def test_every_setting_stands_in_the_table_and_nothing_else() -> None:
    listed = {
        name: (kind, default, meaning)
        for name, kind, default, meaning in re.findall(
            r"^\| `(FORUM_\w+)` \| (.*?) \| (.*?) \| (.*) \|$",
            PAGE.read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    }
    assert listed == {
        setting.name: (
            setting.kind,
            f"`{setting.default}`" if setting.default else "empty",
            setting.meaning,
        )
        for setting in SETTINGS
    }


def test_no_sentence_speaks_of_a_setting_that_does_not_exist() -> None:
    named = set(re.findall(r"FORUM_[A-Z_]+", PAGE.read_text(encoding="utf-8")))
    assert named <= {setting.name for setting in SETTINGS}
