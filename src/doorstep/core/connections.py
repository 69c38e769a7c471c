"""Whether a pooled connection is still good: asked of the server only after a pause.

SQLAlchemy's own `pool_pre_ping` asks before each use, which is a whole round trip more for every request. A connection
that was good a moment ago is believed; when it breaks after all, that one request is answered like all others while a
database is away, and the pool replaces the connection.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from doorstep.core import clock

BELIEVED_SECONDS: Final = 1.0
LAST_USED: Final = "last_used"


def watch(engine: Engine) -> None:
    """Looks after the connections that the engine's pool keeps."""
    event.listen(engine, "checkin", _put_back)
    event.listen(engine, "checkout", _ask_after_a_pause)


def _put_back(connection: Any, entry: ConnectionPoolEntry) -> None:
    """Notes the time, and leaves the connection as transactions want it, whoever read with it (`sql`)."""
    entry.info[LAST_USED] = clock.monotonic()
    if connection is not None and connection.autocommit and not connection.closed:
        connection.autocommit = False


def _ask_after_a_pause(connection: Any, entry: ConnectionPoolEntry, _: Any) -> None:
    """Raises InvalidatePoolError for a connection that is gone: the pool then makes a new one in its place, and later
    in the place of all others, before anybody notices."""
    used = entry.info.get(LAST_USED)
    if used is None or clock.monotonic() - used < BELIEVED_SECONDS:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        connection.rollback()
    except connection.Error as error:
        raise InvalidatePoolError("the database ended this connection") from error
