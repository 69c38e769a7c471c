"""The office's mails: what was written to whom and why, sending again and stopping, whom no mail reaches; and what the
forms of an order say of mails beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doorstep.catalog.models import Service
from doorstep.clients.models import Client
from doorstep.core import clock, tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.notifications import mails as looked_at
from doorstep.notifications.messages import MESSAGES
from doorstep.notifications.models import OutgoingEmail
from doorstep.orders import service
from doorstep.orders.models import Order
from doorstep.orders.service import NewOrder
from tests.admin.office_stage import does, links, post, said, tomorrow_at, typed, words
from tests.cast import Company, Person
from tests.orders.conftest import acting
from tests.orders.photo_cases import visit, within
from tests.statements import overheard

Browse = Callable[[Person | None], FlaskClient]
HERE = "/office/messages"
NOBODY = f"{HERE}/nobody-reached"
SECRET = "https://doorstep.test/client/link/a-secret-of-margaret"


def write(app: Flask, company: Company, key: str, **more: Any) -> UUID:
    """Returns the id of a mail of the company to its client, as the queue has it."""
    values = {
        "purpose": "scheduled", "dedupe_key": key, "to_address": company.client_email, "to_name": "Margaret Whitfield",
        "subject": f"Subject {key}", "text": f"Mail {key}\n{SECRET}\n", "cause": "Priya Shah set the time of the visit",
        "html": f'<p>Mail {key}</p><a href="{SECRET}?a=1">Open</a>', "client_id": company.client_id,
        "order_id": company.order_id, **more,
    }  # fmt: skip
    with within(app, company), transaction():
        return save(OutgoingEmail(**values)).id


def mail_of(app: Flask, company: Company, mail_id: UUID) -> OutgoingEmail:
    """Returns the mail as it is now."""
    with within(app, company):
        return tenancy.get(OutgoingEmail, mail_id)


def change_client(app: Flask, company: Company, **values: Any) -> None:
    """Changes the company's client behind everybody's back."""
    with within(app, company), transaction():
        client = tenancy.get(Client, company.client_id)
        for name, value in values.items():
            setattr(client, name, value)


def subjects(browser: FlaskClient, query: str = "") -> list[str]:
    """Returns the subjects that the list shows, from the top."""
    rows = BeautifulSoup(browser.get(f"{HERE}{query}").text, "html5lib").select("main tbody td.lead a")
    return [row.get_text(strip=True).removeprefix("Subject ") for row in rows]


def forecast(browser: FlaskClient, url: str, form: str) -> list[str]:
    """Returns what the form with this ending says of the mails that it sets off."""
    soup = BeautifulSoup(browser.get(url).text, "html5lib").select_one(f'main form[action$="/{form}"]')
    return [" ".join(tag.get_text(" ").split()) for tag in soup.select(".tells")] if soup else []


class TestTheList:
    def test_it_says_what_to_whom_why_and_what_became_of_it(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        mail = write(app, alder, "one", state="dead", last_error="Mailbox full", attempts=5)
        page = dispatcher.get(HERE)
        for part in (
            "Subject one", "Your visit has a time", "Margaret Whitfield", alder.client_email,
            "Priya Shah set the time of the visit", "Gave up", "Mailbox full", str(alder.order_number),
        ):  # fmt: skip
            assert part in words(page)
        for link in (
            f"{HERE}/{mail}",
            f"/office/orders/{alder.order_id}",
            f"/office/clients/{alder.client_id}",
        ):
            assert link in links(page)

    def test_it_stands_in_the_rail(self, dispatcher: FlaskClient) -> None:
        assert HERE in links(dispatcher.get("/office/orders"), ".rail")

    def test_the_newest_is_first_and_pages_follow(
        self, app: Flask, dispatcher: FlaskClient, alder: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("doorstep.admin.message_list.PAGE", 2)
        for minutes in range(5):
            write(app, alder, f"m{minutes}", created_at=clock.now() + timedelta(minutes=minutes))
        seen, query = subjects(dispatcher), ""
        for _ in range(2):
            page = dispatcher.get(f"{HERE}{query}")
            older = BeautifulSoup(page.text, "html5lib").select_one("main a[rel=next]")
            query = str(older["href"]).removeprefix(HERE) if older else ""
            seen += subjects(dispatcher, query)
        assert seen == ["m4", "m3", "m2", "m1", "m0"]
        assert HERE in links(dispatcher.get(f"{HERE}{query}"), ".pager")

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("?state=waiting", ["sending", "due"]),
            ("?state=sent", ["other", "sent"]),
            ("?state=gave-up", ["dead"]),
            ("?state=cancelled", ["cancelled"]),
            (
                "?state=nonsense&purpose=nonsense&client=nobody&order=none",
                ["other", "cancelled", "dead", "sent", "sending", "due"],
            ),
            ("?purpose=invoice", ["other"]),
            ("?q=GUS", ["other"]),
            ("?q=gus@alder", ["other"]),
            ("?q=100%", []),
        ],
    )  # fmt: skip
    def test_filters_stand_in_the_address(
        self, app: Flask, dispatcher: FlaskClient, alder: Company, query: str, shown: list[str]
    ) -> None:
        for state in ("due", "sending", "sent", "dead", "cancelled"):
            write(app, alder, state, state=state)
        write(
            app, alder, "other", purpose="invoice", state="sent", to_name="Gus Halloran",
            to_address="gus@alder-client.test", client_id=alder.other_client_id, order_id=None,
        )  # fmt: skip
        assert subjects(dispatcher, query) == shown

    def test_one_clients_or_orders_mails_say_so_and_the_filter_can_be_taken_away(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        write(app, alder, "one")
        write(app, alder, "other", client_id=None, order_id=None)
        page = dispatcher.get(f"{HERE}?client={alder.client_id}&state=waiting")
        assert "To Margaret Whitfield" in words(page)
        assert f"{HERE}?state=waiting" in links(page)
        assert subjects(dispatcher, f"?client={alder.client_id}") == ["one"]
        assert f"About order {alder.order_number}" in words(dispatcher.get(f"{HERE}?order={alder.order_id}"))
        assert subjects(dispatcher, f"?order={alder.order_id}") == ["one"]

    def test_what_is_not_here_is_named_as_that(self, dispatcher: FlaskClient, birch: Company) -> None:
        page = words(dispatcher.get(f"{HERE}?client={birch.client_id}&order={birch.order_id}"))
        assert "To somebody who is not here" in page
        assert "About order that is not here" in page
        assert "No mail fits" in page

    def test_empty_it_says_what_will_be_here(self, dispatcher: FlaskClient) -> None:
        assert "No mails yet" in words(dispatcher.get(HERE))

    def test_a_mail_of_a_kind_that_is_not_written_any_more_is_shown(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        write(app, alder, "one", purpose="old_news")
        assert "Old news" in words(dispatcher.get(HERE))

    def test_texts_are_not_read_and_the_cost_does_not_grow(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        with app.app_context():
            engine: Engine = db.engine

        def cost() -> int:
            with overheard(engine) as heard:
                assert dispatcher.get(HERE).status_code == 200
            assert not [one for one in heard if "outgoing_emails.html" in one.sql]
            return len(heard)

        write(app, alder, "one")
        before = cost()
        for number in range(5):
            write(app, alder, f"m{number}")
        assert cost() == before


class TestOneMail:
    def test_it_shows_everything_and_no_key_that_is_for_its_reader(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        url = f"{HERE}/{write(app, alder, 'one', reply_to='office@alder.test')}"
        page, framed = dispatcher.get(url), dispatcher.get(f"{url}/html")
        for part in ("Subject one", "Your visit has a time", "Because Priya Shah", "office@alder.test", "Waiting"):
            assert part in words(page)
        frame = BeautifulSoup(page.text, "html5lib").select_one("main iframe")
        assert frame is not None
        assert (frame["src"], "".join(frame["sandbox"])) == (f"{url}/html", "")
        assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
        assert framed.headers["Content-Security-Policy"].endswith("; sandbox")
        for shown in (page.text, framed.text):
            assert "Mail one" in shown
            assert "https://doorstep.test/…" in shown
            assert "a-secret-of-margaret" not in shown

    @pytest.mark.parametrize(
        ("values", "told"),
        [
            ({"state": "dead", "attempts": 5, "last_error": "Mailbox full"}, "We gave up after 5 tries: Mailbox full"),
            ({"state": "dead", "attempts": 1, "last_error": "No"}, "We gave up after 1 try: No"),
            ({"state": "cancelled", "last_error": "Ana stopped it"}, "Not sent because Ana stopped it."),
            ({"attempts": 2, "last_error": "Try later"}, "The last try failed: Try later"),
            ({"attempts": 2, "last_error": "Try later"}, "Next try"),
            ({"state": "sent", "last_error": "bounced: User unknown"}, "Sent, then bounced: User unknown"),
            ({"state": "sent", "last_error": "bounced: User unknown"}, "Call instead"),
            ({"to_address": "old@alder.test"}, "Margaret Whitfield has another address now"),
        ],
    )
    def test_it_says_how_things_stand(
        self, app: Flask, dispatcher: FlaskClient, alder: Company, values: dict[str, Any], told: str
    ) -> None:
        finished = clock.now() if values.get("state") else None
        mail = write(app, alder, "one", finished_at=finished, **values)
        assert told in words(dispatcher.get(f"{HERE}/{mail}"))

    def test_another_company_finds_nothing(self, app: Flask, browse: Browse, alder: Company, birch: Company) -> None:
        url = f"{HERE}/{write(app, alder, 'one', state='dead')}"
        stranger = browse(birch.owner)
        assert [stranger.get(url).status_code, stranger.get(f"{url}/html").status_code] == [404, 404]
        assert [post(stranger, f"{url}/{verb}").status_code for verb in ("again", "stop")] == [404, 404]
        assert subjects(stranger) == []


class TestSendingAgain:
    @pytest.mark.parametrize("state", ["dead", "cancelled"])
    def test_what_was_given_up_or_cancelled_waits_again(
        self, app: Flask, dispatcher: FlaskClient, alder: Company, state: str
    ) -> None:
        mail = write(app, alder, "one", state=state, attempts=5, last_error="Mailbox full", finished_at=clock.now())
        assert "Send again" in words(dispatcher.get(f"{HERE}/{mail}"))
        assert "waits again" in said(dispatcher, post(dispatcher, f"{HERE}/{mail}/again"))
        row = mail_of(app, alder, mail)
        assert (row.state, row.attempts, row.last_error, row.finished_at) == ("due", 0, None, None)

    @pytest.mark.parametrize("state", ["due", "sending", "sent"])
    def test_when_somebody_was_quicker_it_is_said(
        self, app: Flask, dispatcher: FlaskClient, alder: Company, state: str
    ) -> None:
        mail = write(app, alder, "one", state=state)
        answer = post(dispatcher, f"{HERE}/{mail}/again")
        assert answer.status_code == 409
        assert looked_at.QUICKER[state] in words(answer)
        assert mail_of(app, alder, mail).state == state

    def test_not_when_it_is_too_late_for_it(self, app: Flask, dispatcher: FlaskClient, alder: Company) -> None:
        mail = write(app, alder, "one", state="dead", stale_at=clock.now() - timedelta(minutes=1))
        page = words(dispatcher.get(f"{HERE}/{mail}"))
        assert "too late to send this one" in page
        assert "Send again" not in page
        answer = post(dispatcher, f"{HERE}/{mail}/again")
        assert answer.status_code == 409
        assert looked_at.TOO_LATE in words(answer)
        assert mail_of(app, alder, mail).state == "dead"


class TestStopping:
    def test_the_row_says_who_did_it(self, app: Flask, dispatcher: FlaskClient, alder: Company) -> None:
        mail = write(app, alder, "one")
        assert "stopped" in said(dispatcher, post(dispatcher, f"{HERE}/{mail}/stop"))
        row = mail_of(app, alder, mail)
        assert (row.state, row.last_error, row.dedupe_key) == ("cancelled", "Priya Shah stopped it", "one")
        assert "Not sent because Priya Shah stopped it" in words(dispatcher.get(f"{HERE}/{mail}"))

    @pytest.mark.parametrize("state", ["sending", "sent", "dead", "cancelled"])
    def test_what_does_not_wait_cannot_be_stopped(
        self, app: Flask, dispatcher: FlaskClient, alder: Company, state: str
    ) -> None:
        mail = write(app, alder, "one", state=state, last_error="As it was")
        answer = post(dispatcher, f"{HERE}/{mail}/stop")
        assert answer.status_code == 409
        assert looked_at.QUICKER[state] in words(answer)
        assert mail_of(app, alder, mail).last_error == "As it was"


class TestWhoMay:
    @pytest.mark.parametrize(
        ("key", "looks", "acts"),
        [
            ("owner", 200, 303),
            ("dispatcher", 200, 303),
            ("finance", 200, 403),
            ("viewer", 200, 403),
            ("worker", 403, 403),
        ],
    )
    def test_who_looks_and_who_acts(
        self, app: Flask, browse: Browse, alder: Company, key: str, looks: int, acts: int
    ) -> None:
        browser, waits = browse(getattr(alder, key)), write(app, alder, "one")
        url, dead = f"{HERE}/{waits}", write(app, alder, "two", state="dead")
        for path in (HERE, NOBODY, url, f"{url}/html"):
            assert browser.get(path).status_code == looks
        assert ("Do not send" in words(browser.get(url))) is (acts == 303)
        assert post(browser, f"{HERE}/{dead}/again").status_code == acts
        assert post(browser, f"{url}/stop").status_code == acts


class TestNobodyReached:
    def test_everybody_with_a_working_address_is_not_here(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        visit(app, alder, ahead=timedelta(days=1))
        assert "Everybody can be reached" in words(dispatcher.get(NOBODY))
        assert "Nobody reached (" not in words(dispatcher.get(HERE))

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ({"email": None}, "No address"),
            ({"email_state": "bounced", "email_reason": "User unknown"}, "Bounces User unknown"),
            ({"email_state": "complained"}, "Unwanted"),
            ({"active": False}, "Not active"),
        ],
    )
    def test_who_has_a_visit_in_the_coming_days_is_to_be_called(
        self, app: Flask, dispatcher: FlaskClient, alder: Company, values: dict[str, Any], why: str
    ) -> None:
        order = visit(app, alder, ahead=timedelta(days=6))
        visit(app, alder, ahead=timedelta(days=5))
        visit(app, alder, ahead=timedelta(days=8))
        change_client(app, alder, **values)
        page = dispatcher.get(NOBODY)
        assert why in words(page)
        assert "and 1 more" in words(page)
        assert "tel:+15035550100" in links(page)
        assert f"/office/orders/{order}" not in links(page)
        assert "Nobody reached (1)" in words(dispatcher.get(HERE))

    def test_a_quote_that_waits_counts_and_a_visit_that_is_over_or_off_does_not(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        who = acting(alder.dispatcher, alder)
        ended = visit(app, alder, ahead=timedelta(days=1))
        change_client(app, alder, email=None)
        with within(app, alder), transaction():
            service.cancel(who, tenancy.get(Order, ended))
        assert "Everybody can be reached" in words(dispatcher.get(NOBODY))
        does(app, who, alder, lambda who, order: service.quote(who, order, price_cents=9000))
        assert "A quote waits" in words(dispatcher.get(NOBODY))

    def test_a_visit_whose_time_is_over_is_not_to_be_told_any_more(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        visit(app, alder, ahead=timedelta(hours=1))
        change_client(app, alder, email=None)
        assert "Visit" in words(dispatcher.get(NOBODY))
        with clock.held_at(clock.now() + timedelta(hours=4)):
            assert "Everybody can be reached" in words(dispatcher.get(NOBODY))

    def test_another_companys_clients_are_not_here(
        self, app: Flask, browse: Browse, alder: Company, birch: Company
    ) -> None:
        visit(app, alder, ahead=timedelta(days=1))
        change_client(app, alder, email=None)
        assert "Everybody can be reached" in words(browse(birch.owner).get(NOBODY))


class TestTheClientsPage:
    def test_its_mails_are_listed_with_what_became_of_them(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        mail = write(app, alder, "one", state="cancelled", last_error="Ana stopped it")
        page = dispatcher.get(f"/office/clients/{alder.client_id}")
        assert f"{HERE}/{mail}" in links(page, "#mails")
        assert "because Priya Shah set the time of the visit" in words(page)
        assert "Not sent because Ana stopped it" in words(page)

    def test_that_mail_bounces_is_said_and_the_address_can_be_trusted_again(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        change_client(app, alder, email_state="bounced", email_reason="User unknown")
        url = f"/office/clients/{alder.client_id}"
        assert "Mail bounces: User unknown" in words(dispatcher.get(url))
        assert "go to this address again" in said(dispatcher, post(dispatcher, f"{url}/address-is-right"))
        page = words(dispatcher.get(url))
        assert "Mail bounces" not in page
        with within(app, alder):
            client = tenancy.get(Client, alder.client_id)
            assert (client.email_state, client.email_reason) == ("ok", "")

    @pytest.mark.parametrize(
        ("email", "state"), [("new@alder.test", "ok"), ("Margaret@Alder-Client.test", "bounced"), ("", "ok")]
    )
    def test_another_address_is_not_blamed_for_the_former_ones_bounces(
        self, app: Flask, dispatcher: FlaskClient, alder: Company, email: str, state: str
    ) -> None:
        change_client(app, alder, email_state="bounced", email_reason="User unknown")
        url = f"/office/clients/{alder.client_id}/edit"
        version = BeautifulSoup(dispatcher.get(url).text, "html5lib").select_one("[name=version]")
        form = {"name": "Margaret", "email": email, "active": "1", "version": version["value"] if version else ""}
        assert post(dispatcher, url, **form).status_code == 303
        with within(app, alder):
            assert tenancy.get(Client, alder.client_id).email_state == state

    def test_the_kinds_of_mail_that_they_do_not_want_are_named(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        change_client(app, alder, unsubscribed=["reminder_2h"])
        page = words(dispatcher.get(f"/office/clients/{alder.client_id}"))
        assert f"Does not want {MESSAGES['reminder_2h'].says}" in page


class TestTheOrdersPage:
    @pytest.fixture
    def url(self, app: Flask, alder: Company) -> str:
        """The page of the first order, Ana's tomorrow at nine."""
        start, worker = tomorrow_at(9, alder), alder.worker.worker_id
        office = acting(alder.dispatcher, alder)
        does(app, office, alder, lambda who, order: service.schedule(who, order, start=start, worker_id=worker))
        return f"/office/orders/{alder.order_id}"

    def test_its_mails_lead_to_their_pages(self, dispatcher: FlaskClient, url: str) -> None:
        assert len([link for link in links(dispatcher.get(url), "#mails") if link.startswith(f"{HERE}/")]) == 2

    def test_a_move_says_who_gets_what_and_what_is_withdrawn(self, dispatcher: FlaskClient, url: str) -> None:
        assert forecast(dispatcher, url, "schedule") == [
            "Another time: Margaret gets “Your visit has another time”. "
            "Ana gets “An order is yours, or has another time”. Two mails that wait are withdrawn.",
            "Another worker: Whoever you choose gets “An order is yours, or has another time”. "
            "Ana gets “An order is not yours any more”. One mail that waits is withdrawn.",
        ]

    def test_a_cancel_says_it_too(self, dispatcher: FlaskClient, url: str) -> None:
        assert forecast(dispatcher, url, "cancel") == [
            "Margaret gets “Your visit is cancelled”. Ana gets “An order is not yours any more”. "
            "Two mails that wait are withdrawn."
        ]

    def test_whom_no_mail_reaches_is_to_be_called(
        self, app: Flask, dispatcher: FlaskClient, alder: Company, url: str
    ) -> None:
        change_client(app, alder, email=None)
        assert forecast(dispatcher, url, "cancel")[1] == "Margaret has no e-mail address: call +1 503 555 0100 ."
        assert forecast(dispatcher, url, "schedule")[1] == forecast(dispatcher, url, "cancel")[1]
        told = said(dispatcher, post(dispatcher, f"{url}/cancel", reason="Storm"))
        assert "Ana gets a mail. Margaret has no e-mail address: call +1 503 555 0100." in told

    def test_afterwards_it_is_said_who_got_a_mail(self, dispatcher: FlaskClient, alder: Company, url: str) -> None:
        same, later = typed(tomorrow_at(9, alder), alder), typed(tomorrow_at(14, alder), alder)
        ana, ben = str(alder.worker.worker_id), str(alder.other_worker.worker_id)
        for form, told in (
            ({**same, "worker": ana}, "Nobody gets a mail."),
            ({**same, "worker": ben}, "Ben gets a mail. So does Ana."),
            ({**later, "worker": ana}, "Margaret gets a mail. So do Ana and Ben."),
        ):
            assert told in said(dispatcher, post(dispatcher, f"{url}/schedule", **form))

    def test_who_may_not_act_is_told_no_forecast(self, browse: Browse, alder: Company, url: str) -> None:
        assert "gets “" not in words(browse(alder.viewer).get(url))


class TestRequests:
    def test_accepting_pricing_and_declining_say_who_gets_what(self, dispatcher: FlaskClient, alder: Company) -> None:
        url = f"/office/requests/{alder.order_id}"
        assert forecast(dispatcher, url, "schedule") == [
            "Margaret gets “Your visit has a time”. Whoever you choose gets “An order is yours, or has another time”."
        ]
        assert forecast(dispatcher, url, "quote") == ["Margaret gets “This is our price”."]
        assert forecast(dispatcher, url, "decline") == ["Margaret gets “We cannot do this”."]

    def test_who_has_neither_address_nor_phone_needs_another_way(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        who = acting(alder.dispatcher, alder)
        with within(app, alder), transaction():
            nora = save(Client(name="Nora Ellery"))
            order = service.create(who, client=nora, service=tenancy.get(Service, alder.service_id), values=NewOrder())
            order_id = order.id
        assert forecast(dispatcher, f"/office/requests/{order_id}", "decline") == [
            "Nobody gets a mail.",
            "Nora has no e-mail address: find another way to tell them.",
        ]
