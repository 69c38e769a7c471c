"""RULES: mails that time brings and nobody's act: before a visit, and after the work. The job `email-scan`.

What is due is found anew each time from the orders as they are; what was queued once for a visit's time is not queued
again. Nothing is written at night on the company's clocks, nor to who does not want it. A batch takes three
statements, whatever its size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from doorstep.clients import links, unsubscribing
from doorstep.core import clock, formats, sql
from doorstep.core.actor import Org
from doorstep.core.work import BATCH, Work
from doorstep.notifications import order_messages as messages
from doorstep.notifications.messages import Message, OrderFacts
from doorstep.notifications.service import Mail, queue_emails

QUIET_FROM: Final = "21:00"
QUIET_UNTIL: Final = "08:00"
Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """When a mail is due. `condition` chooses orders; of the moment `at` it is due from `opens` on and until `closes`
    (before it where positive, after it where negative)."""

    purpose: str
    write: Callable[..., Message]
    at: str
    condition: str
    opens: timedelta
    closes: timedelta
    cause: str


# Who was told the time of the visit less than a day before it needs no reminder that it is in a day.
ANNOUNCED: Final = """
    o.status = 'scheduled' and o.starts_at - %(opens)s > (select max(e.at) from order_events e
         where e.org_id = o.org_id and e.order_id = o.id and e.kind in ('scheduled', 'moved'))
"""
UNRATED: Final = """
    o.status = 'completed' and not exists (
        select from feedback f where f.org_id = o.org_id and f.order_id = o.id)
"""
DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)

RULES: Final[tuple[Rule, ...]] = (
    Rule("reminder_24h", messages.reminder_24h, "starts_at", ANNOUNCED, DAY, 4 * HOUR, "the visit is in a day"),
    Rule("reminder_2h", messages.reminder_2h, "starts_at", ANNOUNCED, 2 * HOUR, HOUR / 2, "the visit is in two hours"),
    Rule("feedback_request", messages.feedback_request, "finished_at", UNRATED, -DAY, -4 * DAY, "the work is done"),
)

# The two times of the day are taken from the organization's settings where they are times.
DUE: Final = """
    select o.org_id, o.id as order_id, o.number, o.starts_at, upper(o.scheduled) as ends_at, o.address, o.city,
           o.{at} as at, %(purpose)s || ':' || o.id || ':' || extract(epoch from o.{at})::bigint as key,
           c.id as client_id, c.name as client, c.email, s.name as service,
           case when c.email is null or c.email_state <> 'ok' then 'no_address'
                when c.unsubscribed ? %(purpose)s then 'unwanted' end as left_out,
           (select string_agg(w.name, ' and ' order by w.name) from assignments a
              join workers w on w.org_id = a.org_id and w.id = a.worker_id
             where a.org_id = o.org_id and a.order_id = o.id and a.active) as worker,
           g.slug, g.name as company, g.timezone, g.currency, g.locale, g.settings, q.begins as quiet_from
      from orders o
      join clients c on c.org_id = o.org_id and c.id = o.client_id and c.active
      join services s on s.org_id = o.org_id and s.id = o.service_id
      join organizations g on g.id = o.org_id and g.active
      cross join lateral (
           select coalesce(substring(g.settings ->> 'quiet_from' from %(clock)s), %(quiet_from)s)::time as begins,
                  coalesce(substring(g.settings ->> 'quiet_until' from %(clock)s), %(quiet_until)s)::time as ends,
                  (%(now)s at time zone g.timezone)::time as here) q
     where o.{at} <= %(now)s + %(opens)s and o.{at} > %(now)s + %(closes)s and {condition}
       and not (case when q.begins > q.ends then q.here >= q.begins or q.here < q.ends
                     else q.here >= q.begins and q.here < q.ends end)
       and not exists (select from outgoing_emails m where m.org_id = o.org_id
            and m.dedupe_key = %(purpose)s || ':' || o.id || ':' || extract(epoch from o.{at})::bigint)
       and (o.{at}, o.id) > (%(after_at)s, %(after_id)s)
     order by o.{at}, o.id limit %(most)s
"""
CLOCK: Final = r"^(?:[01]\d|2[0-3]):[0-5]\d$"
FIRST: Final = (datetime.fromisoformat("0001-01-02T00:00:00+00:00"), UUID(int=0))


def scan(work: Work) -> Mapping[str, Any]:
    """Returns how many mails of each purpose were queued, and how many were due to clients who have no address that
    works (`no_address`) or do not want them (`unwanted`)."""
    counts: Counter[str] = Counter()
    for rule in RULES:
        after: tuple[datetime, UUID] | None = FIRST
        while after is not None and work.has_time:
            with work.part(f"what is due of {rule.purpose}"):
                found = due(rule, after, BATCH)
                counts += _queue(rule, found)
            after = (found[-1]["at"], found[-1]["order_id"]) if len(found) == BATCH else None
    return dict(counts)


def due(rule: Rule, after: tuple[datetime, UUID], most: int) -> Sequence[Found]:
    """Returns what is due of a rule now in the scope at hand, the next `most` after (moment, order)."""
    values = {
        "purpose": rule.purpose, "now": clock.now(), "opens": rule.opens, "closes": rule.closes, "clock": CLOCK,
        "quiet_from": QUIET_FROM, "quiet_until": QUIET_UNTIL, "after_at": after[0], "after_id": after[1], "most": most,
    }  # fmt: skip
    return sql.rows(DUE.format(at=rule.at, condition=rule.condition), values)


def _queue(rule: Rule, found: Sequence[Found]) -> Counter[str]:
    """Returns the counts of one batch after its mails were queued."""
    wanted = [row for row in found if not row["left_out"]]
    urls = links.fresh_urls([(row["org_id"], row["client_id"], row["order_id"]) for row in wanted])
    queued = queue_emails([_mail(rule, row, url) for row, url in zip(wanted, urls, strict=True)])
    left_out = Counter(row["left_out"] for row in found if row["left_out"])
    return Counter({rule.purpose: queued}) + left_out


def _mail(rule: Rule, row: Found, url: str) -> Mail:
    org = Org(
        row["org_id"], row["slug"], row["company"], row["timezone"], row["currency"], row["locale"], row["settings"]
    )
    leave = unsubscribing.url(row["org_id"], row["client_id"], rule.purpose)
    return Mail(
        message=rule.write(org, _facts(row, org), url=url, unsubscribe_url=leave),
        org_id=row["org_id"],
        to=row["email"],
        to_name=row["client"],
        dedupe_key=row["key"],
        cause=rule.cause,
        client_id=row["client_id"],
        order_id=row["order_id"],
        stale_at=min(row["at"] - rule.closes, _nightfall(org, row["quiet_from"])),
    )


def _facts(row: Found, org: Org) -> OrderFacts:
    visit = row["starts_at"] and row["ends_at"]
    return OrderFacts(
        number=row["number"],
        service=row["service"],
        client=row["client"],
        place=", ".join(filter(None, (row["address"], row["city"]))),
        when=formats.window(row["starts_at"], row["ends_at"], org.zone) if visit else "",
        worker=row["worker"] or "",
    )


def _nightfall(org: Org, begins: time) -> datetime:
    """Returns when the company's next night begins."""
    here = clock.now().astimezone(org.zone)
    tonight = here.replace(hour=begins.hour, minute=begins.minute, second=0, microsecond=0)
    return tonight if tonight > here else tonight + DAY
