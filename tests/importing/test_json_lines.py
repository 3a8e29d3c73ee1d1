"""JSON Lines: one bad line costs itself only."""

import gzip
import json

import pytest

from forum.importing.json_lines import read_json_lines
from forum.importing.records import EntryRecord, Limits, Refused

GOOD = {
    "id": "a:1",
    "title": "Title",
    "body_markdown": "# Title\n\nText",
    "kind": "tip",
}


def write(tmp_path, *lines, name="a.jsonl"):
    raw = [
        line
        if isinstance(line, bytes)
        else json.dumps({**GOOD, "id": f"a:{number}", **line}).encode()
        for number, line in enumerate(lines, 1)
    ]
    path = tmp_path / name
    data = b"\n".join(raw) + b"\n"
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def one(tmp_path, line):
    (record,) = read_json_lines(write(tmp_path, line))
    return record


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"id": 1' + b"1" * 5000 + b"}", "bad_json"),
        (b"[1]", "not_a_record"),
        (b'{"title": "\xff"}', "not_utf8"),
        ({"title": None}, "title_missing"),
        ({"title": " \n"}, "title_missing"),
        ({"title": 3}, "wrong_type"),
        ({"body_markdown": None}, "body_missing"),
        ({"body_markdown": ["x"]}, "wrong_type"),
        ({"body_markdown": "# Title\n"}, "no_body"),
        ({"body_markdown": "x" * 3_000_000}, "too_large"),
        (b'{"x": "' + b"x" * 5_000_000 + b'"}', "line_too_long"),
        ({"kind": "peer-review"}, "kind_not_imported"),
        ({"id": "a:0"}, "duplicate_id"),
    ],
)
def test_refused_and_read_on(tmp_path, line, reason):
    first, bad, last = read_json_lines(write(tmp_path, {"id": "a:0"}, line, {}))
    assert isinstance(bad, Refused)
    assert (bad.reason_key, bad.params["line"]) == (reason, 2)
    assert isinstance(first, EntryRecord)
    assert isinstance(last, EntryRecord)


@pytest.mark.parametrize(
    ("line", "warnings"),
    [
        ({}, []),
        ({"created_at": "2022-02-30"}, ["date_unreadable"]),
        ({"created_at": 12}, ["date_unreadable"]),
        ({"created_at": "0001-01-01T00:00:00+10:00"}, ["date_unreadable"]),
        ({"tags": "x"}, ["value_ignored"]),
        ({"tags": ["Two Words", "!", 3]}, ["tags_dropped"]),
        ({"score": "many"}, ["value_ignored"]),
        ({"score": 2**40}, ["value_ignored"]),
        ({"kind": "poem"}, ["kind_unknown"]),
        ({"kind": ["x"]}, ["kind_unknown"]),
        ({"title": "x" * 300}, ["title_shortened"]),
        ({"body_markdown": "a\0b"}, ["nul_removed"]),
        ({"body_markdown": "a\ud800b"}, ["surrogates_replaced"]),
        ({"id": None}, ["id_made"]),
        ({"replies": [3, {"body_markdown": ""}]}, ["comments_dropped"]),
        ({"fields": {"goal": "x", "bad": 3}}, ["value_ignored"]),
    ],
)
def test_taken_with_warnings(tmp_path, line, warnings):
    record = one(tmp_path, line)
    assert isinstance(record, EntryRecord)
    assert [warning.key for warning in record.warnings] == warnings
    json.dumps(record.body_markdown).encode("utf-8")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2021-03-25T22:57:15+01:00", "2021-03-25T21:57:15+00:00"),
        ("2021-04-27T15:06:44.553", "2021-04-27T15:06:44.553000+00:00"),
        ("2012-06-20", "2012-06-20T00:00:00+00:00"),
    ],
)
def test_three_forms_of_dates(tmp_path, given, stored):
    assert one(tmp_path, {"created_at": given}).created_at.isoformat() == stored


def test_heading_that_repeats_the_title_goes(tmp_path):
    assert (
        one(tmp_path, {"body_markdown": "\n# `title`\n\nText"}).body_markdown == "Text"
    )
    kept = one(tmp_path, {"body_markdown": "# Other\n\nText"})
    assert kept.body_markdown == "# Other\n\nText"


def test_a_post_with_answers_or_score_is_a_question(tmp_path):
    answer = {"kind": "answer", "id": 7, "body_markdown": "Yes", "accepted": True}
    answer["replies"] = [
        {"body_markdown": "Sure?", "replies": [{"body_markdown": "!"}]}
    ]
    said = {"kind": "post", "score": 3, "author": "source", "source": "site"}
    comments = [{"body_markdown": "Same?", "author": "Ann"}] * 2
    record = one(tmp_path, {**said, "replies": [answer], "comments": comments})
    assert (record.kind, record.score, record.author) == ("question", 3, None)
    assert [reply.kind for reply in record.replies] == ["comment", "comment", "answer"]
    first, second, third = record.replies
    assert third.accepted
    assert third.source_id == "a:1#7"
    assert first.author_origin == "site"
    assert second.source_id == first.source_id + "~2"
    assert [reply.body for reply in third.replies] == ["Sure?", "!"]
    assert [warning.key for warning in record.warnings] == ["comments_flattened"]
    assert one(tmp_path, {"kind": "post"}).kind == "post"


def test_a_payload_becomes_the_text(tmp_path):
    line = json.dumps({"id": "v1", "name": None, "payload": "<b onclick=x>"}).encode()
    record = one(tmp_path, line)
    assert (record.kind, record.title, record.body_markdown) == (
        "post",
        "v1",
        "<b onclick=x>",
    )
    assert [warning.key for warning in record.warnings] == ["payload_as_text"]


def test_packed_cut_and_endless(tmp_path):
    path = write(tmp_path, {}, {}, {"body_markdown": "x" * 50_000}, name="a.jsonl.gz")
    assert len(list(read_json_lines(path))) == 3
    small = list(read_json_lines(path, limits=Limits(unpacked_bytes=20_000)))
    assert [getattr(x, "reason_key", "") for x in small] == [
        "",
        "",
        "archive_too_large",
    ]
    path.write_bytes(path.read_bytes()[:-12])
    assert list(read_json_lines(path))[-1].reason_key == "archive_broken"


def test_twice_the_same_and_a_digest_of_the_content(tmp_path):
    path = write(tmp_path, {"score": 1}, {})
    first, second = list(read_json_lines(path)), list(read_json_lines(path))
    assert first == second
    assert [x.digest for x in first] == [x.digest for x in second]
    assert one(tmp_path, {"score": 2}).digest != first[0].digest
