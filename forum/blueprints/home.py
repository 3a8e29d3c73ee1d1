"""HTTP for the home page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.models import DraftState
from forum.queries.cards import cards
from forum.queries.drafts import drafts_of
from forum.queries.home import first_steps
from forum.web import the_actor

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Greet, and show what is new, what is unfinished, and what to do first."""
    actor = the_actor()
    return render_template(
        "home/index.html",
        page=cards(actor, cursor=request.args.get("after")),
        drafts=drafts_of(actor, DraftState.OPEN, limit=5),
        steps=first_steps(actor),
    )
