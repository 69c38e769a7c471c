"""The reads of every day, sent to the driver as they are: SQL in, plain values out.

SQLAlchemy describes each column of each result anew, which for a row as wide as an order takes longer than the rest
of the read; and a transaction takes a round trip to begin and one to end. So a read outside of any transaction goes as
one message, in which the database is told the organization first: PostgreSQL carries out a message of several
statements as one transaction
(https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT), so row security holds for
the read, and nothing stays on the connection. Inside a transaction of the session the read is part of it.

A request reads at least twice: who asks, then what. The reads of a session share one connection of the pool, which is
given back when a transaction begins, or else with the request's end.

Errors are SQLAlchemy's, so that they are answered alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, PoolProxiedConnection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

from doorstep.core.extensions import db
from doorstep.core.scope import Scope, scope_of

# The name is nobody else's: values of the statement that follows stand beside it.
TELL: Final = "select set_config('app.org_id', %(scope_org_id)s, true)"

# Where a session keeps the connection of its reads.
SHARED: Final = "shared_connection"


class Table(NamedTuple):
    """What the database answered."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]


def rows(statement: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Returns the rows of a query by their columns' names; `values` are those of its `%(name)s`. Raises DBAPIError."""
    session = db.session()
    scope = scope_of(session)
    if session.in_transaction() or scope.system:
        session.flush()
        found = _answer(session.connection(), statement, values)
    else:
        found = _alone(session, db.engine, scope, statement, values)
    return [dict(zip(found.names, row, strict=True)) for row in found.rows]


def row(statement: str, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Returns the first row, or None where there is none."""
    found = rows(statement, values)
    return found[0] if found else None


def tell(connection: Connection, org_id: object) -> None:
    """Tells the database whose rows the transaction on this connection may touch."""
    _answer(connection, TELL, {"scope_org_id": str(org_id)})


def _answer(connection: Connection, statement: str, values: Mapping[str, Any]) -> Table:
    with closing(connection.connection.cursor()) as cursor:
        connection.dispatch.before_cursor_execute(connection, cursor, statement, values, None, False)
        try:
            return _table(cursor, statement, values)
        except connection.dialect.loaded_dbapi.Error as error:
            told = _told(connection.engine, error, cursor, statement, values)
            if told.connection_invalidated:
                connection.invalidate(error)
            raise told from error


def let_go(session: Session) -> None:
    """Gives back the connection that the session's reads share, if they have one."""
    pooled: PoolProxiedConnection | None = session.info.pop(SHARED, None)
    if pooled is not None:
        pooled.close()


@event.listens_for(Session, "after_transaction_create")
def _make_way(session: Session, transaction: SessionTransaction) -> None:
    """A thread needs one connection at a time, never two."""
    let_go(session)


def _alone(session: Session, engine: Engine, scope: Scope, statement: str, values: Mapping[str, Any]) -> Table:
    """Returns the answer to one message that is a transaction of its own."""
    if scope.org_id is not None:
        statement, values = f"{TELL}; {statement}", {**values, "scope_org_id": str(scope.org_id)}
    pooled = session.info.get(SHARED) or _shared(session, engine)
    with closing(pooled.cursor()) as cursor:
        engine.dispatch.before_cursor_execute(pooled, cursor, statement, values, None, False)
        try:
            return _table(cursor, statement, values)
        except engine.dialect.loaded_dbapi.Error as error:
            told = _told(engine, error, cursor, statement, values)
            if told.connection_invalidated:
                session.info.pop(SHARED).invalidate(error)
            raise told from error


def _shared(session: Session, engine: Engine) -> PoolProxiedConnection:
    pooled = session.info[SHARED] = engine.raw_connection()
    driver: Any = pooled.dbapi_connection
    driver.autocommit = True  # until the pool has it back, see `connections`
    return pooled


def _table(cursor: Any, statement: str, values: Mapping[str, Any]) -> Table:
    cursor.execute(statement, values)
    return Table([column[0] for column in cursor.description], cursor.fetchall())


def _told(engine: Engine, error: Any, cursor: Any, statement: str, values: Mapping[str, Any]) -> DBAPIError:
    """Returns the driver's error as SQLAlchemy's."""
    told: DBAPIError = DBAPIError.instance(
        statement,
        values,
        error,
        engine.dialect.loaded_dbapi.Error,
        hide_parameters=engine.hide_parameters,
        connection_invalidated=engine.dialect.is_disconnect(error, cursor.connection, cursor),
        dialect=engine.dialect,
    )
    return told
