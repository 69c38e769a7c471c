"""What goes wrong is told to programs as a problem document, to people as a page; never more than they may know."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.core.errors import Conflict, Problem
from doorstep.core.http.problems import document

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
KINDS = {kind.__name__: kind.status for kind in Problem.__subclasses__()}


@pytest.mark.parametrize(("name", "status"), KINDS.items())
def test_a_program_gets_a_problem_document(name: str, status: int, call: FlaskClient) -> None:
    answer = call.get(f"/v1/probe/fail/{name}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    told = answer.get_json()
    assert told["status"] == status
    assert told["detail"] == "Said kindly."
    assert told["errors"] == [{"field": "a.b", "message": "wrong"}]
    assert told["n"] == 1
    assert told["type"].startswith("/problems/")
    assert told["request_id"] == answer.headers["X-Request-ID"]
    assert answer.headers["Retry-After"] == "7"


def test_what_a_problem_adds_never_stands_in_place_of_what_every_problem_says(app: Flask) -> None:
    with app.test_request_context("/v1/x"):
        told = document(Conflict("Too late.", extra={"status": "cancelled", "detail": "x", "allowed": []}))
    assert (told["status"], told["detail"], told["allowed"]) == (409, "Too late.", [])


# 404 and 500 have words of their own; 401 leads to the sign-in page.
@pytest.mark.parametrize(("name", "status"), [pair for pair in KINDS.items() if pair[1] not in (401, 404)])
def test_a_person_gets_a_page(name: str, status: int, call: FlaskClient) -> None:
    answer = call.get(f"/probe/fail/{name}", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert "Said kindly." in answer.text


def test_somebody_who_has_to_sign_in_is_led_there_and_back(call: FlaskClient) -> None:
    answer = call.get("/probe/mine?day=2026-11-24&x=a%26b", headers=HTML)
    assert answer.status_code == 302
    assert answer.location == "/auth/sign-in?next=/probe/mine%3Fday%3D2026-11-24%26x%3Da%2526b"


def test_a_program_is_not_led_to_a_page(call: FlaskClient) -> None:
    answer = call.get("/v1/probe/clients")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("text/html", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("application/json", "application/problem+json"),
        ("application/problem+json", "application/problem+json"),
        ("text/html;q=0.5, application/json", "application/problem+json"),
    ],
)
def test_outside_the_api_the_caller_says_what_it_reads(accept: str, mimetype: str, call: FlaskClient) -> None:
    assert call.get("/no/such/page", headers={"Accept": accept}).mimetype == mimetype


def test_an_address_that_does_not_exist(call: FlaskClient) -> None:
    told = call.get("/v1/no/such/thing").get_json()
    assert (told["status"], told["type"], told["detail"]) == (
        404,
        "/problems/not-found",
        "There is nothing at this address.",
    )


def test_a_method_that_does_not_fit_names_those_that_do(call: FlaskClient) -> None:
    answer = call.delete("/v1/probe/clients")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert answer.get_json()["title"] == "Method Not Allowed"


@pytest.mark.parametrize(("code", "status"), [("400", 400), ("404", 404), ("418", 418), ("500", 500), ("503", 503)])
def test_the_framework_s_own_errors_look_the_same(code: str, status: int, call: FlaskClient) -> None:
    told = call.get(f"/v1/probe/fail/{code}").get_json()
    assert told["status"] == status
    assert told["title"]
    assert "werkzeug" not in str(told).lower()


def test_a_body_that_is_too_large_is_refused_before_it_is_read(call: FlaskClient) -> None:
    answer = call.post("/v1/probe/echo", data=b"{" + b" " * 1_000_001, content_type="application/json")
    assert answer.status_code == 413
    assert answer.get_json()["type"] == "/problems/too-large"


@pytest.mark.parametrize("name", ["bug", "sql"])
def test_our_mistakes_are_logged_and_not_told(name: str, call: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    for address in (f"/v1/probe/fail/{name}", f"/probe/fail/{name}"):
        answer = call.get(address)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["X-Request-ID"]
    assert [record.exc_info is not None for record in caplog.records] == [True, True]


def test_a_page_of_our_mistake_gives_the_code_to_quote(call: FlaskClient) -> None:
    answer = call.get("/probe/fail/bug", headers=HTML)
    assert answer.headers["X-Request-ID"] in answer.text


def test_a_statement_that_took_too_long_can_be_tried_again(call: FlaskClient) -> None:
    answer = call.get("/v1/probe/fail/slow")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_database_that_goes_away_in_the_middle_is_told_and_forgotten(call: FlaskClient) -> None:
    answer = call.get("/v1/probe/fail/cut")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert call.get("/readyz").status_code == 200


def test_a_database_that_goes_away_after_the_answer_was_made_takes_nothing_from_it(call: FlaskClient) -> None:
    for _ in range(3):
        answer = call.get("/v1/probe/lost")
        assert (answer.status_code, answer.get_json()) == (200, {"cut": True})
