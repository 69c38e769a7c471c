"""A new password: by a link in a mail that works once, or with the present one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.accounts.models import Membership
from doorstep.auth import recovery
from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from tests.auth.doors import (
    NEW_PASSWORD,
    at_once,
    bearer,
    join,
    letters,
    link_in,
    log_in,
    newest_link,
    sign_in,
    submit,
)
from tests.cast import PASSWORD, Company, Person, known_id

Browse = Callable[[Person | None], FlaskClient]
RESET = "password_reset"

# It says when the page was drawn.
FORM_TOKEN = re.compile(r'name="csrf[-_]token" (?:value|content)="[^"]+"')


def ask(browser: FlaskClient, email: str) -> str:
    answer = submit(browser, "/auth/forgot", email=email)
    assert answer.status_code == 200
    return answer.text


def mailed(app: Flask, browser: FlaskClient, person: Person) -> str:
    ask(browser, person.email)
    return newest_link(app, person.email, RESET)


def choose(browser: FlaskClient, link: str, password: str = NEW_PASSWORD, again: str | None = None) -> int:
    return submit(browser, link, password=password, password_again=again or password).status_code


def token_of(link: str) -> str:
    return link.rpartition("/")[2]


def test_the_link_in_the_mail_leads_to_a_new_password(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    link = mailed(app, stranger, alder.owner)
    assert alder.owner.email in stranger.get(link).text
    assert choose(stranger, link) == 303
    assert sign_in(stranger, alder.owner.email, PASSWORD).status_code == 422
    assert sign_in(stranger, alder.owner.email, NEW_PASSWORD).status_code == 303


def test_the_answer_is_the_same_for_an_address_that_nobody_has(
    app: Flask, stranger: FlaskClient, alder: Company
) -> None:
    known, unknown = (
        FORM_TOKEN.sub("", ask(stranger, email)).replace(email, "X")
        for email in (alder.owner.email, "nobody@nowhere.test")
    )
    assert known == unknown
    assert not letters(app, "nobody@nowhere.test", RESET)


def test_the_api_answers_the_same_for_everybody(app: Flask, api: FlaskClient, alder: Company) -> None:
    answers = [
        api.post("/v1/auth/password/forgot", json={"email": email})
        for email in (alder.owner.email, "nobody@nowhere.test", alder.owner.email.upper())
    ]
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert len(letters(app, alder.owner.email, RESET)) == 1


@pytest.mark.parametrize("whose", ["nobody@nowhere.test", "owner@alder.test"])
def test_the_time_it_takes_does_not_tell_whether_anybody_has_the_address(api: FlaskClient, whose: str) -> None:
    before = clock.monotonic()
    api.post("/v1/auth/password/forgot", json={"email": whose})
    assert clock.monotonic() - before >= recovery.SAME_TIME_SECONDS


def test_the_mail_comes_from_the_persons_own_organization(app: Flask, stranger: FlaskClient, birch: Company) -> None:
    ask(stranger, birch.finance.email)
    (letter,) = letters(app, birch.finance.email, RESET)
    assert letter.org_id == birch.id
    assert letter.to_name == "Fin Ledger"


def test_a_flood_of_requests_sends_one_mail_in_two_minutes(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    for _ in range(5):
        ask(stranger, alder.owner.email)
    assert len(letters(app, alder.owner.email, RESET)) == 1
    with clock.held_at(clock.minutes_from_now(3)):
        ask(stranger, alder.owner.email)
    assert len(letters(app, alder.owner.email, RESET)) == 2


@pytest.mark.parametrize("whose", ["operator", "let go"])
def test_who_belongs_to_no_organization_gets_no_mail_and_the_log_says_what_to_do(
    app: Flask, stranger: FlaskClient, alder: Company, operator: Person, caplog: pytest.LogCaptureFixture, whose: str
) -> None:
    person = operator
    if whose == "let go":
        person = alder.viewer
        with app.app_context(), tenancy.org_scope(alder.id), transaction():
            tenancy.get(Membership, known_id("alder.viewer.member")).active = False
    ask(stranger, person.email)
    assert not letters(app, person.email, RESET)
    assert "flask user reset-password" in caplog.text
    assert person.email not in caplog.text


def test_looking_at_the_link_does_not_use_it_up(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    link = mailed(app, stranger, alder.owner)
    for _ in range(3):
        assert stranger.get(link).status_code == 200
        assert stranger.head(link).status_code == 200
    assert choose(stranger, link) == 303


def test_the_link_works_once(app: Flask, browse: Browse, alder: Company) -> None:
    browser = browse(None)
    link = mailed(app, browser, alder.owner)
    assert choose(browser, link) == 303
    assert browser.get(link).status_code == 410
    again = submit(
        browse(None), link, "/auth/sign-in", password="another-green-door", password_again="another-green-door"
    )
    assert again.status_code == 410
    assert log_in(browser, alder.owner.email, NEW_PASSWORD).status_code == 200


def test_of_two_who_use_the_link_at_the_same_moment_one_wins(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    token = token_of(mailed(app, stranger, alder.owner))

    def use(number: int) -> int:
        body = {"token": token, "password": f"a-quiet-door-{number}"}
        return app.test_client().post("/v1/auth/password/reset", json=body).status_code

    assert sorted(at_once(4, use)) == [204, 410, 410, 410]


def test_the_link_is_too_old_after_its_time(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    link = mailed(app, stranger, alder.owner)
    minutes = app.extensions["doorstep.settings"].reset_link_ttl_minutes
    with clock.held_at(clock.minutes_from_now(minutes + 1)):
        assert stranger.get(link).status_code == 410
        body = {"token": token_of(link), "password": NEW_PASSWORD}
        assert stranger.post("/v1/auth/password/reset", json=body).status_code == 410
    assert log_in(stranger, alder.owner.email, PASSWORD).status_code == 200


def test_using_one_link_makes_all_others_useless(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    first = mailed(app, stranger, alder.owner)
    with clock.held_at(clock.minutes_from_now(3)):
        second = mailed(app, stranger, alder.owner)
    assert first != second
    assert choose(stranger, second) == 303
    assert stranger.get(first).status_code == 410


def test_a_password_that_will_not_do_leaves_the_link_good(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    link = mailed(app, stranger, alder.owner)
    for bad in ("short", "1234567890", alder.owner.email, "Olive Owner"):
        assert choose(stranger, link, bad) == 422
    assert choose(stranger, link, NEW_PASSWORD, again="something else entirely") == 422
    assert choose(stranger, link) == 303


def test_a_bad_password_is_told_at_its_field(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    link = mailed(app, stranger, alder.owner)
    page = submit(stranger, link, password="1234567890", password_again="1234567890")
    assert "Many people use this password." in page.text
    assert 'aria-invalid="true"' in page.text


@pytest.mark.parametrize("token", ["nonsense", "x" * 43, "..", "%00", "a b"])
def test_a_made_up_link_is_refused(stranger: FlaskClient, token: str) -> None:
    assert stranger.get(f"/auth/reset/{token}").status_code in (404, 410)
    body = {"token": token, "password": NEW_PASSWORD}
    assert stranger.post("/v1/auth/password/reset", json=body).status_code == 410


def test_a_workers_sign_in_link_is_no_reset_link(app: Flask, api: FlaskClient, alder: Company) -> None:
    made = api.post(f"/v1/workers/{alder.worker.worker_id}/link", headers=alder.dispatcher.bearer)
    token = made.json["url"].rpartition("/")[2]
    body = {"token": token[:200], "password": NEW_PASSWORD}
    assert api.post("/v1/auth/password/reset", json=body).status_code == 410


def test_a_new_password_ends_all_sessions(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    theirs = bearer(log_in(stranger, alder.owner.email))
    choose(stranger, mailed(app, stranger, alder.owner))
    for headers in (theirs, alder.owner.bearer):
        assert stranger.get("/v1/auth/me", headers=headers).status_code == 401
    assert stranger.get("/v1/auth/me", headers=alder.dispatcher.bearer).status_code == 200


def test_a_new_password_ends_the_sessions_in_every_organization(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    join(app, alder.owner, birch, "viewer")
    there = bearer(log_in(stranger, alder.owner.email, org="birch"))
    choose(stranger, mailed(app, stranger, alder.owner))
    assert stranger.get("/v1/auth/me", headers=there).status_code == 401


def test_a_new_password_by_link_lets_a_resting_address_in(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    for _ in range(6):
        log_in(stranger, alder.owner.email, "wrong-password")
    choose(stranger, mailed(app, stranger, alder.owner))
    assert log_in(stranger, alder.owner.email, NEW_PASSWORD).status_code == 200


def test_the_secret_of_the_link_is_not_in_the_table_of_links(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    token = token_of(mailed(app, stranger, alder.owner))
    with app.app_context(), tenancy.system_scope("test"):
        rows = db.session.connection().exec_driver_sql("select l::text from user_links l").scalars().all()
    assert rows
    assert not any(token in row for row in rows)


def change(api: FlaskClient, headers: dict[str, str], present: str, password: str) -> int:
    body = {"present": present, "password": password}
    return api.post("/v1/auth/password/change", json=body, headers=headers).status_code


def test_the_present_password_is_needed_for_another_one(api: FlaskClient, alder: Company) -> None:
    mine = bearer(log_in(api, alder.owner.email))
    assert change(api, mine, "wrong-password", NEW_PASSWORD) == 422
    assert change(api, mine, PASSWORD, "short") == 422
    assert change(api, mine, PASSWORD, NEW_PASSWORD) == 204
    assert log_in(api, alder.owner.email, NEW_PASSWORD).status_code == 200
    assert log_in(api, alder.owner.email, PASSWORD).status_code == 401


def test_changing_the_password_keeps_this_session_and_ends_all_others(api: FlaskClient, alder: Company) -> None:
    mine, other = bearer(log_in(api, alder.owner.email)), bearer(log_in(api, alder.owner.email))
    change(api, mine, PASSWORD, NEW_PASSWORD)
    assert api.get("/v1/auth/me", headers=mine).status_code == 200
    assert api.get("/v1/auth/me", headers=other).status_code == 401


def test_a_stolen_session_cannot_guess_the_present_password_for_ever(api: FlaskClient, alder: Company) -> None:
    mine = bearer(log_in(api, alder.owner.email))
    answers = [change(api, mine, f"guess-number-{n}", NEW_PASSWORD) for n in range(7)]
    assert answers == [422] * 5 + [429] * 2


def test_the_page_changes_the_password_too(browse: Browse, alder: Company) -> None:
    browser = browse(alder.owner)
    wrong = submit(
        browser, "/auth/password", present="wrong-password", password=NEW_PASSWORD, password_again=NEW_PASSWORD
    )
    assert wrong.status_code == 422
    assert "This is not your present password." in wrong.text
    twice = submit(browser, "/auth/password", present=PASSWORD, password=NEW_PASSWORD, password_again="another-door-1")
    assert "These two are not the same." in twice.text
    done = submit(browser, "/auth/password", present=PASSWORD, password=NEW_PASSWORD, password_again=NEW_PASSWORD)
    assert (done.status_code, done.location) == (303, "/auth/sessions")
    assert "Your new password is saved." in browser.get("/auth/sessions").text


def test_the_office_can_have_a_reset_mail_sent_and_does_not_see_the_link(
    app: Flask, api: FlaskClient, alder: Company
) -> None:
    member = known_id("alder.viewer.member")
    answer = api.post(f"/v1/members/{member}/reset", headers=alder.owner.bearer)
    assert (answer.status_code, answer.text) == (204, "")
    (letter,) = letters(app, alder.viewer.email, RESET)
    assert choose(app.test_client(), link_in(letter)) == 303
