"""A small forum elsewhere: JSON Lines with answers, and a folder with pictures."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from PIL import Image

from forum.extensions import db
from forum.models import Base

QUESTION: dict[str, Any] = {
    "id": "board:1",
    "source": "old board",
    "kind": "post",
    "title": "Why does the valve hiss?",
    "body_markdown": "It hisses when cold.",
    "tags": ["Valves", "cold start"],
    "author": "Mette",
    "created_at": "2021-03-04T10:00:00+01:00",
    "updated_at": "2021-03-06T10:00:00",
    "lang": "en",
    "score": 7,
    "comments": [{"kind": "comment", "body_markdown": "Mine too.", "author": "Ole"}],
    "replies": [
        {
            "id": "a1",
            "kind": "answer",
            "body_markdown": "Warm the **seal** first.",
            "author": "Ole",
            "created_at": "2021-03-05T08:00:00",
            "score": 4,
            "accepted": True,
            "replies": [
                {"kind": "comment", "body_markdown": "That did it.", "author": "Mette"}
            ],
        },
        {"id": "a2", "kind": "answer", "body_markdown": "Buy another.", "score": -2},
    ],
}
TIPS = [
    {
        "id": f"board:tip-{number}",
        "source": "old board",
        "kind": "tip",
        "title": f"Tip {number}",
        "body_markdown": f"Do it in {number} steps.",
        "tags": ["valves", f"tag-{number % 3}"],
        "author": ["Mette", "Ole", "source"][number % 3],
    }
    for number in range(12)
]


def lines(path: Path, *records: dict[str, Any] | str) -> Path:
    """Write JSON Lines; a string goes in as it is."""
    texts = [one if isinstance(one, str) else json.dumps(one) for one in records]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def folder(path: Path) -> Path:
    """A folder whose texts refer to each other, and show a picture twice."""
    path.mkdir(parents=True)
    image = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(image, "PNG")
    (path / "a picture (1).png").write_bytes(image.getvalue())
    (path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    (path / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (path / "first.md").write_text(
        "---\nauthor: Jo\ndate: 2020-02-02\n---\n# First\n\nSee [the second](second.md"
        "#how-it-ends), ![here](<a picture (1).png>) and ![again](<a picture (1).png>)."
        "\n\n![bad](broken.png) ![drawn](drawing.svg)\n\n`[x](second.md)`\n"
    )
    (path / "second.md").write_text("# Second\n\n## How it ends\n\nWell.\n")
    (path / "half.md").write_text(
        "---\ntitle: Half a thought\ndraft: true\n---\nNot yet.\n"
    )
    return path


def state() -> tuple[dict[str, int], str]:
    """The number of rows of each table, and a digest of everything in them."""
    db.session.rollback()
    counts, digest = {}, hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        order = list(table.primary_key.columns)
        rows = db.session.execute(sa.select(table).order_by(*order)).all()
        counts[table.name] = len(rows)
        digest.update(repr([tuple(row) for row in rows]).encode())
    db.session.rollback()
    return counts, digest.hexdigest()
