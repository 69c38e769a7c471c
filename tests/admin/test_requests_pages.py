"""What waits for the office: who waits longest comes first, and two clicks accept."""

from __future__ import annotations

from flask import Flask

from doorstep.core.transaction import transaction
from doorstep.orders import queries, service
from doorstep.orders.models import Order
from tests.admin.office_stage import (
    client_actor,
    does,
    field,
    links,
    mails,
    order_of,
    post,
    said,
    tomorrow_at,
    typed,
    words,
)
from tests.cast import Company
from tests.conftest import Browse
from tests.orders.conftest import acting
from tests.orders.photo_cases import within

HERE = "/office/requests"


def url(alder: Company) -> str:
    return f"/office/orders/{alder.order_id}"


def schedule(app: Flask, alder: Company) -> None:
    start = tomorrow_at(9, alder)
    does(
        app,
        acting(alder.dispatcher, alder),
        alder,
        lambda who, order: service.schedule(who, order, start=start, worker_id=alder.worker.worker_id),
    )


def test_the_office_begins_with_what_waits(browse: Browse, alder: Company) -> None:
    browser = browse(alder.dispatcher)
    assert browser.get("/office").location == HERE
    page = browser.get(HERE)
    assert "Margaret Whitfield" in words(page)
    assert "1 waiting" in words(page)
    assert f"{HERE}/{alder.order_id}" in links(page)


def test_a_request_is_accepted_with_the_first_free_time_that_is_offered(
    app: Flask, browse: Browse, alder: Company
) -> None:
    browser = browse(alder.dispatcher)
    page = browser.get(HERE)
    slot = field(page, "slot")
    answer = post(browser, f"{url(alder)}/schedule", slot=slot, version=field(page, "version"), back=HERE)

    assert "Margaret gets a mail." in said(browser, answer)
    assert answer.location == HERE
    order = order_of(app, alder)
    assert order.status == "scheduled"
    assert slot.endswith(order.scheduled.lower.isoformat() if order.scheduled and order.scheduled.lower else "-")
    assert len(mails(app, alder, "scheduled")) == 1
    assert "Nobody is waiting" in words(browser.get(HERE))


def test_accepted_twice_at_once_the_second_is_told(browse: Browse, alder: Company) -> None:
    browser = browse(alder.dispatcher)
    page = browser.get(HERE)
    form = {"version": field(page, "version"), "back": HERE}
    first, second = (
        post(browser, f"{url(alder)}/schedule", **typed(tomorrow_at(hour, alder), alder), **form) for hour in (9, 11)
    )
    assert first.status_code == 303
    assert second.status_code == 412
    assert "Somebody else changed this order meanwhile" in words(second)


def test_declining_needs_a_reason_which_the_client_reads(app: Flask, browse: Browse, alder: Company) -> None:
    browser = browse(alder.dispatcher)
    refused = post(browser, f"{url(alder)}/decline", reason="  ")
    assert refused.status_code == 422
    assert "Say why; the client will read it." in words(refused)

    said(browser, post(browser, f"{url(alder)}/decline", reason="We do not come that far"))
    assert order_of(app, alder).status == "declined"
    assert "We do not come that far" in mails(app, alder, "declined")[0].text


def test_a_price_is_quoted_as_people_write_it(app: Flask, browse: Browse, alder: Company) -> None:
    browser = browse(alder.dispatcher)
    refused = post(browser, f"{url(alder)}/quote", price="a lot", note="For all windows")
    assert refused.status_code == 422
    assert "Type an amount" in words(refused)
    assert field(refused, "note", "quote") == "For all windows"

    said(browser, post(browser, f"{url(alder)}/quote", price="1,180.50", note="For all windows"))
    order = order_of(app, alder)
    assert (order.status, order.price_cents, order.waiting_since) == ("quoted", 118050, None)


def test_what_a_client_asks_waits_until_it_is_answered(app: Flask, browse: Browse, alder: Company) -> None:
    schedule(app, alder)
    does(app, client_actor(alder), alder, lambda who, order: service.ask(who, order, kind="move", text="Friday?"))
    browser = browse(alder.dispatcher)
    page = browser.get(f"{HERE}/{alder.order_id}")
    assert "Margaret asks for another time" in words(page)
    assert "Friday?" in words(page)

    said(browser, post(browser, f"{url(alder)}/answer", text="Friday is fine", back=HERE))
    (mail,) = mails(app, alder, "answer")
    assert mail.to_address == alder.client_email
    assert "Friday is fine" in mail.text
    assert "Nobody is waiting" in words(browser.get(HERE))
    assert browser.get(f"{HERE}/{alder.order_id}").location == url(alder)


def test_answered_by_phone_nobody_gets_a_mail(app: Flask, browse: Browse, alder: Company) -> None:
    schedule(app, alder)
    does(app, client_actor(alder), alder, lambda who, order: service.ask(who, order, kind="question", text="A dog?"))
    browser = browse(alder.dispatcher)
    assert "nobody gets a mail" in said(browser, post(browser, f"{url(alder)}/answer", text=""))
    assert mails(app, alder, "answer") == []
    assert order_of(app, alder).waiting_since is None
    again = post(browser, f"{url(alder)}/answer", text="")
    assert again.status_code == 409


def test_moving_the_visit_answers_too(app: Flask, browse: Browse, alder: Company) -> None:
    schedule(app, alder)
    does(app, client_actor(alder), alder, lambda who, order: service.ask(who, order, kind="move", text="Later?"))
    browser = browse(alder.dispatcher)
    said(browser, post(browser, f"{url(alder)}/schedule", **typed(tomorrow_at(14, alder), alder)))
    assert order_of(app, alder).waiting_since is None


def test_a_visit_that_broke_off_waits_for_a_new_time(app: Flask, browse: Browse, alder: Company) -> None:
    schedule(app, alder)
    ana = acting(alder.worker, alder)
    does(app, ana, alder, service.start, lambda who, order: service.postpone(who, order, reason="No water"))
    page = browse(alder.dispatcher).get(HERE)
    assert "Needs a new time" in words(page)
    assert "No water" in words(page)


def test_a_request_that_was_answered_still_waits_for_its_time(app: Flask, alder: Company) -> None:
    office = acting(alder.dispatcher, alder)
    does(app, office, alder, lambda who, order: service.answer(who, order, text="We call you"))
    assert order_of(app, alder).waiting_since is not None


def test_whoever_waits_longest_comes_first(app: Flask, alder: Company) -> None:
    schedule(app, alder)
    office = acting(alder.dispatcher, alder)

    def another(who: object, order: Order) -> None:
        view = queries.view(order)
        service.create(office, client=view.client, service=view.service, values=service.NewOrder())

    does(app, office, alder, another, another)
    does(app, client_actor(alder), alder, lambda who, order: service.ask(who, order, kind="question", text="Hm?"))
    with within(app, alder), transaction():
        waiting = queries.inbox()
        since = [line["waiting_since"] for line in waiting]
        assert since == sorted(since)
        assert waiting[-1]["id"] == alder.order_id
        assert queries.waiting() == {"requests": 3, "unassigned": 0}


def test_who_may_only_look_sees_no_forms(browse: Browse, alder: Company) -> None:
    browser = browse(alder.viewer)
    page = browser.get(HERE)
    assert "Margaret Whitfield" in words(page)
    assert "Accept" not in words(page)
    assert post(browser, f"{url(alder)}/decline", reason="No").status_code == 403
