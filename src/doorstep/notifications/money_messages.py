"""What is written about money: to the client who owes it, has paid it or gets it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from doorstep.core.actor import Org
from doorstep.notifications.messages import Message, written

Step = Literal["friendly", "firm", "last"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyFacts:
    """What mails tell of money, in words. `amount` is what this mail is about: to be paid, paid or given back; `what`
    is what it is for; `number` the invoice's, if there is one; `due` the last day to pay."""

    client: str
    amount: str
    what: str
    number: str = ""
    due: str = ""


def invoice(org: Org, money: MoneyFacts, *, url: str) -> Message:
    """Asks the client to pay; `url` shows the invoice and takes the money."""
    return written("invoice", org, money.client, money=money, url=url)


def receipt(org: Org, money: MoneyFacts, *, url: str, method: str) -> Message:
    """Confirms that the money has come; `method` is how, e.g. `by card ending in 4242`."""
    return written("receipt", org, money.client, money=money, url=url, method=method)


def payment_failed(org: Org, money: MoneyFacts, *, url: str, why: str) -> Message:
    """Tells the client that nothing was paid; `why` is a phrase, e.g. `your bank declined the card`."""
    return written("payment_failed", org, money.client, money=money, url=url, why=why)


def overdue(org: Org, money: MoneyFacts, *, url: str, days: int, step: Step) -> Message:
    """Reminds the client of an invoice that was due `days` ago, more plainly at each step."""
    return written("overdue", org, money.client, money=money, url=url, days=days, step=step)


def refund(org: Org, money: MoneyFacts, *, url: str, reason: str, arrives: str) -> Message:
    """Tells the client that money goes back to them; `arrives` says when, e.g. `within 10 days, on the same card`."""
    return written("refund", org, money.client, money=money, url=url, reason=reason, arrives=arrives)
