"""The worker: the outbox loop and the schedule, in one process beside the web."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from pathlib import Path
from typing import IO, Any

import structlog
from flask import Flask
from huey.consumer import Consumer

from forum import jobs, outbox
from forum.heartbeat import heartbeat

LOOK_SECONDS = 0.25
LOCK_EVERY = 5.0
GRACE_SECONDS = 20
LOCK = "worker.lock"


def run(app: Flask, *, parent: int | None = None) -> None:
    """Work until SIGTERM or SIGINT, or until the process that started this is gone.

    `parent` is that process as it names itself: it may be gone before we can look.

    What is being done is finished first. Every worker drains the outbox; the schedule
    belongs to the one that holds the lock of the data folder, and passes on with it.
    """
    data: Path = app.config["FORUM_DATA"]
    log = structlog.get_logger()
    stop = threading.Event()
    _stop_on_signals(stop)
    parent = parent or os.getppid()
    loop = threading.Thread(
        target=outbox.run, args=(app, stop, heartbeat(data)), name="outbox"
    )
    loop.start()
    schedule = Schedule(app, data / LOCK)
    log.info("worker", state="started", pid=os.getpid())
    try:
        while loop.is_alive() and not stop.wait(LOOK_SECONDS):
            if os.getppid() != parent:
                log.warning("worker", state="left alone, leaving")
                break
            schedule.look()
    finally:
        stop.set()
        schedule.end()
        loop.join(GRACE_SECONDS)
        log.info("worker", state="stopped", pid=os.getpid())


class Schedule:
    """The clock's part of the work, done by whoever holds the lock."""

    def __init__(self, app: Flask, lock: Path) -> None:
        self.app = app
        self.lock = lock
        self.held: IO[str] | None = None
        self.consumer: Consumer | None = None
        self.looked = 0.0
        self.has_said = False

    def look(self) -> None:
        """Start the schedule as soon as nobody else holds the lock."""
        if self.consumer is not None or time.monotonic() - self.looked < LOCK_EVERY:
            return
        self.looked = time.monotonic()
        self.held = hold(self.lock)
        if self.held is not None:
            self._start()
        elif not self.has_said:
            self.has_said = True
            structlog.get_logger().info(
                "worker", state="another worker runs the schedule; this one skips it"
            )

    def end(self) -> None:
        """Finish the job that runs and give the lock back."""
        if self.consumer is not None:
            self.consumer.stop(graceful=True)
            self.consumer = None
        if self.held is not None:
            self.held.close()
            self.held = None

    def _start(self) -> None:
        self.consumer = jobs.make_huey(self.app).create_consumer(
            workers=1, shutdown_timeout=GRACE_SECONDS, max_delay=2.0
        )
        before = {s: signal.getsignal(s) for s in _SIGNALS}
        self.consumer.start()
        for number, handler in before.items():
            signal.signal(number, handler)  # the consumer has put its own there
        structlog.get_logger().info("worker", state="runs the schedule")


_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def hold(lock: Path) -> IO[str] | None:
    """Take the lock for the life of this process; None when another one has it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    file = lock.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _stop_on_signals(stop: threading.Event) -> None:
    def leave(_number: int, _frame: Any) -> None:
        stop.set()

    for number in _SIGNALS:
        signal.signal(number, leave)
