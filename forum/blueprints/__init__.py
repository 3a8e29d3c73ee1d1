"""HTTP only: load, call one query or action, answer. All blueprints on one screen."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

# Each module is named for its noun and holds one blueprint of the same name.
NOUNS = (
    "home",
    "accounts",
    "sessions",
    "people",
    "admin",
    "spaces",
    "tags",
    "posts",
    "tips",
    "tutorials",
    "entries",
    "revisions",
    "drafts",
    "comments",
    "files",
    "patterns",
    "health",
)


def register(app: Flask) -> None:
    """Register every blueprint of the forum, then the API."""
    for noun in NOUNS:
        app.register_blueprint(import_module(f"forum.blueprints.{noun}").blueprint)
    import_module("forum.blueprints.api").register(app)
