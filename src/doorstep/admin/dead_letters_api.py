"""Mails that were given up, as JSON: the operator's view of all, and an organization's of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from doorstep.admin.message_previews import without_links
from doorstep.core import dead_letters, tenancy
from doorstep.core.actor import OPERATE, Actor
from doorstep.core.extensions import db
from doorstep.core.http.paging import by_time, split
from doorstep.core.transaction import transaction
from doorstep.notifications.models import OutgoingEmail

Told = dict[str, Any]
KEYS = by_time(OutgoingEmail.finished_at, OutgoingEmail.id)


def email_letters(who: Actor, query: Told) -> Told:
    """Mails that were given up, the newest first, each with the reason."""
    before = tuple(KEYS.values(query["cursor"])) if query["cursor"] else None
    with _reach(who):
        rows = dead_letters.newest(OutgoingEmail, query["limit"] + 1, before)
        shown, following = split(rows, query["limit"], lambda row: (row.finished_at, str(row.id)))
        return {"items": [_shape(row) for row in shown], "next_cursor": following}


def email_letter(who: Actor, mail_id: UUID) -> Told:
    """One mail of the queue with its text, whatever became of it. Of addresses in it only the host is shown: they may
    let in who has them."""
    with _reach(who):
        row = dead_letters.find(OutgoingEmail, mail_id)
        return {**_shape(row), "text": without_links(row.text)}


def email_replay(who: Actor, mail_id: UUID, query: Told) -> Told:
    """Send it again, under the same Message-ID. With `dry_run` it is only said that it could be."""
    with _reach(who):
        return _shape(dead_letters.replay_one(OutgoingEmail, mail_id, dry=query["dry_run"]))


def email_replay_many(who: Actor, query: Told, body: Told) -> Told:
    """Send again what was given up, up to 1,000 mails at once: all, of one purpose, or since a moment."""
    wanted = []
    if body["purpose"]:
        wanted.append(OutgoingEmail.purpose == body["purpose"])
    if body["since"]:
        wanted.append(OutgoingEmail.finished_at >= body["since"])
    with _reach(who):
        return {"count": dead_letters.replay_many(OutgoingEmail, *wanted, dry=query["dry_run"])}


@contextmanager
def _reach(who: Actor) -> Iterator[None]:
    """The operator reaches all organizations' rows, anybody else those of their own."""
    db.session.rollback()  # what was read to let somebody in
    if who.may(OPERATE):
        with tenancy.system_scope("the operator looks after dead letters"), transaction():
            yield
    else:
        with transaction():
            yield


def _shape(row: OutgoingEmail) -> Told:
    return {
        "id": row.id, "org_id": row.org_id, "purpose": row.purpose, "to": row.to_address, "subject": row.subject,
        "cause": row.cause, "order_id": row.order_id, "client_id": row.client_id, "state": row.state,
        "attempts": row.attempts, "error": row.last_error, "created_at": row.created_at,
        "finished_at": row.finished_at, "next_at": row.next_at,
    }  # fmt: skip
