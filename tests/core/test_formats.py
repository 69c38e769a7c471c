"""How money, times and lengths read, also where the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from doorstep.core import formats

PORTLAND = ZoneInfo("America/Los_Angeles")
BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 11, 24, 17, tzinfo=UTC)  # 9:00 in Portland


@pytest.mark.parametrize(
    ("cents", "currency", "read"),
    [
        (0, "USD", "$0.00"),
        (1450, "USD", "$14.50"),
        (-1450, "USD", "−$14.50"),
        (123456789, "EUR", "€1,234,567.89"),
        (5, "GBP", "£0.05"),
        (1200, "JPY", "JPY 1,200"),
        (1200, "SEK", "SEK 12.00"),
        (None, "USD", ""),
    ],
)
def test_money(cents: int | None, currency: str, read: str) -> None:
    assert formats.money(cents, currency) == read


def test_money_stays_exact_where_a_float_would_not() -> None:
    assert formats.money(90071992547409931, "USD") == "$900,719,925,474,099.31"


def test_times_are_those_of_the_organization_s_clocks() -> None:
    assert formats.hm(NINE, PORTLAND) == "9:00"
    assert formats.hm(NINE, BERLIN) == "18:00"
    assert formats.day(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), BERLIN) == "Wed 25 Nov"
    assert formats.day(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), PORTLAND) == "Tue 24 Nov"


def test_a_date_is_no_moment_and_is_not_moved() -> None:
    assert formats.day(date(2026, 11, 4), PORTLAND) == "Wed 4 Nov"
    assert formats.long_day(date(2026, 11, 4), PORTLAND) == "Wednesday 4 November"


def test_a_window_names_the_day_once() -> None:
    assert formats.window(NINE, NINE + timedelta(minutes=150), PORTLAND) == "Tue 24 Nov, 9:00 – 11:30"


def test_a_window_over_midnight_names_both_days() -> None:
    late = datetime(2026, 11, 25, 7, tzinfo=UTC)
    assert formats.window(late, late + timedelta(hours=2), PORTLAND) == "Tue 24 Nov, 23:00 – Wed 25 Nov, 1:00"


def test_two_hours_over_the_lost_hour_of_spring_end_three_on_the_clock() -> None:
    start = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 1:30 in Berlin; 2:00 becomes 3:00
    assert formats.window(start, start + timedelta(hours=2), BERLIN) == "Sun 29 Mar, 1:30 – 4:30"


def test_an_hour_over_the_doubled_hour_of_autumn_ends_where_it_began() -> None:
    start = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)  # 1:30 in Portland, for the first time
    assert formats.window(start, start + timedelta(hours=1), PORTLAND) == "Sun 1 Nov, 1:30 – 1:30"
    assert formats.window(start, start + timedelta(hours=2), PORTLAND) == "Sun 1 Nov, 1:30 – 2:30"


def test_a_day_of_another_year_says_which() -> None:
    new_year = datetime(2027, 1, 1, 7, 30, tzinfo=UTC)  # still the old year in Portland
    assert formats.dated(NINE, new_year, PORTLAND) == "Tue 24 Nov"
    assert formats.dated(NINE, new_year, BERLIN) == "24 Nov 2026"
    assert formats.dated(new_year, NINE, BERLIN) == "1 Jan 2027"


@pytest.mark.parametrize(
    ("minutes", "read"),
    [(0, "0 min"), (-5, "0 min"), (45, "45 min"), (60, "1 h"), (150, "2 h 30 min"), (1440, "24 h")],
)
def test_durations(minutes: int, read: str) -> None:
    assert formats.duration(minutes) == read


@pytest.mark.parametrize(
    ("seconds", "read"),
    [
        (0, "just now"),
        (89, "just now"),
        (90, "2 min ago"),
        (300, "5 min ago"),
        (3600, "60 min ago"),
        (5400, "2 h ago"),
        (23 * 3600, "23 h ago"),
        (86400, "Mon 23 Nov"),
        (-1, "Tue 24 Nov, 9:00"),
    ],
)
def test_how_long_ago(seconds: int, read: str) -> None:
    assert (
        formats.ago(NINE - timedelta(seconds=seconds), NINE if seconds >= 0 else NINE - timedelta(seconds=1), PORTLAND)
        == read
    )
