"""The floor that pages are compared with: a bare Flask page.

One SQLite query and one Jinja template of 20 rows, under gunicorn with two workers.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from flask import Flask, render_template
from jinja2 import DictLoader

DATABASE = Path(os.environ.get("BENCH_FLOOR", "/tmp/floor.db"))
PAGE = """<!doctype html><html lang="en"><title>Floor</title><main>
{% for row in rows %}<article><h2><a href="/{{ row[0] }}">{{ row[1] }}</a></h2>
<p>{{ row[2] }}</p></article>{% endfor %}</main></html>"""

app = Flask(__name__)
app.jinja_loader = DictLoader({"floor.html": PAGE})  # compiled once, as any page is


def fill() -> None:
    """Make a table of 1,000 rows."""
    DATABASE.unlink(missing_ok=True)
    with sqlite3.connect(DATABASE) as connection:
        connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, t, x)")
        connection.executemany(
            "INSERT INTO entry (t, x) VALUES (?, ?)",
            [
                (f"Entry {number}", "A sentence of words. " * 8)
                for number in range(1000)
            ],
        )


@app.get("/")
def page() -> str:
    """Answer with 20 rows."""
    connection = sqlite3.connect(DATABASE)
    rows = connection.execute("SELECT id, t, x FROM entry ORDER BY id DESC LIMIT 20")
    try:
        return render_template("floor.html", rows=rows.fetchall())
    finally:
        connection.close()
