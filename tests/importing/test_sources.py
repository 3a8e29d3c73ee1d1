"""Which reader a path gets, and that every key has its sentence."""

import json
import re
import zipfile
from typing import get_args

from forum.importing.records import ReasonKey, WarningKey
from forum.importing.sources import count, read
from forum.importing.words import REASONS, WARNINGS

TEXT = "# Title\n\nText\n"
LINE = json.dumps({"id": "x", "title": "T", "body_markdown": "B"}) + "\n"


def seen(path, **more):
    return [(one.path, getattr(one, "reason_key", "")) for one in read(path, **more)]


def test_a_mixture(tmp_path):
    top = tmp_path / "mixed"
    files = {
        "a.jsonl": LINE,
        "b.jsonl": LINE,
        "data-manifest.jsonl": LINE,
        "README.md": TEXT,
        "note.md": TEXT,
        "picture.png": "x",
        ".hidden": "x",
        "LICENCES/mit.txt": "x",
        "files/manifest.jsonl": LINE,
        "files/a.png": "x",
        "texts/LICENSE.md": TEXT,
        "texts/b.md": TEXT,
        "more/c.jsonl": LINE.replace('"x"', '"y"'),
        "more/texts/b.md": TEXT,
    }
    for name, content in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(content)
    with zipfile.ZipFile(top / "z.zip", "w") as archive:
        archive.writestr("texts/d.md", TEXT)
    assert seen(top) == [
        ("mixed/.hidden", "hidden"),
        ("mixed/LICENCES/mit.txt", "licence_text"),
        ("mixed/README.md", "about_the_data"),
        ("a.jsonl", ""),
        ("b.jsonl", "duplicate_id"),
        ("mixed/data-manifest.jsonl", "manifest"),
        ("mixed/files/a.png", "file_not_used"),
        ("mixed/files/manifest.jsonl", "manifest"),
        ("c.jsonl", ""),
        ("b.md", ""),
        ("note.md", ""),
        ("mixed/picture.png", "file_not_used"),
        ("LICENSE.md", ""),
        ("b.md", "duplicate_id"),
        ("d.md", ""),
    ]
    assert count(top) == len(seen(top))


def test_single_files(tmp_path):
    (tmp_path / "a.md").write_text(TEXT)
    (tmp_path / "b.txt").write_text("x")
    (record,) = read(tmp_path / "a.md")
    assert record.source_id == f"markdown:{tmp_path.name}/a.md"
    (record,) = read(tmp_path / "a.md", name="true.md")
    assert record.source_id == "markdown:true.md"
    assert seen(tmp_path / "b.txt") == [("b.txt", "not_importable")]
    assert seen(tmp_path / "none") == [("none", "not_found")]


def test_every_key_has_a_sentence_that_its_parameters_fill():
    assert set(REASONS) == set(get_args(ReasonKey))
    assert set(WARNINGS) == set(get_args(WarningKey))
    for words in (*REASONS.values(), *WARNINGS.values()):
        # Only named places may stand in a sentence.
        assert "%" not in re.sub(r"%\(\w+\)s", "", str(words._args[0]))
