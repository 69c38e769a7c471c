"""The statements that put a table behind the third wall, for migrations.

Row security is enabled, not forced: the owner (migrations, backup) sees all rows, the application's role owns
nothing and sees one organization's, the role `system` sees all by its own policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

APP_ORG: Final = """
create or replace function app_org() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('app.org_id', true), '')::uuid $$
"""


# /readyz compares the schema's version; nobody but the owner may change what it says.
APP_MAY_SEE_VERSION: Final = """
revoke all on alembic_version from app, system;
grant select on alembic_version to app, system
"""


def protect(table: str) -> Iterator[str]:
    """Yields the statements that enable row security on a tenant table."""
    mine = "org_id = (select app_org())"
    yield f"alter table {table} enable row level security"
    yield f"create policy tenant on {table} to app using ({mine}) with check ({mine})"
    yield f"create policy system on {table} to system using (true) with check (true)"


def grant(table: str) -> str:
    """Returns the statement that lets the application work with a table."""
    return f"grant select, insert, update, delete on {table} to app, system"
