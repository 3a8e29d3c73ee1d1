"""Who may import whom. The table is explained in docs/decisions/002-layers.md."""

from __future__ import annotations

import ast
import re

from tests.contracts.sources import ROOT, Sources, imported, module_of, program

# From the ground up. A module imports from its own row and from the rows before it.
LAYERS = (
    "config errors clock extensions assets heartbeat logs",
    "unit_of_work tokens messages",
    "sniffing images files markup_tree markup_reader markup_extensions markup",
    "rules",
    "passwords",
    "models",
    "schema uploads",
    "policies",
    "queries",
    "events",
    "actions",
    "search",
    "notifications mail webhooks",
    "outbox jobs worker",
    "backups restoring doctor",
    "observations forms",
    "web",
    "templating presenting",
    "blueprints",
    "importing exporting seeds serving gunicorn_settings",
    "cli create_app",
)

# Only these know that somebody sent a request.
OF_A_REQUEST = {
    "flask": {"request", "session", "g"},
    "flask_login": {"current_user"},
}
MAY_KNOW_THE_REQUEST = {
    "blueprints",
    "extensions",
    "logs",
    "observations",
    "presenting",
    "templating",
    "uploads",
    "web",
}

# Rules are pure: nothing of the web, the database, the clock, or the machine.
IMPURE = {"flask", "sqlalchemy", "os", "time", "random", "secrets", "pathlib"}


def row_of(module: str) -> int | None:
    """The row in which a module stands, by the first part of its name."""
    first = module.split(".")[0]
    first = {"": "create_app", "__main__": "cli"}.get(first, first)
    first = "cli" if first.startswith("cli") else first
    for number, row in enumerate(LAYERS):
        if first in row.split():
            return number
    return None


def forum_imports(text: str) -> set[str]:
    """The modules of the forum that a source imports, also inside functions."""
    found = set()
    for module, name in imported(ast.parse(text)):
        if module == "forum" and name:
            found.add("" if name == "create_app" else name)
        elif module == "forum" or module.startswith("forum."):
            found.add(module.removeprefix("forum").removeprefix("."))
    return found


def upward_imports(sources: Sources) -> list[str]:
    """A complaint for each module without a row and each import of a higher row."""
    complaints = []
    for path, text in sources.items():
        module = module_of(path)
        mine = row_of(module)
        if mine is None:
            complaints.append(f"{path} has no place in the layers")
            continue
        for other in sorted(forum_imports(text)):
            theirs = row_of(other)
            if theirs is None or theirs > mine:
                complaints.append(f"{path} imports forum.{other}, which is above it")
    return complaints


def request_below(sources: Sources) -> list[str]:
    """A complaint for each module that reads the request though it should be told."""
    return [
        f"{path} imports {name} from {module}"
        for path, text in sources.items()
        if module_of(path).split(".")[0] not in MAY_KNOW_THE_REQUEST
        for module, name in imported(ast.parse(text))
        if name in OF_A_REQUEST.get(module, ())
    ]


def impure_rules(sources: Sources) -> list[str]:
    """A complaint for each rule that needs more than its arguments."""
    return [
        f"{path} imports {module}"
        for path, text in sources.items()
        if module_of(path).split(".")[0] == "rules"
        for module, _name in imported(ast.parse(text))
        if module.split(".")[0] in IMPURE
        or (module.startswith("forum") and not module.startswith("forum.rules"))
    ]


def test_nothing_imports_upward() -> None:
    assert upward_imports(program()) == []


def test_an_upward_import_is_seen() -> None:
    lazily = "def f():\n    from forum import web\n"
    assert upward_imports({"forum/models/x.py": lazily}) == [
        "forum/models/x.py imports forum.web, which is above it"
    ]
    assert upward_imports({"forum/x.py": ""}) == [
        "forum/x.py has no place in the layers"
    ]
    assert upward_imports({"forum/web.py": "from forum.models import Person"}) == []


def test_only_the_web_knows_the_request() -> None:
    assert request_below(program()) == []


def test_a_request_below_the_web_is_seen() -> None:
    offending = "from flask import g\nfrom flask_login import current_user\n"
    assert request_below({"forum/actions/x.py": offending}) == [
        "forum/actions/x.py imports g from flask",
        "forum/actions/x.py imports current_user from flask_login",
    ]


def test_rules_are_pure() -> None:
    assert impure_rules(program()) == []


def test_an_impure_rule_is_seen() -> None:
    offending = "from forum import clock\nimport sqlalchemy as sa\n"
    assert impure_rules({"forum/rules/x.py": offending}) == [
        "forum/rules/x.py imports forum",
        "forum/rules/x.py imports sqlalchemy",
    ]


def written_layers(page: str) -> list[str]:
    """The rows as the decision lists them, one a line in its code block."""
    block = re.search(r"```text\n(.*?)```", page, re.S)
    assert block, "the page has no list of layers"
    return block[1].strip().splitlines()


def test_the_decision_lists_the_same_layers() -> None:
    page = (ROOT / "docs" / "decisions" / "002-layers.md").read_text("utf-8")
    assert written_layers(page) == list(LAYERS)
    assert written_layers("```text\nmodels\nweb\n```") == ["models", "web"]
