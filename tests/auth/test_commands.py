"""Administration from the command line."""

from __future__ import annotations

import re

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from tests.auth.doors import NEW_PASSWORD, bearer, log_in, submit
from tests.cast import PASSWORD, Company, Person


def run(app: Flask, *words: str, typed: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=typed)


def done(app: Flask, *words: str, typed: str | None = None) -> str:
    result = run(app, *words, typed=typed)
    assert result.exit_code == 0, result.output
    return result.output


def test_an_organization_and_its_owner_can_be_made(app: Flask, api: FlaskClient) -> None:
    done(app, "org", "create", "cedar", "--name", "Cedar Gardens", "--timezone", "Europe/Paris", "--currency", "EUR")
    done(app, "user", "create", "Claire@Cedar.test", "--name", "Claire", "--org", "cedar", "--password", NEW_PASSWORD)
    answer = log_in(api, "claire@cedar.test", NEW_PASSWORD)
    assert (answer.json["org"], answer.json["role"]) == ("cedar", "owner")
    me = api.get("/v1/auth/me", headers=bearer(answer)).json
    assert (me["org"]["timezone"], me["org"]["currency"]) == ("Europe/Paris", "EUR")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("alder", "--name", "Another"), "taken"),
        (("Al Der", "--name", "Another"), "slug:"),
        (("cedar", "--name", "Cedar", "--timezone", "Mars/Base"), "timezone:"),
        (("cedar", "--name", "Cedar", "--currency", "euro"), "currency:"),
        (("cedar", "--name", " "), "name:"),
    ],
)
def test_a_wrong_organization_is_refused_in_a_sentence(app: Flask, words: tuple[str, ...], said: str) -> None:
    result = run(app, "org", "create", *words)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_the_password_is_asked_for_twice_and_not_shown(app: Flask, api: FlaskClient) -> None:
    words = ("user", "create", "claire@cedar.test", "--name", "Claire")
    output = done(app, *words, typed=f"{NEW_PASSWORD}\n{NEW_PASSWORD}\n")
    assert NEW_PASSWORD not in output
    assert log_in(api, "claire@cedar.test", NEW_PASSWORD).status_code == 200


def test_a_user_made_as_worker_is_on_the_list_of_workers(app: Flask, api: FlaskClient) -> None:
    words = ("--name", "Nina", "--org", "alder", "--role", "worker", "--password", NEW_PASSWORD)
    done(app, "user", "create", "nina@alder.test", *words)
    me = api.get("/v1/auth/me", headers=bearer(log_in(api, "nina@alder.test", NEW_PASSWORD))).json
    assert me["worker_id"]


@pytest.mark.parametrize(
    ("email", "more", "said"),
    [
        ("owner@alder.test", (), "has this address already"),
        ("OWNER@alder.test", (), "has this address already"),
        ("no-address", (), "email:"),
        ("claire@cedar.test", ("--org", "nowhere"), "no organization nowhere"),
        ("claire@cedar.test", ("--password", "short"), "password:"),
    ],
)
def test_a_wrong_user_is_refused_and_leaves_nothing_behind(
    app: Flask, api: FlaskClient, email: str, more: tuple[str, ...], said: str
) -> None:
    result = run(app, "user", "create", email, "--name", "Claire", "--password", NEW_PASSWORD, *more)
    assert result.exit_code == 1
    assert said in result.output
    assert log_in(api, "claire@cedar.test", NEW_PASSWORD).status_code == 401


def test_the_operator_gets_a_new_password_by_a_printed_link(
    app: Flask, stranger: FlaskClient, operator: Person
) -> None:
    output = done(app, "user", "reset-password", operator.email)
    found = re.search(r"http://127\.0\.0\.1:8000(/auth/reset/\S+)", output)
    assert found
    answer = submit(stranger, found.group(1), password=NEW_PASSWORD, password_again=NEW_PASSWORD)
    assert answer.status_code == 303
    assert log_in(stranger, operator.email, NEW_PASSWORD).status_code == 200
    assert log_in(stranger, operator.email, PASSWORD).status_code == 401


def test_nobody_has_no_password_to_reset(app: Flask) -> None:
    result = run(app, "user", "reset-password", "nobody@nowhere.test")
    assert result.exit_code == 1
    assert "Nobody has the address" in result.output


def test_an_operator_is_made_and_unmade(app: Flask, api: FlaskClient, alder: Company) -> None:
    done(app, "user", "make-operator", alder.owner.email)
    assert "operate" in api.get("/v1/auth/me", headers=alder.owner.bearer).json["permissions"]
    done(app, "user", "make-operator", alder.owner.email, "--undo")
    assert "operate" not in api.get("/v1/auth/me", headers=alder.owner.bearer).json["permissions"]


def test_a_token_is_printed_and_works(app: Flask, api: FlaskClient) -> None:
    words = ("token", "create", "--name", "Sync", "--org", "birch", "--scopes", "view, dispatch", "--days", "0")
    text = done(app, *words).strip()
    me = api.get("/v1/auth/me", headers={"Authorization": f"Bearer {text}"}).json
    assert (me["org"]["slug"], me["permissions"]) == ("birch", ["view", "dispatch"])


def test_without_organization_the_token_is_the_operators(app: Flask, api: FlaskClient) -> None:
    text = done(app, "token", "create", "--name", "Watch").strip()
    me = api.get("/v1/auth/me", headers={"Authorization": f"Bearer {text}"}).json
    assert (me["org"], me["permissions"]) == (None, ["operate"])


def test_a_tenants_token_never_operates(app: Flask) -> None:
    result = run(app, "token", "create", "--name", "Sync", "--org", "birch", "--scopes", "operate")
    assert result.exit_code == 1
    assert "scopes:" in result.output
