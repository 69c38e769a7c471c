"""Tokens of machines: what they may do, and that they are shown once."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from tests.auth.doors import bearer, change_user, log_in
from tests.cast import Company, Person, known_id

TOKENS = "/v1/auth/tokens"


def make(api: FlaskClient, by: Person, *scopes: str, **more: object) -> dict[str, str]:
    answer = api.post(TOKENS, json={"name": "Robot", "scopes": list(scopes), **more}, headers=by.bearer)
    assert answer.status_code == 201, answer.json
    return {"id": answer.json["id"], "Authorization": f"Bearer {answer.json['token']}"}


def header(made: dict[str, str]) -> dict[str, str]:
    return {"Authorization": made["Authorization"]}


def test_a_token_does_what_its_scopes_say_and_no_more(api: FlaskClient, alder: Company) -> None:
    machine = header(make(api, alder.owner, "view"))
    me = api.get("/v1/auth/me", headers=machine).json
    assert (me["kind"], me["name"], me["role"], me["permissions"]) == ("token", "Robot", None, ["view"])
    assert api.get("/v1/workers", headers=machine).status_code == 200
    assert api.post("/v1/workers", json={"name": "Nina"}, headers=machine).status_code == 403
    assert api.get("/v1/members", headers=machine).status_code == 403


def test_a_token_sees_its_own_organization_only(api: FlaskClient, alder: Company, birch: Company) -> None:
    machine = header(make(api, alder.owner, "view", "dispatch"))
    assert api.get(f"/v1/workers/{alder.worker.worker_id}", headers=machine).status_code == 200
    assert api.get(f"/v1/workers/{birch.worker.worker_id}", headers=machine).status_code == 404


def test_the_text_is_shown_once_and_kept_as_a_hash(app: Flask, api: FlaskClient, alder: Company) -> None:
    text = make(api, alder.owner, "view")["Authorization"].removeprefix("Bearer ")
    assert text.startswith("dst_")
    (listed,) = api.get(TOKENS, headers=alder.owner.bearer).json["items"]
    assert listed["prefix"] == text[:12]
    assert text not in str(listed)
    with app.app_context():
        rows = db.session.connection().exec_driver_sql("select t::text from api_tokens t").scalars().all()
    assert not any(text in row for row in rows)


def test_an_idempotency_key_does_not_keep_the_text(app: Flask, api: FlaskClient, alder: Company) -> None:
    body = {"name": "Robot", "scopes": ["view"]}
    headers = {**alder.owner.bearer, "Idempotency-Key": "the-same"}
    texts = {api.post(TOKENS, json=body, headers=headers).json["token"] for _ in range(2)}
    assert len(texts) == 2
    with app.app_context(), tenancy.system_scope("test"):
        kept = db.session.connection().exec_driver_sql("select count(*) from idempotency_keys").scalar_one()
    assert kept == 0


@pytest.mark.parametrize("key", ["dispatcher", "finance", "viewer", "worker"])
def test_only_who_manages_the_organization_keeps_tokens(api: FlaskClient, alder: Company, key: str) -> None:
    person: Person = getattr(alder, key)
    assert api.get(TOKENS, headers=person.bearer).status_code == 403
    body = {"name": "Robot", "scopes": ["view"]}
    assert api.post(TOKENS, json=body, headers=person.bearer).status_code == 403
    assert api.delete(f"{TOKENS}/{known_id('any')}", headers=person.bearer).status_code == 403


def test_a_token_cannot_get_what_its_maker_does_not_have(api: FlaskClient, alder: Company) -> None:
    body = {"name": "Robot", "scopes": ["view", "work"]}
    assert api.post(TOKENS, json=body, headers=alder.owner.bearer).status_code == 403


@pytest.mark.parametrize("scopes", [[], ["operate"], ["view", "operate"], ["root"], "view", [["view"]], [None]])
def test_unknown_empty_and_operators_scopes_are_refused(api: FlaskClient, alder: Company, scopes: object) -> None:
    answer = api.post(TOKENS, json={"name": "Robot", "scopes": scopes}, headers=alder.owner.bearer)
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_an_owner_who_is_also_operator_still_gets_tenant_tokens_only(
    app: Flask, api: FlaskClient, alder: Company
) -> None:
    change_user(app, alder.owner, is_operator=True)
    body = {"name": "Robot", "scopes": ["operate"]}
    assert api.post(TOKENS, json=body, headers=alder.owner.bearer).status_code == 422


def test_the_operators_token_belongs_to_no_organization(api: FlaskClient, operator: Person) -> None:
    machine = header(make(api, operator, "operate"))
    me = api.get("/v1/auth/me", headers=machine).json
    assert (me["org"], me["permissions"]) == (None, ["operate"])
    assert api.get("/v1/workers", headers=machine).status_code == 403
    body = {"name": "Robot", "scopes": ["view"]}
    assert api.post(TOKENS, json=body, headers=operator.bearer).status_code == 422


def test_a_token_makes_no_tokens_and_has_no_sessions(api: FlaskClient, alder: Company) -> None:
    machine = header(make(api, alder.owner, "view", "manage"))
    body = {"name": "Child", "scopes": ["view"]}
    assert api.post(TOKENS, json=body, headers=machine).status_code == 403
    for path in (TOKENS, "/v1/auth/sessions"):
        assert api.get(path, headers=machine).status_code == 403
    assert api.post("/v1/auth/logout", headers=machine).status_code == 403


def test_a_revoked_token_is_over_at_once(api: FlaskClient, alder: Company) -> None:
    made = make(api, alder.owner, "view")
    path = f"{TOKENS}/{made['id']}"
    assert api.delete(path, headers=alder.owner.bearer).status_code == 204
    assert api.get("/v1/auth/me", headers=header(made)).status_code == 401
    assert api.delete(path, headers=alder.owner.bearer).status_code == 404
    assert api.get(TOKENS, headers=alder.owner.bearer).json["items"] == []


def test_a_token_is_over_after_its_days(api: FlaskClient, alder: Company) -> None:
    made = make(api, alder.owner, "view", expires_in_days=2)
    with clock.held_at(clock.minutes_from_now(60 * 47)):
        assert api.get("/v1/auth/me", headers=header(made)).status_code == 200
    with clock.held_at(clock.minutes_from_now(60 * 49)):
        assert api.get("/v1/auth/me", headers=header(made)).status_code == 401


@pytest.mark.parametrize("days", [0, -1, 731, "soon"])
def test_days_out_of_bounds_are_refused(api: FlaskClient, alder: Company, days: object) -> None:
    body = {"name": "Robot", "scopes": ["view"], "expires_in_days": days}
    assert api.post(TOKENS, json=body, headers=alder.owner.bearer).status_code == 422


def test_another_companys_tokens_are_not_there(api: FlaskClient, alder: Company, birch: Company) -> None:
    made = make(api, alder.owner, "view")
    assert api.get(TOKENS, headers=birch.owner.bearer).json["items"] == []
    assert api.delete(f"{TOKENS}/{made['id']}", headers=birch.owner.bearer).status_code == 404
    assert api.get("/v1/auth/me", headers=header(made)).status_code == 200


def test_the_list_says_when_a_token_was_last_used(api: FlaskClient, alder: Company) -> None:
    made = make(api, alder.owner, "view")
    listed = api.get(TOKENS, headers=alder.owner.bearer).json["items"][0]
    assert listed["last_used_at"] is None
    api.get("/v1/auth/me", headers=header(made))
    listed = api.get(TOKENS, headers=alder.owner.bearer).json["items"][0]
    assert listed["last_used_at"]


def test_a_token_in_the_cookie_is_nobody(api: FlaskClient, alder: Company) -> None:
    text = make(api, alder.owner, "view")["Authorization"].removeprefix("Bearer ")
    api.set_cookie("doorstep", text)
    assert api.get("/v1/auth/me").status_code == 401


def test_a_person_signed_in_by_the_api_makes_tokens_too(api: FlaskClient, alder: Company) -> None:
    mine = bearer(log_in(api, alder.owner.email))
    assert api.post(TOKENS, json={"name": "Robot", "scopes": ["view"]}, headers=mine).status_code == 201
