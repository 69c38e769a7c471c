"""What an order costs, computed from the service alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.catalog import pricing
from doorstep.catalog.models import Service
from doorstep.core.errors import Invalid

OVEN = {"key": "oven", "label": "Inside the oven", "price_cents": 3800, "minutes": 45}
FRIDGE = {"key": "fridge", "label": "Inside the fridge", "price_cents": 2800, "minutes": 30}


def service(price_cents: int = 12000, unit: str = "visit", minutes: int = 120) -> Service:
    return Service(
        name="Standard clean", price_cents=price_cents, price_unit=unit, duration_minutes=minutes, extras=[OVEN, FRIDGE]
    )


def test_a_visit_costs_its_price_up_to_fifteen_percent_more_in_whole_units() -> None:
    assert pricing.estimate(service(), []) == pricing.Estimate(12000, 13800, 120, quoted=False)
    assert pricing.estimate(service(12090), []).high_cents == 14000


def test_extras_add_their_price_and_their_time() -> None:
    found = pricing.estimate(service(), ["oven", "fridge"])
    assert (found.low_cents, found.minutes) == (12000 + 3800 + 2800, 120 + 45 + 30)


def test_an_extra_named_twice_is_paid_once() -> None:
    assert pricing.estimate(service(), ["oven", "oven"]) == pricing.estimate(service(), ["oven"])


def test_an_hourly_price_is_multiplied_by_the_usual_duration_and_extras_are_not() -> None:
    found = pricing.estimate(service(4000, "hour", 150), ["oven"])
    assert found.low_cents == 4000 * 150 // 60 + 3800


def test_half_a_cent_is_rounded_up() -> None:
    assert pricing.base_cents(service(1, "hour", 30)) == 1
    assert pricing.base_cents(service(1, "hour", 29)) == 0


def test_a_quoted_service_has_a_duration_but_no_price() -> None:
    found = pricing.estimate(service(12000, "quote"), ["oven"])
    assert found == pricing.Estimate(None, None, 165, quoted=True)


def test_an_extra_of_another_service_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as caught:
        pricing.estimate(service(), ["oven", "gutters"])
    assert caught.value.errors[0].field == "extras"
    assert "gutters" in caught.value.errors[0].message


prices = st.integers(0, 10_000_000)
units = st.sampled_from(["visit", "hour"])
durations = st.integers(5, 1440)
choices = st.lists(st.sampled_from(["oven", "fridge"]))


@given(prices, units, durations, choices)
def test_the_range_is_never_below_its_low_end_nor_more_than_it_promises(
    price: int, unit: str, minutes: int, extras: list[str]
) -> None:
    found = pricing.estimate(service(price, unit, minutes), extras)
    assert found.low_cents is not None
    assert found.high_cents is not None
    assert found.low_cents <= found.high_cents < found.low_cents * 1.15 + pricing.WHOLE_CENTS + 0.01
    assert found.high_cents % pricing.WHOLE_CENTS == 0


@given(prices, units, durations, choices, st.sampled_from(["oven", "fridge"]))
def test_one_more_extra_never_makes_it_cheaper_or_shorter(
    price: int, unit: str, minutes: int, extras: list[str], more: str
) -> None:
    before, after = (pricing.estimate(service(price, unit, minutes), chosen) for chosen in (extras, [*extras, more]))
    assert (after.low_cents or 0) >= (before.low_cents or 0)
    assert (after.high_cents or 0) >= (before.high_cents or 0)
    assert after.minutes >= before.minutes


@given(prices, units, durations, st.permutations(["oven", "fridge"]))
def test_the_order_of_the_extras_does_not_matter(price: int, unit: str, minutes: int, extras: list[str]) -> None:
    one = service(price, unit, minutes)
    assert pricing.estimate(one, extras) == pricing.estimate(one, ["oven", "fridge"])
