"""Pages of other origins: those in the settings may call the API with a token, all others may not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.core.http import cors, problems
from tests.cast import Company

FRIEND, ENEMY = "https://shop.test", "https://evil.test"


def test_a_known_origin_may_read_the_answer(call: FlaskClient, alder: Company) -> None:
    answer = call.get("/v1/probe/clients", headers=alder.owner.bearer | {"Origin": FRIEND})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
    assert "Origin" in answer.vary
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_browser_that_asks_first_is_told_what_it_may_send(call: FlaskClient) -> None:
    asked = {"Origin": FRIEND, "Access-Control-Request-Method": "POST"}
    answer = call.options("/v1/probe/clients", headers=asked)
    assert answer.status_code == 200
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("origin", [ENEMY, "null", "https://shop.test.evil.test", "http://[", "shop.test"])
def test_another_origin_is_refused_where_it_is_strict(origin: str, call: FlaskClient) -> None:
    answer = call.get("/v1/probe/search", headers={"Origin": origin})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("origin", ["http://localhost", "https://localhost", "https://doorstep.test"])
def test_our_own_pages_are_no_strangers(origin: str, call: FlaskClient) -> None:
    answer = call.post("/v1/probe/echo", json={"name": "x"}, headers={"Origin": origin})
    assert answer.status_code == 200


def test_pages_are_not_for_other_origins_and_not_refused_either(call: FlaskClient) -> None:
    answer = call.get("/probe", headers={"Origin": FRIEND})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(("strict", "status"), [(True, 403), (False, 404)])
def test_where_it_is_not_strict_the_browser_alone_refuses(strict: bool, status: int, probing_app: Flask) -> None:
    app = Flask("bare")
    cors.bind(app, replace(probing_app.extensions["doorstep.settings"], strict_cors=strict))
    problems.bind(app)
    answer = app.test_client().get("/v1/x", headers={"Origin": ENEMY})
    assert answer.status_code == status
    assert "Access-Control-Allow-Origin" not in answer.headers
