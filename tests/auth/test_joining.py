"""Accepting an invitation, and every way in which it must not be misused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from doorstep.accounts.models import Membership, User, Worker
from doorstep.backends.database.embedded import Urls
from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from tests.auth.doors import (
    NEW_PASSWORD,
    at_once,
    at_once_behind,
    bearer,
    hidden_field,
    letters,
    log_in,
    newest_link,
    submit,
)
from tests.cast import PASSWORD, Company, Person, known_id

Browse = Callable[[Person | None], FlaskClient]
NEWCOMER = "nina@newcomer.test"
INVITE = "/v1/members/invite"


def invite(app: Flask, by: Person, email: str = NEWCOMER, role: str = "dispatcher", **more: str) -> str:
    body = {"email": email, "role": role, **more}
    answer = app.test_client().post(INVITE, json=body, headers=by.bearer)
    assert answer.status_code == 201, answer.json
    return newest_link(app, email, "invitation")


def accept(browser: FlaskClient, link: str, name: str = "Nina New", password: str = NEW_PASSWORD) -> int:
    return submit(browser, link, name=name, password=password, password_again=password).status_code


def role_of(app: Flask, email: str, company: Company) -> str | None:
    with app.app_context(), tenancy.org_scope(company.id):
        wanted = select(Membership.role).join(User, User.id == Membership.user_id)
        return db.session.execute(wanted.where(User.email == email, Membership.active)).scalar_one_or_none()


def hash_of(app: Flask, email: str) -> str | None:
    with app.app_context():
        return db.session.execute(select(User.password_hash).where(User.email == email)).scalar_one()


def test_somebody_new_chooses_a_name_and_a_password_and_is_in(
    app: Flask, stranger: FlaskClient, alder: Company
) -> None:
    link = invite(app, alder.owner, name="Nina")
    page = stranger.get(link)
    assert "Join Alder Cleaning" in page.text
    assert "Olive Owner invited you as dispatcher" in page.text
    assert 'value="Nina"' in page.text
    answer = submit(stranger, link, name="Nina New", password=NEW_PASSWORD, password_again=NEW_PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/office")
    assert stranger.get("/v1/auth/me").json["name"] == "Nina New"
    assert log_in(stranger, NEWCOMER, NEW_PASSWORD).json["role"] == "dispatcher"


def test_the_answer_to_the_office_does_not_hold_the_link(api: FlaskClient, alder: Company) -> None:
    answer = api.post(INVITE, json={"email": NEWCOMER, "role": "viewer"}, headers=alder.owner.bearer)
    assert set(answer.json) == {"id", "email", "name", "role", "created_at", "expires_at"}
    listed = api.get("/v1/members/invitations", headers=alder.owner.bearer).json["items"]
    assert [row["email"] for row in listed] == [NEWCOMER]
    assert set(listed[0]) == set(answer.json)


def test_looking_at_the_invitation_does_not_use_it_up(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    link = invite(app, alder.owner)
    for _ in range(3):
        assert stranger.get(link).status_code == 200
        assert stranger.head(link).status_code == 200
    assert accept(stranger, link) == 303


def test_an_invitation_works_once(app: Flask, browse: Browse, alder: Company) -> None:
    link = invite(app, alder.owner)
    assert accept(browse(None), link) == 303
    second = browse(None)
    assert second.get(link).status_code == 410
    answer = submit(
        second, link, "/auth/sign-in", name="Eve", password="another-green-door", password_again="another-green-door"
    )
    assert answer.status_code == 410
    assert log_in(second, NEWCOMER, NEW_PASSWORD).status_code == 200


def test_of_two_who_accept_at_the_same_moment_one_wins(app: Flask, alder: Company) -> None:
    link = invite(app, alder.owner)
    browsers = [app.test_client() for _ in range(4)]
    tokens = [hidden_field(browser.get(link)) for browser in browsers]

    def use(number: int) -> int:
        password = f"a-quiet-door-{number}"
        data = {"csrf_token": tokens[number], "name": "Nina", "password": password, "password_again": password}
        return browsers[number].post(link, data=data).status_code

    answers = at_once(4, use)
    assert answers.count(303) == 1
    assert set(answers) <= {303, 409, 410}


def test_an_invitation_is_over_after_its_time(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    link = invite(app, alder.owner)
    minutes = app.extensions["doorstep.settings"].invitation_ttl_minutes
    with clock.held_at(clock.minutes_from_now(minutes + 1)):
        assert stranger.get(link).status_code == 410


def test_a_taken_back_invitation_is_over(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    link = invite(app, alder.owner)
    listed = stranger.get("/v1/members/invitations", headers=alder.owner.bearer).json["items"]
    gone = stranger.delete(f"/v1/members/invitations/{listed[0]['id']}", headers=alder.owner.bearer)
    assert gone.status_code == 204
    assert stranger.get(link).status_code == 410


def test_inviting_again_makes_the_former_link_useless(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    first, second = invite(app, alder.owner), invite(app, alder.owner, role="viewer")
    assert stranger.get(first).status_code == 410
    assert stranger.get(second).status_code == 200
    assert len(letters(app, NEWCOMER, "invitation")) == 2


@pytest.mark.parametrize("name", ["", "   "])
def test_a_name_is_needed(app: Flask, stranger: FlaskClient, alder: Company, name: str) -> None:
    link = invite(app, alder.owner)
    assert accept(stranger, link, name=name) == 422
    assert accept(stranger, link) == 303


def test_a_bad_password_leaves_the_invitation_good(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    link = invite(app, alder.owner)
    for bad in ("short", "1234567890", NEWCOMER):
        assert accept(stranger, link, password=bad) == 422
    assert accept(stranger, link) == 303


def test_another_companys_owner_cannot_be_taken_over_by_inviting_them(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    before = hash_of(app, birch.owner.email)
    link = invite(app, alder.owner, email=birch.owner.email)
    page = stranger.get(link)
    assert "You already have an account" in page.text
    assert 'name="name"' not in page.text
    assert accept(stranger, link, password=NEW_PASSWORD) == 422
    assert hash_of(app, birch.owner.email) == before
    assert role_of(app, birch.owner.email, alder) is None
    assert log_in(stranger, birch.owner.email, PASSWORD).status_code == 200


def test_who_has_an_account_joins_with_their_own_password(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    link = invite(app, alder.owner, email=birch.owner.email, role="viewer")
    answer = submit(stranger, link, password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/office")
    me = stranger.get("/v1/auth/me").json
    assert (me["org"]["slug"], me["role"]) == ("alder", "viewer")
    assert role_of(app, birch.owner.email, birch) == "owner"


def test_a_wrong_password_is_told_at_its_field_and_counted(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    link = invite(app, alder.owner, email=birch.owner.email)
    answers = [submit(stranger, link, password=f"guess-number-{n}") for n in range(6)]
    assert "This password is not right." in answers[0].text
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert log_in(stranger, birch.owner.email).status_code == 429


def test_who_is_signed_in_as_the_invited_person_only_presses_the_button(
    app: Flask, browse: Browse, alder: Company, birch: Company
) -> None:
    browser = browse(birch.owner)
    link = invite(app, alder.owner, email=birch.owner.email, role="finance")
    page = browser.get(link)
    assert 'type="password"' not in page.text
    assert submit(browser, link).status_code == 303
    assert browser.get("/v1/auth/me").json["role"] == "finance"


def test_who_is_signed_in_as_somebody_else_cannot_accept_for_them(
    app: Flask, browse: Browse, alder: Company, birch: Company
) -> None:
    link = invite(app, alder.owner, email=birch.owner.email)
    for person in (alder.owner, birch.dispatcher):
        browser = browse(person)
        assert 'type="password"' in browser.get(link).text
        assert submit(browser, link).status_code == 422
    assert role_of(app, birch.owner.email, alder) is None


def test_a_link_session_of_the_office_does_not_accept_invitations_for_the_worker(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    made = stranger.post(f"/v1/workers/{alder.worker.worker_id}/link", headers=alder.dispatcher.bearer)
    path = made.json["url"].partition("://")[2].partition("/")[2]
    assert submit(stranger, f"/{path}").status_code == 303
    link = invite(app, birch.owner, email=alder.worker.email, role="admin")
    assert 'type="password"' in stranger.get(link).text
    assert submit(stranger, link).status_code == 422
    assert role_of(app, alder.worker.email, birch) is None


def test_an_address_without_a_password_yet_gets_its_first_one_from_the_mailbox(
    app: Flask, stranger: FlaskClient, alder: Company
) -> None:
    with app.app_context(), transaction():
        save(User(email=NEWCOMER, name="Somebody's idea", password_hash=None))
    link = invite(app, alder.owner)
    assert accept(stranger, link) == 303
    assert log_in(stranger, NEWCOMER, NEW_PASSWORD).status_code == 200


def test_the_invitation_of_one_company_is_worth_nothing_at_another(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    secret = invite(app, alder.owner).rpartition("/")[2]
    moved = f"{birch.id.hex}.{secret.partition('.')[2]}"
    assert stranger.get(f"/auth/invitation/{moved}").status_code == 410


@pytest.mark.parametrize("secret", ["x", "x" * 80, f"{'0' * 32}.abc", f"{known_id('nobody').hex}.abc", ".", "%2e%2e"])
def test_a_made_up_invitation_is_refused(stranger: FlaskClient, secret: str) -> None:
    assert stranger.get(f"/auth/invitation/{secret}").status_code in (404, 410)


@pytest.mark.parametrize("key", ["dispatcher", "finance", "viewer", "worker"])
def test_only_who_manages_people_invites(api: FlaskClient, alder: Company, key: str) -> None:
    person: Person = getattr(alder, key)
    answer = api.post(INVITE, json={"email": NEWCOMER, "role": "viewer"}, headers=person.bearer)
    assert answer.status_code == 403


def test_an_admin_cannot_invite_an_owner_but_an_owner_can(app: Flask, api: FlaskClient, alder: Company) -> None:
    member = known_id("alder.viewer.member")
    api.post(f"/v1/members/{member}/role", json={"role": "admin"}, headers=alder.owner.bearer)
    body = {"email": NEWCOMER, "role": "owner"}
    assert api.post(INVITE, json=body, headers=alder.viewer.bearer).status_code == 403
    assert api.post(INVITE, json={**body, "role": "admin"}, headers=alder.viewer.bearer).status_code == 201
    assert api.post(INVITE, json=body, headers=alder.owner.bearer).status_code == 201


def test_a_machines_token_of_an_owner_cannot_invite_an_owner(api: FlaskClient, alder: Company) -> None:
    made = api.post("/v1/auth/tokens", json={"name": "HR", "scopes": ["manage"]}, headers=alder.owner.bearer)
    machine = {"Authorization": f"Bearer {made.json['token']}"}
    assert api.post(INVITE, json={"email": NEWCOMER, "role": "owner"}, headers=machine).status_code == 403
    assert api.post(INVITE, json={"email": NEWCOMER, "role": "viewer"}, headers=machine).status_code == 201


def test_who_is_a_member_already_is_not_invited_again(api: FlaskClient, alder: Company) -> None:
    body = {"email": alder.worker.email.upper(), "role": "owner"}
    assert api.post(INVITE, json=body, headers=alder.owner.bearer).status_code == 409


def test_an_invitation_that_waited_does_not_change_the_role_of_a_member(
    app: Flask, browse: Browse, alder: Company, birch: Company
) -> None:
    link = invite(app, alder.owner, email=birch.owner.email, role="viewer")
    with app.app_context(), tenancy.org_scope(alder.id), transaction():
        save(Membership(user_id=birch.owner.id, role="owner"))
    browser = browse(birch.owner)
    assert submit(browser, link).status_code == 303
    assert role_of(app, birch.owner.email, alder) == "owner"


def test_somebody_let_go_comes_back_with_the_invited_role(
    app: Flask, browse: Browse, api: FlaskClient, alder: Company
) -> None:
    member = known_id("alder.finance.member")
    api.post(f"/v1/members/{member}/deactivate", headers=alder.owner.bearer)
    link = invite(app, alder.owner, email=alder.finance.email, role="viewer")
    browser = browse(None)
    assert submit(browser, link, password=PASSWORD).status_code == 303
    assert role_of(app, alder.finance.email, alder) == "viewer"


def test_an_invited_worker_is_on_the_list_of_workers_and_lands_on_their_day(
    app: Flask, stranger: FlaskClient, alder: Company
) -> None:
    link = invite(app, alder.owner, role="worker")
    answer = submit(stranger, link, name="Nina New", password=NEW_PASSWORD, password_again=NEW_PASSWORD)
    assert answer.location == "/worker"
    assert stranger.get("/v1/auth/me").json["worker_id"]


def test_a_worker_added_by_the_office_becomes_the_person_who_accepts(
    app: Flask, stranger: FlaskClient, alder: Company
) -> None:
    body = {"name": "Nina (new)", "email": NEWCOMER, "skills": ["windows"]}
    made = stranger.post("/v1/workers", json=body, headers=alder.owner.bearer)
    assert (made.status_code, made.json["user_id"]) == (201, None)
    assert accept(stranger, newest_link(app, NEWCOMER, "invitation")) == 303
    assert stranger.get("/v1/auth/me").json["worker_id"] == made.json["id"]
    with app.app_context(), tenancy.org_scope(alder.id):
        named = db.session.execute(select(Worker.name).where(Worker.name.like("Nina%"))).scalars().all()
    assert named == ["Nina (new)"]


def test_the_new_sign_in_replaces_the_one_the_browser_had(
    app: Flask, browse: Browse, api: FlaskClient, alder: Company
) -> None:
    browser = browse(None)
    before = bearer(log_in(api, alder.viewer.email))
    browser.set_cookie("doorstep", before["Authorization"].removeprefix("Bearer "))
    assert accept(browser, invite(app, alder.owner)) == 303
    assert api.get("/v1/auth/me", headers=before).status_code == 401


def test_of_two_first_passwords_at_the_same_moment_the_second_replaces_nothing(
    app: Flask, urls: Urls, api: FlaskClient, alder: Company, birch: Company
) -> None:
    with app.app_context(), transaction():
        save(User(email=NEWCOMER, name="Nina", password_hash=None))
    offers = [invite(app, company.owner) for company in (alder, birch)]
    browsers = [app.test_client() for _ in offers]
    tokens = [hidden_field(browser.get(link)) for browser, link in zip(browsers, offers, strict=True)]

    def use(number: int) -> int:
        password = f"a-quiet-door-{number}"
        data = {"csrf_token": tokens[number], "name": "Nina", "password": password, "password_again": password}
        return browsers[number].post(offers[number], data=data).status_code

    answers = at_once_behind("select 1 from users for update", urls, 2, use)
    assert sorted(answers) == [303, 409]
    winner = answers.index(303)
    assert log_in(api, NEWCOMER, f"a-quiet-door-{winner}").status_code == 200
    assert log_in(api, NEWCOMER, f"a-quiet-door-{1 - winner}").status_code == 401
