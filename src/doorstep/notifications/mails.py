"""Looking at the organization's mails, and what a person may do to one: send it again, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import load_only

from doorstep.core import clock, queue, tenancy
from doorstep.core.errors import Conflict
from doorstep.core.extensions import db
from doorstep.core.http.paging import by_time, split
from doorstep.core.transaction import save
from doorstep.notifications.models import OutgoingEmail

NEWEST: Final = by_time(OutgoingEmail.created_at, OutgoingEmail.id)
# A list needs no texts: they are far longer than all the rest of a row.
IN_A_LIST: Final = (
    OutgoingEmail.purpose, OutgoingEmail.subject, OutgoingEmail.to_address, OutgoingEmail.to_name, OutgoingEmail.cause,
    OutgoingEmail.state, OutgoingEmail.last_error, OutgoingEmail.attempts, OutgoingEmail.next_at,
    OutgoingEmail.finished_at, OutgoingEmail.created_at, OutgoingEmail.client_id, OutgoingEmail.order_id,
)  # fmt: skip
QUICKER: Final[Mapping[str, str]] = {
    "due": "This mail waits to be sent already.",
    "sending": "This mail is being sent at this moment.",
    "sent": "This mail was sent meanwhile.",
    "dead": "This mail was given up meanwhile, so nothing goes out.",
    "cancelled": "Somebody stopped this mail already.",
}
TOO_LATE: Final = "It is too late for this mail: what it says is no news any more."


@dataclass(frozen=True, slots=True)
class MailFilter:
    """Which mails a list shows. Empty means all; `search` is a part of the reader's address or name."""

    states: Sequence[str] = ()
    purpose: str = ""
    client_id: UUID | None = None
    order_id: UUID | None = None
    search: str = ""

    def conditions(self) -> list[Any]:
        """Returns the conditions that hold."""
        words = self.search.strip()
        named = (
            column.icontains(words, autoescape=True) for column in (OutgoingEmail.to_address, OutgoingEmail.to_name)
        )
        found = (
            (self.states, OutgoingEmail.state.in_(self.states)),
            (self.purpose, OutgoingEmail.purpose == self.purpose),
            (self.client_id, OutgoingEmail.client_id == self.client_id),
            (self.order_id, OutgoingEmail.order_id == self.order_id),
            (words, or_(*named)),
        )
        return [condition for wanted, condition in found if wanted]


def rows(wanted: MailFilter, limit: int, cursor: str | None = None) -> tuple[list[OutgoingEmail], str | None]:
    """Returns a page of mails without their texts, the newest first, and the cursor of the next. Raises Invalid for a
    cursor that is not ours."""
    statement = select(OutgoingEmail).where(OutgoingEmail.org_id == tenancy.org_id(), *wanted.conditions())
    light = NEWEST.page(statement, limit, cursor).options(load_only(*IN_A_LIST, raiseload=True))
    found = db.session.execute(light).scalars().all()
    shown, following = split(found, limit, lambda mail: (mail.created_at, str(mail.id)))
    return list(shown), following


def waiting(order_id: UUID) -> Counter[str]:
    """Returns how many mails about the order wait to be sent, by purpose."""
    statement = (
        select(OutgoingEmail.purpose, func.count())
        .where(OutgoingEmail.org_id == tenancy.org_id(), OutgoingEmail.order_id == order_id)
        .where(OutgoingEmail.state == "due")
        .group_by(OutgoingEmail.purpose)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(statement)})


def is_too_late(mail: OutgoingEmail) -> bool:
    """Returns whether the mail says something that is not so any more."""
    return mail.stale_at is not None and mail.stale_at <= clock.now()


def send_again(mail_id: UUID) -> OutgoingEmail:
    """Returns a mail that was given up or cancelled, waiting again. Raises NotFound; Conflict when somebody was
    quicker or it is too late for it."""
    mail = tenancy.get(OutgoingEmail, mail_id, lock=True)
    if mail.state not in queue.PARKED:
        raise Conflict(QUICKER[mail.state])
    if is_too_late(mail):
        raise Conflict(TOO_LATE)
    queue.replay(mail)
    mail.last_error = None
    return save(mail)


def stop(mail_id: UUID, by: str) -> OutgoingEmail:
    """Returns a mail that waited, cancelled. `by` is the name of who did it: the row bears it. The mail's key stays
    taken, so that what made it does not make it again. Raises NotFound; Conflict when it does not wait any more."""
    mail = tenancy.get(OutgoingEmail, mail_id, lock=True)
    if not queue.withdraw(mail):
        raise Conflict(QUICKER[mail.state])
    mail.last_error = f"{by} stopped it"
    return save(mail)
