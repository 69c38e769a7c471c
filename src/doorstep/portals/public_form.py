"""What the request form shows: services, extras, times and the estimate, with everything that was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from marshmallow import ValidationError

from doorstep.catalog import pricing
from doorstep.catalog import service as catalog
from doorstep.catalog.models import Service
from doorstep.core import formats, ids
from doorstep.core.actor import Actor, Org
from doorstep.core.http.inputs import Form
from doorstep.portals import brand, public_photos, public_schemas, public_times, public_words
from doorstep.portals.public_times import OfferedDay

LABELS: Final[Mapping[str, str]] = {
    "service": "What you need",
    "extras": "Extras",
    "address": "Street address",
    "city": "City",
    "postal_code": "Postal code",
    "access_notes": "How we get in",
    "photos": "Photos",
    "wished_at": "Time",
    "wish_note": "About the time",
    "name": "Your name",
    "email": "Email",
    "phone": "Phone",
    "details": "Anything else",
    "website": "Website",
}


def context(who: Actor, form: Form, *, lost_photos: int = 0) -> dict[str, Any]:
    """Returns what the page needs; `lost_photos` were chosen and, since the form comes back, must be chosen again."""
    services = catalog.public_services()
    chosen = chosen_service(services, form)
    return {
        **frame(who.home),
        "form": form,
        "token": form.value("token") or ids.secret(24),
        "errors": form.by_field(),
        "labels": LABELS,
        "lost_photos": lost_photos,
        "most_photos": public_photos.MOST,
        "chosen": chosen,
        "services": [_card(service, who.home.currency) for service in services],
        "extras": [_extras(service, who.home.currency) for service in services if service.extras],
        **(_when_and_price(chosen, form, who.home) if chosen else {}),
    }


def frame(org: Org) -> dict[str, Any]:
    """Returns what the layout of a company's public pages needs."""
    company = public_words.company(org)
    return {
        "company": company,
        "organization": company,
        "organization_line": company.place,
        "organization_phone": company.phone,
        "home_href": f"/b/{org.slug}",
        "brand_stylesheet": brand.stylesheet_url(org),
    }


def chosen_service(services: Iterable[Service], form: Form) -> Service | None:
    """Returns the chosen service, or the first one while none of those offered is chosen."""
    found = list(services)
    named = {str(service.id): service for service in found}
    return named.get(str(form.value("service")), found[0] if found else None)


def _when_and_price(service: Service, form: Form, org: Org) -> dict[str, Any]:
    keys = _known_extras(service, form.value("extras", []))
    found = pricing.estimate(service, keys)
    days = public_times.coming_days(service, found.minutes, org.zone)
    wished = _wished(form)
    return {
        "estimate": public_words.estimate_words(found, org.currency),
        "chosen_extras": [extra["label"] for extra in service.extras if extra["key"] in keys],
        "days": [_day(offered, org) for offered in days],
        "clocks": public_words.clocks(org),
        "day": _chosen_day(days, wished, org),
        "wished": "any" if form.value("wished_at") == public_schemas.ANY_TIME else wished.isoformat() if wished else "",
        "arrives": _arrival(wished, org) if wished else "",
    }


def _known_extras(service: Service, values: list[str]) -> list[str]:
    known = {extra["key"] for extra in service.extras}
    return [key for key in public_schemas.chosen_extras(values, service.id) if key in known]


def _wished(form: Form) -> datetime | None:
    """Returns the start that was chosen, if it can be chosen still."""
    if form.error("wished_at"):
        return None
    try:
        wished: datetime | None = public_schemas.WishedAt().deserialize(form.value("wished_at"))
    except ValidationError:
        return None
    return wished


def _day(offered: OfferedDay, org: Org) -> dict[str, Any]:
    options = [
        {"value": at.isoformat(), "label": formats.hm(at, org.zone), "words": _arrival(at, org)}
        for at in offered.starts
    ]
    count = len(options)
    return {
        "value": offered.day.isoformat(),
        "weekday": f"{offered.day:%a}",
        "number": offered.day.day,
        "note": f"{count} free",
        "title": formats.long_day(offered.day, org.zone),
        "options": options,
    }


def _chosen_day(days: list[OfferedDay], wished: datetime | None, org: Org) -> str:
    wanted: date | None = wished.astimezone(org.zone).date() if wished else None
    if wanted in [offered.day for offered in days] and wanted is not None:
        return wanted.isoformat()
    return days[0].day.isoformat() if days else ""


def _arrival(at: datetime, org: Org) -> str:
    return f"{formats.day(at, org.zone)}, {formats.hm(at, org.zone)}"


def _card(service: Service, currency: str) -> dict[str, Any]:
    before, price = public_words.price_of(service, currency)
    return {
        "value": str(service.id), "title": service.name, "detail": service.description, "icon": service.icon,
        "price_note": before, "price": price,
    }  # fmt: skip


def _extras(service: Service, currency: str) -> dict[str, Any]:
    quoted = service.price_unit == "quote"
    return {
        "service": service,
        "options": [
            {
                "value": f"{service.id}/{extra['key']}",
                "label": extra["label"],
                "note": "" if quoted else public_words.short_money(extra["price_cents"], currency),
            }
            for extra in service.extras
        ],
    }


def read_service(given: str | None) -> UUID | None:
    """Returns the service named in an address, or None."""
    try:
        return UUID(given or "")
    except ValueError:
        return None
