"""Mails leave the queue once, survive a server that is down, and are not sent when it is too late for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update

from doorstep.backends.email.interface import EmailError, Envelope, MailRefused, ServerTrouble
from doorstep.core import clock, queue, tenancy
from doorstep.core.circuits import CLOSED, HALF_OPEN, OPEN
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.core.work import Work
from doorstep.notifications import delivery
from doorstep.notifications.models import OutgoingEmail
from tests.cast import Company

MINUTE = timedelta(minutes=1)


class Server:
    """Stands in for the sender: notes what arrives, and fails as `trouble` says for an envelope."""

    name = "double"

    def __init__(self) -> None:
        self.got: list[Envelope] = []
        self.asked = 0
        self.trouble: Callable[[Envelope], EmailError | None] = lambda envelope: None

    def send(self, envelope: Envelope) -> str:
        self.asked += 1
        error = self.trouble(envelope)
        if error:
            raise error
        self.got.append(envelope)
        return f"vendor-{len(self.got)}"

    def check(self) -> None:
        pass


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    double = Server()
    monkeypatch.setitem(app.extensions, "doorstep.email", double)
    yield double
    with app.app_context(), tenancy.system_scope("a test tidies up"), transaction():
        db.session.execute(text("delete from circuits"))


def down(_: Envelope) -> EmailError:
    return ServerTrouble("connection refused")


def put(app: Flask, company: Company, *keys: str, **more: object) -> None:
    words = {"purpose": "scheduled", "to_address": "a@b.test", "subject": "s", "text": "t", "html": "h"}
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        for key in keys:
            save(OutgoingEmail(dedupe_key=key, **(words | {"to_name": key} | more)))


def deliver(app: Flask, *, dry: bool = False, seconds: float = 60) -> dict[str, int]:
    with app.app_context():
        return dict(delivery.deliver(Work(clock.monotonic() + seconds, dry=dry)))


def states(app: Flask) -> Counter[str]:
    with app.app_context(), tenancy.system_scope("a test looks"), transaction():
        return Counter(db.session.execute(select(OutgoingEmail.state)).scalars())


def row(app: Flask, key: str = "one") -> OutgoingEmail:
    with app.app_context(), tenancy.system_scope("a test looks"), transaction():
        return db.session.execute(select(OutgoingEmail).where(OutgoingEmail.dedupe_key == key)).scalar_one()


def circuit(app: Flask) -> str:
    with app.app_context(), transaction():
        return delivery.circuit().standing().state


def pass_time(app: Flask, by: timedelta) -> None:
    """Everything that waits for a moment waits for less."""
    with app.app_context(), tenancy.system_scope("a test lets time pass"), transaction():
        sooner = {"next_at": OutgoingEmail.next_at - by, "lease_until": OutgoingEmail.lease_until - by}
        db.session.execute(update(OutgoingEmail).values(sooner).execution_options(synchronize_session=False))
        db.session.execute(text("update circuits set open_until = open_until - :by"), {"by": by})


def test_every_mail_of_every_company_is_sent_once(app: Flask, server: Server, alder: Company, birch: Company) -> None:
    put(app, alder, "one", "two")
    put(app, birch, "three")
    assert deliver(app) == {"sent": 3}
    assert deliver(app) == {}
    assert sorted(mail.to_name for mail in server.got) == ["one", "three", "two"]
    assert row(app).vendor_id == "vendor-1"


def test_what_the_server_is_given(app: Flask, server: Server, alder: Company) -> None:
    put(app, alder, "one", from_name="Alder Cleaning", reply_to="hi@alder.test", unsubscribe_url="https://d.test/u/x")
    deliver(app)
    (mail,) = server.got
    assert (mail.message_id, mail.org_id) == (str(row(app).id), str(alder.id))
    assert (mail.from_name, mail.reply_to, mail.to_address) == ("Alder Cleaning", "hi@alder.test", "a@b.test")
    assert mail.headers["List-Unsubscribe"] == "<https://d.test/u/x>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mail_that_cannot_be_unsubscribed_says_nothing_of_it(app: Flask, server: Server, alder: Company) -> None:
    put(app, alder, "one")
    deliver(app)
    assert "List-Unsubscribe" not in server.got[0].headers


def test_a_refused_address_parks_that_mail_alone(app: Flask, server: Server, alder: Company) -> None:
    server.trouble = lambda mail: MailRefused("550 no such user") if mail.to_name == "one" else None
    put(app, alder, "one", "two")
    assert deliver(app) == {"dead": 1, "sent": 1}
    assert (row(app).state, row(app).last_error, row(app).attempts) == ("dead", "550 no such user", 1)
    assert circuit(app) == CLOSED


def test_a_server_that_says_later_is_asked_later_and_at_last_no_more(
    app: Flask, server: Server, alder: Company
) -> None:
    server.trouble = lambda mail: EmailError("450 greylisted", permanent=False, alive=True)
    put(app, alder, "one")
    tries = delivery_tries(app)
    for _ in range(tries - 1):
        assert deliver(app) == {"put_off": 1}
        pass_time(app, timedelta(hours=2))
    assert deliver(app) == {"dead": 1}
    assert server.asked == tries


def delivery_tries(app: Flask) -> int:
    with app.app_context():
        return delivery.backoff().tries


def test_a_dead_mail_that_is_replayed_is_sent_under_its_old_id(app: Flask, server: Server, alder: Company) -> None:
    server.trouble = lambda mail: MailRefused("550")
    put(app, alder, "one")
    deliver(app)
    server.trouble = lambda mail: None
    with app.app_context(), tenancy.org_scope(alder.id), transaction():
        queue.replay(db.session.execute(select(OutgoingEmail)).scalar_one())
    assert deliver(app) == {"sent": 1}
    assert server.got[0].message_id == str(row(app).id)


class TestAServerThatIsDown:
    def test_is_left_alone_after_a_few_tries(self, app: Flask, server: Server, alder: Company) -> None:
        server.trouble = down
        put(app, alder, *(f"mail {number}" for number in range(20)))
        assert deliver(app) == {"put_off": 5}
        assert circuit(app) == OPEN
        pass_time(app, timedelta(seconds=1))
        assert deliver(app) == {}
        assert server.asked == 5

    def test_is_asked_by_one_mail_when_the_pause_is_over(self, app: Flask, server: Server, alder: Company) -> None:
        server.trouble = down
        put(app, alder, *(f"mail {number}" for number in range(20)))
        deliver(app)
        pass_time(app, timedelta(minutes=1))
        assert circuit(app) == HALF_OPEN
        assert deliver(app) == {"put_off": 1}
        assert circuit(app) == OPEN
        pass_time(app, timedelta(seconds=61))  # the second pause is about twice as long
        assert circuit(app) == OPEN

    def test_costs_a_mail_no_try_however_long_it_lasts(self, app: Flask, server: Server, alder: Company) -> None:
        server.trouble = down
        put(app, alder, "one")
        for _ in range(60):
            deliver(app)
            pass_time(app, timedelta(hours=1))
        assert row(app).state == "due"
        assert row(app).attempts <= 5
        server.trouble = lambda mail: None
        assert deliver(app) == {"sent": 1}
        assert circuit(app) == CLOSED

    def test_for_an_hour_delays_500_mails_and_loses_or_doubles_none(
        self, app: Flask, server: Server, alder: Company, birch: Company
    ) -> None:
        server.trouble = down
        put(app, alder, *(f"alder {number}" for number in range(300)))
        put(app, birch, *(f"birch {number}" for number in range(200)))
        opened = 0
        for _ in range(60):
            deliver(app)
            opened += circuit(app) == OPEN
            pass_time(app, MINUTE)
        assert opened > 30
        assert server.asked < 30  # of 500 mails, in an hour
        server.trouble = lambda mail: None
        for _ in range(120):
            deliver(app)
            pass_time(app, MINUTE)
        assert states(app) == {"sent": 500}
        assert set(Counter(mail.message_id for mail in server.got).values()) == {1}
        assert len(server.got) == 500
        assert circuit(app) == CLOSED

    def test_that_asks_to_be_left_alone_is(self, app: Flask, server: Server, alder: Company) -> None:
        server.trouble = lambda mail: ServerTrouble("429", retry_after=3600)
        put(app, alder, "one", "two")
        assert deliver(app) == {"put_off": 1}
        pass_time(app, timedelta(minutes=59))
        assert circuit(app) == OPEN

    def test_does_not_let_one_mail_that_chokes_it_hold_up_the_others(
        self, app: Flask, server: Server, alder: Company
    ) -> None:
        server.trouble = lambda mail: ServerTrouble("it hung") if mail.to_name == "poison" else None
        put(app, alder, "poison", "one", "two")
        assert deliver(app) == {"put_off": 1, "sent": 2}
        for number in range(10):
            put(app, alder, f"later {number}")
            deliver(app)
            pass_time(app, timedelta(hours=2))
        assert states(app) == {"dead": 1, "sent": 12}


class TestTooLate:
    def test_a_mail_is_not_sent_after_its_time(self, app: Flask, server: Server, alder: Company) -> None:
        put(app, alder, "one", stale_at=clock.now() - MINUTE)
        put(app, alder, "two", stale_at=clock.now() + MINUTE)
        assert deliver(app) == {"too_late": 1, "sent": 1}
        assert (row(app).state, row(app).last_error) == ("cancelled", delivery.TOO_LATE)

    def test_with_sending_switched_off_nothing_piles_up(self, app: Flask, server: Server, alder: Company) -> None:
        server.name = "off"
        put(app, alder, "one")
        assert deliver(app) == {"switched_off": 1}
        assert (row(app).state, server.got) == ("cancelled", [])


def test_pretending_sends_and_changes_nothing(app: Flask, server: Server, alder: Company) -> None:
    put(app, alder, "one")
    assert deliver(app, dry=True) == {"due": 1}
    assert (row(app).state, row(app).attempts, server.asked) == ("due", 0, 0)


def test_a_sender_with_a_fault_parks_no_other_mail(app: Flask, server: Server, alder: Company) -> None:
    def broken(mail: Envelope) -> None:
        if mail.to_name == "one":
            raise KeyError("no such template")

    server.trouble = broken
    put(app, alder, "one", "two")
    assert deliver(app) == {"put_off": 1, "sent": 1}


def test_a_process_that_died_between_sending_and_writing_repeats_one_mail_with_the_same_id(
    app: Flask, server: Server, alder: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(app, alder, "one", "two", "three")

    def killed(*_: object, **__: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(queue, "settle_sent", killed)
        with pytest.raises(SystemExit):
            deliver(app)
    assert deliver(app) == {"sent": 2}  # the first is still leased to the dead
    pass_time(app, delivery.LEASE)
    assert deliver(app) == {"sent": 1}
    assert [mail.message_id for mail in server.got].count(str(row(app).id)) == 2
    assert len({mail.message_id for mail in server.got}) == 3


def test_no_transaction_is_open_while_a_mail_is_under_way(app: Flask, server: Server, alder: Company) -> None:
    def look(_: Envelope) -> None:
        with db.engine.connect() as other:
            count = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in%'"
            open_ones.append(other.execute(text(count)).scalar_one())

    open_ones: list[int] = []
    server.trouble = look
    put(app, alder, "one")
    deliver(app)
    assert open_ones == [0]


def test_the_time_limit_is_kept(app: Flask, server: Server, alder: Company) -> None:
    put(app, alder, *(f"mail {number}" for number in range(5)))
    assert deliver(app, seconds=0) == {}


def test_counts_come_from_the_database(app: Flask, server: Server, alder: Company) -> None:
    put(app, alder, "one")
    deliver(app)
    with app.app_context(), tenancy.system_scope("a test looks"):
        assert db.session.execute(select(func.count(OutgoingEmail.finished_at))).scalar_one() == 1


def test_no_request_ever_waits_for_the_mail_server(
    app: Flask, server: Server, api: FlaskClient, alder: Company
) -> None:
    server.trouble = down
    url = f"/v1/orders/{alder.order_id}"
    start = (clock.now() + timedelta(days=2)).isoformat()
    for act, body in (
        ("quote", {"price_cents": 9900}),
        ("schedule", {"start": start, "worker_id": str(alder.worker.worker_id)}),
        ("cancel", {"reason": "Away"}),
    ):
        assert api.post(f"{url}/{act}", json=body, headers=alder.owner.bearer).status_code == 200
    assert states(app).total() >= 4
    assert server.asked == 0
