"""Workers by the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.core import clock
from tests.auth.doors import letters
from tests.cast import Company, Person

WORKERS = "/v1/workers"


def one(company: Company) -> str:
    return f"{WORKERS}/{company.worker.worker_id}"


@pytest.mark.parametrize("key", ["owner", "dispatcher", "finance", "viewer"])
def test_the_office_sees_the_workers(api: FlaskClient, alder: Company, key: str) -> None:
    rows = api.get(WORKERS, headers=getattr(alder, key).bearer).json["items"]
    assert [row["name"] for row in rows] == ["Ana Morales", "Ben Okafor"]


def test_a_worker_does_not_see_colleagues(api: FlaskClient, alder: Company) -> None:
    for path in (WORKERS, f"{WORKERS}/{alder.other_worker.worker_id}"):
        assert api.get(path, headers=alder.worker.bearer).status_code == 403


def test_a_new_worker_with_an_address_is_invited(app: Flask, api: FlaskClient, alder: Company) -> None:
    body = {"name": "Nina", "email": "Nina@Newcomer.test", "weekly_hours": {"tue": [["10:00", "14:00"]]}}
    made = api.post(WORKERS, json=body, headers=alder.owner.bearer)
    assert made.status_code == 201
    assert made.json["weekly_hours"] == {"tue": [["10:00", "14:00"]]}
    (letter,) = letters(app, "nina@newcomer.test", "invitation")
    assert "worker" in letter.text


def test_a_worker_whose_invitation_fails_is_not_added(api: FlaskClient, alder: Company) -> None:
    for email in ("no-address", alder.dispatcher.email):
        answer = api.post(WORKERS, json={"name": "Nina", "email": email}, headers=alder.owner.bearer)
        assert answer.status_code in (409, 422)
    assert len(api.get(WORKERS, headers=alder.owner.bearer).json["items"]) == 2


def test_a_worker_without_an_address_is_on_the_list_all_the_same(api: FlaskClient, alder: Company) -> None:
    made = api.post(WORKERS, json={"name": "Nina"}, headers=alder.owner.bearer)
    assert (made.status_code, made.json["user_id"]) == (201, None)


def test_inactive_is_a_value(api: FlaskClient, alder: Company) -> None:
    changed = api.patch(one(alder), json={"active": False}, headers=alder.owner.bearer)
    assert (changed.status_code, changed.json["active"]) == (200, False)
    assert len(api.get(WORKERS, headers=alder.owner.bearer).json["items"]) == 1
    assert len(api.get(f"{WORKERS}?inactive=true", headers=alder.owner.bearer).json["items"]) == 2


def test_a_worker_off_the_list_cannot_open_the_workers_pages(api: FlaskClient, alder: Company) -> None:
    api.patch(one(alder), json={"active": False}, headers=alder.owner.bearer)
    assert api.get("/v1/auth/me", headers=alder.worker.bearer).json["worker_id"] is None


@pytest.mark.parametrize(
    "body",
    [{"name": ""}, {"name": "x" * 200}, {"weekly_hours": {"mon": [["18:00", "08:00"]]}}, {"weekly_hours": []},
     {"weekly_hours": {"mon": [["08:00"]]}}, {"skills": "windows"}, {"active": "maybe"}, {"user_id": "x"}],
)  # fmt: skip
def test_a_body_that_does_not_fit_is_refused_with_its_field(
    api: FlaskClient, alder: Company, body: dict[str, object]
) -> None:
    answer = api.patch(one(alder), json=body, headers=alder.owner.bearer)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"].startswith(next(iter(body)))


@pytest.mark.parametrize("key", ["dispatcher", "finance", "viewer", "worker"])
def test_who_does_not_manage_neither_adds_nor_changes_workers(api: FlaskClient, alder: Company, key: str) -> None:
    person: Person = getattr(alder, key)
    assert api.post(WORKERS, json={"name": "Nina"}, headers=person.bearer).status_code == 403
    assert api.patch(one(alder), json={"phone": "1"}, headers=person.bearer).status_code == 403


def test_another_companys_worker_is_not_there(api: FlaskClient, alder: Company, birch: Company) -> None:
    for method, path in (("GET", ""), ("PATCH", ""), ("GET", "/time-off"), ("POST", "/link")):
        body = {"phone": "1"} if method == "PATCH" else None
        answer = api.open(one(birch) + path, method=method, json=body, headers=alder.owner.bearer)
        assert answer.status_code == 404


def test_the_dispatcher_plans_time_off(api: FlaskClient, alder: Company) -> None:
    start = clock.minutes_from_now(1440).replace(microsecond=0)
    body = {"start": start.isoformat(), "end": (start + timedelta(days=2)).isoformat(), "reason": "Holiday"}
    made = api.post(f"{one(alder)}/time-off", json=body, headers=alder.dispatcher.bearer)
    assert made.status_code == 201
    (listed,) = api.get(f"{one(alder)}/time-off", headers=alder.viewer.bearer).json["items"]
    assert listed == made.json
    path = f"{one(alder)}/time-off/{listed['id']}"
    assert api.delete(path, headers=alder.viewer.bearer).status_code == 403
    assert api.delete(path, headers=alder.dispatcher.bearer).status_code == 204
    assert api.get(f"{one(alder)}/time-off", headers=alder.viewer.bearer).json["items"] == []


@pytest.mark.parametrize("start", ["tomorrow", "2031-01-01", "2031-01-01T08:00:00", "", None])
def test_a_time_without_a_zone_is_refused(api: FlaskClient, alder: Company, start: object) -> None:
    body = {"start": start, "end": "2031-01-02T08:00:00Z"}
    answer = api.post(f"{one(alder)}/time-off", json=body, headers=alder.dispatcher.bearer)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "start"
