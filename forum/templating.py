"""What templates may use: policies, addresses, words and times. No queries in here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import format_datetime, format_timedelta, gettext
from flask_login import current_user

from forum import clock, markup, policies
from forum.messages import message
from forum.models import Person, Space
from forum.policies import Decision
from forum.rules.kinds import KINDS, Kind
from forum.rules.slugs import slugify
from forum.web import the_site_or_none

THEMES = ("system", "light", "dark", "contrast")


def install(app: Flask) -> None:
    """Give templates their globals."""
    app.jinja_env.globals.update(
        ago=ago,
        asset=asset,
        can=can,
        entry_url=entry_url,
        fulldate=fulldate,
        kind_of=kind_of,
        kinds=KINDS,
        message=message,
        now=clock.now,
        person_url=person_url,
        space_url=space_url,
        trusted=markup.trusted,
        themes=THEMES,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    site = the_site_or_none()
    theme = request.cookies.get("theme", "system")
    return {
        "site_name": site.name if site else "Commonplace",
        "theme": theme if theme in THEMES else "system",
    }


def can(verb_noun: str, *subjects: Any) -> Decision:
    """Ask the policy of that name for the person who is logged in."""
    if not current_user.is_authenticated:
        return Decision(False, "person.not_active")
    policy = getattr(policies, f"can_{verb_noun}")
    return policy(current_user._get_current_object(), *subjects)  # type: ignore[no-any-return]


def asset(name: str) -> str:
    """Return the address of a style sheet or script, which changes when it does."""
    folder = {"css": "css/", "js": "js/"}.get(name.rsplit(".", 1)[-1], "")
    version = current_app.extensions["assets"]
    return f"/static/{version}/{'' if '/' in name else folder}{name}"


def kind_of(entry: Any) -> Kind:
    """Return what an entry's, a draft's or a row's kind can do."""
    return KINDS[entry.kind]


def entry_url(entry: Any, **values: Any) -> str:
    """Return the canonical address: `/tips/7-check-a-backup`."""
    blueprint = KINDS[entry.kind].blueprint
    return url_for(f"{blueprint}.show", entry_id=entry.id, slug=entry.slug, **values)


def person_url(person: Person | Any) -> str:
    """Return the address of a profile."""
    return url_for(
        "people.show", person_id=person.id, slug=slugify(person.name, "colleague")
    )


def space_url(space: Space | Any) -> str:
    """Return the address of a Space's landing page."""
    return url_for("spaces.show", slug=space.slug)


def ago(moment: datetime) -> str:
    """Return a time in words: “3 weeks ago”."""
    past = clock.now() - moment
    if abs(past.total_seconds()) < 45:
        return gettext("just now")
    return format_timedelta(-past, add_direction=True, granularity="minute")


def fulldate(moment: datetime) -> str:
    """Return the full date and time, for the title behind “3 weeks ago”."""
    return format_datetime(moment, "long")


