"""Links between imported files lead to what those files became."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from forum.extensions import db
from forum.importing.run import run_import
from forum.models import Entry, Role, Visibility
from tests import factories
from tests.importing.material import folder


@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_link_leads_to_the_entry_for_who_may_read_it(
    app: Flask,
    tmp_path: Path,
    browser_of: Callable[[int], FlaskClient],
    visibility: Visibility,
) -> None:
    with app.app_context():
        importer = factories.person("Ada", Role.ADMIN)
        other = factories.person("Ole").id
        space = factories.space(importer, visibility=visibility)
        source = folder(tmp_path / "texts")
        run_import(source, space_slug=space.slug, importer=importer)
        first = db.session.scalars(sa.select(Entry).where(Entry.title == "First")).one()
        body, mine = first.revision.body, importer.id
    address = body[body.index("/entries/by-source") :].partition("#")[0]
    answer = browser_of(mine).get(address)
    assert answer.status_code == 303
    assert answer.location.endswith("-second")
    for_other = browser_of(other).get(address)
    hidden = visibility is not Visibility.OPEN
    assert for_other.status_code == (404 if hidden else 303)
    assert browser_of(mine).get("/entries/by-source?id=nothing").status_code == 404
