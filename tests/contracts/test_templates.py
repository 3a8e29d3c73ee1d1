"""Templates parse, obey the content policy, call what there is and lead somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from typing import Any

import jinja2
import pytest
from flask import Flask
from jinja2 import nodes

from tests.contracts.sources import Sources, calls, program, templates

ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701

# What the content policy would block, and what a page could only do with script.
BLOCKED = {
    "a script in the page": r"<script(?![^>]*\bsrc=)",
    "a style in the page": r"<style\b|\sstyle\s*=",
    "a handler in the page": r"\s(?:on[a-z]+|hx-on[:\w-]*)\s*=\s*[\"']",
    "an address that runs": r"(?:href|src|action)\s*=\s*[\"']\s*javascript:",
    "evaluated by htmx": r"hx-(?:vals|headers)\s*=\s*[\"']\s*js:",
}
# Clients of mail take styles from nowhere else.
MAY_STYLE = ("emails/",)

CARRIES_TOKEN = re.compile(
    r"csrf_token|form_token\(|hidden_tag\(|sent_fields\(|form\.csrf|kept_token"
)

# Handed to a page by a view, and called there.
FROM_VIEWS = {"caller", "loop"}


def blocked(sources: Sources) -> list[str]:
    """A complaint for each place that the content policy would block."""
    return [
        f"{name} has {what}: {found[0].strip()}"
        for name, text in sources.items()
        for what, pattern in BLOCKED.items()
        for found in re.finditer(pattern, _without_comments(text), re.I)
        if not (name.startswith(MAY_STYLE) and what == "a style in the page")
    ]


def without_token(sources: Sources) -> list[str]:
    """A complaint for each form that posts without a token."""
    return [
        f"{name}: {found[1].strip()}"
        for name, text in sources.items()
        for found in re.finditer(r"(<form\b[^>]*>)(.*?)</form>", text, re.S | re.I)
        if re.search(r"method=[\"']post", found[1], re.I)
        and not CARRIES_TOKEN.search(_with_included(found[2], sources))
    ]


def _with_included(text: str, sources: Sources) -> str:
    names = re.findall(r"\{%-?\s*include\s+['\"]([^'\"]+)", text)
    return text + "".join(sources.get(name, "") for name in names)


def _without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}", "", text, flags=re.S)


def unparsed(sources: Sources) -> list[str]:
    """A complaint for each template that Jinja cannot read."""
    found = []
    for name, text in sources.items():
        try:
            ENVIRONMENT.parse(text)
        except jinja2.TemplateSyntaxError as error:
            found.append(f"{name}:{error.lineno} {error.message}")
    return found


def unknown_calls(sources: Sources, known: Collection[str]) -> list[str]:
    """A complaint for each function that a template calls and nobody gives it."""
    found = []
    for name, text in sources.items():
        tree = ENVIRONMENT.parse(text)
        called = {
            call.node.name
            for call in tree.find_all(nodes.Call)
            if isinstance(call.node, nodes.Name)
        }
        missing = called - _names_within(tree) - set(known) - FROM_VIEWS
        found += [f"{name} calls {each}" for each in sorted(missing)]
    return found


def _names_within(tree: nodes.Template) -> set[str]:
    """What a template imports, defines and sets, in whatever block."""
    found = {macro.name for macro in tree.find_all(nodes.Macro)}
    found |= {x.name for x in tree.find_all(nodes.Name) if x.ctx in ("store", "param")}
    found |= {each.target for each in tree.find_all(nodes.Import)}
    for each in tree.find_all(nodes.FromImport):
        found |= {n if isinstance(n, str) else n[1] for n in each.names}
    return found


def linked(sources: Sources) -> Iterator[tuple[str, str]]:
    """Each endpoint named by a template, with the template."""
    for name, text in sources.items():
        for found in re.finditer(r"url_for\(\s*['\"]([\w.-]+)['\"]", text):
            yield name, found[1]


def linked_in_code(sources: Sources) -> Iterator[tuple[str, str]]:
    """Each endpoint named by a module, with the module."""
    for path, text in sources.items():
        for name, call in calls(ast.parse(text)):
            if name.split(".")[-1] not in {"url_for", "see_other"} or not call.args:
                continue
            first = call.args[0]
            if isinstance(first, ast.Constant) and not str(first.value).startswith("/"):
                yield path, str(first.value)


def dead_links(named: Iterator[tuple[str, str]], known: Collection[str]) -> list[str]:
    """A complaint for each endpoint that no blueprint has."""
    return [f"{name} leads to {end}" for name, end in named if end not in known]


def test_every_template_parses(app: Flask) -> None:
    assert unparsed(templates()) == []
    for name in templates():
        app.jinja_env.get_template(name)  # knows the filters and tests, too


def test_a_template_that_does_not_parse_is_seen() -> None:
    assert len(unparsed({"a.html": "{% if %}"})) == 1


def test_templates_call_what_there_is(app: Flask) -> None:
    with app.test_request_context():
        given: dict[str, Any] = {}
        app.update_template_context(given)
    assert unknown_calls(templates(), {*app.jinja_env.globals, *given}) == []


def test_a_call_of_nothing_is_seen() -> None:
    text = "{% macro m(x) %}{{ x() }}{% endmacro %}{{ m(1) }}{{ ago(2) }}{{ gone() }}"
    assert unknown_calls({"a.html": text}, {"ago"}) == ["a.html calls gone"]


def test_templates_obey_the_content_policy() -> None:
    assert blocked(templates()) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>run()</script>",
        "<p style='color: red'>",
        "<style>p { color: red }</style>",
        '<p onclick="run()">',
        '<p hx-on:click="run()">',
        "<a href='javascript:run()'>",
    ],
)
def test_what_the_content_policy_blocks_is_seen(text: str) -> None:
    assert len(blocked({"a.html": text})) == 1


def test_every_form_that_posts_has_a_token() -> None:
    assert without_token(templates()) == []


def test_a_form_without_token_is_seen() -> None:
    form = '<form method="post" action="/x">{}</form>'
    assert without_token({"a.html": form.format("<button>Go</button>")}) != []
    assert without_token({"a.html": form.format("{{ csrf_token() }}")}) == []


def test_every_link_leads_to_a_view(app: Flask) -> None:
    known = set(app.view_functions)
    assert dead_links(linked(templates()), known) == []
    assert dead_links(linked_in_code(program()), known) == []


def test_a_dead_link_is_seen() -> None:
    known = {"home.index"}
    pages = {"a.html": "{{ url_for('home.index') }}{{ url_for('gone.show', id=1) }}"}
    assert dead_links(linked(pages), known) == ["a.html leads to gone.show"]
    code = {"forum/x.py": "see_other('gone.index')\nurl_for('home.index')\n"}
    assert dead_links(linked_in_code(code), known) == ["forum/x.py leads to gone.index"]
