"""Alive is a word of the process alone; ready is a word of the database, its schema and its walls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.app import create_app
from doorstep.backends.database.embedded import Urls
from doorstep.core import clock
from doorstep.core.extensions import db
from doorstep.core.settings import Settings
from doorstep.health import checks
from doorstep.jobs import runner, table
from tests import stage, statements
from tests.cast import Company

NEWEST = max(path.name[:4] for path in (Path(__file__).parents[2] / "migrations" / "versions").glob("*.py"))


@contextmanager
def running(settings: Settings) -> Iterator[FlaskClient]:
    """Another application, with its own settings."""
    app = create_app(settings)
    try:
        yield app.test_client()
    finally:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def nowhere(urls: Urls, tmp_path: Path) -> Settings:
    """Settings that name a database which is not there."""
    away = Urls(app="postgresql+psycopg2://app@127.0.0.1:1/none", owner=urls.owner, admin=urls.admin)
    return stage.settings_for(away, tmp_path)


def facts(client: FlaskClient) -> tuple[int, str, dict[str, Any]]:
    answer = client.get("/readyz")
    told = answer.get_json()
    return answer.status_code, told["status"], told["checks"]


def test_it_is_alive(stranger: FlaskClient) -> None:
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_being_alive_asks_the_database_nothing(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    with app.app_context(), statements.overheard(db.engine) as heard:
        stranger.get("/healthz", headers=alder.owner.bearer)
    assert heard == []


def test_it_is_alive_even_when_the_database_is_away(nowhere: Settings) -> None:
    with running(nowhere) as client:
        assert client.get("/healthz").status_code == 200


def test_it_is_ready(stranger: FlaskClient) -> None:
    status, word, told = facts(stranger)
    assert (status, word) == (200, "ok")
    assert told.keys() == {"database", "migrations", "tenancy", "jobs"}
    assert all(fact["ok"] and fact["ms"] >= 0 for fact in told.values())
    assert told["migrations"]["current"] == told["migrations"]["head"] == NEWEST
    assert told["tenancy"]["role"] == "app"


def test_it_is_not_ready_without_its_database(nowhere: Settings) -> None:
    with running(nowhere) as client:
        status, word, told = facts(client)
    assert (status, word) == (503, "unavailable")
    assert [name for name, fact in told.items() if fact["ok"]] == []
    assert told["database"]["error"] == "OperationalError"
    assert told["migrations"]["error"] == "no database"
    assert "127.0.0.1" not in str(told)


def test_it_is_not_ready_on_a_schema_of_another_version(stranger: FlaskClient, prompter: stage.Prompter) -> None:
    with prompter.connection.cursor() as cursor:
        cursor.execute("update alembic_version set version_num = '0001'")
        try:
            status, _, told = facts(stranger)
        finally:
            cursor.execute("update alembic_version set version_num = %s", (told["migrations"]["head"],))
    assert status == 503
    assert told["migrations"]["ok"] is False
    assert (told["migrations"]["current"], told["migrations"]["head"]) == ("0001", NEWEST)
    assert told["database"]["ok"]
    assert told["tenancy"]["ok"]


def test_it_is_not_ready_on_an_empty_database(urls: Urls, tmp_path: Path) -> None:
    empty = stage.cluster(stage.run_folder(), "doorstep_empty")
    with running(stage.settings_for(empty, tmp_path)) as client:
        status, _, told = facts(client)
    assert status == 503
    assert told["database"]["ok"]
    assert told["migrations"] == {"ok": False, "error": "ProgrammingError", "ms": told["migrations"]["ms"]}
    assert told["tenancy"]["ok"] is False


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_it_is_not_ready_as_a_role_that_row_security_does_not_bind(role: str, urls: Urls, tmp_path: Path) -> None:
    strong = getattr(urls, role)
    with running(stage.settings_for(Urls(app=strong, owner=urls.owner, admin=urls.admin), tmp_path)) as client:
        status, _, told = facts(client)
    assert status == 503
    assert told["tenancy"]["ok"] is False
    assert told["tenancy"]["role"] == ("owner" if role == "owner" else "postgres")
    assert told["migrations"]["ok"]


def test_the_newest_migration_is_read_once(app: Flask) -> None:
    with app.app_context():
        assert checks.head() == NEWEST
        directory, app.extensions["migrate"].directory = app.extensions["migrate"].directory, "/nowhere"
        try:
            assert checks.head() == NEWEST
        finally:
            app.extensions["migrate"].directory = directory


def test_the_heartbeat_counts_only_where_it_is_asked_for(urls: Urls, tmp_path: Path, app: Flask) -> None:
    asked = stage.settings_for(urls, tmp_path, JOB_HEARTBEAT_REQUIRED="true", JOB_HEARTBEAT_TTL_SECONDS="60")
    with running(asked) as client:
        status, _, told = facts(client)
        assert (status, told["jobs"]["ok"], told["jobs"]["last_heartbeat"]) == (503, False, None)
        with app.app_context():
            runner.run(table.find(table.HEARTBEAT), trigger="schedule")
        status, _, told = facts(client)
        assert (status, told["jobs"]["ok"], told["jobs"]["ttl_seconds"]) == (200, True, 60)
        assert 0 <= told["jobs"]["age_seconds"] < 60
        with clock.held_at(clock.now() + timedelta(seconds=90)):
            status, _, told = facts(client)
        assert (status, told["jobs"]["ok"]) == (503, False)
