"""Wall 2: a row cannot point into another organization, whoever writes it: the keys themselves refuse."""

from __future__ import annotations

import psycopg2
import pytest
from sqlalchemy import Column, ForeignKeyConstraint
from sqlalchemy.dialects import postgresql

from tests import stage
from tests.cast import ALDER, BIRCH
from tests.tenancy.test_tables import GLOBAL, TABLES, TENANT

LINKS = [
    pytest.param(name, link, id=f"{name}.{link.column_keys[-1]}")
    for name in TENANT
    for link in sorted(TABLES[name].foreign_key_constraints, key=lambda one: str(one.name))
    if link.referred_table.name not in GLOBAL
]

# Something to write for each kind of column that must not be empty.
FILLED = {
    "TEXT": "'x'", "INTEGER": "1", "BOOLEAN": "false", "JSONB": "'{}'", "BYTEA": "gen_random_uuid()::text::bytea",
    "TIMESTAMP WITH TIME ZONE": "now()", "TSTZRANGE": "tstzrange(now(), now() + interval '1 hour')",
    "UUID": "gen_random_uuid()", "BIGINT": "1", "DOUBLE PRECISION": "1",
}  # fmt: skip


def value(column: Column[object], link: ForeignKeyConstraint, row_id: object) -> str:
    if column.name == "org_id":
        return f"'{BIRCH.id}'"
    if column.name == link.column_keys[-1]:
        return f"'{row_id}'"
    if column.nullable:
        return "null"
    return allowed_word(column) or FILLED[str(column.type.compile(dialect=postgresql.dialect()))]


def allowed_word(column: Column[object]) -> str:
    """A word that the column's own CHECK allows."""
    for check in column.table.constraints:
        text = str(getattr(check, "sqltext", ""))
        if text.startswith(f"{column.name} in ("):
            return text.split("(", 1)[1].split(",")[0].rstrip(")")
    return ""


@pytest.mark.parametrize(("name", "link"), LINKS)
def test_a_row_that_points_to_another_organization_is_refused(
    name: str, link: ForeignKeyConstraint, prompter: stage.Prompter
) -> None:
    """Written by the superuser, whom no policy binds; a row of Birch that names an existing row of Alder."""
    table, target = TABLES[name], link.referred_table.name
    with prompter.connection.cursor() as cursor:
        cursor.execute("begin")
        try:
            cursor.execute(f"select id from {target} where org_id = %s", (str(ALDER.id),))
            known = cursor.fetchone() or (make(cursor, target),)
            columns = [column for column in table.columns if column.computed is None]
            names = ", ".join(column.name for column in columns)
            values = ", ".join(value(column, link, known[0]) for column in columns)
            with pytest.raises(psycopg2.errors.ForeignKeyViolation) as caught:
                cursor.execute(f"insert into {name} ({names}) values ({values})")
            assert caught.value.diag.table_name == name
        finally:
            cursor.execute("rollback")


def make(cursor: psycopg2.extensions.cursor, name: str) -> object:
    """A table that the cast leaves empty gets a row of Alder, whose own links need not be true."""
    table = TABLES[name]
    nothing = next(iter(table.foreign_key_constraints))
    columns = [column for column in table.columns if column.computed is None]
    cells = [f"'{ALDER.id}'" if column.name == "org_id" else value(column, nothing, ALDER.id) for column in columns]
    cursor.execute("set local session_replication_role = replica")
    cursor.execute(
        f"insert into {name} ({', '.join(c.name for c in columns)}) values ({', '.join(cells)}) returning id"
    )
    row = cursor.fetchone()
    cursor.execute("set local session_replication_role = origin")
    return row[0] if row else None


def test_there_are_links_to_be_tested() -> None:
    assert len(LINKS) >= 15
