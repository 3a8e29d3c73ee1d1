"""kill -9 while people write: what was answered as saved is there, exactly once.

python -m bench.kill                # 20 rounds on SQLite, about a minute
python -m bench.kill --rounds 5     # fewer
python -m bench.kill --database postgresql:///some_empty_database
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.killing.accounts import Account, examine
from bench.killing.writers import Ledger, Writer, writers

VICTIMS = ("a web process", "the worker", "the parent")
EMAIL, PASSWORD = "ada@example.com", "a long pass phrase for the bench"  # noqa: S105
PATIENCE = 60.0
WRITES_BEFORE_A_KILL = 12


class ServeDied(Exception):
    """`forum serve` did not start."""


@dataclass
class Forum:
    """`forum serve` on a data folder and a port of its own."""

    data: Path
    database: str = ""
    port: int = 0
    parent: subprocess.Popen[str] | None = None
    slowest_start: float = 0.0

    @property
    def settings(self) -> dict[str, str]:
        """The environment of its commands."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FORUM_")}
        return {
            **kept,
            "FORUM_DATA": str(self.data),
            "FORUM_DATABASE_URL": self.database,
            "FORUM_WEB_PROCESSES": "2",
            "FORUM_LOG_LEVEL": "error",
        }

    def run(self, *args: str, words: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of its commands to the end."""
        return subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "forum", *args],
            env=self.settings,
            input=words,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self) -> None:
        """Start it; as long as what a dead parent left behind holds the port, again."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            with (self.data / "serve.err").open("a") as errors:
                self.parent = subprocess.Popen(  # noqa: S603 - our own command
                    [sys.executable, "-m", "forum", "serve"]
                    + ["--bind", f"127.0.0.1:{self.port}"],
                    env=self.settings,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                )
            assert self.parent.stdout is not None  # noqa: S101 (for mypy)
            line = self.parent.stdout.readline()
            if line:
                self.port = int(line.strip().rsplit(":", 1)[1])
                self.slowest_start = max(self.slowest_start, time.monotonic() - began)
                return
            self._bury()
            time.sleep(0.2)
        raise ServeDied((self.data / "serve.err").read_text()[-2_000:])

    def stop(self) -> None:
        """Stop it as an operator does."""
        if self.parent is not None and self.parent.poll() is None:
            self.parent.terminate()
            self._bury()

    def _bury(self) -> None:
        """Wait until the parent has gone and close what it could be heard through."""
        if self.parent is not None and self.parent.stdout is not None:
            self.parent.wait(PATIENCE)
            self.parent.stdout.close()

    def kill(self, victim: str, chance: random.Random) -> bool:
        """Kill -9; False when there is nobody to kill just now."""
        assert self.parent is not None  # noqa: S101 (for mypy)
        if victim == "the parent":
            self.parent.kill()
            self._bury()
            self.start()
            return True
        mine = children_of(self.parent.pid)
        if victim == "the worker":
            found = [pid for pid, words in mine.items() if "worker" in words]
        else:
            webs = [pid for pid, words in mine.items() if "gunicorn" in words]
            found = [pid for web in webs for pid in children_of(web)]
        if not found:
            return False
        os.kill(chance.choice(sorted(found)), signal.SIGKILL)
        return True


def children_of(pid: int) -> dict[int, str]:
    """Return the living children of a process with their command lines."""
    out = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,args="],  # noqa: S607 - wherever ps is
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.split(None, 2) for line in out.splitlines()]
    return {
        int(row[0]): row[2]
        for row in rows
        if len(row) == 3 and int(row[1]) == pid and "<defunct>" not in row[2]
    }


@dataclass
class Outcome:
    """What some rounds have shown."""

    account: Account
    ledger: Ledger
    kills: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    slowest_start: float = 0.0


def play(data: Path, rounds: int, *, seed: int = 1, database: str = "") -> Outcome:
    """Write with three writers, kill in every round, and settle the account."""
    chance, began = random.Random(seed), time.monotonic()  # noqa: S311 - no secret
    data.mkdir(parents=True, exist_ok=True)
    forum, ledger = Forum(data, database), Ledger()
    kills = dict.fromkeys(VICTIMS, 0)
    made = forum.run(
        *("init", "--email", EMAIL, "--name", "Ada Lund", "--password-stdin"),
        words=PASSWORD,
    )
    if made.returncode:
        raise ServeDied(made.stderr)
    forum.start()
    done = threading.Event()
    try:
        token = forum.run("token", "create", EMAIL, "--scopes", "read,write")
        at_work: list[Writer] = writers(
            lambda: forum.port, ledger, done, token.stdout.strip(), EMAIL, PASSWORD
        )
        for number in range(rounds):
            victim = VICTIMS[number % 3]
            ledger.wait_for(WRITES_BEFORE_A_KILL, PATIENCE)
            time.sleep(chance.uniform(0, 0.2))  # anywhere within a write
            if victim == "the worker" and not forum.kill(victim, chance):
                victim = "a web process"  # the worker is being started again
                forum.kill(victim, chance)
            elif victim != "the worker":
                forum.kill(victim, chance)
            kills[victim] += 1
        ledger.wait_for(WRITES_BEFORE_A_KILL, PATIENCE)
        done.set()
        for writer in at_work:
            writer.join(PATIENCE)
        forum.stop()  # a worker that died often is waited for; a new parent is not
        forum.start()
        account = examine(forum, ledger)
    finally:
        done.set()
        forum.stop()
    spent = time.monotonic() - began
    return Outcome(account, ledger, kills, spent, forum.slowest_start)


def main() -> None:
    """Play the rounds and print what came of them; exit code 1 when words are lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="instead of SQLite")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = play(
            Path(folder) / "data",
            asked.rounds,
            seed=asked.seed,
            database=asked.database,
        )
    print("killed:", ", ".join(f"{who} {n}x" for who, n in found.kills.items()))
    print("acknowledged:", ", ".join(found.ledger.counts()))
    print(f"connections lost: {found.ledger.lost}, repeated until answered")
    print(f"slowest start: {found.slowest_start:.1f} s, all: {found.seconds:.0f} s")
    print(found.account.words())
    sys.exit(0 if found.account.is_clean else 1)


if __name__ == "__main__":
    main()
