"""What a browser keeps of a log-in: a token in the signed cookie, nothing else."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, session

from forum.actions.access import log_out, open_session
from forum.models import Person
from forum.rules.browsers import browser_name


def this_browser() -> dict[str, Any]:
    """Return what a new log-in notes: for how long, and where."""
    return {
        "days": current_app.config["FORUM_SESSION_DAYS"],
        "browser": browser_name(request.user_agent.string),
    }


def token_of_browser() -> str:
    """Return the token of this browser's log-in, living or not; empty without one."""
    return str(session.get("_user_id", ""))


def remember(token: str = "", *, person: Person | None = None) -> None:
    """Keep a log-in's token in the cookie; with a person, open the log-in first.

    The rest of the cookie stays, above all the token of forms: a page that was open
    before can still be sent.
    """
    if person is not None:
        log_out(token_of_browser())
        token = open_session(person, **this_browser())
    session["_user_id"] = token
    session["_fresh"] = True
    session.permanent = True
