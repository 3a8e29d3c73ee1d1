"""What every page shares: who asks, the transaction around a view, errors as pages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from forum import clock, observations
from forum.errors import Conflict, Invalid, NotAllowed, NotVisible
from forum.extensions import csrf, db, login_manager
from forum.models import Base, LogIn, Person, Site
from forum.queries import access
from forum.tokens import hash_token
from forum.unit_of_work import transaction

View = TypeVar("View", bound=Callable[..., Any])
Model = TypeVar("Model", bound=Base)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SEEN_EVERY = timedelta(hours=1)
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def public(view: View) -> View:
    """Mark a view as open to people who are not logged in; all others refuse them."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def the_actor() -> Person:
    """Return the person who is logged in."""
    return current_user._get_current_object()  # type: ignore[no-any-return]


def load_or_404(
    model: type[Model],
    row_id: int,
    criterion: sa.ColumnElement[bool],
    *options: ORMOption,
) -> Model:
    """Return one row if the policy's criterion selects it; NotVisible if not."""
    if not 0 < row_id < 2**31:
        raise NotVisible
    row = db.session.scalar(
        sa.select(model)
        .where(model.id == row_id, criterion)  # type: ignore[attr-defined]
        .options(*options)
    )
    if row is None:
        raise NotVisible
    return row


def found(row: Model | None) -> Model:
    """Return the row, or raise NotVisible when there is none."""
    if row is None:
        raise NotVisible
    return row


def see_other(endpoint_or_url: str, **values: Any) -> ResponseReturnValue:
    """Answer a form that was taken: go and look there (303)."""
    is_url = endpoint_or_url.startswith("/")
    return redirect(
        endpoint_or_url if is_url else url_for(endpoint_or_url, **values), 303
    )


def moved(url: str) -> ResponseReturnValue:
    """Answer an old address with the present one, in one hop (301)."""
    query = request.query_string.decode("ascii", "replace")
    return redirect(f"{url}?{query}" if query else url, 301)


def safe_next(target: str | None) -> str:
    """Return a path within this forum to go on to; anything else is the home page."""
    asked = (target or "").replace("\\", "/")
    try:
        parts = urlsplit(asked)
    except ValueError:  # such as a bracket that nobody closes
        return url_for("home.index")
    inside = not parts.scheme and not parts.netloc and asked.startswith("/")
    # Browsers take any number of slashes for the beginning of another host.
    if not inside or asked.startswith("//") or not asked.isprintable():
        return url_for("home.index")
    return parts.geturl()


def wants_json() -> bool:
    """Tell a script that asks for JSON from a form."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def is_api() -> bool:
    """Tell whether the request is a program's."""
    return (request.blueprint or "").startswith("api") or request.path.startswith(
        "/api/"
    )


def install(app: Flask) -> None:
    """Bind the gate, the transactions, the headers and the error pages to the app.

    Called last: it wraps the views that the blueprints have registered.
    """
    login_manager.user_loader(_person_of_cookie)
    app.before_request(_gate)
    app.after_request(_finish)
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _one_transaction(view)
    handlers: dict[type[Exception], Callable[..., Any]] = {
        NotVisible: _not_visible,
        NotAllowed: _not_allowed,
        Invalid: _invalid,
        Conflict: _conflict,
        CSRFError: _stale_form,
        HTTPException: _http_error,
    }
    for error, handler in handlers.items():
        app.register_error_handler(error, handler)
    app.register_error_handler(500, _broken)


def _one_transaction(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        with transaction(writing=request.method not in SAFE_METHODS):
            return view(*args, **kwargs)

    return run


def _person_of_cookie(token: str) -> Person | None:
    row = access.log_in_of(hash_token(token), clock.now())
    if row is None:
        return None
    g.log_in, g.site = row
    return g.log_in.person  # type: ignore[no-any-return]


def _gate() -> ResponseReturnValue | None:
    """Refuse by default: only views marked public answer people without a log-in."""
    asked = (request.path, *request.args.values())
    if any("\0" in part for part in asked):
        raise NotVisible  # no database keeps such a character, so nothing is there
    if is_api() or request.endpoint is None:
        return None
    if request.mimetype == "application/x-www-form-urlencoded":
        # Such a form is read at once; Werkzeug itself holds only the other kind to it.
        request.max_content_length = request.max_form_memory_size
    view = app_view(request.endpoint)
    if not current_user.is_authenticated:
        if request.endpoint not in _BEFORE_SET_UP and the_site_or_none() is None:
            return redirect(url_for("accounts.set_up"), 303)
        if not getattr(view, "is_public", False):
            return ask_to_log_in()
    if request.method not in SAFE_METHODS:
        csrf.protect()
    return None


_BEFORE_SET_UP = {
    "accounts.set_up",
    "accounts.set_theme",
    "health.health",
    "health.ready",
}


def app_view(endpoint: str) -> Any:
    """Return the view behind an endpoint."""
    from flask import current_app

    return current_app.view_functions.get(endpoint)


def the_site_or_none() -> Site | None:
    """Return the site, read at most once a request; None before it is set up."""
    if "site" not in g:
        g.site = access.the_site()
    return g.site  # type: ignore[no-any-return]


def ask_to_log_in() -> ResponseReturnValue:
    """Ask for a log-in, and keep what was sent: it goes on after the log-in."""
    if wants_json():
        return {"message": "signed_out"}, 401
    target = request.full_path.rstrip("?") if request.method == "GET" else ""
    if request.method == "GET":
        return redirect(url_for("accounts.login", next=target), 303)
    return render_template("accounts/login.html", **kept_form()), 401


def kept_form() -> Mapping[str, Any]:
    """Return what a form sent and where to, so that a page can send it again."""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name
    ]
    return {"kept": fields, "kept_action": request.full_path.rstrip("?")}


def _finish(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint not in ("static", None):
        headers.setdefault("Cache-Control", "no-store, private")
    log_in: LogIn | None = g.get("log_in")
    if log_in is not None and not sa.inspect(log_in).expired_attributes:
        seen = clock.now()
        if seen - log_in.seen_on > SEEN_EVERY:
            observations.seen_after(response, log_in.id, seen)
    return response


def error_page(status: int, **words: Any) -> ResponseReturnValue:
    """Answer with the page for this status, in the frame the person knows."""
    if wants_json():
        return {"message": words.get("reason", str(status))}, status
    return render_template("errors/error.html", status=status, **words), status


def _not_visible(_error: NotVisible) -> ResponseReturnValue:
    return error_page(404)


def _not_allowed(error: NotAllowed) -> ResponseReturnValue:
    return error_page(403, reason=error.reason, **kept_form())


def _invalid(error: Invalid) -> ResponseReturnValue:
    return error_page(422, problems=error.fields, params=error.params, **kept_form())


def _conflict(_error: Conflict) -> ResponseReturnValue:
    return error_page(409, **kept_form())


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return error_page(400, reason="form.stale", **kept_form())


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error
    if isinstance(error, MethodNotAllowed | NotFound):
        return error_page(error.code or 404)
    return error_page(error.code or 500)


def _broken(_error: Exception) -> ResponseReturnValue:
    # Nothing may go wrong here: no database, no person, only words and what was typed.
    return render_template("errors/broken.html", **kept_form()), 500
