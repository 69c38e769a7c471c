"""The one way to run a job: never twice at a time, never twice for one due moment, nothing after it was lost."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from doorstep.core import clock
from doorstep.core.errors import Unavailable
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.core.work import Fenced, Work
from doorstep.jobs import leader, runner
from doorstep.jobs.models import JobHeartbeat, JobRun
from doorstep.jobs.table import Job
from tests.jobs.conftest import MakeJob, beat, runs

DUE = datetime(2026, 11, 27, 10, tzinfo=UTC)


def go(job: Job, **options: Any) -> runner.Told:
    """Runs the job and returns what is told; the run must have been made."""
    said = runner.run(job, **{"trigger": "command", **options})
    assert said is not None
    return said


def writes(name: str) -> Mapping[str, Any]:
    """Something that can be seen afterwards."""
    save(JobHeartbeat(name=name, at=clock.now()))
    return {"written": 1}


def test_a_run_is_a_row_with_its_counts_and_beats(make_job: MakeJob) -> None:
    said = go(make_job(lambda work: {"seen": 3}))
    (row,) = runs()
    assert (row.state, row.result, row.trigger, row.error) == ("succeeded", {"seen": 3}, "command", None)
    assert said["run_id"] == row.id
    assert row.finished_at is not None
    found = beat()
    assert found is not None
    assert (found.last_success_at, found.consecutive_failures) == (row.finished_at, 0)


def test_what_fails_is_told_and_counted_until_it_goes_well(make_job: MakeJob) -> None:
    def fails(work: Work) -> Mapping[str, Any]:
        raise OSError("the disk is full\nsecond line")

    for _ in range(2):
        assert go(make_job(fails))["error"] == "OSError: the disk is full"
    found = beat()
    assert found is not None
    assert (found.consecutive_failures, found.last_success_at) == (2, None)
    go(make_job())
    found = beat()
    assert found is not None
    assert (found.consecutive_failures, found.last_error) == (0, "OSError: the disk is full")


def test_what_a_failing_unit_of_work_wrote_is_undone_and_what_was_committed_before_stays(make_job: MakeJob) -> None:
    def half(work: Work) -> Mapping[str, Any]:
        with work.part("first"):
            writes("kept")
        with work.part("second"):
            writes("undone")
            raise RuntimeError("half-way")
        return {}

    go(make_job(half))
    assert beat("kept") is not None
    assert beat("undone") is None


def test_one_due_moment_is_run_once(make_job: MakeJob) -> None:
    assert go(make_job(), trigger="schedule", due=DUE)["state"] == "succeeded"
    assert runner.run(make_job(), trigger="schedule", due=DUE) is None
    assert len(runs()) == 1
    assert runner.was_run(make_job(), DUE)
    assert not runner.was_run(make_job(), DUE + timedelta(minutes=1))


def test_a_dry_run_does_everything_and_leaves_nothing(make_job: MakeJob) -> None:
    def work_hard(work: Work) -> Mapping[str, Any]:
        with work.part("something"):
            return writes("pretended")

    said = go(make_job(work_hard), dry_run=True)
    assert (said["state"], said["result"], said["run_id"]) == ("dry_run", {"written": 1}, None)
    assert beat("pretended") is None
    assert runs() == []
    assert beat() is None


def test_while_it_runs_another_is_told_so_with_the_run(app: Flask, make_job: MakeJob) -> None:
    inside, let_go = threading.Event(), threading.Event()

    def waits(work: Work) -> Mapping[str, Any]:
        inside.set()
        assert let_go.wait(10)
        return {}

    job = make_job(waits)

    def first() -> None:
        with app.app_context():
            runner.run(job, trigger="schedule", due=DUE)

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(runner.AlreadyRunning) as told:
        runner.run(job, trigger="endpoint")
    let_go.set()
    thread.join()
    (row,) = runs()
    assert told.value.extra["run"]["run_id"] == row.id
    assert told.value.status == 409


def test_a_run_whose_process_is_gone_is_lost_and_makes_room(make_job: MakeJob) -> None:
    with transaction():
        save(JobRun(job="test", due=DUE, trigger="schedule", leader="gone:1", started_at=clock.now()))
    go(make_job())
    assert [row.state for row in runs()] == ["lost", "succeeded"]


def test_who_was_taken_for_dead_changes_nothing_any_more(make_job: MakeJob) -> None:
    """The process was frozen in the middle; meanwhile another took its place and declared the run lost."""

    def frozen(work: Work) -> Mapping[str, Any]:
        with work.part("before"):
            writes("before")
        with transaction():
            db.session.execute(update(JobRun).where(JobRun.job == "test").values(state="lost"))
        with work.part("after"):
            writes("after")
        return {}

    said = go(make_job(frozen))
    assert said["state"] == "lost"
    assert beat("before") is not None
    assert beat("after") is None
    assert beat() is None


def test_a_former_leader_starts_nothing_and_finishes_nothing(make_job: MakeJob) -> None:
    epoch = leader.bump("one")
    leader.bump("another")
    with pytest.raises(Fenced):
        runner.run(make_job(), trigger="schedule", due=DUE, epoch=epoch)
    assert runs() == []

    def deposed(work: Work) -> Mapping[str, Any]:
        leader.bump("a third")
        with work.part("after"):
            writes("after")
        return {}

    go(make_job(deposed), trigger="schedule", due=DUE, epoch=epoch + 1)
    assert beat("after") is None


def test_time_ends_and_every_loop_asks(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = []

    def endless(work: Work) -> Mapping[str, Any]:
        def batch(most: int) -> int:
            turns.append(1)
            moment = clock.monotonic() + 7
            monkeypatch.setattr(clock, "monotonic", lambda: moment)
            return most

        return {"taken": work.sweep("without end", batch)}

    # The lock believes what the clock says too, so it is asked nothing here.
    monkeypatch.setattr("doorstep.backends.database.held_lock.LEASE_SECONDS", 1000)
    said = go(make_job(endless))
    assert said["state"] == "succeeded"
    assert len(turns) == 3


def test_a_database_that_is_away_is_said_kindly(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "direct_url", lambda: "postgresql+psycopg2://app@127.0.0.1:1/none")
    with pytest.raises(Unavailable, match="could not be run"):
        runner.run(make_job(), trigger="command")


def test_observers_hear_of_every_run(make_job: MakeJob, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(runner, "OBSERVERS", [lambda job, said: heard.append((job.name, said["state"]))])
    go(make_job())
    assert heard == [("test", "succeeded")]


@pytest.mark.slow
def test_a_thousand_overlaps_of_endpoint_and_schedule_never_run_one_job_twice_at_a_time(
    app: Flask, make_job: MakeJob
) -> None:
    inside, most, ran, refused = [0], [0], [0], [0]
    count = threading.Lock()

    def alone(work: Work) -> Mapping[str, Any]:
        with count:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        with work.part("a little"):
            pass
        with count:
            inside[0] -= 1
            ran[0] += 1
        return {}

    job = make_job(alone)

    def tries(trigger: str, first: int) -> None:
        for number in range(first, 1000, 4):
            due = DUE + timedelta(seconds=number // 4) if trigger == "schedule" else None
            with app.app_context():
                try:
                    runner.run(job, trigger=trigger, due=due)
                except runner.AlreadyRunning:
                    with count:
                        refused[0] += 1

    threads = [
        threading.Thread(target=tries, args=("schedule" if first % 2 else "endpoint", first)) for first in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert refused[0] > 100
    rows = runs()
    assert {row.state for row in rows} == {"succeeded"}
    assert len(rows) == ran[0]
    dues = [row.due for row in rows if row.trigger == "schedule"]
    assert len(dues) == len(set(dues))
    with transaction():
        assert db.session.execute(select(JobRun.id).where(JobRun.state == "running")).first() is None
