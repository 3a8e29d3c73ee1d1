"""Zips made to do harm, and zips as people make them."""

import struct
import zipfile

import pytest

from forum.importing.markdown_folder import read_markdown_folder
from forum.importing.records import EntryRecord, Limits, Unreadable

TEXT = "# Title\n\nText with ![p](p.png)\n"


def make(path, members, **more):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def reasons(path, **more):
    records = read_markdown_folder(path, **more)
    return {one.path: getattr(one, "reason_key", "") for one in records}


def test_same_ids_as_the_folder_that_was_packed(tmp_path):
    members = [
        ("notes/a.md", TEXT),
        ("notes/p.png", "x"),
        ("__MACOSX/notes/._a.md", ""),
    ]
    path = make(tmp_path / "download (1).zip", members)
    first = list(read_markdown_folder(path))
    assert first == list(read_markdown_folder(path))
    assert first[0].source_id == "markdown:notes/a.md"
    assert first[0].pictures[0].open() == b"x"  # the archive is closed by now
    path.unlink()
    with pytest.raises(Unreadable):
        first[0].pictures[0].open()


@pytest.mark.parametrize(
    "name", ["../out.md", "a/../../out.md", "/etc/out.md", "..\\out.md", "C:\\out.md"]
)
def test_names_that_lead_out(tmp_path, name):
    path = make(tmp_path / "a.zip", [(name, TEXT), ("good.md", TEXT)])
    found = reasons(path)
    assert found.pop("good.md") == ""
    assert list(found.values()) == ["name_unsafe"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip"]


def test_links_encrypted_and_doubled(tmp_path):
    link = zipfile.ZipInfo("link.md")
    link.external_attr = 0o120777 << 16
    with pytest.warns(UserWarning, match="Duplicate"):
        path = make(
            tmp_path / "a.zip",
            [(link, "/etc/passwd"), ("b.md", TEXT), ("b.md", "# Other\n\nText")],
        )
    secret = make(tmp_path / "secret.zip", [("s.md", TEXT)])
    data = bytearray(secret.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark) + offset
        data[at : at + 2] = struct.pack("<H", 1)
    secret.write_bytes(data)
    records = list(read_markdown_folder(path))
    assert [(one.path, getattr(one, "reason_key", "")) for one in records] == [
        ("b.md", ""),
        ("b.md", "duplicate_id"),
        ("link.md", "link_out_of_folder"),
    ]
    assert records[0].title == "Title"
    assert reasons(secret) == {"s.md": "encrypted"}


def test_bombs(tmp_path):
    bomb = make(tmp_path / "bomb.zip", [("b.md", b"0" * 3_000_000), ("a.md", TEXT)])
    assert reasons(bomb) == {"a.md": "", "b.md": "compressed_too_much"}
    small = Limits(unpacked_bytes=1_000_000)
    assert reasons(bomb, limits=small) == {"bomb.zip": "archive_too_large"}
    many = make(tmp_path / "many.zip", [(f"{n}.md", TEXT) for n in range(30)])
    assert reasons(many, limits=Limits(files=20)) == {"many.zip": "too_many_files"}
    assert reasons(many, limits=Limits(files=2)) == {"many.zip": "too_many_files"}
    deep = make(tmp_path / "deep.zip", [("a/" * 60 + "x.md", TEXT), ("b.md", TEXT)])
    assert sorted(reasons(deep).values()) == ["", "too_deep"]


def test_a_size_that_lies(tmp_path):
    path = make(tmp_path / "lie.zip", [("a.md", "# T\n\n" + "word " * 1000)])
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(mark) + offset
        data[at : at + 4] = struct.pack("<I", 10)
    path.write_bytes(data)
    assert reasons(path) == {"a.md": "archive_broken"}


@pytest.mark.parametrize("cut", [0, 10, 60, -30])
def test_broken(tmp_path, cut):
    data = make(tmp_path / "a.zip", [("a.md", TEXT)]).read_bytes()
    path = tmp_path / "cut.zip"
    path.write_bytes(data[:cut])
    assert reasons(path) == {"cut.zip": "archive_broken"}


def test_names_in_utf8_without_the_flag(tmp_path):
    path = make(tmp_path / "a.zip", [("XX.md", TEXT)])
    path.write_bytes(path.read_bytes().replace(b"XX.md", "é.md".encode()))
    (record,) = read_markdown_folder(path)
    assert isinstance(record, EntryRecord)
    assert record.path == "é.md"
