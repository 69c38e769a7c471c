"""The worker's phone where there is no signal: nothing that was taken or ticked is lost, and nothing arrives twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from doorstep.core import tenancy
from doorstep.orders import checklist
from doorstep.orders.models import Order
from tests import pictures
from tests.browser.conftest import Server
from tests.cast import Company, Person
from tests.orders.photo_cases import visit, within
from tests.portals.worker_stage import order_of, photos_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width": 390, "height": 844}
SECONDS = 1000
BEFORE = "#photos-before input[type=file]"
Phone = Callable[[Person], "BrowserContext"]


@pytest.fixture
def order_id(app: Flask, alder: Company) -> UUID:
    """A visit of Ana's in the next hours."""
    return visit(app, alder)


@pytest.fixture
def phone(chromium: Any, server: Server) -> Iterator[Phone]:
    """Returns a new phone on which a worker is signed in."""
    opened: list[BrowserContext] = []

    def made(person: Person) -> BrowserContext:
        context = chromium.new_context(viewport=PHONE, base_url=server.url, has_touch=True)
        context.set_default_timeout(20 * SECONDS)
        opened.append(context)
        sign_in(context, person, server)
        return context

    yield made
    for context in opened:
        context.close()


@pytest.fixture
def shots(tmp_path: Path) -> list[str]:
    """Three photos of 12 megapixels."""
    files = []
    for seed in (1, 2, 3):
        file = tmp_path / f"IMG_{seed}.jpg"
        file.write_bytes(pictures.phone_jpeg(seed=seed))
        files.append(str(file))
    return files


@pytest.fixture
def small(tmp_path: Path) -> str:
    """One small photo."""
    file = tmp_path / "small.jpg"
    file.write_bytes(pictures.small_jpeg())
    return str(file)


def sign_in(context: BrowserContext, person: Person, server: Server) -> None:
    context.add_cookies([{"name": "doorstep", "value": person.secret, "url": server.url}])


def kept(page: Page, path: str) -> bool:
    """Returns whether the phone has a copy of the page."""
    return bool(page.evaluate("path => caches.match(new URL(path, location).href).then(Boolean)", path))


def open_job(context: BrowserContext, order_id: UUID) -> Page:
    """Opens the day as a worker does in the morning, then the order, and waits until the phone has both."""
    page, path = context.new_page(), f"/worker/orders/{order_id}"
    page.goto("/worker")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(page, lambda: kept(page, "/worker"))
    page.goto(path)
    wait_until(page, lambda: kept(page, path))
    return page


def wait_until(page: Page, true: Callable[[], bool], *, seconds: int = 20) -> None:
    for _ in range(seconds * 10):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come true")


def waiting(page: Page) -> list[dict[str, Any]]:
    """Returns what the phone still has, without the bytes."""
    script = (
        "() => photoStore.all().then((all) => all.map(({ bytes, ...rest }) => ({ ...rest, size: bytes.byteLength })))"
    )
    found: list[dict[str, Any]] = page.evaluate(script)
    return found


def test_photos_and_ticks_made_offline_survive_a_reload_and_arrive_once_each(
    expect: Any, app: Flask, server: Server, phone: Phone, alder: Company, order_id: UUID, shots: list[str]
) -> None:
    context = phone(alder.worker)
    page = open_job(context, order_id)

    context.set_offline(True)
    page.set_input_files(BEFORE, shots)
    expect(page.locator("#photos-before li[data-id] .state")).to_have_text(["Waiting"] * 3)
    expect(page.locator("[data-photos-waiting]")).to_contain_text("3 waiting")
    page.get_by_label("Kitchen surfaces").check()
    expect(page.locator(".toast")).to_contain_text("kept on this phone")

    page.reload()
    expect(page.locator(".offline-strip")).to_contain_text("No signal, as of")
    expect(page.locator("#photos-before li[data-id] img")).to_have_count(3)
    expect(page.get_by_label("Kitchen surfaces")).to_be_checked()
    assert all(photo["size"] < 1_000_000 for photo in waiting(page))
    assert photos_of(app, alder, order_id) == []

    lost = iter([True])  # the first photo is stored, but its answer never reaches the phone
    server.cuts = lambda method, path: method == "POST" and path.endswith("/photos") and next(lost, False)
    context.set_offline(False)
    wait_until(page, lambda: waiting(page) == [], seconds=60)

    stored = photos_of(app, alder, order_id)
    assert len(stored) == len({photo.sha256 for photo in stored}) == 3
    assert server.posts("/photos") == 4
    assert all(photo.taken_at for photo in stored)
    assert all(photo.sizes["original"]["height"] > photo.sizes["original"]["width"] for photo in stored)
    expect(page.locator("#photos-before li[data-id] .state")).to_have_text(["Sent"] * 3)
    expect(page.locator("[data-photos-waiting]")).to_be_hidden()
    expect(page.locator("#needs-before")).to_be_empty()
    with within(app, alder):
        assert checklist.items(tenancy.get(Order, order_id))[0].done_at is not None


def test_two_tabs_send_each_photo_once(
    expect: Any, app: Flask, server: Server, phone: Phone, alder: Company, order_id: UUID, shots: list[str]
) -> None:
    context = phone(alder.worker)
    page = open_job(context, order_id)
    other = context.new_page()
    other.goto(f"/worker/orders/{order_id}")
    context.set_offline(True)
    page.set_input_files(BEFORE, shots)
    expect(page.locator("#photos-before li[data-id] .state")).to_have_text(["Waiting"] * 3)

    context.set_offline(False)
    wait_until(page, lambda: waiting(page) == [])

    assert server.posts("/photos") == 3
    assert len(photos_of(app, alder, order_id)) == 3


def test_a_job_never_opened_before_opens_without_signal(
    expect: Any, phone: Phone, alder: Company, order_id: UUID, app: Flask
) -> None:
    context = phone(alder.worker)
    page = context.new_page()
    with within(app, alder):
        start = tenancy.get(Order, order_id).scheduled
    assert start is not None
    assert start.lower is not None
    page.goto(f"/worker?day={start.lower.astimezone(ZoneInfo(alder.timezone)).date()}")
    wait_until(page, lambda: kept(page, f"/worker/orders/{order_id}"))

    context.set_offline(True)
    page.goto(f"/worker/orders/{order_id}")
    expect(page.get_by_role("heading", name="Margaret Whitfield")).to_be_visible()
    page.goto("/worker?day=2031-01-01")
    expect(page.get_by_role("heading", name="No signal")).to_be_visible()


def test_what_needs_the_office_says_so_without_signal_and_works_with_it(
    expect: Any, app: Flask, phone: Phone, alder: Company, order_id: UUID
) -> None:
    context = phone(alder.worker)
    page = open_job(context, order_id)

    context.set_offline(True)
    page.fill("#f-text", "The gate was open")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".toast")).to_contain_text("No signal")
    expect(page.locator("#f-text")).to_have_value("The gate was open")
    page.locator(".toast .grow").click()  # a touch takes it out of the way

    context.set_offline(False)
    context.clear_cookies(name="doorstep_form")  # the page is older than its form token
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".notes")).to_contain_text("The gate was open")
    page.get_by_role("button", name="On my way").click()
    expect(page.locator("#left")).to_contain_text("On the way")
    assert order_of(app, alder, order_id).status == "on_the_way"


def test_a_photo_that_is_refused_stays_with_its_reason_until_the_worker_decides(
    expect: Any, app: Flask, phone: Phone, alder: Company, order_id: UUID, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff" + bytes(2000))
    context = phone(alder.worker)
    page = open_job(context, order_id)

    page.set_input_files(BEFORE, str(broken))
    expect(page.locator("#photos-before li[data-id] .state")).to_have_text("Needs you")
    page.locator("#photos-before a.again").click()

    row = page.locator(".waiting li")
    expect(row).to_contain_text("This photo is damaged or not complete.")
    expect(row).to_contain_text("Margaret Whitfield")
    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("All photos are with the office")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    assert photos_of(app, alder, order_id) == []


def test_signed_out_photos_wait_for_the_same_worker_and_no_other(
    expect: Any, app: Flask, server: Server, phone: Phone, alder: Company, order_id: UUID, small: str
) -> None:
    context = phone(alder.worker)
    page = open_job(context, order_id)
    context.clear_cookies()
    page.set_input_files(BEFORE, small)
    expect(page.locator("#photos-before li[data-id] .state")).to_have_text("Sign in again")

    sign_in(context, alder.other_worker, server)
    page.goto("/worker/photos")
    expect(page.get_by_text("Photos of Ana Morales wait on this phone too")).to_be_visible()
    page.wait_for_timeout(1500)
    assert server.posts("/photos") == 0

    sign_in(context, alder.worker, server)
    page.goto("/worker/photos")
    expect(page.get_by_text("All photos are with the office")).to_be_visible()
    wait_until(page, lambda: waiting(page) == [])
    assert len(photos_of(app, alder, order_id)) == 1


def test_signing_out_asks_about_waiting_photos_and_leaves_no_pages_behind(
    expect: Any, server: Server, phone: Phone, alder: Company, order_id: UUID, small: str
) -> None:
    context = phone(alder.worker)
    page = open_job(context, order_id)
    page.goto("/worker/me")
    server.cuts = lambda method, path: method == "POST" and path.endswith("/photos")
    page.goto(f"/worker/orders/{order_id}")
    page.set_input_files(BEFORE, small)
    expect(page.locator("#photos-before li[data-id] .state")).to_have_text("Waiting")

    page.goto("/worker/me")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("One photo is still on this phone")).to_be_visible()
    page.get_by_role("button", name="Sign out anyway").click()
    page.wait_for_url("**/auth/sign-in**")

    names = page.evaluate("() => caches.keys()")
    assert not [name for name in names if name.startswith(("worker-pages", "worker-pictures"))]
