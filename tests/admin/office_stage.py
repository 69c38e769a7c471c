"""What tests of the office's pages share: forms sent as a person does, what a page says, the order as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from doorstep.core import clock, tenancy
from doorstep.core.actor import Actor
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.notifications.models import OutgoingEmail
from doorstep.orders import queries
from doorstep.orders.models import Order
from tests.cast import Company
from tests.orders.conftest import acting
from tests.orders.photo_cases import within

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def post(browser: FlaskClient, url: str, **form: Any) -> TestResponse:
    """Sends a form the way a person does who has loaded a page before."""
    found = TOKEN.search(browser.get("/auth/sign-in?next=/office").text) or TOKEN.search(
        browser.get("/auth/sessions").text
    )
    return browser.post(url, data={"csrf_token": found.group(1) if found else "", **form})


def words(answer: TestResponse) -> str:
    """Returns what a person reads in the main part of the page, in one line."""
    main = BeautifulSoup(answer.text, "html5lib").main
    return " ".join(main.get_text(" ").split()) if main else ""


def said(browser: FlaskClient, answer: TestResponse) -> str:
    """Returns what the page after a form says, toasts included. The form must have been taken."""
    assert answer.status_code == 303, words(answer)
    return " ".join(BeautifulSoup(browser.get(answer.location or "").text, "html5lib").get_text(" ").split())


def links(answer: TestResponse, within_css: str = "main") -> list[str]:
    """Returns where the links of a part of the page lead."""
    return [str(a["href"]) for a in BeautifulSoup(answer.text, "html5lib").select(f"{within_css} a[href]")]


def field(answer: TestResponse, name: str, form: str = "") -> str:
    """Returns what stands in a field of the page: an input's value, a select's choice, a text's words."""
    soup = BeautifulSoup(answer.text, "html5lib").select_one(f'form[action$="{form}"]') if form else None
    found = (soup or BeautifulSoup(answer.text, "html5lib")).select_one(f'main [name="{name}"], [name="{name}"]')
    if found is None:
        raise AssertionError(f"no field {name}")
    if found.name == "select":
        chosen = found.select_one("option[selected]")
        return str(chosen["value"]) if chosen else ""
    return found.get_text().strip() if found.name == "textarea" else str(found.get("value", ""))


def order_of(app: Flask, company: Company, order_id: UUID | None = None) -> Order:
    """Returns the order (the company's first one) as it is now."""
    with within(app, company):
        return tenancy.get(Order, order_id or company.order_id)


def does(app: Flask, who: Actor, company: Company, *acts: Callable[[Actor, Order], object]) -> None:
    """Lets somebody do something to the company's first order, without a browser."""
    for act in acts:
        with within(app, company), transaction():
            act(who, queries.find(who, company.order_id, lock=True))


def client_actor(company: Company) -> Actor:
    """Returns the company's client as one who acts."""
    org = acting(company.owner, company).home
    return Actor(kind="client", name="Margaret Whitfield", id=company.client_id, org=org)


def mails(app: Flask, company: Company, purpose: str) -> list[OutgoingEmail]:
    """Returns the mails of a kind, the oldest first."""
    with within(app, company):
        rows = db.session.query(OutgoingEmail).filter_by(purpose=purpose).order_by(OutgoingEmail.created_at)
        return list(rows)


def tomorrow_at(hour: int, company: Company) -> datetime:
    """Returns tomorrow at this hour on the company's clocks."""
    zone = acting(company.owner, company).home.zone
    local = clock.now().astimezone(zone) + timedelta(days=1)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0).astimezone(UTC)


def typed(moment: datetime, company: Company) -> dict[str, str]:
    """Returns a moment as day and time of a form."""
    local = moment.astimezone(acting(company.owner, company).home.zone)
    return {"day": local.date().isoformat(), "time": f"{local:%H:%M}"}


def filled(answer: TestResponse) -> dict[str, str]:
    """Returns what the main part's first form holds, as a browser would send it: an unticked box not at all."""
    form = BeautifulSoup(answer.text, "html5lib").select_one("main form[method=post]")
    found: dict[str, str] = {}
    for control in form.select("[name]") if form else ():
        name, is_box = str(control["name"]), control.get("type") == "checkbox"
        if name != "csrf_token" and not (is_box and not control.has_attr("checked")):
            found[name] = control.get_text().strip() if control.name == "textarea" else str(control.get("value", ""))
    return found


def faults(answer: TestResponse) -> dict[str, str]:
    """Returns what is told at the fields, by the field's id without its `f-`."""
    told = BeautifulSoup(answer.text, "html5lib").select("main .error[id]")
    return {str(tag["id"]).removeprefix("f-").removesuffix("-e"): tag.get_text(strip=True) for tag in told}
