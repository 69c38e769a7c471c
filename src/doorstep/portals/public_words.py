"""How prices and companies read to visitors. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from doorstep.catalog.models import Service
from doorstep.catalog.pricing import Estimate
from doorstep.core import formats
from doorstep.core.actor import Org

BY_QUOTE: Final = "by quote"
FACT_ICON: Final = "circle-check"
MOST_FACTS: Final = 4
PROMISE: Final = "Ask for a visit in two minutes"
ABOUT: Final = (
    "Choose what you need and when. You see the price range before you send anything, and pay after the work."
)


@dataclass(frozen=True, slots=True)
class Company:
    """What an organization says about itself on its public page, from its settings."""

    slug: str
    name: str
    phone: str
    place: str
    promise: str
    about: str
    facts: tuple[tuple[str, str], ...]
    answers_within: str


def company(org: Org) -> Company:
    """Returns what the organization says about itself, with plain words where it says nothing.

    Settings: `phone`, `place`, `promise` (the heading), `about`, `facts` (texts, or `{"icon", "text"}`; at most four),
    `answers_within`, such as `one working hour`.
    """
    said = org.settings
    return Company(
        slug=org.slug,
        name=org.name,
        phone=_text(said, "phone"),
        place=_text(said, "place"),
        promise=_text(said, "promise", PROMISE),
        about=_text(said, "about", ABOUT),
        facts=_facts(said.get("facts")),
        answers_within=_text(said, "answers_within", "one working day"),
    )


def clocks(org: Org) -> str:
    """Returns whose clocks a page shows, e.g. `Portland`: the company's place, else the city of its zone."""
    return _text(org.settings, "place").partition(",")[0] or org.timezone.rpartition("/")[2].replace("_", " ")


def price_of(service: Service, currency: str) -> tuple[str, str]:
    """Returns the words before a service's price and the price: `("from", "$40 an hour")`, `("", "by quote")`."""
    if service.price_unit == "quote":
        return "", BY_QUOTE
    unit = " an hour" if service.price_unit == "hour" else ""
    return "from", short_money(service.price_cents, currency) + unit


def estimate_words(found: Estimate, currency: str) -> dict[str, Any]:
    """Returns an estimate as numbers and in words: `price` is e.g. `$290 – $334`, `time` e.g. `about 4 h`."""
    return {
        "low_cents": found.low_cents,
        "high_cents": found.high_cents,
        "minutes": found.minutes,
        "quoted": found.quoted,
        "price": _range(found, currency),
        "time": f"about {formats.duration(found.minutes)}",
    }


def short_money(cents: int | None, currency: str) -> str:
    """Returns an amount without `.00`, for estimates: `$118`, but `$118.50`."""
    return formats.money(cents, currency).removesuffix(".00")


def _range(found: Estimate, currency: str) -> str:
    if found.quoted:
        return BY_QUOTE
    low, high = (short_money(cents, currency) for cents in (found.low_cents, found.high_cents))
    return low if low == high else f"{low} – {high}"


def _text(said: Mapping[str, Any], name: str, otherwise: str = "") -> str:
    value = said.get(name)
    return value.strip() if isinstance(value, str) and value.strip() else otherwise


def _facts(given: object) -> tuple[tuple[str, str], ...]:
    rows = given if isinstance(given, list) else []
    pairs = [
        (row.get("icon", FACT_ICON), row.get("text", "")) if isinstance(row, dict) else (FACT_ICON, row) for row in rows
    ]
    return tuple((str(icon), str(text)) for icon, text in pairs if text)[:MOST_FACTS]
