"""Who asks: a program with a bearer token, never a browser with a cookie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address

from forum import clock
from forum.blueprints.api.problems import problem
from forum.models import ApiToken, Person
from forum.queries import access
from forum.tokens import hash_token
from forum.web import SAFE_METHODS, app_view, is_api

View = TypeVar("View", bound=Callable[..., Any])
DOCUMENT = "api-docs.openapi_json"
REALM = 'Bearer realm="Commonplace"'


def changes_nothing(view: View) -> View:
    """Mark a POST that only computes an answer: a token that reads may send it."""
    view.scope = "read"  # type: ignore[attr-defined]
    return view


def gate() -> ResponseReturnValue | None:
    """Refuse by default: every endpoint but the OpenAPI document asks for a token."""
    if not is_api() or request.endpoint in (None, DOCUMENT):
        return None
    given = bearer_token()
    if given is None:
        return _refuse("Send a token: Authorization: Bearer …", REALM)
    token = access.token_of(hash_token(given), clock.now())
    if token is None:
        error = f'{REALM}, error="invalid_token"'
        return _refuse("The token is unknown, ended or has expired.", error)
    needed = _needed_scope()
    if needed not in scopes_of(token):
        return _lacking(needed)
    g.bearer = token.person
    return None


def the_bearer() -> Person:
    """Return the person for whom the program acts."""
    return g.bearer


def bearer_token() -> str | None:
    """Return the token of the request, from its header and from nowhere else."""
    sent = request.authorization
    return sent.token if sent is not None and sent.type == "bearer" else None


def whose_limit() -> str:
    """Return what requests are counted by: the token, or the address without one."""
    token = bearer_token()
    return hash_token(token) if token else get_remote_address()


def scopes_of(token: ApiToken) -> set[str]:
    """Return the scopes of a token; `write` holds `read`."""
    scopes = set(token.scopes.replace(",", " ").split())
    return scopes | {"read"} if "write" in scopes else scopes


def _needed_scope() -> str:
    usual = "read" if request.method in SAFE_METHODS else "write"
    return str(getattr(app_view(request.endpoint or ""), "scope", usual))


def _refuse(detail: str, challenge: str) -> ResponseReturnValue:
    return problem(401, detail, headers={"WWW-Authenticate": challenge})


def _lacking(scope: str) -> ResponseReturnValue:
    challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
    detail = f"This token lacks the scope “{scope}”."
    return problem(403, detail, headers={"WWW-Authenticate": challenge})
