"""What is written about getting in and about the organization itself: to clients, workers, members, owners."""

from __future__ import annotations

from doorstep.core.actor import Org
from doorstep.notifications.messages import Message, OrderFacts, written


def client_link(org: Org, *, name: str, url: str, until: str, order: OrderFacts | None = None) -> Message:
    """Gives the client a link to all their orders, or to one; it can be opened until the day `until`."""
    return written("client_link", org, name, url=url, until=until, order=order)


def worker_link(org: Org, *, name: str, url: str, within: str) -> Message:
    """Gives a worker a link that signs them in once; `within` is how long it can be opened, e.g. `24 h`."""
    return written("worker_link", org, name, url=url, within=within)


def invitation(org: Org, *, name: str, invited_by: str, role: str, url: str, until: str) -> Message:
    """Invites somebody to join the organization; the link can be used until the day `until`."""
    return written("invitation", org, name, invited_by=invited_by, role=role, url=url, until=until)


def password_reset(org: Org | None, *, name: str, url: str, minutes: int) -> Message:
    """Gives a member a link to a new password, good for `minutes`; without organization Doorstep itself writes."""
    return written("password_reset", org, name, url=url, minutes=minutes)


def export_parked(org: Org, *, url: str, host: str, reason: str) -> Message:
    """Tells the owners that nothing is sent to an endpoint any more; `host` is where it lies, `url` its settings."""
    return written("export_parked", org, "", url=url, host=host, reason=reason)


def plan_limit(org: Org, *, url: str, percent: int, used: str) -> Message:
    """Tells the owners that a limit of their plan is near or reached; `used` says it in words, e.g. `160 of 200
    orders this month`."""
    return written("plan_limit", org, "", url=url, percent=percent, used=used, full=percent >= 100)
