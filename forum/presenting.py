"""Small words and shapes that the templates of entries need, made from plain data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import format_date, format_time, gettext
from flask_wtf.csrf import generate_csrf

from forum import clock, markup
from forum.forms.editor import new_key
from forum.messages import MESSAGES, message
from forum.models import Attachment, AttachmentKind, Entry
from forum.queries.cards import Card
from forum.rules.kinds import KINDS, Kind
from forum.templating import address


def install(app: Flask) -> None:
    """Give templates what pages of entries show."""
    app.jinja_env.globals.update(
        body_prompt=body_prompt,
        choice_words=choice_words,
        contents_of=contents_of,
        day_of=day_of,
        day_words=day_words,
        file_row=file_row,
        fresh_key=new_key,
        greeting=greeting,
        hint_words=hint_words,
        kind_tabs=kind_tabs,
        label_words=label_words,
        local_time=local_time,
        newline_kept=newline_kept,
        picture_url=picture_url,
        prompt_words=prompt_words,
        reason_words=reason_words,
        sent_fields=sent_fields,
        tick_url_of=tick_url_of,
        ticks_done=ticks_done,
        with_titles=with_titles,
    )
    app.jinja_env.filters["as_row"] = as_row


def greeting(name: str) -> str:
    """Return “Good morning, Mara”, by the site's clock."""
    hour = clock.now().astimezone(current_app.config["FORUM_TIMEZONE"]).hour
    first = name.split()[0] if name.split() else name
    if 5 <= hour < 12:
        return gettext("Good morning, %(name)s", name=first)
    if 12 <= hour < 18:
        return gettext("Good afternoon, %(name)s", name=first)
    return gettext("Good evening, %(name)s", name=first)


def as_row(card: Card) -> dict[str, Any]:
    """Return what the entry card's macro shows of a card."""
    kind = KINDS[card.kind]
    words = [choice_words(card.outcome)] if card.outcome else []
    if kind.has_answers:
        words = [gettext("answered") if card.answer_count else gettext("no answer yet")]
    return {
        "id": card.id,
        "url": address(f"{kind.blueprint}.show", entry_id=card.id, slug=card.slug),
        "kind_label": message(kind.label_key),
        "title": card.title,
        "excerpt": card.excerpt,
        "author_name": card.owner_name,
        "author_department": card.owner_department,
        "space_name": card.space_name,
        "space_url": address("spaces.show", slug=card.space_slug),
        "published_at": card.published_at,
        "comment_count": card.comment_count,
        "status_words": words,
        "tags": card.tags,
    }


def with_titles(html: str, titles: Mapping[int, tuple[str, str, str]]) -> Any:
    """Return stored HTML with the titles of the linked entries the reader may see."""
    return markup.with_titles(html, {key: row[2] for key, row in titles.items()})


def label_words(label: str) -> str:
    """Return the words of a field: our own in today's language, a Space's as typed."""
    return str(MESSAGES.get(label, label.removeprefix("field.")))


def prompt_words(label: str) -> str:
    """Return the words of a field as the editor asks for it."""
    asked = MESSAGES.get(label.replace("field.", "prompt.", 1))
    return str(asked) if asked else label_words(label)


def hint_words(hint: str) -> str:
    """Return the guidance of a field, or nothing."""
    return str(MESSAGES.get(hint, "" if hint.startswith("field.") else hint))


def choice_words(choice: str) -> str:
    """Return the words of a choice."""
    return str(MESSAGES.get(f"outcome.{choice}", choice))


def day_of(moment: datetime) -> str:
    """Return the day of a moment, as people here write it."""
    return format_date(moment, "long")


def day_words(day: str) -> str:
    """Return a day as people write it."""
    return format_date(date.fromisoformat(day), "long")


def body_prompt(kind: Kind) -> str:
    """Return the question that the main text of this kind answers."""
    prompts = {
        "post": gettext("Your text"),
        "question": gettext("Your question, with what matters about it"),
        "experience": gettext("What I did"),
        "tip": gettext("What to do"),
        "tutorial": gettext("The steps: begin each with ## and a short title"),
    }
    return prompts[kind.key]


def contents_of(
    sections: Sequence[Mapping[str, Any]], ticks: Collection[str]
) -> list[dict[str, Any]]:
    """Return the parts of a text for the contents beside it."""
    return [
        {
            "key": f"s-{section['key']}",
            "title": section["title"],
            "done": section["key"] in ticks,
        }
        for section in sections
        if section["role"] in ("step", "section")
    ]


def ticks_done(sections: Sequence[Mapping[str, Any]], ticks: Collection[str]) -> int:
    """Return how many of the present steps are ticked; ticks of gone steps lapse."""
    return sum(1 for section in sections if section["key"] in ticks)


def tick_url_of(entry: Entry) -> Callable[[str], str]:
    """Return where a step of this entry is ticked, by its key."""
    return lambda key: url_for("entries.tick", entry_id=entry.id, section_key=key)


def kind_tabs(
    kinds: Sequence[str], noun: str, shown: Sequence[str], sort: str
) -> list[tuple[str, str, bool]]:
    """Return a tab for each kind of a list."""
    return [
        (
            message(f"kinds.{kind}"),
            url_for(f"{noun}.index", kind=kind, sort=sort),
            list(shown) == [kind],
        )
        for kind in kinds
    ]


def newline_kept(text: object) -> str:
    """Return text for a textarea, whose first line break HTML would swallow."""
    words = "" if text is None else str(text)
    return f"\n{words}" if words.startswith("\n") else words


def local_time(moment: datetime) -> str:
    """Return the time of day as the site's clock shows it."""
    zone = current_app.config["FORUM_TIMEZONE"]
    return format_time(moment.astimezone(zone), "short", rebase=False)


def reason_words(reason: str) -> str:
    """Return why a revision was made; “#1” is our mark for a revision made anew."""
    number = reason.removeprefix("#")
    if reason.startswith("#") and number.isdigit():
        return gettext("Revision %(number)s again", number=number)
    return reason


def sent_fields(without: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return what the form sent, to be carried on unseen, with a fresh token."""
    left_out = {"csrf_token", *without}
    sent = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in left_out
    ]
    return [("csrf_token", generate_csrf()), *sent]


def picture_url(person: Any) -> str:
    """Return the address of a person's picture, small."""
    return url_for("files.thumbnail", attachment_id=person.picture_id)


def file_row(attachment: Attachment) -> dict[str, Any]:
    """Return what the file macro shows of an attachment."""
    is_image = attachment.kind is AttachmentKind.IMAGE
    kib = max(1, round(attachment.size / 1024))
    return {
        "name": attachment.name,
        "url": attachment.url,
        "size_words": f"{kib} KB" if kib < 1024 else f"{kib / 1024:.1f} MB",
        "is_image": is_image,
        "thumbnail_url": url_for("files.thumbnail", attachment_id=attachment.id)
        if is_image
        else "",
    }
