"""Commonplace: an internal knowledge-sharing forum with peer review.

`create_app` is the reading order of the whole application.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

__all__ = ["create_app"]


def create_app(given: Mapping[str, Any] | None = None) -> Flask:
    """Make the application from settings given here and in the environment.

    Raises `config.BadSetting` with a line for each setting that cannot be used.
    """
    from forum import assets, blueprints, config, logs, presenting, templating, web
    from forum.extensions import babel, csrf, db, limiter, login_manager, migrate
    from forum.unit_of_work import prepare_engine

    settings = config.flask_settings(config.load(given))
    settings["FORUM_DATA"].mkdir(parents=True, exist_ok=True)
    app = Flask(
        "forum",
        static_folder=None,
        template_folder=str(assets.shipped_folder("templates")),
    )
    app.config.update(settings)
    logs.install(app)

    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(
        app, db, directory=str(assets.PACKAGE / "migrations"), compare_type=True
    )
    babel.init_app(app, timezone_selector=lambda: str(settings["FORUM_TIMEZONE"]))
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)

    static = assets.shipped_folder("static")
    cache = settings["FORUM_DATA"] / "cache" / "static"
    version, folder = assets.prepare(static, cache)
    app.extensions["assets"] = version
    app.wsgi_app = assets.serve(app.wsgi_app, version, folder)  # type: ignore[method-assign]

    if proxies := settings["FORUM_TRUSTED_PROXIES"]:
        # The visitor's address, for limits by address; nobody else may name it.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]

    blueprints.register(app)
    templating.install(app)
    presenting.install(app)
    web.install(app)
    return app
