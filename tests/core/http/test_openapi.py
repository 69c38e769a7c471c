"""The description of the API is valid, complete, and made from the tables that also serve the requests."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, fields
from openapi_spec_validator import OpenAPIV31SpecValidator

from doorstep.core.http import openapi
from doorstep.core.http.routes import Public, table

Document = dict[str, Any]


@pytest.fixture
def document(stranger: FlaskClient) -> Document:
    """What `/v1/openapi.json` answers."""
    answer = stranger.get("/v1/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found: Document = answer.get_json()
    return found


def path_of(rule: str) -> str:
    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule)


def operations(document: Document) -> dict[str, Document]:
    return {f"{m.upper()} {path}": said for path, ways in document["paths"].items() for m, said in ways.items()}


def test_the_document_is_valid(document: Document) -> None:
    errors = [
        f"{list(error.absolute_path)}: {error.message}" for error in OpenAPIV31SpecValidator(document).iter_errors()
    ]
    assert errors == []


def test_every_json_address_is_in_it_and_nothing_else(document: Document, app: Flask) -> None:
    with app.app_context():
        rows = [route for route in table().values() if route.is_api]
    assert set(operations(document)) == {f"{route.method} {path_of(route.rule)}" for route in rows}


def test_every_operation_says_what_it_does_and_who_may(document: Document) -> None:
    for name, said in operations(document).items():
        assert said["summary"], name
        assert not said["summary"].endswith("."), name
        assert "Access: " in said["description"], name
        assert said["tags"], name
        assert "default" in said["responses"], name


def test_operation_ids_are_unique(document: Document) -> None:
    names = [said["operationId"] for said in operations(document).values()]
    assert sorted(names) == sorted(set(names))


def test_what_needs_a_sign_in_says_so(document: Document, app: Flask) -> None:
    with app.app_context():
        open_rules = {
            (r.method, openapi.RULE_VALUE.sub(r"{\2}", r.rule)) for r in table().values() if isinstance(r.guard, Public)
        }
    for name, said in operations(document).items():
        method, path = name.split(" ")
        assert ("security" in said) is ((method, path) not in open_rules), name


def test_lists_are_shapes_of_their_own_and_made_once() -> None:
    class CupSchema(Schema):
        size = fields.Integer()

    page = openapi.list_of(CupSchema)
    assert page is openapi.list_of(CupSchema)
    assert page.__name__ == "CupPage"
    assert set(page().fields) == {"items", "next_cursor"}


def test_a_body_a_query_a_key_and_an_answer_are_described(probing_app: Flask) -> None:
    with probing_app.app_context():
        said = operations(openapi.document())
    make = said["POST /v1/probe/clients"]
    assert make["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Tea"}
    assert [given["name"] for given in make["parameters"]] == ["Idempotency-Key"]
    assert "201" in make["responses"]
    assert make["description"].startswith("Fails when asked for too many lumps")
    assert [given["name"] for given in said["POST /v1/probe/secrets"]["parameters"]] == []
    asked = {given["name"]: given for given in said["GET /v1/probe/search"]["parameters"]}
    assert set(asked) == {"limit", "cursor", "kind", "tag"}
    assert said["GET /v1/probe/named/{name}"]["parameters"][0]["in"] == "path"
