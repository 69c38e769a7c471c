"""Mails that time brings: once for a visit's time, only while true, not at night, not to who does not want them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, text

from doorstep.clients import unsubscribing
from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.core.work import Work
from doorstep.notifications.models import OutgoingEmail
from doorstep.orders import queries, reminders, service
from tests import statements
from tests.cast import Company
from tests.orders.conftest import acting
from tests.orders.photo_cases import within

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Ten in the morning in Portland, where Alder is.
TEN = datetime(2026, 6, 10, 17, 0, tzinfo=UTC)

Clock = Callable[[datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Returns a function that sets the clocks."""
    now = [TEN]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def turned(moment: datetime) -> None:
        now[0] = moment

    return turned


def scan(app: Flask, *, dry: bool = False) -> dict[str, int]:
    with app.app_context():
        return dict(reminders.scan(Work(clock.monotonic() + 60, dry=dry)))


def schedule(app: Flask, company: Company, start: datetime, *, told: datetime | None = None) -> UUID:
    """Gives the company's order a time, of which the client was told at a moment."""
    who = acting(company.owner, company)
    with within(app, company), transaction():
        order = queries.find(who, company.order_id, lock=True)
        service.schedule(who, order, start=start, worker_id=company.worker.worker_id)
    tell(app, company, told or start - 3 * DAY)
    return company.order_id


def tell(app: Flask, company: Company, when: datetime) -> None:
    with within(app, company), transaction():
        told = "update order_events set at = :at where order_id = :id and kind in ('scheduled', 'moved')"
        db.session.execute(text(told), {"at": when, "id": company.order_id})


def change(app: Flask, company: Company, statement: str, **values: object) -> None:
    with within(app, company), transaction():
        db.session.execute(text(statement), values)


def mails(app: Flask, company: Company, *purposes: str) -> list[OutgoingEmail]:
    wanted = purposes or tuple(rule.purpose for rule in reminders.RULES)
    with within(app, company), transaction():
        found = select(OutgoingEmail).where(OutgoingEmail.purpose.in_(wanted)).order_by(OutgoingEmail.id)
        return list(db.session.execute(found).scalars())


def test_a_visit_of_tomorrow_is_reminded_of_once(app: Flask, alder: Company, at: Clock) -> None:
    schedule(app, alder, TEN + DAY)
    at(TEN - timedelta(minutes=1))
    assert scan(app) == {}
    at(TEN)
    assert scan(app) == {"reminder_24h": 1}
    assert scan(app) == {}
    (mail,) = mails(app, alder)
    assert (mail.to_address, mail.state) == (alder.client_email, "due")
    assert mail.cause == "the visit is in a day"
    assert "/client/link/" in mail.text


def test_two_hours_before_it_is_said_once_more(app: Flask, alder: Company, at: Clock) -> None:
    schedule(app, alder, TEN + 2 * HOUR)
    at(TEN)
    assert scan(app) == {"reminder_2h": 1}
    assert scan(app) == {}


def test_a_mail_is_not_sent_when_the_visit_is_near_or_the_night(app: Flask, alder: Company, at: Clock) -> None:
    schedule(app, alder, TEN + DAY)
    at(TEN)
    scan(app)
    (mail,) = mails(app, alder)
    night = datetime(2026, 6, 10, 21, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert mail.stale_at == night  # the visit is after the night


def test_who_was_told_of_the_time_just_now_is_not_reminded(app: Flask, alder: Company, at: Clock) -> None:
    schedule(app, alder, TEN + 20 * HOUR, told=TEN - HOUR)
    at(TEN)
    assert scan(app) == {}
    at(TEN + 18 * HOUR)
    assert scan(app) == {}  # four in the morning


@pytest.mark.parametrize(("hour", "sent"), [(20, True), (21, False), (23, False), (7, False), (8, True)])
def test_nothing_is_written_at_night_on_the_company_s_clocks(
    app: Flask, alder: Company, at: Clock, hour: int, sent: bool
) -> None:
    now = datetime(2026, 6, 10, hour, 0, tzinfo=ZoneInfo(alder.timezone))
    schedule(app, alder, now + 12 * HOUR)
    at(now.astimezone(UTC))
    assert bool(scan(app)) is sent


def test_a_company_may_have_other_nights(app: Flask, alder: Company, at: Clock) -> None:
    schedule(app, alder, TEN + DAY)
    nights = """update organizations set settings = settings || '{"quiet_from": "09:00", "quiet_until": "12:30"}'"""
    with app.app_context(), tenancy.system_scope("a test"), transaction():
        db.session.execute(text(nights))
    at(TEN)
    assert scan(app) == {}
    at(TEN + 3 * HOUR)
    assert scan(app) == {"reminder_24h": 1}


def test_nights_that_are_none_are_the_usual_ones(app: Flask, alder: Company, at: Clock) -> None:
    schedule(app, alder, TEN + DAY)
    nights = """update organizations set settings = settings || '{"quiet_from": "soon", "quiet_until": 7}'"""
    with app.app_context(), tenancy.system_scope("a test"), transaction():
        db.session.execute(text(nights))
    at(TEN)
    assert scan(app) == {"reminder_24h": 1}


class TestWhatIsNotTrueAnyMore:
    def test_a_moved_visit_withdraws_the_mail_and_brings_another(self, app: Flask, alder: Company, at: Clock) -> None:
        schedule(app, alder, TEN + DAY)
        at(TEN)
        scan(app)
        who = acting(alder.owner, alder)
        with within(app, alder), transaction():
            order = queries.find(who, alder.order_id, lock=True)
            service.schedule(who, order, start=TEN + 3 * DAY, worker_id=alder.worker.worker_id)
        (mail,) = mails(app, alder)
        assert (mail.state, mail.last_error) == ("cancelled", f"{who.name} moved the visit")
        tell(app, alder, TEN)
        at(TEN + 2 * DAY)
        assert scan(app) == {"reminder_24h": 1}

    def test_moved_back_it_is_reminded_of_all_the_same(self, app: Flask, alder: Company, at: Clock) -> None:
        schedule(app, alder, TEN + DAY)
        at(TEN)
        scan(app)
        who = acting(alder.owner, alder)
        for start in (TEN + 3 * DAY, TEN + DAY):
            with within(app, alder), transaction():
                order = queries.find(who, alder.order_id, lock=True)
                service.schedule(who, order, start=start, worker_id=alder.worker.worker_id)
        tell(app, alder, TEN - HOUR)
        assert scan(app) == {"reminder_24h": 1}
        assert sorted(mail.state for mail in mails(app, alder)) == ["cancelled", "due"]

    def test_a_cancelled_visit_withdraws_it(self, app: Flask, alder: Company, at: Clock) -> None:
        schedule(app, alder, TEN + DAY)
        at(TEN)
        scan(app)
        who = acting(alder.owner, alder)
        with within(app, alder), transaction():
            service.cancel(who, queries.find(who, alder.order_id, lock=True), reason="Away")
        assert [mail.state for mail in mails(app, alder)] == ["cancelled"]
        assert scan(app) == {}

    def test_a_mail_on_its_way_is_not_called_back(self, app: Flask, alder: Company, at: Clock) -> None:
        schedule(app, alder, TEN + DAY)
        at(TEN)
        scan(app)
        change(app, alder, "update outgoing_emails set state = 'sent'")
        who = acting(alder.owner, alder)
        with within(app, alder), transaction():
            service.cancel(who, queries.find(who, alder.order_id, lock=True), reason="Away")
        assert [mail.state for mail in mails(app, alder)] == ["sent"]


class TestWhoIsLeftOut:
    @pytest.mark.parametrize("how", ["email = null", "email_state = 'bounced'"])
    def test_clients_without_an_address_that_works_are_counted(
        self, app: Flask, alder: Company, at: Clock, how: str
    ) -> None:
        schedule(app, alder, TEN + DAY)
        change(app, alder, f"update clients set {how}")
        at(TEN)
        assert scan(app) == {"no_address": 1}
        assert mails(app, alder) == []

    def test_clients_put_away_are_not_written_to(self, app: Flask, alder: Company, at: Clock) -> None:
        schedule(app, alder, TEN + DAY)
        change(app, alder, "update clients set active = false")
        at(TEN)
        assert scan(app) == {}

    def test_who_does_not_want_one_kind_gets_the_other(self, app: Flask, alder: Company, at: Clock) -> None:
        schedule(app, alder, TEN + DAY)
        at(TEN)
        scan(app)
        with within(app, alder), transaction():
            unsubscribing.stop(unsubscribing.Wish(alder.id, alder.client_id, "reminder_24h"))
        assert [mail.state for mail in mails(app, alder)] == ["cancelled"]
        assert scan(app) == {"unwanted": 1}
        at(TEN + 22 * HOUR)
        assert scan(app) == {"reminder_2h": 1}

    def test_companies_that_are_closed_write_nothing(self, app: Flask, alder: Company, at: Clock) -> None:
        schedule(app, alder, TEN + DAY)
        with app.app_context(), tenancy.system_scope("a test"), transaction():
            db.session.execute(text("update organizations set active = false where id = :id"), {"id": alder.id})
        at(TEN)
        assert scan(app) == {}


class TestAfterTheWork:
    def finish(self, app: Flask, company: Company, at: Clock, when: datetime) -> None:
        at(when - 3 * HOUR)
        schedule(app, company, when - 2 * HOUR)
        done = "update orders set status = 'completed', finished_at = :at where id = :id"
        change(app, company, done, at=when, id=company.order_id)

    def test_a_day_later_the_client_is_asked_how_it_was(self, app: Flask, alder: Company, at: Clock) -> None:
        self.finish(app, alder, at, TEN - DAY)
        at(TEN)
        assert scan(app) == {"feedback_request": 1}
        assert scan(app) == {}

    def test_who_has_said_it_is_not_asked(self, app: Flask, alder: Company, at: Clock) -> None:
        self.finish(app, alder, at, TEN - DAY)
        who = acting(alder.owner, alder)
        with within(app, alder), transaction():
            service.rate(who, queries.find(who, alder.order_id, lock=True), score=5, comment="")
        at(TEN)
        assert scan(app) == {}

    def test_after_some_days_nobody_is_asked_any_more(self, app: Flask, alder: Company, at: Clock) -> None:
        self.finish(app, alder, at, TEN - 5 * DAY)
        at(TEN)
        assert scan(app) == {}


def test_pretending_queues_nothing(app: Flask, alder: Company, at: Clock) -> None:
    schedule(app, alder, TEN + DAY)
    at(TEN)
    assert scan(app, dry=True) == {"reminder_24h": 1}
    assert mails(app, alder) == []


def test_a_batch_takes_the_same_few_statements_whatever_its_size(
    app: Flask, alder: Company, at: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule(app, alder, TEN + DAY)
    copies = """
        insert into order_events (org_id, id, order_id, kind, actor_kind, actor_name, at, data)
        select org_id, gen_random_uuid(), id, 'scheduled', 'member', 'x', :at, '{}' from orders where number > 9000
    """
    with within(app, alder), transaction():
        columns = [
            name
            for (name,) in db.session.execute(
                text(
                    "select column_name from information_schema.columns where table_name = 'orders'"
                    " and is_generated = 'NEVER' and column_name not in ('id', 'number') order by ordinal_position"
                )
            )
        ]
        listed = ", ".join(columns)
        clone = f"""insert into orders (id, number, {listed})
                    select gen_random_uuid(), 9000 + n, {listed} from orders, generate_series(1, 40) n where id = :id"""
        db.session.execute(text(clone), {"id": alder.order_id})
        db.session.execute(text(copies), {"at": TEN - 3 * DAY})
    at(TEN)
    counted = []
    for size in (10, 5):
        monkeypatch.setattr(reminders, "BATCH", size)
        with app.app_context(), statements.overheard(db.engine) as heard:
            assert reminders.scan(Work(clock.monotonic() + 60, dry=True))["reminder_24h"] == 41
        counted.append(len(heard) / -(-41 // size))
    assert counted[0] == pytest.approx(counted[1], abs=3)
