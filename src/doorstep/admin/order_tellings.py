"""What the forms of an order say beforehand of the mails that they set off, and what is said afterwards. In words; who
is told what is in `orders.tellings`. Near pure: nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from doorstep.core.actor import Actor
from doorstep.core.events import Event
from doorstep.notifications import mails
from doorstep.notifications.messages import MESSAGES, first_name
from doorstep.orders import outdated, tellings
from doorstep.orders.assignments import VisitFacts
from doorstep.orders.queries import OrderView
from doorstep.orders.status import VISITING, can_move
from doorstep.orders.tellings import Person, Readers, Told, supposed

NUMBERS: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
NOBODY: Final = "Nobody gets a mail."


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a form will set off: `words` are sentences about mails, `calls` the people whom no mail reaches."""

    words: str
    calls: Sequence[Person] = ()
    case: str = ""


def forecasts(who: Actor, view: OrderView) -> Mapping[str, Sequence[Forecast]]:
    """Returns, by the form's name, what each form of the order's page will set off."""
    order = view.order
    readers, waiting = Readers(order, view.client), mails.waiting(order.id)
    return {
        verb: [_forecast(event, readers, waiting, case) for case, event in cases.items()]
        for verb, cases in _events(who, view).items()
    }


def _events(who: Actor, view: OrderView) -> dict[str, dict[str, Event]]:
    """Returns what may come of each form, by the case in which it does."""
    order, status = view.order, view.order.status
    before = _visit_now(view)
    found: dict[str, dict[str, Event]] = {}
    if status in ("requested", "quoted"):
        chosen = tellings.another_worker(before)
        found["schedule"] = {"": tellings.visit(who, order, status, before, chosen)}
        found["decline"] = {"": supposed(who, order, "declined")}
        found["quote"] = {"": supposed(who, order, "quoted")}
    elif status in VISITING:
        found["schedule"] = {
            "Another time": tellings.visit(who, order, status, before, tellings.another_time(before)),
            "Another worker": tellings.visit(who, order, status, before, tellings.another_worker(before)),
        }
        found["postpone"] = {"": supposed(who, order, "postponed")}
    if can_move(status, "cancelled"):
        found["cancel"] = {"": supposed(who, order, "cancelled", **before.told())}
    return found


def _visit_now(view: OrderView) -> VisitFacts:
    window, first = view.order.scheduled, view.visits[0] if view.visits else None
    return VisitFacts(
        window.lower if window else None,
        window.upper if window else None,
        first.worker_id if first else None,
        first.worker_name if first else None,
    )


def _forecast(event: Event, readers: Readers, waiting: Mapping[str, int], case: str) -> Forecast:
    told = tellings.of(event, readers)
    gone = sum(waiting.get(purpose, 0) for purpose in outdated.purposes(event))
    said = [*(_sentence(one) for one in told if one.reached), _withdrawn(gone)]
    return Forecast(" ".join(filter(None, said)) or NOBODY, unreached(told), case)


def afterwards(event: Event) -> str:
    """Returns who was told by the event, e.g. `Margaret gets a mail. So does Ana.`"""
    told = tellings.of(event)
    names = [first_name(person.name) for one in told for person in one.reached]
    calls = [call(person) for person in unreached(told)]
    if not names:
        return " ".join(calls) or NOBODY
    others = f"So {'do' if names[2:] else 'does'} {_listed(names[1:])}." if names[1:] else ""
    return " ".join(filter(None, (f"{names[0]} gets a mail.", others, *calls)))


def unreached(told: Iterable[Told]) -> list[Person]:
    """Returns the people who would be told and whom no mail reaches."""
    return [person for one in told for person in one.people if not person.reached]


def call(person: Person) -> str:
    """Returns what to do about somebody whom no mail reaches."""
    how = f"call {person.phone}" if person.phone else "find another way to tell them"
    return f"{first_name(person.name)} {person.hindrance}: {how}."


def _sentence(one: Told) -> str:
    people = [person.name if person.name == tellings.WHOEVER else first_name(person.name) for person in one.reached]
    return f"{_listed(people)} {'get' if people[1:] else 'gets'} “{MESSAGES[one.telling.purpose].says}”."


def _withdrawn(count: int) -> str:
    if not count:
        return ""
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} mail that waits is withdrawn." if count == 1 else f"{number} mails that wait are withdrawn."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
