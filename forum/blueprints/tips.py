"""HTTP for tips: a list, a blank page, the page of one of them."""

from flask import Blueprint

from forum.blueprints.reading import add_views

blueprint = Blueprint("tips", __name__, url_prefix="/tips")
add_views(blueprint)
