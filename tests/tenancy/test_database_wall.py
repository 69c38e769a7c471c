"""Wall 3: with the first wall gone, and in plain SQL, the database itself keeps the organizations apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import aliased

from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.errors import NotFound
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.orders.models import Order
from tests import statements
from tests.cast import Company
from tests.tenancy.test_tables import TENANT

pytestmark = pytest.mark.usefixtures("without_wall_1")


def organizations(sql: str, **values: Any) -> set[UUID]:
    return set(db.session.execute(text(sql), values).scalars())


def test_the_first_wall_is_really_gone(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), statements.overheard(db.engine) as heard:
        db.session.execute(select(Order))
    assert "WHERE" not in heard[-1].sql


@pytest.mark.parametrize("name", TENANT)
def test_plain_sql_gives_the_own_rows_only(name: str, context: Flask, alder: Company, birch: Company) -> None:
    for company in (alder, birch):
        with tenancy.org_scope(company.id):
            assert organizations(f"select org_id from {name}") <= {company.id}
    assert organizations(f"select org_id from {name}") == set()


@pytest.mark.parametrize("change", ["update {} set id = id", "delete from {}"])
@pytest.mark.parametrize("name", TENANT)
def test_plain_sql_writes_into_the_own_rows_only(
    name: str, change: str, context: Flask, alder: Company, birch: Company
) -> None:
    with tenancy.org_scope(birch.id):
        theirs = change.format(name) + " where org_id = :org returning id"
        assert organizations(theirs, org=alder.id) == set()


def test_orm_questions_give_the_own_rows_only(context: Flask, alder: Company, birch: Company) -> None:
    other = aliased(Order)
    crossed = select(Client.org_id).join(Order, Order.id == Order.id)
    for company in (alder, birch):
        with tenancy.org_scope(company.id):
            for statement in (select(Order.org_id), select(other.org_id), crossed):
                assert set(db.session.execute(statement).scalars()) == {company.id}
    assert db.session.execute(select(Order)).all() == []


def test_a_stranger_s_row_is_still_not_found(context: Flask, alder: Company, birch: Company) -> None:
    with tenancy.org_scope(birch.id):
        with pytest.raises(NotFound):
            tenancy.get(Order, alder.order_id)
        assert db.session.get(Order, (alder.id, alder.order_id)) is None
        assert db.session.execute(select(Order).where(Order.id == alder.order_id)).first() is None


def test_rows_of_one_scope_are_not_remembered_in_the_next(context: Flask, alder: Company, birch: Company) -> None:
    """The session's own memory of rows it has seen is no way round the wall either."""
    with tenancy.org_scope(alder.id), transaction():
        kept = tenancy.get(Order, alder.order_id)
    with tenancy.org_scope(birch.id):
        assert db.session.get(Order, (alder.id, alder.order_id)) is None
    assert kept.number == alder.order_number


@pytest.mark.parametrize("sql", ["id = id", "details = 'stolen'", "org_id = :birch"])
def test_a_stranger_s_row_is_not_changed(sql: str, context: Flask, alder: Company, birch: Company) -> None:
    with tenancy.org_scope(birch.id), transaction():
        statement = text(f"update orders set {sql} where id = :id")
        values = {"id": alder.order_id, "birch": birch.id} if "birch" in sql else {"id": alder.order_id}
        assert db.session.execute(statement, values).rowcount == 0
        assert db.session.execute(update(Order).where(Order.id == alder.order_id).values(details="x")).rowcount == 0
        assert db.session.execute(delete(Client).where(Client.id == alder.other_client_id)).rowcount == 0


def test_the_own_rows_cannot_be_given_away(context: Flask, alder: Company, birch: Company) -> None:
    with tenancy.org_scope(birch.id), pytest.raises(ProgrammingError, match="row-level security"):
        db.session.execute(text("update clients set org_id = :org"), {"org": alder.id})


def test_a_row_cannot_be_made_for_another_organization(context: Flask, alder: Company, birch: Company) -> None:
    with tenancy.org_scope(birch.id), pytest.raises(ProgrammingError, match="row-level security"):
        save(Client(name="Smuggled", org_id=alder.id))


def test_a_row_cannot_be_made_without_a_scope(context: Flask, alder: Company) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        save(Client(name="Smuggled", org_id=alder.id))


def test_a_refusal_does_not_tell_what_another_organization_has(context: Flask, alder: Company, birch: Company) -> None:
    with tenancy.org_scope(birch.id), transaction():
        assert save(Client(name="Same address", email=alder.client_email)).org_id == birch.id


def test_an_empty_setting_is_nobody_not_an_error(context: Flask) -> None:
    """After a transaction with a local setting the server keeps it as an empty text."""
    db.session.execute(text("select set_config('app.org_id', '', true)"))
    assert db.session.execute(select(func.count()).select_from(Order)).scalar_one() == 0


def test_the_application_cannot_become_the_owner_or_switch_row_security_off(context: Flask) -> None:
    for sql in ("set role owner", "alter table orders disable row level security", "drop policy tenant on orders"):
        with pytest.raises(ProgrammingError):
            db.session.execute(text(sql))
        db.session.rollback()
    db.session.execute(text("set local row_security = off"))
    with pytest.raises(ProgrammingError, match="row-level security"):
        db.session.execute(text("select * from orders"))


def test_the_function_that_tells_who_is_asking_tells_nothing_without_the_secret(context: Flask) -> None:
    assert db.session.execute(text("select * from who_is('\\x00', now())")).all() == []
