"""What a request costs beside the floor, by CPU time, in one run: `python scripts/bench/requests_cost.py`.

Starts its own database and two servers on free loopback ports: the product as it is deployed, and the floor (see
floor.py). One company has many orders, the other few. Each round asks both servers for each pair, one after the other
and in turns first, so that what else the machine does meets both; medians of the rounds are shown. CPU time is that of
all processes of the server; that of the database is shown beside it. Exit status 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import company  # noqa: E402
import servers  # noqa: E402
from load import fire  # noqa: E402
from servers import Server  # noqa: E402

from doorstep.backends.database import embedded  # noqa: E402
from tests.cast import ALDER, BIRCH  # noqa: E402

MOST_GROWTH: Final = 1.3
WARM_UP: Final = 200


@dataclass(frozen=True)
class Asked:
    """An address that is asked for, and what it cost each time: CPU microseconds a request of the server and of the
    database, wall milliseconds."""

    server: Server
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    server_us: list[float] = field(default_factory=list)
    database_us: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)

    def warm_up(self) -> None:
        """Asks without counting."""
        fire(self.server.port, self.path, WARM_UP, self.headers)

    def ask(self, requests: int, postmaster: int) -> None:
        """Asks that often and notes the cost."""
        server, database = self.server.cpu(), servers.cpu_of_family(postmaster)
        times = fire(self.server.port, self.path, requests, self.headers)
        self.server_us.append((self.server.cpu() - server) / len(times) * 1e6)
        self.database_us.append((servers.cpu_of_family(postmaster) - database) / len(times) * 1e6)
        self.wall_ms.extend(seconds * 1e3 for seconds in times)


@dataclass(frozen=True)
class Pair:
    """A request to the product beside one to the floor. `goal` is the least ratio of the floor's CPU to the
    product's; a pair without a goal is shown for information."""

    name: str
    goal: float | None
    ours: Asked
    floor: Asked

    def ratio(self) -> float:
        """Returns the median of the rounds' ratios."""
        rounds = zip(self.floor.server_us, self.ours.server_us, strict=True)
        return statistics.median(floor / ours for floor, ours in rounds)


def measure(pairs: Sequence[Pair], few: Asked, rounds: int, requests: int, postmaster: int) -> None:
    """Asks for everything in turns."""
    for asked in (few, *(asked for pair in pairs for asked in (pair.ours, pair.floor))):
        asked.warm_up()
    for number in range(rounds):
        for pair in pairs:
            turn = (pair.ours, pair.floor) if number % 2 else (pair.floor, pair.ours)
            for asked in turn:
                asked.ask(requests, postmaster)
        few.ask(requests, postmaster)


def pairs_of(product: Server, floor: Server, cookie: str) -> list[Pair]:
    """Returns what is compared."""
    bearer, client = ALDER.owner.bearer, {"Cookie": cookie}
    lines = Asked(product, "/v1/orders?limit=50", bearer)
    return [
        Pair("list of 50", 0.45, lines, Asked(floor, "/list")),
        Pair("one order", 0.6, Asked(product, f"/v1/orders/{ALDER.order_id}", bearer), Asked(floor, "/one")),
        Pair("client page", 0.25, Asked(product, f"/client/orders/{ALDER.order_id}", client), Asked(floor, "/list")),
        Pair("/healthz", 0.6, Asked(product, "/healthz"), Asked(floor, "/hello")),
        Pair("list, as wide", None, Asked(product, "/v1/orders?limit=50", bearer), Asked(floor, "/wide")),
    ]


def report(pairs: Sequence[Pair], few: Asked, many: int) -> bool:
    """Prints the table; returns whether every goal is met."""
    median = statistics.median
    print("CPU microseconds a request, medians of the rounds; the database's after the +")
    print(f"{'request':14} {'product':>13} {'floor':>13} {'ratio':>6} {'goal':>5}   p50 and p99 in ms: product, floor")
    good = True
    for pair in pairs:
        ours, floor, ratio = pair.ours, pair.floor, pair.ratio()
        good &= pair.goal is None or ratio >= pair.goal
        costs = [f"{median(one.server_us):6.0f} +{median(one.database_us):5.0f}" for one in (ours, floor)]
        walls = [f"{_rank(one.wall_ms, 0.5):.1f} {_rank(one.wall_ms, 0.99):.1f}" for one in (ours, floor)]
        goal = f"{pair.goal:5.2f}" if pair.goal else "    -"
        print(f"{pair.name:14} {costs[0]:>13} {costs[1]:>13} {ratio:6.2f} {goal}   {walls[0]}, {walls[1]}")
    growth = _growth(pairs[0].ours, few)
    print(f"list of 50 with {many} orders beside {company.FEW}: {growth:.2f} x the CPU time (at most {MOST_GROWTH})")
    return good and growth <= MOST_GROWTH


def _growth(many: Asked, few: Asked) -> float:
    """Returns how many times dearer the long list is, server and database together."""
    dear = zip(many.server_us, many.database_us, few.server_us, few.database_us, strict=True)
    return statistics.median((a + b) / (c + d) for a, b, c, d in dear)


def _rank(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


def run(folder: Path, many: int, rounds: int, requests: int) -> bool:
    """Builds the stage, measures, prints; returns whether every goal is met."""
    urls = embedded.ensure(folder / "postgres", "bench")
    stage = company.build(folder, {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}, many)
    postmaster = company.postmaster(urls.admin)
    environ = {**stage.environ, "BENCH_ORG": str(ALDER.id), "BENCH_ORDER": str(ALDER.order_id)}
    with _serving(environ, folder / "log") as (product, floor):
        pairs = pairs_of(product, floor, stage.cookie)
        few = Asked(product, "/v1/orders?limit=50", BIRCH.owner.bearer)
        measure(pairs, few, rounds, requests, postmaster)
    return report(pairs, few, many)


@contextmanager
def _serving(environ: dict[str, str], log: Path) -> Iterator[tuple[Server, Server]]:
    product, floor = servers.product(environ, log), servers.floor(environ, log)
    try:
        product.wait("/healthz")
        floor.wait("/hello")
        yield product, floor
    finally:
        product.stop()
        floor.stop()


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=100_000, help="of the larger company")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--requests", type=int, default=160, help="of each address in each round")
    given = parser.parse_args()
    if not Path("/proc/self/stat").exists():
        sys.exit("CPU times of other processes are read from /proc: this needs Linux.")
    with company.place() as folder:
        good = run(folder, given.orders, given.rounds, given.requests)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
