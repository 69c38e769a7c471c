"""A database without the cast, and a small demo to load into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import flask_migrate
import pytest
from flask import Flask

from doorstep.app import create_app
from doorstep.core import clock
from doorstep.core.extensions import db
from doorstep.demo import companies, drawings
from doorstep.demo.drawings import photo
from doorstep.orders import images
from doorstep.orders.images import Picture, process
from tests import stage

AFTERNOON = datetime(2026, 3, 11, 14, 30, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory, urls: object, worker_id: str) -> Iterator[Flask]:
    """An application on a migrated database in which nothing is."""
    name = f"demo_{worker_id}"
    database = stage.cluster(stage.run_folder(), name)
    app = create_app(stage.settings_for(database, tmp_path_factory.mktemp("demo")))
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()
    stage.remove_clone(stage.cluster(stage.run_folder(), "postgres").admin, name)


@cache
def drawn(scene: str, phase: str, seed: int) -> bytes:
    """Each photo is drawn and developed for real, but once for all tests."""
    return photo(scene, phase, seed)


@cache
def developed(data: bytes, **limits: Any) -> Picture:
    return process(data, **limits)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> companies.Company:
    """The demo is one small company under the name of the larger one."""
    company = replace(companies.BIRCH, slug="alder")
    monkeypatch.setattr(drawings, "photo", drawn)
    monkeypatch.setattr(images, "process", developed)
    monkeypatch.setattr(companies, "ALDER", company)
    monkeypatch.setattr(companies, "COMPANIES", (company,))
    return company


@pytest.fixture
def afternoon() -> Iterator[datetime]:
    """The clock is held in the middle of a working day of the small company."""
    with clock.held_at(AFTERNOON):
        yield AFTERNOON
