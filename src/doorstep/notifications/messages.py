"""MESSAGES: every mail Doorstep writes, and the frame that all of them have.

A message is one function in `order_messages`, `money_messages` or `account_messages` and three templates, all of the
name of its purpose. Functions take plain values, ready to be read, and give a `Message`; they know neither rows nor
requests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from doorstep.backends.email import addresses
from doorstep.core.actor import Org
from doorstep.notifications import look

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates" / "emails"

Reader = Literal["client", "office", "worker", "member", "owner"]


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a mail is for: who reads it and what it says.

    `can_unsubscribe` is for mails that one may do without; what somebody asked for, owes or waits for always comes.
    A mail that is still in the queue `stale_after` it was put there says something that is no longer so, and is not
    sent any more. None: it stays true however late it comes, or a link in it has an end of its own and says so.
    """

    reader: Reader
    says: str
    can_unsubscribe: bool = False
    stale_after: timedelta | None = None


# What somebody typed or owes never gets stale: an answer, a quote, an invoice. News of an order are worth reading for
# some days, while its page is still about the same visit. The others speak of a moment ("today", "on the way", "14
# days overdue"), and a mail that is late there is worse than none.
WHILE_IT_IS_NEWS: Final = timedelta(days=7)

MESSAGES: Final[Mapping[str, Purpose]] = {
    "request_received": Purpose("client", "We have your request", stale_after=WHILE_IT_IS_NEWS),
    "new_request": Purpose("office", "Somebody asks for a visit", stale_after=WHILE_IT_IS_NEWS),
    "scheduled": Purpose("client", "Your visit has a time", stale_after=WHILE_IT_IS_NEWS),
    "moved": Purpose("client", "Your visit has another time", stale_after=WHILE_IT_IS_NEWS),
    "cancelled": Purpose("client", "Your visit is cancelled", stale_after=WHILE_IT_IS_NEWS),
    "declined": Purpose("client", "We cannot do this", stale_after=WHILE_IT_IS_NEWS),
    "quote": Purpose("client", "This is our price"),
    "reminder_24h": Purpose(
        "client", "A reminder, the day before", can_unsubscribe=True, stale_after=timedelta(hours=12)
    ),
    "reminder_2h": Purpose(
        "client", "A reminder, two hours before", can_unsubscribe=True, stale_after=timedelta(minutes=90)
    ),
    "on_the_way": Purpose("client", "Somebody is coming", stale_after=timedelta(hours=2)),
    "finished": Purpose("client", "It is done, with photos", stale_after=WHILE_IT_IS_NEWS),
    "postponed": Purpose("client", "It could not be finished today", stale_after=timedelta(hours=24)),
    "feedback_request": Purpose("client", "How was it?", can_unsubscribe=True, stale_after=WHILE_IT_IS_NEWS),
    "client_link": Purpose("client", "Open your page, without a password"),
    "client_asks": Purpose("office", "A client asks for something"),
    "answer": Purpose("client", "An answer to what you asked"),
    "client_cancelled": Purpose("office", "A client took the order back", stale_after=WHILE_IT_IS_NEWS),
    "assigned": Purpose("worker", "An order is yours, or has another time", stale_after=WHILE_IT_IS_NEWS),
    "released": Purpose("worker", "An order is not yours any more", stale_after=WHILE_IT_IS_NEWS),
    "invoice": Purpose("client", "An invoice to pay"),
    "receipt": Purpose("client", "Your payment has arrived"),
    "payment_failed": Purpose("client", "Your payment did not go through", stale_after=timedelta(hours=24)),
    "overdue": Purpose("client", "An invoice is still open", stale_after=timedelta(hours=24)),
    "refund": Purpose("client", "Your money is on its way back"),
    "worker_link": Purpose("worker", "Sign in on your phone, without a password"),
    "invitation": Purpose("member", "Join the organization"),
    "password_reset": Purpose("member", "Choose a new password"),
    "export_parked": Purpose("owner", "Another system does not take our events", stale_after=WHILE_IT_IS_NEWS),
    "plan_limit": Purpose("owner", "Your plan is nearly or quite used up", stale_after=WHILE_IT_IS_NEWS),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, written: what its header says, its text and the same as HTML. `unsubscribe_url` is where its reader
    can do without the next ones; empty where they cannot."""

    purpose: str
    subject: str
    text: str
    html: str
    from_name: str = ""
    reply_to: str = ""
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What mails tell of an order, in words: `when` is the visit window, `price` an amount or a range."""

    number: int
    service: str
    client: str
    place: str = ""
    when: str = ""
    worker: str = ""
    price: str = ""


def first_name(name: str) -> str:
    """Returns how a person is greeted."""
    return addresses.name(name).partition(" ")[0]


def environment() -> Environment:
    """Returns the templates of mails: HTML escapes what it is given, plain text does not."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["one_line"] = addresses.name
    return made


_TEMPLATES: Final = environment()


def written(purpose: str, org: Org | None, to: str, *, unsubscribe_url: str = "", **values: Any) -> Message:
    """Returns the mail that the purpose's templates make of the values, in the organization's look and name."""
    settings: Mapping[str, Any] = org.settings if org else {}
    sender = addresses.name(org.name if org else "Doorstep")
    given = {
        "sender": sender,
        "phone": str(settings.get("phone") or ""),
        "colours": look.colours(str(settings.get("colour") or "")),
        "to": first_name(to),
        "unsubscribe_url": unsubscribe_url,
        **values,
    }

    def filled(ending: str) -> str:
        return _TEMPLATES.get_template(f"{purpose}.{ending}").render(given)

    return Message(
        purpose=purpose,
        subject=addresses.name(filled("subject.txt")),
        text=re.sub(r"\n{3,}", "\n\n", filled("txt").strip()) + "\n",
        html=filled("html"),
        from_name=sender,
        reply_to=addresses.name(str(settings.get("email") or "")),
        unsubscribe_url=addresses.name(unsubscribe_url),
    )
