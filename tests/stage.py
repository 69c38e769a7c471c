"""The database of the tests: one cluster a run, a template built once by the real migrations, one clone a worker.

Tests commit for real. After a test that wrote something, every table is put back to the cast from a copy kept in
the schema `snapshot`; so rollbacks, locks and row security behave as in production.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import psycopg2
from sqlalchemy import Table
from sqlalchemy.engine import make_url

from doorstep.app import create_app
from doorstep.backends.database import embedded
from doorstep.backends.database.embedded import Urls
from doorstep.core import settings as settings_module
from doorstep.core.db import Base
from doorstep.core.extensions import db
from doorstep.core.settings import Settings
from tests import cast

TEMPLATE = "doorstep_template"


def settings_for(urls: Urls, instance: Path, **more: str) -> Settings:
    """Returns development settings for these databases."""
    given = {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "LOG_LEVEL": "warning"}
    return settings_module.load({**given, **more}, instance=instance)


def run_folder() -> Path:
    """Returns the folder shared by all workers of this test run."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"solo-{os.getpid()}")
    return Path(os.environ.get("DOORSTEP_TEST_ROOT", "/var/tmp" if os.geteuid() == 0 else "/tmp")) / f"doorstep-tests-{run}"


def cluster(root: Path, database: str) -> Urls:
    """Returns the addresses of a database of the run's cluster; `DOORSTEP_TEST_PG_BIN` names other binaries."""
    binaries = os.environ.get("DOORSTEP_TEST_PG_BIN")
    return embedded.ensure(root / "postgres", database, bin_dir=Path(binaries) if binaries else None, fast=True)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Holds the run's lock, so that one worker builds and the others wait."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_clone(root: Path, name: str) -> Urls:
    """Returns the addresses of a fresh copy of the template, which is built when it does not exist yet."""
    with locked(root):
        admin = cluster(root, "postgres").admin
        if not (root / "template-built").exists():
            _build_template(root)
            (root / "template-built").touch()
        _execute(admin, f'create database "{name}" template {TEMPLATE} owner owner strategy file_copy')
    return cluster(root, name)


def leave(root: Path) -> None:
    """Stops the cluster and removes the folder once the last worker has left."""
    with locked(root):
        count = root / "workers"
        left = int(count.read_text()) - 1
        count.write_text(str(left))
        if left == 0:
            embedded.stop(root / "postgres")
    if left == 0:
        shutil.rmtree(root, ignore_errors=True)


def arrive(root: Path) -> None:
    """Counts this worker in."""
    with locked(root):
        count = root / "workers"
        count.write_text(str(int(count.read_text()) + 1 if count.exists() else 1))


def _build_template(root: Path) -> None:
    urls = cluster(root, TEMPLATE)
    app = create_app(settings_for(urls, root / "instance"))
    with app.app_context():
        flask_migrate.upgrade()
        cast.put_on_stage()
        tables = [t.name for t in db.metadata.sorted_tables]
        db.session.remove()
        db.engine.dispose()
    _execute(urls.admin, "create schema snapshot", *[f"create table snapshot.{t} as table public.{t}" for t in tables])


def put_back(admin: str) -> None:
    """Puts every table back to the cast."""
    _execute(admin, "set session_replication_role = replica", *(_restored(t) for t in Base.metadata.sorted_tables))


def _restored(table: Table) -> str:
    columns = ", ".join(column.name for column in table.columns if column.computed is None)
    back = f"insert into public.{table.name} ({columns}) select {columns} from snapshot.{table.name}"
    return f"delete from public.{table.name}; {back}"


def mark(admin: str) -> int:
    """Returns a number that grows with each transaction that wrote something."""
    with _connected(admin) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _connected(url: str) -> Iterator[psycopg2.extensions.connection]:
    parts = make_url(url)
    connection = psycopg2.connect(host=parts.query["host"], user=parts.username, dbname=parts.database)
    try:
        yield connection
    finally:
        connection.close()


def _execute(url: str, *statements: str) -> None:
    with _connected(url) as connection:
        connection.autocommit = any(s.startswith("create database") for s in statements)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        if not connection.autocommit:
            connection.commit()
