"""A repeated creating POST with the same key does nothing twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from doorstep.core.http import idempotency
from doorstep.core.http.idempotency import IdempotencyKey
from doorstep.core.transaction import save
from tests.cast import Company, Person
from tests.core.http import probe


def make(call: FlaskClient, person: Person, key: str | None, **body: Any) -> TestResponse:
    headers = person.bearer | ({"Idempotency-Key": key} if key is not None else {})
    return call.post("/v1/probe/clients", json={"name": "Nora"} | body, headers=headers)


def count(app: Flask, company: Company, name: str = "Nora") -> int:
    with app.app_context(), tenancy.org_scope(company.id):
        return db.session.execute(select(func.count()).select_from(Client).where(Client.name == name)).scalar_one()


def test_without_a_key_every_request_counts(probed: Flask, call: FlaskClient, alder: Company) -> None:
    assert [make(call, alder.owner, None).status_code for _ in range(2)] == [201, 201]
    assert count(probed, alder) == 2


def test_the_same_key_gets_the_first_answer_and_does_nothing(probed: Flask, call: FlaskClient, alder: Company) -> None:
    first, second = make(call, alder.owner, "k-1"), make(call, alder.owner, "k-1")
    assert (second.status_code, second.mimetype) == (201, "application/json")
    assert second.get_json() == first.get_json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert count(probed, alder) == 1


def test_the_same_key_with_another_body_is_refused(probed: Flask, call: FlaskClient, alder: Company) -> None:
    make(call, alder.owner, "k-1")
    answer = make(call, alder.owner, "k-1", sugar=1)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == "Idempotency-Key"
    assert count(probed, alder) == 1


def test_the_same_key_at_another_address_or_query_is_refused(call: FlaskClient, alder: Company) -> None:
    make(call, alder.owner, "k-1")
    headers = alder.owner.bearer | {"Idempotency-Key": "k-1"}
    assert call.post("/v1/probe/clients?x=1", json={"name": "Nora"}, headers=headers).status_code == 422
    assert call.post("/v1/probe/change", headers=headers).status_code == 422


def test_a_key_belongs_to_one_person_of_one_organization(
    probed: Flask, call: FlaskClient, alder: Company, birch: Company
) -> None:
    people = alder.owner, alder.dispatcher, birch.owner
    answers = [make(call, person, "k-1") for person in people]
    assert [answer.get_json()["by"] for answer in answers] == [person.name for person in people]
    assert (count(probed, alder), count(probed, birch)) == (2, 1)


def test_a_request_that_failed_can_be_tried_again_with_its_key(
    probed: Flask, call: FlaskClient, alder: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert make(call, alder.owner, "k-1", sugar=probe.TOO_SWEET).status_code == 409
    assert count(probed, alder) == 0
    monkeypatch.setattr(probe, "TOO_SWEET", 8)  # the world has changed meanwhile
    assert make(call, alder.owner, "k-1", sugar=7).status_code == 201
    assert count(probed, alder) == 1


def test_a_request_with_a_mistake_does_not_use_its_key_up(call: FlaskClient, alder: Company) -> None:
    assert make(call, alder.owner, "k-1", sugar="two").status_code == 422
    assert make(call, alder.owner, "k-1").status_code == 201


def test_two_at_the_same_moment_have_one_effect(probed: Flask, alder: Company) -> None:
    start = threading.Barrier(4)

    def send() -> TestResponse:
        start.wait(10)
        return make(probed.test_client(), alder.owner, "k-1")

    with ThreadPoolExecutor(4) as pool:
        answers = [future.result() for future in [pool.submit(send) for _ in range(4)]]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_json()["id"] for answer in answers}) == 1
    assert count(probed, alder) == 1


def test_while_the_first_still_runs_the_second_is_told_to_wait(
    probed: Flask, call: FlaskClient, alder: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, done = threading.Event(), threading.Event()

    def slow(row: Client) -> Client:
        running.set()
        done.wait(20)
        return save(row)

    monkeypatch.setattr(probe, "save", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(make, probed.test_client(), alder.owner, "k-1")
        assert running.wait(10)
        second = make(call, alder.owner, "k-1")
        done.set()
    assert (first.result().status_code, second.status_code) == (201, 409)
    assert make(call, alder.owner, "k-1").get_json() == first.result().get_json()
    assert count(probed, alder) == 1


def test_key_effect_and_answer_are_written_together_or_not_at_all(
    probed: Flask, call: FlaskClient, alder: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the view's own unit of work, before the answer is known."""
    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "update", None)
        assert make(call, alder.owner, "k-1").status_code == 500
    assert count(probed, alder) == 0
    assert make(call, alder.owner, "k-1").status_code == 201


def test_after_a_day_a_key_is_new_again(probed: Flask, call: FlaskClient, alder: Company) -> None:
    make(call, alder.owner, "k-1")
    with clock.held_at(clock.now() + idempotency.KEPT - timedelta(minutes=1)):
        assert make(call, alder.owner, "k-1").headers.get("Idempotent-Replayed")
    with clock.held_at(clock.now() + idempotency.KEPT + timedelta(minutes=1)):
        assert make(call, alder.owner, "k-1", name="Nora", sugar=2).status_code == 201
    assert count(probed, alder) == 2


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\there"])
def test_an_odd_key_is_an_input_mistake(key: str, probed: Flask, call: FlaskClient, alder: Company) -> None:
    answer = make(call, alder.owner, key)
    assert answer.status_code == 422
    assert count(probed, alder) == 0


def test_an_answer_with_a_secret_is_never_kept(probed: Flask, call: FlaskClient, alder: Company) -> None:
    headers = alder.owner.bearer | {"Idempotency-Key": "k-1"}
    tokens = {call.post("/v1/probe/secrets", headers=headers).get_json()["token"] for _ in range(2)}
    assert len(tokens) == 2
    with probed.app_context(), tenancy.org_scope(alder.id):
        assert db.session.execute(select(IdempotencyKey)).first() is None


def test_a_public_address_without_an_organization_keeps_nothing(call: FlaskClient) -> None:
    answers = [call.post("/v1/probe/open", json={"name": "x"}, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert not any("Idempotent-Replayed" in answer.headers for answer in answers)
