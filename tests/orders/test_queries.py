"""Reading orders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from doorstep.core import clock
from doorstep.core.actor import Actor
from doorstep.core.errors import NotFound
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.orders import queries, service
from doorstep.orders.lines import OrderFilter
from doorstep.orders.models import Order
from tests.cast import Company
from tests.orders.conftest import Make, ids_of


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collects the statements sent to the database within the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


class TestWhoSeesAnOrder:
    def test_the_assigned_worker_does_and_the_other_does_not(self, booked: Order, ana: Actor, alder: Company) -> None:
        assert queries.find(ana, booked.id).id == booked.id
        ben = replace(ana, worker_id=alder.other_worker.worker_id)
        with pytest.raises(NotFound):
            queries.find(ben, booked.id)

    def test_a_worker_who_was_taken_off_does_not_any_more(
        self, booked: Order, ana: Actor, office: Actor, nine: datetime
    ) -> None:
        with transaction():
            service.schedule(office, booked, start=nine, worker_id=None)
        with pytest.raises(NotFound):
            queries.find(ana, booked.id)

    def test_a_client_sees_their_own_and_through_an_order_link_only_that_one(self, make: Make, alder: Company) -> None:
        one, other = make(), make()
        client = Actor("client", "Margaret", alder.client_id)
        assert queries.find(client, other.id).id == other.id
        assert queries.find(replace(client, order_id=one.id), one.id).id == one.id
        with pytest.raises(NotFound):
            queries.find(replace(client, order_id=one.id), other.id)
        with pytest.raises(NotFound):
            queries.find(replace(client, id=alder.other_client_id), one.id)

    def test_a_visitor_sees_none(self, make: Make) -> None:
        with pytest.raises(NotFound):
            queries.find(Actor("visitor"), make().id)

    def test_another_companys_order_does_not_exist(self, inside: Company, office: Actor, birch: Company) -> None:
        with pytest.raises(NotFound):
            queries.find(office, birch.order_id)


class TestLists:
    def test_newest_first_and_paged_without_gaps(self, make: Make) -> None:
        made = [make().id for _ in range(5)]
        first, cursor = queries.rows(OrderFilter(), 2)
        second, cursor = queries.rows(OrderFilter(), 2, cursor)
        third, last = queries.rows(OrderFilter(), 2, cursor)
        assert ids_of(first + second + third)[:5] == made[::-1]
        assert last is None

    def test_an_order_made_meanwhile_does_not_shift_the_next_page(self, make: Make) -> None:
        made = [make().id for _ in range(4)]
        _, cursor = queries.rows(OrderFilter(), 2)
        make()
        assert ids_of(queries.rows(OrderFilter(), 2, cursor)[0]) == made[1::-1]

    def test_filters(self, booked: Order, make: Make, alder: Company, nine: datetime) -> None:
        other = make()

        def found(**values: Any) -> set[Any]:
            return set(ids_of(queries.rows(OrderFilter(**values), 50)[0]))

        assert found(status=["scheduled"]) == {booked.id}
        assert found(worker_id=alder.worker.worker_id) == {booked.id}
        assert found(client_id=alder.other_client_id) == set()
        assert found(first=nine, until=nine + timedelta(hours=1)) == {booked.id}
        assert found(first=nine + timedelta(hours=1)) == set()
        assert found(search=str(other.number)) == {other.id}
        assert found(search="marga") == {booked.id, other.id, alder.order_id}
        assert found(search="garet") == set()

    def test_unassigned_are_visits_without_a_worker(
        self, booked: Order, make: Make, office: Actor, nine: datetime
    ) -> None:
        order = make()
        with transaction():
            service.schedule(office, order, start=nine, worker_id=None)
        assert ids_of(queries.rows(OrderFilter(unassigned=True), 50)[0]) == [order.id]
        assert queries.waiting()["unassigned"] == 1

    def test_a_list_takes_one_statement_however_long_it_is(self, make: Make) -> None:
        def cost() -> int:
            db.session.rollback()
            with statements() as sent:
                queries.rows(OrderFilter(), 50)
            return len(sent)

        before = cost()
        for _ in range(8):
            make()
        assert cost() == before == 1

    def test_a_whole_order_takes_a_fixed_number_of_statements(self, booked: Order, office: Actor) -> None:
        def cost() -> int:
            db.session.rollback()
            with statements() as sent:
                queries.view(queries.find(office, booked.id))
            return len(sent)

        before = cost()
        with transaction():
            for n in range(10):
                service.note(office, booked, text=f"note {n}")
        assert cost() == before

    def test_the_inbox_is_oldest_first(self, make: Make, alder: Company) -> None:
        order = make()
        assert ids_of(queries.inbox()) == [alder.order_id, order.id]


class TestDays:
    def test_the_board_shows_the_day_on_the_companys_clock(self, booked: Order, nine: datetime, alder: Company) -> None:
        zone = ZoneInfo(alder.timezone)
        day = nine.astimezone(zone).date()
        board = queries.board(day, zone)
        assert ids_of(board.of(alder.worker.worker_id)) == [booked.id]
        assert queries.board(day + timedelta(days=1), zone).rows == []

    def test_a_visit_over_midnight_is_on_both_days(self, make: Make, office: Actor, alder: Company) -> None:
        zone, worker_id = ZoneInfo(alder.timezone), alder.worker.worker_id
        late = datetime.combine((clock.now() + timedelta(days=3)).date(), time(22), zone)
        order = make()
        with transaction():
            service.schedule(office, order, start=late.astimezone(UTC), minutes=240, worker_id=worker_id)
        for number, there in ((-1, []), (0, [order.id]), (1, [order.id]), (2, [])):
            day = late.date() + timedelta(days=number)
            assert ids_of(queries.board(day, zone).of(worker_id)) == there
            assert ids_of(queries.worker_day(worker_id, day, zone)) == there

    def test_a_workers_day_has_what_the_worker_needs_to_get_in(
        self, booked: Order, nine: datetime, alder: Company
    ) -> None:
        zone = ZoneInfo(alder.timezone)
        (visit,) = queries.worker_day(alder.worker.worker_id, nine.astimezone(zone).date(), zone)
        assert (visit["access_notes"], visit["client_phone"]) == ("Key under the mat", "+1 503 555 0100")

    def test_a_cancelled_visit_leaves_the_day(
        self, booked: Order, office: Actor, nine: datetime, alder: Company
    ) -> None:
        with transaction():
            service.cancel(office, booked)
        zone = ZoneInfo(alder.timezone)
        assert queries.worker_day(alder.worker.worker_id, nine.astimezone(zone).date(), zone) == []

    def test_a_day_on_which_clocks_change_is_23_or_25_hours_long(self) -> None:
        berlin = ZoneInfo("Europe/Berlin")
        lengths = []
        for day in (datetime(2026, 3, 29), datetime(2026, 10, 25)):  # noqa: DTZ001
            start, end = queries.day_span(day.date(), berlin)
            lengths.append((end.timestamp() - start.timestamp()) / 3600)
        assert lengths == [23, 25]

    def test_a_client_sees_their_orders_newest_first(self, make: Make, alder: Company) -> None:
        order = make()
        assert ids_of(queries.for_client(alder.client_id)) == [order.id, alder.order_id]
