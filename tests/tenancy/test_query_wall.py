"""Wall 1: whatever the ORM is asked, it answers with rows of the organization in scope, and of nobody without one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, exists, func, literal, select, union_all, update
from sqlalchemy.orm import aliased

from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.errors import NotFound
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.orders.models import ChecklistItem, Order
from tests import statements
from tests.cast import Company

Statement = Callable[[], Any]

other = aliased(Order)

# Each gives order or client ids; without limits it would give both companies'.
QUESTIONS: dict[str, Statement] = {
    "entity": lambda: select(Order),
    "column": lambda: select(Order.id),
    "alias": lambda: select(other.id),
    "join": lambda: select(Order.id).join(Client, Client.id == Order.client_id),
    "join of an alias": lambda: select(other.id).join(Client, Client.id == other.client_id),
    "outer join": lambda: select(Client.id).outerjoin(Order, Order.client_id == Client.id),
    "subquery in from": lambda: select(select(Order.id).subquery().c.id),
    "common table expression": lambda: select(select(Order.id).cte("listed").c.id),
    "subquery in where": lambda: select(Client.id).where(Client.id.in_(select(Order.client_id))),
    "exists": lambda: select(Client.id).where(exists().where(Order.client_id == Client.id)),
    "scalar subquery": lambda: select(Client.id, select(func.count()).select_from(Order).scalar_subquery()),
    "union": lambda: union_all(select(Order.id), select(Client.id)),
    "lock": lambda: select(Order.id).with_for_update(),
    "condition that is always true": lambda: select(Order.id).where(literal(True)),
}


def ids_of(company: Company) -> set[Any]:
    return {company.order_id, company.client_id, company.other_client_id}


def answered(statement: Any) -> set[Any]:
    found = db.session.execute(statement).scalars().all()
    return {getattr(one, "id", one) for one in found}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
class TestQuestion:
    """One form of a question."""

    def test_an_organization_gets_its_own_rows(
        self, question: Statement, context: Flask, alder: Company, birch: Company
    ) -> None:
        for company in (alder, birch):
            with tenancy.org_scope(company.id):
                found = answered(question())
                assert found
                assert found <= ids_of(company)

    def test_without_a_scope_there_are_no_rows(self, question: Statement, context: Flask) -> None:
        assert answered(question()) == set()

    def test_the_statement_itself_is_limited(self, question: Statement, context: Flask, alder: Company) -> None:
        """Not only the third wall: the condition is in the statement, where an index can serve it."""
        with tenancy.org_scope(alder.id), statements.overheard(db.engine) as heard:
            db.session.execute(question())
        (said,) = [said for said in heard if " orders" in said.sql]
        sources = re.findall(r"(?:FROM|JOIN) (?:orders|clients)\b", said.sql)
        assert said.sql.count("org_id = ") >= len(sources) > 0
        assert alder.id in said.values.values()

    def test_the_system_sees_all(self, question: Statement, context: Flask, alder: Company, birch: Company) -> None:
        with tenancy.system_scope("a test counts"):
            found = answered(question())
        assert found & ids_of(alder)
        assert found & ids_of(birch)


def test_the_limit_follows_the_scope_and_is_not_remembered_by_the_statement(
    context: Flask, alder: Company, birch: Company
) -> None:
    statement = select(Order.id)
    for company in (alder, birch, alder):
        with tenancy.org_scope(company.id):
            assert answered(statement) == {company.order_id}
    assert answered(statement) == set()


def test_fetching_by_id_finds_one_s_own(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        assert tenancy.get(Order, alder.order_id).number == alder.order_number
        assert tenancy.get(Order, alder.order_id, lock=True).id == alder.order_id


@pytest.mark.parametrize("lock", [False, True])
def test_a_stranger_s_row_is_not_found_like_one_that_never_was(
    lock: bool, context: Flask, alder: Company, birch: Company
) -> None:
    told = []
    with tenancy.org_scope(birch.id):
        for row_id in (alder.order_id, alder.client_id):
            with pytest.raises(NotFound) as caught:
                tenancy.get(Order, row_id, lock=lock)
            told.append(caught.value.detail)
    assert told[0] == told[1]


def test_nothing_is_fetched_outside_a_scope(context: Flask, alder: Company) -> None:
    with pytest.raises(tenancy.ScopeError):
        tenancy.get(Order, alder.order_id)


def test_a_row_that_changed_meanwhile_is_read_again_when_it_is_locked(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), transaction():
        seen = tenancy.get(Order, alder.order_id)
        changed = update(Order).values(details="meanwhile").execution_options(synchronize_session=False)
        db.session.execute(changed)
        assert tenancy.get(Order, alder.order_id, lock=True) is seen
        assert seen.details == "meanwhile"


def test_a_change_without_condition_stays_at_home(context: Flask, alder: Company, birch: Company) -> None:
    with tenancy.org_scope(birch.id), transaction():
        assert db.session.execute(update(Order).values(details="ours")).rowcount == 1
    with tenancy.org_scope(alder.id):
        assert tenancy.get(Order, alder.order_id).details == ""


def test_a_deletion_without_condition_stays_at_home(context: Flask, alder: Company, birch: Company) -> None:
    with tenancy.org_scope(birch.id), transaction():
        assert db.session.execute(delete(ChecklistItem)).rowcount == 3
    with tenancy.org_scope(alder.id):
        assert len(answered(select(ChecklistItem))) == 3


def test_a_change_of_a_stranger_s_row_by_id_changes_nothing(context: Flask, alder: Company, birch: Company) -> None:
    with tenancy.org_scope(birch.id), transaction():
        named = update(Order).where(Order.id == alder.order_id).values(details="stolen")
        assert db.session.execute(named).rowcount == 0


def test_new_rows_belong_to_the_organization_in_scope(context: Flask, birch: Company) -> None:
    with tenancy.org_scope(birch.id), transaction():
        assert save(Client(name="Nora")).org_id == birch.id


def test_new_rows_outside_a_scope_are_a_mistake_in_the_code(context: Flask) -> None:
    with pytest.raises(tenancy.ScopeError, match="Client"):
        save(Client(name="Nobody's"))
    db.session.rollback()
    with tenancy.system_scope("a test"), pytest.raises(tenancy.ScopeError, match="Client"):
        save(Client(name="Nobody's"))


def test_the_system_names_the_organization_of_what_it_makes(context: Flask, birch: Company) -> None:
    with tenancy.system_scope("a test"), transaction():
        assert save(Client(name="Nora", org_id=birch.id)).org_id == birch.id
