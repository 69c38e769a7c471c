"""The list of services: what visitors see and what the office changes."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask

from doorstep.catalog import service as catalog
from doorstep.catalog.models import Service
from doorstep.core import tenancy
from doorstep.core.actor import SYSTEM
from doorstep.core.errors import Invalid, NotFound
from doorstep.core.transaction import transaction
from tests.cast import ALDER, BIRCH, CHECKLIST

DEEP = {"name": "Deep clean", "price_cents": 19600, "duration_minutes": 210}


@pytest.fixture
def at_alder(context: Flask) -> Iterator[None]:
    with tenancy.org_scope(ALDER.id):
        yield


@pytest.fixture
def standard(at_alder: None) -> Service:
    return catalog.get(ALDER.service_id)


def names() -> list[str]:
    return [service.name for service in catalog.services()]


@pytest.mark.usefixtures("at_alder")
def test_a_new_service_is_the_last_of_the_list_and_offered_at_once() -> None:
    with transaction():
        made = catalog.create(SYSTEM, DEEP)
    assert made.active
    assert made.public
    assert names() == ["Standard clean", "Deep clean"]
    assert [service.name for service in catalog.public_services()] == names()


@pytest.mark.usefixtures("at_alder")
def test_a_new_service_can_be_put_first() -> None:
    with transaction():
        catalog.create(SYSTEM, {**DEEP, "position": 0})
    assert names() == ["Deep clean", "Standard clean"]


@pytest.mark.usefixtures("at_alder")
def test_a_service_moves_past_the_next_one_that_is_offered_as_it_is() -> None:
    with transaction():
        catalog.create(SYSTEM, {**DEEP, "name": "Long ago", "active": False})
        deep = catalog.create(SYSTEM, DEEP)
        catalog.move(SYSTEM, deep, up=True)
        assert names() == ["Deep clean", "Standard clean"]
        catalog.move(SYSTEM, deep, up=True)
        assert names() == ["Deep clean", "Standard clean"]
        catalog.move(SYSTEM, deep, up=False)
        assert names() == ["Standard clean", "Deep clean"]
        catalog.move(SYSTEM, deep, up=False)
        assert names() == ["Standard clean", "Deep clean"]
    assert [service.position for service in catalog.services(inactive=True)] == [0, 1, 2]


@pytest.mark.usefixtures("at_alder")
@pytest.mark.parametrize("missing", ["name", "price_cents", "duration_minutes"])
def test_a_service_needs_a_name_a_price_and_a_duration(missing: str) -> None:
    with pytest.raises(Invalid) as caught:
        catalog.create(SYSTEM, {name: value for name, value in DEEP.items() if name != missing})
    assert [error.field for error in caught.value.errors] == [missing]


@pytest.mark.usefixtures("at_alder")
def test_a_free_service_is_possible() -> None:
    assert catalog.create(SYSTEM, {**DEEP, "price_cents": 0}).price_cents == 0


@pytest.mark.usefixtures("at_alder")
def test_a_request_cannot_choose_the_organization_of_a_service() -> None:
    made = catalog.create(SYSTEM, {**DEEP, "org_id": BIRCH.id})
    assert made.org_id == ALDER.id


def test_changing_one_thing_leaves_the_others(standard: Service) -> None:
    with transaction():
        catalog.change(SYSTEM, standard, {"price_cents": 13000})
    found = catalog.get(ALDER.service_id)
    assert (found.price_cents, found.name, found.checklist) == (13000, "Standard clean", CHECKLIST)


def test_a_refused_change_changes_nothing(standard: Service) -> None:
    with pytest.raises(Invalid):
        catalog.change(SYSTEM, standard, {"name": "Better clean", "duration_minutes": 3})
    assert standard.name == "Standard clean"


def test_moving_a_service_numbers_the_list_anew(standard: Service) -> None:
    with transaction():
        for name in ("Deep clean", "Windows"):
            catalog.create(SYSTEM, {**DEEP, "name": name})
        catalog.change(SYSTEM, standard, {"position": 1})
    assert names() == ["Deep clean", "Standard clean", "Windows"]
    assert [service.position for service in catalog.services()] == [0, 1, 2]


def test_a_place_behind_the_end_is_the_end(standard: Service) -> None:
    with transaction():
        catalog.create(SYSTEM, DEEP)
        catalog.change(SYSTEM, standard, {"position": 99})
    assert names() == ["Deep clean", "Standard clean"]


def test_a_service_taken_away_is_kept_for_its_orders_and_hidden_from_everybody_else(standard: Service) -> None:
    with transaction():
        catalog.deactivate(SYSTEM, standard)
        catalog.deactivate(SYSTEM, standard)
    assert catalog.services() == []
    assert catalog.services(inactive=True) == [standard]
    assert catalog.get(standard.id) is standard
    with pytest.raises(NotFound):
        catalog.public_service(standard.id)


def test_a_hidden_service_is_for_the_office_only(standard: Service) -> None:
    with transaction():
        catalog.change(SYSTEM, standard, {"public": False})
    assert catalog.public_services() == []
    assert names() == ["Standard clean"]
    with pytest.raises(NotFound):
        catalog.public_service(standard.id)


@pytest.mark.usefixtures("at_alder")
def test_another_companys_service_does_not_exist_here() -> None:
    assert all(service.org_id == ALDER.id for service in catalog.services(inactive=True))
    for stranger in (BIRCH.service_id, uuid4()):
        with pytest.raises(NotFound):
            catalog.get(stranger)
