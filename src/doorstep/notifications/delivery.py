"""Sending what is queued, by the sender of the settings. At least once: a process that dies between sending and
writing that it sent leaves a lease that runs out, and the repeated mail bears the same Message-ID.

A server that is down costs the mails nothing: the circuit opens, one mail now and then finds out whether it is up
again, and such a try does not count. What is the fault of a mail (its address, its content) parks that mail only.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select, update

from doorstep.backends import registry
from doorstep.backends.email.interface import EmailError, Envelope
from doorstep.core import current, queue
from doorstep.core.circuits import CLOSED, OPEN, Circuit
from doorstep.core.extensions import db
from doorstep.core.queue import Backoff
from doorstep.core.work import Work
from doorstep.notifications.models import OutgoingEmail

log = logging.getLogger(__name__)

# Longer than any sender's timeouts together: while a mail is under way, nobody else takes it.
LEASE: Final = timedelta(minutes=15)
TOO_LATE: Final = "it was too late for this mail"
SWITCHED_OFF: Final = "EMAIL_MODE is off"
UNSUBSCRIBE: Final = "List-Unsubscribe"


def circuit() -> Circuit:
    """Returns the breaker of the mail server."""
    chosen = current.settings()
    return Circuit(
        "email",
        chosen.email_circuit_failures,
        chosen.email_circuit_open_seconds,
        chosen.email_circuit_open_max_seconds,
    )


def backoff() -> Backoff:
    """Returns how often and how long apart one mail is tried."""
    chosen = current.settings()
    return Backoff(chosen.email_max_retries, chosen.email_retry_backoff_seconds, chosen.email_retry_backoff_max_seconds)


def deliver(work: Work) -> Mapping[str, Any]:
    """Returns how many mails were sent, put off, parked (`dead`), too late or, with sending switched off, let go.

    Pretending, it says how many it would try.
    """
    counts: Counter[str] = Counter()
    if work.dry:
        with work.part("the queue of mails is looked at"):
            return {"due": _due()}
    with work.part("mails that are not true any more"):
        counts["too_late"] = _let_go(work, TOO_LATE, OutgoingEmail.stale_at <= func.now())
        if registry.email().name == "off":
            counts["switched_off"] = _let_go(work, SWITCHED_OFF)
    while work.has_time and (row := _next(work)) is not None:
        counts[_send(work, row)] += 1
    return {name: count for name, count in counts.items() if count}


def _due() -> int:
    waiting = OutgoingEmail.state.in_(("due", "sending")), OutgoingEmail.next_at <= func.now()
    return int(db.session.execute(select(func.count(OutgoingEmail.id)).where(*waiting)).scalar_one())


def _let_go(work: Work, why: str, *conditions: Any) -> int:
    """Returns how many mails that nobody has begun to send are cancelled."""
    ended = update(OutgoingEmail).where(OutgoingEmail.state == "due", *conditions)
    return work.rows_of(ended.values(state="cancelled", finished_at=func.now(), last_error=why))


def _next(work: Work) -> OutgoingEmail | None:
    """Returns the mail that is due for longest, leased; None when none is, or the server is left alone for a while."""
    with work.part("a mail is claimed"):
        if circuit().standing().state == OPEN:
            return None
        rows = queue.claim(OutgoingEmail, 1, LEASE)
        return rows[0] if rows else None


def _send(work: Work, row: OutgoingEmail) -> str:
    """Returns what became of the mail: `sent`, `put_off` or `dead`. Nothing is open in the database while it is under
    way."""
    try:
        vendor_id = registry.email().send(_envelope(row))
    except EmailError as error:
        with work.part("a mail was not sent"):
            return _failed(row, error)
    except Exception as error:
        log.exception("the sender failed on mail %s", row.id)
        with work.part("a mail was not sent"):
            return _failed(row, EmailError(f"our mistake: {type(error).__name__}", permanent=False, alive=True))
    with work.part("a mail was sent"):
        queue.settle_sent(row, vendor_id=vendor_id)
        _went_well()
    return "sent"


def _failed(row: OutgoingEmail, error: EmailError) -> str:
    """Writes what the failure means for the mail, and for the server."""
    probing = circuit().standing().state != CLOSED
    if error.alive:
        _went_well()
    elif circuit().bad(str(error), wait=error.retry_after or 0):
        log.error("sending mails pauses: %s", error)
    queue.settle_failed(row, str(error), backoff(), permanent=error.permanent, counts=error.alive or not probing)
    state = db.session.execute(select(OutgoingEmail.state).where(OutgoingEmail.id == row.id)).scalar_one()
    return "dead" if state == "dead" else "put_off"


def _went_well() -> None:
    if circuit().good():
        log.warning("the mail server answers again")


def _envelope(row: OutgoingEmail) -> Envelope:
    chosen = current.settings()
    headers = {"Auto-Submitted": "auto-generated"}
    if row.unsubscribe_url:
        headers |= {UNSUBSCRIBE: f"<{row.unsubscribe_url}>", f"{UNSUBSCRIBE}-Post": "List-Unsubscribe=One-Click"}
    return Envelope(
        message_id=str(row.id),
        from_address=chosen.email_from,
        from_name=row.from_name or chosen.email_from_name,
        to_address=row.to_address,
        to_name=row.to_name,
        reply_to=row.reply_to,
        subject=row.subject,
        text=row.text,
        html=row.html,
        purpose=row.purpose,
        org_id=str(row.org_id),
        headers=headers,
    )
