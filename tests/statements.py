"""What is said to the database while a test looks on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event


class Said(NamedTuple):
    """One statement with its values."""

    sql: str
    values: Any


@contextmanager
def overheard(engine: Engine) -> Iterator[list[Said]]:
    """Gives a list that grows with each statement sent within the block."""
    heard: list[Said] = []

    def listen(connection: Connection, cursor: Any, sql: str, values: Any, *_: Any) -> None:
        heard.append(Said(sql, values))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def plan(connection: Connection, said: Said) -> str:
    """Returns how the database would carry out the statement, the last one where several were sent together."""
    before, _, last = said.sql.rpartition(";")
    explained = f"{before}; explain {last}" if before else f"explain {last}"
    return "\n".join(row[0] for row in connection.exec_driver_sql(explained, said.values))
