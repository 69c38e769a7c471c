"""The times a visitor can wish."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from doorstep.catalog import service as catalog
from doorstep.catalog.models import Service
from doorstep.core import clock, tenancy
from doorstep.core.errors import Conflict
from doorstep.portals import public_times
from tests.cast import ALDER
from tests.portals.public_stage import MONDAY

BERLIN = ZoneInfo("Europe/Berlin")
LA = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def standard(context: Flask) -> Iterator[Service]:
    with tenancy.org_scope(ALDER.id), clock.held_at(MONDAY):
        yield catalog.get(ALDER.service_id)


def test_two_weeks_are_offered_with_one_start_an_hour(standard: Service) -> None:
    days = public_times.coming_days(standard, 120, LA)
    assert [offered.day for offered in days] == [date(2026, 11, 23) + timedelta(days=n) for n in range(14)]
    assert [at.astimezone(LA).hour for at in days[1].starts] == list(range(8, 17))


def test_only_what_is_free_can_be_wished(standard: Service) -> None:
    nine = datetime(2026, 11, 24, 17, tzinfo=UTC)
    public_times.check_free(standard, nine, 120, LA)
    public_times.check_free(standard, nine + timedelta(minutes=30), 120, LA)
    for wrong in (nine + timedelta(minutes=7), nine + timedelta(hours=12), MONDAY - timedelta(days=7)):
        with pytest.raises(Conflict) as caught:
            public_times.check_free(standard, wrong, 120, LA)
        assert nine in caught.value.extra["starts"]


def test_a_longer_visit_has_to_end_before_the_day_does(standard: Service) -> None:
    half_past_three = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    public_times.check_free(standard, half_past_three, 120, LA)
    with pytest.raises(Conflict):
        public_times.check_free(standard, half_past_three, 165, LA)


def test_when_the_clocks_go_back_both_hours_are_offered() -> None:
    night = [datetime(2026, 10, 25, 0, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(4)]
    [offered] = public_times.by_day(night, BERLIN)
    assert offered.starts == (night[0], night[2])
    assert [at.astimezone(BERLIN).hour for at in offered.starts] == [2, 2]


def test_a_start_belongs_to_the_companys_day() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert public_times.by_day([late], BERLIN)[0].day == date(2026, 11, 25)
    assert public_times.by_day([late], LA)[0].day == date(2026, 11, 24)


@given(st.lists(st.integers(0, 48 * 40), max_size=60).map(sorted), st.sampled_from([BERLIN, LA]))
def test_every_free_hour_is_offered_once_and_nothing_else(steps: list[int], zone: ZoneInfo) -> None:
    moments = [datetime(2026, 10, 20, tzinfo=UTC) + timedelta(minutes=30 * step) for step in steps]
    days = public_times.by_day(moments, zone)
    shown = [at for offered in days for at in offered.starts]
    assert set(shown) <= set(moments)
    assert shown == sorted(set(shown))
    assert {at.replace(minute=0) for at in shown} == {at.replace(minute=0) for at in moments}
