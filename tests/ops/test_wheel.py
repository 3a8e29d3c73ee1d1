"""The built wheel, alone in an empty environment, serves pages with styles."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=5) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.slow
def test_the_wheel_alone_serves_pages_with_styles(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable, "-m", "build", "--wheel", "--no-isolation",
            "--outdir", str(tmp_path / "dist"), str(HERE),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet"]
    lock = str(HERE / "requirements" / "run.txt")
    subprocess.run([*install, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    port = free_port()
    server = subprocess.Popen(
        [str(tmp_path / "env" / "bin" / "forum"), "serve"],
        cwd=tmp_path,
        env={
            "PATH": "/usr/bin:/bin",
            "FORUM_DATA": str(tmp_path / "data"),
            "FORUM_BIND": f"127.0.0.1:{port}",
            "FORUM_SITE_URL": f"http://127.0.0.1:{port}",
        },
    )
    try:
        page = wait_for(f"http://127.0.0.1:{port}/")
        assert "<h1" in page
        found = re.search(r'<link rel="stylesheet" href="([^"]+)"', page)
        assert found
        status, styles = fetch(f"http://127.0.0.1:{port}{found[1]}")
        assert (status, "--marker" in styles) == (200, True)
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address: str) -> str:
    for _ in range(300):
        try:
            return fetch(address)[1]
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the forum did not start")
