"""Mails that were given up: seen and sent again by the operator for all, by an organization for itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.notifications.models import OutgoingEmail
from tests.cast import Company, Person

URL = "/v1/admin/email-dead-letter"
Bearer = dict[str, str]


@pytest.fixture
def put(app: Flask) -> Callable[..., UUID]:
    """Returns a function that puts a mail into a company's queue, given up an hour ago."""

    def made(company: Company, key: str, **more: Any) -> UUID:
        given = {
            "purpose": "scheduled", "to_address": "a@b.test", "subject": key, "text": "words", "html": "h",
            "state": "dead", "attempts": 8, "last_error": "550 no such user",
            "finished_at": clock.now() - timedelta(hours=1), "dedupe_key": key, **more,
        }  # fmt: skip
        with app.app_context(), tenancy.org_scope(company.id), transaction():
            row = save(OutgoingEmail(**given))
            return row.id

    return made


def state(app: Flask, mail_id: UUID) -> tuple[str, int]:
    with app.app_context(), tenancy.system_scope("a test looks"), transaction():
        row = db.session.execute(select(OutgoingEmail).where(OutgoingEmail.id == mail_id)).scalar_one()
        return row.state, row.attempts


def subjects(api: FlaskClient, headers: Bearer, query: str = "") -> list[str]:
    return [item["subject"] for item in api.get(URL + query, headers=headers).get_json()["items"]]


def test_an_organization_sees_its_own_and_the_operator_all(
    api: FlaskClient, alder: Company, birch: Company, operator: Person, put: Callable[..., UUID]
) -> None:
    put(alder, "ours")
    put(birch, "theirs")
    put(alder, "sent", state="sent")
    assert subjects(api, alder.owner.bearer) == ["ours"]
    assert sorted(subjects(api, operator.bearer)) == ["ours", "theirs"]


def test_one_says_why_it_was_given_up_and_what_it_said(
    api: FlaskClient, alder: Company, put: Callable[..., UUID]
) -> None:
    mail_id = put(alder, "one", text="Open it: https://doorstep.test/client/link/secret")
    mail = api.get(f"{URL}/{mail_id}", headers=alder.owner.bearer).get_json()
    assert (mail["error"], mail["attempts"]) == ("550 no such user", 8)
    assert mail["text"].startswith("Open it: https://doorstep.test")
    assert "secret" not in mail["text"]


def test_it_is_sent_again_under_the_same_id(
    app: Flask, api: FlaskClient, alder: Company, put: Callable[..., UUID]
) -> None:
    mail_id = put(alder, "one")
    answer = api.post(f"{URL}/{mail_id}/replay", headers=alder.owner.bearer)
    assert (answer.status_code, answer.get_json()["id"]) == (200, str(mail_id))
    assert state(app, mail_id) == ("due", 0)
    assert api.post(f"{URL}/{mail_id}/replay", headers=alder.owner.bearer).status_code == 409


def test_pretending_changes_nothing(app: Flask, api: FlaskClient, alder: Company, put: Callable[..., UUID]) -> None:
    mail_id = put(alder, "one")
    for path in (f"{URL}/{mail_id}/replay", f"{URL}/replay"):
        assert api.post(f"{path}?dry_run=1", json={}, headers=alder.owner.bearer).status_code == 200
    assert state(app, mail_id) == ("dead", 8)


def test_many_are_sent_again_by_purpose_and_moment(
    app: Flask, api: FlaskClient, alder: Company, birch: Company, put: Callable[..., UUID]
) -> None:
    wanted, other = put(alder, "one"), put(alder, "two", purpose="quote")
    old = put(alder, "three", finished_at=clock.now() - timedelta(days=9))
    theirs = put(birch, "four")
    body = {"purpose": "scheduled", "since": (clock.now() - timedelta(days=1)).isoformat()}
    assert api.post(f"{URL}/replay", json=body, headers=alder.owner.bearer).get_json() == {"count": 1}
    assert [state(app, mail)[0] for mail in (wanted, other, old, theirs)] == ["due", "dead", "dead", "dead"]
    assert api.post(f"{URL}/replay", json={}, headers=alder.owner.bearer).get_json() == {"count": 2}
    assert state(app, theirs)[0] == "dead"


def test_the_operator_sends_again_for_everybody(
    app: Flask, api: FlaskClient, alder: Company, birch: Company, operator: Person, put: Callable[..., UUID]
) -> None:
    both = put(alder, "one"), put(birch, "two")
    assert api.post(f"{URL}/replay", json={}, headers=operator.bearer).get_json() == {"count": 2}
    assert [state(app, mail)[0] for mail in both] == ["due", "due"]


def test_another_organization_s_mail_is_not_there(
    app: Flask, api: FlaskClient, alder: Company, birch: Company, put: Callable[..., UUID]
) -> None:
    mail_id = put(alder, "one")
    assert api.get(f"{URL}/{mail_id}", headers=birch.owner.bearer).status_code == 404
    assert api.post(f"{URL}/{mail_id}/replay", headers=birch.owner.bearer).status_code == 404
    assert api.get(f"{URL}/{uuid4()}", headers=alder.owner.bearer).status_code == 404
    assert state(app, mail_id)[0] == "dead"


def test_who_may_not_manage_may_not_look(api: FlaskClient, alder: Company) -> None:
    assert api.get(URL, headers=alder.dispatcher.bearer).status_code == 403
    assert api.get(URL).status_code == 401


def test_pages_follow_each_other(api: FlaskClient, alder: Company, put: Callable[..., UUID]) -> None:
    for number in range(5):
        put(alder, f"mail {number}", finished_at=clock.now() - timedelta(hours=number))
    seen, cursor = [], ""
    for _ in range(3):
        page = api.get(f"{URL}?limit=2{cursor}", headers=alder.owner.bearer).get_json()
        seen += [item["subject"] for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"mail {number}" for number in range(5)]
    assert page["next_cursor"] is None
    assert api.get(f"{URL}?cursor=nonsense", headers=alder.owner.bearer).status_code == 422
