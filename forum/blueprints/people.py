"""HTTP for colleagues and their profiles."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forum import markup
from forum.actions.people import edit_profile, remove_picture, set_picture
from forum.errors import Conflict, Invalid
from forum.forms import messages as form_messages
from forum.forms.people import ProfileForm
from forum.messages import message
from forum.models import Person
from forum.policies import can_edit_profile, require, visible_people
from forum.queries import people as queries
from forum.rules.tags import parse_tags
from forum.templating import person_url
from forum.uploads import receive
from forum.web import load_or_404, moved, see_other, the_actor

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
def index() -> ResponseReturnValue:
    """List colleagues by name; of one department, or whose names begin so."""
    actor = the_actor()
    asked = {key: request.args.get(key, "") for key in ("department", "name")}
    return render_template(
        "people/index.html",
        page=queries.people(
            actor,
            department=asked["department"],
            name=asked["name"],
            cursor=request.args.get("after"),
        ),
        departments=queries.departments(actor),
        asked=asked,
    )


@blueprint.get("/people/<int:person_id>", defaults={"slug": ""})
@blueprint.get("/people/<int:person_id>-<slug>")
def show(person_id: int, slug: str) -> ResponseReturnValue:
    """Show what somebody can help with, wants to learn, and wrote."""
    actor = the_actor()
    person = load_or_404(Person, person_id, visible_people(actor))
    if request.path != person_url(person):
        return moved(person_url(person))
    profile = queries.profile_of(actor, person, request.args.get("after"))
    return render_template("people/show.html", person=person, profile=profile)


@blueprint.get("/people/<int:person_id>/edit")
def edit(person_id: int) -> ResponseReturnValue:
    """Offer the profile for editing."""
    return _edit_page(_editable(person_id))


def _edit_page(person: Person, **more: str) -> str:
    offers, wants = queries.wishes_of(person)
    form = ProfileForm(
        formdata=None,
        data={
            "version": person.version,
            "name": person.name,
            "department": person.department,
            "offers": ", ".join(offers),
            "wants": ", ".join(wants),
            "bio": person.bio,
        },
    )
    return render_template("people/edit.html", form=form, person=person, **more)


@blueprint.post("/people/<int:person_id>/edit")
def update(person_id: int) -> ResponseReturnValue:
    """Save the profile, unless somebody saved it meanwhile."""
    form = ProfileForm()
    rendered = markup.render((form.bio.data or "")[:5_000])
    is_well_formed = form.validate()
    person = _editable(person_id)
    try:
        if is_well_formed:
            _save(form, person, rendered)
            flash(gettext("The profile is saved."), "good")
            return see_other(person_url(person))
    except Invalid as refused:
        form_messages.show_problems(form, refused)
    except Conflict:
        return _changed_meanwhile(form, person), 409
    return render_template("people/edit.html", form=form, person=person), 422


def _changed_meanwhile(form: ProfileForm, person: Person) -> str:
    offers, wants = queries.wishes_of(person)
    form.version.data = str(person.version)
    theirs = {"offers": offers, "wants": wants}
    return render_template("people/edit.html", form=form, person=person, theirs=theirs)


def _save(form: ProfileForm, person: Person, rendered: markup.Rendered) -> None:
    version = form.version.data or ""
    edit_profile(
        the_actor(),
        person,
        name=form.name.data or "",
        department=form.department.data or "",
        bio=form.bio.data or "",
        rendered_bio=rendered,
        offers=parse_tags(form.offers.data or "")[0],
        wants=parse_tags(form.wants.data or "")[0],
        version=int(version) if version.isdigit() and version.isascii() else 0,
    )


@blueprint.post("/people/<int:person_id>/picture")
def picture(person_id: int) -> ResponseReturnValue:
    """Show a picture in place of initials."""
    try:
        upload = receive(request.files.get("file"))
        set_picture(the_actor(), _editable(person_id), *upload)
    except Invalid as refused:
        person = _editable(person_id)
        words = message(next(iter(refused.fields.values())), **refused.params)
        return _edit_page(person, picture_problem=words), 422
    flash(gettext("The picture is changed."), "good")
    return see_other("people.edit", person_id=person_id)


@blueprint.post("/people/<int:person_id>/picture-removal")
def remove(person_id: int) -> ResponseReturnValue:
    """Go back to initials."""
    remove_picture(the_actor(), _editable(person_id))
    flash(gettext("The picture is removed."), "good")
    return see_other("people.edit", person_id=person_id)


def _editable(person_id: int) -> Person:
    actor = the_actor()
    person = load_or_404(Person, person_id, visible_people(actor))
    require(can_edit_profile(actor, person))
    return person
