"""The system's work in the hands of the operator, and of nobody else."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from doorstep.auth import tokens
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.transaction import transaction
from doorstep.core.work import Work
from doorstep.jobs import leader, runner, table
from doorstep.notifications import service as notifications
from doorstep.notifications.messages import Message
from tests.admin.office_stage import links, post, said, words
from tests.cast import Company, Person
from tests.conftest import Browse

CLEANUP = "/v1/admin/cleanup"
STATUS = "/v1/admin/jobs/status"
RUNS = "/v1/admin/jobs/runs"


@pytest.fixture
def desk(browse: Browse, operator: Person) -> FlaskClient:
    """The operator's browser."""
    return browse(operator)


def test_a_job_is_started_and_told_and_kept(api: FlaskClient, operator: Person) -> None:
    answer = api.post(CLEANUP, headers=operator.bearer)
    told = answer.get_json()
    assert answer.status_code == 200
    assert (told["job"], told["state"], told["trigger"]) == ("cleanup", "succeeded", "endpoint")
    assert told["result"]["sessions"] == 0
    (run,) = api.get(RUNS, headers=operator.bearer).get_json()["items"]
    assert run["run_id"] == told["run_id"]
    assert (run["started_at"], run["finished_at"]) == (told["started_at"], told["finished_at"])


def test_a_dry_run_is_told_and_not_kept(api: FlaskClient, operator: Person) -> None:
    told = api.post(f"{CLEANUP}?dry_run=1", headers=operator.bearer).get_json()
    assert (told["state"], told["run_id"]) == ("dry_run", None)
    assert api.get(RUNS, headers=operator.bearer).get_json()["items"] == []


def test_what_runs_already_is_answered_with_that_run(
    app: Flask, api: FlaskClient, operator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, let_go = threading.Event(), threading.Event()

    def waits(work: Work) -> Mapping[str, Any]:
        inside.set()
        assert let_go.wait(20)
        return {}

    with app.app_context():
        slow = replace(table.find("cleanup"), function=waits)

    def first() -> None:
        with app.app_context():
            runner.run(slow, trigger="command")

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(20)
    answer = api.post(CLEANUP, headers=operator.bearer)
    running = api.get(STATUS, headers=operator.bearer).get_json()["jobs"][1]["running"]
    let_go.set()
    thread.join()
    assert answer.status_code == 409
    assert answer.get_json()["run"]["run_id"] == running["run_id"]


def test_the_status_says_who_leads_and_how_each_job_is_doing(app: Flask, api: FlaskClient, operator: Person) -> None:
    with app.app_context():
        leader.bump("web-1:4711")
    api.post(CLEANUP, headers=operator.bearer)
    told = api.get(STATUS, headers=operator.bearer).get_json()
    assert told["leader"] | {"since": None} == {"holder": "web-1:4711", "epoch": 1, "alive": False, "since": None}
    by_name = {job["name"]: job for job in told["jobs"]}
    assert list(by_name) == [job.name for job in table.JOBS]
    assert by_name["cleanup"]["last_success_at"]
    assert (by_name["cleanup"]["late"], by_name["heartbeat"]["late"]) == (False, True)
    assert by_name["cleanup"]["running"] is None


def test_runs_are_paged_and_chosen_by_job(api: FlaskClient, operator: Person) -> None:
    for _ in range(3):
        api.post(CLEANUP, headers=operator.bearer)
    first = api.get(f"{RUNS}?limit=2&job=cleanup", headers=operator.bearer).get_json()
    second = api.get(f"{RUNS}?limit=2&cursor={first['next_cursor']}", headers=operator.bearer).get_json()
    seen = [run["run_id"] for run in first["items"] + second["items"]]
    assert len(set(seen)) == 3
    assert api.get(f"{RUNS}?job=heartbeat", headers=operator.bearer).get_json()["items"] == []


@pytest.mark.parametrize("address", [CLEANUP, STATUS, RUNS])
def test_a_tenant_s_owner_is_not_the_operator(api: FlaskClient, alder: Company, address: str) -> None:
    ask = api.post if address == CLEANUP else api.get
    assert ask(address, headers=alder.owner.bearer).status_code == 403
    assert ask(address).status_code == 401


def test_a_machine_s_token_needs_the_scope(app: Flask, api: FlaskClient, operator: Person, alder: Company) -> None:
    with app.app_context(), transaction():
        who = Actor("member", operator.name, operator.id, permissions=frozenset({"operate"}))
        good = tokens.create(who, name="cron", scopes=["operate"], days=1)[1]
    assert api.post(CLEANUP, headers={"Authorization": f"Bearer {good}"}).status_code == 200


def test_the_page_says_in_a_sentence_what_is_wrong(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    assert "Nobody leads, so no job runs on schedule." in words(desk.get("/operator"))

    def fails(work: Work) -> Mapping[str, Any]:
        raise OSError("the disk is full")

    with app.app_context():
        runner.run(replace(table.find("cleanup"), function=fails), trigger="schedule")
    monkeypatch.setattr(leader, "present", lambda: {"holder": "web-1:1", "since": None, "epoch": 1, "alive": True})
    page = desk.get("/operator")
    assert "cleanup needs a look. OSError: the disk is full" in words(page)
    assert "/operator/jobs/cleanup" in links(page)
    assert "Failed 1" in words(page)


def test_the_page_shows_sixty_runs_and_the_queues(app: Flask, desk: FlaskClient, alder: Company) -> None:
    with app.app_context():
        for _ in range(3):
            runner.run(table.find("heartbeat"), trigger="schedule")
        with tenancy.org_scope(alder.id), transaction():
            mail = Message("scheduled", "Hello", "Hello", "<p>Hello</p>")
            notifications.queue_email(mail, to="a@b.test", to_name="A", dedupe_key="x", cause="test")
    page = desk.get("/operator")
    assert "0 missed, 0 late of 60" in words(page)
    row = BeautifulSoup(page.text, "html5lib").select_one("#queues tbody tr")
    assert row is not None
    assert [cell.get_text(strip=True) for cell in row.select("td")][:2] == ["email", "1"]


def test_a_job_is_started_from_its_page_and_its_remedy_stands_there(desk: FlaskClient) -> None:
    page = desk.get("/operator/jobs/cleanup")
    assert "jobs run cleanup --dry-run" in words(page)
    assert "Not run yet" in words(page)
    assert "cleanup, would do: sessions 0" in said(desk, post(desk, "/operator/jobs/cleanup/run", dry_run="1"))
    assert "cleanup, done: sessions 0" in said(desk, post(desk, "/operator/jobs/cleanup/run"))
    (row,) = BeautifulSoup(desk.get("/operator/jobs/cleanup").text, "html5lib").select("tbody tr")
    assert [cell.get_text(strip=True) for cell in row.select("td")][1] == "page"


def test_a_job_that_is_none_is_not_found(desk: FlaskClient) -> None:
    assert desk.get("/operator/jobs/sweep").status_code == 404
    assert post(desk, "/operator/jobs/sweep/run").status_code == 404


def test_an_owner_sees_no_page_of_the_operator(browse: Browse, alder: Company) -> None:
    assert browse(alder.owner).get("/operator").status_code == 403


def test_the_operator_begins_there(stranger: FlaskClient, desk: FlaskClient) -> None:
    assert desk.get("/auth/sign-in").location == "/operator"
