"""MESSAGES: every mail Doorstep writes. One function a message, beside it three templates of the same name.

Functions take plain values, ready to be read, and give a `Message`; they know neither rows nor requests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from doorstep.core.actor import Org
from doorstep.notifications import look

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates" / "emails"
LONGEST_LINE: Final = 200

MESSAGES: Final[Mapping[str, str]] = {
    "request_received": "the client: we have your request",
    "new_request": "the office: somebody asks for a visit",
    "scheduled": "the client: your visit has a time",
    "moved": "the client: your visit has another time",
    "cancelled": "the client: your visit is cancelled",
    "declined": "the client: we cannot do this",
    "quote": "the client: this is our price",
    "on_the_way": "the client: somebody is coming",
    "finished": "the client: it is done, with photos",
    "postponed": "the client: it could not be finished today",
    "client_link": "the client: open your page, without a password",
    "client_asks": "the office: a client asks for something",
    "answer": "the client: an answer to what you asked",
    "client_cancelled": "the office: a client took the order back",
    "assigned": "the worker: an order is yours, or has another time",
    "released": "the worker: an order is not yours any more",
    "invitation": "a new member: join the organization",
    "password_reset": "a member: choose a new password",
}

ASKS: Final[Mapping[str, str]] = {
    "move": "asks for another time",
    "cancel": "asks to cancel",
    "question": "has a question",
    "accept": "accepts the quote",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, written: what its header says, its text and the same as HTML."""

    purpose: str
    subject: str
    text: str
    html: str
    from_name: str = ""
    reply_to: str = ""


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


def one_line(words: str) -> str:
    """Returns the words fit for a mail's header: no line break or other control character, so that nobody can
    write headers of their own (RFC 5322, 2.2), and at most 200 characters."""
    printable = words if words.isprintable() else "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(printable.split())[:LONGEST_LINE]


def first_name(name: str) -> str:
    """Returns how a person is greeted."""
    return one_line(name).partition(" ")[0]


def request_received(org: Org, order: OrderFacts, *, url: str) -> Message:
    """Tells the client that the request arrived; `url` opens their order."""
    return _written("request_received", org, order.client, order=order, url=url)


def new_request(org: Org, order: OrderFacts, *, url: str, wish: str, words: str) -> Message:
    """Tells the office of a request; `wish` is the wished time and `words` what the client wrote."""
    return _written("new_request", org, "", order=order, url=url, wish=wish, words=words)


def scheduled(org: Org, order: OrderFacts, *, url: str) -> Message:
    """Tells the client when the visit is."""
    return _written("scheduled", org, order.client, order=order, url=url)


def moved(org: Org, order: OrderFacts, *, url: str, before: str) -> Message:
    """Tells the client the new time; `before` is the former window."""
    return _written("moved", org, order.client, order=order, url=url, before=before)


def cancelled(org: Org, order: OrderFacts, *, url: str, reason: str, by_client: bool) -> Message:
    """Tells the client that the order is cancelled, or confirms it to who cancelled it."""
    return _written("cancelled", org, order.client, order=order, url=url, reason=reason, by_client=by_client)


def declined(org: Org, order: OrderFacts, *, url: str, reason: str) -> Message:
    """Tells the client why the office cannot do it."""
    return _written("declined", org, order.client, order=order, url=url, reason=reason)


def quote(org: Org, order: OrderFacts, *, url: str, note: str) -> Message:
    """Offers the client a price."""
    return _written("quote", org, order.client, order=order, url=url, note=note)


def on_the_way(org: Org, order: OrderFacts, *, url: str) -> Message:
    """Tells the client that the worker has set out."""
    return _written("on_the_way", org, order.client, order=order, url=url)


def finished(org: Org, order: OrderFacts, *, url: str, photos: int) -> Message:
    """Tells the client that the work is done and how many photos can be seen."""
    return _written("finished", org, order.client, order=order, url=url, photos=photos)


def postponed(org: Org, order: OrderFacts, *, url: str, reason: str) -> Message:
    """Tells the client that the work goes on another day."""
    return _written("postponed", org, order.client, order=order, url=url, reason=reason)


def client_link(org: Org, *, name: str, url: str, until: str, order: OrderFacts | None = None) -> Message:
    """Gives the client a link to all their orders, or to one; it can be opened until the day `until`."""
    return _written("client_link", org, name, url=url, until=until, order=order)


def client_asks(org: Org, order: OrderFacts, *, url: str, about: str, words: str) -> Message:
    """Tells the office what a client asks for; `about` is a key of ASKS."""
    return _written("client_asks", org, "", order=order, url=url, asks=ASKS.get(about, ASKS["question"]), words=words)


def answer(org: Org, order: OrderFacts, *, url: str, words: str) -> Message:
    """Gives the client the office's answer to what they asked."""
    return _written("answer", org, order.client, order=order, url=url, words=words)


def client_cancelled(org: Org, order: OrderFacts, *, url: str, reason: str) -> Message:
    """Tells the office that the client took back an order that was not scheduled yet."""
    return _written("client_cancelled", org, "", order=order, url=url, reason=reason)


def assigned(org: Org, order: OrderFacts, *, url: str) -> Message:
    """Tells the worker of an order that is theirs now, or theirs at another time."""
    return _written("assigned", org, order.worker, order=order, url=url)


def released(org: Org, order: OrderFacts, *, url: str, worker: str, why: str) -> Message:
    """Tells the worker that an order is not theirs any more; `why` is a short phrase."""
    return _written("released", org, worker, order=order, url=url, why=why)


def invitation(org: Org, *, name: str, invited_by: str, role: str, url: str, until: str) -> Message:
    """Invites somebody to join the organization; the link can be used until the day `until`."""
    return _written("invitation", org, name, invited_by=invited_by, role=role, url=url, until=until)


def password_reset(org: Org | None, *, name: str, url: str, minutes: int) -> Message:
    """Gives a member a link to a new password, good for `minutes`; without organization Doorstep itself writes."""
    return _written("password_reset", org, name, url=url, minutes=minutes)


def environment() -> Environment:
    """Returns the templates of mails: HTML escapes what it is given, plain text does not."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["one_line"] = one_line
    return made


_TEMPLATES: Final = environment()


def _written(purpose: str, org: Org | None, to: str, **values: Any) -> Message:
    settings: Mapping[str, Any] = org.settings if org else {}
    sender = one_line(org.name if org else "Doorstep")
    given = {
        "sender": sender,
        "phone": str(settings.get("phone") or ""),
        "colours": look.colours(str(settings.get("colour") or "")),
        "to": first_name(to),
        **values,
    }

    def filled(ending: str) -> str:
        return _TEMPLATES.get_template(f"{purpose}.{ending}").render(given)

    return Message(
        purpose=purpose,
        subject=one_line(filled("subject.txt")),
        text=re.sub(r"\n{3,}", "\n\n", filled("txt").strip()) + "\n",
        html=filled("html"),
        from_name=sender,
        reply_to=one_line(str(settings.get("email") or "")),
    )
