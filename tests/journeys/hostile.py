"""Texts that try to run as code, put wherever people can write, through actions."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from forum.actions.attachments import attach_to_draft, attach_to_entry
from forum.actions.comments import post_comment, prepare_comment
from forum.actions.content import LONGEST_TITLE, Content, prepare
from forum.actions.drafts import Typed, save_draft
from forum.actions.entries import publish_entry, revise_entry
from forum.actions.people import edit_profile
from forum.actions.tags import ensure_tags
from forum.blueprints.files import markdown_of
from forum.extensions import db
from forum.images import inspect
from forum.markup import render
from forum.models import Attachment, Entry, EntryTag, Person, Space
from forum.rules.tags import LONGEST_TAG
from forum.unit_of_work import transaction
from forum.uploads import file_store
from tests import factories
from tests.journeys.serving import Forum
from tests.journeys.steps import screenshot

BATCH = 38


@dataclass(frozen=True)
class Trap:
    """A forum full of hostile texts, and the addresses at which they are shown."""

    person_id: int
    entries: dict[str, str]
    others: list[str]
    editors: list[str]


def set_traps(forum: Forum, payloads: Sequence[str]) -> Trap:
    """Write each text as title, tag, field, body, comment and file name of an entry."""
    with forum.app.test_request_context():
        person = factories.person("Mallory Weiss")
        space = factories.space(person)
        ids = (person.id, space.id)
        contents = [_content(payload) for payload in payloads]
        entries = {}
        with transaction():
            writer = db.session.get_one(Person, ids[0])
            place = db.session.get_one(Space, ids[1])
            for payload, content in zip(payloads, contents, strict=True):
                entry = _entry(writer, place, payload, content)
                entries[f"/tips/{entry.id}-{entry.slug}"] = content.title
        batches = [payloads[at : at + BATCH] for at in range(0, len(payloads), BATCH)]
        others, editors = [], []
        for batch in batches:
            changed, editor = _together(ids, batch)
            others += changed
            editors.append(editor)
        _profile(ids[0], payloads)
    lists = ["/", "/tips", "/tags", "/drafts", f"/people/{ids[0]}-mallory-weiss"]
    return Trap(ids[0], entries, [*lists, *others], editors)


def _content(payload: str, body: str = "") -> Content:
    return prepare(
        kind="tip",
        title=payload[:LONGEST_TITLE],
        body=body or f"{payload}\n\n## {' '.join(payload.split())}\n\n- {payload}",
        fields={"problem": payload},
        tags="",
    )


def _entry(writer: Person, place: Space, payload: str, content: Content) -> Entry:
    # Not asked for what is required: some texts are nothing but blanks.
    entry = publish_entry(writer, place, content, requirements=False)
    # Past the rule for tags, which takes few of these: pages must bear the rest too.
    name = payload.replace("\0", "").strip()[:LONGEST_TAG]
    for tag in ensure_tags([name] if name else []):
        db.session.add(EntryTag(entry_id=entry.id, tag_id=tag.id))
    file = _file(payload, writer, entry)
    said = prepare_comment(f"{payload}\n\n{markdown_of(file)}")
    post_comment(writer, entry, said)
    return entry


def _file(payload: str, writer: Person, entry: Entry) -> Attachment:
    inspected = inspect(screenshot(), "a.png")
    stored = file_store().put(io.BytesIO(inspected.data), limit=2**20)
    return attach_to_entry(writer, entry, payload, inspected, stored)


def _together(ids: tuple[int, int], batch: Sequence[str]) -> tuple[list[str], str]:
    """Put many texts into one entry with a history, and into one draft with files."""
    everything = "\n\n".join(batch)
    first = _content("All at once", everything)
    second = _content("All at once", "\n\n".join(reversed(batch)))
    key = str(uuid.uuid4())
    with transaction():
        writer = db.session.get_one(Person, ids[0])
        place = db.session.get_one(Space, ids[1])
        entry = publish_entry(writer, place, first, requirements=False)
        said = {"base_number": 1, "reason": batch[0], "requirements": False}
        revise_entry(writer, entry, second, **said)  # type: ignore[arg-type]
        typed = Typed(
            kind="tip",
            title=batch[0],
            body=everything,
            tags=", ".join(batch),
            fields={"problem": everything},
            space_id=ids[1],
        )
        draft = save_draft(writer, key, typed)
        inspected = inspect(screenshot(), "a.png")
        stored = file_store().put(io.BytesIO(inspected.data), limit=2**20)
        for payload in batch:
            attach_to_draft(writer, draft, payload, inspected, stored)
        number = entry.id
    shown = [
        f"/entries/{number}",
        f"/entries/{number}/revisions",
        f"/entries/{number}/revisions/1",
        f"/entries/{number}/changes",
        f"/entries/{number}/changes?view=inline",
    ]
    return shown, f"/drafts/{key}"


def _profile(person_id: int, payloads: Sequence[str]) -> None:
    bio = "\n\n".join(payloads)[:5_000]
    rendered = render(bio)
    with transaction():
        person = db.session.get_one(Person, person_id)
        edit_profile(
            person,
            person,
            name="Mallory Weiss",
            department=payloads[0][:80],
            bio=bio,
            rendered_bio=rendered,
            offers=[],
            wants=[],
            version=person.version,
        )
