"""HTTP for where one is logged in, and for the programs that act for one."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forum import clock
from forum.actions.access import revoke_log_in, revoke_other_log_ins
from forum.actions.tokens import revoke_token
from forum.blueprints.signing import token_of_browser
from forum.models import ApiToken, LogIn
from forum.policies import visible_log_ins, visible_tokens
from forum.queries.access import log_ins_of
from forum.queries.admin import living_tokens
from forum.tokens import hash_token
from forum.web import load_or_404, see_other, the_actor

blueprint = Blueprint("sessions", __name__)


@blueprint.get("/sessions")
def index() -> ResponseReturnValue:
    """Show where one is logged in."""
    actor, now = the_actor(), clock.now()
    return render_template(
        "sessions/index.html",
        log_ins=log_ins_of(actor.id, now),
        tokens=living_tokens(actor, now),
        this_token_hash=hash_token(token_of_browser()),
    )


@blueprint.post("/sessions/<int:log_in_id>/revocation")
def revoke(log_in_id: int) -> ResponseReturnValue:
    """End one log-in."""
    actor = the_actor()
    revoke_log_in(actor, load_or_404(LogIn, log_in_id, visible_log_ins(actor)))
    flash(gettext("That browser is logged out."), "good")
    return see_other("sessions.index")


@blueprint.post("/sessions/revocation")
def revoke_others() -> ResponseReturnValue:
    """End all log-ins but this one."""
    revoke_other_log_ins(the_actor(), keep=token_of_browser())
    flash(gettext("You are logged out everywhere else."), "good")
    return see_other("sessions.index")


@blueprint.post("/tokens/<int:token_id>/revocation")
def end_token(token_id: int) -> ResponseReturnValue:
    """End a program's token."""
    actor = the_actor()
    token = load_or_404(ApiToken, token_id, visible_tokens(actor))
    revoke_token(actor, token)
    flash(gettext("That program can act no more."), "good")
    if token.person_id != actor.id:
        return see_other("admin.person", person_id=token.person_id)
    return see_other("sessions.index")
