"""Signing in by the API: what a program gets, and what it is not told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from doorstep.accounts.models import Membership, Organization, User
from doorstep.auth import passwords
from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from tests.auth.doors import bearer, change_user, join, log_in
from tests.cast import PASSWORD, Company, Person, known_id


def test_a_member_gets_a_token_that_opens_the_organization(api: FlaskClient, alder: Company) -> None:
    answer = log_in(api, alder.dispatcher.email)
    assert answer.status_code == 200
    assert answer.json["org"] == "alder"
    assert answer.json["role"] == "dispatcher"
    me = api.get("/v1/auth/me", headers=bearer(answer)).json
    assert me["name"] == "Priya Shah"
    assert me["permissions"] == ["view", "dispatch"]
    assert me["org"]["timezone"] == "America/Los_Angeles"


def test_the_token_says_when_it_ends(app: Flask, api: FlaskClient, alder: Company) -> None:
    settings = app.extensions["doorstep.settings"]
    for person, minutes in (
        (alder.owner, settings.auth_session_ttl_minutes),
        (alder.worker, settings.worker_session_ttl_minutes),
    ):
        ends = datetime.fromisoformat(log_in(api, person.email).json["expires_at"])
        assert abs(ends - clock.minutes_from_now(minutes)) < timedelta(minutes=1)


def test_each_sign_in_gives_another_token(api: FlaskClient, alder: Company) -> None:
    tokens = {log_in(api, alder.owner.email).json["access_token"] for _ in range(3)}
    assert len(tokens) == 3


def test_no_secret_is_kept_in_the_database(app: Flask, api: FlaskClient, alder: Company) -> None:
    token = log_in(api, alder.owner.email).json["access_token"]
    with app.app_context():
        row = db.session.connection().exec_driver_sql("select s::text from login_sessions s").scalars().all()
    assert not any(token in line for line in row)


def test_the_address_may_be_written_in_any_case(api: FlaskClient, alder: Company) -> None:
    assert log_in(api, "  Owner@ALDER.test ").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("owner@alder.test", "wrong-password"),
        ("nobody@nowhere.test", PASSWORD),
        ("owner@alder.test", PASSWORD.upper()),
        ("owner@alder.test' or '1'='1", PASSWORD),
        ("owner", PASSWORD),
        ("%", PASSWORD),
    ],
)
def test_a_wrong_sign_in_is_told_in_one_and_the_same_way(api: FlaskClient, email: str, password: str) -> None:
    answer = log_in(api, email, password)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"] == "Email or password is not right."
    assert answer.json["errors"] == []


def test_somebody_who_never_chose_a_password_cannot_sign_in(app: Flask, api: FlaskClient, alder: Company) -> None:
    change_user(app, alder.owner, password_hash=None)
    for guess in ("", "None", passwords.NOBODYS, PASSWORD):
        assert log_in(api, alder.owner.email, guess).status_code == 401


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "owner@alder.test"}, {"email": "owner@alder.test", "password": "x" * 201},
     {"email": "x" * 300, "password": PASSWORD}, {"email": ["a"], "password": {"b": 1}},
     {"email": "owner@alder.test", "password": PASSWORD, "role": "owner"}],
)  # fmt: skip
def test_an_incomplete_or_odd_body_is_refused_at_its_fields(api: FlaskClient, body: dict[str, object]) -> None:
    answer = api.post("/v1/auth/login", json=body)
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_a_member_of_several_must_say_which_organization(
    app: Flask, api: FlaskClient, alder: Company, birch: Company
) -> None:
    join(app, alder.owner, birch, "viewer")
    answer = log_in(api, alder.owner.email)
    assert answer.status_code == 422
    assert [row["slug"] for row in answer.json["organizations"]] == ["alder", "birch"]
    assert answer.json["errors"][0]["field"] == "org"


def test_the_named_organization_decides_the_role(app: Flask, api: FlaskClient, alder: Company, birch: Company) -> None:
    join(app, alder.owner, birch, "viewer")
    answer = log_in(api, alder.owner.email, org="birch")
    assert (answer.json["org"], answer.json["role"]) == ("birch", "viewer")
    assert api.get("/v1/members", headers=bearer(answer)).status_code == 403


@pytest.mark.parametrize("slug", ["birch", "no-such-company"])
def test_a_strangers_organization_and_one_that_is_not_there_look_the_same(
    api: FlaskClient, alder: Company, slug: str
) -> None:
    answer = log_in(api, alder.owner.email, org=slug)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["message"] == "You do not belong to this organization."


def test_which_organizations_somebody_has_is_told_only_after_the_right_password(
    app: Flask, api: FlaskClient, alder: Company, birch: Company
) -> None:
    join(app, alder.owner, birch, "viewer")
    for slug in ("", "birch", "no-such-company"):
        answer = log_in(api, alder.owner.email, "wrong-password", org=slug)
        assert answer.status_code == 401
        assert "organizations" not in answer.json


def test_an_operator_without_organization_signs_in_for_none(api: FlaskClient, operator: Person) -> None:
    answer = log_in(api, operator.email)
    assert answer.json["org"] is None
    me = api.get("/v1/auth/me", headers=bearer(answer)).json
    assert me["permissions"] == ["operate"]
    assert api.get("/v1/orders", headers=bearer(answer)).status_code == 403


def test_a_member_who_was_let_go_belongs_nowhere(app: Flask, api: FlaskClient, alder: Company) -> None:
    with app.app_context(), tenancy.org_scope(alder.id), transaction():
        tenancy.get(Membership, known_id("alder.viewer.member")).active = False
    answer = log_in(api, alder.viewer.email)
    assert (answer.status_code, answer.json["org"]) == (200, None)
    assert api.get("/v1/orders", headers=bearer(answer)).status_code == 403
    assert api.get("/v1/orders", headers=alder.viewer.bearer).status_code == 403


def test_members_of_a_closed_organization_do_not_get_in(app: Flask, api: FlaskClient, alder: Company) -> None:
    with app.app_context(), transaction():
        db.session.get(Organization, alder.id).active = False
    assert log_in(api, alder.owner.email).json["org"] is None
    assert api.get("/v1/orders", headers=alder.owner.bearer).status_code == 403


def test_a_password_hash_made_with_older_parameters_is_renewed_at_sign_in(
    app: Flask, api: FlaskClient, alder: Company
) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    change_user(app, alder.owner, password_hash=older)
    assert log_in(api, alder.owner.email).status_code == 200
    with app.app_context():
        renewed = db.session.get(User, alder.owner.id).password_hash
    assert renewed != older
    assert not passwords.is_dated(renewed)
    assert log_in(api, alder.owner.email).status_code == 200


def test_an_idempotency_key_does_not_keep_a_token(app: Flask, api: FlaskClient, alder: Company) -> None:
    given = [
        api.post(
            "/v1/auth/login",
            json={"email": alder.owner.email, "password": PASSWORD},
            headers={"Idempotency-Key": "same-key"},
        ).json["access_token"]
        for _ in range(2)
    ]
    assert given[0] != given[1]
    with app.app_context(), tenancy.system_scope("test"):
        kept = db.session.connection().exec_driver_sql("select count(*) from idempotency_keys").scalar_one()
    assert kept == 0


def test_nobody_is_signed_in_by_a_bearer_token_in_the_cookie_or_by_an_empty_one(api: FlaskClient) -> None:
    for header in ("Bearer", "Bearer ", "Basic b3duZXI6b3duZXI=", "Bearer nonsense", "Bearer dst_nonsense"):
        assert api.get("/v1/auth/me", headers={"Authorization": header}).status_code == 401
