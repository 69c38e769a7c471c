"""The moves of an order, all in one table. Pure.

An order is asked for, perhaps quoted, scheduled, done; or it ends declined or cancelled. Moving a visit keeps it
`scheduled`. Whatever is not in the table is refused, and the answer names what is possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from doorstep.core.errors import Conflict

MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "requested": ("scheduled", "quoted", "declined", "cancelled"),
    "quoted": ("scheduled", "declined", "cancelled"),
    "scheduled": ("scheduled", "on_the_way", "in_progress", "cancelled"),
    "on_the_way": ("in_progress", "scheduled", "cancelled"),
    "in_progress": ("completed", "scheduled"),
    "completed": (),
    "declined": (),
    "cancelled": (),
}
STATUSES: Final = tuple(MOVES)
FINAL: Final = tuple(status for status, onward in MOVES.items() if not onward)
OPEN: Final = tuple(status for status, onward in MOVES.items() if onward)
VISITING: Final = ("scheduled", "on_the_way", "in_progress")
WORDS: Final[Mapping[str, str]] = {
    "requested": "Requested",
    "quoted": "Quoted",
    "scheduled": "Scheduled",
    "on_the_way": "On the way",
    "in_progress": "Working",
    "completed": "Finished",
    "declined": "Declined",
    "cancelled": "Cancelled",
}


def can_move(status: str, to: str) -> bool:
    """Returns whether an order may go from one status to the other."""
    return to in MOVES[status]


def visit_kind(status: str) -> str:
    """Returns what it is called when the visit of an order in this status is set: `scheduled` the first time, else
    `moved`."""
    return "scheduled" if status in ("requested", "quoted") else "moved"


def check_move(status: str, to: str) -> None:
    """Raises Conflict, naming the allowed moves, unless an order may go from `status` to `to`."""
    if can_move(status, to):
        return
    allowed = [move for move in MOVES[status] if move != status]
    onward = "can become " + ", ".join(WORDS[move].lower() for move in allowed) if allowed else "is final"
    raise Conflict(
        f"An order that is {WORDS[status].lower()} cannot become {WORDS[to].lower()}; it {onward}.",
        extra={"order_status": status, "allowed": allowed},
    )
