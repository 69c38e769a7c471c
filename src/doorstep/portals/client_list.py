"""A client's orders of all companies whose links this browser has opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from doorstep.clients.links import Access
from doorstep.core import formats
from doorstep.core.actor import Org
from doorstep.orders import queries
from doorstep.orders.status import FINAL
from doorstep.portals import guards

NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MyOrder:
    """One line of the list, in words of its company's clocks and currency."""

    id: UUID
    company: str
    service: str
    status: str
    when: str
    worker: str
    place: str
    price: str
    start: datetime | None
    created_at: datetime

    @property
    def waits_for_client(self) -> bool:
        """Whether the client is the one to act."""
        return self.status == "quoted"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in FINAL


@dataclass(frozen=True, slots=True)
class MyOrders:
    """The list as the page shows it: what waits for the client first, the next visit, then the past."""

    companies: Sequence[Org]
    coming: Sequence[MyOrder]
    past: Sequence[MyOrder]

    @property
    def company(self) -> Org | None:
        """The company, if it is one only."""
        return self.companies[0] if len(self.companies) == 1 else None


def my_orders() -> MyOrders:
    """Returns the orders of every link that is alive. Moves the session through the links' organizations."""
    found: dict[UUID, MyOrder] = {}
    companies: dict[UUID, Org] = {}
    for access in guards.accesses():
        companies[access.org.id] = access.org
        for row in queries.for_client(access.client_id):
            if access.order_id in (None, row["id"]):
                found[row["id"]] = _line(row, access)
    coming = [order for order in found.values() if not order.over]
    past = [order for order in found.values() if order.over]
    coming.sort(key=lambda order: (not order.waits_for_client, order.start or NEVER, order.created_at))
    past.sort(key=lambda order: order.start or order.created_at, reverse=True)
    return MyOrders(list(companies.values()), coming, past)


def _line(row: dict[str, Any], access: Access) -> MyOrder:
    zone = access.org.zone
    start, end, wished = row["start"], row["end"], row["wished_at"]
    when = formats.window(start, end, zone) if start and end else ""
    if not when and wished:
        when = f"Wished: {formats.day(wished, zone)}, {formats.hm(wished, zone)}"
    return MyOrder(
        id=row["id"],
        company=access.org.name,
        service=row["service"],
        status=row["status"],
        when=when,
        worker=row["worker"] or "",
        place=row["address"],
        price=formats.money(row["price_cents"], row["currency"]),
        start=start,
        created_at=row["created_at"],
    )
