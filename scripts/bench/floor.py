"""The floor that the product is measured against: bare Flask, psycopg2 and row security, nothing else.

Same server, same database, same role and scope; no ORM, no sign-in, no headers.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import psycopg2.pool
from flask import Flask, Response

ORG = os.environ["BENCH_ORG"]
ORDER = os.environ["BENCH_ORDER"]
COLUMNS = "id, number, status, created_at, city, price_cents, currency"
LIST = f"select {COLUMNS} from orders where org_id = %s order by created_at desc, id desc limit 50"  # noqa: S608
ONE = f"select {COLUMNS}, address, details, version from orders where org_id = %s and id = %s"  # noqa: S608

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
    return Response(orjson.dumps(value, default=str), mimetype="application/json")


@app.get("/hello")
def hello() -> Response:
    """Nothing but the server's own cost."""
    return _json({"status": "ok"})


@app.get("/list")
def listed() -> Response:
    """Fifty rows of seven columns."""
    return _json({"items": _rows(LIST, ORG)})


@app.get("/one")
def one() -> Response:
    """One row."""
    return _json(_rows(ONE, ORG, ORDER)[0])
