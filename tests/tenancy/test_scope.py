"""The scope: who puts a session into an organization, and that it never stays there."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.core.tenancy import NOBODY, Scope, ScopeError
from doorstep.core.transaction import save, transaction
from doorstep.orders.models import Order
from tests import statements
from tests.cast import Company


def told() -> str:
    """Returns the organization that the database was told in this transaction."""
    return str(db.session.execute(text("select current_setting('app.org_id', true)")).scalar_one() or "")


def orders() -> set[UUID]:
    return set(db.session.execute(select(Order.id)).scalars())


def test_a_new_session_is_in_nobody_s_scope(context: Flask) -> None:
    assert tenancy.scope() == NOBODY
    with pytest.raises(ScopeError):
        tenancy.org_id()
    assert told() == ""


def test_a_block_is_in_its_organization_and_the_next_is_not(context: Flask, alder: Company, birch: Company) -> None:
    for company in (alder, birch):
        with tenancy.org_scope(company.id):
            assert tenancy.org_id() == company.id
            assert told() == str(company.id)
        assert tenancy.scope() == NOBODY
    assert told() == ""


def test_a_block_ends_its_scope_when_it_fails(context: Flask, alder: Company) -> None:
    with pytest.raises(ZeroDivisionError), tenancy.org_scope(alder.id):
        _ = 1 / 0
    assert tenancy.scope() == NOBODY
    assert not db.session().in_transaction()


def test_a_block_leaves_nothing_uncommitted_behind(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        tenancy.get(Order, alder.order_id).details = "not committed"
        db.session.flush()
    with tenancy.org_scope(alder.id):
        assert tenancy.get(Order, alder.order_id).details == ""


def test_rows_stay_readable_after_their_block(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        order = tenancy.get(Order, alder.order_id)
    assert order.number == alder.order_number
    assert order not in db.session()


def test_rows_of_the_outer_scope_stay_at_work_after_an_inner_one(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        with transaction():
            order = tenancy.get(Order, alder.order_id)
        with tenancy.system_scope("a test looks elsewhere"):
            assert len(orders()) == 2
        with transaction():
            order.details = "still mine"
        assert tenancy.org_id() == alder.id
    with tenancy.org_scope(alder.id):
        assert tenancy.get(Order, alder.order_id).details == "still mine"


def test_the_scope_holds_over_several_transactions(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        for _ in range(3):
            with transaction():
                assert told() == str(alder.id)


def test_each_transaction_is_told_once_however_many_savepoints_it_has(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), statements.overheard(db.engine) as heard:
        for _ in range(3):
            with db.session.begin_nested():
                assert orders() == {alder.order_id}
        with db.session.begin_nested() as part:
            part.rollback()
        assert told() == str(alder.id)
    assert sum("set_config" in said.sql for said in heard) == 1


def test_a_session_that_starts_with_a_savepoint_is_told_as_well(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), db.session.begin_nested():
        assert orders() == {alder.order_id}


def test_a_pooled_connection_keeps_nothing(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), transaction():
        held = db.session.connection().connection.driver_connection
        assert told() == str(alder.id)
    with tenancy.system_scope("a test becomes the system"), transaction():
        assert db.session.execute(text("select current_user")).scalar_one() == "system"
    assert db.session.connection().connection.driver_connection is held
    assert told() == ""
    assert db.session.execute(text("select current_user")).scalar_one() == "app"


def test_a_connection_that_was_rolled_back_keeps_nothing_either(context: Flask, alder: Company) -> None:
    with pytest.raises(ZeroDivisionError), tenancy.org_scope(alder.id), transaction():
        orders()
        _ = 1 / 0
    assert told() == ""
    assert orders() == set()


def test_looking_up_who_asks_goes_on_within_the_organization(context: Flask, alder: Company) -> None:
    """The guard's transaction is not thrown away: it is told the organization as soon as that is known."""
    db.session.execute(text("select 1"))
    tenancy.enter(alder.id)
    assert told() == str(alder.id)
    assert orders() == {alder.order_id}
    tenancy.enter(alder.id)


def test_nobody_goes_from_one_organization_to_another_in_one_transaction(
    context: Flask, alder: Company, birch: Company
) -> None:
    tenancy.enter(alder.id)
    orders()
    with pytest.raises(ScopeError):
        tenancy.enter(birch.id)
    assert tenancy.org_id() == alder.id
    for scope in (tenancy.org_scope(birch.id), tenancy.system_scope("a test")):
        with pytest.raises(ScopeError), scope:
            pass


def test_somebody_who_does_not_belong_there_leaves(context: Flask, alder: Company) -> None:
    tenancy.enter(alder.id)
    orders()
    tenancy.leave()
    assert tenancy.scope() == NOBODY
    assert orders() == set()


def test_the_system_sees_all_and_says_why(
    context: Flask, alder: Company, birch: Company, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "doorstep.core.tenancy"), tenancy.system_scope("a test counts orders"):
        assert tenancy.scope() == Scope(system=True)
        assert orders() == {alder.order_id, birch.order_id}
    assert "a test counts orders" in caplog.text


def test_the_system_is_no_scope_to_fetch_by_id_in(context: Flask, alder: Company) -> None:
    with tenancy.system_scope("a test"), pytest.raises(ScopeError):
        tenancy.get(Order, alder.order_id)


def test_the_system_role_is_not_entered_half_way_through_a_transaction(context: Flask) -> None:
    db.session.execute(text("select 1"))
    with pytest.raises(ScopeError, match="transaction is open"), tenancy.system_scope("a test"):
        pass
    assert db.session.execute(text("select current_user")).scalar_one() == "app"


def test_one_request_leaves_no_scope_to_the_next(app: Flask, api: FlaskClient, alder: Company, birch: Company) -> None:
    for company in (alder, birch, alder):
        listed = api.get("/v1/orders", headers=company.owner.bearer).get_json()["items"]
        assert [line["id"] for line in listed] == [str(company.order_id)]
        assert api.get("/v1/orders").status_code == 401
    with app.app_context():
        assert tenancy.scope() == NOBODY
        assert told() == ""


def test_threads_at_work_for_different_organizations_never_mix(context: Flask, alder: Company, birch: Company) -> None:
    start = threading.Barrier(4)

    def work(company: Company) -> bool:
        start.wait(10)
        for turn in range(25):
            with context.app_context(), tenancy.org_scope(company.id):
                with transaction():
                    tenancy.get(Order, company.order_id).wish_note = f"{turn}"
                if orders() != {company.order_id} or told() != str(company.id):
                    return False
        return True

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(work, company) for company in (alder, birch)]
        readers = [pool.submit(read, context, company, start) for company in (alder, birch)]
        assert all(future.result() for future in futures + readers)


def read(app: Flask, company: Company, start: threading.Barrier) -> bool:
    start.wait(10)
    client = app.test_client()
    answers = [client.get("/v1/orders", headers=company.viewer.bearer).get_json() for _ in range(15)]
    return all([line["id"] for line in answer["items"]] == [str(company.order_id)] for answer in answers)


def test_a_row_made_in_the_scope_belongs_to_it_even_when_told_late(context: Flask, alder: Company) -> None:
    db.session.execute(text("select 1"))
    tenancy.enter(alder.id)
    with transaction():
        row = save(Order(
            number=77, client_id=alder.client_id, service_id=alder.service_id, duration_minutes=60, currency="USD",
        ))  # fmt: skip
    assert row.org_id == alder.id
