"""Killed in the middle and run again, an import ends as if it had never stopped."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.importing.material import QUESTION, folder, lines

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from forum import create_app
from forum.extensions import db
from forum.importing.run import run_import
from forum.models import Base, Role
from tests import factories
app = create_app({"FORUM_DATA": sys.argv[1], "FORUM_SECRET_KEY": "only a test"})
with app.app_context():
    Base.metadata.create_all(db.engine)
    if factories.site() and not db.session.query(factories.Person).count():
        factories.person("Ada Admin", Role.ADMIN)
    run_import(Path(sys.argv[2]), batch=3)
"""
# What stands in the rows, without the moments at which this run wrote them.
STATEMENTS = (
    "select x.source_id, e.kind, e.title, e.published_at, e.updated_at, e.active_at,"
    " e.comment_count, e.answer_count, e.current_number, e.version, p.origin_name"
    " from entry e join external_id x on x.noun = 'entry' and x.noun_id = e.id"
    " join person p on p.id = e.owner_id order by 1",
    "select x.source_id, c.kind, c.html, c.imported_score, c.accepted_at, c.created_at"
    " from comment c join external_id x on x.noun = 'comment' and x.noun_id = c.id"
    " order by 1",
    "select e.title, r.number, r.body, r.digest from revision r"
    " join entry e on e.id = r.entry_id order by 1, 2, 3",
    "select name from tag order by 1",
    "select origin, origin_name, name from person order by 1, 2",
    "select digest, name from attachment order by 1",
    "select title, state from draft order by 1",
    "select verb, count(*) from event group by 1 order by 1",
)


def begin(data: Path, source: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, data, source], cwd=ROOT)


def look(data: Path, statement: str) -> list[Any]:
    with sqlite3.connect(data / "forum.db") as connection:
        return connection.execute(statement).fetchall()


def taken(data: Path) -> int:
    try:
        return int(look(data, "select count(*) from entry")[0][0])
    except sqlite3.OperationalError:
        return 0


@pytest.mark.slow
def test_killed_and_run_again_it_ends_the_same(tmp_path: Path) -> None:
    source = tmp_path / "in"
    folder(source / "texts")
    for text in (source / "texts").glob("*.md"):
        body = text.read_text()
        dated = (
            body if body.startswith("---") else f"---\ndate: 2020-01-01\n---\n{body}"
        )
        text.write_text(dated)
    day = "2022-05-{:02}T10:00:00"
    records = [
        QUESTION
        | {
            "id": f"board:{n}",
            "title": f"Question {n}",
            "tags": [f"tag-{n % 17}"],
            "created_at": day.format(n % 28 + 1),
            "updated_at": day.format(n % 28 + 1),
        }
        for n in range(120)
    ]
    lines(source / "board.jsonl", *records)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert begin(whole, source).wait(120) == 0
    for wanted in (20, 70):
        process = begin(broken, source)
        deadline = time.monotonic() + 60
        while taken(broken) < wanted and time.monotonic() < deadline:
            time.sleep(0.005)
        process.kill()
        assert process.wait(10) == -signal.SIGKILL
        assert wanted <= taken(broken) < 122
    assert begin(broken, source).wait(120) == 0
    for statement in STATEMENTS:
        assert look(broken, statement) == look(whole, statement)
