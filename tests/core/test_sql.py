"""Reads that are sent as they are: one message outside a transaction, a part of it inside, the walls around both."""

from __future__ import annotations

import gc

import pytest
from flask import Flask
from psycopg2 import extensions
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from doorstep.clients.models import Client
from doorstep.core import sql, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from tests import statements
from tests.cast import Company

ORDERS = "select org_id, id from orders order by number"
TOLD = "select current_setting('app.org_id', true) as org, current_user as role"


def test_rows_are_values_by_name(context: Flask) -> None:
    assert sql.rows("select 1 as one, %(word)s as word", {"word": "it's 100%"}) == [{"one": 1, "word": "it's 100%"}]
    assert sql.rows("select 1 as one where false", {}) == []


def test_the_first_row_or_none(context: Flask) -> None:
    assert sql.row("select n from generate_series(4, 6) n", {}) == {"n": 4}
    assert sql.row("select 1 where false", {}) is None


class TestAlone:
    def test_it_is_one_message_that_says_whose_rows_are_asked_for(self, context: Flask, alder: Company) -> None:
        with tenancy.org_scope(alder.id), statements.overheard(db.engine) as heard:
            assert [row["id"] for row in sql.rows(ORDERS, {})] == [alder.order_id]
            assert not db.session().in_transaction()
        assert len(heard) == 1

    def test_each_organization_sees_its_own_rows_and_nobody_none(
        self, context: Flask, alder: Company, birch: Company
    ) -> None:
        for company in (alder, birch, alder):
            with tenancy.org_scope(company.id):
                assert {row["org_id"] for row in sql.rows(ORDERS, {})} == {company.id}
        assert sql.rows(ORDERS, {}) == []

    def test_values_of_the_same_name_do_not_change_whose(self, context: Flask, alder: Company, birch: Company) -> None:
        values = {"org": str(birch.id), "scope_org_id": str(birch.id)}
        with tenancy.org_scope(alder.id):
            assert {row["org_id"] for row in sql.rows(ORDERS, values)} == {alder.id}

    def test_nothing_stays_on_the_connection(self, context: Flask, alder: Company) -> None:
        with tenancy.org_scope(alder.id):
            sql.rows(ORDERS, {})
        assert sql.row(TOLD, {}) == {"org": "", "role": "app"}
        driver = db.session.connection().connection.driver_connection
        assert isinstance(driver, extensions.connection)
        assert not driver.autocommit

    def test_an_error_is_told_as_sqlalchemy_s_and_leaves_a_good_connection(
        self, context: Flask, alder: Company
    ) -> None:
        with tenancy.org_scope(alder.id):
            with pytest.raises(ProgrammingError) as caught:
                sql.rows("select * from no_such_table", {})
            assert not caught.value.connection_invalidated
            assert len(sql.rows(ORDERS, {})) == 1
            with transaction():
                db.session.execute(text("update orders set details = 'kept'"))
                db.session.rollback()
            assert sql.row("select details from orders", {}) == {"details": ""}

    def test_reads_share_a_connection_and_a_transaction_takes_no_second(self, context: Flask) -> None:
        pid, taken = "select pg_backend_pid() as pid", db.engine.pool.checkedout
        before = taken()
        first = sql.row(pid, {})
        assert sql.row(pid, {}) == first
        assert taken() == before + 1
        with transaction():
            db.session.execute(text("select 1"))
            assert taken() == before + 1
        sql.row(pid, {})
        sql.let_go(db.session())
        assert taken() == before

    def test_a_session_that_is_forgotten_gives_back_a_connection_for_transactions(self, context: Flask) -> None:
        sql.row("select 1 as one", {})
        db.session.registry.clear()
        gc.collect()
        assert not db.session.connection().connection.driver_connection.autocommit
        assert db.engine.pool.checkedout() == 1

    def test_a_connection_that_broke_is_given_up(self, context: Flask) -> None:
        with pytest.raises(OperationalError) as caught:
            sql.rows("select pg_terminate_backend(pg_backend_pid())", {})
        assert caught.value.connection_invalidated
        assert sql.row("select 1 as one", {}) == {"one": 1}


class TestInsideATransaction:
    def test_it_sees_what_is_not_committed_nor_even_sent(self, context: Flask, alder: Company) -> None:
        count = "select count(*) as n from clients"
        with tenancy.org_scope(alder.id):
            before = sql.rows(count, {})[0]["n"]
            with transaction():
                save(Client(name="Sent"))
                db.session.add(Client(name="Not yet"))
                assert sql.rows(count, {}) == [{"n": before + 2}]
                db.session.rollback()
            assert sql.rows(count, {}) == [{"n": before}]

    def test_it_is_of_the_transaction_s_organization(self, context: Flask, alder: Company) -> None:
        with tenancy.org_scope(alder.id), transaction():
            db.session.execute(select(Client.id))
            assert {row["org_id"] for row in sql.rows(ORDERS, {})} == {alder.id}

    def test_the_system_sees_all(self, context: Flask, alder: Company, birch: Company) -> None:
        with tenancy.system_scope("a test"):
            assert {row["org_id"] for row in sql.rows(ORDERS, {})} == {alder.id, birch.id}
            assert sql.rows(TOLD, {})[0]["role"] == "system"

    def test_an_error_is_told_as_sqlalchemy_s(self, context: Flask, alder: Company) -> None:
        with tenancy.org_scope(alder.id):
            db.session.execute(select(Client.id))
            with pytest.raises(ProgrammingError):
                sql.rows("select * from no_such_table", {})

    def test_a_connection_that_broke_is_given_up(self, context: Flask) -> None:
        db.session.execute(text("select 1"))
        with pytest.raises(OperationalError) as caught:
            sql.rows("select pg_terminate_backend(pg_backend_pid())", {})
        assert caught.value.connection_invalidated
        db.session.rollback()
        assert db.session.execute(text("select 1")).scalar_one() == 1
