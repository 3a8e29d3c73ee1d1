"""No text runs, fetches or imitates anything, and none makes the renderer fail."""

import html
import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum import markup

from .hostile import VECTORS, faults

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
MARKS = st.sampled_from(
    list("[]()*_`~#>-|!:@<&;\\\n \t")
    + ["\n\n", "    ", "```", "## ", "- [ ] ", "<b>", "</b>", "[[", "[^a]", "[^a]: "]
    + ["!!! note\n", "<details>", "</details>", "&#106;", "javascript:", "http://a.b"]
)
TEXTS = st.text() | st.lists(MARKS | st.text(max_size=4), max_size=60).map("".join)


def joined(rendered):
    return "".join(
        (
            f'<h2 id="{s.key}">{html.escape(s.title, quote=False)}</h2>'
            if s.role == "section"
            else ""
        )
        + s.html
        for s in rendered.sections
    )


@pytest.mark.parametrize("text", VECTORS)
def test_a_hostile_text_comes_out_inert(text):
    for variant in (text, f"> {text}", f"- {text}", f"a *{text}* b"):
        assert faults(markup.render(variant).html) == []


def test_raw_html_is_shown_as_the_words_it_is():
    shown = markup.render('<div class="callout">x</div> <script>run()</script>').html
    assert "&lt;script&gt;run()&lt;/script&gt;" in shown
    assert '&lt;div class="callout"&gt;' in shown


@pytest.mark.corpus
@pytest.mark.usefixtures("corpus")
def test_every_sample_of_the_public_collections_comes_out_inert():
    source = CORPUS / "hostile-sample.jsonl"
    broken = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        payload = sample["payload"]
        for text in (payload, f"[a]({payload})", f"![a]({payload})", f"`{payload}`"):
            if found := faults(markup.render(text).html):
                broken[sample["id"]] = found
    assert broken == {}


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_any_text_renders_to_clean_whole_html(text):
    rendered = markup.render(text)
    assert faults(rendered.html) == []
    assert joined(rendered) == rendered.html
    assert rendered.text == "\n\n".join(block.text for block in rendered.blocks)
    rendered.html.encode("utf-8")
    assert markup._local.engine().cleaner.clean(rendered.html) == rendered.html
    assert markup.render(text) == rendered


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec=None), max_size=80))
def test_lone_surrogates_and_control_characters_do_not_raise(text):
    rendered = markup.render(text)
    assert "\0" not in rendered.text
    (rendered.html + rendered.text).encode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "*" * 50_000,
        "`" * 50_000,
        "![" * 25_000,
        "[a](" * 12_000,
        "> " * 5_000,
        ">" * 5_000,
        "- > " * 500 + "x",
        "".join("    " * i + "- a\n" for i in range(200)),
        "".join("  " * i + "- a\n" for i in range(300)),
        "# a\n" * 10_000,
        "***\n" * 10_000,
        "a\n-\n" * 10_000,
        "[^a]" * 10_000 + "\n\n[^a]: x",
        "<b>" * 500 + "</b>" * 500,
        "<details>\n\n" * 3_000,
        "a" + "\u0301\u0316" * 50_000,
        "*a _b " * 10_000,
        " " * 50_000 + "x",
        "- [a](b)\n" * 8_000,
        "word " * 130_000,
    ],
    ids=lambda text: ascii(text[:8]),
)
def test_a_text_made_to_be_slow_takes_under_two_seconds(text):
    markup.render("warm")
    begin = time.process_time()
    rendered = markup.render(text)
    assert time.process_time() - begin < 2
    assert faults(rendered.html) == []


def test_a_text_beyond_the_limit_stands_in_plain_paragraphs():
    text = "**bold** <b>\n\n" * markup.FORMATTED_CHARACTERS
    rendered = markup.render(text[: markup.FORMATTED_CHARACTERS + 14])
    assert rendered.plain
    assert rendered.html.startswith("<p>**bold** &lt;b&gt;</p><p>")
    assert joined(rendered) == rendered.html


def test_a_text_after_a_tangled_one_is_rendered_as_ever():
    before = markup.render("*a* [b](/c)[^1]\n\n[^1]: d")
    assert markup.render("[a " * 40_000).html
    assert markup.render("*a* [b](/c)[^1]\n\n[^1]: d") == before
