"""Every example of the guide works, in the order it is written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from forum.blueprints.api.frame import LIMIT
from tests.api.conftest import World, tip

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "api.md"


def run(client: FlaskClient, line: str, token: str) -> int:
    """Send what the curl command would send."""
    words = iter(shlex.split(line.replace("$TOKEN", token))[1:])
    method, data, url = "GET", None, ""
    headers = []
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, value = next(words).split(": ", 1)
            headers.append((name, value))
        elif word == "-d":
            data = next(words)
        elif word != "-i":
            url = word.removeprefix("http://localhost")
    return client.open(url, method=method, data=data, headers=headers).status_code


def test_the_examples_work(app: Flask, world: World) -> None:
    world.ada.post("entries", tip(world.open))
    lines = re.findall(r"^    (curl .*)$", GUIDE.read_text(), re.M)
    assert len(lines) == 12
    for line in lines:
        status = run(app.test_client(), line, world.ada.token)
        made = "-X POST" in line and "/render" not in line
        assert status == (201 if made else 200), line


def test_the_numbers_are_those_of_the_program() -> None:
    assert LIMIT == "1200 per minute"
    assert "1,200 requests in a minute" in GUIDE.read_text()
