"""What the servers are measured on: two companies of the tests' cast, one with many orders and one with few, and one
finished order with photos, made by the product's own services."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import flask_migrate
from flask import Flask
from sqlalchemy import create_engine, text

from doorstep.app import create_app
from doorstep.backends.database import embedded
from doorstep.clients import links
from doorstep.clients.models import Client
from doorstep.core import clock, ids, tenancy
from doorstep.core import settings as settings_module
from doorstep.core.actor import Actor
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.demo import drawings
from doorstep.orders import checklist, photos, queries, service
from tests import cast
from tests.cast import ALDER, BIRCH, Company

FEW: Final = 1000
PATIENT: Final = {"DATABASE_STATEMENT_TIMEOUT_MS": "600000"}
SECRETS: Final = (
    "AUTH_SECRET_KEY",
    "CLIENT_PORTAL_SECRET",
    "WORKER_PORTAL_SECRET",
    "PHOTO_SIGNING_SECRET",
    "EMAIL_UNSUBSCRIBE_SECRET",
)

# Of each five orders one has no visit yet; the others' visits follow each other, two hours apart, worker by worker.
FILL: Final = """
    insert into clients (org_id, id, name, email, phone, address, city, postal_code, access_notes, notes, locale,
                         email_state, email_reason, unsubscribed, active, version, created_at)
    select :org, gen_random_uuid(), 'Client ' || n, 'client' || n || '@example.test', '+1 503 555 0100',
           n || ' SE Salmon St', 'Portland', '97214', '', '', 'en', 'ok', '', '[]', true, 1, now()
      from generate_series(1, 500) n;
    insert into orders (org_id, id, number, client_id, service_id, status, scheduled, duration_minutes, buffer_minutes,
                        extras, address, city, postal_code, access_notes, details, wish_note, quote_note, reason,
                        source, currency, price_cents, version, created_at)
    select :org, gen_random_uuid(), 2000 + n, c.id, :service, case when n % 5 = 0 then 'requested' else 'scheduled' end,
           case when n % 5 > 0 then tstzrange(now() + n * interval '2 hours', now() + (n + 1) * interval '2 hours') end,
           120, 15, '[]', c.address, 'Portland', '97214', '', '', '', '', '', 'demo', 'USD', 12000, 1,
           now() - n * interval '1 minute'
      from generate_series(1, :many) n
      join (select id, address, row_number() over () as place from clients where org_id = :org) c
        on c.place = n % 500 + 1;
    insert into assignments (org_id, id, order_id, worker_id, during, active, created_at)
    select :org, gen_random_uuid(), o.id, :worker, o.scheduled, true, now()
      from orders o where o.org_id = :org and o.source = 'demo' and o.scheduled is not null
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """The servers' environment, and the cookies of a client who has opened the link to the finished order."""

    environ: dict[str, str]
    cookie: str


@contextmanager
def place() -> Iterator[Path]:
    """Gives a folder for the stage, and takes it away with its database."""
    folder = Path(tempfile.mkdtemp(prefix="doorstep-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        embedded.remove(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


def build(folder: Path, urls: dict[str, str], many: int) -> Stage:
    """Returns the stage, on an empty database; `many` is how many orders the larger company has."""
    environ = {**urls, **{name: ids.secret() for name in SECRETS}, "ORDER_UPLOAD_ROOT": str(folder / "uploads")}
    environ["SCHEDULER_ENABLED"] = "false"  # jobs have their own cost, at their own times
    app = create_app(settings_module.load({**environ, **PATIENT, "LOG_LEVEL": "warning"}, instance=folder))
    with app.app_context():
        flask_migrate.upgrade()
        cast.put_on_stage()
        _fill(ALDER, many)
        _fill(BIRCH, FEW)
        _finish_the_order(ALDER)
        secret = _link(ALDER)
        db.session.remove()
        db.engine.dispose()
    _vacuum(urls["DATABASE_OWNER_URL"])
    return Stage(environ, _open(app, secret))


def postmaster(admin: str) -> int:
    """Returns the process id of the database server, whose children are its connections."""
    with create_engine(admin).connect() as connection:
        return int(connection.execute(text("select pg_read_file('postmaster.pid')")).scalar_one().split()[0])


def _fill(company: Company, many: int) -> None:
    values = {"org": company.id, "service": company.service_id, "worker": company.worker.worker_id, "many": many}
    with tenancy.org_scope(company.id), transaction():
        for statement in FILL.split(";"):
            db.session.execute(text(statement), values)


def _finish_the_order(company: Company) -> None:
    """Brings the company's first order to its end, with a photo before and one after the work."""
    with tenancy.org_scope(company.id):
        office = Actor(kind="system", name="Priya Shah")
        worker = company.other_worker.worker_id
        with transaction():
            order = queries.find(office, company.order_id, lock=True)
            service.schedule(office, order, start=clock.now() + timedelta(days=1), worker_id=worker)
            service.on_the_way(office, order)
            service.start(office, order)
        for phase in ("before", "after"):
            photos.add_to(office, order.id, drawings.photo("kitchen", phase, 1), phase=phase)
        with transaction():
            order = queries.find(office, company.order_id, lock=True)
            for item in checklist.items(order):
                checklist.tick(office, order, item.id, done=True)
            service.complete(office, order, note="All done. Thank you for having us.")


def _link(company: Company) -> str:
    with tenancy.org_scope(company.id), transaction():
        return links.make(tenancy.get(Client, company.client_id), company.order_id, minutes=60)


def _vacuum(owner: str) -> None:
    """Statistics and visibility as in a database that has lived for a while."""
    with create_engine(owner).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def _open(app: Flask, secret: str) -> str:
    browser = app.test_client()
    page = browser.get(f"/client/link/{secret}").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    browser.post(f"/client/link/{secret}", data={"csrf_token": token})
    held = [browser.get_cookie(name) for name in ("doorstep_client", "doorstep_form")]
    if None in held:
        raise RuntimeError("the client's link was not opened")
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in held if cookie)
