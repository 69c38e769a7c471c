"""Input is read through schemas; whatever is wrong with it is said at its place."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, fields

from doorstep.core.errors import FieldError, Invalid, invalid
from doorstep.core.http.inputs import Form, flat
from tests.core.http.probe import Tea


def mistakes(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422
    return {error["field"]: error["message"] for error in answer.get_json()["errors"]}


def test_a_body_is_checked_and_completed(call: FlaskClient) -> None:
    answer = call.post("/v1/probe/echo", json={"name": "Assam"})
    assert answer.get_json() == {"name": "Assam", "sugar": 0, "lines": [], "tags": []}


def test_each_mistake_is_told_with_its_path(call: FlaskClient) -> None:
    body = {"sugar": "two", "lines": [{"price_cents": 1}, {"price_cents": None}], "milk": True}
    assert set(mistakes(call.post("/v1/probe/echo", json=body))) == {"name", "sugar", "lines.1.price_cents", "milk"}


def test_no_body_at_all_counts_as_an_empty_object(call: FlaskClient) -> None:
    assert set(mistakes(call.post("/v1/probe/echo"))) == {"name"}


def test_a_body_of_unknown_length_is_read_as_well(call: FlaskClient) -> None:
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    answer = call.post(
        "/v1/probe/echo",
        data=b'{"name": "Assam"}',
        headers={"Content-Type": "application/json"},
        environ_overrides=environ,
    )
    assert answer.get_json()["name"] == "Assam"


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"x"', b"{", b"\xff", b'{"name": "\\ud800"}'])
def test_what_is_no_json_object_is_refused(body: bytes, call: FlaskClient) -> None:
    assert call.post("/v1/probe/echo", data=body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_another_kind_of_body_is_refused(kind: str, call: FlaskClient) -> None:
    answer = call.post("/v1/probe/echo", data=b'{"name": "Assam"}', content_type=kind)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "a\0b"}, "name"),
        ({"name": "a", "tags": ["ok", "\0"]}, "tags.1"),
        ({"name": "a", "lines": [{"note": "\0"}]}, "lines.0.note"),
    ],
)
def test_a_character_that_the_database_cannot_store_is_refused(body: object, field: str, call: FlaskClient) -> None:
    assert set(mistakes(call.post("/v1/probe/echo", json=body))) == {field}


def test_a_body_that_is_nested_deeper_than_anybody_needs_is_a_mistake_like_another(call: FlaskClient) -> None:
    deep = b'{"name": ' + b"[" * 1000 + b"]" * 1000 + b"}"
    assert set(mistakes(call.post("/v1/probe/echo", data=deep, content_type="application/json"))) == {"name"}


def test_a_query_is_checked_and_completed(call: FlaskClient) -> None:
    answer = call.get("/v1/probe/search?kind=green&tag=a&tag=b&limit=3")
    assert answer.get_json() == {"kind": "green", "tag": ["a", "b"], "limit": 3, "cursor": None}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kidn=green", "kidn"),
        ("kind=red", "kind"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("kind=%00", "kind"),
    ],
)
def test_a_mistake_in_a_filter_never_shows_everything(query: str, field: str, call: FlaskClient) -> None:
    assert set(mistakes(call.get(f"/v1/probe/search?{query}"))) == {field}


def test_an_address_with_an_unstorable_character_does_not_exist(call: FlaskClient) -> None:
    assert call.get("/v1/probe/named/a%00b").status_code == 404
    assert call.get("/b/a%00b").status_code == 404


@pytest.fixture
def typed(shared_app: Flask) -> Any:
    """Reads a form that was sent with these values."""

    def read(values: Any, schema: type[Schema] = Tea) -> Form:
        with shared_app.test_request_context(method="POST", data=values):
            return Form.read(schema)

    return read


def test_a_good_form_gives_its_values(typed: Any) -> None:
    form = typed({"name": "Assam", "tags": ["a", "b"], "csrf_token": "x", "unknown": "y"})
    assert form.ok
    assert form.values == {"name": "Assam", "tags": ["a", "b"], "sugar": 0, "lines": []}


def test_a_bad_form_keeps_what_was_typed_and_says_what_is_wrong(typed: Any) -> None:
    form = typed({"name": "x" * 41, "sugar": ""})
    assert not form.ok
    assert form.values == {}
    assert form.value("name") == "x" * 41
    assert form.error("name")
    assert form.error("sugar") is None
    assert form.value("milk", "none") == "none"


def test_an_empty_field_counts_as_not_given(typed: Any) -> None:
    assert typed({"name": ""}).error("name") == "Missing data for required field."
    assert typed({"name": "a", "tags": [""]}).values["tags"] == []


def test_a_form_refuses_what_cannot_be_stored(typed: Any) -> None:
    form = typed({"name": "a\0", "tags": ["b\0"]})
    assert form.error("name") or form.error("tags")
    assert not form.ok
    assert (form.value("name"), form.value("tags")) == ("a", ["b"])
    assert Form(Tea, {"name": "a\0b"}).value("name") == "ab"


def test_a_form_shows_what_a_service_refused_at_the_field_or_above(typed: Any) -> None:
    form = typed({"name": "a"})
    form.refuse(invalid("name", "Already there."))
    form.refuse(Invalid("Too late today."))
    assert form.error("name") == "Already there."
    assert form.errors[1] == FieldError("", "Too late today.")
    assert not form.ok


def test_an_error_below_a_field_is_shown_at_the_field(typed: Any) -> None:
    form = typed({"name": "a"})
    form.errors = [FieldError("lines.0.price_cents", "wrong")]
    assert form.error("lines") == "wrong"
    assert form.error("line") is None


def test_nested_messages_become_flat() -> None:
    class Both(Schema):
        inner = fields.Nested(Tea, required=True)

    messages = {"_schema": ["whole"], "inner": {"name": ["a", "b"], "lines": {0: {"price_cents": ["c"]}}}}
    assert Both().validate({}) != {}
    assert list(flat(messages)) == [
        FieldError("", "whole"),
        FieldError("inner.name", "a"),
        FieldError("inner.name", "b"),
        FieldError("inner.lines.0.price_cents", "c"),
    ]
