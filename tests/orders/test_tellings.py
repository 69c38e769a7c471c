"""What is forecast of an act's mails is what the act sends: the same table speaks before and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.events import Event
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.notifications import mails
from doorstep.notifications.messages import MESSAGES
from doorstep.notifications.models import OutgoingEmail
from doorstep.orders import assignments, checklist, notices, outdated, service, tellings
from doorstep.orders.assignments import VisitFacts
from doorstep.orders.causes import CAUSES
from doorstep.orders.models import Order
from doorstep.orders.service import NewOrder
from doorstep.orders.tellings import TELLINGS, Telling, supposed, visit
from doorstep.subscriptions import SUBSCRIPTIONS
from tests.cast import Company
from tests.orders.conftest import Make


@dataclass
class Desk:
    """An order, who may act on it, and when."""

    order: Order
    office: Actor
    ana: Actor
    client: Actor
    nine: datetime
    ben_id: UUID

    def set_visit(self, hours: int, worker_id: UUID | None) -> Order:
        """Sets the visit, that many hours after nine."""
        start = self.nine + timedelta(hours=hours)
        return service.schedule(self.office, self.order, start=start, worker_id=worker_id)

    def visit_event(self, hours: int, worker_id: UUID | None) -> Event:
        """The event that this would be."""
        start = self.nine + timedelta(hours=hours)
        end = start + timedelta(minutes=self.order.duration_minutes)
        after = VisitFacts(start, end, worker_id)
        return visit(self.office, self.order, self.order.status, assignments.current(self.order), after)

    @property
    def before(self) -> dict[str, object]:
        """The visit as events tell it."""
        return assignments.current(self.order).told()


@pytest.fixture
def desk(make: Make, office: Actor, ana: Actor, nine: datetime, alder: Company) -> Desk:
    """A requested order."""
    client = Actor("client", "Margaret Whitfield", alder.client_id, office.org)
    return Desk(make(), office, ana, client, nine, alder.other_worker.worker_id)


@pytest.fixture
def planned(desk: Desk) -> Desk:
    """The order is Ana's at nine, and nobody has its mails yet."""
    with transaction():
        desk.set_visit(0, desk.ana.worker_id)
    return desk


def queued(order: Order) -> dict[UUID, OutgoingEmail]:
    found = select(OutgoingEmail).where(OutgoingEmail.order_id == order.id)
    rows = db.session.execute(found.execution_options(populate_existing=True)).scalars()
    return {mail.id: mail for mail in rows}


def comes_true(desk: Desk, event: Event, act: Callable[[], object]) -> list[tuple[str, str]]:
    """Does the act, and returns its mails after comparing them with what the supposed event forecast: who gets which,
    and how many that waited are withdrawn."""
    forecast = sorted(tellings.mails(tellings.of(event)))
    waiting = mails.waiting(desk.order.id)
    gone = sum(waiting[purpose] for purpose in outdated.purposes(event))
    before = {mail_id: mail.state for mail_id, mail in queued(desk.order).items()}
    with transaction():
        act()
    after = queued(desk.order)
    fresh = sorted((mail.to_address, mail.purpose) for key, mail in after.items() if key not in before)
    assert fresh == forecast
    assert sum(after[key].state == "cancelled" != state for key, state in before.items()) == gone
    return [(purpose, address) for address, purpose in fresh]


class TestTheTable:
    def test_every_event_that_is_heard_is_in_it_and_no_other(self) -> None:
        assert {name for name, heard in SUBSCRIPTIONS.items() if notices.tell in heard} == set(TELLINGS)
        assert set(TELLINGS) <= set(CAUSES)

    def test_every_mail_in_it_is_known_is_written_and_has_that_reader(self) -> None:
        told = [one for row in TELLINGS.values() for one in row]
        assert {one.purpose for one in told} == set(notices.WRITERS)
        readers = {one.purpose: one.reader.removeprefix("former_") for one in told}
        assert readers == {purpose: MESSAGES[purpose].reader for purpose in readers}

    def test_without_a_condition_a_mail_always_comes(self, desk: Desk) -> None:
        assert Telling("client", "quote").when(supposed(desk.office, desk.order, "quoted"))


class TestForecasts:
    def test_a_quote(self, desk: Desk, alder: Company) -> None:
        event = supposed(desk.office, desk.order, "quoted")
        told = comes_true(desk, event, lambda: service.quote(desk.office, desk.order, price_cents=9000))
        assert told == [("quote", alder.client_email)]

    def test_the_first_time_of_a_visit(self, desk: Desk, alder: Company) -> None:
        with transaction():
            service.quote(desk.office, desk.order, price_cents=9000)
        event = desk.visit_event(0, desk.ana.worker_id)
        told = comes_true(desk, event, lambda: desk.set_visit(0, desk.ana.worker_id))
        assert sorted(told) == [("assigned", alder.worker.email), ("scheduled", alder.client_email)]

    @pytest.mark.parametrize(
        ("hours", "worker", "purposes"),
        [
            (3, "ana", ["assigned", "moved"]),
            (3, "ben", ["assigned", "moved", "released"]),
            (0, "ben", ["assigned", "released"]),
            (0, "nobody", ["released"]),
            (3, "nobody", ["moved", "released"]),
        ],
    )
    def test_another_time_or_worker(self, planned: Desk, hours: int, worker: str, purposes: list[str]) -> None:
        worker_id = {"ana": planned.ana.worker_id, "ben": planned.ben_id, "nobody": None}[worker]
        event = planned.visit_event(hours, worker_id)
        told = comes_true(planned, event, lambda: planned.set_visit(hours, worker_id))
        assert sorted(purpose for purpose, _ in told) == purposes

    def test_the_same_visit_again_tells_nobody(self, planned: Desk) -> None:
        assert tellings.of(planned.visit_event(0, planned.ana.worker_id)) == []

    def test_a_decline(self, desk: Desk, alder: Company) -> None:
        event = supposed(desk.office, desk.order, "declined")
        told = comes_true(desk, event, lambda: service.decline(desk.office, desk.order, reason="Too far"))
        assert told == [("declined", alder.client_email)]

    def test_a_cancel_by_the_office(self, planned: Desk) -> None:
        event = supposed(planned.office, planned.order, "cancelled", **planned.before)
        told = comes_true(planned, event, lambda: service.cancel(planned.office, planned.order))
        assert sorted(purpose for purpose, _ in told) == ["cancelled", "released"]

    def test_a_cancel_by_the_client(self, planned: Desk) -> None:
        event = supposed(planned.client, planned.order, "cancelled", **planned.before)
        told = comes_true(planned, event, lambda: service.cancel(planned.client, planned.order))
        assert sorted(purpose for purpose, _ in told) == [
            "cancelled", "client_cancelled", "client_cancelled", "released",
        ]  # fmt: skip

    def test_the_way_the_break_and_the_end(self, planned: Desk) -> None:
        order, ana = planned.order, planned.ana
        comes_true(planned, supposed(ana, order, "on_the_way"), lambda: service.on_the_way(ana, order))
        with transaction():
            service.start(ana, order)
        comes_true(planned, supposed(ana, order, "postponed"), lambda: service.postpone(ana, order, reason="Rain"))
        with transaction():
            service.start(ana, order)
            for item in checklist.items(order):
                item.photo_required, item.required = False, False
        comes_true(planned, supposed(ana, order, "completed"), lambda: service.complete(ana, order))

    def test_a_question_and_its_answer(self, planned: Desk) -> None:
        order, client, office = planned.order, planned.client, planned.office
        asked = supposed(client, order, "asked", text="When?")
        told = comes_true(planned, asked, lambda: service.ask(client, order, kind="question", text="When?"))
        assert [purpose for purpose, _ in told] == ["client_asks", "client_asks"]
        answered = supposed(office, order, "answered", text="Soon")
        assert comes_true(planned, answered, lambda: service.answer(office, order, text="Soon"))

    def test_an_answer_by_other_means_is_no_mail(self, desk: Desk) -> None:
        event = supposed(desk.office, desk.order, "answered", text="")
        assert comes_true(desk, event, lambda: service.answer(desk.office, desk.order)) == []

    @pytest.mark.parametrize(("source", "count"), [("public", 3), ("api", 3), ("office", 0)])
    def test_a_request(self, inside: Company, office: Actor, source: str, count: int) -> None:
        visitor = Actor("visitor", "Visitor", org=office.org)
        client, ordered = tenancy.get(Client, inside.client_id), tenancy.get(Service, inside.service_id)
        with transaction():
            order = service.create(visitor, client=client, service=ordered, values=NewOrder(source=source))
        forecast = tellings.mails(tellings.of(supposed(visitor, order, "requested")))
        assert sorted(forecast) == sorted((mail.to_address, mail.purpose) for mail in queued(order).values())
        assert len(forecast) == count


class TestWhoIsReached:
    @pytest.mark.parametrize(
        ("change", "hindrance"),
        [
            ({"email": None}, "has no e-mail address"),
            ({"email_state": "bounced"}, "gets no mail because it bounces"),
            ({"email_state": "complained"}, "gets no mail because they marked ours as unwanted"),
            ({"active": False}, "is not an active client and gets no mail"),
        ],
    )
    def test_a_client_whom_no_mail_reaches_is_named_with_the_phone_number(
        self, planned: Desk, alder: Company, change: dict[str, object], hindrance: str
    ) -> None:
        with transaction():
            for name, value in change.items():
                setattr(tenancy.get(Client, alder.client_id), name, value)
        event = supposed(planned.office, planned.order, "cancelled", **planned.before)
        (person,) = [one for told in tellings.of(event) for one in told.people if not one.reached]
        assert (person.name, person.hindrance, person.phone) == (
            "Margaret Whitfield",
            hindrance,
            "+1 503 555 0100",
        )
        told = comes_true(planned, event, lambda: service.cancel(planned.office, planned.order))
        assert told == [("released", alder.worker.email)]

    def test_nobody_is_told_of_what_they_did_themselves(self, planned: Desk) -> None:
        ana = replace(planned.office, worker_id=planned.ana.worker_id)
        event = supposed(ana, planned.order, "cancelled", **planned.before)
        told = comes_true(planned, event, lambda: service.cancel(ana, planned.order))
        assert [purpose for purpose, _ in told] == ["cancelled"]

    def test_a_worker_who_is_not_chosen_yet_is_whoever_is_chosen(self, planned: Desk) -> None:
        before = assignments.current(planned.order)
        event = visit(planned.office, planned.order, "scheduled", before, tellings.another_worker(before))
        told = {one.telling.purpose: [person.name for person in one.people] for one in tellings.of(event)}
        assert told == {"assigned": ["Whoever you choose"], "released": ["Ana Morales"]}

    def test_some_other_time_is_another_time(self, planned: Desk) -> None:
        before = assignments.current(planned.order)
        event = visit(planned.office, planned.order, "scheduled", before, tellings.another_time(before))
        assert [one.telling.purpose for one in tellings.of(event)] == ["moved", "assigned"]


class TestWhatIsWithdrawn:
    def test_given_to_somebody_else_at_the_same_time_the_client_still_hears_of_the_time(self, planned: Desk) -> None:
        with transaction():
            planned.set_visit(0, planned.ben_id)
        states = {mail.purpose: mail.state for mail in queued(planned.order).values() if mail.purpose == "scheduled"}
        assert states == {"scheduled": "due"}

    def test_at_another_time_the_mail_of_the_former_one_is_withdrawn_with_the_reason(self, planned: Desk) -> None:
        with transaction():
            planned.set_visit(3, planned.ana.worker_id)
        (mail,) = [mail for mail in queued(planned.order).values() if mail.purpose == "scheduled"]
        assert (mail.state, mail.last_error) == ("cancelled", "Priya Shah moved the visit")
