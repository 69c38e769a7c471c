"""Clients by the API."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.transaction import save, transaction
from tests.cast import Company
from tests.portals.client_stage import mails

CLIENTS = "/v1/clients"


def one(company: Company) -> str:
    return f"{CLIENTS}/{company.client_id}"


def put_away(app: Flask, company: Company) -> None:
    """Makes the company's client inactive."""
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        tenancy.get(Client, company.client_id).active = False


@pytest.mark.parametrize("key", ["owner", "dispatcher", "finance", "viewer"])
def test_the_office_sees_the_clients_by_name(api: FlaskClient, alder: Company, key: str) -> None:
    rows = api.get(CLIENTS, headers=getattr(alder, key).bearer).json["items"]
    assert [row["name"] for row in rows] == ["Gus Halloran", "Margaret Whitfield"]
    assert api.get(one(alder), headers=getattr(alder, key).bearer).json == rows[1]


def test_the_list_comes_page_after_page(app: Flask, api: FlaskClient, alder: Company) -> None:
    with app.app_context(), tenancy.org_scope(alder.id), transaction():
        for name in ("Zoe", "Ann", "Ann"):
            save(Client(name=name))
    names, cursor = [], ""
    while cursor is not None:
        page = api.get(f"{CLIENTS}?limit=2&cursor={cursor}", headers=alder.viewer.bearer).json
        names += [row["name"] for row in page["items"]]
        cursor = page["next_cursor"]
    assert names == ["Ann", "Ann", "Gus Halloran", "Margaret Whitfield", "Zoe"]


@pytest.mark.parametrize(("words", "found"), [("salmon", 1), ("%", 0), ("nobody", 0), ("HALLORAN", 1)])
def test_a_part_of_a_name_or_street_finds(api: FlaskClient, alder: Company, words: str, found: int) -> None:
    answer = api.get(CLIENTS, query_string={"q": words}, headers=alder.viewer.bearer)
    assert len(answer.json["items"]) == found


@pytest.mark.parametrize("query", ["q=" + "x" * 201, "limit=0", "limit=201", "cursor=nonsense", "q=%00", "other=1"])
def test_a_query_that_does_not_fit_is_refused(api: FlaskClient, alder: Company, query: str) -> None:
    assert api.get(f"{CLIENTS}?{query}", headers=alder.viewer.bearer).status_code == 422


def test_those_put_away_are_shown_when_asked_for(api: FlaskClient, alder: Company) -> None:
    gone = api.patch(one(alder), json={"active": False}, headers=alder.dispatcher.bearer)
    assert (gone.status_code, gone.json["active"]) == (200, False)
    assert len(api.get(CLIENTS, headers=alder.viewer.bearer).json["items"]) == 1
    assert len(api.get(f"{CLIENTS}?inactive=true", headers=alder.viewer.bearer).json["items"]) == 2


def test_the_dispatcher_adds_a_client(api: FlaskClient, alder: Company) -> None:
    body = {"name": " Ann  Lee ", "email": "Ann@New.test", "phone": "+1 503 555 0177", "notes": "Pays cash"}
    made = api.post(CLIENTS, json=body, headers=alder.dispatcher.bearer)
    assert made.status_code == 201
    assert (made.json["name"], made.json["email"], made.json["notes"]) == ("Ann Lee", "ann@new.test", "Pays cash")
    assert (made.json["active"], made.json["version"]) == (True, 1)
    assert api.get(f"{CLIENTS}/{made.json['id']}", headers=alder.viewer.bearer).json == made.json


def test_a_client_needs_no_address(api: FlaskClient, alder: Company) -> None:
    for _ in range(2):
        made = api.post(CLIENTS, json={"name": "Cash Only", "email": None}, headers=alder.dispatcher.bearer)
        assert (made.status_code, made.json["email"]) == (201, None)


def test_sent_twice_with_one_key_it_is_one_client(api: FlaskClient, alder: Company) -> None:
    headers = {**alder.dispatcher.bearer, "Idempotency-Key": "ann"}
    first, second = (api.post(CLIENTS, json={"name": "Ann"}, headers=headers) for _ in range(2))
    assert first.json == second.json
    assert len(api.get(CLIENTS, headers=alder.viewer.bearer).json["items"]) == 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": "margaret"}, "email"),
        ({"email": "margaret@alder-client.test"}, "email"),
        ({"phone": "5" * 41}, "phone"),
        ({"address": "x" * 201}, "address"),
        ({"postal_code": "9" * 21}, "postal_code"),
        ({"access_notes": "x" * 4001}, "access_notes"),
        ({"notes": "x" * 4001}, "notes"),
        ({"notes": "a\0b"}, "notes"),
        ({"active": False}, "active"),
        ({"org_id": "x"}, "org_id"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    api: FlaskClient, alder: Company, wrong: dict[str, Any], field: str
) -> None:
    answer = api.post(CLIENTS, json={"name": "Ann", **wrong}, headers=alder.dispatcher.bearer)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert len(api.get(CLIENTS, headers=alder.viewer.bearer).json["items"]) == 2


def test_a_change_touches_only_what_is_given(api: FlaskClient, alder: Company) -> None:
    before = api.get(one(alder), headers=alder.viewer.bearer).json
    after = api.patch(one(alder), json={"phone": "42"}, headers=alder.dispatcher.bearer).json
    assert after == {**before, "phone": "42", "version": before["version"] + 1}


def test_an_address_is_taken_away_by_null(api: FlaskClient, alder: Company) -> None:
    assert api.patch(one(alder), json={"email": None}, headers=alder.dispatcher.bearer).json["email"] is None


@pytest.mark.parametrize("by_header", [True, False])
def test_who_read_an_older_version_overwrites_nothing(api: FlaskClient, alder: Company, by_header: bool) -> None:
    def change(phone: str) -> int:
        body = {"phone": phone} | ({} if by_header else {"version": read})
        tag = {"If-Match": f'"{read}"'} if by_header else {}
        return api.patch(one(alder), json=body, headers=alder.dispatcher.bearer | tag).status_code

    read = api.get(one(alder), headers=alder.viewer.bearer).json["version"]
    assert [change("1"), change("2")] == [200, 412]
    assert api.get(one(alder), headers=alder.viewer.bearer).json["phone"] == "1"


@pytest.mark.parametrize("tag", ['"abc"', '"²"', '"-1"', "9" * 5000])
def test_an_entity_tag_that_is_no_version_is_refused(api: FlaskClient, alder: Company, tag: str) -> None:
    headers = {**alder.dispatcher.bearer, "If-Match": tag}
    assert api.patch(one(alder), json={"phone": "1"}, headers=headers).status_code == 422


def test_a_link_is_mailed_once_in_two_minutes_and_shown_to_nobody(app: Flask, api: FlaskClient, alder: Company) -> None:
    with clock.held_at(clock.now().replace(minute=0, second=1)):
        answers = [api.post(f"{one(alder)}/link", headers=alder.dispatcher.bearer) for _ in range(2)]
    assert [answer.json for answer in answers] == [{"sent": True}, {"sent": False}]
    (mail,) = mails(app, alder, "client_link")
    assert mail.to_address == alder.client_email
    assert "/client/link/" in mail.text


def test_who_has_no_address_gets_no_link(app: Flask, api: FlaskClient, alder: Company) -> None:
    api.patch(one(alder), json={"email": None}, headers=alder.dispatcher.bearer)
    answer = api.post(f"{one(alder)}/link", headers=alder.dispatcher.bearer)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "email")
    assert mails(app, alder) == []


def test_who_was_put_away_gets_no_link_that_would_open_nothing(app: Flask, api: FlaskClient, alder: Company) -> None:
    put_away(app, alder)
    assert api.post(f"{one(alder)}/link", headers=alder.dispatcher.bearer).status_code == 409
    assert mails(app, alder) == []


@pytest.mark.parametrize("key", ["viewer", "finance", "worker"])
def test_who_does_not_dispatch_changes_no_client(app: Flask, api: FlaskClient, alder: Company, key: str) -> None:
    headers = getattr(alder, key).bearer
    assert api.post(CLIENTS, json={"name": "Ann"}, headers=headers).status_code == 403
    assert api.patch(one(alder), json={"phone": "1"}, headers=headers).status_code == 403
    assert api.post(f"{one(alder)}/link", headers=headers).status_code == 403
    assert mails(app, alder) == []


def test_a_worker_does_not_see_the_list_of_clients(api: FlaskClient, alder: Company) -> None:
    assert api.get(CLIENTS, headers=alder.worker.bearer).status_code == 403
    assert api.get(one(alder), headers=alder.worker.bearer).status_code == 403


def test_another_companys_client_does_not_exist(api: FlaskClient, alder: Company, birch: Company) -> None:
    for method, path, body in (("GET", "", None), ("PATCH", "", {"phone": "1"}), ("POST", "/link", None)):
        answer = api.open(one(birch) + path, method=method, json=body, headers=alder.owner.bearer)
        assert answer.status_code == 404
    assert api.get(f"{CLIENTS}?q=birch-client", headers=alder.owner.bearer).json["items"] == []


def test_the_address_of_another_companys_client_is_free_here(api: FlaskClient, alder: Company, birch: Company) -> None:
    body = {"name": "Margaret", "email": birch.client_email}
    assert api.post(CLIENTS, json=body, headers=alder.dispatcher.bearer).status_code == 201
