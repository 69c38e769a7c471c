"""What an order of a service costs and how long it takes. Pure: from the service, never from a request."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from doorstep.catalog.models import Service
from doorstep.core.errors import invalid

RESERVE_PERCENT: Final = 15
WHOLE_CENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Estimate:
    """A price range in minor units and a duration. A `quoted` service has no price: the office names it."""

    low_cents: int | None
    high_cents: int | None
    minutes: int
    quoted: bool


def estimate(service: Service, extras: Collection[str]) -> Estimate:
    """Returns what the service with these extras (keys; repeated ones count once) is expected to cost.

    From the sum of the service and its extras to 15 % more, rounded up to whole units of the currency.
    Raises Invalid for an extra that the service does not have.
    """
    known = {extra["key"]: extra for extra in service.extras}
    chosen = set(extras)
    unknown = sorted(chosen - known.keys())
    if unknown:
        raise invalid("extras", f"{service.name} has no extra called {unknown[0][:40]}.")
    minutes = service.duration_minutes + sum(known[key]["minutes"] for key in chosen)
    if service.price_unit == "quote":
        return Estimate(None, None, minutes, quoted=True)
    low = base_cents(service) + sum(known[key]["price_cents"] for key in chosen)
    return Estimate(low, _with_reserve(low), minutes, quoted=False)


def base_cents(service: Service) -> int:
    """Returns the price of a visit without extras, in minor units; by the hour, of the usual duration."""
    if service.price_unit != "hour":
        return service.price_cents
    exact = Decimal(service.price_cents) * service.duration_minutes / 60
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _with_reserve(low_cents: int) -> int:
    hundredths = low_cents * (100 + RESERVE_PERCENT)
    return -(-hundredths // (100 * WHOLE_CENTS)) * WHOLE_CENTS
