"""One sample of every mail, for those who want to see what their clients will read.

The organization is the real one: its name, colour, phone, address for answers and currency. People, orders, amounts
and secrets are made up; the links look right and open nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from doorstep.core import formats
from doorstep.core.actor import Org
from doorstep.notifications import account_messages as accounts
from doorstep.notifications import money_messages as money
from doorstep.notifications import order_messages as orders
from doorstep.notifications.messages import Message, OrderFacts
from doorstep.notifications.money_messages import MoneyFacts

CLIENT: Final = "Margaret Whitfield"
WORKER: Final = "Ana Morales"
WHEN: Final = "Tue 24 Nov, 9:00 – 12:30"
WISH: Final = "Tue 24 Nov, 9:00 · mornings are best"
REQUEST: Final = "Two bedrooms, two bathrooms. The key is with the neighbour at number 1822, and the cat may go out."
CANNOT: Final = "Nobody of us is free in your street before the middle of December."
NOT_FINISHED: Final = "A part did not come in time. It is here on Thursday."


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the samples play: the organization, and the installation's own address in front of every link."""

    org: Org
    base_url: str

    @property
    def order(self) -> OrderFacts:
        """The order that all samples are about."""
        return OrderFacts(
            number=2041, service="Regular visit", client=CLIENT, place="1820 SE Salmon St, Portland", when=WHEN,
            worker=WORKER, price=self.amount(25200),
        )  # fmt: skip

    @property
    def client(self) -> str:
        """A client's link to the order."""
        return f"{self.base_url}/client/link/example"

    @property
    def office(self) -> str:
        """The order's address in the office."""
        return f"{self.base_url}/office/orders/example"

    @property
    def worker(self) -> str:
        """The worker's day."""
        return f"{self.base_url}/worker"

    @property
    def unsubscribe(self) -> str:
        """Where a client can do without mails of a kind."""
        return f"{self.base_url}/client/mails/example"

    def amount(self, cents: int) -> str:
        """Returns an amount in the organization's currency."""
        return formats.money(cents, self.org.currency)

    def bill(self, cents: int = 25200, *, due: str = "") -> MoneyFacts:
        """Returns what mails about the order's money tell."""
        what = f"{self.order.service}, Tue 24 Nov"
        return MoneyFacts(client=CLIENT, amount=self.amount(cents), what=what, number="1187", due=due)


SAMPLES: Final[Mapping[str, Callable[[Scene], Message]]] = {
    "request_received": lambda s: orders.request_received(
        s.org, OrderFacts(number=2041, service=s.order.service, client=CLIENT, place=s.order.place), url=s.client
    ),
    "new_request": lambda s: orders.new_request(s.org, s.order, url=s.office, wish=WISH, words=REQUEST),
    "scheduled": lambda s: orders.scheduled(s.org, s.order, url=s.client),
    "moved": lambda s: orders.moved(s.org, s.order, url=s.client, before="Mon 23 Nov, 13:00 – 16:30"),
    "cancelled": lambda s: orders.cancelled(
        s.org, s.order, url=s.client, reason="Our van has broken down, and nobody else is free.", by_client=False
    ),
    "declined": lambda s: orders.declined(s.org, s.order, url=s.client, reason=CANNOT),
    "quote": lambda s: orders.quote(s.org, s.order, url=s.client, note="Everything that is needed comes with us."),
    "reminder_24h": lambda s: orders.reminder_24h(s.org, s.order, url=s.client, unsubscribe_url=s.unsubscribe),
    "reminder_2h": lambda s: orders.reminder_2h(s.org, s.order, url=s.client, unsubscribe_url=s.unsubscribe),
    "on_the_way": lambda s: orders.on_the_way(s.org, s.order, url=s.client),
    "finished": lambda s: orders.finished(s.org, s.order, url=s.client, photos=6),
    "postponed": lambda s: orders.postponed(s.org, s.order, url=s.client, reason=NOT_FINISHED),
    "feedback_request": lambda s: orders.feedback_request(s.org, s.order, url=s.client, unsubscribe_url=s.unsubscribe),
    "client_link": lambda s: accounts.client_link(s.org, name=CLIENT, url=s.client, until="Friday 4 December"),
    "client_asks": lambda s: orders.client_asks(
        s.org, s.order, url=s.office, about="move", words="Could you come in the afternoon instead?"
    ),
    "answer": lambda s: orders.answer(s.org, s.order, url=s.client, words="Yes. We come at 14:00 on the same day."),
    "client_cancelled": lambda s: orders.client_cancelled(
        s.org, s.order, url=s.office, reason="We are moving out earlier than we thought."
    ),
    "assigned": lambda s: orders.assigned(s.org, s.order, url=f"{s.worker}/orders/example"),
    "released": lambda s: orders.released(s.org, s.order, url=s.worker, worker=WORKER, why="somebody else does it"),
    "invoice": lambda s: money.invoice(s.org, s.bill(due="Tue 8 Dec"), url=s.client),
    "receipt": lambda s: money.receipt(s.org, s.bill(), url=s.client, method="Card ending in 4242"),
    "payment_failed": lambda s: money.payment_failed(
        s.org, s.bill(due="Tue 8 Dec"), url=s.client, why="your bank declined the card"
    ),
    "overdue": lambda s: money.overdue(s.org, s.bill(due="Tue 8 Dec"), url=s.client, days=3, step="friendly"),
    "refund": lambda s: money.refund(
        s.org, s.bill(4000), url=s.client, reason="The oven was left out, so you do not pay for it.",
        arrives="within 10 days, on the card that you paid with",
    ),
    "worker_link": lambda s: accounts.worker_link(
        s.org, name=WORKER, url=f"{s.base_url}/auth/worker/example", within="24 h"
    ),
    "invitation": lambda s: accounts.invitation(
        s.org, name="Vi Looker", invited_by="Olive Owner", role="dispatcher",
        url=f"{s.base_url}/auth/invitation/example", until="Friday 4 December",
    ),
    "password_reset": lambda s: accounts.password_reset(
        s.org, name="Vi Looker", url=f"{s.base_url}/auth/reset/example", minutes=60
    ),
    "export_parked": lambda s: accounts.export_parked(
        s.org, url=f"{s.base_url}/office/settings", host="hooks.example.com", reason="503 Service Unavailable"
    ),
    "plan_limit": lambda s: accounts.plan_limit(
        s.org, url=f"{s.base_url}/office/settings", percent=80, used="160 of 200 orders this month"
    ),
}  # fmt: skip


def of(purpose: str, org: Org, base_url: str) -> Message:
    """Returns the sample of a purpose as this organization would write it. Raises KeyError for an unknown one."""
    return SAMPLES[purpose](Scene(org, base_url))
