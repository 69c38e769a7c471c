"""Pooled connections that break: noticed before anybody else does, and asked for no oftener than needed."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import InvalidatePoolError

from doorstep.core import clock, connections
from tests import stage
from tests.cast import Company


class Gone(Exception):
    """What the stand-in raises."""


class Line:
    """Stands in for the driver's connection: counts how often it is asked whether it is there."""

    Error = Gone

    def __init__(self, *, broken: bool = False) -> None:
        self.broken, self.asked = broken, 0

    def cursor(self) -> Line:
        return self

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, _: str) -> None:
        self.asked += 1
        if self.broken:
            raise Gone

    def rollback(self) -> None:
        pass


def taken(line: Line, *, used: float | None) -> int:
    """Returns how often a connection is asked that is taken from the pool, last used so many seconds ago."""
    entry: Any = SimpleNamespace(info={} if used is None else {connections.LAST_USED: clock.monotonic() - used})
    connections._ask_after_a_pause(line, entry, None)
    return line.asked


def test_one_that_was_used_a_moment_ago_is_believed() -> None:
    assert taken(Line(broken=True), used=connections.BELIEVED_SECONDS / 2) == 0


def test_a_new_one_is_believed() -> None:
    assert taken(Line(), used=None) == 0


def test_one_that_was_quiet_is_asked_once() -> None:
    assert taken(Line(), used=connections.BELIEVED_SECONDS * 2) == 1


def test_one_that_does_not_answer_is_given_up_with_all_others() -> None:
    with pytest.raises(InvalidatePoolError):
        taken(Line(broken=True), used=connections.BELIEVED_SECONDS * 2)


@pytest.fixture
def cut(app: Flask, prompter: stage.Prompter) -> Callable[[], None]:
    """Returns a function that ends all connections of the application, as a database does that restarts."""

    def now() -> None:
        with prompter.connection.cursor() as cursor:
            cursor.execute("""
                select pg_terminate_backend(pid, 5000) from pg_stat_activity
                 where datname = current_database() and usename = 'app'
            """)

    return now


def test_a_restart_between_two_requests_is_seen_by_nobody(
    cut: Callable[[], None], api: FlaskClient, alder: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert api.get("/v1/orders", headers=alder.owner.bearer).status_code == 200
    monkeypatch.setattr(connections, "BELIEVED_SECONDS", 0.0)
    cut()
    assert api.get("/v1/orders", headers=alder.owner.bearer).status_code == 200


def test_one_that_breaks_the_moment_it_is_believed_costs_one_answer(
    cut: Callable[[], None], api: FlaskClient, alder: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BELIEVED_SECONDS", 60.0)
    assert api.get("/v1/orders", headers=alder.owner.bearer).status_code == 200
    cut()
    answer = api.get("/v1/orders", headers=alder.owner.bearer)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert api.get("/v1/orders", headers=alder.owner.bearer).status_code == 200
