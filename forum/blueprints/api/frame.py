"""What every blueprint of the API shares: strict JSON, problems, no cookie, a limit."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import flask
import marshmallow as ma
from flask_smorest import Api, Blueprint
from webargs import core, flaskparser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from forum.blueprints.api.auth import whose_limit
from forum.blueprints.api.problems import MEDIA_TYPE, Problem, answer_problems
from forum.extensions import csrf, limiter

PREFIX = "/api/v1"
LIMIT = "1200 per minute"


class StrictParser(flaskparser.FlaskParser):
    """Take JSON that says it is JSON and is, and nothing that nobody asked for."""

    DEFAULT_UNKNOWN_BY_LOCATION = {
        **flaskparser.FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
    }

    def _raw_load_json(self, req: flask.Request) -> Any:
        if not core.is_json(req.mimetype):
            raise UnsupportedMediaType("Send JSON, as application/json.")
        try:
            return json.loads(req.get_data(), parse_constant=_no_number)
        except (ValueError, RecursionError) as broken:
            # Also what is no UTF-8, nests too deep, or has thousands of digits.
            raise BadRequest("This is not JSON.") from broken


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


class ApiBlueprint(Blueprint):
    """A blueprint that is documented, asks for a bearer token and answers problems."""

    ARGUMENTS_PARSER = StrictParser()


def api_blueprint(noun: str, description: str) -> ApiBlueprint:
    """Return a blueprint of the API for one noun; every endpoint begins with `api`."""
    blueprint = ApiBlueprint(
        f"api-{noun}", __name__, url_prefix=PREFIX, description=description
    )
    answer_problems(blueprint)
    csrf.exempt(blueprint)
    limiter.limit(LIMIT, key_func=whose_limit)(blueprint)
    return blueprint


class ForumApi(Api):
    """The OpenAPI document. Errors stay with our blueprints: pages keep their own."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Register nothing on the whole app."""

    def _register_responses(self) -> None:
        usual = Api.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MEDIA_TYPE
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = usual
