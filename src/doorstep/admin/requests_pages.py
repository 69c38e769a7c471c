"""What waits for the office: the list at the left, the chosen one at the right with everything to decide on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect
from flask.typing import ResponseReturnValue

from doorstep.admin import office, order_page
from doorstep.core.actor import Actor
from doorstep.orders import queries

HERE = "/office/requests"


def start(who: Actor) -> ResponseReturnValue:
    """Leads to what the office sees first."""
    return redirect(HERE, 303)


def index(who: Actor) -> str:
    """Shows what waits, longest first; on a wide screen the first one is open."""
    waiting = queries.inbox()
    first = order_page.facts(who, waiting[0]["id"]) if waiting else None
    return _page(who, waiting, first, chosen=False)


def show(who: Actor, order_id: UUID) -> ResponseReturnValue:
    """Shows one that waits; what does not wait any more is at its own page."""
    order = order_page.facts(who, order_id)
    if order.order.waiting_since is None:
        return redirect(f"/office/orders/{order_id}", 303)
    return _page(who, queries.inbox(), order, chosen=True)


def _page(who: Actor, waiting: list[dict[str, Any]], first: order_page.Facts | None, *, chosen: bool) -> str:
    return office.page(who, "requests", "requests", waiting=waiting, order=first, chosen=chosen)
