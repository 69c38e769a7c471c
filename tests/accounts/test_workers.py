"""Workers: added, changed, away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from doorstep.accounts import hours, workers
from doorstep.accounts.models import Worker
from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.errors import Invalid, NotFound
from doorstep.core.transaction import transaction
from tests.accounts.acting import acting
from tests.cast import Company, known_id


@pytest.fixture
def owner(alder: Company) -> Actor:
    """Alder's owner."""
    return acting(alder.owner, alder)


def added(company: Company, owner: Actor, **values: Any) -> Worker:
    with tenancy.org_scope(company.id), transaction():
        return workers.add(owner, values)


def changed(company: Company, owner: Actor, **values: Any) -> Worker:
    with tenancy.org_scope(company.id), transaction():
        return workers.change(owner, company.worker.worker_id, values)


def test_a_new_worker_works_in_the_usual_hours(context: Flask, alder: Company, owner: Actor) -> None:
    worker = added(alder, owner, name="  Nina   New ", skills=["Windows", " windows ", "ovens"])
    assert worker.name == "Nina New"
    assert worker.weekly_hours == hours.USUAL
    assert worker.skills == ["ovens", "windows"]
    assert worker.active
    assert worker.user_id is None


def test_only_what_is_given_changes(context: Flask, alder: Company, owner: Actor) -> None:
    worker = changed(alder, owner, phone="+1 503 555 0199", colour="teal")
    assert (worker.name, worker.phone, worker.colour) == ("Ana Morales", "+1 503 555 0199", "teal")
    assert worker.skills == ["cleaning"]


def test_a_worker_can_be_taken_off_the_list_and_put_back(context: Flask, alder: Company, owner: Actor) -> None:
    assert not changed(alder, owner, active=False).active
    with tenancy.org_scope(alder.id):
        assert [row.name for row in workers.rows()[0]] == ["Ben Okafor"]
        assert [row.name for row in workers.rows(inactive=True)[0]] == ["Ana Morales", "Ben Okafor"]
        assert [row.name for row in workers.former()[0]] == ["Ana Morales"]
    assert changed(alder, owner, active=True).active


def test_columns_that_are_nobodys_business_cannot_be_changed(context: Flask, alder: Company, owner: Actor) -> None:
    worker = changed(alder, owner, user_id=alder.owner.id, org_id=known_id("birch"), id=known_id("x"))
    assert (worker.id, worker.user_id, worker.org_id) == (alder.worker.worker_id, alder.worker.id, alder.id)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 121), ("phone", "1" * 41), ("colour", "red; }"), ("skills", ["x" * 41]),
     ("weekly_hours", {"mon": [["9", "10"]]})],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_at_its_field(
    context: Flask, alder: Company, owner: Actor, field: str, value: Any
) -> None:
    with pytest.raises(Invalid) as caught:
        changed(alder, owner, **{field: value})
    assert caught.value.errors[0].field.startswith(field)


def test_another_companys_worker_is_not_there(context: Flask, alder: Company, birch: Company, owner: Actor) -> None:
    with tenancy.org_scope(alder.id), pytest.raises(NotFound):
        workers.change(owner, birch.worker.worker_id, {"name": "Mine"})
    with tenancy.org_scope(alder.id), pytest.raises(NotFound):
        workers.time_off(birch.worker.worker_id)
    tomorrow = clock.minutes_from_now(1440)
    with tenancy.org_scope(alder.id), pytest.raises(NotFound):
        workers.add_time_off(owner, birch.worker.worker_id, start=tomorrow, end=tomorrow + timedelta(days=1))


def test_the_list_is_paged(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        first, cursor = workers.rows(1)
        second, end = workers.rows(1, cursor)
    assert [row.name for row in (*first, *second)] == ["Ana Morales", "Ben Okafor"]
    assert end is None


def test_time_off_is_listed_soonest_first_until_it_is_over(context: Flask, alder: Company, owner: Actor) -> None:
    ana, now = alder.worker.worker_id, clock.now()
    for days, reason in ((20, "Holiday"), (3, "Dentist"), (-1, "Ill")):
        start = now + timedelta(days=days)
        with tenancy.org_scope(alder.id), transaction():
            workers.add_time_off(owner, ana, start=start, end=start + timedelta(days=2), reason=reason)
    with tenancy.org_scope(alder.id):
        first, cursor = workers.time_off(ana, 2)
        rest, _ = workers.time_off(ana, 2, cursor)
        assert [row.reason for row in (*first, *rest)] == ["Ill", "Dentist", "Holiday"]
        assert workers.time_off(alder.other_worker.worker_id) == ([], None)
    with clock.held_at(now + timedelta(days=2)), tenancy.org_scope(alder.id):
        assert [row.reason for row in workers.time_off(ana)[0]] == ["Dentist", "Holiday"]


@pytest.mark.parametrize(("start", "end"), [(48, 24), (24, 24), (-48, -24), (24, 24 + 367 * 24)])
def test_time_off_that_makes_no_sense_is_refused(
    context: Flask, alder: Company, owner: Actor, start: int, end: int
) -> None:
    now = clock.now()
    span = {"start": now + timedelta(hours=start), "end": now + timedelta(hours=end)}
    with tenancy.org_scope(alder.id), pytest.raises(Invalid) as caught:
        workers.add_time_off(owner, alder.worker.worker_id, **span)
    assert caught.value.errors[0].field == "end"


def test_time_off_can_be_taken_back_for_the_right_worker_only(context: Flask, alder: Company, owner: Actor) -> None:
    start = clock.minutes_from_now(1440)
    with tenancy.org_scope(alder.id), transaction():
        row = workers.add_time_off(owner, alder.worker.worker_id, start=start, end=start + timedelta(days=1))
    with tenancy.org_scope(alder.id), pytest.raises(NotFound):
        workers.remove_time_off(owner, alder.other_worker.worker_id, row.id)
    with tenancy.org_scope(alder.id), transaction():
        workers.remove_time_off(owner, alder.worker.worker_id, row.id)
    with tenancy.org_scope(alder.id):
        assert workers.time_off(alder.worker.worker_id) == ([], None)


def test_the_next_time_off_of_each_is_the_first_that_is_not_over(context: Flask, alder: Company, owner: Actor) -> None:
    now, ana, ben = clock.now(), alder.worker.worker_id, alder.other_worker.worker_id
    with tenancy.org_scope(alder.id), transaction():
        for ahead in (9, 3):
            start = now + timedelta(days=ahead)
            workers.add_time_off(owner, ana, start=start, end=start + timedelta(days=1))
    with tenancy.org_scope(alder.id):
        found = workers.next_time_off([ana, ben])
        assert {worker_id: row.during.lower for worker_id, row in found.items()} == {ana: now + timedelta(days=3)}
        with clock.held_at(now + timedelta(days=5)):
            assert workers.next_time_off([ana, ben])[ana].during.lower == now + timedelta(days=9)
