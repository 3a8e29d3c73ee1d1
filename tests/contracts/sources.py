"""What the contracts read: the sources of the forum, by name."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
Sources = Mapping[str, str]


@cache
def program() -> Sources:
    """Every module of `forum`, by its path; migrations stand for themselves."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in sorted((ROOT / "forum").rglob("*.py"))
        if "migrations" not in path.parts
    }


@cache
def templates() -> Sources:
    """Every template, by the name that a view gives it."""
    folder = ROOT / "templates"
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@cache
def texts() -> Sources:
    """Every text of the checkout that is kept, or would be if it were added now."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = sorted(filter(None, listed.stdout.decode().split("\0")))
    found = {}
    for name in names or [p.as_posix() for p in _shipped()]:
        path = ROOT / name
        if not path.is_file():
            continue
        try:
            found[name] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture or an archive
    return found


def _shipped() -> Iterator[Path]:
    # Without git (an unpacked archive) the folders that are ours are the checkout.
    for folder in ("docs", "forum", "static", "templates", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT)


def module_of(path: str) -> str:
    """`forum/rules/kinds.py` → `rules.kinds`; `forum/__init__.py` → ``."""
    parts = path.removesuffix(".py").split("/")[1:]
    return ".".join(part for part in parts if part != "__init__")


def dotted(node: ast.AST) -> str:
    """`db.session.commit` for the expression of that shape; "" for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else f"?.{node.attr}"
    return ""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call, with the name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Every import as (module, name); a plain `import x` has no name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.module or "", alias.name) for alias in node.names)
