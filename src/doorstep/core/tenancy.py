"""The walls between organizations, kept in one place.

Wall 1: every ORM statement is limited to the organization of the session's scope.
Wall 3: each transaction tells PostgreSQL the organization, for the row-level security policies; so does each read
of `sql`, which is a transaction of its own.
(Wall 2 is in the tables: composite keys.) See docs/architecture.md.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from doorstep.core import sql
from doorstep.core.db import OrgRow
from doorstep.core.errors import NotFound
from doorstep.core.extensions import db
from doorstep.core.scope import NOBODY, Scope, scope_of

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=OrgRow)


class ScopeError(RuntimeError):
    """The scope was changed while a transaction of another scope was open: a mistake in the code."""


def scope() -> Scope:
    """Returns the scope of the session at hand."""
    return scope_of(db.session())


def org_id() -> UUID:
    """Returns the organization of the scope. Raises ScopeError where there is none."""
    found = scope().org_id
    if found is None:
        raise ScopeError("no organization is in scope")
    return found


def enter(org: UUID) -> None:
    """Puts the session into the scope of one organization until the request or block ends.

    A transaction that has only looked up who is asking (scope nobody) goes on within that scope; one
    of another scope raises ScopeError.
    """
    session, wanted = db.session(), Scope(org)
    if scope_of(session) == wanted:
        return
    if session.in_transaction():
        if scope_of(session) != NOBODY:
            raise ScopeError("a transaction of another scope is open")
        sql.tell(session.connection(), org)
    session.info["scope"] = wanted


def leave() -> None:
    """Takes the session out of its scope; what is uncommitted is rolled back. For somebody who was let
    into an organization to be looked up and turns out not to belong there."""
    session = db.session()
    session.rollback()
    session.info["scope"] = NOBODY


@contextmanager
def org_scope(org: UUID) -> Iterator[None]:
    """Limits the block to one organization.

    No transaction may be open before (ScopeError). What the block leaves uncommitted is rolled back; rows
    that it loaded stay readable and belong to no session any more.
    """
    with _scoped(Scope(org)):
        yield


@contextmanager
def system_scope(why: str) -> Iterator[None]:
    """Lets the block see all organizations' rows, as the database role `system`; `why` is logged.

    Raises ScopeError inside an open transaction: nobody becomes `system` half-way through.
    """
    log.debug("system scope: %s", why)
    with _scoped(Scope(system=True)):
        yield


@contextmanager
def _scoped(wanted: Scope) -> Iterator[None]:
    session = db.session()
    if session.in_transaction():
        raise ScopeError("a transaction is open; commit or roll back before changing the scope")
    before = scope_of(session)
    held = set(session.identity_map.keys())
    session.info["scope"] = wanted
    try:
        yield
    finally:
        _let_go(session, held)
        session.rollback()
        session.info["scope"] = before


def _let_go(session: Session, held: set[Any]) -> None:
    """The identity map would otherwise carry one organization's rows into the scope of the next."""
    for row in list(session):
        if isinstance(row, OrgRow) and inspect(row).key not in held:
            session.expunge(row)


def get(model: type[Row], row_id: UUID, *, lock: bool = False) -> Row:
    """Returns the organization's row with this id, locked FOR UPDATE if wished.

    The only way to fetch by id. Raises NotFound for a missing row and for a stranger's alike.
    """
    statement = select(model).where(model.org_id == org_id(), model.id == row_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = db.session.execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFound(f"There is no such {model.__name__.lower()} here.")
    return row


@event.listens_for(Session, "after_begin")
def tell_the_database(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Wall 3: `SET LOCAL`, so that nothing stays on a pooled connection. Savepoints need no repetition."""
    if transaction.nested:
        return
    wanted = scope_of(session)
    if wanted.system:
        connection.exec_driver_sql("set local role system")
    elif wanted.org_id is not None:
        sql.tell(connection, wanted.org_id)


@event.listens_for(Session, "do_orm_execute")
def limit_to_the_organization(state: ORMExecuteState) -> None:
    """Wall 1: adds `org_id = <scope>` to each select, update and delete of tenant rows."""
    if not (state.is_select or state.is_update or state.is_delete) or state.is_column_load:
        return
    wanted = scope_of(state.session)
    if wanted.system:
        return
    org = wanted.org_id
    state.statement = state.statement.options(
        with_loader_criteria(OrgRow, lambda cls: cls.org_id == org, include_aliases=True)
    )


@event.listens_for(Session, "before_flush")
def fill_in_the_organization(session: Session, *_: Any) -> None:
    """New tenant rows belong to the organization in scope; system work names it itself."""
    wanted = scope_of(session)
    for row in session.new:
        if not isinstance(row, OrgRow) or inspect(row).dict.get("org_id"):
            continue
        if wanted.org_id is None:
            raise ScopeError(f"{type(row).__name__} made outside an organization's scope")
        row.org_id = wanted.org_id
