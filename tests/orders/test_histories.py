"""What clients have ordered, summed up."""

from __future__ import annotations

from datetime import datetime, timedelta

from doorstep.clients.models import Client
from doorstep.core import clock, ids, tenancy
from doorstep.core.actor import Actor
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.orders import histories, service
from doorstep.orders.models import Order
from tests import statements
from tests.cast import BIRCH, Company
from tests.orders.conftest import Make


def test_the_soonest_visit_to_come_is_the_next(inside: Company, make: Make, office: Actor, nine: datetime) -> None:
    for days in (5, 1, 9):
        order = make()
        with transaction():
            service.schedule(office, order, start=nine + timedelta(days=days), worker_id=None)
    found = histories.of([inside.client_id])[inside.client_id]
    assert (found.orders, found.next_visit, found.last_visit) == (4, nine + timedelta(days=1), None)


def test_a_visit_under_way_is_still_the_next(inside: Company, booked: Order, office: Actor, nine: datetime) -> None:
    with clock.held_at(nine + timedelta(minutes=30)):
        assert histories.of([inside.client_id])[inside.client_id].next_visit == nine


def test_a_visit_that_was_missed_is_neither_next_nor_last(inside: Company, booked: Order, nine: datetime) -> None:
    with clock.held_at(nine + timedelta(days=1)):
        found = histories.of([inside.client_id])[inside.client_id]
    assert (found.next_visit, found.last_visit) == (None, None)


def test_a_cancelled_visit_is_not_to_come(inside: Company, booked: Order, office: Actor) -> None:
    with transaction():
        service.cancel(office, booked, reason="Away")
    found = histories.of([inside.client_id])[inside.client_id]
    assert (found.orders, found.next_visit) == (2, None)


def test_the_latest_finished_visit_is_the_last(inside: Company, booked: Order, nine: datetime) -> None:
    booked.status = "completed"
    db.session.flush()
    assert histories.of([inside.client_id])[inside.client_id].last_visit == nine


def test_who_ordered_nothing_has_an_empty_history(inside: Company) -> None:
    assert histories.of([inside.other_client_id]) == {inside.other_client_id: histories.NONE_YET}


def test_another_companys_orders_are_not_counted(inside: Company) -> None:
    assert histories.of([BIRCH.client_id])[BIRCH.client_id].orders == 0


def test_many_clients_take_one_statement(inside: Company) -> None:
    more = [save(Client(id=ids.new(), name=f"Client {number}")).id for number in range(20)]
    tenancy.get(Client, inside.client_id)
    with statements.overheard(db.engine) as heard:
        found = histories.of([inside.client_id, *more])
    assert len(heard) == 1
    assert len(found) == 21
