"""The demo is made by the real services, so that what it shows could really have happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from doorstep.app import create_app
from doorstep.core import tenancy
from doorstep.core.errors import Conflict
from doorstep.core.extensions import db
from doorstep.demo import companies, loader
from tests import stage

COUNT = "select status, count(*) as n from orders group by 1"


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory, urls: object, worker_id: str) -> Iterator[Flask]:
    """An application on a migrated database without the cast."""
    database = stage.cluster(stage.run_folder(), f"demo_{worker_id}")
    app = create_app(stage.settings_for(database, tmp_path_factory.mktemp("demo")))
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_small_demo_loads_once_and_its_people_sign_in(empty: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(companies.ALDER, orders=15, clients=6)
    monkeypatch.setattr(companies, "COMPANIES", (small,))
    assert loader.load_if_missing()
    assert not loader.load_if_missing()
    lines = "\n".join(loader.welcome_lines("http://127.0.0.1:8000"))
    assert "/client/link/" in lines
    db.session.rollback()
    with tenancy.system_scope("counting what the demo made"):
        statuses = {row.status: row.n for row in db.session.execute(text(COUNT))}
        unfinished = db.session.execute(text("select count(*) from photos where state <> 'stored'")).scalar_one()
        photos = db.session.execute(text("select count(*) from photos")).scalar_one()
    assert sum(statuses.values()) == 15
    assert statuses["completed"] >= 3
    assert (photos >= 6, unfinished) == (True, 0)
    answer = empty.test_client().post(
        "/v1/auth/login", json={"email": "dispatch@alder.test", "password": companies.PASSWORD}
    )
    assert (answer.status_code, answer.json and answer.json["role"]) == (200, "dispatcher")


def test_it_refuses_to_load_in_production(empty: Flask) -> None:
    empty.extensions["doorstep.settings"] = replace(empty.extensions["doorstep.settings"], app_env="prod")
    with pytest.raises(Conflict, match="development"):
        loader.load_if_missing()
