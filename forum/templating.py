"""What templates may use: policies, addresses, words and times. No queries in here."""

from __future__ import annotations

import functools
from datetime import datetime, timedelta, tzinfo
from typing import Any

from babel import dates
from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale, get_translations, gettext
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
        url_for=address,
        themes=THEMES,
    )
    # A page says a few hundred words: looking each up anew is what takes its time.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda words: _word(language(), words),
        lambda one, many, number: _words(language(), one, many, number),
        newstyle=True,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_frame)


@functools.lru_cache(maxsize=8_192)
def _word(_language: str, words: str) -> str:
    return get_translations().ugettext(words)  # type: ignore[no-any-return]


@functools.lru_cache(maxsize=8_192)
def _words(_language: str, one: str, many: str, number: int) -> str:
    return get_translations().ungettext(one, many, number)  # type: ignore[no-any-return]


def _frame() -> dict[str, Any]:
    site = the_site_or_none()
    theme = request.cookies.get("theme", "system")
    return {
        "site_name": site.name if site else "Commonplace",
        "theme": theme if theme in THEMES else "system",
        "lang": language().replace("_", "-"),
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
    return address(f"{blueprint}.show", entry_id=entry.id, slug=entry.slug, **values)


def address(endpoint: str, **values: Any) -> str:
    """Return what `url_for` answers; a page asks for a hundred, mostly the same."""
    if endpoint.startswith(".") or "_external" in values:
        return url_for(endpoint, **values)
    try:
        return _address(request.script_root, endpoint, tuple(values.items()))
    except TypeError:  # a list among the values cannot be remembered
        return url_for(endpoint, **values)


@functools.lru_cache(maxsize=32_768)
def _address(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def person_url(person: Person | Any) -> str:
    """Return the address of a profile."""
    slug = _person_slug(person.name)
    return address("people.show", person_id=person.id, slug=slug)


@functools.lru_cache(maxsize=4_096)
def _person_slug(name: str) -> str:
    return slugify(name, "colleague")


def space_url(space: Space | Any) -> str:
    """Return the address of a Space's landing page."""
    return address("spaces.show", slug=space.slug)


def ago(moment: datetime) -> str:
    """Return a time in words: “3 weeks ago”."""
    past = (clock.now() - moment).total_seconds()
    if abs(past) < 45:
        return str(gettext("just now"))
    return _time_between(language(), _steps(past))


def _steps(seconds: float) -> int:
    # Words change with the minute, the hour, the day: what lies between needs no new
    # ones, so that a page of fifty rows asks for few.
    size = abs(seconds)
    step = 60 if size < 3_600 else 3_600 if size < 86_400 else 86_400
    return int(seconds / step) * step or int(seconds)


@functools.lru_cache(maxsize=4_096)
def _time_between(language: str, seconds: int) -> str:
    past = timedelta(seconds=-seconds)
    return dates.format_timedelta(
        past, add_direction=True, granularity="minute", locale=language
    )


def fulldate(moment: datetime) -> str:
    """Return the full date and time, for the title behind “3 weeks ago”."""
    return _full(language(), current_app.config["FORUM_TIMEZONE"], moment)


@functools.lru_cache(maxsize=16_384)
def _full(language: str, zone: tzinfo, moment: datetime) -> str:
    here = moment.astimezone(zone)
    day = dates.format_date(here, "long", locale=language)
    return f"{day}, {dates.format_time(here, 'short', locale=language)}"


def language() -> str:
    """Return the language of this page, asked for once a request."""
    if "language" not in g:
        g.language = str(get_locale() or "en")
    return g.language  # type: ignore[no-any-return]
