"""HTTP for tutorials: a list, a blank page, the page of one of them."""

from flask import Blueprint

from forum.blueprints.reading import add_views

blueprint = Blueprint("tutorials", __name__, url_prefix="/tutorials")
add_views(blueprint)
