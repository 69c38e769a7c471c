"""Links: one opening, a limited time, one order, and no secret in the database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from doorstep.clients import links
from doorstep.clients.models import Client, ClientLink
from doorstep.core import clock, ids, tenancy
from doorstep.core.errors import Conflict, Invalid
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.notifications.models import OutgoingEmail
from tests.cast import Company


@pytest.fixture
def inside(context: Flask, alder: Company) -> Iterator[Company]:
    """Within Alder's scope."""
    with tenancy.org_scope(alder.id):
        yield alder


def made(company: Company, *, minutes: int = 60, order: bool = True) -> str:
    with transaction():
        return links.make(tenancy.get(Client, company.client_id), company.order_id if order else None, minutes=minutes)


def opened(secret: str) -> ClientLink:
    with transaction():
        link = links.spend(secret)
    if link is None:
        raise AssertionError("the link should have opened")
    return link


def mails() -> list[OutgoingEmail]:
    return list(db.session.execute(select(OutgoingEmail).order_by(OutgoingEmail.id)).scalars())


class TestOpening:
    def test_a_link_opens_once(self, inside: Company) -> None:
        secret = made(inside)
        assert opened(secret).order_id == inside.order_id
        assert links.spend(secret) is None

    def test_of_many_who_open_it_at_once_one_comes_in(self, app: Flask, inside: Company) -> None:
        secret = made(inside)

        def run(_: int) -> bool:
            with app.app_context(), tenancy.org_scope(inside.id), transaction():
                return links.spend(secret) is not None

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(run, range(8))) == 1

    def test_a_link_that_is_too_old_does_not_open(self, inside: Company) -> None:
        secret = made(inside, minutes=60)
        with clock.held_at(clock.now() + timedelta(minutes=61)):
            assert links.spend(secret) is None

    def test_a_revoked_link_does_not_open(self, inside: Company) -> None:
        secret = made(inside)
        link = links.find(secret)
        assert link is not None
        links.revoke([link.id])
        assert links.spend(secret) is None

    def test_another_organization_cannot_open_it(self, context: Flask, alder: Company, birch: Company) -> None:
        with tenancy.org_scope(alder.id):
            secret = made(alder)
        with tenancy.org_scope(birch.id):
            assert links.find(secret) is None
            assert links.spend(secret) is None

    def test_the_secret_names_its_organization_and_is_not_stored(self, inside: Company) -> None:
        secret = made(inside)
        assert ids.org_of_secret(secret) == inside.id
        stored = db.session.execute(text("select row_to_json(l)::text from client_links l")).scalars().all()
        assert not any(secret in row or secret.split(".")[1] in row for row in stored)


class TestWhatAnOpenedLinkGives:
    def test_its_client_and_order_until_its_session_ends(self, inside: Company) -> None:
        link = opened(made(inside))
        access = links.accesses([link.id])[link.id]
        assert (access.client_id, access.order_id, access.org.slug) == (inside.client_id, inside.order_id, "alder")
        with clock.held_at(access.until + timedelta(seconds=1)):
            assert links.accesses([link.id]) == {}

    def test_an_unopened_link_gives_nothing_even_to_who_knows_its_id(self, inside: Company) -> None:
        link = links.find(made(inside))
        assert link is not None
        assert links.accesses([link.id]) == {}

    def test_a_revoked_one_gives_nothing_any_more(self, inside: Company) -> None:
        link = opened(made(inside))
        links.revoke([link.id])
        assert links.accesses([link.id]) == {}

    def test_a_client_who_was_put_away_comes_in_no_more(self, inside: Company) -> None:
        link = opened(made(inside))
        tenancy.get(Client, inside.client_id).active = False
        assert links.accesses([link.id]) == {}


class TestSending:
    def send(self, company: Company, order: bool = False) -> bool:
        with transaction():
            client = tenancy.get(Client, company.client_id)
            return links.send(client, company.order_id if order else None, "a test")

    def test_the_mail_goes_to_the_address_on_file_and_its_link_opens(self, inside: Company) -> None:
        self.send(inside)
        (mail,) = mails()
        assert (mail.to_address, mail.purpose, mail.cause) == (inside.client_email, "client_link", "a test")
        secret = mail.text.partition("/client/link/")[2].split()[0]
        assert opened(secret).order_id is None

    def test_asking_again_at_once_sends_nothing_more(self, inside: Company) -> None:
        with clock.held_at(clock.now().replace(minute=0, second=1)):
            assert [self.send(inside), self.send(inside)] == [True, False]
        assert len(mails()) == 1
        assert len(db.session.execute(select(ClientLink)).all()) == 1

    def test_asking_again_after_some_minutes_sends_another(self, inside: Company) -> None:
        self.send(inside)
        with clock.held_at(clock.now() + timedelta(minutes=5)):
            self.send(inside)
        assert len(mails()) == 2

    def test_a_link_to_one_order_does_not_wait_for_one_to_all(self, inside: Company) -> None:
        self.send(inside)
        self.send(inside, order=True)
        assert len(mails()) == 2

    def test_a_client_without_an_address_is_told_to_the_office(self, inside: Company) -> None:
        client = tenancy.get(Client, inside.client_id)
        client.email = None
        with pytest.raises(Invalid):
            links.send(client, None, "a test")

    def test_a_client_who_was_put_away_gets_no_link_that_opens_nothing(self, inside: Company) -> None:
        client = tenancy.get(Client, inside.client_id)
        client.active = False
        with pytest.raises(Conflict):
            links.send(client, None, "a test")
        assert mails() == []


def test_every_company_that_knows_an_address_is_found_only_by_the_system(context: Flask, alder: Company) -> None:
    with tenancy.system_scope("a test"):
        assert links.clients_of(alder.client_email.upper()) == [(alder.id, alder.client_id)]
        assert links.clients_of(alder.client_email, "birch") == []
        assert links.clients_of("nobody@nowhere.test") == []
