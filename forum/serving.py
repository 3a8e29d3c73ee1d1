"""`forum serve`: a small parent that keeps web and worker running.

The parent holds the listening socket: while a dead web process is replaced, visitors
wait a moment instead of being refused.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

import structlog

from forum.errors import ForumError

LOOK_SECONDS = 0.1
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
GRACE_SECONDS = 30.0


class CannotListen(ForumError):
    """The address cannot be listened at; says why."""


@dataclass
class Child:
    """One program that is kept running."""

    name: str
    command: list[str]
    sockets: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0

    def look(self) -> None:
        """Start it when it is due; notice when it has died."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            steady = now - self.started > STEADY_SECONDS
            self.pause = FIRST_PAUSE if steady else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + self.pause
            structlog.get_logger().warning(
                "child died",
                name=self.name,
                code=self.process.returncode,
                restart_in=self.pause,
            )
            self.process = None
        if self.process is None and now >= self.due:
            self.started = now
            # A session of its own: Ctrl-C reaches the parent alone, which passes it on.
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                self.command, pass_fds=self.sockets, start_new_session=True
            )

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process is not None and self.process.poll() is None


def listen(bind: str) -> socket.socket:
    """Return a socket that listens at `host:port`; CannotListen says why it cannot."""
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise CannotListen(
            f"{bind!r} is no address; write host:port, as 127.0.0.1:8000"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM)
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host, int(port)))
        server.listen(1024)
    except OSError as problem:
        server.close()
        raise CannotListen(f"cannot listen at {bind}: {problem.strerror}") from problem
    return server


def address_of(server: socket.socket) -> str:
    """Return the address that a browser on this machine can open."""
    host, port = server.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - only read
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(server: socket.socket, *, with_worker: bool) -> None:
    """Run web and worker on this socket until SIGTERM, SIGINT or SIGHUP."""
    stop = threading.Event()

    def leave(_number: int, _frame: Any) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, leave)
    children = [_web(server)]
    if with_worker:
        command = [sys.executable, "-m", "forum", "worker", "--parent"]
        children.append(Child("worker", [*command, str(os.getpid())]))
    try:
        while not stop.is_set():
            for child in children:
                child.look()
            stop.wait(LOOK_SECONDS)
    finally:
        _end(children)


def _web(server: socket.socket) -> Child:
    number = server.fileno()
    command = [sys.executable, "-m", "gunicorn"]
    command += ["--config", "python:forum.gunicorn_settings"]
    # The name says whose child it is: that one may be gone before it can look.
    command += ["--name", f"commonplace:{os.getpid()}"]
    command += ["--bind", f"fd://{number}", "forum:create_app()"]
    return Child("web", command, sockets=(number,))


def _end(children: list[Child]) -> None:
    for child in children:
        if child.process is not None and child.is_running():
            child.process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    while any(child.is_running() for child in children):
        if time.monotonic() > deadline:
            break
        time.sleep(LOOK_SECONDS)
    for child in children:
        if child.process is not None and child.is_running():
            # The whole session: web processes do not outlive their arbiter.
            os.killpg(child.process.pid, signal.SIGKILL)
