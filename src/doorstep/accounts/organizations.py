"""Organizations: making one, finding one by its slug."""

from __future__ import annotations

import re
from typing import Final
from zoneinfo import available_timezones

from sqlalchemy import select

from doorstep.accounts.models import Organization
from doorstep.accounts.users import checked_name
from doorstep.core.errors import Conflict, NotFound, invalid
from doorstep.core.extensions import db
from doorstep.core.transaction import save

SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
CURRENCY: Final = re.compile(r"[A-Z]{3}")


def create(*, slug: str, name: str, timezone: str = "UTC", currency: str = "USD") -> Organization:
    """Returns the new organization. `currency` is an ISO 4217 code, `timezone` a name of the tz database.

    Raises Invalid for a value of the wrong form, Conflict when the slug is taken.
    """
    if not SLUG.fullmatch(slug):
        raise invalid("slug", "Use small letters, digits and hyphens, at most 40.")
    if timezone not in available_timezones():
        raise invalid("timezone", "Use a name such as Europe/Berlin.")
    if not CURRENCY.fullmatch(currency):
        raise invalid("currency", "Use three capital letters such as EUR.")
    if db.session.execute(select(Organization.id).where(Organization.slug == slug)).first():
        raise Conflict(f"The slug {slug} is taken.")
    return save(Organization(slug=slug, name=checked_name(name), timezone=timezone, currency=currency))


def named(slug: str) -> Organization:
    """Returns the active organization with this slug. Raises NotFound."""
    statement = select(Organization).where(Organization.slug == slug, Organization.active)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound(f"There is no organization {slug}.")
    return found
