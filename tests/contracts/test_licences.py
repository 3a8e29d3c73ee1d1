"""What the forum needs to run binds nobody more than the forum itself does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, metadata

import pytest

from tests.contracts.sources import ROOT

COPYLEFT = re.compile(r"\b(A|L)?GPL|General Public|MPL|Mozilla|EUPL|CDDL|EPL", re.I)
PERMISSIVE = re.compile(r"\b(MIT|BSD|Apache|PSF|Python Software|ISC|0BSD|Zope)", re.I)

# Their metadata name no licence; this is what stands in their sources.
STATED_ELSEWHERE = {"huey": "MIT"}


def required() -> list[str]:
    """The packages that are installed with the forum, without extras."""
    lock = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    return re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", lock, re.M)


def licence_of(package: str) -> str:
    """What an installed package says of its licence, in few words."""
    about = metadata(package)
    classifiers = [
        each.rsplit(" :: ", 1)[-1]
        for each in about.get_all("Classifier") or []
        if each.startswith("License ::")
    ]
    # Some put the whole text there; its first line is enough.
    written = (about.get("License") or "").strip().split("\n")[0]
    said = [about.get("License-Expression") or "", *classifiers]
    return " / ".join(filter(None, said if any(said) else [written])) or (
        STATED_ELSEWHERE.get(package.lower(), "")
    )


def refused(licences: Mapping[str, str]) -> list[str]:
    """A complaint for each licence that is copyleft, unknown or missing."""
    return [
        f"{package}: {licence or 'says nothing'}"
        for package, licence in licences.items()
        if COPYLEFT.search(licence) or not PERMISSIVE.search(licence)
    ]


def test_what_is_required_is_permissive() -> None:
    packages = required()
    assert len(packages) > 30
    licences = {}
    for package in packages:
        try:
            licences[package] = licence_of(package)
        except PackageNotFoundError:
            continue  # for another system
    assert refused(licences) == []
    assert not {"psycopg", "psycopg-binary"} & set(packages)


@pytest.mark.parametrize(
    ("licence", "is_refused"),
    [
        ("LGPL-3.0-only", True),
        ("GNU Affero General Public License v3", True),
        ("Mozilla Public License 2.0 (MPL 2.0)", True),
        ("", True),
        ("Our own terms", True),
        ("MIT OR GPL-3.0", True),
        ("Apache-2.0 OR BSD-2-Clause", False),
    ],
)
def test_copyleft_and_silence_are_seen(licence: str, is_refused: bool) -> None:
    assert bool(refused({"somewhere": licence})) is is_refused
