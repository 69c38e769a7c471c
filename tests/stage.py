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
    place = os.environ.get("DOORSTEP_TEST_ROOT", "/var/tmp" if os.geteuid() == 0 else "/tmp")
    return Path(place) / f"doorstep-tests-{run}"


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


def remove_clone(admin: str, name: str) -> None:
    """Removes a database that a test had for itself."""
    _execute(admin, f'drop database if exists "{name}" with (force)')


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
        db.session.remove()
        db.engine.dispose()
    copies = [f"create table snapshot.{table} as table public.{table}" for table in tables()]
    _execute(urls.admin, "create schema snapshot", *copies)


def tables() -> list[str]:
    """Returns the names of all tables, parents first."""
    return [table.name for table in db.metadata.sorted_tables]


class Prompter:
    """Stands beside one database, as its superuser: notices that something was written, and puts it back."""

    def __init__(self, admin_url: str) -> None:
        self.connection = connect(admin_url)
        self.connection.autocommit = True
        self.known = self.written()

    def written(self) -> int:
        """Returns a number that grows with each transaction that wrote something."""
        with self.connection.cursor() as cursor:
            cursor.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            (number,) = cursor.fetchone() or (0,)
        return int(number)

    def put_back(self) -> None:
        """Puts every table back to the cast, if anything was written since the last time."""
        if self.written() == self.known:
            return
        again = [_restore(table) for table in db.metadata.sorted_tables]
        with self.connection.cursor() as cursor:
            # A lock that a test left behind is a mistake to be seen, not to be waited for.
            settings = ("set local lock_timeout = '10s'", "set local session_replication_role = replica")
            cursor.execute("; ".join(["begin", *settings, *again, "commit"]))
        self.known = self.written()

    def leave(self) -> None:
        """Closes the connection."""
        self.connection.close()


def _restore(table: Table) -> str:
    written = ", ".join(column.name for column in table.columns if column.computed is None)
    return (
        f"delete from public.{table.name}; "
        f"insert into public.{table.name} ({written}) select {written} from snapshot.{table.name}"
    )


def connect(url: str) -> psycopg2.extensions.connection:
    """Returns a bare connection, for what the application itself could not do."""
    parts = make_url(url)
    return psycopg2.connect(host=parts.query["host"], user=parts.username, dbname=parts.database)


def _execute(url: str, *statements: str) -> None:
    connection = connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()
