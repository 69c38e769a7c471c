"""Clients whom no mail reaches although there is something to tell them: a visit in the coming days, a price that
waits for their answer. Somebody has to call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from doorstep.core import clock, sql, tenancy

AHEAD: Final = timedelta(days=7)
MOST: Final = 200

# One row a client, of their most urgent order. The rule who is reached is that of `tellings.client_person`.
FOUND: Final = """
    select distinct on (c.id)
           c.id as client_id, c.name, c.phone, c.email, c.email_state, c.email_reason, c.active,
           o.id as order_id, o.number, o.status, case when o.status = 'quoted' then null else o.starts_at end as start,
           s.name as service, count(*) over (partition by c.id) - 1 as others
      from orders o
      join clients c on c.org_id = o.org_id and c.id = o.client_id
      join services s on s.org_id = o.org_id and s.id = o.service_id
     where o.org_id = %(org)s
       and (c.email is null or c.email = '' or c.email_state <> 'ok' or not c.active)
       and (o.status = 'quoted'
            or (o.status in ('scheduled', 'on_the_way') and o.starts_at < %(until)s and upper(o.scheduled) > %(now)s))
     order by c.id, (o.status = 'quoted'), o.starts_at, o.id
"""
ROWS: Final = f"select * from ({FOUND}) found order by start nulls last, name, client_id limit %(most)s"  # noqa: S608
COUNT: Final = f"select count(*) as count from ({FOUND}) found"  # noqa: S608


def rows() -> list[dict[str, Any]]:
    """Returns those clients, whose visit is next first, with the order to tell of and how many `others` they have."""
    return sql.rows(ROWS, _values())


def count() -> int:
    """Returns how many there are."""
    return int((sql.row(COUNT, _values()) or {"count": 0})["count"])


def _values() -> Mapping[str, Any]:
    now = clock.now()
    return {"org": tenancy.org_id(), "now": now, "until": now + AHEAD, "most": MOST}
