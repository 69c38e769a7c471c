"""Free times: the arithmetic, the days on which clocks change, and the search on a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import Range

from doorstep.accounts.models import TimeOff, Worker
from doorstep.catalog.models import Service
from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Invalid
from doorstep.core.transaction import save, transaction
from doorstep.orders import slots
from doorstep.orders.models import Order
from tests.cast import Company
from tests.orders.conftest import Make

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
ZERO = datetime(2026, 3, 2, tzinfo=UTC)


def at(hours: float) -> datetime:
    return ZERO + hours * HOUR


class TestTheArithmetic:
    """Pure functions on spans."""

    def test_what_is_taken_is_cut_out(self) -> None:
        assert slots.minus([(at(8), at(18))], [(at(10), at(11)), (at(17), at(20))]) == [
            (at(8), at(10)),
            (at(11), at(17)),
        ]

    def test_taking_all_leaves_nothing(self) -> None:
        assert slots.minus([(at(8), at(9))], [(at(7), at(10))]) == []

    def test_touching_is_not_overlapping(self) -> None:
        assert slots.minus([(at(8), at(9))], [(at(9), at(10)), (at(7), at(8))]) == [(at(8), at(9))]

    @given(st.lists(st.tuples(st.integers(0, 95), st.integers(1, 20)), max_size=12))
    def test_what_is_left_never_meets_what_is_taken(self, takings: list[tuple[int, int]]) -> None:
        taken = [(at(a / 4), at((a + n) / 4)) for a, n in takings]
        left = slots.minus([(at(0), at(24))], taken)
        assert all(e <= ts or te <= s for s, e in left for ts, te in taken)
        covered = {q for q in range(96) if not any(a <= q < a + n for a, n in takings)}
        assert sum((e - s for s, e in left), timedelta()) == len(covered) * timedelta(minutes=15)

    def test_starts_are_on_the_half_hour_and_end_in_time(self) -> None:
        found = list(slots.starts_in([(at(8.1), at(10))], HOUR, at(0)))
        assert found == [at(8.5), at(9)]

    def test_nothing_starts_before_the_earliest(self) -> None:
        assert list(slots.starts_in([(at(8), at(10))], HOUR, at(8.6))) == [at(9)]


class TestClockChanges:
    """Working hours are times on the clock."""

    @pytest.mark.parametrize(
        ("day", "length"),
        [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 5), 24)],
        ids=["spring", "autumn", "summer"],
    )
    def test_a_whole_day_is_as_long_as_it_really_is(self, day: date, length: int) -> None:
        hours = {"sun": [["00:00", "23:59"]]}
        ((start, end),) = slots.working_spans(hours, day, BERLIN)
        assert end - start == timedelta(hours=length) - timedelta(minutes=1)

    def test_eight_in_the_morning_stays_eight_in_the_morning(self) -> None:
        hours = {"sun": [["08:00", "12:00"]], "sat": [["08:00", "12:00"]]}
        (before,) = slots.working_spans(hours, date(2026, 3, 28), BERLIN)
        (after,) = slots.working_spans(hours, date(2026, 3, 29), BERLIN)
        assert before[0].astimezone(BERLIN).hour == after[0].astimezone(BERLIN).hour == 8
        assert after[0] - before[0] == timedelta(hours=23)

    def test_hours_may_last_until_midnight(self) -> None:
        ((start, end),) = slots.working_spans({"sat": [["18:00", "24:00"]]}, date(2026, 10, 24), BERLIN)
        assert (start, end) == (datetime(2026, 10, 24, 16, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC))

    def test_a_span_the_wrong_way_round_is_no_span(self) -> None:
        assert slots.working_spans({"sun": [["12:00", "08:00"]]}, date(2026, 7, 5), BERLIN) == []


@pytest.fixture
def days(inside: Company) -> tuple[date, date]:
    """The day of `nine`, in the organization's zone."""
    day = (clock.now() + timedelta(days=2)).astimezone(ZoneInfo(inside.timezone)).date()
    return day, day


@pytest.fixture
def clean(inside: Company) -> Service:
    """Alder's service: two hours and a quarter of an hour's buffer."""
    return tenancy.get(Service, inside.service_id)


def of_ana(found: list[slots.Slot]) -> list[datetime]:
    return [slot.start for slot in found if slot.worker == "Ana Morales"]


class TestTheSearch:
    """Against the database."""

    def test_an_empty_day_is_free_from_opening_until_the_last_visit_that_fits(
        self, clean: Service, days: tuple[date, date], inside: Company
    ) -> None:
        found = of_ana(slots.free(clean, *days))
        zone = ZoneInfo(inside.timezone)
        assert [f"{s.astimezone(zone):%H:%M}" for s in (found[0], found[-1])] == ["08:00", "16:00"]

    def test_a_booked_visit_and_its_buffers_are_not_free(self, clean: Service, booked: Order) -> None:
        window = booked.scheduled
        assert window is not None
        assert window.lower
        assert window.upper
        day = window.lower.astimezone(ZoneInfo("America/Los_Angeles")).date()
        buffer = timedelta(minutes=clean.buffer_minutes)
        for start in of_ana(slots.free(clean, day, day)):
            assert start + timedelta(minutes=120) + buffer <= window.lower or start >= window.upper + buffer

    def test_time_off_is_not_free(self, clean: Service, days: tuple[date, date], inside: Company) -> None:
        with transaction():
            away = Range(clock.now(), clock.now() + timedelta(days=10))
            save(TimeOff(worker_id=inside.worker.worker_id, during=away, reason="holiday"))
        assert of_ana(slots.free(clean, *days)) == []

    def test_a_worker_without_the_skill_is_not_offered(
        self, clean: Service, days: tuple[date, date], inside: Company
    ) -> None:
        with transaction():
            clean.skill = "windows"
            tenancy.get(Worker, inside.other_worker.worker_id).skills = ["windows"]
        assert {slot.worker for slot in slots.free(clean, *days)} == {"Ben Okafor"}

    def test_nothing_in_the_past_or_within_two_hours_is_offered(self, clean: Service) -> None:
        today = clock.now().astimezone(ZoneInfo("America/Los_Angeles")).date()
        assert all(slot.start >= clock.now() + slots.NOTICE for slot in slots.free(clean, today, today))

    def test_a_long_range_is_refused(self, clean: Service) -> None:
        with pytest.raises(Invalid, match="31 days"):
            slots.free(clean, date(2027, 1, 1), date(2036, 1, 1))

    def test_a_range_the_wrong_way_round_is_refused(self, clean: Service) -> None:
        with pytest.raises(Invalid):
            slots.free(clean, date(2027, 1, 2), date(2027, 1, 1))

    def test_suggestions_begin_with_the_wish(self, make: Make, nine: datetime) -> None:
        order = make(wished_at=nine)
        first, *others = slots.suggestions(order)
        assert (first.start, first.why) == (nine, "as wished")
        assert len(others) == 2

    def test_alternatives_keep_near_the_time_that_clashed(self, booked: Order, nine: datetime) -> None:
        found = slots.alternatives(booked, booked.id)
        assert len(found) == 3
        assert all(abs(slot.start - nine) <= timedelta(hours=4) for slot in found)


def test_another_companys_workers_are_never_offered(inside: Company, birch: Company, office: Actor, make: Make) -> None:
    order = make()
    names = {slot.worker_id for slot in slots.suggestions(order, 50)}
    assert names <= {inside.worker.worker_id, inside.other_worker.worker_id}
    assert birch.worker.worker_id not in names
