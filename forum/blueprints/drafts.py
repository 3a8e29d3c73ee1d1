"""HTTP for drafts: saved by the editor or by a button, found again, put aside."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forum.actions import drafts as actions
from forum.blueprints.editor import editor_page, typed_of_draft
from forum.errors import Conflict
from forum.forms.editor import EditorForm
from forum.messages import message
from forum.models import DraftNoun, DraftState, Entry
from forum.policies import visible_entries
from forum.presenting import local_time
from forum.queries.drafts import draft_with_key, drafts_of, taken_down
from forum.queries.entries import FOR_AN_ACTION
from forum.templating import entry_url
from forum.web import load_or_404, see_other, the_actor, wants_json

blueprint = Blueprint("drafts", __name__, url_prefix="/drafts")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """List own drafts, those put aside, and what was taken down."""
    actor = the_actor()
    return render_template(
        "drafts/index.html",
        drafts=drafts_of(actor, DraftState.OPEN),
        discarded=drafts_of(actor, DraftState.DISCARDED),
        taken_down=taken_down(actor),
    )


@blueprint.get("/<key>")
def show(key: str) -> ResponseReturnValue:
    """Go on where a draft was left."""
    actor = the_actor()
    draft = draft_with_key(actor, key)
    if draft.state is DraftState.PUBLISHED and draft.entry is not None:
        return see_other(entry_url(draft.entry))
    if draft.entry_id is not None:
        entry = load_or_404(
            Entry, draft.entry_id, visible_entries(actor), *FOR_AN_ACTION
        )
        if draft.noun is DraftNoun.COMMENT and draft.parent_id is not None:
            return see_other("comments.reply", comment_id=draft.parent_id)
        if draft.noun is DraftNoun.COMMENT:
            return see_other(entry_url(entry, _anchor="comment-form"))
        return editor_page(
            key=key, typed=typed_of_draft(draft), draft=draft, entry=entry
        )
    return editor_page(key=key, typed=typed_of_draft(draft), draft=draft)


@blueprint.post("")
def create() -> ResponseReturnValue:
    """Keep what a form holds; a script gets the moment, a form its page again."""
    actor = the_actor()
    owner = request.form.get("draft_owner", str(actor.id))
    if owner != str(actor.id):
        # Somebody else has logged in since this page was opened.
        return {"message": "signed_out"}, 401
    key = EditorForm.of(request.form).key
    before = actions.own_draft(actor, key)
    form = EditorForm.of(request.form, dict(before.fields) if before else None)
    try:
        draft = actions.save_draft(actor, key, form.typed, version=form.draft_version)
    except Conflict as conflict:
        return _changed_elsewhere(form, conflict)
    if wants_json():
        return {
            "key": draft.key,
            "version": draft.version,
            "saved_at": draft.updated_at.isoformat(),
            "saved_label": local_time(draft.updated_at),
        }
    return see_other("drafts.show", key=draft.key)


def _changed_elsewhere(form: EditorForm, conflict: Conflict) -> ResponseReturnValue:
    theirs = conflict.theirs
    if wants_json():
        answer = {
            "message": message("draft.changed"),
            "theirs_url": url_for("drafts.show", key=theirs.key),
            "version": theirs.version,
        }
        return answer, 409
    return render_template("drafts/conflict.html", form=form, draft=theirs), 409


@blueprint.post("/<key>/discard")
def discard(key: str) -> ResponseReturnValue:
    """Put a draft aside."""
    actions.discard_draft(the_actor(), key)
    flash(gettext("Put aside. You can bring it back below."), "good")
    return see_other("drafts.index", discarded=key)


@blueprint.post("/<key>/recovery")
def recover(key: str) -> ResponseReturnValue:
    """Bring a draft back that was put aside."""
    actions.recover_draft(the_actor(), key)
    return see_other("drafts.show", key=key)
