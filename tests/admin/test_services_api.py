"""Services by the API: the office changes what is offered."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from tests.cast import Company

DEEP: dict[str, Any] = {"name": "Deep clean", "price_cents": 19600, "duration_minutes": 210}


def test_the_owner_adds_a_service_that_visitors_see_at_once(api: FlaskClient, alder: Company) -> None:
    body = {**DEEP, "extras": [{"label": "Inside the oven", "price_cents": 3800, "minutes": 45}]}
    made = api.post("/v1/services", json=body, headers=alder.owner.bearer)
    assert made.status_code == 201
    assert made.json["extras"] == [
        {"key": "inside-the-oven", "label": "Inside the oven", "price_cents": 3800, "minutes": 45}
    ]
    seen = api.get("/v1/public/alder").json["services"]
    assert [service["name"] for service in seen] == ["Standard clean", "Deep clean"]


def test_the_list_is_in_the_chosen_order(api: FlaskClient, alder: Company) -> None:
    api.post("/v1/services", json={**DEEP, "position": 0}, headers=alder.owner.bearer)
    listed = api.get("/v1/services", headers=alder.viewer.bearer).json
    assert [service["name"] for service in listed["items"]] == ["Deep clean", "Standard clean"]
    assert listed["next_cursor"] is None


def test_a_change_touches_only_what_is_given(api: FlaskClient, alder: Company) -> None:
    url = f"/v1/services/{alder.service_id}"
    before = api.get(url, headers=alder.owner.bearer).json
    after = api.patch(url, json={"price_cents": 12500}, headers=alder.owner.bearer).json
    assert after == {**before, "price_cents": 12500}
    assert api.get(url, headers=alder.owner.bearer).json == after


def test_a_service_taken_away_is_gone_for_visitors_and_kept_for_the_office(api: FlaskClient, alder: Company) -> None:
    gone = api.post(f"/v1/services/{alder.service_id}/deactivate", headers=alder.owner.bearer)
    assert gone.json["active"] is False
    assert api.get("/v1/public/alder").json["services"] == []
    assert api.get("/v1/services", headers=alder.owner.bearer).json["items"] == []
    everything = api.get("/v1/services?inactive=true", headers=alder.owner.bearer).json["items"]
    assert [service["id"] for service in everything] == [str(alder.service_id)]


def test_it_can_be_offered_again(api: FlaskClient, alder: Company) -> None:
    url = f"/v1/services/{alder.service_id}"
    api.post(f"{url}/deactivate", headers=alder.owner.bearer)
    assert api.patch(url, json={"active": True}, headers=alder.owner.bearer).json["active"] is True
    assert len(api.get("/v1/public/alder").json["services"]) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"price_cents": "120.00"}, "price_cents"),
        ({"price_cents": 10**9}, "price_cents"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"price_unit": "day"}, "price_unit"),
        ({"extras": [{"label": "Oven", "key": "o"}, {"label": "Other", "key": "o"}]}, "extras.1.key"),
        ({"checklist": [{"label": "Photo", "photo_required": True}]}, "checklist.0.phase"),
        ({"org_id": str(uuid4())}, "org_id"),
        ({"icon": "<script>"}, "icon"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    api: FlaskClient, alder: Company, wrong: dict[str, Any], field: str
) -> None:
    answer = api.post("/v1/services", json={**DEEP, **wrong}, headers=alder.owner.bearer)
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json["errors"]]
    assert len(api.get("/v1/services", headers=alder.owner.bearer).json["items"]) == 1


def test_sent_twice_with_one_key_it_is_one_service(api: FlaskClient, alder: Company) -> None:
    headers = {**alder.owner.bearer, "Idempotency-Key": "deep-1"}
    first, second = (api.post("/v1/services", json=DEEP, headers=headers) for _ in range(2))
    assert first.json == second.json
    assert len(api.get("/v1/services", headers=alder.owner.bearer).json["items"]) == 2


def test_who_may_look_may_not_change(api: FlaskClient, alder: Company) -> None:
    one = f"/v1/services/{alder.service_id}"
    for person in (alder.viewer, alder.dispatcher, alder.finance):
        assert api.get(one, headers=person.bearer).status_code == 200
        assert api.post("/v1/services", json=DEEP, headers=person.bearer).status_code == 403
        assert api.patch(one, json={"price_cents": 1}, headers=person.bearer).status_code == 403
        assert api.post(f"{one}/deactivate", headers=person.bearer).status_code == 403
    assert api.get("/v1/services").status_code == 401
    assert api.get("/v1/services", headers=alder.worker.bearer).status_code == 403


def test_another_companys_service_does_not_exist(api: FlaskClient, alder: Company, birch: Company) -> None:
    theirs = f"/v1/services/{birch.service_id}"
    assert api.get(theirs, headers=alder.owner.bearer).status_code == 404
    assert api.patch(theirs, json={"price_cents": 1}, headers=alder.owner.bearer).status_code == 404
    assert api.post(f"{theirs}/deactivate", headers=alder.owner.bearer).status_code == 404
