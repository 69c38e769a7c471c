"""The table of jobs, held against what it names; schedules by setting; the commands that show and run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from doorstep.app import create_app
from doorstep.backends.database.embedded import Urls
from doorstep.core.settings import SettingsError
from doorstep.demo import loader
from doorstep.jobs import table
from tests import stage


def test_every_job_says_what_it_is_for_and_what_to_do_when_it_fails() -> None:
    assert len({job.name for job in table.JOBS}) == len(table.JOBS)
    for job in table.JOBS:
        assert callable(job.function)
        assert job.purpose.endswith(("alive", "verified", "runs")) or job.purpose
        assert job.remedy
        assert 0 < job.seconds <= 3600


def test_schedules_are_changed_by_a_setting(urls: Urls, tmp_path: Path) -> None:
    given = stage.settings_for(urls, tmp_path, JOB_SCHEDULES="cleanup=every 10m,backup-check=daily 04:30")
    with create_app(given).app_context():
        said = {job.name: str(job.schedule) for job in table.jobs()}
    changed = {name: said[name] for name in ("heartbeat", "cleanup", "backup-check")}
    assert changed == {"heartbeat": "every 30 s", "cleanup": "every 10 min", "backup-check": "daily at 04:30 UTC"}


def test_a_job_or_schedule_that_is_none_stops_the_start_and_all_mistakes_are_told(urls: Urls, tmp_path: Path) -> None:
    wrong = stage.settings_for(urls, tmp_path, JOB_SCHEDULES="clenup=every 10m,heartbeat=often")
    with pytest.raises(SettingsError) as told:
        create_app(wrong)
    assert "there is no job 'clenup'" in str(told.value)
    assert "'often' is no schedule" in str(told.value)


def test_the_list_reads_like_a_timetable(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["jobs", "list"])
    assert said.exit_code == 0
    head, *lines = said.output.splitlines()
    assert head.split("  ")[0] == "JOB"
    assert [line.split()[0] for line in lines] == [job.name for job in table.JOBS]
    assert "every 5 min" in said.output


@pytest.mark.slow
def test_every_job_runs_for_real_on_the_demo_data(app: Flask) -> None:
    with app.app_context():
        loader.load_if_missing()
    runner = app.test_cli_runner()
    for job in table.JOBS:
        for more in (["--dry-run"], []):
            said = runner.invoke(args=["jobs", "run", job.name, *more])
            assert said.exit_code == 0, said.output
            assert ("dry run" if more else "succeeded") in said.output
    status = runner.invoke(args=["jobs", "status"])
    assert "Nobody leads" in status.output
    assert status.exit_code == 1
    assert status.output.count("well") == len(table.JOBS)


def test_a_job_that_is_none_is_told_with_those_that_are(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["jobs", "run", "sweep"])
    assert said.exit_code == 1
    assert f"There is no job 'sweep'; there are {', '.join(job.name for job in table.JOBS)}." in said.output


def test_the_documentation_says_what_the_table_says(root: Path) -> None:
    done = subprocess.run([sys.executable, str(root / "scripts" / "jobs_doc.py"), "--check"], cwd=root)
    assert done.returncode == 0, "run scripts/jobs_doc.py"
