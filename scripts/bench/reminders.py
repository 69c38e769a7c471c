"""What a scan for reminders costs when many are due at once: `python scripts/bench/reminders.py`.

Fills a database of its own with visits of tomorrow, runs the job `email-scan` once for a tenth of them and once for
all, and shows time, statements and the growth of memory of each. Exit status 1 when a mail is missing or doubled, when
the statements of a batch are not always as many, or when memory grows with the number of reminders.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import company  # noqa: E402
from sqlalchemy import event, text  # noqa: E402

from doorstep.app import create_app  # noqa: E402
from doorstep.backends.database import embedded  # noqa: E402
from doorstep.core import clock, settings, tenancy  # noqa: E402
from doorstep.core.extensions import db  # noqa: E402
from doorstep.core.transaction import transaction  # noqa: E402
from doorstep.core.work import BATCH, Work  # noqa: E402
from doorstep.orders import reminders  # noqa: E402

MOST_GROWTH_MB: Final = 40
HOUR_SECONDS: Final = 3600

# The orders of the bench's company that are to come get visits of tomorrow, told of three days ago; no night anywhere.
TOMORROW: Final = """
    update orders set scheduled = tstzrange(now() + interval '20 hours', now() + interval '21 hours')
     where status = 'scheduled' and number > 2000 and number <= 2000 + :many;
    insert into order_events (org_id, id, order_id, kind, actor_kind, actor_name, at, data)
    select org_id, gen_random_uuid(), id, 'scheduled', 'member', 'Priya Shah', now() - interval '3 days', '{}'
      from orders where number > 2000 and number <= 2000 + :many and status = 'scheduled'
        on conflict do nothing;
    update organizations set settings = settings || '{"quiet_from": "00:00", "quiet_until": "00:00"}';
"""


@dataclass(frozen=True)
class Scan:
    """What one run took."""

    queued: int
    seconds: float
    statements: int
    grew_mb: float


def scan() -> Scan:
    """Runs the job once and returns what it took."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    said = [0]

    def count(*_: object) -> None:
        said[0] += 1

    event.listen(db.engine, "before_cursor_execute", count)
    found = reminders.scan(Work(clock.monotonic() + HOUR_SECONDS))
    event.remove(db.engine, "before_cursor_execute", count)
    grew = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return Scan(sum(found.values()), time.perf_counter() - began, said[0], grew)


def run(folder: Path, many: int) -> bool:
    """Fills, scans, prints; returns whether all is as it should be."""
    urls = embedded.ensure(folder / "postgres", "bench")
    stage = company.build(folder, {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}, many * 5 // 4)
    app = create_app(settings.load({**stage.environ, **company.PATIENT, "LOG_LEVEL": "warning"}, instance=folder))
    with app.app_context():
        scans = [_tenth_or_all(share) for share in (many // 8, many * 5 // 4)]
        with tenancy.system_scope("the bench counts"), transaction():
            mails = db.session.execute(text("select count(*), count(distinct dedupe_key) from outgoing_emails"
                                            " where purpose = 'reminder_24h'")).one()  # fmt: skip
    return _report(scans, tuple(mails))


def _tenth_or_all(many: int) -> Scan:
    with tenancy.system_scope("the bench fills"), transaction():
        for statement in filter(str.strip, TOMORROW.split(";")):
            db.session.execute(text(statement), {"many": many})
    return scan()


def _report(scans: list[Scan], mails: tuple[int, ...]) -> bool:
    few, all_of_them = scans
    per_batch = [one.statements / -(-one.queued // BATCH) for one in scans]
    print("reminders   seconds   statements   a batch   peak memory grew")
    for one, each in zip(scans, per_batch, strict=True):
        print(f"{one.queued:9} {one.seconds:9.2f} {one.statements:12} {each:9.1f} {one.grew_mb:15.1f} MB")
    print(f"{mails[0]} mails of {mails[1]} keys")
    good = mails[0] == mails[1] == sum(one.queued for one in scans)
    return good and per_batch[1] <= per_batch[0] and all_of_them.grew_mb - few.grew_mb < MOST_GROWTH_MB


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reminders", type=int, default=10_000)
    given = parser.parse_args()
    with company.place() as folder:
        good = run(folder, given.reminders)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
