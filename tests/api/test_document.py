"""The OpenAPI document names every route, and nothing that is not there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    return answer.json  # type: ignore[no-any-return]


def test_every_route_is_in_it(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (re.sub(r"<int:(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api-") and rule.endpoint != "api-docs.openapi_json"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method)
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert described == routes
    assert len(routes) == 10


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for item in document["paths"].values():
        for method, operation in item.items():
            if method != "parameters":
                assert operation["summary"]
                assert operation["responses"]["default"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            target: Any = document
            for step in node.get("$ref", "#").split("/")[1:]:
                target = target[step]
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(document)


def test_no_page_of_a_documentation_tool_comes_with_it(app: Flask) -> None:
    rules = [r.endpoint for r in app.url_map.iter_rules() if "api-docs" in r.endpoint]
    assert rules == ["api-docs.openapi_json"]
