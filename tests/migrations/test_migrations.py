"""Migrations: down and up again on a filled database, one at a time, and never in the way of others for long."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import psycopg2
import pytest
from alembic.script import ScriptDirectory
from flask import Flask

from doorstep.app import create_app
from doorstep.backends.database.embedded import Urls
from doorstep.core.extensions import db
from tests import stage

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))
NUMBERS = [path.name[:4] for path in VERSIONS]

FINGERPRINT = """
select 'column', table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable, column_default)
  from information_schema.columns where table_schema = 'public'
union all select 'rule', conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
  from pg_constraint where connamespace = 'public'::regnamespace
union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
union all select 'policy', tablename || ' ' || policyname, concat(cmd, roles, qual, with_check)
  from pg_policies where schemaname = 'public'
union all select 'security', relname, concat(relrowsecurity, relforcerowsecurity, relacl)
  from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
union all select 'function', proname, concat(pg_get_functiondef(oid), proacl)
  from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'
union all select 'range', rngtypid::regtype::text, rngsubtype::regtype::text
  from pg_range join pg_type on oid = rngtypid where typnamespace = 'public'::regnamespace
order by 1, 2, 3
"""


@pytest.fixture
def filled(urls: Urls) -> Iterator[Urls]:
    """A database of its own, with the cast in it."""
    name = f"doorstep_migrations_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}"
    yield stage.make_clone(stage.run_folder(), name)
    stage.remove_clone(urls.admin, name)


@pytest.fixture
def filled_app(filled: Urls, tmp_path: Path) -> Iterator[Flask]:
    """The application on it, inside its context."""
    app = create_app(stage.settings_for(filled, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def ask(urls: Urls, sql: str) -> list[tuple[object, ...]]:
    connection = stage.connect(urls.admin)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    finally:
        connection.close()


def rows(urls: Urls) -> dict[str, int]:
    """How many rows each table has."""
    tables = [name for (name,) in ask(urls, "select relname from pg_stat_user_tables where schemaname = 'public'")]
    return {str(name): int(str(ask(urls, f"select count(*) from {name}")[0][0])) for name in tables}


def test_each_migration_goes_down_and_up_again_on_a_filled_database(filled: Urls, filled_app: Flask) -> None:
    for number in reversed(NUMBERS):
        before, counted = ask(filled, FINGERPRINT), rows(filled)
        flask_migrate.downgrade()
        assert ask(filled, FINGERPRINT) != before, f"{number} down changes nothing"
        kept = rows(filled)
        assert {name: counted[name] for name in kept if name != "alembic_version"} == {
            name: count for name, count in kept.items() if name != "alembic_version"
        }, f"{number} down loses rows of tables that are not its own"
        flask_migrate.upgrade(revision="+1")
        assert ask(filled, FINGERPRINT) == before, f"{number} down and up is not the same again"
        flask_migrate.downgrade()
    assert rows(filled).keys() == {"alembic_version"}


def test_after_everything_went_down_it_comes_up_as_the_models_say(filled: Urls, filled_app: Flask) -> None:
    before = ask(filled, FINGERPRINT)
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()
    assert ask(filled, FINGERPRINT) == before
    flask_migrate.check()


def test_the_models_and_the_migrations_agree(app: Flask) -> None:
    """`flask db check` ends the process when it finds a difference."""
    with app.app_context():
        flask_migrate.check()
        db.session.remove()


def test_a_difference_would_be_found(filled: Urls, filled_app: Flask) -> None:
    connection = stage.connect(filled.admin)
    connection.autocommit = True
    connection.cursor().execute("alter table orders drop column details")
    connection.close()
    with pytest.raises(SystemExit):
        flask_migrate.check()


def test_a_migration_gives_way_to_a_reader_and_comes_back(filled: Urls, filled_app: Flask) -> None:
    """`alter table orders` (0005) waits behind a slow reader, everybody behind it: so it waits a second at most."""
    reader, released = stage.connect(filled.admin), threading.Event()
    reader.cursor().execute("lock table orders in access share mode")

    def release() -> None:
        time.sleep(1.6)
        released.set()
        reader.rollback()

    waiting = threading.Thread(target=release)
    waiting.start()
    longest = Longest(filled)
    with longest:
        flask_migrate.downgrade(revision="0004")
    waiting.join()
    reader.close()
    assert released.is_set()
    assert ask(filled, "select version_num from alembic_version") == [("0004",)]
    assert longest.seconds < 1.6, "other readers had to wait"


class Longest:
    """Reads the table all the time, like the application would, and notes the longest wait."""

    def __init__(self, urls: Urls) -> None:
        self.urls, self.seconds = urls, 0.0
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.read)

    def read(self) -> None:
        connection = stage.connect(self.urls.admin)
        connection.autocommit = True
        with connection.cursor() as cursor:
            while not self.stop.is_set():
                began = time.monotonic()
                try:
                    cursor.execute("select count(*) from outgoing_emails")
                except psycopg2.errors.UndefinedTable:
                    break
                self.seconds = max(self.seconds, time.monotonic() - began)
                time.sleep(0.02)
        connection.close()

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()


def test_two_that_migrate_at_once_do_it_one_after_the_other(urls: Urls, tmp_path: Path) -> None:
    name = f"doorstep_twice_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}"
    empty = stage.cluster(stage.run_folder(), name)
    given = {"DATABASE_URL": empty.app, "DATABASE_OWNER_URL": empty.owner}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    try:
        both = [
            subprocess.Popen(command, cwd=ROOT, env=os.environ | given, stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        said = [process.communicate(timeout=60)[1] for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        assert ask(empty, "select version_num from alembic_version") == [(NUMBERS[-1],)]
        # One of them did all of it, the other found nothing left to do.
        assert sorted(text.count("Running upgrade") for text in said) == [0, len(NUMBERS)]
    finally:
        stage.remove_clone(urls.admin, name)


def test_there_is_one_head_and_the_numbers_are_a_chain() -> None:
    script = ScriptDirectory(str(ROOT / "migrations"))
    assert script.get_heads() == [NUMBERS[-1]]
    chain = [(revision.revision, revision.down_revision) for revision in script.walk_revisions()]
    assert chain == [*zip(reversed(NUMBERS[1:]), reversed(NUMBERS[:-1]), strict=True), (NUMBERS[0], None)]


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: str(path.stem))
def test_a_migration_says_what_it_does_and_can_be_undone(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name in ("upgrade", "downgrade"):
        assert not isinstance(functions[name].body[-1], ast.Pass | ast.Raise), f"{name} does nothing"


def test_the_rows_of_the_cast_are_in_the_filled_database(filled: Urls) -> None:
    assert [name for name, count in rows(filled).items() if count] != []
    assert ask(filled, "select count(*) from orders") == [(2,)]
