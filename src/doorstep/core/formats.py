"""How money, times and lengths read. Pure; the templates' filters of the same names add zone and currency."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Final

SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "CHF": "CHF "}
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NO_MINOR_UNITS: Final = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF", "PYG", "RWF"})


def money(cents: int | None, currency: str) -> str:
    """Returns an amount of minor units as read by people, e.g. `−$14.50`; ISO 4217 decides the decimals."""
    if cents is None:
        return ""
    places = places_of(currency)
    amount = abs(Decimal(cents)) / (10**places)
    sign = "−" if cents < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{amount:,.{places}f}"


def places_of(currency: str) -> int:
    """Returns how many decimals the currency has (ISO 4217)."""
    return 0 if currency in NO_MINOR_UNITS else 2


def local(moment: datetime, zone: tzinfo) -> datetime:
    """Returns the moment as the clocks of `zone` show it."""
    return moment.astimezone(zone)


def day(moment: datetime | date, zone: tzinfo) -> str:
    """Returns e.g. `Tue 24 Nov`."""
    shown = local(moment, zone) if isinstance(moment, datetime) else moment
    return f"{DAYS[shown.weekday()][:3]} {shown.day} {MONTHS[shown.month - 1][:3]}"


def dated(moment: datetime | date, present: datetime, zone: tzinfo) -> str:
    """Returns the day, with its year unless that is the present one: `Tue 24 Nov` or `24 Nov 2025`."""
    shown = local(moment, zone) if isinstance(moment, datetime) else moment
    short = day(shown, zone)
    return short if shown.year == local(present, zone).year else f"{short.partition(' ')[2]} {shown.year}"


def long_day(moment: datetime | date, zone: tzinfo) -> str:
    """Returns e.g. `Tuesday 24 November`."""
    shown = local(moment, zone) if isinstance(moment, datetime) else moment
    return f"{DAYS[shown.weekday()]} {shown.day} {MONTHS[shown.month - 1]}"


def hm(moment: datetime, zone: tzinfo) -> str:
    """Returns e.g. `9:00`."""
    shown = local(moment, zone)
    return f"{shown.hour}:{shown.minute:02d}"


def window(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Returns e.g. `Tue 24 Nov, 9:00 – 11:30`; the second day is named when it is another."""
    same = local(start, zone).date() == local(end, zone).date()
    until = hm(end, zone) if same else f"{day(end, zone)}, {hm(end, zone)}"
    return f"{day(start, zone)}, {hm(start, zone)} – {until}"


def duration(minutes: int) -> str:
    """Returns e.g. `2 h 30 min`."""
    hours, rest = divmod(max(int(minutes), 0), 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return " ".join(parts)


def ago(moment: datetime, present: datetime, zone: tzinfo) -> str:
    """Returns how long ago in words while it is under a day, then the day."""
    seconds = (present - moment).total_seconds()
    if seconds < 0:
        return f"{day(moment, zone)}, {hm(moment, zone)}"
    for limit, unit, name in ((90, 1, None), (5400, 60, "min"), (86400, 3600, "h")):
        if seconds < limit:
            return "just now" if name is None else f"{round(seconds / unit)} {name} ago"
    return day(moment, zone)
