"""The API for programs, under /api/v1: the same policies, queries and actions."""

from __future__ import annotations

from flask import Flask

from forum.blueprints.api import comments, entries, render, spaces
from forum.blueprints.api.auth import gate
from forum.blueprints.api.frame import PREFIX, ForumApi
from forum.blueprints.api.problems import answer_unknown_paths
from forum.blueprints.api.results import Draft

DESCRIPTION = (
    "Read and write what is in the forum, as the person whose token you send. "
    "What that person may not see is answered with 404."
)


def register(app: Flask) -> None:
    """Register the API's blueprints, their gate and the OpenAPI document."""
    app.config["OPENAPI_URL_PREFIX"] = PREFIX
    api = ForumApi(
        app,
        spec_kwargs={
            "title": "Commonplace",
            "version": "1",
            "openapi_version": "3.1.0",
            "info": {"description": DESCRIPTION},
            "servers": [{"url": app.config["FORUM_SITE_URL"].rstrip("/") or "/"}],
            "security": [{"bearer": []}],
        },
    )
    token = {"type": "http", "scheme": "bearer"}
    api.spec.components.security_scheme("bearer", token)
    api.spec.components.schema("Draft", schema=Draft)
    for noun in (spaces, entries, comments, render):
        api.register_blueprint(noun.blueprint)
    app.before_request(gate)
    answer_unknown_paths(app)
