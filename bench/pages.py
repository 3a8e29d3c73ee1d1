"""Pages beside the floor: CPU a request, as ratios measured in one run.

python -m bench.pages            # 1,000 and 10,000 entries, a few minutes
python -m bench.pages --quick    # 200 entries, to see that it works
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import platform
import tempfile
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask

from bench import filling, floor
from bench.load import Measured, Server, gunicorn, measure
from forum import create_app
from forum.extensions import db
from forum.models import Entry
from forum.templating import entry_url
from tests.factories import csrf_of

PAGES = ("home", "list", "entry", "entry, 50 comments", "entry, 1,000 comments")


def main() -> None:
    """Measure floor and pages and print them as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    sizes = (200,) if parser.parse_args().quick else (1_000, 10_000)
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, "
          f"Python {platform.python_version()}, SQLite, 2 processes x 4 threads, "
          "16 connections\n")  # fmt: skip
    print("| what | entries | CPU ms | x floor | median ms | 1/s | errors |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    floor_cpu = _floor()
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "FORUM_DATA": folder,
            "FORUM_SECRET_KEY": "bench",
            "FORUM_SITE_URL": "http://127.0.0.1",
        }
        app = create_app({**settings, "TESTING": True})
        with app.app_context():
            filling.people_and_spaces()
        for size in sizes:
            _pages(app, settings, size, floor_cpu)


def _row(what: str, size: int | str, found: Measured, floor_cpu: float) -> None:
    print(f"| {what} | {size} | {found.cpu_ms:.2f} | {found.cpu_ms / floor_cpu:.1f} | "
          f"{found.median_ms:.1f} | {found.per_second:.0f} | {found.errors} |",
          flush=True)  # fmt: skip


def _floor() -> float:
    floor.fill()
    with gunicorn("bench.floor:app", 8911) as server:
        found = measure(server, "/", requests=3_000)
    _row("floor", 20, found, found.cpu_ms)
    return found.cpu_ms


def _pages(app: Flask, settings: dict[str, str], size: int, floor_cpu: float) -> None:
    with app.test_request_context("/"):
        filling.entries(size)
        first = db.session.scalars(sa.select(Entry).order_by(Entry.id).limit(3))
        quiet, few, many = first
        filling.comments(quiet.id, 3)
        filling.comments(few.id, 50)
        filling.comments(many.id, 1_000)
        paths = dict(
            zip(PAGES, ("/", "/tips", *map(entry_url, (quiet, few, many))), strict=True)
        )
        token = filling.log_in()
        comments_path = f"/entries/{few.id}/comments"
    cookie, csrf = _cookie(app, token)
    with gunicorn("forum:create_app()", 8912, **settings) as server:
        for what, path in paths.items():
            _row(what, size, measure(server, path, headers=cookie), floor_cpu)
        weight = _weight(server, paths["entry, 50 comments"], cookie)
        for writers in (1, 4):
            written = measure(
                server,
                comments_path,
                headers={
                    **cookie,
                    "Content-Type": "application/x-www-form-urlencoded",
                },
                requests=200,
                connections=writers,
                body=lambda number: urlencode(
                    {"csrf_token": csrf, "body": f"Comment number {number}."}
                ).encode(),
                expected=(303,),
            )
            _row(f"write a comment, {writers} writer(s)", size, written, floor_cpu)
            print(f"| slowest write: {written.slowest_ms:.0f} ms | | | | | | |")
        print(f"| memory of a web process: {server.memory_mib():.0f} MiB | | | | | | |")
        print(f"| entry page, compressed, with styles and scripts: {weight:.0f} KB "
              "| | | | | | |")  # fmt: skip


def _cookie(app: Flask, token: str) -> tuple[dict[str, str], str]:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    csrf = csrf_of(client)
    kept = client.get_cookie("commonplace")
    assert kept is not None
    return {"Cookie": f"commonplace={kept.value}"}, csrf


def _weight(server: Server, path: str, cookie: dict[str, str]) -> float:
    """Return the KB a first view of an entry sends, each part compressed."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path, headers=cookie)
    page = connection.getresponse().read()
    total = len(gzip.compress(page))
    static = Path(__file__).parents[1] / "static"
    styles = "".join(p.read_text() for p in sorted(static.rglob("*.css")))
    total += len(gzip.compress(styles.encode()))
    for script in (
        "js/app.js",
        "js/lib/http.js",
        "js/behaviours/hotkeys.js",
        "js/behaviours/copy-code.js",
        "js/behaviours/draft.js",
        "js/lib/autosave.js",
        "js/lib/recovery.js",
        "vendor/relative-time-element/bundle.js",
        "vendor/hotkey/index.js",
    ):
        total += len(gzip.compress((static / script).read_bytes()))
    return total / 1000


if __name__ == "__main__":
    main()
