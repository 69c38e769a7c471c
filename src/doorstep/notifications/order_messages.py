"""What is written about an order: to its client, the office, its worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from doorstep.core.actor import Org
from doorstep.notifications.messages import Message, OrderFacts, written

ASKS: Final[Mapping[str, str]] = {
    "move": "asks for another time",
    "cancel": "asks to cancel",
    "question": "has a question",
    "accept": "accepts the quote",
}


def request_received(org: Org, order: OrderFacts, *, url: str) -> Message:
    """Tells the client that the request arrived; `url` opens their order."""
    return written("request_received", org, order.client, order=order, url=url)


def new_request(org: Org, order: OrderFacts, *, url: str, wish: str, words: str) -> Message:
    """Tells the office of a request; `wish` is the wished time and `words` what the client wrote."""
    return written("new_request", org, "", order=order, url=url, wish=wish, words=words)


def scheduled(org: Org, order: OrderFacts, *, url: str) -> Message:
    """Tells the client when the visit is."""
    return written("scheduled", org, order.client, order=order, url=url)


def moved(org: Org, order: OrderFacts, *, url: str, before: str) -> Message:
    """Tells the client the new time; `before` is the former window."""
    return written("moved", org, order.client, order=order, url=url, before=before)


def cancelled(org: Org, order: OrderFacts, *, url: str, reason: str, by_client: bool) -> Message:
    """Tells the client that the order is cancelled, or confirms it to who cancelled it."""
    return written("cancelled", org, order.client, order=order, url=url, reason=reason, by_client=by_client)


def declined(org: Org, order: OrderFacts, *, url: str, reason: str) -> Message:
    """Tells the client why the office cannot do it."""
    return written("declined", org, order.client, order=order, url=url, reason=reason)


def quote(org: Org, order: OrderFacts, *, url: str, note: str) -> Message:
    """Offers the client a price."""
    return written("quote", org, order.client, order=order, url=url, note=note)


def reminder_24h(org: Org, order: OrderFacts, *, url: str, unsubscribe_url: str) -> Message:
    """Reminds the client of a visit of tomorrow."""
    return written("reminder_24h", org, order.client, order=order, url=url, unsubscribe_url=unsubscribe_url)


def reminder_2h(org: Org, order: OrderFacts, *, url: str, unsubscribe_url: str) -> Message:
    """Reminds the client of a visit that is about to begin."""
    return written("reminder_2h", org, order.client, order=order, url=url, unsubscribe_url=unsubscribe_url)


def on_the_way(org: Org, order: OrderFacts, *, url: str) -> Message:
    """Tells the client that the worker has set out."""
    return written("on_the_way", org, order.client, order=order, url=url)


def finished(org: Org, order: OrderFacts, *, url: str, photos: int) -> Message:
    """Tells the client that the work is done and how many photos can be seen."""
    return written("finished", org, order.client, order=order, url=url, photos=photos)


def postponed(org: Org, order: OrderFacts, *, url: str, reason: str) -> Message:
    """Tells the client that the work goes on another day."""
    return written("postponed", org, order.client, order=order, url=url, reason=reason)


def feedback_request(org: Org, order: OrderFacts, *, url: str, unsubscribe_url: str) -> Message:
    """Asks the client how it was; `url` opens their order, and the mail leads to its stars (`#rate`)."""
    return written("feedback_request", org, order.client, order=order, url=url, unsubscribe_url=unsubscribe_url)


def client_asks(org: Org, order: OrderFacts, *, url: str, about: str, words: str) -> Message:
    """Tells the office what a client asks for; `about` is a key of ASKS."""
    return written("client_asks", org, "", order=order, url=url, asks=ASKS.get(about, ASKS["question"]), words=words)


def answer(org: Org, order: OrderFacts, *, url: str, words: str) -> Message:
    """Gives the client the office's answer to what they asked."""
    return written("answer", org, order.client, order=order, url=url, words=words)


def client_cancelled(org: Org, order: OrderFacts, *, url: str, reason: str) -> Message:
    """Tells the office that the client took back an order that was not scheduled yet."""
    return written("client_cancelled", org, "", order=order, url=url, reason=reason)


def assigned(org: Org, order: OrderFacts, *, url: str) -> Message:
    """Tells the worker of an order that is theirs now, or theirs at another time."""
    return written("assigned", org, order.worker, order=order, url=url)


def released(org: Org, order: OrderFacts, *, url: str, worker: str, why: str) -> Message:
    """Tells the worker that an order is not theirs any more; `why` is a short phrase."""
    return written("released", org, worker, order=order, url=url, why=why)
