"""The description of the API as a page."""

from __future__ import annotations

from flask.testing import FlaskClient

from doorstep.health import outline
from doorstep.health.outline import Value


def test_the_page_lists_every_address_with_its_method(stranger: FlaskClient) -> None:
    page = stranger.get("/v1/docs")
    assert page.status_code == 200
    document = stranger.get("/v1/openapi.json").get_json()
    for path, ways in document["paths"].items():
        for method, said in ways.items():
            assert f'<span class="method">{method.upper()}</span> <code>{path}</code>' in page.text
            assert f'id="{said["operationId"]}"' in page.text


def test_the_page_needs_nothing_from_elsewhere(stranger: FlaskClient) -> None:
    text = stranger.get("/v1/docs").text
    assert "//cdn" not in text
    assert 'src="http' not in text


def test_kinds_are_said_in_words() -> None:
    assert outline.kind({"type": "string", "format": "uuid"}) == "text (uuid)"
    assert outline.kind({"type": ["integer", "null"]}) == "whole number or nothing"
    assert outline.kind({"type": "array", "items": {"$ref": "#/components/schemas/Order"}}) == "list of Order"
    assert outline.kind({"enum": ["a", "b", None]}) == "one of a, b, nothing"
    assert outline.kind({"anyOf": [{"$ref": "#/x/Order"}, {"type": "null"}]}) == "Order or nothing"
    assert outline.kind({}) == "anything"


def test_shapes_are_found_through_lists_and_choices() -> None:
    assert outline.shape({"type": "array", "items": {"$ref": "#/x/Order"}}) == "Order"
    assert outline.shape({"anyOf": [{"type": "null"}, {"$ref": "#/x/Order"}]}) == "Order"
    assert outline.shape({"type": "string"}) == ""


def test_members_say_what_is_required() -> None:
    schema = {"required": ["name"], "properties": {"name": {"type": "string"}, "note": {"type": "string"}}}
    assert list(outline.members(schema)) == [Value("name", "text", required=True), Value("note", "text")]
