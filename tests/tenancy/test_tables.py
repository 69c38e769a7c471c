"""Every table is behind the three walls, or on the short list of those that belong to the installation."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from flask import Flask
from sqlalchemy import Table, text

from doorstep.app import MODELS
from doorstep.core import tenancy
from doorstep.core.db import Base, OrgRow
from doorstep.core.extensions import db
from tests import stage

GLOBAL = {
    "organizations": "the tenants themselves",
    "users": "a person may belong to several organizations",
    "login_sessions": "looked up by a secret before it is known whose it is",
    "api_tokens": "looked up by a secret before it is known whose it is",
    "user_links": "looked up by a secret before it is known whose it is",
    "job_runs": "the installation's own work",
    "job_heartbeats": "the installation's own work",
    "circuits": "what is known of outside services, for all",
    "leader": "the installation's own work",
    "sign_in_tries": "counted by address, before it is known who signs in",
}
NO_MODEL = {"alembic_version": "the version of the schema"}

for module in MODELS:
    import_module(module)
TABLES = {table.name: table for table in Base.metadata.sorted_tables}
TENANT = sorted(TABLES.keys() - GLOBAL.keys())

Rows = list[tuple[object, ...]]
Ask = Callable[..., Rows]


@pytest.fixture(scope="module")
def ask(prompter: stage.Prompter) -> Ask:
    """Asks the database's own catalogue."""

    def answer(question: str, *values: object) -> Rows:
        with prompter.connection.cursor() as cursor:
            cursor.execute(question, values)
            return cursor.fetchall()

    return answer


def test_the_short_list_is_true() -> None:
    assert GLOBAL.keys() <= TABLES.keys()
    assert all(
        not issubclass(mapper.class_, OrgRow) for mapper in Base.registry.mappers if mapper.local_table.name in GLOBAL
    )


def test_the_database_has_these_tables_and_no_others(ask: Ask) -> None:
    found = ask("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')")
    assert {name for (name,) in found} == TABLES.keys() | NO_MODEL.keys()


def test_there_is_no_view_that_could_see_past_row_security(ask: Ask) -> None:
    assert (
        ask("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')") == []
    )


@pytest.mark.parametrize("name", TENANT)
class TestTenantTable:
    """A table whose rows each belong to one organization."""

    def test_the_model_is_scoped(self, name: str) -> None:
        models = [mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is TABLES[name]]
        assert models
        assert all(issubclass(model, OrgRow) for model in models)

    def test_the_organization_comes_first_in_the_key_and_has_no_default(self, name: str) -> None:
        table = TABLES[name]
        assert [column.name for column in table.primary_key.columns] == ["org_id", "id"]
        column = table.c.org_id
        assert not column.nullable
        assert column.default is None
        assert column.server_default is None

    def test_links_to_other_tenant_rows_carry_the_organization(self, name: str) -> None:
        for link in TABLES[name].foreign_key_constraints:
            target: Table = link.referred_table
            if target.name in GLOBAL:
                continue
            assert link.column_keys[0] == "org_id", link.name
            assert [element.column.name for element in link.elements] == ["org_id", "id"], link.name

    def test_unique_rules_hold_within_an_organization(self, name: str, ask: Ask) -> None:
        """Otherwise one tenant learns from a refusal what another one has."""
        indexes = ask(
            "select c.relname, (select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0])"
            " from pg_index i join pg_class c on c.oid = i.indexrelid"
            " where i.indrelid = %s::regclass and i.indisunique",
            name,
        )
        assert indexes
        assert {first for _, first in indexes} == {"org_id"}, indexes

    def test_row_security_is_on_and_not_forced_on_the_owner(self, name: str, ask: Ask) -> None:
        flags = ask("select relrowsecurity, relforcerowsecurity from pg_class where oid = %s::regclass", name)
        assert flags == [(True, False)]

    def test_it_has_exactly_the_two_policies(self, name: str, ask: Ask) -> None:
        found = ask(
            "select policyname, permissive, roles::text, cmd, qual, with_check from pg_policies"
            " where schemaname = 'public' and tablename = %s order by policyname",
            name,
        )
        mine = "(org_id = ( SELECT app_org() AS app_org))"
        assert found == [
            ("system", "PERMISSIVE", "{system}", "ALL", "true", "true"),
            ("tenant", "PERMISSIVE", "{app}", "ALL", mine, mine),
        ]

    def test_it_belongs_to_the_owner(self, name: str, ask: Ask) -> None:
        assert ask("select tableowner from pg_tables where tablename = %s and schemaname = 'public'", name) == [
            ("owner",)
        ]


def test_the_double_booking_rule_cannot_be_told_from_outside(ask: Ask) -> None:
    """Exclusion constraints look at all rows. A worker's id is never in two organizations, so it tells nothing."""
    found = ask("select conrelid::regclass::text, conname from pg_constraint where contype = 'x'")
    assert found == [("assignments", "no_double_booking")]


def test_the_application_s_role_is_weak(ask: Ask) -> None:
    attributes = "rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit"
    assert ask(f"select {attributes} from pg_roles where rolname = 'app'") == [(False,) * 6]
    assert ask("select rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = 'system'") == [(False,) * 3]


def test_the_application_s_role_owns_nothing_and_may_create_nothing(ask: Ask) -> None:
    assert (
        ask("select relname from pg_class join pg_roles r on r.oid = relowner where r.rolname in ('app', 'system')")
        == []
    )
    assert ask("select has_schema_privilege('app', 'public', 'create')") == [(False,)]
    assert ask("select pg_has_role('app', 'owner', 'member')") == [(False,)]


def test_only_known_functions_run_with_the_owner_s_rights(ask: Ask) -> None:
    found = ask(
        "select proname, proconfig::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef"
    )
    assert found == [("who_is", '{"search_path=pg_catalog, public, pg_temp"}')]


def test_the_application_connects_under_row_security(context: Flask) -> None:
    found = db.session.execute(
        text("select current_user, session_user, row_security_active('orders'), current_setting('row_security')")
    ).one()
    assert tuple(found) == ("app", "app", True, "on")


def test_the_system_scope_is_the_system_role(context: Flask) -> None:
    with tenancy.system_scope("a test looks who it is"):
        assert db.session.execute(text("select current_user")).scalar_one() == "system"
    assert db.session.execute(text("select current_user")).scalar_one() == "app"


def test_the_version_of_the_schema_can_be_read_and_not_changed(ask: Ask) -> None:
    rights = [
        ask("select has_table_privilege('app', 'alembic_version', %s)", right)[0][0] for right in ("select", "update")
    ]
    assert rights == [True, False]
