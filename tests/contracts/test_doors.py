"""Every effect has one door."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from tests.contracts.sources import (
    Sources,
    calls,
    dotted,
    imported,
    module_of,
    program,
    templates,
)


@dataclass(frozen=True)
class Door:
    """An effect, the calls, attributes or imports that have it, and who may."""

    effect: str
    allowed: str
    calls: str = r"(?!)"
    reads: str = r"(?!)"
    imports: str = r"(?!)"
    sample: str = ""


DOORS = (
    Door(
        "commits or rolls back",
        "unit_of_work",
        # A savepoint is given back where it was taken; it ends no transaction.
        calls=r"(?!savepoint\.).*\.(commit|rollback)",
        sample="db.session.commit()",
    ),
    Door(
        "opens a transaction of its own",
        "unit_of_work observations schema backups restoring cli",
        calls=r".*(engine|connection)\.begin",
        sample="with db.engine.begin() as c: pass",
    ),
    Door(
        "calls HTML trusted",
        "markup",
        calls=r"(.*\.)?Markup",
        imports=r"markupsafe\.Markup|flask\.Markup",
        sample="from markupsafe import Markup",
    ),
    Door(
        "reads the environment",
        "config",
        calls=r"os\.(getenv|putenv)",
        reads=r"os\.environb?",
        imports=r"os\.(environ|getenv)",
        sample="x = os.environ['HOME']",
    ),
    Door("sends mail", "mail", imports=r"smtplib.*", sample="import smtplib"),
    Door(
        "calls other machines",
        "webhooks",
        imports=r"(httpx|requests|urllib\.request|http\.client)(\..*)?",
        sample="from urllib.request import urlopen",
    ),
    Door(
        "renders or cleans text",
        "markup markup_extensions markup_tree markup_reader",
        imports=r"(bleach|markdown|pymdownx)(\..*)?",
        sample="import bleach",
    ),
    Door(
        "hashes passwords",
        "passwords",
        imports=r"argon2(\..*)?",
        sample="from argon2 import PasswordHasher",
    ),
    Door(
        "opens pictures",
        "images",
        imports=r"PIL(\..*)?",
        sample="from PIL import Image",
    ),
    Door(
        "asks for the time",
        "clock",
        calls=r"(.*\.)?(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns)",
        imports=r"time\.time",
        sample="x = datetime.now(UTC)",
    ),
    Door(
        "uses the index",
        "search",
        imports=r"whoosh(\..*)?",
        sample="from whoosh.index import open_dir",
    ),
    Door(
        "renders pages",
        "blueprints web notifications",
        calls=r"(.*\.)?(render_template|render_template_string)",
        sample="render_template('x/y.html')",
    ),
    Door(
        "renders a template out of a string",
        "",
        calls=r"(.*\.)?(render_template_string|from_string)",
        sample="render_template_string('x')",
    ),
    Door(
        "starts programs",
        "serving backups restoring",
        calls=r"subprocess\..*|os\.(system|popen|exec\w+|spawn\w+)",
        sample="subprocess.run(['ls'])",
    ),
    Door(
        "unpickles",
        "",
        imports=r"(pickle|shelve|marshal)(\..*)?",
        sample="import pickle",
    ),
)

# Who writes files, and which.
WRITERS = {
    "": "the data folder itself, before anything is put there",
    "assets": "styles and scripts laid out in the cache",
    "backups": "archives",
    "cli": "reports",
    "config": "the secret key",
    "files": "what people upload",
    "heartbeat": "the sign of life of a worker",
    "importing": "the report of an import",
    "mail": "mails without a mail server",
    "restoring": "what an archive holds",
    "worker": "its lock",
}


def allowed(path: str, doors: Iterable[str]) -> bool:
    return module_of(path).split(".")[0] in doors


def effects(door: Door, sources: Sources) -> list[str]:
    """A complaint for each place that has an effect without being its door."""
    found = []
    for path, text in sources.items():
        if allowed(path, door.allowed.split()):
            continue
        tree = ast.parse(text)
        what = {n for n, _ in calls(tree) if re.fullmatch(door.calls, n)}
        what |= {n for n in _reads(tree) if re.fullmatch(door.reads, n)}
        what |= {n for n in _imports(tree) if re.fullmatch(door.imports, n)}
        found += [f"{path} {door.effect}: {name}" for name in sorted(what)]
    return found


def _reads(tree: ast.AST) -> set[str]:
    return {dotted(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}


def _imports(tree: ast.AST) -> set[str]:
    return {f"{module}.{name}".rstrip(".") for module, name in imported(tree)}


def file_writes(sources: Sources) -> list[str]:
    """A complaint for each module that writes files and is not listed as a writer."""
    found = []
    for path, text in sources.items():
        if allowed(path, WRITERS):
            continue
        for name, call in calls(ast.parse(text)):
            last = name.rsplit(".", 1)[-1]
            modes = [
                str(each.value)
                for each in [*call.args, *(k.value for k in call.keywords)]
                if isinstance(each, ast.Constant)
            ]
            writes = last in {"write_text", "write_bytes", "unlink", "mkdir", "mkstemp"}
            writes |= name.startswith(("tempfile.", "shutil.copy", "shutil.move"))
            writes |= name in {"shutil.rmtree", "shutil.unpack_archive"}
            writes |= last in {"open", "fdopen"} and any(
                re.fullmatch(r"[rbt]*[wax+][rwabt+]*", mode) for mode in modes
            )
            if writes:
                found.append(f"{path} writes files: {name}")
    return sorted(found)


def safe_filters(sources: Sources) -> list[str]:
    """A complaint for each template that switches escaping off."""
    return [
        f"{name}: {found[0]}"
        for name, text in sources.items()
        for found in re.finditer(r"\|\s*safe\b|\{%-?\s*autoescape\s+false", text)
    ]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.effect)
def test_each_effect_has_one_door(door: Door) -> None:
    assert effects(door, program()) == []


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.effect)
def test_an_effect_past_its_door_is_seen(door: Door) -> None:
    complaints = effects(door, {"forum/presenting.py": door.sample})
    assert len(complaints) == 1
    assert complaints[0].startswith(f"forum/presenting.py {door.effect}: ")


def test_files_are_written_by_those_listed() -> None:
    assert file_writes(program()) == []
    modules = {module_of(path).split(".")[0] for path in program()}
    assert set(WRITERS) <= modules


def test_a_file_written_elsewhere_is_seen() -> None:
    offending = "with path.open('wb') as f: f.write(b'')\npath.write_text('x')\n"
    assert file_writes({"forum/actions/x.py": offending}) == [
        "forum/actions/x.py writes files: path.open",
        "forum/actions/x.py writes files: path.write_text",
    ]
    assert file_writes({"forum/actions/x.py": "path.open('rb')\n"}) == []


def test_templates_leave_escaping_on() -> None:
    assert safe_filters(templates()) == []


def test_a_template_without_escaping_is_seen() -> None:
    assert safe_filters({"a.html": "{{ words | safe }}"}) == ["a.html: | safe"]
    assert safe_filters({"a.html": "{% autoescape false %}"}) != []
