"""The worker's sign of life: a file in the data folder, touched every few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from forum import clock

BEAT_EVERY = 5.0
HEARTBEAT = "worker.heartbeat"


def heartbeat(data: Path) -> Callable[[], None]:
    """Return what the worker calls at every look; it writes every five seconds."""
    last = -BEAT_EVERY

    def beat() -> None:
        nonlocal last
        if time.monotonic() - last >= BEAT_EVERY:
            last = time.monotonic()
            (data / HEARTBEAT).write_text(f"{clock.now().isoformat()}\n")

    return beat


def seconds_since_beat(data: Path) -> float | None:
    """Return how long ago a worker was last seen here; None for never."""
    try:
        seen = (data / HEARTBEAT).stat().st_mtime
    except FileNotFoundError:
        return None
    return max(0.0, clock.now().timestamp() - seen)
