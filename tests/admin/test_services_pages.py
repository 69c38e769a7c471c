"""The office's pages of services: the list in its order, one service, its form with rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from doorstep.catalog import service as catalog
from doorstep.catalog.models import Service
from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from tests.admin.form_fields import standing
from tests.admin.office_stage import faults, links, post, said, words
from tests.cast import Company, Person
from tests.orders.conftest import acting
from tests.orders.photo_cases import within
from tests.statements import overheard

Browse = Callable[[Person | None], FlaskClient]
LIST = "/office/services"


def one(company: Company) -> str:
    return f"{LIST}/{company.service_id}"


def service_of(app: Flask, company: Company, service_id: UUID | None = None) -> Service:
    with within(app, company):
        return tenancy.get(Service, service_id or company.service_id)


def add(app: Flask, company: Company, name: str, **values: Any) -> UUID:
    with within(app, company), transaction():
        given = {"name": name, "price_cents": 5000, "duration_minutes": 60, **values}
        return catalog.create(acting(company.owner, company), given).id


def names(browser: FlaskClient, path: str = LIST) -> list[str]:
    """Returns the services in the order of the list."""
    return [cell.get_text(strip=True) for cell in BeautifulSoup(browser.get(path).text, "html5lib").select("td.lead")]


def row(browser: FlaskClient, name: str, path: str = LIST) -> str:
    """Returns what the list says of one service."""
    rows = BeautifulSoup(browser.get(path).text, "html5lib").select("main tbody tr")
    return next(" ".join(found.get_text(" ").split()) for found in rows if name in found.get_text())


def in_yen(app: Flask) -> None:
    with app.app_context(), tenancy.system_scope("a test changes a company's money"):
        db.session.execute(text("update organizations set currency = 'JPY' where slug = 'alder'"))
        db.session.commit()


class TestTheList:
    def test_it_says_what_each_costs_and_takes_and_who_sees_it(
        self, app: Flask, browse: Browse, alder: Company
    ) -> None:
        add(app, alder, "Ironing", price_unit="hour", public=False)
        add(app, alder, "Move-out", price_unit="quote", duration_minutes=240, buffer_minutes=30)
        viewer = browse(alder.viewer)
        assert row(viewer, "Standard clean") == "Standard clean $120.00 2 h 15 min 3 Shown"
        assert row(viewer, "Ironing") == "Ironing $50.00 an hour 1 h 0 min 0 Office only"
        assert row(viewer, "Move-out") == "Move-out By quote 4 h 30 min 0 Shown"
        assert f"/b/{alder.slug}" in links(viewer.get(LIST))

    def test_inactive_ones_are_shown_when_asked_for_and_only_they(
        self, app: Flask, owner: FlaskClient, alder: Company
    ) -> None:
        add(app, alder, "Long ago", active=False)
        assert names(owner) == ["Standard clean"]
        assert names(owner, f"{LIST}?show=inactive") == ["Long ago"]
        assert "Move Long ago" not in owner.get(f"{LIST}?show=inactive").text

    def test_an_empty_list_says_what_to_do(self, app: Flask, browse: Browse, alder: Company) -> None:
        with within(app, alder), transaction():
            catalog.deactivate(acting(alder.owner, alder), tenancy.get(Service, alder.service_id))
        page = browse(alder.owner).get(LIST)
        assert "No services yet" in words(page)
        assert links(page, ".empty") == [f"{LIST}/new"]
        assert links(browse(alder.viewer).get(LIST), ".empty") == []
        assert "Standard clean" in words(browse(alder.owner).get(f"{LIST}?show=inactive"))

    def test_it_asks_the_database_the_same_number_of_times_for_many(
        self, app: Flask, owner: FlaskClient, alder: Company
    ) -> None:
        def asked() -> int:
            with app.app_context():
                engine = db.engine
            with overheard(engine) as heard:
                owner.get(LIST)
            return len(heard)

        few = asked()
        for number in range(12):
            add(app, alder, f"Service {number}")
        assert asked() == few

    def test_buttons_are_for_those_who_may_press_them(self, app: Flask, browse: Browse, alder: Company) -> None:
        add(app, alder, "Ironing")
        for person, offered in ((alder.owner, True), (alder.dispatcher, False), (alder.viewer, False)):
            page = browse(person).get(LIST)
            assert (f"{LIST}/new" in links(page)) is offered
            assert ("Move Ironing up" in page.text) is offered

    def test_another_company_s_services_are_not_in_it(
        self, browse: Browse, app: Flask, alder: Company, birch: Company
    ) -> None:
        add(app, birch, "Ants")
        assert names(browse(birch.owner)) == ["Standard clean", "Ants"]
        assert names(browse(alder.owner)) == ["Standard clean"]


class TestTheOrder:
    @pytest.fixture
    def three(self, app: Flask, alder: Company) -> UUID:
        """Alder offers three things and, between them, one no longer; gives the second one's id."""
        add(app, alder, "Long ago", active=False)
        second = add(app, alder, "Ironing")
        add(app, alder, "Windows")
        return second

    @pytest.mark.parametrize(
        ("to", "order"),
        [("up", ["Ironing", "Standard clean", "Windows"]), ("down", ["Standard clean", "Windows", "Ironing"])],
    )
    def test_a_service_moves_by_one_place_that_people_see(
        self, owner: FlaskClient, three: UUID, to: str, order: list[str]
    ) -> None:
        assert post(owner, f"{LIST}/{three}/move", to=to).status_code == 303
        assert names(owner) == order

    def test_visitors_see_the_same_order(self, owner: FlaskClient, three: UUID) -> None:
        post(owner, f"{LIST}/{three}/move", to="up")
        listed = owner.get("/v1/public/alder").json["services"]
        assert [service["name"] for service in listed] == ["Ironing", "Standard clean", "Windows"]

    def test_the_first_and_the_last_are_offered_one_way_only_and_stay(
        self, owner: FlaskClient, alder: Company, three: UUID
    ) -> None:
        page = owner.get(LIST).text
        assert "Move Standard clean up" not in page
        assert "Move Windows down" not in page
        post(owner, f"{one(alder)}/move", to="up")
        assert names(owner) == ["Standard clean", "Ironing", "Windows"]

    def test_who_does_not_manage_moves_nothing(self, browse: Browse, alder: Company, three: UUID) -> None:
        for person in (alder.dispatcher, alder.viewer):
            assert post(browse(person), f"{LIST}/{three}/move", to="up").status_code == 403
        assert names(browse(alder.owner))[1] == "Ironing"

    def test_a_direction_that_is_none_is_refused(self, owner: FlaskClient, three: UUID) -> None:
        assert post(owner, f"{LIST}/{three}/move", to="sideways").status_code == 422


class TestAdding:
    def test_a_new_service_is_last_in_the_list_and_visitors_can_ask_for_it(
        self, app: Flask, owner: FlaskClient, alder: Company
    ) -> None:
        form = standing(owner.get(f"{LIST}/new")) | {
            "name": "Deep clean", "price_cents": "196.50", "duration_minutes": "210", "icon": "sparkles",
            "extras-0-label": "Inside the oven", "extras-0-price_cents": "38", "extras-0-minutes": "45",
            "checklist-1-label": "Photo before", "checklist-1-phase": "before", "checklist-1-photo_required": "1",
        }  # fmt: skip
        assert "Deep clean is on the list." in said(owner, post(owner, f"{LIST}/new", **form))
        assert names(owner) == ["Standard clean", "Deep clean"]
        with within(app, alder):
            made = catalog.public_services()[1]
        assert (made.price_cents, made.price_unit, made.duration_minutes, made.buffer_minutes) == (
            19650,
            "visit",
            210,
            15,
        )
        assert made.icon == "sparkles"
        assert made.extras == [
            {"key": "inside-the-oven", "label": "Inside the oven", "price_cents": 3800, "minutes": 45}
        ]
        assert made.checklist == [{"label": "Photo before", "phase": "before", "photo_required": True}]

    def test_everything_that_is_wrong_is_said_at_once_and_kept(self, owner: FlaskClient) -> None:
        form = {
            "name": "", "description": "Long", "price_cents": "much", "duration_minutes": "soon", "icon": "sun",
            "price_unit": "hour", "buffer_minutes": "15", "extras-0-label": "Oven", "extras-0-price_cents": "x",
            "checklist-0-label": "", "checklist-0-phase": "after",
        }  # fmt: skip
        answer = post(owner, f"{LIST}/new", **form)
        assert answer.status_code == 422
        assert faults(answer) == {
            "name": "Name the service.",
            "price_cents": "Type an amount such as 118 or 118.50.",
            "duration_minutes": "A whole number of minutes.",
            "extras-0": "Type an amount such as 118 or 118.50.",
            "checklist-0": "Give it a name.",
        }
        assert "Extras : Row 1: Type an amount" in words(answer)
        kept = standing(answer)
        assert {name: kept[name] for name in form} == form
        assert names(owner) == ["Standard clean"]

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"name": "x" * 81}, "name"),
            ({"description": "x" * 601}, "description"),
            ({"duration_minutes": "4"}, "duration_minutes"),
            ({"buffer_minutes": "481"}, "buffer_minutes"),
            ({"checklist-0-label": "Photo", "checklist-0-photo_required": "1"}, "checklist-0"),
            ({"extras-0-label": "Oven", "extras-0-minutes": "999"}, "extras-0"),
        ],
    )
    def test_bounds_of_the_catalog_are_told_at_the_field(
        self, owner: FlaskClient, typed: dict[str, str], field: str
    ) -> None:
        form = {"name": "Deep clean", "price_cents": "196", "duration_minutes": "210", **typed}
        answer = post(owner, f"{LIST}/new", **form)
        assert answer.status_code == 422
        assert list(faults(answer)) == [field]

    @pytest.mark.parametrize("key", ["dispatcher", "finance", "viewer"])
    def test_others_may_neither_open_nor_send_the_form(self, browse: Browse, alder: Company, key: str) -> None:
        browser = browse(getattr(alder, key))
        assert browser.get(f"{LIST}/new").status_code == 403
        form = {"name": "Deep clean", "price_cents": "196", "duration_minutes": "210"}
        assert post(browser, f"{LIST}/new", **form).status_code == 403


class TestOneService:
    def test_who_may_not_change_it_reads_it(self, browse: Browse, alder: Company) -> None:
        page = browse(alder.viewer).get(one(alder))
        assert BeautifulSoup(page.text, "html5lib").select("main form") == []
        for said_of_it in ("$120.00", "2 h", "Inside the oven $38.00 45 min", "Photo before Before Needed"):
            assert said_of_it in words(page)

    def test_it_leads_to_where_visitors_see_it(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        shown = f"/b/alder?service={alder.service_id}"
        assert shown in links(owner.get(one(alder)))
        assert owner.get(shown).status_code == 200
        hidden = add(app, alder, "Ironing", public=False)
        assert not [link for link in links(owner.get(f"{LIST}/{hidden}")) if link.startswith("/b/")]

    def test_a_form_sent_as_it_stands_changes_nothing(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        before = service_of(app, alder)
        answer = post(owner, one(alder), **standing(owner.get(one(alder))))
        assert "Standard clean is saved." in said(owner, answer)
        after = service_of(app, alder)
        for name in catalog.CHANGEABLE:
            assert getattr(after, name) == getattr(before, name), name

    def test_a_currency_without_decimals_is_typed_without(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        in_yen(app)
        form = standing(owner.get(one(alder)))
        assert form["price_cents"] == "12000"
        assert post(owner, one(alder), **form | {"price_cents": "12000.50"}).status_code == 422
        assert post(owner, one(alder), **form | {"price_cents": "15,000"}).status_code == 303
        assert service_of(app, alder).price_cents == 15000

    def test_boxes_that_are_not_ticked_are_values(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        form = standing(owner.get(one(alder)))
        del form["public"], form["active"]
        post(owner, one(alder), **form)
        changed = service_of(app, alder)
        assert (changed.public, changed.active) == (False, False)
        assert names(owner, f"{LIST}?show=inactive") == ["Standard clean"]

    def test_rows_go_when_emptied_or_ticked_and_keys_stay(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        form = standing(owner.get(one(alder))) | {
            "checklist-0-label": " ", "checklist-1-remove": "1", "checklist-4-label": "Windows",
            "extras-0-label": "The oven, inside and out", "extras-1-label": "Fridge", "extras-1-minutes": "30",
        }  # fmt: skip
        post(owner, one(alder), **form)
        changed = service_of(app, alder)
        assert [step["label"] for step in changed.checklist] == ["Photo after", "Windows"]
        assert [(extra["key"], extra["label"]) for extra in changed.extras] == [
            ("oven", "The oven, inside and out"),
            ("fridge", "Fridge"),
        ]

    def test_more_rows_are_given_without_losing_or_saving_what_was_typed(
        self, app: Flask, owner: FlaskClient, alder: Company
    ) -> None:
        form = standing(owner.get(one(alder))) | {"name": "Changed", "price_cents": "much", "checklist-3-label": "Bins"}
        answer = post(owner, one(alder), **form, act="more-checklist")
        assert answer.status_code == 200
        assert faults(answer) == {}
        kept = standing(answer)
        assert {name: kept[name] for name in form} == form
        assert "checklist-8-label" in kept
        assert "checklist-9-label" not in kept
        assert service_of(app, alder).name == "Standard clean"

    def test_rows_move_up_without_saving(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        answer = post(owner, one(alder), **standing(owner.get(one(alder))), act="up-checklist-2")
        kept = standing(answer)
        labels = [kept[f"checklist-{number}-label"] for number in range(3)]
        assert labels == ["Kitchen surfaces", "Photo after", "Photo before"]
        assert kept["checklist-1-photo_required"] == "1"
        assert service_of(app, alder).checklist[1]["label"] == "Photo before"
        post(owner, one(alder), **kept)
        assert service_of(app, alder).checklist[1]["label"] == "Photo after"

    def test_rows_of_a_new_service_are_given_too(self, owner: FlaskClient) -> None:
        answer = post(owner, f"{LIST}/new", name="Deep clean", act="more-extras")
        kept = standing(answer)
        assert (answer.status_code, kept["name"]) == (200, "Deep clean")
        assert "extras-4-label" in kept
        assert names(owner) == ["Standard clean"]

    def test_saving_is_what_enter_does(self, owner: FlaskClient, alder: Company) -> None:
        soup = BeautifulSoup(owner.get(one(alder)).text, "html5lib")
        first = soup.select('button[form="service"], form#service button[type=submit]')[0]
        assert first.get("name") is None

    def test_what_is_refused_changes_nothing_and_is_kept(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        form = standing(owner.get(one(alder))) | {"name": "Changed", "duration_minutes": "0", "extras-0-minutes": "x"}
        answer = post(owner, one(alder), **form)
        assert answer.status_code == 422
        kept = standing(answer)
        assert {name: kept[name] for name in form} == form
        assert service_of(app, alder).name == "Standard clean"

    def test_another_company_s_service_is_not_there(self, browse: Browse, alder: Company, birch: Company) -> None:
        browser = browse(birch.owner)
        form = {"name": "Mine", "price_cents": "1", "duration_minutes": "60"}
        assert browser.get(one(alder)).status_code == 404
        assert post(browser, one(alder), **form).status_code == 404
        assert post(browser, one(alder)).status_code == 404
        assert post(browser, one(alder), act="more-extras").status_code == 404
        assert post(browser, f"{one(alder)}/move", to="up").status_code == 404

    def test_one_that_does_not_exist_is_not_found(self, owner: FlaskClient) -> None:
        assert owner.get(f"{LIST}/{uuid4()}").status_code == 404

    @pytest.mark.parametrize("key", ["dispatcher", "viewer"])
    def test_who_does_not_manage_changes_nothing(self, app: Flask, browse: Browse, alder: Company, key: str) -> None:
        form = {"name": "Mine", "price_cents": "1", "duration_minutes": "60"}
        assert post(browse(getattr(alder, key)), one(alder), **form).status_code == 403
        assert service_of(app, alder).name == "Standard clean"
