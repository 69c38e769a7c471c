"""The plan of the demo: whoever opens it, at whatever hour, sees a company in the middle of its day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from doorstep.demo import companies, plan, today
from doorstep.demo.companies import ALDER, BIRCH, Company
from doorstep.demo.plan import Planned

PORTLAND = ZoneInfo("America/Los_Angeles")
WEDNESDAY, SATURDAY, SUNDAY = (11, 14, 15)
HOURS = [(hour, minute) for hour in range(24) for minute in (0, 25, 50)]
CLOCKS_CHANGE = [(2026, 3, 8), (2026, 11, 1)]


def moments() -> Iterator[datetime]:
    for day in (WEDNESDAY, SATURDAY, SUNDAY):
        yield from (datetime(2026, 3, day, *hour, tzinfo=PORTLAND) for hour in HOURS)
    yield from (datetime(2026, 3, day, 13, 5, tzinfo=PORTLAND) for day in range(16, 23))
    for year, month, day in CLOCKS_CHANGE:
        for days in (-1, 0, 1):
            night = datetime(year, month, day, tzinfo=PORTLAND) + timedelta(days=days)
            yield from (night.replace(hour=hour, minute=10) for hour in range(0, 24, 2))


MOMENTS = list(moments())
NOON = datetime(2026, 3, WEDNESDAY, 12, 10, tzinfo=PORTLAND)
named = pytest.mark.parametrize("company", companies.COMPANIES, ids=lambda company: str(company.slug))


def of_today(company: Company, now: datetime, orders: list[Planned]) -> list[Planned]:
    """What the day board of that moment shows."""
    zone = ZoneInfo(company.timezone)
    day = now.astimezone(zone).date()
    shown = [order for order in orders if order.start and order.start.astimezone(zone).date() == day]
    return [order for order in shown if order.fate not in ("cancelled", "declined")]


def test_at_any_hour_the_day_is_in_full_swing() -> None:
    for now in MOMENTS:
        board = of_today(ALDER, now, plan.planned(ALDER, now))
        fates = Counter(order.fate for order in board)
        assert (fates["in_progress"], fates["on_the_way"]) == (2, 1), now
        assert len(board) >= 12, now
        assert {order.worker for order in board} == {None, 0, 1, 2, 3, 4}, now
        assert sum(order.worker is None for order in board) == 3, now
        if (now.hour, now.minute) > (0, 30):
            assert fates["finished"] >= 1, now
        if now.hour < 18:
            assert fates["scheduled"] >= 4, now


def test_in_the_afternoon_much_is_done_and_something_is_left() -> None:
    board = of_today(ALDER, NOON.replace(hour=15), plan.planned(ALDER, NOON.replace(hour=15)))
    fates = Counter(order.fate for order in board)
    assert (fates["finished"] >= 5, fates["scheduled"] >= 5) == (True, True)


@named
def test_the_day_fits_the_twelve_hours_that_the_board_shows(company: Company) -> None:
    for now in MOMENTS:
        starts = [order.start for order in of_today(company, now, plan.planned(company, now)) if order.start]
        assert max(starts) - min(starts) < timedelta(hours=12), now
        assert min(starts) <= now <= max(starts) + timedelta(hours=2), now


@named
def test_nobody_is_at_two_places_at_once(company: Company) -> None:
    for now in MOMENTS:
        taken: dict[int, list[tuple[datetime, datetime]]] = {}
        for order in plan.planned(company, now):
            if order.start and order.worker is not None and order.fate != "cancelled":
                buffer = company.services[order.service]["buffer_minutes"]
                end = order.start + timedelta(minutes=order.minutes + buffer)
                taken.setdefault(order.worker, []).append((order.start, end))
        for spans in taken.values():
            assert all(first[1] <= second[0] for first, second in pairwise(sorted(spans))), now


@named
def test_what_is_done_lies_behind_and_what_is_booked_ahead(company: Company) -> None:
    for now in MOMENTS:
        for order in plan.planned(company, now):
            assert order.asked < now, now
            if order.start is None:
                continue
            assert order.asked < order.start, (now, order)
            ends = order.start + timedelta(minutes=order.minutes)
            if order.fate in ("finished", "postponed"):
                assert ends <= now, (now, order)
            if order.fate in ("scheduled", "asks_to_move"):
                assert order.start > now - timedelta(minutes=15), (now, order)
            if order.fate == "in_progress":
                assert order.start <= now < ends, (now, order)


def test_about_120_orders_in_all_states_over_four_weeks_of_forty_clients() -> None:
    for now in MOMENTS:
        orders = plan.planned(ALDER, now)
        assert 105 <= len(orders) <= 130, (now, len(orders))
        assert {order.client for order in orders} == set(range(40))
        fates = Counter(order.fate for order in orders)
        assert fates["finished"] >= 35
        assert all(fates[fate] >= 2 for fate in ("quoted", "declined", "cancelled")), now
    days = {(order.start - NOON).days for order in plan.planned(ALDER, NOON) if order.start}
    assert (min(days) <= -13, max(days) >= 12) == (True, True)


def test_what_waits_is_of_many_kinds_and_ages() -> None:
    orders = plan.planned(ALDER, NOON)
    fates = Counter(order.fate for order in orders)
    assert (fates["accepted"], fates["asks_to_move"], fates["postponed"]) == (1, 1, 1)
    requests = [order for order in orders if order.fate == "requested"]
    ages = sorted((NOON - order.asked).total_seconds() / 3600 for order in requests)
    assert len(requests) == 4
    assert (ages[0] < 1, 2 < ages[1] < 6, ages[-1] > 24) == (True, True, True)
    assert sum(bool(ALDER.wishes[order.wish].scene) for order in requests if order.wish is not None) == 1
    wished = [plan.wished_at(ALDER, order, NOON) for order in requests]
    assert None in wished
    assert all(moment > NOON for moment in wished if moment)
    assert (NOON - next(order.start for order in orders if order.fate == "postponed" and order.start)).days <= 3


@named
def test_orders_come_in_the_sequence_in_which_they_were_asked_for(company: Company) -> None:
    asked = [order.asked for order in plan.planned(company, NOON)]
    assert asked == sorted(asked)


@named
def test_clients_are_different_people_at_different_places(company: Company) -> None:
    assert len({person.email for person in company.clients}) == len(company.clients)
    assert len({person.address for person in company.clients}) == len(company.clients)
    assert len({person.phone for person in company.clients}) == len(company.clients)
    surnames = {person.name.split()[-1] for person in company.clients}
    assert len(surnames) == len(company.clients)
    assert all(person.email.isascii() and person.email.islower() for person in company.clients)


def test_alder_has_forty_clients_in_portland_and_five_workers() -> None:
    assert (len(ALDER.clients), len(ALDER.crew), len(BIRCH.crew)) == (40, 5, 2)
    assert all(person.postal_code.startswith("972") for person in ALDER.clients)


def test_who_waits_for_an_answer_waits_once() -> None:
    for now in MOMENTS[::5]:
        waiting = [o for o in plan.planned(ALDER, now) if o.fate in ("requested", *plan.WAITING)]
        assert len({order.client for order in waiting}) == len(waiting) == 7, now


@pytest.mark.parametrize(
    ("hour", "opens", "closes"),
    [(2, "06:00", "17:00"), (9, "06:45", "17:00"), (13, "08:00", "18:00"), (21, "08:00", "22:00")],
)
def test_whatever_day_it_is_people_work_today(hour: int, opens: str, closes: str) -> None:
    assert today.hours(ALDER, NOON.replace(day=SUNDAY, hour=hour)) == [[opens, closes]]


def test_early_and_late_visits_are_for_offices() -> None:
    night = [visit for visit in today.visits(ALDER, NOON.replace(hour=2)) if visit.start.astimezone(PORTLAND).hour < 7]
    assert {ALDER.services[visit.service]["name"] for visit in night} == {"Office clean"}
    day = [visit for visit in today.visits(ALDER, NOON) if 8 <= visit.start.astimezone(PORTLAND).hour < 18]
    assert "Office clean" not in {ALDER.services[visit.service]["name"] for visit in day}
