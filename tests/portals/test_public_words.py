"""How prices and companies read to visitors."""

from __future__ import annotations

from typing import Any

import pytest

from doorstep.catalog import pricing
from doorstep.catalog.models import Service
from doorstep.core.actor import Org
from doorstep.portals import public_words
from tests.cast import ALDER


def org(timezone: str = "America/Los_Angeles", **settings: Any) -> Org:
    return Org(ALDER.id, "alder", "Alder Cleaning", timezone, "USD", settings=settings)


def service(price_cents: int, unit: str = "visit") -> Service:
    return Service(name="Clean", price_cents=price_cents, price_unit=unit, duration_minutes=150, extras=[])


@pytest.mark.parametrize(
    ("price_cents", "unit", "currency", "said"),
    [
        (12000, "visit", "USD", ("from", "$120")),
        (12050, "visit", "USD", ("from", "$120.50")),
        (4000, "hour", "EUR", ("from", "€40 an hour")),
        (9000, "visit", "JPY", ("from", "JPY 9,000")),
        (0, "quote", "USD", ("", "by quote")),
    ],
)
def test_a_price_is_said_in_one_line(price_cents: int, unit: str, currency: str, said: tuple[str, str]) -> None:
    assert public_words.price_of(service(price_cents, unit), currency) == said


@pytest.mark.parametrize(
    ("price_cents", "unit", "said"),
    [(12000, "visit", "$120 – $138"), (4000, "hour", "$100 – $115"), (0, "visit", "$0"), (9900, "quote", "by quote")],
)
def test_an_estimate_is_a_range_in_words(price_cents: int, unit: str, said: str) -> None:
    words = public_words.estimate_words(pricing.estimate(service(price_cents, unit), []), "USD")
    assert (words["price"], words["time"]) == (said, "about 2 h 30 min")


def test_a_company_that_says_nothing_has_plain_words() -> None:
    company = public_words.company(org())
    assert (company.name, company.phone, company.facts) == ("Alder Cleaning", "", ())
    assert company.promise
    assert company.about
    assert company.answers_within == "one working day"


def test_facts_are_texts_or_have_an_icon_and_four_are_shown() -> None:
    facts = ["Insured", {"icon": "star", "text": "4.9"}, {"text": ""}, "", "Local", "Kind", "Quick"]
    shown = public_words.company(org(facts=facts)).facts
    assert shown == (("circle-check", "Insured"), ("star", "4.9"), ("circle-check", "Local"), ("circle-check", "Kind"))


def test_clocks_are_named_after_the_place_else_the_zone() -> None:
    assert public_words.clocks(org(place="Portland, Oregon")) == "Portland"
    assert public_words.clocks(org()) == "Los Angeles"
    assert public_words.clocks(org("UTC")) == "UTC"
