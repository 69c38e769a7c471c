"""The day board: everybody's visits on one grid, who is away, what nobody has yet; a form gives and moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.dialects.postgresql import Range

from doorstep.accounts import workers
from doorstep.accounts.models import TimeOff, Worker
from doorstep.admin import board
from doorstep.core.transaction import transaction
from doorstep.orders import service
from doorstep.orders.queries import Board, day_span
from tests.admin.office_stage import does, field, links, order_of, post, tomorrow_at, typed, words
from tests.cast import Company
from tests.conftest import Browse
from tests.orders.conftest import acting
from tests.orders.photo_cases import within

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 24)
ANA = uuid4()


def at(hour: float, day: date = DAY) -> datetime:
    """Returns the moment of an hour on Berlin's clocks."""
    local = datetime.combine(day, datetime.min.time(), BERLIN)
    return (local + timedelta(hours=hour)).astimezone(UTC)


def line(start: float, end: float, worker: UUID | None = ANA, status: str = "scheduled") -> dict[str, Any]:
    return {"start": at(start), "end": at(end), "worker_id": worker, "status": status}


def drawn(*rows: dict[str, Any], away: tuple[TimeOff, ...] = (), now: float = 0, hours: Any = None) -> board.Grid:
    """Returns the board of these visits of one worker, who works from eight to five."""
    ana = Worker(id=ANA, name="Ana", weekly_hours=hours if hours is not None else {"tue": [["08:00", "17:00"]]})
    start, end = day_span(DAY, BERLIN)
    return board.grid(Board(DAY, start, end, [ana], rows, away), BERLIN, at(now))


def lane(grid: board.Grid) -> board.Lane:
    return next(lane for lane in grid.lanes if lane.worker)


def test_a_visit_stands_at_its_quarter_hour() -> None:
    (card,) = lane(drawn(line(9, 11.5))).cards
    assert card.place == "at-8 for-10"


def test_visits_without_a_worker_have_a_lane_of_their_own_and_overlapping_ones_lie_below_each_other() -> None:
    grid = drawn(line(9, 11, None), line(10, 12, None), line(11, 12, None))
    assert [card.row for card in grid.lanes[0].cards] == [1, 2, 1]
    assert grid.lanes[0].worker is None
    assert drawn(line(9, 11)).lanes[0].worker is not None


def test_the_hours_shown_move_to_early_and_late_visits() -> None:
    assert drawn().opens_at == 7
    assert drawn(line(5, 6)).opens_at == 5
    assert drawn(line(13, 22)).opens_at == 10
    assert drawn(line(8, 9), line(20, 22)).opens_at == 8
    late = lane(drawn(line(8, 9), line(20, 22))).cards[1]
    assert late.place == "at-47 for-1"


def test_a_visit_over_midnight_is_shown_until_midnight_and_from_midnight_on() -> None:
    grid = drawn(line(22, 26))
    assert (grid.opens_at, lane(grid).cards[0].place) == (12, "at-40 for-8")
    assert lane(grid).booked_minutes == 120
    night_before = drawn(line(-2, 2), line(9, 11))
    assert (night_before.opens_at, lane(night_before).booked_minutes) == (7, 240)
    assert [card.place for card in lane(night_before).cards] == ["at-0 for-1", "at-8 for-8"]


def test_however_many_visits_are_at_the_same_time_none_lies_on_another() -> None:
    cards = drawn(*[line(9, 10, None) for _ in range(12)]).lanes[0].cards
    assert [card.row for card in cards] == list(range(1, 13))
    assert cards[7].place == "at-8 for-4 row-8"
    assert {card.place for card in cards[8:]} == {"at-8 for-4 row-more"}  # the browser finds the next free row


def test_who_is_not_there_is_hatched_with_the_reason() -> None:
    off = TimeOff(worker_id=ANA, during=Range(at(13), at(15)), reason="Dentist")
    away = lane(drawn(away=(off,))).away
    assert [(one.at, one.length, one.words) for one in away] == [(0, 4, ""), (24, 8, "Dentist"), (40, 8, "")]
    assert [one.words for one in lane(drawn(hours={})).away] == ["Not working"]


def test_the_load_says_how_full_the_day_is() -> None:
    grid = drawn(line(9, 11), line(13, 14.5))
    assert lane(grid).load == "3.5 of 9 h"
    assert grid.booked == "3.5 of 9 h booked"
    off = TimeOff(worker_id=ANA, during=Range(at(8), at(12)), reason="")
    assert lane(drawn(away=(off,))).load == "0 of 5 h"


def test_a_visit_that_should_have_begun_is_late() -> None:
    rows = (line(9, 10), line(11, 12), line(8, 9, status="in_progress"), line(8, 9, status="completed"))
    assert [card.late for card in lane(drawn(*rows, now=10)).cards] == [True, False, False, False]


def test_the_line_of_the_present_is_there_only_within_the_hours_shown() -> None:
    assert drawn(now=13).now == pytest.approx(0.5)
    assert drawn(now=3).now is None
    assert drawn(now=30).now is None


def test_on_the_day_that_is_an_hour_longer_a_visit_stands_where_its_clock_says() -> None:
    day = date(2026, 10, 25)
    start, end = day_span(day, BERLIN)
    nine = datetime(2026, 10, 25, 8, tzinfo=UTC)
    ana = Worker(id=ANA, name="Ana", weekly_hours={"sun": [["08:00", "17:00"]]})
    row = {"start": nine, "end": nine + timedelta(hours=1), "worker_id": ANA, "status": "scheduled"}
    (card,) = lane(board.grid(Board(day, start, end, [ana], [row], []), BERLIN, nine)).cards
    assert card.place == "at-8 for-4"


def planned(app: Flask, alder: Company, worker_id: UUID | None) -> None:
    start = tomorrow_at(9, alder)
    office = acting(alder.dispatcher, alder)
    does(app, office, alder, lambda who, order: service.schedule(who, order, start=start, worker_id=worker_id))


def day_of(alder: Company) -> str:
    return f"/office/board?day={typed(tomorrow_at(9, alder), alder)['day']}"


def test_a_visit_of_nobody_is_given_to_somebody_by_the_form_beside_the_board(
    app: Flask, browse: Browse, alder: Company
) -> None:
    planned(app, alder, None)
    browser = browse(alder.dispatcher)
    page = browser.get(day_of(alder))
    card = next(link for link in links(page, ".pool") if "order=" in link)
    opened = browser.get(card)
    assert "Margaret Whitfield" in words(opened)
    names = ("version", "back", "day", "time", "minutes")
    form = {name: field(opened, name, "schedule") for name in names} | {"worker": str(alder.other_worker.worker_id)}
    answer = post(browser, f"/office/orders/{alder.order_id}/schedule", **form)
    assert answer.location == card
    lanes = {
        str(lane["aria-label"]): len(lane.select("a.job"))
        for lane in BeautifulSoup(browser.get(day_of(alder)).text, "html5lib").select(".lane")
    }
    assert lanes["Ben Okafor, 1 order"] == 1
    assert "Nobody yet, 1 order" not in lanes


def test_time_off_is_to_be_seen(app: Flask, browse: Browse, alder: Company) -> None:
    start = tomorrow_at(9, alder)
    with within(app, alder), transaction():
        office, end = acting(alder.dispatcher, alder), start + timedelta(hours=3)
        workers.add_time_off(office, alder.worker.worker_id, start=start, end=end, reason="Dentist")
    assert "Dentist" in words(browse(alder.viewer).get(day_of(alder)))


@pytest.mark.parametrize("query", ["day=soon", "day=9999-12-31", "order=nothing", f"order={UUID(int=7)}"])
def test_an_address_typed_wrong_shows_today(browse: Browse, alder: Company, query: str) -> None:
    page = browse(alder.viewer).get(f"/office/board?{query}")
    assert page.status_code == 200
    assert "Margaret" not in words(page)


def test_another_company_s_order_is_not_opened_beside_the_board(browse: Browse, alder: Company, birch: Company) -> None:
    page = browse(birch.dispatcher).get(f"/office/board?order={alder.order_id}")
    assert "Margaret Whitfield" not in words(page)


def test_who_may_only_look_has_no_form(app: Flask, browse: Browse, alder: Company) -> None:
    planned(app, alder, alder.worker.worker_id)
    page = browse(alder.viewer).get(f"{day_of(alder)}&order={alder.order_id}")
    assert "Save the visit" not in words(page)
    assert order_of(app, alder).status == "scheduled"
