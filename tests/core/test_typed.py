"""What people type: amounts and times on the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from doorstep.core import typed

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "currency", "cents"),
    [
        ("118", "USD", 11800),
        ("118.5", "USD", 11850),
        ("118,50", "EUR", 11850),
        (" $1,180.00 ", "USD", 118000),
        ("1 180", "USD", 118000),
        ("0", "USD", 0),
        ("118.500", "USD", 11850),
        ("11800", "JPY", 11800),
        ("11800.00", "JPY", 11800),
    ],
)
def test_an_amount_is_understood_as_people_write_it(text: str, currency: str, cents: int) -> None:
    assert typed.cents(text, currency) == cents


@pytest.mark.parametrize("text", ["", "free", "-5", "1.2.3", "12e3", "118.505", "999999999999", "12x"])
def test_what_is_no_amount_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"Type an amount|decimals"):
        typed.cents(text, "USD")


@given(some.integers(0, 10**10), some.sampled_from(["USD", "EUR", "JPY"]))
def test_an_amount_that_is_shown_reads_back_the_same(cents: int, currency: str) -> None:
    assert typed.cents(typed.amount(cents, currency), currency) == cents


def test_a_time_is_that_of_the_organizations_clocks() -> None:
    assert typed.moment(date(2026, 11, 24), time(9), BERLIN) == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert typed.moment(date(2026, 7, 24), time(9), BERLIN) == datetime(2026, 7, 24, 7, tzinfo=UTC)


def test_of_the_hour_that_comes_twice_it_is_the_first() -> None:
    assert typed.moment(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_a_year_out_of_reach_is_refused_in_words(year: int) -> None:
    with pytest.raises(ValueError, match="between 2000 and 2100"):
        typed.moment(date(year, 12, 31), time(23, 59), BERLIN)


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(ValueError, match="clocks are put forward"):
        typed.moment(date(2026, 3, 29), time(2, 30), BERLIN)
