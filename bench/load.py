"""A gunicorn to measure, and the load that measures it."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """What some requests cost: CPU of the server and time as the caller saw it."""

    requests: int
    cpu_ms: float
    median_ms: float
    slowest_ms: float
    per_second: float
    errors: int
    size: int


@dataclass
class Server:
    """A running gunicorn and the processes that belong to it."""

    port: int
    pid: int

    def processes(self) -> list[int]:
        """Return the master and its workers."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, listed)]

    def cpu(self) -> float:
        """Return the seconds of CPU that the server has used so far."""
        total = 0
        for pid in self.processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def memory_mib(self) -> float:
        """Return the resident memory of the largest worker, in MiB."""
        sizes = []
        for pid in self.processes()[1:]:
            status = Path(f"/proc/{pid}/status").read_text()
            line = next(x for x in status.splitlines() if x.startswith("VmRSS"))
            sizes.append(int(line.split()[1]) / 1024)
        return max(sizes)


@contextmanager
def gunicorn(target: str, port: int, **environ: str) -> Iterator[Server]:
    """Serve `target` with two workers of four threads until the block ends."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", target,
            "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4",
            "--worker-class", "gthread", "--log-level", "error",
        ],
        env={**os.environ, **environ},
    )  # fmt: skip
    try:
        _wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def measure(
    server: Server,
    path: str,
    *,
    headers: dict[str, str] | None = None,
    requests: int = 400,
    connections: int = 16,
    body: Callable[[int], bytes] | None = None,
    expected: tuple[int, ...] = (200,),
) -> Measured:
    """Ask for one page again and again, by several connections at once."""
    send = headers or {}
    times: list[float] = []
    bad: list[int] = []
    sizes: list[int] = []

    def run(share: int, seed: int, note: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for number in range(share):
            began = time.perf_counter()
            if body is None:
                connection.request("GET", path, headers=send)
            else:
                connection.request(
                    "POST", path, body=body(seed * 100_000 + number), headers=send
                )
            answer = connection.getresponse()
            size = len(answer.read())
            if note:
                times.append((time.perf_counter() - began) * 1000)
                sizes.append(size)
                if answer.status not in expected:
                    bad.append(answer.status)
        connection.close()

    if body is None:
        _all(run, 4, 20, note=False)
    before, began = server.cpu(), time.perf_counter()
    _all(run, connections, max(1, requests // connections), note=True)
    seconds = time.perf_counter() - began
    used = server.cpu() - before
    times.sort()
    return Measured(
        requests=len(times),
        cpu_ms=used * 1000 / len(times),
        median_ms=times[len(times) // 2],
        slowest_ms=times[-1],
        per_second=len(times) / seconds,
        errors=len(bad),
        size=max(sizes),
    )


def _all(run: Callable[..., None], threads: int, share: int, *, note: bool) -> None:
    started = [
        threading.Thread(target=run, args=(share, seed, note))
        for seed in range(1, threads + 1)
    ]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
