"""Plays what the plan says, through the services that people use, with the clock held at the moment of each deed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.transaction import transaction
from doorstep.demo import plan
from doorstep.demo.plan import Planned, in_turn
from doorstep.demo.stage import Stage
from doorstep.orders import checklist, photos, queries, service
from doorstep.orders.models import Order
from doorstep.orders.service import NewOrder

BY_PHONE_EVERY: Final = 2
EXTRAS_EVERY: Final = 5
REMARK_EVERY: Final = 9
OPINION_EVERY: Final = 2
AT_WORK: Final = ("on_the_way", "in_progress", "finished", "postponed")
JUST_NOW: Final = timedelta(minutes=1)


def ask(stage: Stage, one: Planned) -> UUID:
    """Returns the id of the new order, asked for by its client on the public page, or by phone."""
    wish = stage.company.wishes[one.wish] if one.wish is not None else None
    by_phone = wish is None and one.turn % BY_PHONE_EVERY == 0
    client = tenancy.get(Client, stage.clients[one.client])
    offered = tenancy.get(Service, stage.services[one.service])
    wanted = NewOrder(
        wished_at=plan.wished_at(stage.company, one, stage.now), source="office" if by_phone else "public",
        extras=wish.extras if wish else _extras(offered, one), wish_note=wish.note if wish else "",
        details=wish.details if wish else in_turn(stage.company.words.details, one.turn),
    )  # fmt: skip
    who = stage.office if by_phone else Actor(kind="visitor", name=client.name, org=stage.org)
    with clock.held_at(one.asked):
        return service.create(who, client=client, service=offered, values=wanted).id


def play(stage: Stage, one: Planned, order_id: UUID) -> None:
    """Brings the order to where the plan has it. Photos are stored outside of any transaction, as always."""
    _Story(stage, one, order_id).tell()


def _extras(offered: Service, one: Planned) -> tuple[str, ...]:
    return tuple(extra["key"] for extra in offered.extras[:1]) if one.turn % EXTRAS_EVERY == 1 else ()


class _Story:
    def __init__(self, stage: Stage, one: Planned, order_id: UUID) -> None:
        self.stage, self.one, self.order_id = stage, one, order_id
        self.words = stage.company.words
        self.answered = one.asked + timedelta(minutes=20 + one.turn * 13 % 160)
        self.start = one.start or self.answered
        self.ends = self.start + timedelta(minutes=one.minutes)

    def tell(self) -> None:
        if self.one.fate == "requested":
            self._show_the_place()
            return
        with self._order() as order:
            self._answer(order)
        if self.one.fate in AT_WORK and self.one.worker is not None:
            self._work(self.stage.crew[self.one.worker])

    def _show_the_place(self) -> None:
        wish = self.stage.company.wishes[self.one.wish or 0]
        visitor = Actor(kind="visitor", name="Visitor", org=self.stage.org)
        for place in (self.one.client, self.one.client + 1) if wish.scene else ():
            data = self.stage.album.photo(wish.scene, "before", place)
            with clock.held_at(self.one.asked):
                photos.add_to(visitor, self.order_id, data, phase="other")

    def _answer(self, order: Order) -> None:
        fate, office = self.one.fate, self.stage.office
        if fate == "declined":
            with self._at(self.answered):
                service.decline(office, order, reason=self._say(self.words.declined))
        elif fate in ("quoted", "accepted"):
            self._quote(order)
            if fate == "accepted":
                self._ask(order, "accept", "", self.answered + timedelta(hours=5))
        else:
            self._book(order)
            self._go_on(order)

    def _quote(self, order: Order) -> None:
        price, note = in_turn(self.words.quotes, self.one.turn)
        with self._at(self.answered):
            service.quote(self.stage.office, order, price_cents=price, note=note)

    def _book(self, order: Order) -> None:
        """A visit is set by the office; where it names the price, the client has accepted that first."""
        one, office = self.one, self.stage.office
        if self.stage.company.services[one.service].get("price_unit") == "quote":
            self._quote(order)
            self._ask(order, "accept", "", self.answered + timedelta(minutes=2))
        worker_id = None if one.worker is None else self.stage.crew[one.worker].worker_id
        with self._at(self.answered + timedelta(minutes=5)):
            service.schedule(office, order, start=self.start, worker_id=worker_id, minutes=one.minutes)
            if one.turn % REMARK_EVERY == 4:
                service.note(office, order, text=self._say(self.words.remarks))

    def _go_on(self, order: Order) -> None:
        one = self.one
        if one.fate == "cancelled":
            who = self.stage.office if one.turn % 2 else self._client()
            with self._at(self.answered + timedelta(minutes=40)):
                service.cancel(who, order, reason=self._say(self.words.cancelled))
        elif one.fate == "asks_to_move":
            self._ask(order, "move", self.words.asks_to_move, self.stage.now - timedelta(hours=5))
        elif one.fate in AT_WORK and one.worker is not None:
            worker = self.stage.crew[one.worker]
            with self._at(self.start - timedelta(minutes=12)):
                service.on_the_way(worker, order)
            if one.fate != "on_the_way":
                with self._at(self.start + timedelta(minutes=one.turn % 4)):
                    service.start(worker, order)

    def _work(self, worker: Actor) -> None:
        fate = self.one.fate
        if fate == "on_the_way":
            return
        self._photograph(worker, "before", self.start + timedelta(minutes=5))
        if fate == "finished":
            self._photograph(worker, "after", self.ends - timedelta(minutes=6))
        with self._order() as order:
            if fate == "postponed":
                with self._at(self.start + timedelta(minutes=25)):
                    service.postpone(worker, order, reason=self.words.postponed)
                return
            self._tick(worker, order, only_first=fate == "in_progress")
            if fate == "finished":
                self._finish(worker, order)

    def _tick(self, worker: Actor, order: Order, *, only_first: bool) -> None:
        steps = [item for item in checklist.items(order) if not item.photo_required]
        for number, item in enumerate(steps[:1] if only_first else steps):
            with self._at(self.start + timedelta(minutes=15 + 12 * number)):
                checklist.tick(worker, order, item.id, done=True)

    def _photograph(self, worker: Actor, phase: str, moment: datetime) -> None:
        steps = self.stage.company.services[self.one.service]["checklist"]
        if all(step["phase"] != phase for step in steps):
            return
        scene = in_turn(self.stage.company.scenes[self.one.service], self.one.client)
        data = self.stage.album.photo(scene, phase, self.one.client)
        with self._at(moment):
            photos.add(worker, self.order_id, data, phase=phase)

    def _finish(self, worker: Actor, order: Order) -> None:
        with self._at(self.ends + timedelta(minutes=self.one.turn % 4 * 3 - 4)):
            service.complete(worker, order, note=self._say(self.words.notes))
        said = self.ends + timedelta(hours=3 + self.one.turn % 20)
        if self.one.turn % OPINION_EVERY == 0 and said < self.stage.now:
            score, comment = in_turn(self.words.opinions, self.one.turn // OPINION_EVERY)
            with self._at(said):
                service.rate(self._client(), order, score=score, comment=comment)

    def _ask(self, order: Order, kind: str, text: str, moment: datetime) -> None:
        with self._at(moment):
            service.ask(self._client(), order, kind=kind, text=text)

    def _client(self) -> Actor:
        client_id = self.stage.clients[self.one.client]
        name = self.stage.company.clients[self.one.client].name
        return Actor(kind="client", name=name, id=client_id, org=self.stage.org)

    def _say(self, table: tuple[str, ...]) -> str:
        return str(in_turn(table, self.one.turn))

    def _at(self, moment: datetime) -> AbstractContextManager[None]:
        """Holds the clock at a moment of the order's life, all of which lies in the past."""
        return clock.held_at(min(moment, self.stage.now - JUST_NOW))

    @contextmanager
    def _order(self) -> Iterator[Order]:
        """Gives the order, locked, in a transaction."""
        with transaction():
            yield queries.find(self.stage.office, self.order_id, lock=True)
