"""What the tests of the database have in common: a server to look at, and one statement on it."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from doorstep.backends.database import embedded

# The same tests run on the oldest supported PostgreSQL when its programs are named.
BIN_DIR = Path(os.environ["DOORSTEP_TEST_PG_BIN"]) if "DOORSTEP_TEST_PG_BIN" in os.environ else None


def ensure(root: Path, database: str = "doorstep") -> embedded.Urls:
    return embedded.ensure(root, database, bin_dir=BIN_DIR, fast=True)


def value(url: str, query: str) -> object:
    """The first value that `query` answers; what it changes stays."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        return connection.execute(text(query)).scalar()


def run(url: str, *statements: str) -> None:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
