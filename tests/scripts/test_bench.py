"""The bench compares like with like: the floor answers what the product answers."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.backends.database.embedded import Urls
from tests.cast import Company

TIMES = ("created_at", "start", "end", "wished_at", "finished_at", "done_at")


@pytest.fixture
def floor(app: Flask, urls: Urls, root: Path, alder: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The floor on the tests' database."""
    given = {"DATABASE_URL": urls.app, "BENCH_ORG": str(alder.id), "BENCH_ORDER": str(alder.order_id)}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(root / "scripts/bench"))
    module = importlib.import_module("floor")
    yield module
    module.pool.closeall()
    del sys.modules["floor"]


def told(value: Any) -> Any:
    """Returns JSON with its times as times: the same moment may be written in two ways."""
    if isinstance(value, list):
        return [told(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _moment(inner) if name in TIMES else told(inner) for name, inner in value.items()}
    return value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def test_the_wide_list_and_the_one_order_are_the_product_s(floor: ModuleType, api: FlaskClient, alder: Company) -> None:
    bare = floor.app.test_client()
    ours = api.get("/v1/orders?limit=50", headers=alder.owner.bearer).json
    assert told(bare.get("/wide").json["items"]) == told(ours["items"])
    one = api.get(f"/v1/orders/{alder.order_id}", headers=alder.owner.bearer).json
    assert told(bare.get("/one").json) == told({name: one[name] for name in one if name != "allowed"})


def test_the_narrow_list_is_rows_of_the_organization_by_row_security(floor: ModuleType, alder: Company) -> None:
    (line,) = floor.app.test_client().get("/list").json["items"]
    assert (line["id"], len(line)) == (str(alder.order_id), 7)
    assert floor.app.test_client().get("/hello").json == {"status": "ok"}


def test_cpu_time_of_a_process_counts_its_children(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(root / "scripts/bench"))
    servers = importlib.import_module("servers")
    assert servers.cpu_of_family(os.getpid()) > 0
