"""Behind a proxy the visitor's address counts, and only a proxy we trust names it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, request

from forum.web import public


@pytest.mark.parametrize(
    ("proxies", "seen"), [("0", "127.0.0.1"), ("1", "203.0.113.9")]
)
def test_only_a_trusted_proxy_names_the_visitor(
    make_app: Callable[..., Flask], proxies: str, seen: str
) -> None:
    app = make_app(FORUM_TRUSTED_PROXIES=proxies)
    app.add_url_rule("/who", "who", public(lambda: str(request.remote_addr)))
    with app.app_context():
        from tests import factories

        factories.site()
    answer = app.test_client().get(
        "/who", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    )
    assert answer.get_data(as_text=True) == seen
