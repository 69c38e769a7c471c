"""Members by the API."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.backends.database.embedded import Urls
from tests.auth.doors import at_once_behind, bearer, log_in
from tests.cast import Company, Person, known_id

MEMBERS = "/v1/members"


def member(company: Company, key: str) -> str:
    return f"{MEMBERS}/{known_id(f'{company.slug}.{key}.member')}"


def test_who_manages_sees_all_members_and_nothing_secret(api: FlaskClient, alder: Company) -> None:
    rows = api.get(MEMBERS, headers=alder.owner.bearer).json["items"]
    assert [row["name"] for row in rows] == sorted(person.name for person in alder.people)
    assert set(rows[0]) == {"id", "user_id", "name", "email", "role", "active", "joined_at"}


@pytest.mark.parametrize("key", ["dispatcher", "finance", "viewer", "worker"])
@pytest.mark.parametrize("act", ["role", "deactivate", "reactivate", "reset"])
def test_who_does_not_manage_changes_nobody(api: FlaskClient, alder: Company, key: str, act: str) -> None:
    person: Person = getattr(alder, key)
    body = {"role": "viewer"} if act == "role" else None
    assert api.post(f"{member(alder, 'ben')}/{act}", json=body, headers=person.bearer).status_code == 403
    assert api.get(MEMBERS, headers=person.bearer).status_code == 403


@pytest.mark.parametrize("act", ["role", "deactivate", "reactivate", "reset"])
def test_another_companys_member_is_not_there(api: FlaskClient, alder: Company, birch: Company, act: str) -> None:
    body = {"role": "viewer"} if act == "role" else None
    assert api.post(f"{member(birch, 'ben')}/{act}", json=body, headers=alder.owner.bearer).status_code == 404


def test_letting_go_ends_the_sessions_here_and_taking_back_needs_a_new_sign_in(
    api: FlaskClient, alder: Company
) -> None:
    mine = bearer(log_in(api, alder.finance.email))
    gone = api.post(f"{member(alder, 'finance')}/deactivate", headers=alder.owner.bearer)
    assert (gone.status_code, gone.json["active"]) == (200, False)
    assert api.get("/v1/auth/me", headers=mine).status_code == 401
    back = api.post(f"{member(alder, 'finance')}/reactivate", headers=alder.owner.bearer)
    assert (back.json["active"], back.json["role"]) == (True, "finance")
    assert api.get("/v1/auth/me", headers=mine).status_code == 401
    assert log_in(api, alder.finance.email).json["role"] == "finance"


def test_the_last_owner_stays(api: FlaskClient, alder: Company) -> None:
    answer = api.post(f"{member(alder, 'owner')}/role", json={"role": "admin"}, headers=alder.owner.bearer)
    assert answer.status_code == 409
    assert "needs an owner" in answer.json["detail"]


def test_an_admin_does_not_reach_an_owner(api: FlaskClient, alder: Company) -> None:
    api.post(f"{member(alder, 'viewer')}/role", json={"role": "admin"}, headers=alder.owner.bearer)
    admin = alder.viewer.bearer
    for path, body in (("role", {"role": "viewer"}), ("deactivate", None), ("reset", None)):
        assert api.post(f"{member(alder, 'owner')}/{path}", json=body, headers=admin).status_code == 403
    mine = api.post(f"{member(alder, 'viewer')}/role", json={"role": "owner"}, headers=admin)
    assert mine.status_code == 403


@pytest.mark.parametrize("role", ["root", "", None, ["owner"]])
def test_an_unknown_role_is_refused(api: FlaskClient, alder: Company, role: object) -> None:
    answer = api.post(f"{member(alder, 'ben')}/role", json={"role": role}, headers=alder.owner.bearer)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "role"


def test_an_invitation_repeated_with_the_same_key_is_sent_once(api: FlaskClient, alder: Company) -> None:
    body, headers = {"email": "nina@newcomer.test", "role": "viewer"}, {**alder.owner.bearer, "Idempotency-Key": "k1"}
    first = api.post(f"{MEMBERS}/invite", json=body, headers=headers)
    second = api.post(f"{MEMBERS}/invite", json=body, headers=headers)
    assert (first.status_code, first.json) == (second.status_code, second.json)
    assert len(api.get(f"{MEMBERS}/invitations", headers=alder.owner.bearer).json["items"]) == 1


def test_an_operator_is_no_member(api: FlaskClient, operator: Person) -> None:
    assert api.get(MEMBERS, headers=operator.bearer).status_code == 403


def test_of_two_owners_who_let_each_other_go_at_the_same_moment_one_stays(
    app: Flask, api: FlaskClient, alder: Company, urls: Urls
) -> None:
    api.post(f"{member(alder, 'finance')}/role", json={"role": "owner"}, headers=alder.owner.bearer)
    acts = [(alder.owner, "finance"), (alder.finance, "owner")]

    def let_go(number: int) -> int:
        who, other = acts[number]
        return app.test_client().post(f"{member(alder, other)}/deactivate", headers=who.bearer).status_code

    behind = "select from memberships where role = 'owner' for update"
    assert sorted(at_once_behind(behind, urls, 2, let_go)) == [200, 409]


def test_of_two_invitations_of_one_address_at_the_same_moment_one_is_open(
    app: Flask, api: FlaskClient, alder: Company, urls: Urls
) -> None:
    def invite(_: int) -> int:
        body = {"email": "nina@newcomer.test", "role": "viewer"}
        return app.test_client().post(f"{MEMBERS}/invite", json=body, headers=alder.owner.bearer).status_code

    assert invite(0) == 201
    behind = "select from invitations where email = 'nina@newcomer.test' for update"
    assert at_once_behind(behind, urls, 3, invite) == [201, 201, 201]
    opened = api.get(f"{MEMBERS}/invitations", headers=alder.owner.bearer).json["items"]
    assert [row["email"] for row in opened] == ["nina@newcomer.test"]
