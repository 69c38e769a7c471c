"""What can be done with an order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Conflict, Invalid, StaleVersion
from doorstep.core.transaction import transaction
from doorstep.orders import assignments, checklist, queries, service, timekeeping
from doorstep.orders.models import Order
from doorstep.orders.service import NewOrder
from tests.cast import Company
from tests.orders.conftest import Make


def kinds(order: Order) -> list[str]:
    return [line.kind for line in queries.timeline(order)]


class TestANewOrder:
    def test_it_is_requested_numbered_and_priced_from_the_service(self, make: Make, alder: Company) -> None:
        order = make(extras=["oven"])
        assert (order.status, order.number, order.price_low_cents) == ("requested", alder.order_number + 1, 15800)
        assert order.duration_minutes == 165
        assert kinds(order) == ["requested"]

    def test_it_copies_the_checklist_so_that_later_changes_of_the_service_do_not_touch_it(self, make: Make) -> None:
        order = make()
        with transaction():
            tenancy.get(Service, order.service_id).checklist = []
        assert [item.label for item in checklist.items(order)] == ["Kitchen surfaces", "Photo before", "Photo after"]

    def test_it_takes_the_clients_address_unless_another_is_given(self, make: Make) -> None:
        assert make().address == "1820 SE Salmon St"
        other = make(address="1 Oak Lane", city="Salem", access_notes="")
        assert (other.address, other.city) == ("1 Oak Lane", "Salem")

    def test_numbers_are_never_given_twice(self, make: Make) -> None:
        assert len({make().number for _ in range(5)}) == 5

    def test_an_unknown_extra_is_refused(self, make: Make) -> None:
        with pytest.raises(Invalid):
            make(extras=["gold"])

    def test_a_service_that_is_not_offered_any_more_is_refused(self, inside: Company, office: Actor) -> None:
        offered = tenancy.get(Service, inside.service_id)
        client = tenancy.get(Client, inside.client_id)
        offered.active = False
        with pytest.raises(Invalid, match="not offered"):
            service.create(office, client=client, service=offered, values=NewOrder())

    @pytest.mark.parametrize("days", [-1, 500])
    def test_a_wish_for_the_past_or_for_another_age_is_refused(self, days: int, make: Make) -> None:
        with pytest.raises(Invalid) as refused:
            make(wished_at=clock.now() + timedelta(days=days))
        assert [error.field for error in refused.value.errors] == ["wished_at"]


class TestScheduling:
    def test_accepting_sets_visit_worker_and_agreed_price(self, booked: Order, nine: datetime, alder: Company) -> None:
        facts = assignments.current(booked)
        assert (booked.status, facts.start, facts.worker_id) == ("scheduled", nine, alder.worker.worker_id)
        assert booked.price_cents == booked.price_low_cents
        assert kinds(booked) == ["requested", "scheduled"]

    def test_moving_tells_from_where_to_where(
        self, booked: Order, office: Actor, nine: datetime, alder: Company
    ) -> None:
        later = nine + timedelta(hours=3)
        with transaction():
            service.schedule(office, booked, start=later, worker_id=alder.other_worker.worker_id)
        moved = queries.timeline(booked)[-1]
        assert moved.kind == "moved"
        assert (moved.data["from_worker"], moved.data["to_worker"]) == ("Ana Morales", "Ben Okafor")
        assert datetime.fromisoformat(moved.data["to_start"]) == later

    def test_moving_to_where_it_already_is_tells_nobody(
        self, booked: Order, office: Actor, nine: datetime, alder: Company
    ) -> None:
        with transaction():
            service.schedule(office, booked, start=nine, worker_id=alder.worker.worker_id)
        assert kinds(booked) == ["requested", "scheduled"]

    def test_a_visit_without_a_worker_is_allowed(self, make: Make, office: Actor, nine: datetime) -> None:
        order = make()
        with transaction():
            service.schedule(office, order, start=nine, worker_id=None)
        assert assignments.current(order).worker_id is None

    @pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(days=401)], ids=["past", "too far"])
    def test_the_past_and_the_far_future_are_refused(self, make: Make, office: Actor, ahead: timedelta) -> None:
        with pytest.raises(Invalid):
            service.schedule(office, make(), start=clock.now() + ahead, worker_id=None)

    def test_a_time_without_zone_is_refused(self, make: Make, office: Actor, nine: datetime) -> None:
        with pytest.raises(Invalid, match="zone"):
            service.schedule(office, make(), start=nine.replace(tzinfo=None), worker_id=None)

    def test_an_old_version_is_refused(self, booked: Order, office: Actor, nine: datetime) -> None:
        with pytest.raises(StaleVersion):
            service.schedule(office, booked, start=nine, worker_id=None, version=booked.version - 1)

    def test_work_that_has_begun_cannot_be_moved(
        self, booked: Order, office: Actor, ana: Actor, nine: datetime
    ) -> None:
        with transaction():
            service.start(ana, booked)
        with pytest.raises(Conflict, match="Work has begun"):
            service.schedule(office, booked, start=nine, worker_id=None)


class TestEnding:
    def test_declining_needs_a_reason(self, make: Make, office: Actor) -> None:
        with pytest.raises(Invalid, match="why"):
            service.decline(office, make(), reason="  ")

    def test_cancelling_frees_the_worker(
        self, booked: Order, make: Make, office: Actor, nine: datetime, alder: Company
    ) -> None:
        with transaction():
            service.cancel(office, booked, reason="moved house")
        other = make()
        with transaction():
            service.schedule(office, other, start=nine, worker_id=alder.worker.worker_id)
        assert booked.status == "cancelled"

    def test_a_cancelled_order_cannot_come_back(self, booked: Order, office: Actor, nine: datetime) -> None:
        with transaction():
            service.cancel(office, booked)
        with pytest.raises(Conflict, match="final"):
            service.schedule(office, booked, start=nine, worker_id=None)

    def test_a_quote_can_be_scheduled_at_its_price(self, make: Make, office: Actor, nine: datetime) -> None:
        order = make()
        with transaction():
            service.quote(office, order, price_cents=9900, note="small flat")
        with transaction():
            service.schedule(office, order, start=nine, worker_id=None)
        assert (order.status, order.price_cents) == ("scheduled", 9900)


class TestTheWork:
    def finish_the_steps(self, who: Actor, order: Order) -> None:
        for item in checklist.items(order):
            item.photo_required = False
            checklist.tick(who, order, item.id, done=True)

    def test_from_the_way_to_the_end(self, booked: Order, ana: Actor) -> None:
        began = clock.now()
        for after, act in ((0, service.on_the_way), (20, service.start)):
            with clock.held_at(began + timedelta(minutes=after)), transaction():
                act(ana, booked)
        with clock.held_at(began + timedelta(minutes=80)), transaction():
            service.pause(ana, booked, reason="lunch")
        with clock.held_at(began + timedelta(minutes=110)), transaction():
            service.resume(ana, booked)
        with clock.held_at(began + timedelta(minutes=140)), transaction():
            self.finish_the_steps(ana, booked)
            service.complete(ana, booked, note="All clean")
        assert booked.status == "completed"
        assert timekeeping.minutes(booked) == 90
        assert kinds(booked)[2:] == ["on_the_way", "started", "paused", "resumed", "completed"]
        assert queries.timeline(booked)[-1].data["minutes"] == 90

    def test_finishing_with_the_clock_running_is_possible(self, booked: Order, ana: Actor) -> None:
        with transaction():
            service.start(ana, booked)
            self.finish_the_steps(ana, booked)
            service.complete(ana, booked)
        assert not timekeeping.running(booked)

    def test_finishing_names_each_open_step_and_photo(self, booked: Order, ana: Actor) -> None:
        with transaction():
            service.start(ana, booked)
        with pytest.raises(Conflict) as refused:
            service.complete(ana, booked)
        assert refused.value.extra["missing"] == [
            "step not done: Kitchen surfaces",
            "photo missing: Photo before",
            "photo missing: Photo after",
        ]

    def test_starting_the_clock_twice_is_refused(self, booked: Order, ana: Actor) -> None:
        with transaction():
            service.start(ana, booked)
        with pytest.raises(Conflict, match="already running"):
            service.resume(ana, booked)

    def test_pausing_a_stopped_clock_is_refused(self, booked: Order, ana: Actor) -> None:
        with transaction():
            service.start(ana, booked)
            service.pause(ana, booked)
        with pytest.raises(Conflict, match="not running"):
            service.pause(ana, booked)

    def test_what_cannot_be_finished_today_goes_back_to_the_office(self, booked: Order, ana: Actor) -> None:
        with transaction():
            service.start(ana, booked)
        with pytest.raises(Invalid):
            service.postpone(ana, booked, reason=" ")
        with transaction():
            service.postpone(ana, booked, reason="no water")
        assert (booked.status, timekeeping.running(booked)) == ("scheduled", [])

    def test_an_office_that_starts_an_unassigned_order_runs_no_clock(
        self, make: Make, office: Actor, nine: datetime
    ) -> None:
        order = make()
        with transaction():
            service.schedule(office, order, start=nine, worker_id=None)
            service.start(office, order)
        assert timekeeping.entries(order) == []

    def test_a_tick_can_be_taken_back_until_the_end(self, booked: Order, ana: Actor) -> None:
        item = checklist.items(booked)[0]
        assert checklist.tick(ana, booked, item.id, done=True).done_by == "Ana Morales"
        assert checklist.tick(ana, booked, item.id, done=False).done_at is None


class TestAfterwards:
    def test_only_finished_work_is_rated_and_a_rating_may_change(self, booked: Order, ana: Actor) -> None:
        with pytest.raises(Conflict):
            service.rate(ana, booked, score=5)
        with transaction():
            booked.status = "completed"
            service.rate(ana, booked, score=5)
            service.rate(ana, booked, score=3, comment="on second thought")
        given = checklist.feedback_of(booked)
        assert given is not None
        assert (given.score, given.comment) == (3, "on second thought")

    @pytest.mark.parametrize("score", [0, 6])
    def test_there_are_one_to_five_stars(self, booked: Order, ana: Actor, score: int) -> None:
        booked.status = "completed"
        with pytest.raises(Invalid):
            service.rate(ana, booked, score=score)

    def test_a_correction_is_told_by_field_and_an_empty_one_not_at_all(self, booked: Order, office: Actor) -> None:
        with transaction():
            service.change(office, booked, {"city": "Salem", "details": booked.details})
            service.change(office, booked, {"city": "Salem"})
        changes = [line for line in queries.timeline(booked) if line.kind == "changed"]
        assert [line.data for line in changes] == [{"fields": ["city"]}]

    def test_an_empty_note_is_refused(self, booked: Order, office: Actor) -> None:
        with pytest.raises(Invalid):
            service.note(office, booked, text=" ")
