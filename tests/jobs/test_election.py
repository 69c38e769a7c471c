"""Two servers of two workers on one database: one leads, and whatever happens to it, another goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest

from doorstep.app import create_app
from doorstep.backends.database import embedded
from doorstep.backends.database.embedded import Urls
from doorstep.core.extensions import db
from tests import stage
from tests.jobs.fleet import Fleet, pid_of

pytestmark = [pytest.mark.chaos, pytest.mark.slow]

READY_SECONDS = 60.0


@pytest.fixture(scope="module")
def server_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    """A database server of its own, which a test may restart."""
    root = stage.run_folder().with_name(f"{stage.run_folder().name}-election")
    urls = embedded.ensure(root / "postgres", "doorstep", fast=True)
    app = create_app(stage.settings_for(urls, tmp_path_factory.mktemp("instance")))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    yield urls
    embedded.remove(root / "postgres")


@pytest.fixture
def fleet(server_urls: Urls, tmp_path: Path) -> Iterator[Fleet]:
    """Two servers, of which a worker has been elected and has run the heartbeat twice."""
    made = Fleet(server_urls, tmp_path / "log")
    made.ask("delete from job_runs returning id")
    made.start(2)
    try:
        made.until(lambda: len(runs(made)) >= 2, READY_SECONDS)
        yield made
    finally:
        made.stop()


def runs(fleet: Fleet) -> list[tuple[object, ...]]:
    return fleet.ask("select due, leader, epoch, state from job_runs where job = 'heartbeat' order by started_at")


def takes_over(fleet: Fleet, happens: Callable[[int], None], within: float) -> float:
    """Lets something happen to the leader; returns how long it took until another process ran what was due next."""
    former, _ = fleet.newest()
    happens(pid_of(former))
    seconds = fleet.until(lambda: fleet.newest()[0] not in ("", former), within + 5)
    assert seconds <= within
    return seconds


def is_whole(fleet: Fleet) -> None:
    """No due moment twice, and no epoch that runs after a later one has begun to."""
    seen = runs(fleet)
    dues = [due for due, *_ in seen]
    assert len(dues) == len(set(dues))
    epochs = [epoch for _, _, epoch, state in seen if state == "succeeded"]
    assert epochs == sorted(epochs)  # type: ignore[type-var]


def test_one_of_four_leads(fleet: Fleet) -> None:
    leader, epoch = fleet.newest()
    time.sleep(3)
    assert fleet.newest() == (leader, epoch)
    assert {name for _, name, *_ in runs(fleet)} == {leader}
    is_whole(fleet)


@pytest.mark.parametrize(
    ("number", "within"), [(signal.SIGTERM, 2.0), (signal.SIGKILL, 10.0)], ids=["told to end", "killed"]
)
def test_another_goes_on_when_the_leader_ends(fleet: Fleet, number: signal.Signals, within: float) -> None:
    takes_over(fleet, lambda pid: os.kill(pid, number), within)
    is_whole(fleet)


def test_another_goes_on_when_the_leader_freezes_and_the_frozen_one_wakes_to_nothing(fleet: Fleet) -> None:
    former, former_epoch = fleet.newest()
    takes_over(fleet, lambda pid: os.kill(pid, signal.SIGSTOP), 25.0)
    os.kill(pid_of(former), signal.SIGCONT)
    time.sleep(3)
    present, epoch = fleet.newest()
    assert present != former
    assert epoch > former_epoch
    is_whole(fleet)


def test_another_goes_on_when_the_leader_s_session_is_ended(fleet: Fleet) -> None:
    _, epoch = fleet.newest()
    fleet.ask(
        "select pg_terminate_backend(l.pid) from pg_locks l join pg_stat_activity a on a.pid = l.pid "
        "where l.locktype = 'advisory' and l.granted and a.application_name = 'doorstep-lock'"
    )
    fleet.until(lambda: fleet.newest()[1] > epoch, 10.0)
    is_whole(fleet)


def test_somebody_goes_on_after_the_database_was_restarted(fleet: Fleet, server_urls: Urls) -> None:
    _, epoch = fleet.newest()
    restart(server_urls)
    fleet.until(lambda: fleet.newest()[1] > epoch, 15.0)
    is_whole(fleet)


def restart(urls: Urls) -> None:
    """Restarts the database server as an administrator does who is in a hurry."""
    root = stage.run_folder().with_name(f"{stage.run_folder().name}-election") / "postgres"
    embedded.stop(root)
    assert embedded.ensure(root, "doorstep", fast=True) == urls
