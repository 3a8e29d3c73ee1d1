"""No text that was acknowledged is lost, whoever is killed while people write."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.kill import play


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_in_twenty_rounds_of_kill_9(
    tmp_path: Path,
) -> None:
    found = play(tmp_path / "data", rounds=20)
    assert found.account.is_clean, found.account.words()
    assert sum(found.kills.values()) == 20
    assert found.ledger.lost > 0  # the kills came in the middle of writes
    assert len(found.ledger.texts) > 200
