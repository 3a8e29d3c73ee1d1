"""GET and POST /api/v1/spaces."""

from __future__ import annotations

from typing import Any

from forum.actions.spaces import create_space
from forum.blueprints.api.auth import the_bearer
from forum.blueprints.api.frame import api_blueprint
from forum.blueprints.api.paging import cursor_of, page_answer
from forum.blueprints.api.repeats import PARAMETER, once
from forum.blueprints.api.representations import landing_json, space_json
from forum.blueprints.api.results import Space, SpacePage
from forum.blueprints.api.schemas import NewSpace, SpacesQuery
from forum.models import SpaceKind, Visibility
from forum.queries.spaces import landing, spaces_index

blueprint = api_blueprint("spaces", "Where entries live.")


@blueprint.route("/spaces", methods=["GET"])
@blueprint.arguments(SpacesQuery, location="query")
@blueprint.response(200, SpacePage)
def list_spaces(query: dict[str, Any]) -> Any:
    """List the Spaces you may know of, by name, 50 on a page."""
    page = spaces_index(the_bearer(), cursor_of(query, str, int))
    return page_answer(page, [space_json(row) for row in page.rows])


@blueprint.route("/spaces", methods=["POST"])
@blueprint.doc(parameters=[PARAMETER])
@blueprint.arguments(NewSpace)
@blueprint.response(201, Space)
def start_space(data: dict[str, Any]) -> Any:
    """Start a Space and look after it."""
    data |= {"kind": SpaceKind(data["kind"])}
    data |= {"visibility": Visibility(data["visibility"])}
    slug = once(
        make=lambda: create_space(the_bearer(), **data).slug,
        find=str,
        place=str,
    )
    answer = landing_json(landing(the_bearer(), slug))
    return answer, {"Location": answer["url"]}
