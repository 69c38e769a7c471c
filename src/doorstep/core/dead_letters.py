"""What the queues gave up: looked at, and made due again under the same id. In the scope at hand: one organization's,
or all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_, update

from doorstep.core.errors import Conflict, NotFound
from doorstep.core.extensions import db
from doorstep.core.queue import PARKED, QueueRow, replay

MOST: Final = 1000
Row = TypeVar("Row", bound=QueueRow)
Key = tuple[datetime, UUID]


def newest(model: type[Row], limit: int, before: Key | None = None) -> Sequence[Row]:
    """Returns the newest `limit` dead rows, or the newest of those `before` the given one."""
    statement = select(model).where(model.state == "dead")
    if before:
        statement = statement.where(tuple_(model.finished_at, model.id) < before)
    ordered = statement.order_by(model.finished_at.desc(), model.id.desc()).limit(limit)
    return db.session.execute(ordered).scalars().all()


def find(model: type[Row], row_id: UUID, *, lock: bool = False) -> Row:
    """Returns a row in whatever state. Raises NotFound."""
    statement = select(model).where(model.id == row_id)
    if lock:
        statement = statement.with_for_update()
    row = db.session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFound("There is nothing of this id in the queue.")
    return row


def replay_one(model: type[Row], row_id: UUID, *, dry: bool = False) -> Row:
    """Returns the row, due again unless `dry`. Raises NotFound, and Conflict unless it is parked."""
    row = find(model, row_id, lock=True)
    if row.state not in PARKED:
        raise Conflict(f"Only what was given up can be replayed; this is {row.state}.")
    if not dry:
        replay(row)
    return row


def replay_many(model: type[Row], *conditions: ColumnElement[bool], dry: bool = False) -> int:
    """Returns how many dead rows that meet the conditions are due again, the oldest first, at most MOST at once."""
    chosen = select(model.org_id, model.id).where(model.state == "dead", *conditions)
    some = chosen.order_by(model.finished_at, model.id).limit(MOST)
    if dry:
        return int(db.session.execute(select(func.count()).select_from(some.subquery())).scalar_one())
    mine = some.with_for_update(skip_locked=True).cte("mine")
    again = (
        update(model)
        .where(model.org_id == mine.c.org_id, model.id == mine.c.id)
        .values(state="due", attempts=0, next_at=func.now(), finished_at=None)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return len(db.session.execute(again).all())
