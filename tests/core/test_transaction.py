"""One unit of work: all or nothing, and the database's refusals in words."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from doorstep.clients.models import Client
from doorstep.core import tenancy
from doorstep.core.errors import Conflict, Invalid, StaleVersion, Unavailable
from doorstep.core.extensions import db
from doorstep.core.transaction import constraint_of, joining, save, transaction
from doorstep.orders.models import Feedback, Order
from tests.cast import Company


def names() -> set[str]:
    found = set(db.session.execute(select(Client.name)).scalars())
    db.session.rollback()
    return found


def test_the_block_is_committed(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        with transaction():
            save(Client(name="Nora New"))
        assert not db.session().in_transaction()
        assert "Nora New" in names()


def test_an_error_undoes_all_of_it_and_goes_on(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        with pytest.raises(ZeroDivisionError), transaction():
            save(Client(name="Nora New"))
            _ = 1 / 0
        assert "Nora New" not in names()


def test_even_ctrl_c_leaves_nothing_half_done(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        with pytest.raises(KeyboardInterrupt), transaction():
            save(Client(name="Nora New"))
            raise KeyboardInterrupt
        assert "Nora New" not in names()


def test_a_unit_of_work_inside_another_is_refused_and_undoes_both(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        with pytest.raises(RuntimeError, match="only the edge"), transaction():
            save(Client(name="First half"))
            with transaction():
                save(Client(name="Second half"))
        assert not names() & {"First half", "Second half"}
        with transaction():
            save(Client(name="Afterwards"))
        assert "Afterwards" in names()


def test_a_constraint_that_refuses_becomes_a_conflict(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), pytest.raises(Conflict) as caught, transaction():
        save(Client(name="Margaret again", email=alder.client_email.upper()))
    assert "uq_clients" not in caught.value.detail
    assert isinstance(caught.value.__cause__, IntegrityError)
    assert constraint_of(caught.value.__cause__) == "uq_clients_email"


def test_saving_lets_the_constraint_speak_at_once(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), pytest.raises(IntegrityError):
        save(Feedback(order_id=alder.order_id, score=9))


def test_two_writers_with_the_same_version_the_second_is_told(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), pytest.raises(StaleVersion), transaction():
        order = tenancy.get(Order, alder.order_id)
        db.session.execute(update(Order).values(version=99).execution_options(synchronize_session=False))
        order.details = "mine"


def test_a_number_that_does_not_fit_is_an_input_mistake(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), pytest.raises(Invalid), transaction():
        tenancy.get(Order, alder.order_id).price_cents = 2**31


def test_waiting_too_long_for_a_row_is_a_conflict(context: Flask, alder: Company) -> None:
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with context.app_context(), tenancy.org_scope(alder.id):
            tenancy.get(Order, alder.order_id, lock=True)
            held.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    try:
        with tenancy.org_scope(alder.id), pytest.raises(Conflict), transaction():
            db.session.execute(text("set local lock_timeout = '50ms'"))
            tenancy.get(Order, alder.order_id, lock=True)
    finally:
        done.set()
        holder.join()


def test_a_statement_that_takes_too_long_can_be_tried_again(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), pytest.raises(Unavailable) as caught, transaction():
        db.session.execute(text("set local statement_timeout = '20ms'"))
        db.session.execute(text("select pg_sleep(1)"))
    assert caught.value.headers["Retry-After"]


def test_a_mistake_in_the_code_is_not_dressed_up(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), pytest.raises(ProgrammingError), transaction():
        db.session.execute(text("select no_such_column from orders"))


def test_rows_stay_readable_after_the_commit(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        with transaction():
            row = save(Client(name="Nora New"))
        assert row.name == "Nora New"
        assert not db.session().in_transaction()
    assert row.created_at <= datetime.now(UTC)


def test_a_rolled_back_unit_leaves_a_session_that_works(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        with pytest.raises(ProgrammingError), transaction():
            db.session.execute(text("select no_such_column"))
        assert db.session.execute(select(func.count()).select_from(Order)).scalar_one() == 1


def test_the_edge_may_join_units_of_work_into_one(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        with pytest.raises(ZeroDivisionError), joining():
            with transaction():
                save(Client(name="First part"))
            with transaction():
                save(Client(name="Second part"))
            _ = 1 / 0
        assert not names() & {"First part", "Second part"}
        with joining():
            with transaction():
                save(Client(name="First part"))
            with transaction():
                save(Client(name="Second part"))
        assert names() >= {"First part", "Second part"}


def test_a_part_that_fails_is_undone_alone_when_the_edge_goes_on(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        with joining():
            with transaction():
                save(Client(name="First part"))
            with pytest.raises(Conflict), transaction():
                save(Client(name="Margaret again", email=alder.client_email))
            assert db.session.execute(select(func.count()).select_from(Order)).scalar_one() == 1
        assert "First part" in names()
        assert "Margaret again" not in names()


def test_units_that_are_joined_are_not_nested_either(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        with pytest.raises(RuntimeError), joining(), joining():
            pass
        with pytest.raises(RuntimeError), joining(), transaction(), transaction():
            pass
        with pytest.raises(RuntimeError), transaction(), joining():
            pass
