"""With the first wall gone, another company's people still find nothing at any address: the database keeps them out."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import BIRCH
from tests.routes.people import member, shown
from tests.routes.table import Address, addresses

pytestmark = pytest.mark.usefixtures("without_wall_1")

CLOSED = [address for address in addresses() if address.route and not address.is_open]
OFFICE = ("view", "dispatch", "finance", "manage")
NAMED = [address for address in CLOSED if address.names_an_object and address.lets_in(*OFFICE)]
LISTS = [address for address in CLOSED if not address.names_an_object and address.method == "GET"]


@pytest.mark.parametrize("address", NAMED, ids=str)
def test_an_object_of_another_company_is_not_found(address: Address, at_home: Flask, alders: list[str]) -> None:
    answer = member(at_home, BIRCH.owner).ask(at_home, address)
    assert answer.status_code == 404
    assert shown(answer, alders, address) == []


@pytest.mark.parametrize("address", LISTS, ids=str)
def test_a_list_has_nothing_of_another_company(address: Address, at_home: Flask, alders: list[str]) -> None:
    answer = member(at_home, BIRCH.owner).ask(at_home, address)
    assert answer.status_code < 500
    assert shown(answer, alders, address) == []


def test_there_are_addresses_to_be_tried() -> None:
    assert len(NAMED) >= 30
    assert len(LISTS) >= 10
