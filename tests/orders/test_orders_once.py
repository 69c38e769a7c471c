"""The Idempotency-Key at the address that needs it most: making an order."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.orders.models import Order, OrderEvent
from tests.cast import Company


def rows(app: Flask, company: Company) -> tuple[int, int]:
    """How many orders and lines of timelines there are."""
    with app.app_context(), tenancy.org_scope(company.id):
        counts = [
            db.session.execute(select(func.count()).select_from(model)).scalar_one() for model in (Order, OrderEvent)
        ]
        return counts[0], counts[1]


def test_a_repeated_order_is_one_order(app: Flask, api: FlaskClient, alder: Company) -> None:
    before = rows(app, alder)
    body = {"client_id": str(alder.client_id), "service_id": str(alder.service_id), "address": "1 Elm St"}
    headers = alder.dispatcher.bearer | {"Idempotency-Key": "order-1"}
    first, second = (api.post("/v1/orders", json=body, headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.get_json() == first.get_json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert rows(app, alder) == (before[0] + 1, before[1] + 1)
    other = api.post("/v1/orders", json=body | {"address": "2 Elm St"}, headers=headers)
    assert other.status_code == 422
    assert rows(app, alder)[0] == before[0] + 1
