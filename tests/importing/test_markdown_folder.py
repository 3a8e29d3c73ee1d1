"""Odd Markdown files of our own: taken, warned about or refused for a reason."""

import os
import unicodedata

import pytest

from forum.importing.front_matter import split
from forum.importing.markdown_folder import read_markdown_folder
from forum.importing.records import EntryRecord, Limits, Refused
from forum.importing.references import rewrite

TEXT = "# Watering the plants\n\nOnce a week is enough.\n"
BOMB = "---\na: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{n}: &{n} [{', '.join([f'*{o}'] * 9)}]\n"
    for o, n in zip("abcde", "bcdef", strict=True)
)
JAPANESE = "---\ntitle: 水やり\n---\n\nこれは植物の水やりについての文書です。\n"

# name: bytes, title, kind, warnings, a part of the body
TAKEN = {
    "plain": (TEXT, "Watering the plants", []),
    "bom": (b"\xef\xbb\xbf" + TEXT.encode(), "Watering the plants", []),
    "two-boms": (b"\xef\xbb\xbf" * 2 + TEXT.encode(), "Watering", ["marks_removed"]),
    "utf16": (TEXT.encode("utf-16"), "Watering", ["encoding_converted"]),
    "utf16-be": (
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        "Watering",
        ["encoding_converted"],
    ),
    "utf16-no-bom": (TEXT.encode("utf-16-le"), "Watering", ["encoding_converted"]),
    "cp1252": ("# Café “menu”\n\nText\n".encode("cp1252"), "Café “menu”",
               ["encoding_converted"]),
    "latin-1": ("# Grüße\n\nStraße\n".encode("latin-1"), "Grüße",
                ["encoding_converted"]),
    "shift-jis": (JAPANESE.encode("cp932"), "水やり", ["encoding_converted"]),
    "broken-utf8": ("# Grüße\n\nSonne – ".encode() + b"\xc3( rest\n", "Grüße",
                    ["bytes_replaced"]),
    "nul": ("# Title\n\na\0b\n", "Title", ["nul_removed"]),
    "cr": (TEXT.replace("\n", "\r"), "Watering", ["line_ends_changed"]),
    "crlf": (TEXT.replace("\n", "\r\n"), "Watering", []),
    "mixed": ("# T\r\n\nx\ny\r\n", "T", ["line_ends_changed"]),
    "mojibake": ("# CafÃ©\n\nkept\n", "CafÃ©", []),
    "yaml": ("---\ntitle: A: b\n---\n\nText\n", "Yaml",
             ["front_matter_bad", "title_from_name"]),
    "tabs": ("---\ntitle:\tTabs\nauthor:\n\tname: Ann\n---\n\nText\n", "Tabs",
             ["front_matter_tabs"]),
    "unclosed": ("---\ntitle: Open\n\nText\n", "Open", ["front_matter_unclosed"]),
    "doubled": ("---\ntitle: One\n---\n---\ntitle: Two\n---\nText\n", "One",
                ["front_matter_doubled"]),
    "dots": ("---\ntitle: Dots\n...\nText\n", "Dots", []),
    "keys": ("---\ntitle: One\ntitle: Two\n---\nText\n", "Two",
             ["front_matter_duplicates"]),
    "rule": ("---\n\n# Rule\n\nText: more\n\n---\n\nText\n", "Rule", []),
    "rule-2": ("---\n# Rule\n\nText: more\n\n---\n\nText\n", "Rule", []),
    "comment": ("---\n# a comment\ntitle: Noted\n---\nText\n", "Noted", []),
    "tag": ("---\ntitle: !!python/object/apply:os.getcwd []\n---\n# Safe\n\nText\n",
            "Safe", ["front_matter_tag"]),
    "bomb": (BOMB + "---\n# Small\n\nText\n", "Small", ["front_matter_aliases"]),
    "toml": ('+++\ntitle = "Toml"\ntags = ["a"]\n+++\nText\n', "Toml", []),
    "bad-toml": ("+++\ntitle = \n+++\nText\n", "Bad toml",
                 ["front_matter_bad", "title_from_name"]),
    "json": ('{"title": "Json", "tags": ["a"]}\n\nText\n', "Json", []),
    "types": ("---\ntitle: 1.10\nauthor: no\ndate: 2022-02-30\n"
              "tags: [1, true, {x: y}]\n---\nText\n", "1.10",
              ["tags_dropped", "date_unreadable"]),
    "slug": ("---\ntitle: S\nslug: ../../etc\n---\nText\n", "S",
             ["front_matter_unused"]),
    "html": ("---\ntitle: <b>Bold</b> List<Text> &amp; more\n---\nText\n",
             "Bold List<Text> & more", ["title_markup_removed"]),
    "long": (f"---\ntitle: {'word ' * 500}\n---\nText\n", "word word",
             ["title_shortened"]),
    "no-title_here": ("Only text.\n", "No title here", ["title_from_name"]),
    "template": ("---\ntitle: T\n---\n# <%= page.title %>\n\nText\n", "T",
                 ["template_heading_removed"]),
    "draft": ("---\ntitle: D\ndraft: true\n---\nText\n", "D", ["was_draft"]),
    "one-line": ("---\ntitle: L\n---\n# " + "word " * 400, "L", ["heading_too_long"]),
    "setext": ("Under *line*\n=====\n\nText\n", "Under line", []),
}  # fmt: skip
REFUSED = {"empty": (b"", "empty"), "blank": (b" \n\t\n\n", "empty"),
           "only": (b"---\ntitle: T\n---\n\n# T\n", "no_body"),
           "marks": (b"\xef\xbb\xbf", "empty")}  # fmt: skip


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def by_path(folder, **more):
    return {one.path: one for one in read_markdown_folder(folder, **more)}


@pytest.mark.parametrize("name", TAKEN)
def test_taken(tmp_path, name):
    content, title, warnings = TAKEN[name]
    write(tmp_path, f"{name}.md", content)
    (record,) = read_markdown_folder(tmp_path)
    assert isinstance(record, EntryRecord)
    assert record.title.startswith(title)
    assert [one.key for one in record.warnings] == warnings
    assert record.body_markdown.strip()
    assert not set("\0\r\ufeff") & set(record.title + record.body_markdown)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(tmp_path, name):
    content, reason = REFUSED[name]
    write(tmp_path, f"{name}.md", content)
    (record,) = read_markdown_folder(tmp_path)
    assert isinstance(record, Refused)
    assert record.reason_key == reason


def test_unreadable_front_matter_stays_in_the_text(tmp_path):
    write(tmp_path, "a.md", "---\ntitle: A: b\nx: ```\n---\n# Real\n\nText\n")
    (record,) = read_markdown_folder(tmp_path)
    assert record.body_markdown == "````yaml\ntitle: A: b\nx: ```\n````\n\nText"


def test_a_sentence_between_two_rules_is_not_lost(tmp_path):
    write(tmp_path, "a.md", "---\nNote: read this\n---\n# Real\n\nText\n")
    (record,) = read_markdown_folder(tmp_path)
    assert record.body_markdown == "```\nNote: read this\n```\n\nText"
    assert [one.key for one in record.warnings] == ["front_matter_unused"]


def test_a_deep_block_is_not_built():
    found = split("---\na: " + "[" * 5000 + "\n---\nText\n")
    assert (found.values, [one.key for one in found.warnings]) == (
        {},
        ["front_matter_bad"],
    )


def test_metadata(tmp_path):
    head = (
        "---\nTitle: Notes\nauthor: {name: Ann, url: 'https://example.org/ann'}\n"
        "date: 2022-03-04T05:06:07+02:00\nupdated: 2022-03-05\n"
        "tags: On Call, c++ , !!\ncategory: how-to\nlang: en\n"
        "url: javascript:alert(1)\n---\n"
    )
    write(tmp_path, "a.md", head + TEXT)
    (record,) = read_markdown_folder(tmp_path)
    assert (record.author, record.author_url) == ("Ann", "https://example.org/ann")
    assert record.created_at.isoformat() == "2022-03-04T03:06:07+00:00"
    assert record.updated_at.isoformat() == "2022-03-05T00:00:00+00:00"
    assert (record.tags, record.kind, record.lang) == (
        ("on-call", "c++"),
        "tutorial",
        "en",
    )
    assert record.url is None
    assert record.body_markdown.startswith("# Watering")


def test_names_ids_and_order(tmp_path):
    folder = tmp_path / "notes"
    decomposed = unicodedata.normalize("NFD", "é.md")
    for name in ("b c (1).MD", decomposed, "日本.markdown", "x/y/z.md"):
        write(folder, name, TEXT)
    write(folder, ".git/config", "x")
    write(folder, ".git/head.md", "x")
    write(folder, ".secret.md", TEXT)
    write(folder, "data.bin", "x")
    first = list(read_markdown_folder(folder))
    assert first == list(read_markdown_folder(folder))
    assert [(one.path, getattr(one, "reason_key", "")) for one in first] == [
        ("b c (1).MD", ""),
        ("x/y/z.md", ""),
        ("é.md", ""),
        ("日本.markdown", ""),
        ("data.bin", "file_not_used"),
        (".git", "hidden"),
        (".secret.md", "hidden"),
    ]
    folder.rename(tmp_path / "moved")
    again = list(read_markdown_folder(tmp_path / "moved", name="notes"))
    assert again == first
    assert first[1].source_id == "markdown:notes/x/y/z.md"


def test_links_and_pictures(tmp_path):
    text = (
        "[a](sub/b.md#part) [dir](sub/) [root](/sub/b.md) [up](../../etc/passwd)\n"
        "![p](img/A%20b.png?raw=true 'x') ![case](IMG/a b.PNG) <img src='img/c.svg'>\n"
        "[web](https://example.org/x.md) `[code](no.md)`\n\n"
        "```\n[code](no.md)\n```\n\n[r]: <sub/b.md>\n[no](gone.md) ![](gone.png)\n"
    )
    write(tmp_path, "a.md", "# A\n\n" + text)
    write(tmp_path, "sub/b.md", TEXT)
    write(tmp_path, "sub/README.md", TEXT)
    write(tmp_path, "img/A b.png", b"picture")
    write(tmp_path, "img/c.svg", b"<svg/>")
    write(tmp_path, "img/other.png", b"alone")
    records = by_path(tmp_path)
    record = records["a.md"]
    base = f"markdown:{tmp_path.name}/sub/"
    assert [(one.reference, one.source_id, one.fragment) for one in record.links] == [
        ("sub/b.md#part", base + "b.md", "part"),
        ("sub/", base + "README.md", ""),
        ("/sub/b.md", base + "b.md", ""),
        ("sub/b.md", base + "b.md", ""),
    ]
    assert [one.reference for one in record.pictures] == [
        "img/A%20b.png?raw=true",
        "img/c.svg",
    ]
    assert record.pictures[0].open() == b"picture"
    assert {one.key: one.params["references"] for one in record.warnings} == {
        "links_outside": "../../etc/passwd",
        "links_missing": "IMG/a, gone.md",
        "pictures_missing": "gone.png",
    }
    assert records["img/other.png"].reason_key == "picture_not_used"
    changed = rewrite(record.body_markdown, {"sub/b.md#part": "/x", "no.md": "/y"})
    assert "[a](/x)" in changed
    assert changed.count("(no.md)") == 2


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    outside = write(tmp_path, "secret.md", TEXT)
    folder = tmp_path / "in"
    inside = write(folder, "a.md", TEXT)
    (folder / "link.md").symlink_to(outside)
    (folder / "again.md").symlink_to(inside)
    (folder / "loop").symlink_to(folder)
    (folder / "dead.md").symlink_to(tmp_path / "none")
    os.mkfifo(folder / "pipe.md")
    reasons = {k: getattr(v, "reason_key", "") for k, v in by_path(folder).items()}
    assert reasons == {
        "a.md": "",
        "again.md": "",
        "link.md": "link_out_of_folder",
        "loop": "linked_folder",
        "dead.md": "unreadable",
        "pipe.md": "not_importable",
    }


def test_limits(tmp_path):
    write(tmp_path, "big.md", "x" * 200)
    write(tmp_path, "a/b/c/deep.md", TEXT)
    small = Limits(text_bytes=100, depth=2)
    reasons = {k: one.reason_key for k, one in by_path(tmp_path, limits=small).items()}
    assert reasons == {"big.md": "too_large", "a/b/c": "too_deep"}
    (whole,) = read_markdown_folder(tmp_path, limits=Limits(files=1))
    assert whole.reason_key == "too_many_files"


@pytest.mark.parametrize("line", ["# " + " # " * 200_000, "](" * 200_000, "[" * 400_000,
                                  "`" * 300_001, "a `` ` " * 60_000, "<img " * 80_000,
                                  " " * 500_000 + "x"])  # fmt: skip
def test_hostile_lines_cost_little(tmp_path, line):
    write(tmp_path, "a.md", "# T\n\n" + line + "\n")
    (record,) = read_markdown_folder(tmp_path)
    assert isinstance(record, EntryRecord)
