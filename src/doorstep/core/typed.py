"""What people type, understood: amounts of money and times on the clock. Pure; `formats` is the way back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from doorstep.core.formats import places_of

AMOUNT: Final = re.compile(r"(\d{1,11})(?:\.(\d+))?")
YEARS: Final = range(2000, 2101)
GROUPED: Final = re.compile(r"\d{1,3}(?:[ ,']\d{3})+(?:\.\d+)?")


def cents(text: str, currency: str) -> int:
    """Returns an amount as typed (`118`, `118.50`, `118,50`, `1,180.00`) in minor units of the currency.

    Raises ValueError, a sentence to be shown, for what is not an amount or has more decimals than the currency.
    """
    places = places_of(currency)
    bare = text.strip().lstrip("$€£").strip()
    plain = re.sub(r"[ ,']", "", bare) if GROUPED.fullmatch(bare) else bare.replace(",", ".")
    found = AMOUNT.fullmatch(plain)
    if found is None:
        raise ValueError("Type an amount such as 118 or 118.50." if places else "Type an amount such as 11800.")
    decimals = (found[2] or "").rstrip("0")
    if len(decimals) > places:
        raise ValueError(f"{currency} has {places or 'no'} decimals.")
    return int(found[1] + decimals.ljust(places, "0"))


def amount(value: int | None, currency: str) -> str:
    """Returns minor units as they are typed, e.g. `118.50`; an empty text for None."""
    if value is None:
        return ""
    places = places_of(currency)
    whole, rest = divmod(value, 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Returns the moment at which the clocks of `zone` show this, in UTC; of the hour that comes twice the first.

    Raises ValueError, a sentence to be shown, for a time that is skipped when clocks are put forward, and for a year
    that is surely a slip of the finger.
    """
    if day.year not in YEARS:
        raise ValueError(f"Choose a day between {YEARS[0]} and {YEARS[-1]}.")
    local = datetime.combine(day, at, zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError("This time does not exist on that day: the clocks are put forward then.")
    return found
