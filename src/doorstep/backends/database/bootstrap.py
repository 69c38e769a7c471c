"""The three roles of every installation, and the database they share.

`owner` owns every table: migrations and backups run as it, and row security does not hide rows from it.
`app` is what the application signs in as: it owns nothing, cannot bypass row security, cannot become `owner`.
`system` sees all organizations; `app` becomes it on purpose, for one transaction, by `SET LOCAL ROLE`.

An installation whose database is run by somebody else gets the same from `ops/postgres/roles.sql`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

# Any number, as long as it is ours alone: two processes that start at once must not both create a role.
LOCK_KEY = 0x6472_7374

ROLES = {
    "owner": "LOGIN NOSUPERUSER NOBYPASSRLS",
    "app": "LOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT",
    "system": "NOLOGIN NOSUPERUSER NOBYPASSRLS",
}

# PUBLIC loses TEMPORARY as well: whoever can make temporary objects can put them in front of real ones.
DATABASE_GRANTS = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO app",
)
SCHEMA_GRANTS = (
    "ALTER SCHEMA public OWNER TO owner",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO app, system",
    "ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app, system",
    "ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT USAGE, SELECT ON SEQUENCES TO app, system",
    "ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT EXECUTE ON FUNCTIONS TO app, system",
)


class RoleError(RuntimeError):
    """A role exists and may do more than it should; the message names it."""


@dataclass(frozen=True)
class Urls:
    """SQLAlchemy URLs of one database: as the application, as the owner of its tables, as a superuser."""

    app: str
    owner: str
    admin: str


def prepare(admin_url: str, database: str) -> None:
    """Creates the roles and the database where they are missing, and grants what `app` and `system` need.

    Safe to repeat and to run in many processes at once. `admin_url` signs in as a superuser to any
    database of the server. Raises `RoleError` if a role that was there already is too strong.
    """
    url = make_url(admin_url)
    with _connected(url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
        _create_roles(connection)
        _create_database(connection, database)
        quoted = _quoted(connection, database)
        _run(connection, (statement.format(database=quoted) for statement in DATABASE_GRANTS))
        with _connected(url.set(database=database)) as inside:
            _run(inside, SCHEMA_GRANTS)


def urls_for(admin_url: str, database: str) -> Urls:
    """The URLs of `database` on a server in development where only a superuser is known.

    All three sign in as that superuser; two of them at once take the role they are for. That shows
    row security as in production, but is no wall: `RESET ROLE` undoes it.
    """
    url = make_url(admin_url).set(database=database)
    return Urls(app=_as_role(url, "app"), owner=_as_role(url, "owner"), admin=_text(url))


def _as_role(url: URL, role: str) -> str:
    given = url.query.get("options", "")
    options = given if isinstance(given, str) else " ".join(given)
    return _text(url.update_query_dict({"options": f"{options} -c role={role}".strip()}))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _connected(url: URL) -> Connection:
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()


def _create_roles(connection: Connection) -> None:
    found = connection.execute(
        text("SELECT rolname, rolsuper OR rolbypassrls AS strong FROM pg_roles WHERE rolname = ANY(:names)"),
        {"names": list(ROLES)},
    )
    too_strong = {row.rolname: row.strong for row in found}
    for role, attributes in ROLES.items():
        if too_strong.get(role):
            raise RoleError(f"The database role {role} exists and is not bound by row security.")
        if role not in too_strong:
            _run(connection, [f"CREATE ROLE {role} {attributes}"])
    if int(connection.scalar(text("SHOW server_version_num"))) >= 160_000:
        _run(connection, ["GRANT system TO app WITH INHERIT FALSE, SET TRUE"])
    else:
        _run(connection, ["GRANT system TO app"])  # `app` is NOINHERIT, which is the same there
    may_own = connection.scalar(text("SELECT pg_has_role('app', 'owner', 'MEMBER')"))
    if may_own:
        raise RoleError("The database role app is a member of owner, and so could change tables.")


def _create_database(connection: Connection, database: str) -> None:
    known = text("SELECT 1 FROM pg_database WHERE datname = :name")
    if connection.scalar(known, {"name": database}) is None:
        quoted = _quoted(connection, database)
        _run(connection, [f"CREATE DATABASE {quoted} OWNER owner TEMPLATE template0 ENCODING 'UTF8'"])


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _run(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
