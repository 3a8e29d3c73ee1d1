"""POST /api/v1/render: Markdown as the forum shows it."""

from __future__ import annotations

from typing import Any

from forum.blueprints.api.auth import changes_nothing
from forum.blueprints.api.frame import api_blueprint
from forum.blueprints.api.schemas import Html, Markdown
from forum.markup import render

blueprint = api_blueprint("render", "Markdown, shown as the forum shows it.")


@blueprint.route("/render", methods=["POST"])
@changes_nothing
@blueprint.arguments(Markdown)
@blueprint.response(200, Html)
def render_markdown(data: dict[str, Any]) -> dict[str, str]:
    """Show a text as readers will see it. Nothing is kept."""
    return {"html": render(data["markdown"]).html}
