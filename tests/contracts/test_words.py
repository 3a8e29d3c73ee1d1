"""Every sentence for people can be translated, and every message key has one."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from jinja2 import nodes

from forum.events import REACTIONS
from forum.messages import MESSAGES
from tests.contracts.sources import ROOT, Sources, calls, dotted, program, templates
from tests.contracts.test_templates import ENVIRONMENT

KEY = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")

# Found by a name that is put together: a kind's, a field's, a choice's, a role's.
FAMILIES = ("kind.", "kinds.", "field.", "outcome.", "prompt.", "role.")

# Who answers with a key, and which argument it is.
REASONS = {
    "allow_if": 1,
    "Decision": 1,
    "NotAllowed": 0,
    "message": 0,
    "needed": 0,
    "at_most": 1,
    "RefusedFile": 0,
}

TRANSLATES = {"_", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext"}


def strings(sources: Sources) -> Iterator[tuple[str, str]]:
    """Every string of the program with its module; docstrings hold no keys."""
    for path, text in sources.items():
        # The reports of an import have their own words, and logs have none.
        if path == "forum/messages.py" or path.startswith("forum/importing/"):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path, node.value


def answered(sources: Sources) -> Iterator[tuple[str, str]]:
    """Every key with which a module answers, with the module."""
    for path, text in sources.items():
        for name, call in calls(ast.parse(text)):
            last = name.split(".")[-1]
            at = REASONS.get(last)
            if at is not None and len(call.args) > at:
                yield from ((path, key) for key in _literals(call.args[at]))
            if last == "Invalid" and call.args and isinstance(call.args[0], ast.Dict):
                for value in call.args[0].values:
                    yield from ((path, key) for key in _literals(value))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Subscript) and dotted(node.value) == "MESSAGES":
                yield from ((path, key) for key in _literals(node.slice))


def _literals(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value


def in_templates(sources: Sources) -> Iterator[tuple[str, str]]:
    """Every key that a template asks for, with the template."""
    for name, text in sources.items():
        for found in re.finditer(r"message\(\s*['\"]([\w.]+)['\"]\s*[,)]", text):
            yield name, found[1]


def without_words(
    asked: Iterator[tuple[str, str]], known: Collection[str]
) -> list[str]:
    """A complaint for each key that has no sentence."""
    return sorted({f"{name}: {key}" for name, key in asked if key not in known})


def looks_like_a_key(text: str, known: Collection[str]) -> bool:
    """Whether a string is a key by its form and family; verbs of events are none."""
    families = {key.split(".")[0] for key in known}
    return bool(
        KEY.fullmatch(text)
        and text.split(".")[0] in families
        and text not in REACTIONS
        and not text.endswith(".id")  # a column
        and not text.startswith(FAMILIES)
    )


def never_said(known: Collection[str], said: Collection[str]) -> list[str]:
    """A complaint for each sentence that nothing asks for."""
    return [k for k in known if k not in said and not k.startswith(FAMILIES)]


def untranslatable(sources: Sources) -> list[str]:
    """A complaint for each sentence that is no literal: no extraction can find it."""
    return [
        f"{path}:{call.lineno} {name}"
        for path, text in sources.items()
        for name, call in calls(ast.parse(text))
        if name.split(".")[-1] in TRANSLATES and call.args
        if not isinstance(call.args[0], ast.Constant)
    ]


def untranslatable_in_templates(sources: Sources) -> list[str]:
    """The same for templates."""
    return [
        f"{name}:{call.lineno} {call.node.name}"
        for name, text in sources.items()
        for call in ENVIRONMENT.parse(text).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATES
        if not call.args or not isinstance(call.args[0], nodes.Const)
    ]


def sentences(sources: Sources) -> set[str]:
    """Every sentence that a template hands to the translation."""
    return {
        call.args[0].value
        for text in sources.values()
        for call in ENVIRONMENT.parse(text).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATES
        if call.args and isinstance(call.args[0], nodes.Const)
    }


def test_every_key_has_its_sentence() -> None:
    alike = ((n, s) for n, s in strings(program()) if looks_like_a_key(s, MESSAGES))
    assert without_words(alike, MESSAGES) == []
    assert without_words(answered(program()), MESSAGES) == []
    assert without_words(in_templates(templates()), MESSAGES) == []


def test_a_key_without_a_sentence_is_seen() -> None:
    code = (
        "allow_if(fact, 'tip.not_yours')\n"
        "raise Invalid({'title': 'tip.short' if x else 'tip.long'})\n"
    )
    asked = answered({"forum/x.py": code})
    assert without_words(asked, {"tip.long"}) == [
        "forum/x.py: tip.not_yours",
        "forum/x.py: tip.short",
    ]
    page = in_templates({"a.html": "{{ message('tip.gone') }}"})
    assert without_words(page, {}) == ["a.html: tip.gone"]


def test_every_sentence_is_said_somewhere() -> None:
    said = {text for _, text in strings(program())}
    said |= {text for _, text in answered(program())}
    said |= {key for _, key in in_templates(templates())}
    assert never_said(MESSAGES, said) == []


def test_a_sentence_that_nobody_says_is_seen() -> None:
    assert never_said({"tip.old": "…", "kind.tip": "…"}, set()) == ["tip.old"]


def test_every_sentence_can_be_extracted(tmp_path: Path) -> None:
    assert untranslatable(program()) == []
    assert untranslatable_in_templates(templates()) == []
    target = tmp_path / "messages.pot"
    command = ["pybabel", "-q", "extract", "-F", str(ROOT / "babel.cfg")]
    command += ["-k", "lazy_gettext", "-o", str(target), str(ROOT)]
    CommandLineInterface().run(command)
    with target.open("rb") as file:
        extracted = {each for entry in read_po(file) for each in [entry.id] if entry.id}
    found = {each if isinstance(each, str) else each[0] for each in extracted}
    assert sentences(templates()) - found == set()
    assert "Write" in found
    assert "Only its author can do this." in found


def test_a_sentence_put_together_is_seen() -> None:
    assert untranslatable({"forum/x.py": "gettext(f'Hello {name}')"}) == [
        "forum/x.py:1 gettext"
    ]
    assert untranslatable_in_templates({"a.html": "{{ _(words) }}"}) == ["a.html:1 _"]
