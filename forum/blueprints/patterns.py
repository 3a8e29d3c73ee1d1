"""HTTP for the page that shows every component in every state."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

blueprint = Blueprint("patterns", __name__)


@blueprint.get("/patterns")
def show() -> ResponseReturnValue:
    """Show all components, for whoever builds pages."""
    return render_template("patterns/show.html")
