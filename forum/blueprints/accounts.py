"""HTTP for getting in and out: log-in, joining, passwords, colours."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from forum import passwords
from forum.actions.access import (
    change_password as set_new_password,
)
from forum.actions.access import (
    check_password,
    folded_address,
    log_in,
    log_out,
)
from forum.actions.invitations import accept_invitation, open_invitation
from forum.actions.resets import open_reset, request_reset, reset_password
from forum.actions.site import set_up_site
from forum.blueprints.signing import remember, this_browser, token_of_browser
from forum.errors import Conflict, Invalid, NotVisible
from forum.extensions import limiter
from forum.forms.access import (
    ChangePasswordForm,
    ForgotForm,
    JoinForm,
    LogInForm,
    NewPasswordForm,
    SetUpForm,
)
from forum.forms.messages import show_problems
from forum.messages import message
from forum.queries import access
from forum.templating import THEMES
from forum.tokens import verify
from forum.unit_of_work import transaction
from forum.web import public, safe_next, see_other, the_actor, the_site_or_none

blueprint = Blueprint("accounts", __name__)

POSTS = limiter.shared_limit("30 per minute", scope="accounts", methods=["POST"])
KEPT = "kept:"
YEAR = 31_536_000


@blueprint.app_context_processor
def _for_the_log_in_page() -> dict[str, Any]:
    # The gate shows the log-in page in place of any other; these cost nothing unless
    # it does.
    return {
        "log_in_form": lambda: LogInForm(formdata=None),
        "demo_people": _demo_people,
        "KEPT": KEPT,
    }


def _demo_people() -> list[Any]:
    return access.people_of_the_demo() if current_app.config["FORUM_DEMO"] else []


@blueprint.route("/login", methods=["GET", "POST"])
@public
@POSTS
def login() -> ResponseReturnValue:
    """Log in, and go on with what was asked or sent before."""
    form = LogInForm()
    if not form.is_submitted():
        if current_user.is_authenticated:
            return see_other(safe_next(request.args.get("next")))
        return render_template("accounts/login.html", form=form)
    if not form.validate() or not (token := _try_to_log_in(form)):
        return render_template("accounts/login.html", form=form, **_kept()), 422
    remember(token)
    kept = _kept()
    if kept["kept_action"]:
        return render_template("accounts/resume.html", **kept)
    return see_other(safe_next(request.form.get("next")))


def _try_to_log_in(form: LogInForm) -> str | None:
    email, password = form.email.data or "", form.password.data or ""
    with transaction(writing=False):
        known = access.password_hash_of(folded_address(email))
    checked = check_password(email, password, known)
    with transaction():
        log_out(token_of_browser())
        try:
            return log_in(checked, **this_browser())
        except Invalid as refused:
            show_problems(form, refused)
            return None


def _kept() -> dict[str, Any]:
    """Return what was sent before the log-in; only to a path of this forum."""
    action = request.form.get("kept_action", "")
    fields = [
        (name.removeprefix(KEPT), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(KEPT)
    ]
    target = safe_next(action)
    return {"kept": fields, "kept_action": target if target == action else ""}


@blueprint.route("/set-up", methods=["GET", "POST"])
@public
@POSTS
def set_up() -> ResponseReturnValue:
    """Give an empty forum its name and its first admin."""
    if the_site_or_none() is not None:
        return see_other("accounts.login")
    form = SetUpForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/set_up.html", form=form), status
    try:
        remember(person=set_up_site(**form.as_said()))
    except Conflict:
        flash(message("site.set_up_already"), "warn")
        return see_other("accounts.login")
    except Invalid as refused:
        show_problems(form, refused)
        return render_template("accounts/set_up.html", form=form), 422
    flash(gettext("The forum is set up, and you are its admin."), "good")
    return see_other("admin.invitations" if form.invitations.data else "home.index")


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End this browser's log-in; the other ones stay."""
    log_out(token_of_browser())
    # The token of forms stays: a page in another tab can log in again and go on.
    for key in ("_user_id", "_fresh", "_id"):
        session.pop(key, None)
    flash(gettext("You are logged out."), "good")
    return see_other("accounts.login")


@blueprint.route("/invitations/<signed>", methods=["GET", "POST"])
@public
@POSTS
def join(signed: str) -> ResponseReturnValue:
    """Take the place that somebody kept."""
    form, row = JoinForm(), _row_of(signed, "invitation")
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        new = passwords.prepare(form.password.data or "")
        try:
            person = accept_invitation(
                open_invitation(*row),
                name=form.name.data or "",
                department=form.department.data or "",
                password=new,
            )
        except Invalid as refused:
            show_problems(form, refused)
        else:
            remember(person=person)
            return see_other("home.index")
    invitation = open_invitation(*row)
    page = render_template("accounts/join.html", form=form, invitation=invitation)
    return page, status


@blueprint.route("/password-resets", methods=["GET", "POST"])
@public
@POSTS
def forgot() -> ResponseReturnValue:
    """Ask for a new password by mail; the answer is the same for every address."""
    form = ForgotForm()
    if form.validate_on_submit():
        request_reset(form.email.data or "")
        return see_other("accounts.forgot", sent=1)
    status = 422 if form.is_submitted() else 200
    sent = bool(request.args.get("sent"))
    return render_template("accounts/forgot.html", form=form, sent=sent), status


@blueprint.route("/password-resets/<signed>", methods=["GET", "POST"])
@public
@POSTS
def reset(signed: str) -> ResponseReturnValue:
    """Choose a new password, once."""
    form, row = NewPasswordForm(), _row_of(signed, "password-reset")
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        new = passwords.prepare(form.password.data or "")
        try:
            reset_password(open_reset(*row), new)
        except Invalid as refused:
            show_problems(form, refused)
        else:
            flash(gettext("Your new password is set. Log in with it."), "good")
            return see_other("accounts.login")
    found = open_reset(*row)
    return render_template("accounts/reset.html", form=form, reset=found), status


@blueprint.route("/password", methods=["GET", "POST"])
@POSTS
def change_password() -> ResponseReturnValue:
    """Choose a new password, knowing the old one."""
    form = ChangePasswordForm()
    if form.validate_on_submit() and _try_to_change_password(form):
        flash(
            gettext("Your new password is set. Other browsers are logged out."), "good"
        )
        return see_other("sessions.index")
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/password.html", form=form), status


def _try_to_change_password(form: ChangePasswordForm) -> bool:
    with transaction(writing=False):
        email, known = the_actor().email or "", the_actor().password_hash
    checked = check_password(email, form.current_password.data or "", known)
    new = passwords.prepare(form.password.data or "")
    with transaction():
        try:
            set_new_password(the_actor(), checked, new, keep=token_of_browser())
        except Invalid as refused:
            show_problems(form, refused)
            return False
    return True


@blueprint.post("/demo-log-ins")
@public
@POSTS
def continue_as() -> ResponseReturnValue:
    """Log in as one of the people of the demo; there is no such page elsewhere."""
    wanted = request.form.get("person", type=int)
    for person in _demo_people():
        if person.id == wanted:
            remember(person=person)
            return see_other(safe_next(request.form.get("next")))
    raise NotVisible


@blueprint.post("/theme")
@public
def set_theme() -> ResponseReturnValue:
    """Keep the colours somebody chose, in this browser."""
    theme = request.form.get("theme", "")
    response = make_response(see_other(safe_next(request.form.get("next"))))
    response.set_cookie(
        "theme",
        theme if theme in THEMES else THEMES[0],
        max_age=YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _row_of(signed: str, purpose: str) -> tuple[int, str]:
    row = verify(current_app.config["SECRET_KEY"], purpose, signed)
    if row is None or not 0 < row[0] < 2**31:
        raise NotVisible
    return row
