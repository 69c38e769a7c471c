"""Client records: found again, never overwritten by strangers, one address each."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask

from doorstep.clients import service
from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.errors import Invalid, StaleVersion
from doorstep.core.transaction import save, transaction
from tests.cast import BIRCH, Company


@pytest.fixture
def inside(context: Flask, alder: Company) -> Iterator[Company]:
    """Within Alder's scope."""
    with tenancy.org_scope(alder.id):
        yield alder


class TestFindOrCreate:
    def test_a_new_address_makes_a_client(self, inside: Company) -> None:
        client = service.find_or_create(name=" Ann Lee ", email="Ann@New.test ", phone="+1 503 555 0199")
        assert (client.name, client.email, client.phone) == ("Ann Lee", "ann@new.test", "+1 503 555 0199")
        assert client.org_id == inside.id

    def test_a_known_address_is_found_whatever_its_case(self, inside: Company) -> None:
        found = service.find_or_create(name="Somebody", email=inside.client_email.upper())
        assert found.id == inside.client_id

    def test_a_stranger_who_types_a_known_address_changes_nothing_that_is_written(self, inside: Company) -> None:
        found = service.find_or_create(
            name="Eve",
            email=inside.client_email,
            phone="+1 900 666",
            address="Elsewhere",
            city="Salem",
            postal_code="1",
        )
        assert (found.name, found.phone, found.address) == (
            "Margaret Whitfield",
            "+1 503 555 0100",
            "1820 SE Salmon St",
        )
        assert (found.city, found.postal_code) == ("Portland", "97214")

    def test_what_was_empty_is_filled_in(self, inside: Company) -> None:
        found = service.find_or_create(name="Gus", email="gus@alder-client.test", phone="+1 503 555 0177")
        assert (found.id, found.phone) == (inside.other_client_id, "+1 503 555 0177")

    def test_a_client_who_was_put_away_is_one_again(self, inside: Company) -> None:
        tenancy.get(Client, inside.client_id).active = False
        assert service.find_or_create(name="M", email=inside.client_email).active is True

    def test_the_same_person_is_another_client_of_another_company(
        self, context: Flask, alder: Company, birch: Company
    ) -> None:
        with tenancy.org_scope(birch.id), transaction():
            client = service.find_or_create(name="Margaret", email=alder.client_email)
            assert client.id != alder.client_id
            assert client.org_id == birch.id

    def test_many_first_requests_at_once_make_one_client(self, app: Flask, alder: Company) -> None:
        def ask(_: int) -> UUID:
            with app.app_context(), tenancy.org_scope(alder.id), transaction():
                return service.find_or_create(name="Ann", email="ann@rush.test").id

        with ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(ask, range(8)))) == 1


class TestCreateAndChange:
    def test_the_office_makes_a_client_without_an_address(self, inside: Company) -> None:
        client = service.create(name="Cash Only", phone="1", notes="Rings twice")
        assert (client.email, client.notes) == (None, "Rings twice")

    def test_two_clients_cannot_share_an_address(self, inside: Company) -> None:
        with pytest.raises(Invalid) as refused:
            service.create(name="Twin", email=inside.client_email.title())
        assert [error.field for error in refused.value.errors] == ["email"]
        assert tenancy.get(Client, inside.client_id).name == "Margaret Whitfield"

    def test_a_change_keeps_what_it_does_not_name(self, inside: Company) -> None:
        client = tenancy.get(Client, inside.client_id)
        service.change(client, {"phone": " 42 ", "email": "New@Address.test"}, client.version)
        assert (client.phone, client.email, client.city) == ("42", "new@address.test", "Portland")

    def test_who_read_an_older_version_overwrites_nothing(self, inside: Company) -> None:
        client = tenancy.get(Client, inside.client_id)
        read = client.version
        service.change(client, {"phone": "1"}, read)
        with pytest.raises(StaleVersion):
            service.change(client, {"phone": "2"}, read)
        assert client.phone == "1"

    def test_an_address_is_taken_from_nobody(self, inside: Company) -> None:
        other = tenancy.get(Client, inside.other_client_id)
        with pytest.raises(Invalid):
            service.change(other, {"email": inside.client_email})

    @pytest.mark.parametrize("field", ["org_id", "id", "version", "erased"])
    def test_only_the_clients_own_fields_can_be_set(self, inside: Company, field: str) -> None:
        with pytest.raises(Invalid):
            service.change(tenancy.get(Client, inside.client_id), {field: "x"})


class TestRows:
    def test_all_clients_come_by_name_page_after_page(self, inside: Company) -> None:
        for name in ("Zoe", "Ann", "Kim", "Ann"):
            save(Client(name=name, email=None))
        names, cursor = [], None
        while True:
            page, cursor = service.rows(limit=2, cursor=cursor)
            names += [client.name for client in page]
            if cursor is None:
                break
        assert names == ["Ann", "Ann", "Gus Halloran", "Kim", "Margaret Whitfield", "Zoe"]

    @pytest.mark.parametrize("search", ["whit", "MARGARET@", "0100", "salmon"])
    def test_a_part_of_name_address_number_or_street_finds(self, inside: Company, search: str) -> None:
        found, _ = service.rows(search)
        assert [client.id for client in found] == [inside.client_id]

    def test_a_percent_sign_is_only_a_percent_sign(self, inside: Company) -> None:
        assert service.rows("%")[0] == []

    def test_another_companys_clients_are_never_found(self, inside: Company) -> None:
        found, _ = service.rows(BIRCH.client_email)
        assert found == []

    @pytest.mark.parametrize(("active", "names"), [(True, ["Gus Halloran"]), (False, ["Margaret Whitfield"])])
    def test_those_put_away_are_apart(self, inside: Company, active: bool, names: list[str]) -> None:
        tenancy.get(Client, inside.client_id).active = False
        assert [client.name for client in service.rows(active=active)[0]] == names
        assert len(service.rows()[0]) == 2
