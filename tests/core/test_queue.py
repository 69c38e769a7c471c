"""The queue: each row is delivered at least once, by one process at a time, and nothing that fails disappears."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update

from doorstep.core import clock, ids, queue, tenancy
from doorstep.core.errors import Conflict
from doorstep.core.extensions import db
from doorstep.core.queue import Backoff
from doorstep.core.transaction import save, transaction
from doorstep.notifications.models import OutgoingEmail
from tests import stage, statements
from tests.cast import Company

MINUTE = timedelta(minutes=1)
THREE_TRIES = Backoff(tries=3, base_seconds=60, cap_seconds=600)


def mail(key: str, **more: object) -> OutgoingEmail:
    words = {"purpose": "test", "to_address": "a@b.test", "subject": "s", "text": "t", "html": "h"}
    return OutgoingEmail(dedupe_key=key, **(words | more))


@contextmanager
def worker(app: Flask) -> Iterator[None]:
    """The surroundings of a process that delivers for all organizations."""
    with app.app_context(), tenancy.system_scope("a test delivers"), transaction():
        yield


def put(app: Flask, company: Company, *keys: str, **more: object) -> None:
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        for key in keys:
            save(mail(key, **more))


def take(app: Flask, limit: int = 10, lease: timedelta = MINUTE) -> list[OutgoingEmail]:
    with worker(app):
        return queue.claim(OutgoingEmail, limit, lease)


def change(app: Flask, **values: object) -> None:
    with worker(app):
        db.session.execute(update(OutgoingEmail).values(**values).execution_options(synchronize_session=False))


def the_row(app: Flask) -> OutgoingEmail:
    with app.app_context(), tenancy.system_scope("a test looks"):
        return db.session.execute(select(OutgoingEmail)).scalar_one()


def test_due_rows_of_all_organizations_are_claimed_oldest_first(app: Flask, alder: Company, birch: Company) -> None:
    past = clock.now() - timedelta(hours=1)
    put(app, alder, "second", next_at=past + MINUTE)
    put(app, birch, "first", next_at=past)
    put(app, alder, "third", next_at=past + 2 * MINUTE)
    assert [row.dedupe_key for row in take(app)] == ["first", "second", "third"]


def test_a_claimed_row_is_leased_and_counted(app: Flask, alder: Company) -> None:
    put(app, alder, "one")
    (row,) = take(app)
    assert (row.state, row.attempts) == ("sending", 1)
    assert row.leased_by is not None
    assert row.lease_until is not None
    assert abs(row.lease_until - clock.now() - MINUTE) < timedelta(seconds=10)
    assert take(app) == []


def test_no_more_are_claimed_than_asked_for(app: Flask, alder: Company) -> None:
    put(app, alder, *"abcde")
    assert [len(take(app, 2)) for _ in range(4)] == [2, 2, 1, 0]


def test_what_is_due_later_is_left_alone(app: Flask, alder: Company) -> None:
    put(app, alder, "later", next_at=clock.now() + timedelta(hours=1))
    assert take(app) == []


@pytest.mark.parametrize("state", ["sent", "dead", "cancelled"])
def test_what_is_over_is_never_claimed(state: str, app: Flask, alder: Company) -> None:
    put(app, alder, "over", state=state, lease_until=clock.now() - MINUTE)
    assert take(app) == []


def test_an_organization_claims_its_own_only(app: Flask, alder: Company, birch: Company) -> None:
    put(app, alder, "ours")
    put(app, birch, "theirs")
    with app.app_context(), tenancy.org_scope(alder.id), transaction():
        assert [row.dedupe_key for row in queue.claim(OutgoingEmail, 10, MINUTE)] == ["ours"]


def test_processes_that_claim_at_once_never_get_the_same_row(app: Flask, alder: Company) -> None:
    put(app, alder, *(f"mail {number}" for number in range(40)))
    start = threading.Barrier(4)

    def deliver() -> list[UUID]:
        got: list[UUID] = []
        start.wait(10)
        while rows := take(app, 3):
            got += [row.id for row in rows]
        return got

    with ThreadPoolExecutor(4) as pool:
        shares = [future.result() for future in [pool.submit(deliver) for _ in range(4)]]
    claimed = [one for share in shares for one in share]
    assert len(claimed) == len(set(claimed)) == 40


def test_a_row_that_somebody_holds_locked_is_skipped_not_waited_for(app: Flask, alder: Company) -> None:
    put(app, alder, "held", next_at=clock.now() - MINUTE)
    put(app, alder, "free")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with worker(app):
            db.session.execute(select(OutgoingEmail).where(OutgoingEmail.dedupe_key == "held").with_for_update())
            held.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    try:
        assert [row.dedupe_key for row in take(app)] == ["free"]
    finally:
        done.set()
        holder.join()


def test_a_row_whose_sender_died_is_due_again_when_its_lease_is_over(app: Flask, alder: Company) -> None:
    put(app, alder, "one")
    (first,) = take(app, lease=timedelta(seconds=-1))
    (second,) = take(app)
    assert second.id == first.id
    assert second.attempts == 2
    assert second.leased_by != first.leased_by


def test_the_sender_that_lost_its_lease_cannot_settle(app: Flask, alder: Company) -> None:
    put(app, alder, "one")
    (slow,) = take(app, lease=timedelta(seconds=-1))
    (quick,) = take(app)
    with worker(app):
        assert not queue.settle_sent(slow)
        assert not queue.settle_failed(slow, "too late", THREE_TRIES)
        assert queue.settle_sent(quick)
    with worker(app):
        assert not queue.settle_sent(quick)
    assert the_row(app).state == "sent"


def test_a_delivered_row_is_finished_and_free(app: Flask, alder: Company) -> None:
    put(app, alder, "one", last_error="the try before")
    (row,) = take(app)
    with worker(app):
        assert queue.settle_sent(row)
    row = the_row(app)
    assert (row.state, row.leased_by, row.lease_until, row.last_error) == ("sent", None, None, None)
    assert row.finished_at is not None


def test_a_failed_try_waits_and_the_last_one_parks(app: Flask, alder: Company) -> None:
    put(app, alder, "one")
    for _ in range(2):
        (row,) = take(app)
        with worker(app):
            assert queue.settle_failed(row, "no answer", THREE_TRIES)
        row = the_row(app)
        assert (row.state, row.last_error, row.finished_at) == ("due", "no answer", None)
        change(app, next_at=func.now())
    (row,) = take(app)
    assert row.attempts == 3
    with worker(app):
        queue.settle_failed(row, "no answer", THREE_TRIES)
    row = the_row(app)
    assert (row.state, row.last_error) == ("dead", "no answer")
    assert row.finished_at is not None


def test_an_error_for_good_parks_at_once(app: Flask, alder: Company) -> None:
    put(app, alder, "one")
    (row,) = take(app)
    with worker(app):
        queue.settle_failed(row, "no such mailbox", THREE_TRIES, permanent=True)
    assert the_row(app).state == "dead"


@pytest.mark.parametrize("state", ["dead", "cancelled"])
def test_a_parked_row_is_replayed_under_its_id(state: str, app: Flask, alder: Company) -> None:
    put(app, alder, "one", state=state, attempts=3, finished_at=clock.now(), last_error="no answer")
    with worker(app):
        row = db.session.execute(select(OutgoingEmail)).scalar_one()
        queue.replay(row)
        assert (row.state, row.attempts, row.finished_at) == ("due", 0, None)
        known = row.id
    (row,) = take(app)
    assert row.id == known
    assert row.last_error == "no answer"


@pytest.mark.parametrize("state", ["due", "sending", "sent"])
def test_only_parked_rows_are_replayed(state: str, app: Flask, alder: Company) -> None:
    put(app, alder, "one", state=state)
    with pytest.raises(Conflict, match=state), worker(app):
        queue.replay(db.session.execute(select(OutgoingEmail)).scalar_one())


def test_a_row_that_nobody_began_to_send_is_withdrawn(app: Flask, alder: Company) -> None:
    put(app, alder, "one")
    with worker(app):
        row = db.session.execute(select(OutgoingEmail)).scalar_one()
        assert queue.withdraw(row)
        assert row.state == "cancelled"
    assert take(app) == []


def test_a_row_that_is_being_sent_at_this_moment_is_not_withdrawn(app: Flask, alder: Company) -> None:
    put(app, alder, "one")
    with worker(app):
        stale = db.session.execute(select(OutgoingEmail)).scalar_one()
        assert stale.state == "due"
    (sending,) = take(app)
    with worker(app):
        again = db.session.merge(stale, load=False)
        assert not queue.withdraw(again)
        assert again.state == "sending"
        assert queue.settle_sent(sending)


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [
        (1, 0.5, 30),  # 60 s, half of it
        (2, 0.5, 60),
        (3, 0.5, 120),
        (4, 0.5, 240),
        (5, 0.5, 300),  # capped at 600 s
        (9, 0.5, 300),
        (1, 0.0, 0),
        (1, 0.999, 59.94),
        (0, 0.5, 30),
    ],
)
def test_waits_grow_to_a_roof(attempts: int, chance: float, seconds: float) -> None:
    backoff = Backoff(tries=10, base_seconds=60, cap_seconds=600)
    assert backoff.delay(attempts, chance=chance) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("attempts", "permanent"), [(10, False), (11, False), (1, True)])
def test_no_wait_means_parked(attempts: int, permanent: bool) -> None:
    backoff = Backoff(tries=10, base_seconds=60, cap_seconds=600)
    assert backoff.delay(attempts, permanent=permanent, chance=0.5) is None


def test_waits_are_spread_so_that_retries_do_not_come_together() -> None:
    backoff = Backoff(tries=10, base_seconds=60, cap_seconds=600)
    waits = {backoff.delay(3) for _ in range(50)}
    assert len(waits) > 40
    assert all(wait is not None and timedelta(0) <= wait <= timedelta(seconds=240) for wait in waits)


def test_a_long_past_does_not_slow_the_queue_down(app: Flask, alder: Company, prompter: stage.Prompter) -> None:
    """Due rows are found by the partial index, however many were sent before."""
    row = dict.fromkeys(("purpose", "to_address", "subject", "text", "html"), "x")
    row |= {"org_id": alder.id, "state": "sent"}
    with worker(app):
        db.session.execute(
            insert(OutgoingEmail), [row | {"id": ids.new(), "dedupe_key": f"sent {number}"} for number in range(3000)]
        )
    with prompter.connection.cursor() as cursor:
        cursor.execute("analyze outgoing_emails")
    with app.app_context(), tenancy.system_scope("a test looks at the plan"):
        with statements.overheard(db.engine) as heard:
            queue.claim(OutgoingEmail, 10, MINUTE)
        plan = statements.plan(db.session.connection(), heard[-1])
    assert "ix_outgoing_emails_waiting" in plan
    assert "Seq Scan" not in plan
