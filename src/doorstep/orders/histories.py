"""What clients have ordered, summed up: one statement for any number of clients."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from doorstep.core import clock
from doorstep.core.extensions import db
from doorstep.orders.models import Order
from doorstep.orders.status import VISITING


@dataclass(frozen=True, slots=True)
class History:
    """A client's orders: how many, when the next visit starts (or the one under way started), when the last was."""

    orders: int = 0
    next_visit: datetime | None = None
    last_visit: datetime | None = None


NONE_YET: Final = History()


def of(client_ids: Collection[UUID]) -> Mapping[UUID, History]:
    """Returns the history of each of these clients. A visit that was missed or called off is neither next nor last."""
    coming = Order.status.in_(VISITING) & (func.upper(Order.scheduled) > clock.now())
    next_visit = func.min(Order.starts_at).filter(coming)
    last_visit = func.max(Order.starts_at).filter(Order.status == "completed")
    statement = (
        select(Order.client_id, func.count(), next_visit, last_visit)
        .where(Order.client_id.in_(client_ids))
        .group_by(Order.client_id)
    )
    found = {row[0]: History(row[1], row[2], row[3]) for row in db.session.execute(statement)}
    return {client_id: found.get(client_id, NONE_YET) for client_id in client_ids}
