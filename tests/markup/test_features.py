"""What each mark of the forum's Markdown becomes."""

import html as html_entities
import re

import pytest

from forum import markup
from forum.markup import Block, Heading, Link, Section


def shown(text: str) -> str:
    return markup.render(text).html


def test_fenced_code_is_coloured_by_classes_and_names_its_language():
    html = shown('```python title="x"\ndef f(): return 1\n```')
    assert '<div class="code-block" data-lang="python"><pre tabindex="0"><code>' in html
    assert '<span class="k">def</span>' in html
    assert "style=" not in html


def test_code_keeps_marks_as_they_are():
    html = shown("`@dana #tag [[7]] :smile: <b>`\n\n    *x* <kbd>")
    assert "<code>@dana #tag [[7]] :smile: &lt;b&gt;</code>" in html
    assert "<code>*x* &lt;kbd&gt;\n</code>" in html


def test_a_corner_of_a_table_without_words_is_no_heading():
    html = shown("| | Before |\n|---|---|\n| hours | 15 |")
    assert "<td></td>" in html
    assert html.count("<th") - html.count("<thead") == 1


def test_table_columns_are_aligned_without_style():
    html = shown("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert '<div class="table-scroll" tabindex="0"><table>' in html
    assert '<td align="center">1</td><td align="right">2</td>' in html


def test_task_boxes_are_off_and_carry_the_words_of_their_task():
    html = shown("- [ ] buy `tea`\n- [x] done\n  - part")
    assert '<ul class="task-list"><li class="task-item"><input' in html
    assert 'aria-label="buy tea"' in html
    assert 'aria-label="done"' in html
    assert html.count("disabled") == 2
    assert html.count("checked") == 1


@pytest.mark.parametrize(
    "text", ['!!! warning "Mind"\n    the *gap*', "> [!WARNING]\n> the *gap*"]
)
def test_both_ways_to_write_a_callout_look_the_same(text):
    html = shown(text)
    assert html.startswith('<div class="callout callout-warning" role="note">')
    assert '<p class="callout-title">' in html
    assert "<p>the <em>gap</em></p></div>" in html


def test_a_quote_that_names_no_known_callout_stays_a_quote():
    assert shown("> [!SHOUT]\n> x").startswith("<blockquote>")


def test_footnotes_link_there_and_back_by_number():
    html = shown("a[^why] b[^why]\n\n[^why]: because")
    assert '<sup id="fnref-1"><a class="footnote-ref" href="#fn-1">1</a></sup>' in html
    assert '<div class="footnotes">' in html
    assert '<li id="fn-1"><p>because' in html
    assert 'href="#fnref2-1"' in html


def test_heading_ids_cannot_meet_the_ids_of_the_page():
    rendered = markup.render("# content\n\n### content\n\n### Größe & Maß")
    assert rendered.headings == [
        Heading(1, "s-content", "content"),
        Heading(3, "s-content-2", "content"),
        Heading(3, "s-größe-maß", "Größe & Maß"),
    ]
    assert '<h3 id="s-content-2">content</h3>' in rendered.html


def test_a_bare_address_becomes_a_link_without_its_full_stop():
    html = shown("See https://a.test/x_y_z?p=1&q=2.")
    assert '<a href="https://a.test/x_y_z?p=1&amp;q=2"' in html
    assert html.endswith(
        'rel="nofollow noopener noreferrer">https://a.test/x_y_z?p=1&amp;q=2</a>.</p>'
    )


def test_links_inside_the_forum_carry_no_rel():
    assert shown("[a](/tips/7) [b](#s-x)") == (
        '<p><a href="/tips/7">a</a> <a href="#s-x">b</a></p>'
    )


def test_a_link_that_must_not_be_followed_stays_readable():
    assert shown("[tap](javascript:x)") == "<p><span>tap (javascript:x)</span></p>"


def test_strikethrough_and_short_codes():
    assert shown("~~old~~ :smile: :no_such_thing: 10:30:15") == (
        "<p><del>old</del> 😄 :no_such_thing: 10:30:15</p>"
    )


@pytest.mark.parametrize(
    "text",
    [
        '??? note "More"\n    inside',
        "<details>\n<summary>More</summary>\n\ninside\n\n</details>",
    ],
)
def test_details_fold_their_text(text):
    assert shown(text) == "<details><summary>More</summary><p>inside</p></details>"


def test_text_after_details_goes_on():
    html = shown("<details><summary>A</summary>\n\nx\n\n</details>\n\nafter\n\nend")
    assert html.endswith("</details><p>after</p><p>end</p>")


def test_a_picture_with_a_title_gets_a_caption():
    assert shown('![a cat](/files/3/cat.png "Our cat")') == (
        '<figure><img alt="a cat" loading="lazy" src="/files/3/cat.png">'
        "<figcaption>Our cat</figcaption></figure>"
    )


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("http://a.test/x.png", True),
        ("//a.test/x.png", True),
        ("x.png", True),
        ("data:image/png;base64,AA", False),
    ],
)
def test_a_picture_from_elsewhere_is_words_not_a_fetch(address, leads):
    html = shown(f"![my words]({address})")
    assert "<img" not in html
    assert "my words" in html
    assert ("<a href=" in html) is leads


def test_mentions_are_marked_and_listed_once():
    rendered = markup.render("@dana.kovac, @Dana.Kovac and mail@example.test. @bo.")
    assert rendered.mentions == ["bo", "dana.kovac"]
    assert (
        '<span class="mention" data-mention="dana.kovac">@dana.kovac</span>,'
        in rendered.html
    )


def test_tags_are_links_but_not_in_addresses_code_or_headings():
    rendered = markup.render("#Deploy `#no` https://a.test/#frag [x #y](/z) C# &#35;a")
    assert '<a class="tag" href="/tags/deploy">#Deploy</a>' in rendered.html
    assert [link.target for link in rendered.links if link.kind == "tag"] == ["deploy"]


def test_entry_links_say_no_title_they_were_not_given():
    rendered = markup.render("[[7]] [[7|our way]] [[Some title]]")
    assert (
        '<a class="entry-link" data-entry="7" href="/entries/7">entry 7</a>'
        in rendered.html
    )
    assert (
        '<a class="entry-link" data-title="Some title"'
        ' href="/entries/by-title?title=Some+title">Some title</a>' in rendered.html
    )
    assert rendered.links == [
        Link("entry", "7", "entry 7"),
        Link("entry", "7", "our way"),
        Link("entry", "Some title", "Some title"),
    ]


def test_harmless_tags_without_attributes_are_kept():
    assert shown("<kbd>Ctrl</kbd>+H<sub>2</sub>O<br>x <kbd>open") == (
        "<p><kbd>Ctrl</kbd>+H<sub>2</sub>O<br>x &lt;kbd&gt;open</p>"
    )


def test_each_second_level_heading_begins_a_section():
    rendered = markup.render(
        "Before\n\n## Open *it*\n\none\n\n### deeper\n\n## Open it\n\n> ## not me"
    )
    assert rendered.sections == [
        Section("intro", "", "<p>Before</p>", "intro"),
        Section(
            "s-open-it",
            "Open it",
            '<p>one</p><h3 id="s-deeper">deeper</h3>',
            "section",
        ),
        Section(
            "s-open-it-2",
            "Open it",
            '<blockquote><h2 id="s-not-me">not me</h2></blockquote>',
            "section",
        ),
    ]


def test_there_is_no_intro_where_nothing_stands_before_the_first_heading():
    assert [part.role for part in markup.render("## A\n\nx").sections] == ["section"]
    assert markup.render("").sections == []


def test_blocks_follow_the_text_in_order():
    rendered = markup.render(
        "Hi *you*\nthere\n\n- a\n  - b\n- c\n\n```\nx\n  y\n```\n\n> q\n\n| h |\n|--|\n"
        "| d |\n\n## T\n\nz[^1]\n\n[^1]: note"
    )
    assert rendered.blocks == [
        Block("paragraph", "Hi you there"),
        Block("list_item", "a\nb"),
        Block("list_item", "c"),
        Block("code", "x\n  y"),
        Block("quote", "q"),
        Block("table", "h\nd"),
        Block("heading", "T"),
        Block("paragraph", "z"),
        Block("footnote", "note"),
    ]
    assert rendered.text.startswith("Hi you there\n\na\nb\n\nc\n\nx\n  y\n\nq")


def test_lists_may_be_written_as_elsewhere():
    assert shown("Buy:\n- tea\n  - green\n- milk") == (
        "<p>Buy:</p><ul><li>tea<ul><li>green</li></ul></li><li>milk</li></ul>"
    )


def test_code_in_a_list_belongs_to_its_item():
    html = shown("1. a\n\n   ```sh\n   ls\n   ```\n\n2. b")
    assert html.count("<ol>") == 1
    assert 'data-lang="sh"' in html


def test_line_ends_do_not_matter():
    assert shown("a\r\n\r\n## b\r\rc") == shown("a\n\n## b\n\nc")


def test_right_to_left_text_is_left_as_it_is():
    assert shown("**مرحبا** بالعالم") == "<p><strong>مرحبا</strong> بالعالم</p>"


def test_an_excerpt_ends_between_words():
    assert markup.plain_excerpt("one\n\ntwo three", 9) == "one two…"
    assert markup.plain_excerpt("short") == "short"


def test_trusted_html_is_not_escaped_again():
    assert f"{markup.trusted('<p>a</p>')}" == "<p>a</p>"
    assert hasattr(markup.trusted("x"), "__html__")


def test_an_address_keeps_its_own_parentheses_only():
    html = shown("(see https://a.test/x_(y)) and https://a.test/z).")
    assert ">https://a.test/x_(y)</a>) and" in html
    assert ">https://a.test/z</a>)." in html


def test_a_fence_left_open_reaches_to_the_end():
    assert shown("a\n\n```py\n@x").endswith("@x</span>\n</code></pre></div>")


def test_a_file_name_with_a_blank_is_shown_when_written_with_percent():
    assert 'src="/files/1/a%20b.png"' in shown("![a](/files/1/a%20b.png)")
    assert "<img" not in shown("![a](/files/1/%2e%2e/b.png)")


def test_a_broken_address_is_words():
    assert shown("[a](http://[b)") == "<p><span>a (http://[b)</span></p>"


@pytest.mark.parametrize(
    "language", ["console", "bash", "python", "sql", "http", "diff"]
)
def test_no_character_of_a_code_block_is_lost(language: str) -> None:
    for code in ("$ backup list", "$ a\nout", "x = 1", "  indented\n\n\nend"):
        shown = markup.render(f"```{language}\n{code}\n```\n")
        assert shown.blocks[0].text == code
        plain = re.sub("<[^>]+>", "", shown.html)
        assert html_entities.unescape(plain).rstrip("\n") == code.rstrip("\n")
