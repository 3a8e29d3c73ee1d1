"""A forum with a few people and Spaces, and a program for each of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forum.actions.tokens import create_token
from forum.extensions import db
from forum.models import Person, Role, Visibility
from forum.unit_of_work import transaction
from tests import factories


@dataclass
class Program:
    """A program that speaks to the API with a token."""

    client: FlaskClient
    token: str

    def send(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> TestResponse:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.open(
            path if path.startswith("/") else f"/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body),
            content_type=None if body is None else "application/json",
            headers={"Authorization": f"Bearer {self.token}", **named},
        )

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> TestResponse:
        return self.send("PATCH", path, body, **headers)


@dataclass
class World:
    """Ada looks after an open and a private Space; Ben is in neither."""

    ada: Program
    ben: Program
    ada_id: int
    ben_id: int
    open: str
    closed: str
    private: str


@pytest.fixture
def program_of(app: Flask) -> Callable[..., Program]:
    def program(person_id: int, *scopes: str) -> Program:
        with app.app_context(), transaction():
            person = db.session.get(Person, person_id)
            assert person is not None
            token = create_token(person, scopes=scopes or ("write",))
        return Program(app.test_client(), token)

    return program


@pytest.fixture
def world(app: Flask, program_of: Callable[..., Program]) -> World:
    with app.app_context():
        ada, ben = factories.person("Ada"), factories.person("Ben")
        ada_id, ben_id = ada.id, ben.id
        slugs = [
            factories.space(db.session.get(Person, ada_id), each.value, each).slug
            for each in (Visibility.OPEN, Visibility.CLOSED, Visibility.PRIVATE)
        ]
    return World(program_of(ada_id), program_of(ben_id), ada_id, ben_id, *slugs)


@pytest.fixture
def guest(app: Flask, program_of: Callable[..., Program]) -> Program:
    with app.app_context():
        person_id = factories.person("Guest", Role.GUEST).id
    return program_of(person_id)


def tip(space: str, **more: Any) -> dict[str, Any]:
    """A tip as a program would send it."""
    return {
        "kind": "tip",
        "space": space,
        "title": "Check a backup",
        "body_markdown": "Restore it **somewhere else**.",
        "fields": {"problem": "Is the backup any good?"},
        "tags": ["backup"],
        **more,
    }
