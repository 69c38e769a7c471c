"""What requests may cost: a fixed number of statements, and reading along an index, however many orders there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from doorstep.core import clock, ids, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.orders import service
from doorstep.orders.models import ChecklistItem, Order
from tests import stage, statements
from tests.cast import Company
from tests.portals.client_stage import finish, let_in, office_does
from tests.statements import Said

LIST = "/v1/orders?limit=50"
WHO_ASKS = 1


def asked(app: Flask, ask: Callable[[], object]) -> list[Said]:
    """Returns what is said to the database for one request."""
    with app.app_context():
        engine = db.engine
    with statements.overheard(engine) as heard:
        ask()
    return heard


def add_orders(app: Flask, company: Company, many: int, *, first: int = 5000) -> None:
    """Gives the company orders, one a minute back in time, in all states that need no visit."""
    states = ("requested", "quoted", "declined", "cancelled")
    rows = [
        {
            "org_id": company.id, "id": ids.new(), "number": first + n, "client_id": company.client_id, "version": 1,
            "service_id": company.service_id, "duration_minutes": 60, "currency": "USD", "status": states[n % 4],
            "created_at": clock.now() - timedelta(minutes=n),
        }
        for n in range(many)
    ]  # fmt: skip
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        db.session.execute(insert(Order), rows)


def add_steps(app: Flask, company: Company, many: int) -> None:
    """Gives the company's first order more steps to tick and more lines in its timeline."""
    rows = [
        {"org_id": company.id, "id": ids.new(), "order_id": company.order_id, "position": 10 + n, "label": f"Step {n}"}
        for n in range(many)
    ]
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        db.session.execute(insert(ChecklistItem), rows)
    office_does(app, company, lambda who, order: [service.note(who, order, text=f"note {n}") for n in range(many)])


class TestStatements:
    def test_a_list_takes_as_many_for_fifty_orders_as_for_two(
        self, app: Flask, api: FlaskClient, alder: Company
    ) -> None:
        def cost(rows: int) -> int:
            heard = asked(app, lambda: api.get(LIST, headers=alder.owner.bearer))
            assert len(api.get(LIST, headers=alder.owner.bearer).json["items"]) == rows
            return len(heard)

        add_orders(app, alder, 1)
        assert cost(2) == WHO_ASKS + 1
        add_orders(app, alder, 60, first=6000)
        assert cost(50) == WHO_ASKS + 1

    def test_one_order_takes_as_many_however_much_hangs_on_it(
        self, app: Flask, api: FlaskClient, alder: Company
    ) -> None:
        def cost(steps: int) -> int:
            address = f"/v1/orders/{alder.order_id}"
            assert len(api.get(address, headers=alder.owner.bearer).json["checklist"]) == steps
            return len(asked(app, lambda: api.get(address, headers=alder.owner.bearer)))

        assert cost(3) == WHO_ASKS + 1
        add_steps(app, alder, 12)
        assert cost(15) == WHO_ASKS + 1

    def test_a_client_s_page_takes_as_many_however_much_hangs_on_it(self, app: Flask, alder: Company) -> None:
        browser = let_in(app, alder, alder.order_id)

        def cost() -> int:
            return len(asked(app, lambda: browser.get(f"/client/orders/{alder.order_id}")))

        assert cost() == WHO_ASKS + 1
        add_steps(app, alder, 12)
        finish(app, alder)
        assert cost() == WHO_ASKS + 1


@pytest.mark.parametrize("query", ["", "&status=requested", "&status=quoted&cursor={cursor}", "&cursor={cursor}"])
def test_a_page_of_a_long_list_is_read_along_an_index(
    query: str, app: Flask, api: FlaskClient, alder: Company, prompter: stage.Prompter
) -> None:
    """As the application's role under row security: the plan neither sorts the orders nor reads all of them."""
    add_orders(app, alder, 4000)
    prompter.connection.cursor().execute("analyze orders")
    cursor = api.get(LIST, headers=alder.owner.bearer).json["next_cursor"]
    heard = asked(app, lambda: api.get(LIST + query.format(cursor=cursor), headers=alder.owner.bearer))
    with app.app_context(), tenancy.org_scope(alder.id):
        plan = statements.plan(db.session.connection(), heard[-1])
    assert "using ix_orders_" in plan
    assert "Sort" not in plan
    assert "Seq Scan on orders" not in plan
