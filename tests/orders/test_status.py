"""The table of moves."""

from __future__ import annotations

import pytest

from doorstep.core.errors import Conflict
from doorstep.orders.status import FINAL, MOVES, OPEN, STATUSES, WORDS, can_move, check_move


def test_every_status_can_be_reached_from_a_request() -> None:
    reached, waiting = {"requested"}, ["requested"]
    while waiting:
        for onward in MOVES[waiting.pop()]:
            if onward not in reached:
                reached.add(onward)
                waiting.append(onward)
    assert reached == set(STATUSES)


def test_every_open_status_can_come_to_an_end() -> None:
    def ends(status: str, seen: frozenset[str]) -> bool:
        return status in FINAL or any(ends(to, seen | {to}) for to in MOVES[status] if to not in seen)

    assert all(ends(status, frozenset({status})) for status in OPEN)


@pytest.mark.parametrize("status", FINAL)
def test_what_has_ended_stays_ended(status: str) -> None:
    assert not any(can_move(status, to) for to in STATUSES)


def test_a_refused_move_names_the_allowed_ones() -> None:
    with pytest.raises(Conflict) as refused:
        check_move("scheduled", "completed")
    assert refused.value.extra == {"order_status": "scheduled", "allowed": ["on_the_way", "in_progress", "cancelled"]}
    assert "scheduled cannot become finished" in refused.value.detail


def test_a_move_out_of_a_final_status_says_that_it_is_final() -> None:
    with pytest.raises(Conflict, match="is final"):
        check_move("cancelled", "scheduled")


def test_moving_a_visit_keeps_it_scheduled() -> None:
    check_move("scheduled", "scheduled")


def test_every_status_has_a_word() -> None:
    assert set(WORDS) == set(STATUSES)
