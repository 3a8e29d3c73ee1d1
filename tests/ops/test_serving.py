"""`forum serve` keeps web and worker running, and leaves nobody behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from forum.worker import hold

pytestmark = pytest.mark.slow
PATIENCE = 40.0


def until(check: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited in vain: {what}")


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat")
        if status.exists():
            return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
        os.kill(pid, 0)
    except (ProcessLookupError, FileNotFoundError):
        return False
    return True


def children_of(pid: int) -> dict[int, str]:
    """Each child of a process, with its command line."""
    out = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,args="],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.split(None, 2) for line in out.splitlines()]
    return {
        int(row[0]): row[2]
        for row in rows
        if int(row[1]) == pid and "<defunct>" not in row[2]
    }


class Served:
    def __init__(self, data: Path, *options: str) -> None:
        settings = {k: v for k, v in os.environ.items() if not k.startswith("FORUM_")}
        settings |= {"FORUM_DATA": str(data), "FORUM_WEB_PROCESSES": "1"}
        command = [sys.executable, "-m", "forum", "serve", "--bind", "127.0.0.1:0"]
        self.errors = (data.parent / "errors.txt").open("wb")
        self.parent = subprocess.Popen(
            [*command, *options],
            env=settings,
            stdout=subprocess.PIPE,
            stderr=self.errors,
        )
        assert self.parent.stdout is not None
        self.address = self.parent.stdout.readline().decode().split()[-1]

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read()

    def child(self, word: str) -> int:
        def look() -> int:
            mine = children_of(self.parent.pid)
            return next((pid for pid, args in mine.items() if word in args), 0)

        return int(until(look, f"a child that is {word}"))

    def end(self) -> None:
        if self.parent.poll() is None:
            self.parent.terminate()
            self.parent.wait(PATIENCE)
        assert self.parent.stdout is not None
        self.parent.stdout.close()
        self.errors.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "data")
    yield made
    made.end()


def ready(served: Served) -> dict[str, Any]:
    status, body = served.get("/ready")
    return json.loads(body) if status == 200 else {}


def test_it_starts_survives_its_children_and_stops_cleanly(served: Served) -> None:
    assert served.get("/health")[0] == 200
    assert served.get("/")[0] == 200  # the page that sets the forum up
    until(lambda: ready(served).get("worker_seen_seconds_ago") is not None, "a worker")
    web, worker = served.child("gunicorn"), served.child("forum worker")
    process = until(lambda: list(children_of(web)), "a web process")[0]

    os.kill(process, signal.SIGKILL)
    assert served.get("/health")[0] == 200
    os.kill(worker, signal.SIGKILL)
    os.kill(web, signal.SIGKILL)
    assert served.get("/health")[0] == 200  # waits on the parent's socket
    again = served.child("gunicorn"), served.child("forum worker")
    assert not {web, worker} & set(again)
    until(lambda: not is_alive(process), "the old web process to leave")

    pids = [*again, *children_of(again[0])]
    served.parent.send_signal(signal.SIGTERM)
    assert served.parent.wait(PATIENCE) == 0
    until(lambda: not any(map(is_alive, pids)), "all to leave")


def test_children_leave_when_the_parent_is_killed(served: Served) -> None:
    assert served.get("/health")[0] == 200
    web, worker = served.child("gunicorn"), served.child("forum worker")
    pids = [web, worker, *children_of(web)]
    served.parent.kill()
    served.parent.wait()
    killed = time.monotonic()
    until(lambda: not any(map(is_alive, pids)), "the children to leave")
    assert time.monotonic() - killed < 25


def test_a_taken_port_is_one_line(served: Served, tmp_path: Path) -> None:
    bind = served.address.removeprefix("http://")
    done = forum("serve", "--bind", bind, data=tmp_path / "second")
    assert done.returncode == 1
    assert done.stderr.startswith(f"forum: cannot listen at {bind}")
    assert len(done.stderr.splitlines()) == 1


def forum(*args: str, data: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    settings = {k: v for k, v in os.environ.items() if not k.startswith("FORUM_")}
    settings |= {"FORUM_DATA": str(data), **more.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "forum", *args],
        env=settings,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        **more,
    )


def test_one_worker_at_a_time_holds_the_lock(tmp_path: Path) -> None:
    first = hold(tmp_path / "worker.lock")
    assert first is not None
    assert hold(tmp_path / "worker.lock") is None
    first.close()
    second = hold(tmp_path / "worker.lock")
    assert second is not None
    second.close()


def test_the_commands_of_the_contract(tmp_path: Path) -> None:
    data = tmp_path / "data"
    refused = forum("token", "create", "ada@example.com", data=data)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "forum init" in refused.stderr
    assert forum("init", data=data).returncode == 0
    words = ("--name", "Ada", "--department", "Ops", "--role", "admin")
    made = forum(
        *("user", "create", "ada@example.com", *words, "--password-stdin"),
        data=data,
        input="seven quiet herons wade\n",
    )
    assert made.returncode == 0, made.stderr
    token = forum("token", "create", "ada@example.com", "--scopes", "read", data=data)
    assert token.returncode == 0
    assert token.stdout.strip().isprintable()
    assert len(token.stdout.split()) == 1
    bad = forum("init", data=data, env={"FORUM_WEB_THREADS": "many"})
    assert bad.returncode == 2
    assert "FORUM_WEB_THREADS" in bad.stderr
    assert "Traceback" not in bad.stderr
    twice = forum("user", "create", "ada@example.com", "--name", "A", data=data)
    assert twice.returncode == 1
    assert "Traceback" not in twice.stderr
    assert forum("doctor", data=data).returncode == 0
