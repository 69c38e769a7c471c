"""The JSON API of a company's public page: what it offers, when, for how much; a request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from doorstep.catalog import service as catalog
from doorstep.core.actor import Actor
from doorstep.core.transaction import transaction
from doorstep.portals import public_orders, public_times, public_words
from doorstep.portals.public_schemas import PublicServiceSchema


def company(who: Actor, slug: str) -> dict[str, Any]:
    """What the company offers."""
    org, said = who.home, public_words.company(who.home)
    return {
        "slug": slug,
        "name": org.name,
        "phone": said.phone,
        "about": said.about,
        "timezone": org.timezone,
        "currency": org.currency,
        "services": PublicServiceSchema(many=True).dump(catalog.public_services()),
    }


def times(who: Actor, slug: str, query: dict[str, Any]) -> dict[str, Any]:
    """Free times for a service.

    At most 31 days at once, up to half a year ahead. Extras make the visit longer.
    """
    public_times.check_range(query["first"], query["last"], who.home.zone)
    service, expected = public_orders.estimate(query)
    starts = public_times.starts(service, query["first"], query["last"], expected.minutes)
    length = timedelta(minutes=expected.minutes)
    return {"items": [{"start": at, "end": at + length} for at in starts], "timezone": who.home.timezone}


def estimate(who: Actor, slug: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a choice is expected to cost."""
    _, expected = public_orders.estimate(body)
    return public_words.estimate_words(expected, who.home.currency)


def request_visit(who: Actor, slug: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask for a visit.

    The price is the service's own. A wished time that is not free is refused with the free ones (`starts`). The link
    to the order is sent to the e-mail address.
    """
    _, expected = public_orders.estimate(body)
    with transaction():
        order = public_orders.place(who, body)
    return {
        "number": order.number,
        "status": order.status,
        "estimate": public_words.estimate_words(expected, order.currency),
    }
