"""What a request costs beside the floor, by CPU time, in one run: `python scripts/bench/requests_cost.py`.

Starts its own database and two servers (the product and the floor) on free loopback ports, fills one organization with
many orders and another with few, and prints a table of ratios. Exit status 1 when a ratio misses its goal.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import flask_migrate
from sqlalchemy import text

from doorstep.app import create_app
from doorstep.backends.database import embedded
from doorstep.clients import links
from doorstep.clients.models import Client
from doorstep.core import settings as settings_module
from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from load import Cost, measure  # noqa: E402

from tests import cast  # noqa: E402

FILL = text("""
    insert into orders (org_id, id, number, client_id, service_id, status, duration_minutes, buffer_minutes, extras,
                        address, city, postal_code, access_notes, details, wish_note, quote_note, reason, source,
                        currency, price_cents, version, created_at)
    select :org, gen_random_uuid(), 2000 + n, :client, :service, 'requested', 120, 15, '[]',
           '1820 SE Salmon St', 'Portland', '97214', '', '', '', '', '', 'demo', 'USD', 12000, 1,
           now() - n * interval '1 minute'
      from generate_series(1, :many) n
""")
GOALS = {"list": 0.45, "one order": 0.6, "client page": 0.25, "healthz": 0.6}


class Server:
    """A gunicorn of ours with the product's own process model."""

    def __init__(self, target: str, environ: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            str(ROOT / "gunicorn.conf.py"),
            "-b",
            f"127.0.0.1:{self.port}",
            target,
        ]
        log = Path(environ["BENCH_LOG"]).open("ab")  # noqa: SIM115 (closed with the process)
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ}, stdout=log, stderr=log)

    def wait(self, path: str) -> None:
        """Waits until the server answers."""
        for _ in range(150):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2).close()
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise RuntimeError(f"{path} never answered; see the log")

    def cost(self, path: str, requests: int, headers: dict[str, str] | None = None) -> Cost:
        """Returns what this many requests cost."""
        return measure(self.port, self.process.pid, path, requests=requests, headers=headers)

    def stop(self) -> None:
        """Ends the server."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def prepare(folder: Path, many: int) -> tuple[dict[str, str], str]:
    """Returns the servers' environment and a client's cookie, on a database with `many` orders in one organization."""
    urls = embedded.ensure(folder / "postgres", "bench")
    environ = {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "LOG_LEVEL": "warning"}
    app = create_app(settings_module.load(environ, instance=folder))
    with app.app_context():
        flask_migrate.upgrade()
        cast.put_on_stage()
        for company, count in ((cast.ALDER, many), (cast.BIRCH, 1000)):
            values = {"org": company.id, "client": company.client_id, "service": company.service_id, "many": count}
            with tenancy.org_scope(company.id), transaction():
                db.session.execute(FILL, values)
        with tenancy.org_scope(cast.ALDER.id), transaction():
            client = tenancy.get(Client, cast.ALDER.client_id)
            secret = links.make(client, cast.ALDER.order_id, minutes=60)
        db.session.remove()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("select 1"))
        db.engine.dispose()
    _vacuum(urls.owner)
    cookie = _open_link(app, secret)
    return environ, cookie


def _vacuum(owner: str) -> None:
    from sqlalchemy import create_engine

    with create_engine(owner).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def _open_link(app: object, secret: str) -> str:
    browser = app.test_client()  # type: ignore[attr-defined]
    page = browser.get(f"/client/link/{secret}").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    browser.post(f"/client/link/{secret}", data={"csrf_token": token})
    cookie = browser.get_cookie("doorstep_client")
    return f"doorstep_client={cookie.value}"


def run(many: int, requests: int, folder: Path) -> bool:
    """Prints the table; returns whether every goal is met."""
    environ, cookie = prepare(folder, many)
    alder, birch = cast.ALDER, cast.BIRCH
    environ |= {"BENCH_ORG": str(alder.id), "BENCH_ORDER": str(alder.order_id), "BENCH_LOG": str(folder / "log")}
    environ |= {"PYTHONPATH": str(Path(__file__).parent), "DOORSTEP_INSTANCE": str(folder)}
    ours, floor = Server("wsgi:app", environ), Server("floor:app", environ)
    try:
        ours.wait("/healthz")
        floor.wait("/hello")
        headers = {"Authorization": f"Bearer {alder.owner.secret}"}
        other = {"Authorization": f"Bearer {birch.owner.secret}"}
        pairs = {
            "list": (ours.cost("/v1/orders?limit=50", requests, headers), floor.cost("/list", requests)),
            "one order": (ours.cost(f"/v1/orders/{alder.order_id}", requests, headers), floor.cost("/one", requests)),
            "client page": (
                ours.cost(f"/client/orders/{alder.order_id}", requests, {"Cookie": cookie}),
                floor.cost("/list", requests),
            ),
            "healthz": (ours.cost("/healthz", requests), floor.cost("/hello", requests)),
        }
        few = ours.cost("/v1/orders?limit=50", requests, other)
    finally:
        ours.stop()
        floor.stop()
    return _report(pairs, few, many)


def _report(pairs: dict[str, tuple[Cost, Cost]], few: Cost, many: int) -> bool:
    print(f"{'request':14} {'ours us':>9} {'floor us':>9} {'ratio':>6} {'goal':>5}   p50 / p99 ms")
    good = True
    for name, (ours, floor) in pairs.items():
        ratio = floor.cpu_us / ours.cpu_us
        good &= ratio >= GOALS[name]
        print(
            f"{name:14} {ours.cpu_us:9.0f} {floor.cpu_us:9.0f} {ratio:6.2f} {GOALS[name]:5.2f}   "
            f"{ours.p50_ms:.1f} / {ours.p99_ms:.1f}"
        )
    growth = pairs["list"][0].p50_ms / few.p50_ms
    print(f"list of 50 with {many} orders beside 1000: {growth:.2f} x the wall time (goal 1.30)")
    return good and growth <= 1.3


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=1600)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="doorstep-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        good = run(given.orders, given.requests, folder)
    finally:
        embedded.stop(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
