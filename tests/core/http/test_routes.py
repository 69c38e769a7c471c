"""The URL table: what a view gets, and the order of the questions before it runs."""

from __future__ import annotations

import re

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from doorstep.auth.guards import may, session_cookie
from doorstep.core.actor import VIEW
from doorstep.core.http.answers import to_response
from doorstep.core.http.routes import api, mount, page, public, table
from tests.cast import Company, Person
from tests.core.http import probe


@pytest.fixture
def browser(probed: Flask, alder: Company) -> FlaskClient:
    """A browser in which Alder's owner is signed in by cookie."""
    client = probed.test_client()
    with probed.test_request_context():
        client.set_cookie(session_cookie(), alder.owner.secret)
    return client


@pytest.fixture
def token(browser: FlaskClient) -> str:
    """A CSRF token of this browser."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/probe").text)
    assert found
    return found[1]


def test_a_view_gets_who_asks(call: FlaskClient, alder: Company) -> None:
    assert call.post("/v1/probe/change", headers=alder.viewer.bearer).get_json() == {"by": "Vi Looker"}


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("dispatcher", 200), ("viewer", 403), ("finance", 403), ("worker", 403)]
)
def test_a_guard_lets_in_by_permission(role: str, status: int, call: FlaskClient, alder: Company) -> None:
    person: Person = getattr(alder, role)
    assert call.get("/v1/probe/clients", headers=person.bearer).status_code == status


def test_who_may_not_is_told_so_before_the_input_is_looked_at(call: FlaskClient, alder: Company) -> None:
    assert call.post("/v1/probe/clients", data=b"nonsense").status_code == 401
    assert call.post("/v1/probe/clients", data=b"nonsense", headers=alder.viewer.bearer).status_code == 403
    assert call.post("/v1/probe/clients", data=b"nonsense", headers=alder.owner.bearer).status_code == 415


def test_a_form_without_token_is_refused_for_everybody(call: FlaskClient, browser: FlaskClient) -> None:
    for client in (call, browser):
        answer = client.post("/probe", data={"name": "Assam"})
        assert answer.status_code == 400
        assert "This form was open for too long." in answer.text


def test_a_form_with_its_token_is_read(browser: FlaskClient, token: str) -> None:
    answer = browser.post("/probe", data={"name": "Assam", "csrf_token": token})
    assert answer.status_code == 200
    assert "Assam True" in answer.text


def test_a_token_of_another_browser_is_worth_nothing(call: FlaskClient, token: str) -> None:
    assert call.post("/probe", data={"name": "Assam", "csrf_token": token}).status_code == 400


def test_the_api_needs_the_token_only_where_a_cookie_says_who_asks(
    browser: FlaskClient, call: FlaskClient, token: str, alder: Company
) -> None:
    assert browser.post("/v1/probe/change").status_code == 400
    assert browser.post("/v1/probe/change", headers={"X-CSRFToken": token}).status_code == 200
    assert call.post("/v1/probe/change", headers=alder.owner.bearer).status_code == 200
    assert call.post("/v1/probe/echo", json={"name": "x"}).status_code == 200


def test_reading_needs_no_token(browser: FlaskClient) -> None:
    assert browser.get("/v1/probe/clients").status_code == 200
    assert browser.head("/probe").status_code == 200
    assert browser.options("/v1/probe/clients").status_code == 200


def test_what_a_view_gives_becomes_an_answer(call: FlaskClient, alder: Company) -> None:
    assert call.post("/v1/probe/nothing").status_code == 204
    assert call.post("/v1/probe/pair").status_code == 202
    made = call.post("/v1/probe/clients", json={"name": "x"}, headers=alder.owner.bearer)
    assert (made.status_code, made.mimetype) == (201, "application/json")
    assert call.get("/probe").mimetype == "text/html"


def test_a_response_that_a_view_made_is_left_alone(shared_app: Flask) -> None:
    with shared_app.test_request_context():
        assert to_response(to_response({"a": 1}, 418), 201).status_code == 418
        assert to_response([1, 2]).get_data() == b"[1,2]"
        assert to_response("page", 422).status_code == 422


def test_every_row_is_in_the_table_under_its_endpoint(probing_app: Flask) -> None:
    with probing_app.app_context():
        rows = {endpoint: row for endpoint, row in table().items() if endpoint.startswith("probe.")}
    assert set(rows.values()) == set(probe.ROUTES)
    assert set(rows) <= {rule.endpoint for rule in probing_app.url_map.iter_rules()}


def test_two_rows_with_one_view_need_two_names() -> None:
    blueprint = Blueprint("twice", __name__)
    rows = [api("POST", f"/v1/{name}", probe.nothing, public) for name in ("one", "two")]
    app = Flask("bare")
    app.extensions["doorstep.routes"] = {}
    mount(blueprint, rows)
    with pytest.raises(AssertionError, match="overwriting"):
        app.register_blueprint(blueprint)


def test_guards_say_in_words_whom_they_let_in() -> None:
    assert public.says == "public"
    assert may(VIEW, "dispatch").says == "members of the organization with permission view or dispatch"
    assert page("GET", "/x", probe.get_page, public).endpoint == "probe_get_page_get"
