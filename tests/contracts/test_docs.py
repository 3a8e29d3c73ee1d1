"""What the documents say is so. The settings are compared in tests/ops."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable

import click

from forum.cli import main
from tests.contracts.sources import ROOT, Sources, texts

DECISIONS = ROOT / "docs" / "decisions"
HEADINGS = ["Context", "Decision", "Consequences"]

# Put together here, so that this file does not hold them.
HOSTS = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".com",
    "npmjs" + ".org",
    "unpkg" + ".com",
    "jsdelivr" + ".net",
    "cdnjs" + ".cloudflare",
    "crates" + ".io",
    "proxy.golang" + ".org",
]
# Folders of somebody's machine; people's own data folders are spelt with a variable.
PLACES = re.compile(r"(?<![\w./-])/(?:root|work|Users|home/(?!page)\w+)(?=/\w)")


def pages() -> Sources:
    """The documents people read: at the top and in docs."""
    return {
        name: text
        for name, text in texts().items()
        if name.endswith(".md") and ("/" not in name or name.startswith("docs/"))
    }


def unlike(listed: Iterable[str], existing: Iterable[str]) -> list[str]:
    """A complaint for each name that only one side has."""
    written, there = set(listed), set(existing)
    return sorted(
        [f"{name} is not described" for name in there - written]
        + [f"{name} does not exist" for name in written - there]
    )


def code_of(page: str) -> list[str]:
    """Every line of code on a page, in blocks and inside sentences."""
    blocks = re.findall(r"```\w*\n(.*?)```", page, re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    return lines + re.findall(r"(?<!`)`([^`\n]+)`(?!`)", page)


def unknown_commands(
    sources: Sources, targets: Collection[str], commands: click.Group
) -> list[str]:
    """A complaint for each command on a page that this checkout does not have."""
    found = []
    for name, page in sources.items():
        for line in code_of(page):
            words = line.split("#")[0].split()
            while words and re.fullmatch(r"[A-Z_]+=\S*|\$|sudo", words[0]):
                words.pop(0)
            if words[:3] == ["python", "-m", "forum"]:
                words = words[2:]
            if len(words) < 2:
                continue
            is_target = words[0] == "make" and words[1] not in targets
            if is_target or (
                words[0] == "forum" and not _is_known(words[1:], commands)
            ):
                found.append(f"{name}: {' '.join(words)}")
    return found


def _is_known(words: list[str], commands: click.Command) -> bool:
    for word in words:
        if not isinstance(commands, click.Group):
            return True
        if not re.fullmatch(r"[a-z][a-z-]*", word):
            return True  # an option, or `forum …`
        found = commands.get_command(click.Context(commands), word)
        if found is None:
            return False
        commands = found
    return True


def unlike_a_decision(sources: Sources) -> list[str]:
    """A complaint for each decision without its three parts in their order."""
    found = []
    for name, page in sources.items():
        if re.findall(r"^## (.+)$", page, re.M) != HEADINGS:
            found.append(f"{name} has other headings than {', '.join(HEADINGS)}")
        number = name.rsplit("/", 1)[-1].split("-")[0]
        if not page.startswith(f"# {number}: "):
            found.append(f"{name} does not begin with its number and title")
    return found


def dead_links(sources: Sources, existing: Collection[str]) -> list[str]:
    """A complaint for each link from page to page that leads nowhere."""
    found = []
    for name, page in sources.items():
        folder = name.rpartition("/")[0]
        for target in re.findall(r"\]\((?!\w+:|#|/)([^)#\s]+)", page):
            parts: list[str] = folder.split("/") if folder else []
            for step in target.strip("/").split("/"):
                parts = parts[:-1] if step == ".." else [*parts, step]
            path = "/".join(part for part in parts if part != ".")
            if path not in existing and not any(
                x.startswith(path + "/") for x in existing
            ):
                found.append(f"{name}: {target}")
    return found


def names_places(sources: Sources) -> list[str]:
    """A complaint for each registry's host and each folder of one machine."""
    found = []
    for name, text in sources.items():
        found += [f"{name} names {host}" for host in HOSTS if host in text]
        found += [f"{name} names {place[0]}" for place in PLACES.finditer(text)]
    return found


def test_every_command_on_a_page_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert unknown_commands(pages(), targets, main) == []
    readme = code_of((ROOT / "README.md").read_text("utf-8"))
    assert [line.split("#")[0].strip() for line in readme[:2]] == [
        "make run",
        "make test",
    ]


def test_a_command_that_does_not_exist_is_seen() -> None:
    page = "```sh\nmake run\nFORUM_DEMO=yes forum fly\n```\nOr `forum user steal`."
    assert unknown_commands({"a.md": page}, ["run"], main) == [
        "a.md: forum fly",
        "a.md: forum user steal",
    ]
    assert unknown_commands({"a.md": "`make tea`"}, ["run"], main) == ["a.md: make tea"]


def test_every_decision_has_its_parts() -> None:
    decisions = {k: v for k, v in pages().items() if k.startswith("docs/decisions/")}
    assert len(decisions) >= 6
    assert unlike_a_decision(decisions) == []


def test_a_decision_without_its_parts_is_seen() -> None:
    page = "# 7: Why\n\n## Context\n\n## Decision\n"
    assert len(unlike_a_decision({"docs/decisions/007-why.md": page})) == 2


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[<>=!~\[ ]", each)[0] for each in project["dependencies"]}
    page = (DECISIONS / "003-dependencies.md").read_text("utf-8")
    assert unlike(re.findall(r"^\| `([^`]+)` \|", page, re.M), needed) == []
    pins = [each for each in project["dependencies"] if each.startswith("whoosh3")]
    assert re.fullmatch(r"whoosh3==[\d.]+", pins[0])


def test_a_dependency_without_a_line_is_seen() -> None:
    assert unlike(["flask", "gone"], ["flask", "new"]) == [
        "gone does not exist",
        "new is not described",
    ]


def test_every_link_between_pages_leads_somewhere() -> None:
    assert dead_links(pages(), set(texts())) == []


def test_a_dead_link_is_seen() -> None:
    page = "[a](../README.md) [b](gone.md) [c](https://example.com) [d](#here)"
    assert dead_links({"docs/x.md": page}, {"README.md"}) == ["docs/x.md: gone.md"]


def test_no_text_names_a_registry_or_a_machine() -> None:
    assert names_places(texts()) == []


def test_a_registry_and_a_machine_are_seen() -> None:
    offending = f"pip install -i https://{HOSTS[0]}/simple\ncd /{'root'}/forum\n"
    assert names_places({"a.md": offending}) == [
        f"a.md names {HOSTS[0]}",
        f"a.md names /{'root'}",
    ]
