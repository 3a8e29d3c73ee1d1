"""What becomes of every oddity of the sample corpus, and of the corpus as a whole."""

from collections import Counter
from pathlib import Path

import pytest

from forum.importing.records import EntryRecord, Refused
from forum.importing.sources import count, read

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
ODDITIES = CORPUS / "markdown-import" / "oddities"
pytestmark = [pytest.mark.corpus, pytest.mark.usefixtures("corpus")]

REFUSED = {
    ".hidden-draft.md": "hidden",
    "empty.md": "empty",
    "front-matter-only.md": "no_body",
    "whitespace-only.md": "empty",
}
LINKS = {"links_missing", "links_outside", "pictures_missing"}
# Kind, start of the title, warnings; links are looked at apart, they hang on the
# folders that lie around.
TAKEN = {
    "Spaces and (brackets) in name.md": ("tutorial", "Go Code Reviews", []),
    "UPPER.MD": ("post", "Separating Client Apps", []),
    "a/b/c/d/e/f/g/h/i/j/deep.md": ("post", "Executing Pipelines Locally", []),
    "cr-only.md": ("post", "Social Question", ["line_ends_changed"]),
    "double-bom.md": ("tutorial", "Delivery Plan", ["marks_removed"]),
    "front-matter-alias-growth.md": (
        "tutorial",
        "Process Guidance",
        ["front_matter_aliases"],
    ),
    "front-matter-bad-yaml.md": (
        "tutorial",
        "Definition of Ready",
        ["front_matter_bad"],
    ),
    "front-matter-dots-close.md": ("tutorial", "Reviewer Guidance", []),
    "front-matter-duplicate-keys.md": (
        "tutorial",
        "Sections of a Working Agreement",
        ["front_matter_duplicates"],
    ),
    "front-matter-json.md": ("tutorial", "Evidence and Measures", []),
    "front-matter-multi-document.md": (
        "tutorial",
        "Author Guidance",
        ["front_matter_doubled"],
    ),
    "front-matter-python-tag.md": (
        "tutorial",
        "Inclusion in Code Review",
        ["front_matter_tag"],
    ),
    "front-matter-slug-escape.md": (
        "post",
        "Pull Request Template",
        ["front_matter_unused"],
    ),
    "front-matter-tab.md": ("tutorial", "Team Manifesto", ["front_matter_tabs"]),
    "front-matter-toml.md": ("tip", "Code Reviews", []),
    "front-matter-types.md": (
        "tutorial",
        "1.10",
        ["tags_dropped", "date_unreadable", "front_matter_unused"],
    ),
    "front-matter-unclosed.md": (
        "tutorial",
        "Definition of Done",
        ["front_matter_unclosed"],
    ),
    "html-heavy.md": ("tutorial", "Onboarding Guide Template", []),
    "invalid-utf8.md": ("tutorial", "Why Collaboration", ["bytes_replaced"]),
    "iso-8859-1.md": ("post", "Größe und Maße", ["encoding_converted"]),
    "large-document.md": ("tutorial", "A very large document", []),
    "links-mixed.md": ("tutorial", "Fake Services Inner Dev Loop", []),
    "long-extension.markdown": ("post", "Cross Platform Tasks", []),
    "mixed-eol.md": (
        "tutorial",
        "Engagement Team Development",
        ["line_ends_changed"],
    ),
    "mojibake.md": ("tutorial", "Scrum of Scrums", []),
    "naïve-café-NFC.md": ("tutorial", "Java Code Reviews", []),
    "nul-bytes.md": ("tutorial", "Virtual Collaboration", ["nul_removed"]),
    "one-long-line.md": ("post", "Toggle VNet", ["heading_too_long"]),
    "résumé-décomposé.md": ("tutorial", "JavaScript/TypeScript", []),
    "shift-jis.md": ("tip", "手順書", ["encoding_converted"]),
    "thematic-break-first.md": ("tutorial", "C# Code Reviews", []),
    "title-html.md": ("tutorial", "Bold &", ["title_markup_removed"]),
    "title-missing.md": ("tutorial", "Title missing", ["title_from_name"]),
    "title-very-long.md": ("tutorial", "Long title word", ["title_shortened"]),
    "utf16be-bom.md": ("post", "Minimal Slices", ["encoding_converted"]),
    "utf16le-bom.md": ("tutorial", "Agile Development", ["encoding_converted"]),
    "windows-1252.md": ("tutorial", "Risk Management", ["encoding_converted"]),
    "دليل-البدء.md": ("tutorial", "دليل البدء", []),
    "日本語の手順.md": ("tutorial", "日本語の手順", []),
    "🚀-launch.md": ("tutorial", "🚀 Launch", []),
}


@pytest.fixture(scope="module")
def oddities():
    return {record.path: record for record in read(ODDITIES)}


def test_the_table_names_every_oddity(oddities):
    assert set(oddities) == set(TAKEN) | set(REFUSED)
    assert len(oddities) == sum(1 for one in ODDITIES.rglob("*") if one.is_file())


@pytest.mark.parametrize("path", TAKEN)
def test_oddity_taken(oddities, path):
    kind, title, warnings = TAKEN[path]
    record = oddities[path]
    assert isinstance(record, EntryRecord)
    assert record.kind == kind
    assert record.title.startswith(title)
    assert len(record.title) <= 200
    found = [warning.key for warning in record.warnings]
    assert [key for key in found if key not in LINKS] == warnings
    assert not set("\0\r") & set(record.body_markdown)


@pytest.mark.parametrize("path", REFUSED)
def test_oddity_refused(oddities, path):
    record = oddities[path]
    assert isinstance(record, Refused)
    assert record.reason_key == REFUSED[path]


def test_links_of_the_mixed_file_are_resolved_in_the_whole_folder():
    records = {record.path: record for record in read(ODDITIES.parent)}
    mixed = records["oddities/links-mixed.md"]
    found = {link.reference: link.source_id for link in mixed.links}
    assert found["long-extension.markdown"].endswith("/long-extension.markdown")
    for reference in (
        "../playbook/source-control/README.md#resources",
        "/playbook/source-control/README.md",
    ):
        assert found[reference].endswith("/playbook/source-control/README.md")
    brackets = "Spaces%20and%20(brackets)%20in%20name.md"
    assert found[brackets] == found["Spaces and (brackets) in name.md"]
    outside = [one for one in mixed.warnings if one.key == "links_outside"]
    assert "etc/passwd" in str(outside[0].params["references"])


def test_the_whole_corpus_is_read_twice_the_same():
    first, second = list(read(CORPUS)), list(read(CORPUS))
    assert first == second
    taken = Counter(one.kind for one in first if isinstance(one, EntryRecord))
    refused = Counter(one.reason_key for one in first if isinstance(one, Refused))
    assert taken == {"tip": 7940, "question": 1042, "tutorial": 500, "post": 346}
    assert refused == {
        "about_the_data": 1,
        "empty": 2,
        "file_not_used": 6,
        "hidden": 2,
        "kind_not_imported": 8,
        "licence_text": 4,
        "manifest": 2,
        "no_body": 1,
    }
    ids = [one.source_id for one in first if isinstance(one, EntryRecord)]
    assert len(set(ids)) == len(ids)
    assert abs(count(CORPUS) - len(first)) <= 0.01 * len(first)
    comments = [
        reply for one in first if isinstance(one, EntryRecord) for reply in one.replies
    ]
    answers = [one for one in comments if one.kind == "answer"]
    below = sum(len(one.replies) for one in comments)
    assert (len(answers), len(comments) - len(answers) + below) == (1496, 1828)
