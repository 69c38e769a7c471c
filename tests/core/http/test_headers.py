"""What every answer bears."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.core.http import headers
from tests.cast import Company

ADDRESSES = ["/probe", "/v1/probe/search", "/no/such/page", "/v1/probe/fail/bug", "/static/css/tokens.css"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_guarded(address: str, call: FlaskClient) -> None:
    given = call.get(address).headers
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["X-Frame-Options"] == "DENY"
    assert given["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert re.fullmatch(r"[0-9a-f]{32}", given["X-Request-ID"])


@pytest.mark.parametrize("address", ["/probe", "/v1/probe/search", "/no/such/page"])
def test_answers_are_not_kept_by_anybody(address: str, call: FlaskClient) -> None:
    assert call.get(address).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abcd-1234", True),
        ("A" * 64, True),
        ("short", False),
        ("x" * 65, False),
        ("with space", False),
        ("a<b>c&dé", False),
    ],
)
def test_a_caller_may_bring_its_own_request_id_if_it_is_harmless(given: str, kept: bool, call: FlaskClient) -> None:
    answer = call.get("/probe", headers={"X-Request-ID": given.encode().decode("latin-1")})
    assert (answer.headers["X-Request-ID"] == given) is kept


def test_each_page_has_a_nonce_of_its_own_and_its_policy_names_it(call: FlaskClient) -> None:
    seen = set()
    for _ in range(3):
        answer = call.get("/probe")
        policy = answer.headers["Content-Security-Policy"]
        (nonce,) = re.findall(r"'nonce-([^']+)'", policy)
        assert f'nonce="{nonce}"' in answer.text
        seen.add(nonce)
    assert len(seen) == 3


def test_the_policy_allows_nothing_from_elsewhere_and_nothing_inline(call: FlaskClient) -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in call.get("/probe").headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)


def test_json_has_no_policy_for_pages(call: FlaskClient) -> None:
    assert "Content-Security-Policy" not in call.get("/v1/probe/search").headers


def test_only_production_insists_on_https(probing_app: Flask, call: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in call.get("/probe").headers
    app = Flask("bare")
    headers.bind(app, replace(probing_app.extensions["doorstep.settings"], app_env="prod"))
    assert "max-age=31536000" in app.test_client().get("/").headers["Strict-Transport-Security"]


class Listener(logging.Handler):
    """Keeps what was logged."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.fields.append(record.__dict__["fields"])


@pytest.fixture
def logged() -> Iterator[list[dict[str, object]]]:
    """The fields of each request's log line."""
    log, listener = logging.getLogger("doorstep.request"), Listener()
    log.addHandler(listener)
    before = log.level
    log.setLevel(logging.INFO)
    yield listener.fields
    log.removeHandler(listener)
    log.setLevel(before)


def test_each_request_is_logged_by_its_rule_not_its_address(
    call: FlaskClient, alder: Company, logged: list[dict[str, object]]
) -> None:
    call.get("/v1/probe/clients", headers=alder.dispatcher.bearer)
    call.get("/v1/probe/named/margaret@alder.test")
    call.get("/nothing/of/margaret")
    lines = [{**line, "ms": 0} for line in logged]
    assert lines == [
        {
            "method": "GET",
            "route": "/v1/probe/clients",
            "status": 200,
            "ms": 0,
            "actor": "member",
            "org": str(alder.id),
        },
        {"method": "GET", "route": "/v1/probe/named/<name>", "status": 200, "ms": 0, "actor": "public", "org": None},
        {"method": "GET", "route": "unmatched", "status": 404, "ms": 0, "actor": "public", "org": None},
    ]
    assert "margaret" not in json.dumps(logged)


def test_health_checks_do_not_fill_the_log(call: FlaskClient, logged: list[dict[str, object]]) -> None:
    call.get("/healthz")
    assert logged == []
