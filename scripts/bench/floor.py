"""The floor that the product is measured against: bare Flask, psycopg2 and row security, nothing else.

Same server, same database, same role and scope, the same answers in JSON; no ORM, no sign-in, no headers, no checks.
Each address makes one transaction: begin, `set_config` of the organization, one statement, commit.

    /hello   no database
    /list    50 rows of 7 columns of one table under row security, newest first
    /wide    the 50 rows that `/v1/orders` answers: 21 columns of five tables
    /one     the row that `/v1/orders/<id>` answers, with its steps
"""

from __future__ import annotations

import os
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import orjson
import psycopg2.pool
from flask import Flask, Response

ORG: Final = os.environ["BENCH_ORG"]
ORDER: Final = os.environ["BENCH_ORDER"]

LIST: Final = """
    select id, number, status, created_at, address, price_cents, currency
      from orders where org_id = %s order by created_at desc, id desc limit 50
"""
COLUMNS: Final = """
    o.id, o.number, o.status, o.starts_at as start, upper(o.scheduled) as "end", o.wished_at, o.created_at,
    o.address, o.city, o.postal_code, o.price_cents, o.price_low_cents, o.price_high_cents, o.currency,
    o.duration_minutes, o.client_id, c.name as client, s.name as service, w.id as worker_id, w.name as worker, o.version
"""
TABLES: Final = """
      from orders o
      join clients c on c.org_id = o.org_id and c.id = o.client_id
      join services s on s.org_id = o.org_id and s.id = o.service_id
      left join assignments a on a.org_id = o.org_id and a.order_id = o.id and a.active
      left join workers w on w.org_id = a.org_id and w.id = a.worker_id
     where o.org_id = %s
"""
WIDE: Final = f"select {COLUMNS} {TABLES} order by o.created_at desc, o.id desc limit 50"
ONE: Final = f"""
    select {COLUMNS}, o.service_id, o.access_notes, o.details, o.wish_note, o.quote_note, o.reason, o.source,
           o.finished_at, o.extras,
           (select json_agg(json_build_object('id', i.id, 'label', i.label, 'phase', i.phase,
                            'photo_required', i.photo_required, 'required', i.required, 'done_at', i.done_at,
                            'done_by', i.done_by) order by i.position)
              from checklist_items i where i.org_id = o.org_id and i.order_id = o.id) as checklist
    {TABLES} and o.id = %s
"""  # noqa: S608 (constants)

app = Flask(__name__)


def _pool() -> psycopg2.pool.ThreadedConnectionPool:
    parts = urlsplit(os.environ["DATABASE_URL"].replace("+psycopg2", ""))
    host = parse_qs(parts.query)["host"][0]
    return psycopg2.pool.ThreadedConnectionPool(4, 4, host=host, user=parts.username, dbname=parts.path[1:])


pool = _pool()


def _rows(statement: str, *values: str) -> list[dict[str, Any]]:
    connection = pool.getconn()
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("select set_config('app.org_id', %s, true)", (ORG,))
            cursor.execute(statement, values)
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    finally:
        pool.putconn(connection)


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value), mimetype="application/json")


@app.get("/hello")
def hello() -> Response:
    """Nothing but the server's own cost."""
    return _json({"status": "ok"})


@app.get("/list")
def listed() -> Response:
    """Fifty rows of seven columns."""
    return _json({"items": _rows(LIST, ORG)})


@app.get("/wide")
def wide() -> Response:
    """Fifty rows as the product answers them."""
    return _json({"items": _rows(WIDE, ORG)})


@app.get("/one")
def one() -> Response:
    """One order."""
    return _json(_rows(ONE, ORG, ORDER)[0])
