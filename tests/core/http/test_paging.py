"""Pages one after the other are the whole list, whatever happens meanwhile."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from doorstep.clients.models import Client
from doorstep.core import ids, tenancy
from doorstep.core.errors import Invalid
from doorstep.core.extensions import db
from doorstep.core.http import paging
from doorstep.core.http.paging import by_time, split
from doorstep.core.transaction import save, transaction
from doorstep.orders.models import Order
from tests import stage, statements
from tests.cast import Company, known_id

NOON = datetime(2096, 11, 24, 12, tzinfo=UTC)  # later than the cast, whenever this runs


def keyset(descending: bool) -> paging.Keyset:
    return by_time(Client.created_at, Client.id, descending=descending)


def page(limit: int, cursor: str | None, descending: bool) -> tuple[list[Any], str | None]:
    """One page of the clients, as an API view makes it."""
    statement = keyset(descending).page(select(Client.created_at, Client.id, Client.name), limit, cursor)
    rows, onward = split(db.session.execute(statement).all(), limit, lambda row: (row.created_at, row.id))
    return list(rows), onward


def pages(limit: int, descending: bool) -> Iterator[list[Any]]:
    """All pages, one after the other."""
    cursor = None
    for _ in range(100):
        rows, cursor = page(limit, cursor, descending)
        yield rows
        if cursor is None:
            return
    pytest.fail("the pages never end")


def add(*minutes: int) -> None:
    for minute in minutes:
        save(Client(name=f"at {minute}", created_at=NOON + timedelta(minutes=minute)))


@given(minutes=st.lists(st.integers(0, 5), max_size=30), limit=st.integers(1, 9), descending=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_pages_together_are_the_whole_list_in_order(
    minutes: list[int], limit: int, descending: bool, context: Flask, alder: Company
) -> None:
    with tenancy.org_scope(alder.id):
        add(*minutes)
        found = list(pages(limit, descending))
        joined = [(row.created_at, row.id) for rows in found for row in rows]
        assert joined == sorted(joined, reverse=descending)
        assert len(joined) == len(set(joined)) == len(minutes) + 2
        assert all(len(rows) == limit for rows in found[:-1])


@given(later=st.lists(st.integers(-3, 12), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others(
    later: list[int], context: Flask, alder: Company
) -> None:
    with tenancy.org_scope(alder.id):
        add(*range(9))
        known = {row.id for rows in pages(200, True) for row in rows}
        seen, cursor = [], None
        for minute in [*later, None]:
            rows, cursor = page(3, cursor, True)
            seen += [row.id for row in rows]
            if cursor is None:
                break
            if minute is not None:
                add(minute)
        while cursor is not None:
            rows, cursor = page(3, cursor, True)
            seen += [row.id for row in rows]
        assert len(seen) == len(set(seen))
        assert known <= set(seen)


def test_a_row_that_goes_meanwhile_takes_no_other_with_it(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), transaction():
        add(1, 2, 3, 4)
        first, cursor = page(2, None, True)
        db.session.delete(tenancy.get(Client, first[-1].id))
        db.session.flush()
        second, _ = page(2, cursor, True)
        assert [row.name for row in first + second] == ["at 4", "at 3", "at 2", "at 1"]


@pytest.mark.parametrize(("count", "onward"), [(2, False), (3, False), (4, True)])
def test_the_last_page_has_no_cursor_even_when_it_is_full(count: int, onward: bool) -> None:
    rows, cursor = split(list(range(count)), 3, lambda row: (row,))
    assert list(rows) == list(range(min(count, 3)))
    assert (cursor is not None) is onward


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "AAAA",
        encoded([]),
        encoded({}),
        encoded(7),
        encoded(None),
        encoded(["2026-11-24T12:00:00+00:00"]),
        encoded(["2026-11-24T12:00:00+00:00", "no-uuid"]),
        encoded(["2026-11-24T12:00:00+00:00", 5]),
        encoded(["yesterday", str(known_id("row"))]),
        encoded(["2026-11-24T12:00:00+00:00", str(known_id("row")), "more"]),
        encoded([None, None]),
        encoded([["2026"], {}]),
        encoded(["2026-11-24T12:00:00+00:00\0", str(known_id("row"))]),
        "=" * 50,
    ],
)
def test_a_cursor_that_is_not_ours_is_an_input_mistake(cursor: str, context: Flask) -> None:
    with pytest.raises(Invalid) as caught:
        keyset(True).page(select(Client), 10, cursor)
    assert caught.value.errors[0].field == "cursor"


def test_a_name_that_cannot_be_stored_is_no_cursor(context: Flask) -> None:
    by_name = paging.Keyset((Client.name, Client.id), (str, UUID), descending=False)
    with pytest.raises(Invalid):
        by_name.page(select(Client), 10, encoded(["Ann\0", str(known_id("row"))]))


def test_a_cursor_fits_into_a_url(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        add(1, 2)
        _, cursor = page(1, None, True)
    assert cursor is not None
    assert cursor.replace("-", "").replace("_", "").isalnum()


def test_a_late_page_costs_no_more_than_the_first(context: Flask, alder: Company, prompter: stage.Prompter) -> None:
    """Both read the index from a point on; neither sorts the table nor counts what came before."""
    columns = Order.created_at, Order.id
    rows = [
        {
            "org_id": alder.id, "id": ids.new(), "number": 5000 + number, "client_id": alder.client_id, "version": 1,
            "service_id": alder.service_id, "duration_minutes": 60, "currency": "USD",
            "created_at": NOON + timedelta(minutes=number),
        }
        for number in range(2000)
    ]  # fmt: skip
    with tenancy.org_scope(alder.id), transaction():
        db.session.execute(insert(Order), rows)
    late = encoded([(NOON + timedelta(minutes=100)).isoformat(), str(ids.new())])
    prompter.connection.cursor().execute("analyze orders")
    with tenancy.org_scope(alder.id):
        for cursor in (None, late):
            with statements.overheard(db.engine) as heard:
                statement = by_time(*columns).page(select(*columns).where(Order.org_id == alder.id), 50, cursor)
                assert len(db.session.execute(statement).all()) == 51
            plan = statements.plan(db.session.connection(), heard[-1])
            assert "ix_orders_created" in plan
            assert "Sort" not in plan
