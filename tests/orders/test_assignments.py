"""Nobody is in two places at once: the database's own rule, seen from the service."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from doorstep.accounts.models import Worker
from doorstep.core import tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, Invalid, NotFound
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.orders import queries, service
from doorstep.orders.models import Assignment, Order
from tests.cast import Company
from tests.orders.conftest import Make


def test_a_clash_names_who_and_what_and_offers_three_free_times(
    booked: Order, make: Make, office: Actor, nine: datetime, alder: Company
) -> None:
    order = make()
    with pytest.raises(Conflict) as refused:
        service.schedule(office, order, start=nine + timedelta(hours=1), worker_id=alder.worker.worker_id)
    extra = refused.value.extra
    assert [(c["number"], c["client"], c["worker"]) for c in extra["clashes"]] == [
        (booked.number, "Margaret Whitfield", "Ana Morales")
    ]
    assert len(extra["alternatives"]) == 3


def test_every_offered_alternative_is_truly_free(
    booked: Order, make: Make, office: Actor, nine: datetime, alder: Company
) -> None:
    with pytest.raises(Conflict) as refused:
        service.schedule(office, make(), start=nine, worker_id=alder.worker.worker_id)
    for slot in refused.value.extra["alternatives"]:
        other = make()
        with transaction():
            service.schedule(office, other, start=slot["start"], worker_id=slot["worker_id"])
        with transaction():
            service.cancel(office, other)


def test_the_buffer_after_a_visit_is_not_free(
    booked: Order, make: Make, office: Actor, nine: datetime, alder: Company
) -> None:
    order = make()
    with pytest.raises(Conflict):
        service.schedule(office, order, start=nine + timedelta(minutes=130), worker_id=alder.worker.worker_id)


def test_visits_may_touch(booked: Order, make: Make, office: Actor, nine: datetime, alder: Company) -> None:
    order = make()
    with transaction():
        service.schedule(office, order, start=nine + timedelta(minutes=135), worker_id=alder.worker.worker_id)
    assert order.status == "scheduled"


def test_a_refused_move_leaves_the_order_where_it_was(
    booked: Order, make: Make, office: Actor, nine: datetime, alder: Company
) -> None:
    order = make()
    with transaction():
        service.schedule(office, order, start=nine, worker_id=alder.other_worker.worker_id)
    with pytest.raises(Conflict), transaction():
        service.schedule(office, order, start=nine, worker_id=alder.worker.worker_id)
    assert queries.line(order.id)["worker"] == "Ben Okafor"


def test_another_companys_worker_does_not_exist_here(make: Make, office: Actor, nine: datetime, birch: Company) -> None:
    with pytest.raises(NotFound):
        service.schedule(office, make(), start=nine, worker_id=birch.worker.worker_id)


def test_somebody_who_left_cannot_be_assigned(make: Make, office: Actor, nine: datetime, alder: Company) -> None:
    tenancy.get(Worker, alder.worker.worker_id).active = False
    with pytest.raises(Invalid, match="does not work here"):
        service.schedule(office, make(), start=nine, worker_id=alder.worker.worker_id)


def test_of_many_dispatchers_at_once_exactly_one_gets_the_worker(
    app: Flask, make: Make, office: Actor, nine: datetime, alder: Company
) -> None:
    orders = [make().id for _ in range(6)]
    db.session.rollback()

    def try_it(order_id: UUID) -> bool:
        with app.app_context(), tenancy.org_scope(alder.id):
            try:
                with transaction():
                    order = queries.find(office, order_id, lock=True)
                    service.schedule(office, order, start=nine, worker_id=alder.worker.worker_id)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(try_it, orders)) == [False] * 5 + [True]
    assert db.session.execute(select(func.count()).select_from(Assignment).where(Assignment.active)).scalar_one() == 1
