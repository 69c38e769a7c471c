"""Names and passwords of machines: taken where the table says, as far as their role goes, and slowly when guessed."""

from __future__ import annotations

import hmac
import logging
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from doorstep.accounts.models import Worker
from doorstep.app import create_app
from doorstep.auth import basic
from doorstep.auth.guards import may, session_cookie
from doorstep.backends.database.embedded import Urls
from doorstep.core import clock, tenancy
from doorstep.core.actor import PERMISSIONS, VIEW, Actor
from doorstep.core.extensions import db
from doorstep.core.http.routes import Route, api, mount, table
from doorstep.core.transaction import save, transaction
from doorstep.notifications.models import OutgoingEmail
from tests import stage
from tests.auth.doors import at_once
from tests.cast import ALDER, Company
from tests.pages import Browser
from tests.routes.people import Outsider, refused
from tests.routes.table import addresses
from tests.statements import overheard

PAIRS = {
    "owner": ("till", "quiet-green-door-01"),
    "admin": ("back-office", "quiet-green-door-02"),
    "dispatcher": ("van", "quiet-green-dóor-03"),
    "accountant": ("ledger", "quiet:green:door-04"),
    "viewer": ("screen", "quiet-green-door-05"),
}
ON = {"LEGACY_BASIC_AUTH_ENABLED": "true", "DEFAULT_ORG_SLUG": ALDER.slug} | {
    f"{role.upper()}_BASIC_{name}": value
    for role, pair in PAIRS.items()
    for name, value in zip(("USERNAME", "PASSWORD"), pair, strict=True)
}
STATUS = "/v1/admin/jobs/status"
LETTERS = "/v1/admin/email-dead-letter"
PROBE = "/v1/admin/probe"
TWO_WAYS = 'Bearer, Basic realm="Doorstep", charset="UTF-8"'
Header = dict[str, str]


def seen(who: Actor) -> dict[str, Any]:
    """Say who is asking."""
    return {"kind": who.kind, "name": who.name, "id": who.id, "org": who.home.slug, "role": who.role}


def one_worker(who: Actor, worker_id: UUID) -> dict[str, Any]:
    """Show a worker."""
    return {"name": tenancy.get(Worker, worker_id).name}


def nothing(who: Actor) -> None:
    """Do nothing."""


PROBES: tuple[Route, ...] = (
    *(api("POST", f"{PROBE}/{one}", nothing, may(one), name=f"probe_{one}", status=204) for one in PERMISSIONS),
    api("GET", f"{PROBE}/who", seen, may(VIEW)),
    api("GET", f"{PROBE}/workers/<uuid:worker_id>", one_worker, may(VIEW)),
)


@pytest.fixture(scope="module")
def shared_machines(urls: Urls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application that takes names and passwords, with an address for each permission under `/v1/admin`."""
    app = create_app(stage.settings_for(urls, tmp_path_factory.mktemp("machines"), **ON))
    app.testing = True
    app.test_client_class = Browser
    probes = Blueprint("probes", __name__)
    mount(probes, PROBES)
    app.register_blueprint(probes)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def machines(shared_machines: Flask, prompter: stage.Prompter) -> Iterator[Flask]:
    """The same, on the cast's database."""
    yield shared_machines
    prompter.put_back()


@pytest.fixture
def machine(machines: Flask) -> FlaskClient:
    """A machine."""
    return machines.test_client()


@pytest.fixture
def change(machines: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Returns a function that changes settings for the test."""

    def changed(**more: Any) -> None:
        name = "doorstep.settings"
        monkeypatch.setitem(machines.extensions, name, replace(machines.extensions[name], **more))

    return changed


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    """What was compared."""
    found: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        found.append((one, other))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(basic, "hmac", SimpleNamespace(compare_digest=compare))
    return found


def header(said: str | bytes) -> Header:
    data = said if isinstance(said, bytes) else said.encode()
    return {"Authorization": f"Basic {b64encode(data).decode()}"}


def of(role: str, password: str | None = None) -> Header:
    name, right = PAIRS[role]
    return header(f"{name}:{password or right}")


def fail(machine: FlaskClient, name: str, times: int, **more: Any) -> list[int]:
    wrong = header(f"{name}:wrong-password")
    return [machine.get(STATUS, headers=wrong, **more).status_code for _ in range(times)]


def said(answer: TestResponse) -> tuple[Any, ...]:
    """Returns an answer without what differs from one request to the next."""
    told = {name: value for name, value in (answer.json or {}).items() if name != "request_id"}
    return answer.status_code, told, answer.headers.get("WWW-Authenticate"), sorted(answer.headers.keys())


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("owner", {"view", "dispatch", "finance", "manage", "operate"}),
        ("admin", {"view", "dispatch", "finance", "manage", "operate"}),
        ("dispatcher", {"view", "dispatch"}),
        ("accountant", {"view", "finance"}),
        ("viewer", {"view"}),
    ],
)
def test_a_pair_does_what_its_role_may_and_no_more(machine: FlaskClient, role: str, allowed: set[str]) -> None:
    answers = {one: machine.post(f"{PROBE}/{one}", headers=of(role)).status_code for one in PERMISSIONS}
    assert answers == {one: 204 if one in allowed else 403 for one in PERMISSIONS}


@pytest.mark.parametrize("role", PAIRS)
def test_a_pair_is_a_machine_of_the_default_organization(machine: FlaskClient, role: str) -> None:
    told = machine.get(f"{PROBE}/who", headers=of(role)).json
    assert (told["kind"], told["name"], told["org"], told["role"]) == ("token", f"Basic Auth ({role})", "alder", None)


def test_each_pair_keeps_its_own_things_under_its_own_id(machine: FlaskClient) -> None:
    first = [machine.get(f"{PROBE}/who", headers=of(role)).json["id"] for role in PAIRS]
    again = [machine.get(f"{PROBE}/who", headers=of(role)).json["id"] for role in PAIRS]
    assert first == again
    assert len(set(first)) == len(PAIRS)


@pytest.mark.parametrize("role", PAIRS)
def test_the_owner_s_and_admin_s_machines_run_the_installation(machine: FlaskClient, role: str) -> None:
    expected = 200 if role in ("owner", "admin") else 403
    assert machine.get(STATUS, headers=of(role)).status_code == expected
    assert machine.post("/v1/admin/cleanup?dry_run=1", headers=of(role)).status_code == expected
    assert machine.get(LETTERS, headers=of(role)).status_code == expected


@pytest.mark.parametrize("role", PAIRS)
def test_another_organization_s_rows_are_not_there(
    machine: FlaskClient, alder: Company, birch: Company, role: str
) -> None:
    ours, theirs = f"{PROBE}/workers/{alder.worker.worker_id}", f"{PROBE}/workers/{birch.worker.worker_id}"
    assert machine.get(ours, headers=of(role)).json == {"name": alder.worker.name}
    assert machine.get(theirs, headers=of(role)).status_code == 404


def test_what_the_operator_looks_after_is_all_organizations(
    machines: Flask, machine: FlaskClient, birch: Company
) -> None:
    with machines.app_context(), tenancy.org_scope(birch.id), transaction():
        save(OutgoingEmail(
            purpose="scheduled", to_address="a@b.test", subject="theirs", text="t", html="h", state="dead",
            attempts=8, last_error="550", finished_at=clock.now(), dedupe_key="one",
        ))  # fmt: skip
    assert [one["subject"] for one in machine.get(LETTERS, headers=of("owner")).json["items"]] == ["theirs"]
    assert machine.get(LETTERS, headers=of("dispatcher")).status_code == 403


WRONG = {
    "wrong password": of("owner", "quiet-green-door-02"),
    "no password": header("till:"),
    "somebody else's password": header(f"till:{PAIRS['admin'][1]}"),
    "unknown name": header(f"nobody:{PAIRS['owner'][1]}"),
    "name in capitals": header(f"TILL:{PAIRS['owner'][1]}"),
    "no name": header(f":{PAIRS['owner'][1]}"),
    "nothing but a colon": header(":"),
    "no colon": header("till"),
    "a blank too many": header(f"till:{PAIRS['owner'][1]} "),
    "NUL": header("till\0:\0"),
    "NUL after the password": header(f"till:{PAIRS['owner'][1]}\0"),
    "not UTF-8": header("van:quiet-green-dóor-03".encode("latin-1")),
    "not base64": {"Authorization": "Basic till:quiet-green-door-01"},
    "not ASCII": {"Authorization": "Basic tïll"},
    "base64 with something else in it": {"Authorization": of("owner")["Authorization"].replace("Basic ", "Basic !")},
    "cut off": {"Authorization": of("owner")["Authorization"][:-3]},
    "nothing": {"Authorization": "Basic"},
    "a blank": {"Authorization": "Basic "},
    "twice": {"Authorization": f"{of('owner')['Authorization']}, {of('admin')['Authorization']}"},
    "very long": header("till:" + "x" * 200_000),
    "a very long name": header("x" * 200_000 + ":x"),
}


@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_refused_alike(machine: FlaskClient, given: Header) -> None:
    answer = machine.get(STATUS, headers=given)
    assert said(answer) == said(machine.get(STATUS))
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, TWO_WAYS)


@pytest.mark.parametrize("scheme", ["basic", "BASIC", "Basic  "])
def test_the_scheme_is_read_as_the_standard_wants(machine: FlaskClient, scheme: str) -> None:
    given = of("owner")["Authorization"].replace("Basic", scheme)
    assert machine.get(STATUS, headers={"Authorization": given}).status_code == 200


def test_switched_off_a_right_pair_is_as_good_as_a_wrong_one(machine: FlaskClient, change: Callable[..., None]) -> None:
    change(legacy_basic_auth_enabled=False)
    answers = [machine.get(STATUS, headers=of("owner", password)) for password in (None, *["wrong-password"] * 9)]
    answers += [machine.get(STATUS), machine.get(STATUS, headers=header("nobody:x"))]
    assert [said(answer) for answer in answers] == [said(answers[0])] * len(answers)
    assert (answers[0].status_code, answers[0].headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("is_on", [True, False], ids=["on", "off"])
def test_a_pair_opens_nothing_else(machines: Flask, change: Callable[..., None], is_on: bool) -> None:
    change(legacy_basic_auth_enabled=is_on)
    client = machines.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = of("owner")["Authorization"]
    closed = [one for one in addresses() if one.route and not one.is_open]
    asked = [one for one in closed if not (is_on and one.rule.startswith("/v1/admin/"))]
    assert {"GET /office", "GET /operator", "GET /v1/orders", "GET /v1/auth/me"} <= {str(one) for one in asked}
    answers = {str(one): Outsider(client).ask(machines, one) for one in asked}
    assert [name for name, answer in answers.items() if not refused(answer)] == []
    challenges = {answer.headers.get("WWW-Authenticate", "Bearer") for answer in answers.values()}
    assert challenges == {"Bearer"}


def test_no_page_lies_where_pairs_are_taken(machines: Flask) -> None:
    with machines.app_context():
        rows = list(table().values())
    assert {row.is_api for row in rows if row.rule.startswith("/v1/admin/")} == {True}
    assert {row.rule.startswith("/v1/admin/") for row in rows if row.takes_basic} == {True}


def test_a_wrong_pair_is_not_helped_by_a_cookie(machines: Flask, machine: FlaskClient, alder: Company) -> None:
    with machines.test_request_context():
        machine.set_cookie(session_cookie(), alder.owner.secret)
    assert machine.get(LETTERS).status_code == 200
    for wrong in (of("owner", "wrong-password"), {"Authorization": "Basic"}):
        assert machine.get(LETTERS, headers=wrong).status_code == 401


def test_a_cookie_is_not_hurt_by_a_pair_that_somebody_on_the_way_asks_for(
    machines: Flask, machine: FlaskClient, alder: Company
) -> None:
    with machines.test_request_context():
        machine.set_cookie(session_cookie(), alder.owner.secret)
    assert machine.get("/office/orders", headers=of("owner", "wrong-password")).status_code == 200


def test_tokens_go_on_working_beside_pairs(machine: FlaskClient, alder: Company) -> None:
    assert machine.get(LETTERS, headers=alder.owner.bearer).status_code == 200


@pytest.mark.parametrize(
    "given", [of("owner"), of("viewer"), of("owner", "x"), of("viewer", "x"), header("nobody:x")], ids=range(5)
)
def test_every_pair_is_compared_to_the_end_whoever_it_is(
    machine: FlaskClient, compared: list[tuple[bytes, bytes]], given: Header
) -> None:
    machine.get(STATUS, headers=given)
    assert len(compared) == len(PAIRS)
    assert {len(side) for sides in compared for side in sides} == {32}


def statements(app: Flask, machine: FlaskClient, given: Header) -> list[str]:
    with app.app_context(), overheard(db.engine) as heard:
        machine.get(STATUS, headers=given)
    return [one.sql for one in heard]


def test_a_name_that_nobody_has_costs_the_database_the_same(machines: Flask, machine: FlaskClient) -> None:
    assert statements(machines, machine, of("owner", "x")) == statements(machines, machine, header("nobody:x"))


def test_while_a_name_rests_the_right_password_costs_the_same_as_a_wrong_one(
    machines: Flask, machine: FlaskClient, compared: list[tuple[bytes, bytes]]
) -> None:
    fail(machine, "till", 5)
    compared.clear()
    assert statements(machines, machine, of("owner")) == statements(machines, machine, of("owner", "x"))
    assert len(compared) == 2 * len(PAIRS)


def test_the_sixth_try_is_refused_even_with_the_right_password(machine: FlaskClient) -> None:
    assert fail(machine, "till", 5) == [401] * 5
    answer = machine.get(STATUS, headers=of("owner"))
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.json["detail"] == "Too many tries. Wait 1 minute, then try again."


def test_each_wrong_one_after_a_rest_doubles_the_next(machine: FlaskClient) -> None:
    fail(machine, "till", 5)
    at = clock.now()
    for minutes in (1, 2, 4):
        at += timedelta(minutes=minutes, seconds=1)
        with clock.held_at(at):
            assert fail(machine, "till", 2) == [401, 429]
            rest = int(machine.get(STATUS, headers=of("owner")).headers["Retry-After"])
        assert rest == minutes * 2 * 60


def test_after_the_rest_the_right_password_is_right(machine: FlaskClient) -> None:
    fail(machine, "till", 5)
    with clock.held_at(clock.minutes_from_now(1.1)):
        assert machine.get(STATUS, headers=of("owner")).status_code == 200


def test_a_name_that_nobody_has_rests_in_exactly_the_same_way(machine: FlaskClient) -> None:
    known = [machine.get(STATUS, headers=of("owner", "wrong-password")) for _ in range(7)]
    unknown = [machine.get(STATUS, headers=header("nobody:wrong-password")) for _ in range(7)]
    assert [said(answer) for answer in known] == [said(answer) for answer in unknown]


def test_other_names_and_other_addresses_do_not_rest(machine: FlaskClient) -> None:
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    fail(machine, "till", 6)
    assert machine.get(STATUS, headers=of("admin")).status_code == 200
    assert machine.get(STATUS, headers=of("owner"), environ_base=elsewhere).status_code == 200
    assert fail(machine, "till", 1, environ_base=elsewhere) == [401]


def test_guesses_are_counted_on_though_the_machine_itself_asks_between_them(machine: FlaskClient) -> None:
    for _ in range(5):
        assert machine.get(STATUS, headers=of("owner")).status_code == 200
        assert fail(machine, "till", 1) == [401]
    assert machine.get(STATUS, headers=of("owner")).status_code == 429


def test_yesterday_s_slips_do_not_count_today(machine: FlaskClient) -> None:
    fail(machine, "till", 4)
    with clock.held_at(clock.minutes_from_now(25 * 60)):
        assert fail(machine, "till", 4) == [401] * 4
        assert machine.get(STATUS, headers=of("owner")).status_code == 200


def test_a_machine_may_ask_many_things_at_the_same_moment(machines: Flask) -> None:
    answers = at_once(16, lambda _: machines.test_client().get(f"{PROBE}/who", headers=of("viewer")).status_code)
    assert answers == [200] * 16


def test_a_person_s_sign_in_does_not_rest_with_a_machine_s_name(machine: FlaskClient, alder: Company) -> None:
    fail(machine, alder.owner.email, 6)
    body = {"email": alder.owner.email, "password": "wrong-password"}
    assert machine.post("/v1/auth/login", json=body).status_code == 401


def test_the_organization_may_be_named_by_its_id(
    machine: FlaskClient, change: Callable[..., None], birch: Company
) -> None:
    change(default_org_slug="", default_org_id=birch.id)
    assert machine.get(f"{PROBE}/who", headers=of("viewer")).json["org"] == "birch"


@pytest.mark.parametrize("why", ["not there", "not active", "not named"])
def test_without_the_organization_all_are_refused_and_the_log_says_why(
    machines: Flask, machine: FlaskClient, change: Callable[..., None], caplog: pytest.LogCaptureFixture, why: str
) -> None:
    change(default_org_slug={"not there": "nowhere", "not active": "alder", "not named": ""}[why])
    if why == "not active":
        with machines.app_context(), tenancy.system_scope("a test closes a company"):
            db.session.execute(text("update organizations set active = false where slug = 'alder'"))
            db.session.commit()
    answer = machine.get(STATUS, headers=of("owner"))
    assert said(answer) == said(machine.get(STATUS))
    (line,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "DEFAULT_ORG_ID" in line.getMessage()


@pytest.mark.parametrize("given", [":", "x:", ":x"])
def test_half_a_pair_lets_nobody_in(machine: FlaskClient, change: Callable[..., None], given: str) -> None:
    name, _, password = given.partition(":")
    change(owner_basic_username=name, owner_basic_password=password)
    assert machine.get(STATUS, headers=header(given)).status_code == 401


def test_no_log_line_and_no_answer_shows_a_password(machine: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    given = [of("owner"), of("viewer"), *WRONG.values(), *[of("owner", "almost-right-door")] * 7]
    answers = [machine.get(STATUS, headers=one) for one in given]
    told = caplog.text + "".join(answer.text + str(answer.headers) for answer in answers)
    assert "basic auth refused: wrong name or password" in told
    assert "basic auth refused: the name rests" in told
    words = ["green", "almost-right", "till", "nobody"] + [one["Authorization"][6:] for one in given[:4]]
    assert [word for word in words if word in told] == []


def test_the_api_s_description_names_the_second_way_where_it_is_taken(
    machine: FlaskClient, stranger: FlaskClient
) -> None:
    on, off = machine.get("/v1/openapi.json").json, stranger.get("/v1/openapi.json").json
    assert on["components"]["securitySchemes"]["basic"] == {"type": "http", "scheme": "basic"}
    assert on["paths"][STATUS]["get"]["security"] == [{"bearer": []}, {"basic": []}]
    assert on["paths"]["/v1/orders"]["get"]["security"] == [{"bearer": []}]
    assert list(off["components"]["securitySchemes"]) == ["bearer"]
    assert off["paths"][STATUS]["get"]["security"] == [{"bearer": []}]
