"""Sessions: listed, ended, over by themselves, renewed once."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from doorstep.auth.models import LoginSession
from doorstep.backends.database.embedded import Urls
from doorstep.core import clock, ids
from doorstep.core.extensions import db
from tests.auth.doors import at_once_behind, bearer, log_in
from tests.cast import Company, Person, known_id

ME = "/v1/auth/me"


def is_in(api: FlaskClient, headers: dict[str, str]) -> bool:
    return api.get(ME, headers=headers).status_code == 200


def session_ids(api: FlaskClient, headers: dict[str, str]) -> list[str]:
    return [row["id"] for row in api.get("/v1/auth/sessions", headers=headers).json["items"]]


def test_signing_out_ends_the_session_at_once(api: FlaskClient, alder: Company) -> None:
    mine = bearer(log_in(api, alder.owner.email))
    assert api.post("/v1/auth/logout", headers=mine).status_code == 204
    assert not is_in(api, mine)
    assert is_in(api, alder.owner.bearer)


def test_a_person_sees_where_they_are_signed_in(api: FlaskClient, alder: Company) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    body = {"email": alder.owner.email, "password": "correct-horse-battery"}
    mine = bearer(api.post("/v1/auth/login", json=body, headers={"User-Agent": agent}))
    rows = api.get("/v1/auth/sessions", headers=mine).json["items"]
    assert [row["current"] for row in rows] == [True, False]
    assert rows[0]["device"] == "Firefox on Windows"
    assert rows[0]["ip"] == "127.0.0.1"
    assert "secret" not in str(rows)
    assert "sha256" not in str(rows)


def test_the_list_of_sessions_is_paged(api: FlaskClient, alder: Company) -> None:
    for _ in range(4):
        log_in(api, alder.owner.email)
    first = api.get("/v1/auth/sessions?limit=3", headers=alder.owner.bearer).json
    second = api.get(f"/v1/auth/sessions?limit=3&cursor={first['next_cursor']}", headers=alder.owner.bearer).json
    assert len(first["items"]) == 3
    assert len(second["items"]) == 2
    assert second["next_cursor"] is None


def test_one_session_can_be_ended_from_another(api: FlaskClient, alder: Company) -> None:
    lost = bearer(log_in(api, alder.owner.email))
    lost_id = session_ids(api, lost)[0]
    assert api.delete(f"/v1/auth/sessions/{lost_id}", headers=alder.owner.bearer).status_code == 204
    assert not is_in(api, lost)
    assert lost_id not in session_ids(api, alder.owner.bearer)
    assert api.delete(f"/v1/auth/sessions/{lost_id}", headers=alder.owner.bearer).status_code == 404


def test_a_colleagues_session_is_not_there_for_anybody_else(api: FlaskClient, alder: Company) -> None:
    theirs = known_id("alder.dispatch.session")
    assert api.delete(f"/v1/auth/sessions/{theirs}", headers=alder.owner.bearer).status_code == 404
    assert is_in(api, alder.dispatcher.bearer)


def test_all_other_sessions_can_be_ended_at_once(api: FlaskClient, alder: Company) -> None:
    others = [bearer(log_in(api, alder.owner.email)) for _ in range(3)]
    mine = bearer(log_in(api, alder.owner.email))
    answer = api.delete("/v1/auth/sessions", headers=mine)
    assert answer.json == {"ended": 4}
    assert is_in(api, mine)
    assert not any(is_in(api, other) for other in [*others, alder.owner.bearer])
    assert is_in(api, alder.dispatcher.bearer)


def test_a_session_is_over_after_enough_silence(app: Flask, api: FlaskClient, alder: Company) -> None:
    mine = bearer(log_in(api, alder.owner.email))
    minutes = app.extensions["doorstep.settings"].auth_session_ttl_minutes
    with clock.held_at(clock.minutes_from_now(minutes - 1)):
        assert is_in(api, mine)
    with clock.held_at(clock.minutes_from_now(minutes * 2 + 1)):
        assert not is_in(api, mine)


def test_a_session_that_is_used_goes_on(app: Flask, api: FlaskClient, alder: Company) -> None:
    mine = bearer(log_in(api, alder.owner.email))
    step = timedelta(minutes=app.extensions["doorstep.settings"].auth_session_ttl_minutes - 5)
    at = clock.now()
    for _ in range(3):
        at += step
        with clock.held_at(at):
            assert is_in(api, mine)


def test_sessions_that_are_over_are_not_listed(api: FlaskClient, alder: Company) -> None:
    log_in(api, alder.owner.email)
    with clock.held_at(clock.minutes_from_now(60 * 24 * 60)):
        assert session_ids(api, alder.owner.bearer) == [str(known_id("alder.owner.session"))]


def test_a_renewed_session_has_another_token_and_the_former_is_over(api: FlaskClient, alder: Company) -> None:
    before = bearer(log_in(api, alder.owner.email))
    answer = api.post("/v1/auth/refresh", headers=before)
    assert answer.status_code == 200
    assert (answer.json["org"], answer.json["role"]) == ("alder", "owner")
    assert is_in(api, bearer(answer))
    assert not is_in(api, before)


def test_of_eight_renewals_at_the_same_moment_one_wins(
    app: Flask, api: FlaskClient, urls: Urls, alder: Company
) -> None:
    mine = bearer(log_in(api, alder.owner.email))
    answers = at_once_behind(
        "select 1 from login_sessions for update", urls, 8,
        lambda _: app.test_client().post("/v1/auth/refresh", headers=mine),
    )  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert is_in(api, bearer(winner))
    assert len(session_ids(api, bearer(winner))) == 2


def test_losing_a_renewal_does_not_end_the_winners_session(api: FlaskClient, alder: Company) -> None:
    before = bearer(log_in(api, alder.owner.email))
    after = bearer(api.post("/v1/auth/refresh", headers=before))
    assert not is_in(api, before)
    assert api.post("/v1/auth/refresh", headers=before).status_code == 401
    assert is_in(api, after)


def test_a_former_token_used_later_tells_of_a_thief_and_ends_the_session(
    app: Flask, api: FlaskClient, alder: Company
) -> None:
    before = bearer(log_in(api, alder.owner.email))
    answer = api.post("/v1/auth/refresh", headers=before)
    with clock.held_at(clock.minutes_from_now(2)):
        assert not is_in(api, before)
        assert not is_in(api, bearer(answer))
    with app.app_context():
        wanted = select(LoginSession).where(LoginSession.sha256 == ids.digest(answer.json["access_token"]))
        assert db.session.execute(wanted).scalar_one().revoked_reason == "an old secret was used"
    assert is_in(api, alder.owner.bearer)


def test_a_browsers_session_and_a_machines_token_cannot_be_renewed(
    api: FlaskClient, browse: object, alder: Company
) -> None:
    assert api.post("/v1/auth/refresh", headers=alder.owner.bearer).status_code == 403
    made = api.post("/v1/auth/tokens", json={"name": "Bot", "scopes": ["view"]}, headers=alder.owner.bearer)
    machine = {"Authorization": f"Bearer {made.json['token']}"}
    assert api.post("/v1/auth/refresh", headers=machine).status_code == 403


def test_an_operators_session_is_renewed_for_no_organization(api: FlaskClient, operator: Person) -> None:
    answer = api.post("/v1/auth/refresh", headers=bearer(log_in(api, operator.email)))
    assert (answer.status_code, answer.json["org"]) == (200, None)


def test_a_member_let_go_in_the_middle_of_a_session_loses_the_organization_at_once(
    api: FlaskClient, alder: Company
) -> None:
    mine = bearer(log_in(api, alder.viewer.email))
    assert api.get("/v1/workers", headers=mine).status_code == 200
    member = known_id("alder.viewer.member")
    assert api.post(f"/v1/members/{member}/deactivate", headers=alder.owner.bearer).status_code == 200
    assert api.get("/v1/workers", headers=mine).status_code in (401, 403)


def test_a_role_that_changes_in_the_middle_of_a_session_counts_at_once(api: FlaskClient, alder: Company) -> None:
    mine = bearer(log_in(api, alder.viewer.email))
    member = known_id("alder.viewer.member")
    api.post(f"/v1/members/{member}/role", json={"role": "dispatcher"}, headers=alder.owner.bearer)
    assert "dispatch" in api.get(ME, headers=mine).json["permissions"]
