"""The main job in a real browser: from a visitor's request to photos, as phones take them, that the client sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from doorstep.orders.queries import OrderFilter, rows
from tests import pictures
from tests.browser import axe
from tests.browser.conftest import Server
from tests.cast import PASSWORD, Company, Person
from tests.orders.photo_cases import within

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
SECONDS = 1000
Browser = Callable[[dict[str, int]], Any]


@pytest.fixture
def person(chromium: Any, server: Server) -> Iterator[Browser]:
    """Returns a new browser of somebody, of a phone's or a desk's size, with nothing in it."""
    opened: list[Any] = []

    def made(size: dict[str, int]) -> Any:
        context = chromium.new_context(viewport=size, base_url=server.url, bypass_csp=True, has_touch=size is PHONE)
        context.set_default_timeout(15 * SECONDS)
        opened.append(context)
        return context.new_page()

    yield made
    for context in opened:
        context.close()


@pytest.fixture
def jpeg(tmp_path: Path) -> str:
    """A photo of 12 megapixels, held upright, with its place inside."""
    file = tmp_path / "IMG_0001.jpg"
    file.write_bytes(pictures.phone_jpeg())
    return str(file)


@pytest.fixture
def heic(tmp_path: Path) -> str:
    """The same from a phone that writes HEIC, which Chromium itself cannot read."""
    file = tmp_path / "IMG_0002.HEIC"
    file.write_bytes(pictures.heic(4000, 3000))
    return str(file)


def is_clean(page: Any) -> None:
    assert axe.faults(page) == [], page.url


def sign_in(page: Any, who: Person) -> None:
    page.goto("/auth/sign-in")
    page.get_by_label("Email").fill(who.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def asks(page: Any, expect: Any, company: Company, photo: str) -> None:
    """A visitor asks for a visit on the company's page, a step at a time."""
    page.goto(f"/b/{company.slug}")
    is_clean(page)
    page.get_by_label("Inside the oven").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Street address").fill("77 NE Alberta St")
    page.get_by_label("City").fill("Portland")
    page.set_input_files("[name=photos]", photo)
    expect(page.locator("[data-previews] li")).to_have_count(1)
    page.get_by_role("button", name="Continue").click()
    page.locator(".of-day:not([hidden]) [name=wished_at]").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your name").fill("Nora Lind")
    page.get_by_label("Email").fill("nora@lind.test")
    page.get_by_label("Phone").fill("503 555 0188")
    is_clean(page)
    page.get_by_role("button", name="Request visit").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    expect(page.get_by_text("With 1 photo")).to_be_visible()
    is_clean(page)


def opens_the_mail(page: Any, subject: str) -> None:
    """The client finds the mail and follows its button."""
    page.goto("/dev/mailbox")
    page.get_by_role("link", name=re.compile(subject)).first.click()
    link = page.frame_locator("iframe").get_by_role("link").first.get_attribute("href")
    page.goto(urlsplit(link).path)


def accepts(page: Any, expect: Any) -> None:
    """The dispatcher accepts with two clicks: the request, and the first free time."""
    page.goto("/office/requests")
    page.get_by_role("link", name=re.compile("Nora Lind")).click()
    expect(page.get_by_role("heading", name="Nora Lind")).to_be_visible()
    is_clean(page)
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Nora gets a mail.")
    is_clean(page)


def works(page: Any, expect: Any, jpeg: str, heic: str) -> None:
    """The worker does it with one thumb: on the way, start, photos, steps, finish."""
    page.get_by_role("link", name=re.compile("Nora Lind")).first.click()
    is_clean(page)
    page.get_by_role("button", name="On my way").click()
    expect(page.locator("#left")).to_contain_text("On the way")  # there is a “Start” before it, too
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#left")).to_contain_text("to do")
    page.get_by_role("button", name="Finish order").click()
    expect(page.get_by_role("alert")).to_contain_text("Add a photo for")
    page.set_input_files("#photos-before input[type=file]", jpeg)
    expect(page.locator("#photos-before li[data-id] .state")).to_have_text("Sent", timeout=60 * SECONDS)
    page.set_input_files("#photos-after input[type=file]", heic)
    expect(page.locator("#photos-after li[data-id] .state")).to_have_text("Sent", timeout=60 * SECONDS)
    page.get_by_label("Kitchen surfaces").check()
    expect(page.locator("#left")).to_contain_text("All done")
    is_clean(page)
    page.get_by_role("button", name="Finish order").click()
    expect(page.get_by_text("Completed")).to_be_visible()
    is_clean(page)


def sees(page: Any, expect: Any) -> None:
    """The client sees how it was before and after, upright, and says how it was."""
    expect(page.get_by_role("heading", name=re.compile("All done, Nora"))).to_be_visible()
    pair = page.locator(".compare img")
    expect(pair).to_have_count(2)
    sizes = pair.evaluate_all(
        "(all) => Promise.all(all.map((i) => i.decode().then(() => [i.naturalWidth, i.naturalHeight])))"
    )
    before, after = sizes
    assert before[0] < before[1]  # taken upright
    assert after[0] > after[1]
    is_clean(page)
    page.get_by_label("5, wonderful").check()
    page.get_by_role("button", name="Send your rating").click()
    expect(page.get_by_text("You gave 5 of 5 stars")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_request_to_the_photos_that_the_client_sees(
    size: dict[str, int], expect: Any, person: Browser, app: Flask, alder: Company, jpeg: str, heic: str
) -> None:
    client, office, worker = person(size), person(size), person(size)
    asks(client, expect, alder, jpeg)
    opens_the_mail(client, "We have your request")
    client.get_by_role("button", name="Open my order").click()
    expect(client.get_by_role("heading", name="We have your request, Nora")).to_be_visible()
    is_clean(client)

    sign_in(office, alder.dispatcher)
    accepts(office, expect)
    with within(app, alder):
        (line,) = rows(OrderFilter(search="nora"), 5)[0]
    assert (line["status"], line["worker"] is not None) == ("scheduled", True)
    day = line["start"].astimezone(ZoneInfo(alder.timezone)).date()
    office.goto(f"/office/board?day={day}")
    is_clean(office)

    client.reload()
    expect(client.get_by_role("heading", name=re.compile(r"comes (today|tomorrow|on)"))).to_be_visible()

    who = alder.worker if line["worker"] == alder.worker.name else alder.other_worker
    sign_in(worker, who)
    expect(worker).to_have_url(re.compile("/worker$"))
    worker.goto(f"/worker?day={day}")
    works(worker, expect, jpeg, heic)

    opens_the_mail(client, "Done: Standard clean")
    sees(client, expect)

    office.goto(f"/office/orders/{line['id']}")
    expect(office.get_by_text("5 of 5 stars").first).to_be_visible()
    expect(office.locator("#photos .thumbs img")).to_have_count(3)
    is_clean(office)
