"""Tags come into being by use; a few people describe, rename and merge them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlalchemy.orm.exc import StaleDataError

from forum import clock, events
from forum.errors import Conflict, Invalid
from forum.extensions import db
from forum.models import EntryTag, Person, PersonTag, Space, Tag
from forum.policies import can_edit_tags, require
from forum.rules.tags import clean_tag


def ensure_tags(names: Sequence[str]) -> list[Tag]:
    """Return the tags that these clean names mean, in their order, each once.

    A name nobody has used becomes a tag; a synonym stands for the tag it points at.
    Two people who invent the same tag at once get the same one.
    """
    tags = {tag.name: tag for tag in _held(Tag.name.in_(names))} if names else {}
    # Everybody creates in the same order, so that no two wait for each other.
    for name in sorted(set(names) - tags.keys()):
        tags[name] = _create(name)
    meant = _meant(tags)
    return list({meant[name].id: meant[name] for name in names}.values())


def edit_tag(
    actor: Person, tag: Tag, *, name: str, description: str, version: int
) -> Tag:
    """Describe a tag, or rename it: the old name stays as a synonym and leads on.

    Conflict when somebody saved first; Invalid when the name is another tag's.
    """
    require(can_edit_tags(actor))
    clean = clean_tag(name)
    if clean is None:
        raise Invalid({"name": "tag.not_a_tag"})
    _hold([tag.id])
    if tag.version != version or tag.synonym_of_id is not None:
        raise Conflict(theirs=tag)
    renamed = clean != tag.name
    try:
        with db.session.begin_nested():
            old = tag.name
            if renamed:
                _give_up_own_synonym(tag, clean)
                tag.name = clean
            tag.description = description.strip()
            db.session.flush()
            if renamed:
                _add_synonym(old, tag)
                _rename_in_spaces(old, clean)
    except IntegrityError as taken:
        raise Invalid({"name": "tag.taken"}) from taken
    except StaleDataError as stale:
        raise Conflict(theirs=tag) from stale
    events.record("tag.edited", actor, tag, renamed=renamed)
    return tag


def merge_tags(actor: Person, tag: Tag, *, into: Tag) -> Tag:
    """Let `into` stand for `tag` too: everything that carries `tag` carries `into`.

    `tag` and all its synonyms become synonyms of `into`: one level, always.
    """
    require(can_edit_tags(actor))
    _hold([tag.id, into.id])
    target = into.synonym_of or into
    if target.id == tag.id:
        raise Invalid({"into": "tag.itself"})
    if tag.synonym_of_id is not None:
        raise Conflict(theirs=tag)
    _move_uses(tag, target)
    db.session.execute(
        sa.update(Tag)
        .where(sa.or_(Tag.id == tag.id, Tag.synonym_of_id == tag.id))
        .values(synonym_of_id=target.id, version=Tag.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    _rename_in_spaces(tag.name, target.name)
    events.record("tag.merged", actor, tag, into=target.id)
    return target


def _held(criterion: sa.ColumnElement[bool]) -> list[Tag]:
    # Whoever uses a tag holds it until they are done: a merge waits, so that nothing
    # is left behind on the tag that it empties.
    held = sa.select(Tag.id).where(criterion).order_by(Tag.id)
    ids = db.session.scalars(held.with_for_update(read=True, key_share=True)).all()
    return _as_they_stand(ids)


def _as_they_stand(ids: Sequence[int]) -> list[Tag]:
    if not ids:
        return []
    tags = sa.select(Tag).where(Tag.id.in_(ids))
    return list(db.session.scalars(tags.execution_options(populate_existing=True)))


def _create(name: str) -> Tag:
    while True:
        tag = Tag(name=name, created_at=clock.now())
        try:
            with db.session.begin_nested():
                db.session.add(tag)
                db.session.flush()
            return tag
        except IntegrityError:
            if theirs := _held(Tag.name == name):
                return theirs[0]


def _meant(tags: dict[str, Tag]) -> dict[str, Tag]:
    # One level as a rule; a merge that ended while we waited may add one.
    while pointing := {t.synonym_of_id for t in tags.values() if t.synonym_of_id}:
        found: dict[int | None, Tag] = {t.id: t for t in _held(Tag.id.in_(pointing))}
        tags = {name: found.get(t.synonym_of_id, t) for name, t in tags.items()}
    return tags


def _hold(ids: Sequence[int]) -> None:
    held = sa.select(Tag.id).where(Tag.id.in_(ids)).order_by(Tag.id)
    _as_they_stand(db.session.scalars(held.with_for_update()).all())


def _give_up_own_synonym(tag: Tag, name: str) -> None:
    db.session.execute(
        sa.delete(Tag).where(Tag.name == name, Tag.synonym_of_id == tag.id)
    )


def _add_synonym(name: str, tag: Tag) -> None:
    db.session.add(Tag(name=name, synonym_of_id=tag.id, created_at=clock.now()))
    db.session.flush()


def _move_uses(tag: Tag, target: Tag) -> None:
    entry_has, person_has = aliased(EntryTag), aliased(PersonTag)
    both_entry = sa.exists().where(
        entry_has.entry_id == EntryTag.entry_id, entry_has.tag_id == target.id
    )
    both_person = sa.exists().where(
        person_has.person_id == PersonTag.person_id,
        person_has.wish == PersonTag.wish,
        person_has.tag_id == target.id,
    )
    uses: tuple[tuple[type[EntryTag] | type[PersonTag], sa.Exists], ...] = (
        (EntryTag, both_entry),
        (PersonTag, both_person),
    )
    for table, has_both in uses:
        plain = {"synchronize_session": False}
        db.session.execute(
            sa.delete(table).where(table.tag_id == tag.id, has_both),
            execution_options=plain,
        )
        db.session.execute(
            sa.update(table).where(table.tag_id == tag.id).values(tag_id=target.id),
            execution_options=plain,
        )
    db.session.expire_all()


def _rename_in_spaces(old: str, new: str) -> None:
    rows = db.session.execute(sa.select(Space.id, Space.required_tags)).all()
    for space_id, names in rows:
        if old in names:
            kept = list(dict.fromkeys(new if name == old else name for name in names))
            # No new version: nobody who edits the Space meanwhile has to merge this.
            db.session.execute(
                sa.update(Space).where(Space.id == space_id).values(required_tags=kept)
            )
