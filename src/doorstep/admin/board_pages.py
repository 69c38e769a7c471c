"""The day board: who does what when, and giving a visit to somebody by a form beside it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import request

from doorstep.admin import board, office, order_page
from doorstep.core import clock
from doorstep.core.actor import Actor
from doorstep.core.errors import NotFound
from doorstep.orders import queries

HERE = "/office/board"
FARTHEST = timedelta(days=400)


def show(who: Actor) -> str:
    """Shows a day, today unless the address names another; `order` opens one beside it."""
    zone = who.home.zone
    today = clock.now().astimezone(zone).date()
    day = _day(request.args.get("day"), today)
    grid = board.grid(queries.board(day, zone), zone, clock.now())
    chosen = _chosen(who, request.args.get("order"))
    around = {"before": address(day - timedelta(days=1)), "after": address(day + timedelta(days=1))}
    return office.page(
        who, "board", "board", grid=grid, day=day, today=today, order=chosen, here=address(day), **around
    )


def address(day: date) -> str:
    """Returns the address of a day's board."""
    return f"{HERE}?day={day}"


def _day(wanted: str | None, today: date) -> date:
    try:
        day = date.fromisoformat(wanted or "")
    except ValueError:
        return today
    return day if abs(day - today) <= FARTHEST else today


def _chosen(who: Actor, order_id: str | None) -> order_page.Facts | None:
    try:
        return order_page.facts(who, UUID(order_id or ""))
    except (ValueError, NotFound):
        return None
