"""The three roles are as weak as promised, made by the package or by `ops/postgres/roles.sql`."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from doorstep.backends.database import bootstrap, embedded, place
from tests.backends.database.servers import ensure, run, value

pytestmark = pytest.mark.database

ROLES_SQL = Path(__file__).parents[3] / "ops" / "postgres" / "roles.sql"


class TestRoles:
    def test_the_application_is_weak(self, shared: embedded.Urls) -> None:
        assert value(shared.app, "SELECT current_user") == "app"
        assert value(shared.app, "SELECT session_user") == "app"
        strong = """
            SELECT count(*) FROM pg_roles WHERE rolname IN ('app', 'owner', 'system')
            AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
        """
        assert value(shared.app, strong) == 0

    @pytest.mark.parametrize("role", ["owner", "postgres"])
    def test_the_application_cannot_become_stronger(self, shared: embedded.Urls, role: str) -> None:
        with pytest.raises(DBAPIError, match="permission denied to set role"):
            run(shared.app, f"SET ROLE {role}")

    def test_the_application_becomes_system_only_on_purpose(self, shared: embedded.Urls) -> None:
        run(shared.app, "SET LOCAL ROLE system")
        assert value(shared.app, "SELECT pg_has_role('app', 'system', 'USAGE')") is False

    @pytest.mark.parametrize(
        "statement",
        ["CREATE TABLE mine (id int)", "CREATE TEMPORARY TABLE mine (id int)", "CREATE SCHEMA mine"],
    )
    def test_the_application_creates_nothing(self, shared: embedded.Urls, statement: str) -> None:
        with pytest.raises(DBAPIError, match="permission denied"):
            run(shared.app, statement)

    def test_tables_of_the_owner_are_open_to_app_and_system_but_not_theirs(self, shared: embedded.Urls) -> None:
        assert value(shared.owner, "SELECT current_user") == "owner"
        run(shared.owner, "CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY, name text)")
        run(shared.app, "INSERT INTO things (name) VALUES ('a')", "UPDATE things SET name = 'b'")
        run(shared.app, "SET LOCAL ROLE system", "DELETE FROM things")
        with pytest.raises(DBAPIError, match="must be owner of table things"):
            run(shared.app, "ALTER TABLE things ADD COLUMN more int")
        run(shared.owner, "DROP TABLE things")

    def test_row_security_binds_app_and_not_the_owner(self, shared: embedded.Urls) -> None:
        run(
            shared.owner,
            "CREATE TABLE secrets AS SELECT 1 AS id",
            "ALTER TABLE secrets ENABLE ROW LEVEL SECURITY",
        )
        run(shared.owner, "CREATE POLICY everything ON secrets TO system USING (true)")
        assert value(shared.app, "SELECT count(*) FROM secrets") == 0
        assert value(shared.app, "SELECT row_security_active('secrets')") is True
        assert value(shared.owner, "SELECT count(*) FROM secrets") == 1
        run(shared.owner, "DROP TABLE secrets")

    def test_preparing_again_changes_nothing(self, shared: embedded.Urls) -> None:
        grants = "SELECT array_agg(defaclacl::text ORDER BY oid) FROM pg_default_acl"
        before = value(shared.admin, grants)
        with ThreadPoolExecutor() as threads:
            list(threads.map(lambda _: bootstrap.prepare(shared.admin, "doorstep"), range(4)))
        assert value(shared.admin, grants) == before

    def test_a_role_that_is_too_strong_already_is_refused(self, shared: embedded.Urls) -> None:
        run(shared.admin, "ALTER ROLE app BYPASSRLS")
        try:
            with pytest.raises(bootstrap.RoleError, match="app exists and is not bound"):
                bootstrap.prepare(shared.admin, "doorstep")
        finally:
            run(shared.admin, "ALTER ROLE app NOBYPASSRLS")

    def test_an_application_that_is_a_member_of_owner_is_refused(self, shared: embedded.Urls) -> None:
        run(shared.admin, "GRANT owner TO app")
        try:
            with pytest.raises(bootstrap.RoleError, match="member of owner"):
                bootstrap.prepare(shared.admin, "doorstep")
        finally:
            run(shared.admin, "REVOKE owner FROM app")

    def test_a_superusers_url_can_take_each_role(self, shared: embedded.Urls) -> None:
        urls = bootstrap.urls_for(shared.admin, "doorstep")
        assert value(urls.app, "SELECT current_user") == "app"
        assert value(urls.owner, "SELECT current_user") == "owner"
        assert value(urls.admin, "SELECT current_user") == "postgres"


class TestRolesOfAnotherServer:
    """`ops/postgres/roles.sql` is for servers run by somebody else, and says the same as `bootstrap`."""

    FACTS = (
        "SELECT rolname, rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
        " FROM pg_roles WHERE rolname IN ('app', 'owner', 'system') ORDER BY 1",
        "SELECT roleid::regrole::text, member::regrole::text, admin_option FROM pg_auth_members"
        " WHERE member IN (SELECT oid FROM pg_roles WHERE rolname IN ('app', 'owner', 'system'))",
        "SELECT pg_has_role('app', 'system', 'USAGE'), pg_has_role('app', 'system', 'MEMBER')",
        "SELECT datdba::regrole::text, pg_encoding_to_char(encoding), datacl::text FROM pg_database"
        " WHERE datname = current_database()",
        "SELECT nspowner::regrole::text, nspacl::text FROM pg_namespace WHERE nspname = 'public'",
        "SELECT defaclrole::regrole::text, defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 2",
    )

    def facts(self, url: str) -> list[list[tuple]]:
        with create_engine(url, poolclass=NullPool).connect() as connection:
            return [[tuple(row) for row in connection.execute(text(query))] for query in self.FACTS]

    def roles_sql(self, url: str) -> None:
        passwords = {"OWNER_DB_PASSWORD": "it's one", "APP_DB_PASSWORD": "another"}
        plain = make_url(url).set(drivername="postgresql", database="postgres").render_as_string()
        command = [place.bundled_programs() / "psql", "--no-psqlrc", "--quiet", "--file", ROLES_SQL, plain]
        subprocess.run(command, env=os.environ | passwords, check=True)

    def test_both_make_the_same_roles_and_grants(self, root: Path) -> None:
        url = ensure(root).admin
        wanted = self.facts(url)
        other = str(make_url(url).set(database="postgres"))
        with create_engine(other, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("DROP DATABASE doorstep"))
            connection.execute(text("DROP ROLE app, owner, system"))
        self.roles_sql(url)
        assert self.facts(url) == wanted
        self.roles_sql(url)
        assert self.facts(url) == wanted
