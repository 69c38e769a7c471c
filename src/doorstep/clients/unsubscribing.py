"""Clients who do not want a kind of mail: the signed address in it, and what pressing it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from doorstep.core import current, signing, tenancy
from doorstep.core.extensions import db
from doorstep.notifications.messages import MESSAGES
from doorstep.notifications.service import withdraw_from

PURPOSE: Final = "unsubscribe"
# A mail is kept for years, and who looks for the way out of it in an old one means it as well.
SECONDS: Final = 10 * 365 * 24 * 3600

STOP: Final = text("""
    update clients set unsubscribed = unsubscribed || to_jsonb(cast(:purpose as text))
     where org_id = :org and id = :client and not unsubscribed ? :purpose
""")
AGAIN: Final = text("""
    update clients set unsubscribed = unsubscribed - cast(:purpose as text)
     where org_id = :org and id = :client and unsubscribed ? :purpose
""")


@dataclass(frozen=True, slots=True)
class Wish:
    """Who does not want what."""

    org_id: UUID
    client_id: UUID
    purpose: str


def url(org_id: UUID, client_id: UUID, purpose: str) -> str:
    """Returns the address at which this client ends mails of this purpose."""
    settings = current.settings()
    told = {"o": org_id.hex, "c": client_id.hex, "p": purpose}
    token = signing.sign(settings.email_unsubscribe_secret, PURPOSE, told, seconds=SECONDS)
    return f"{settings.public_base_url}/client/mails/{token}"


def read(token: str) -> Wish | None:
    """Returns what an address says; None unless we wrote it, for mails that one may do without."""
    told = signing.read(current.settings().email_unsubscribe_secret, PURPOSE, token)
    if told is None or told.get("p") not in MESSAGES or not MESSAGES[told["p"]].can_unsubscribe:
        return None
    return Wish(UUID(hex=told["o"]), UUID(hex=told["c"]), told["p"])


def stop(wish: Wish) -> None:
    """Ends mails of the purpose, also those that wait. The session must be in the wish's organization; doing it again
    changes nothing."""
    _tell(STOP, wish)
    withdraw_from(wish.client_id, wish.purpose, "the client does not want these mails")


def again(wish: Wish) -> None:
    """Takes it back."""
    _tell(AGAIN, wish)


def _tell(statement: object, wish: Wish) -> None:
    values = {"org": tenancy.org_id(), "client": wish.client_id, "purpose": wish.purpose}
    db.session.execute(statement, values)  # type: ignore[call-overload]
