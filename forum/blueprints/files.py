"""HTTP for files: who may see what they belong to may open them."""

from __future__ import annotations

from datetime import UTC

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from forum.actions.attachments import attach_to_draft
from forum.actions.drafts import own_draft, save_draft
from forum.errors import Invalid, NotVisible
from forum.forms.editor import EditorForm
from forum.messages import message
from forum.models import Attachment, AttachmentKind, DraftState
from forum.policies import visible_attachments
from forum.uploads import file_store, receive
from forum.web import load_or_404, see_other, the_actor, wants_json

blueprint = Blueprint("files", __name__)


@blueprint.get("/files/<int:attachment_id>/<path:name>")
def show(attachment_id: int, name: str) -> ResponseReturnValue:
    """Hand out a file; only images stand inside a page, all else is a download."""
    attachment = load_or_404(
        Attachment, attachment_id, visible_attachments(the_actor())
    )
    if name != attachment.name:
        raise NotVisible
    return _send(attachment, attachment.digest, attachment.media_type)


@blueprint.get("/files/<int:attachment_id>/thumbnail")
def thumbnail(attachment_id: int) -> ResponseReturnValue:
    """Hand out the small picture, or the whole one until the small one is made."""
    attachment = load_or_404(
        Attachment, attachment_id, visible_attachments(the_actor())
    )
    if attachment.kind is not AttachmentKind.IMAGE:
        raise NotVisible
    if attachment.thumbnail_digest is None:
        return _send(attachment, attachment.digest, attachment.media_type)
    return _send(attachment, attachment.thumbnail_digest, "image/webp")


def _send(attachment: Attachment, digest: str, media_type: str) -> Response:
    is_image = attachment.kind is AttachmentKind.IMAGE
    answer = send_file(
        file_store().open(digest),
        mimetype=media_type,
        as_attachment=not is_image,
        download_name=attachment.name,
        etag=digest,
        last_modified=attachment.created_at.astimezone(UTC),
        conditional=True,
    )
    # A picture never changes, but the right to see it may: ask again each time.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


@blueprint.post("/uploads")
def create() -> ResponseReturnValue:
    """Add a file to the draft that the page is writing."""
    try:
        name, inspected, stored = receive(request.files.get("file"))
    except Invalid as invalid:
        return _refused(invalid)
    actor = the_actor()
    key = EditorForm.of(request.form).key
    before = own_draft(actor, key)
    form = EditorForm.of(request.form, dict(before.fields) if before else None)
    if wants_json():
        draft = before or save_draft(actor, key, form.typed)
    else:
        draft = save_draft(actor, key, form.typed, version=form.draft_version)
    if draft.state is not DraftState.OPEN:
        return _refused(Invalid({"file": "draft.published"}))
    attachment = attach_to_draft(actor, draft, name, inspected, stored)
    markdown = markdown_of(attachment)
    if wants_json():
        return {
            "id": attachment.id,
            "url": attachment.url,
            "name": attachment.name,
            "markdown": markdown,
        }, 201
    draft.body = f"{draft.body.rstrip()}\n\n{markdown}\n".lstrip()
    return see_other("drafts.show", key=draft.key)


def markdown_of(attachment: Attachment) -> str:
    """Return what to write into a text to show or link an attachment."""
    label = attachment.name.rsplit(".", 1)[0].replace("[", "").replace("]", "")
    mark = "!" if attachment.kind is AttachmentKind.IMAGE else ""
    return f"{mark}[{label}]({attachment.url})"


def _refused(invalid: Invalid) -> ResponseReturnValue:
    words = message(next(iter(invalid.fields.values())), **invalid.params)
    status = 413 if "file.too_large" in invalid.fields.values() else 422
    if wants_json():
        return {"message": words}, status
    return render_template("files/refused.html", words=words), status
