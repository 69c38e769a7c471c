"""The organization's workers, their time off and their one-time links as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from doorstep.accounts import invitations, workers
from doorstep.accounts.models import TimeOff, Worker
from doorstep.auth import links
from doorstep.core import current
from doorstep.core.actor import Actor
from doorstep.core.transaction import transaction


def worker_list(who: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The workers by name; with `inactive` also those who get no orders any more."""
    found, following = workers.rows(**query)
    return {"items": [shape(row) for row in found], "next_cursor": following}


def worker_read(who: Actor, worker_id: UUID) -> dict[str, Any]:
    """One worker."""
    return shape(workers.find(worker_id))


def worker_create(who: Actor, body: dict[str, Any]) -> dict[str, Any]:
    """Add a worker; with `email` they are invited to sign in."""
    email = body.pop("email", "")
    with transaction():
        worker = workers.add(who, body)
        if email:
            invitations.invite(who, email=email, name=worker.name, role="worker", worker_id=worker.id)
    return shape(worker)


def worker_change(who: Actor, worker_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """Change what is given; `active: false` takes the worker off the list."""
    with transaction():
        return shape(workers.change(who, worker_id, body))


def worker_link(who: Actor, worker_id: UUID) -> dict[str, Any]:
    """Make a link that signs the worker in once, also as a QR code. Former ones are dead."""
    with transaction():
        url = links.absolute(links.worker_link(workers.find(worker_id).user_id, who.home.id))
    return {"url": url, "qr_svg": links.qr_svg(url), "minutes": current.settings().worker_link_ttl_minutes}


def time_off_list(who: Actor, worker_id: UUID, query: dict[str, Any]) -> dict[str, Any]:
    """When the worker is away, soonest first; what is over is left out."""
    found, following = workers.time_off(worker_id, **query)
    return {"items": [time_off_shape(row) for row in found], "next_cursor": following}


def time_off_create(who: Actor, worker_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """Say when the worker is away."""
    with transaction():
        return time_off_shape(workers.add_time_off(who, worker_id, **body))


def time_off_remove(who: Actor, worker_id: UUID, time_off_id: UUID) -> None:
    """Take a time off back."""
    with transaction():
        workers.remove_time_off(who, worker_id, time_off_id)


def shape(row: Worker) -> dict[str, Any]:
    """Returns a worker as `WorkerSchema` says."""
    return {
        "id": row.id, "user_id": row.user_id, "name": row.name, "phone": row.phone, "colour": row.colour,
        "skills": row.skills, "weekly_hours": row.weekly_hours, "active": row.active,
    }  # fmt: skip


def time_off_shape(row: TimeOff) -> dict[str, Any]:
    """Returns a time off as `TimeOffSchema` says."""
    return {"id": row.id, "start": row.during.lower, "end": row.during.upper, "reason": row.reason}
