"""Who hears what by mail when something happens to an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from doorstep.accounts.models import Membership
from doorstep.catalog.models import Service
from doorstep.clients.models import Client, ClientLink
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.notifications.models import OutgoingEmail
from doorstep.orders import checklist, service
from doorstep.orders.models import Order
from doorstep.orders.service import NewOrder
from tests.cast import Company
from tests.orders.conftest import Make


def mails(order: Order) -> list[tuple[str, str]]:
    """Returns (purpose, to) of the order's mails, oldest first."""
    found = select(OutgoingEmail).where(OutgoingEmail.order_id == order.id).order_by(OutgoingEmail.id)
    return [(mail.purpose, mail.to_address) for mail in db.session.execute(found).scalars()]


def text_of(order: Order, purpose: str) -> str:
    found = select(OutgoingEmail.text).where(OutgoingEmail.order_id == order.id, OutgoingEmail.purpose == purpose)
    return "\n".join(db.session.execute(found).scalars())


@pytest.fixture
def client(office: Actor, alder: Company) -> Actor:
    """Alder's client, let in by a link."""
    return Actor("client", "Margaret Whitfield", alder.client_id, office.org)


@pytest.fixture
def request_of_a_visitor(inside: Company, office: Actor, nine: datetime) -> Order:
    """An order asked for on the public page."""
    visitor = Actor("visitor", "Visitor", org=office.org)
    wish = NewOrder(source="public", wished_at=nine, wish_note="mornings are best", details="Two cats")
    with transaction():
        client = tenancy.get(Client, inside.client_id)
        kind = tenancy.get(Service, inside.service_id)
        return service.create(visitor, client=client, service=kind, values=wish)


def reaches(order: Order, *expected: tuple[str, str]) -> None:
    assert sorted(mails(order)) == sorted(expected)


class TestARequest:
    def test_from_outside_it_is_told_to_client_owners_and_dispatchers(
        self, request_of_a_visitor: Order, alder: Company
    ) -> None:
        reaches(
            request_of_a_visitor,
            ("request_received", alder.client_email),
            ("new_request", alder.owner.email),
            ("new_request", alder.dispatcher.email),
        )
        told = text_of(request_of_a_visitor, "new_request")
        assert "mornings are best" in told
        assert "Two cats" in told

    def test_typed_in_by_the_office_it_is_told_to_nobody(self, make: Make) -> None:
        reaches(make())

    def test_somebody_who_left_the_office_hears_nothing(self, make: Make, client: Actor, alder: Company) -> None:
        order = make()
        left = select(Membership).where(Membership.user_id == alder.dispatcher.id)
        with transaction():
            db.session.execute(left).scalar_one().active = False
            service.ask(client, order, kind="question", text="Hello?")
        reaches(order, ("client_asks", alder.owner.email))


class TestAVisit:
    def test_a_time_is_told_to_client_and_worker(self, booked: Order, alder: Company) -> None:
        reaches(booked, ("scheduled", alder.client_email), ("assigned", alder.worker.email))
        assert f"/worker/orders/{booked.id}" in text_of(booked, "assigned")

    def test_without_a_worker_the_client_alone_is_told(
        self, make: Make, office: Actor, nine: datetime, alder: Company
    ) -> None:
        order = make()
        with transaction():
            service.schedule(office, order, start=nine, worker_id=None)
        reaches(order, ("scheduled", alder.client_email))

    def test_another_time_is_told_to_both_with_the_former_one(
        self, booked: Order, office: Actor, nine: datetime, alder: Company
    ) -> None:
        with transaction():
            service.schedule(office, booked, start=nine + timedelta(hours=3), worker_id=alder.worker.worker_id)
        assert mails(booked)[2:] == [("moved", alder.client_email), ("assigned", alder.worker.email)]
        assert "Before: " in text_of(booked, "moved")

    def test_moved_there_and_back_again_each_time_is_told(
        self, booked: Order, office: Actor, nine: datetime, alder: Company
    ) -> None:
        for hours in (3, 0, 3):
            with transaction():
                service.schedule(office, booked, start=nine + timedelta(hours=hours), worker_id=alder.worker.worker_id)
        assert [purpose for purpose, _ in mails(booked)].count("moved") == 3

    def test_another_worker_at_the_same_time_is_no_mail_to_the_client(
        self, booked: Order, office: Actor, nine: datetime, alder: Company
    ) -> None:
        with transaction():
            service.schedule(office, booked, start=nine, worker_id=alder.other_worker.worker_id)
        assert mails(booked)[2:] == [("assigned", alder.other_worker.email), ("released", alder.worker.email)]

    def test_a_refused_change_tells_nobody(
        self, booked: Order, make: Make, office: Actor, nine: datetime, alder: Company
    ) -> None:
        other = make()
        with pytest.raises(Conflict), transaction():
            service.schedule(office, other, start=nine, worker_id=alder.worker.worker_id)
        reaches(other)


class TestTheWork:
    def test_the_client_hears_of_the_way_and_of_the_end(self, booked: Order, ana: Actor, alder: Company) -> None:
        with transaction():
            service.on_the_way(ana, booked)
            service.start(ana, booked)
            for item in checklist.items(booked):
                item.photo_required, item.required = False, False
            service.complete(ana, booked)
        assert mails(booked)[2:] == [("on_the_way", alder.client_email), ("finished", alder.client_email)]
        assert "Ana Morales is on the way" in text_of(booked, "on_the_way")

    def test_what_could_not_be_finished_is_told_with_its_reason(
        self, booked: Order, ana: Actor, alder: Company
    ) -> None:
        with transaction():
            service.start(ana, booked)
            service.postpone(ana, booked, reason="The key did not fit")
        assert mails(booked)[2:] == [("postponed", alder.client_email)]
        assert "The key did not fit" in text_of(booked, "postponed")


class TestTheEnd:
    def test_a_refusal_goes_to_the_client_with_its_reason(self, make: Make, office: Actor, alder: Company) -> None:
        order = make()
        with transaction():
            service.decline(office, order, reason="Too far away")
        reaches(order, ("declined", alder.client_email))
        assert "Too far away" in text_of(order, "declined")

    def test_a_visit_cancelled_by_the_office_frees_the_worker_too(
        self, booked: Order, office: Actor, alder: Company
    ) -> None:
        with transaction():
            service.cancel(office, booked, reason="Storm")
        assert mails(booked)[2:] == [("cancelled", alder.client_email), ("released", alder.worker.email)]

    def test_a_request_taken_back_by_the_client_is_told_to_the_office(
        self, make: Make, client: Actor, alder: Company
    ) -> None:
        order = make()
        with transaction():
            service.cancel(client, order, reason="Found somebody else")
        reaches(
            order,
            ("cancelled", alder.client_email),
            ("client_cancelled", alder.owner.email),
            ("client_cancelled", alder.dispatcher.email),
        )
        assert "You cancelled" in text_of(order, "cancelled")


class TestWishes:
    @pytest.mark.parametrize("about", ["move", "cancel", "question", "accept"])
    def test_what_a_client_asks_goes_to_the_office_only(
        self, make: Make, client: Actor, alder: Company, about: str
    ) -> None:
        order = make()
        with transaction():
            service.ask(client, order, kind=about, text="Can it be Thursday?")
        reaches(order, ("client_asks", alder.owner.email), ("client_asks", alder.dispatcher.email))
        assert "Can it be Thursday?" in text_of(order, "client_asks")

    def test_nobody_is_told_of_what_they_did_themselves(self, make: Make, client: Actor, alder: Company) -> None:
        order = make()
        with transaction():
            service.ask(replace(client, kind="member", id=alder.owner.id), order, kind="question", text="For Margaret")
        reaches(order, ("client_asks", alder.dispatcher.email))


class TestTheLinkInAMail:
    def test_each_mail_to_a_client_has_a_link_of_its_own_to_this_order_alone(
        self, booked: Order, office: Actor
    ) -> None:
        with transaction():
            service.cancel(office, booked)
        links = db.session.execute(select(ClientLink)).scalars().all()
        assert [link.order_id for link in links] == [booked.id, booked.id]
        assert "/client/link/" in text_of(booked, "scheduled")
        assert "/client/link/" not in text_of(booked, "assigned")

    def test_a_client_without_an_address_gets_neither_mail_nor_link(
        self, make: Make, office: Actor, nine: datetime, alder: Company
    ) -> None:
        with transaction():
            tenancy.get(Client, alder.client_id).email = None
        order = make()
        with transaction():
            service.schedule(office, order, start=nine, worker_id=None)
        reaches(order)
        assert db.session.execute(select(ClientLink)).all() == []

    def test_what_is_undone_sends_nothing(self, make: Make, office: Actor, nine: datetime) -> None:
        order = make()
        service.schedule(office, order, start=nine, worker_id=None)
        db.session.rollback()
        reaches(order)
