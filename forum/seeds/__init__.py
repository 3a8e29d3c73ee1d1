"""The demo story, told with the verbs of the forum; `forum demo` calls it."""

from __future__ import annotations

from forum import clock
from forum.errors import Invalid
from forum.extensions import db
from forum.models import Site
from forum.queries.imports import external_ids
from forum.seeds.book import open_book
from forum.seeds.teller import STORY_ID, Teller
from forum.unit_of_work import start_again, transaction

__all__ = ["tell_story"]


def tell_story() -> bool:
    """Fill an empty forum with the demo story, whole or not at all.

    Returns False when it has been told already: then nothing changes. Raises Invalid
    for a forum that somebody has set up for themselves.
    """
    if _is_told():
        return False
    teller = Teller(open_book(), clock.now())
    with transaction():
        _require_empty()
        teller.tell()
    return True


def _is_told() -> bool:
    with transaction(writing=False):
        told = STORY_ID in external_ids([STORY_ID])
    start_again()
    return told


def _require_empty() -> None:
    if db.session.get(Site, 1) is not None:
        raise Invalid({"site": "story.not_empty"})
