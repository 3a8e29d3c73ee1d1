"""HTTP for posts: a list, a blank page, the page of one of them."""

from flask import Blueprint

from forum.blueprints.reading import add_views

blueprint = Blueprint("posts", __name__, url_prefix="/posts")
add_views(blueprint)
