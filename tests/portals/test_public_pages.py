"""The front door, the page after a request, a company's colours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.core import clock
from tests.cast import Company, Person
from tests.conftest import Browse
from tests.portals.client_stage import let_in
from tests.portals.public_stage import page_of, send, set_up, thanks_path, words


class TestLanding:
    def test_a_stranger_is_shown_the_two_doors(self, stranger: FlaskClient) -> None:
        page = page_of(stranger.get("/"))
        targets = {str(link["href"]) for link in page.find_all("a")}
        assert {"/auth/sign-in", "/client/sign-in"} <= targets

    def test_members_are_led_to_where_they_work(self, browse: Browse, alder: Company) -> None:
        assert browse(alder.dispatcher).get("/").headers["Location"] == "/office"
        assert browse(alder.worker).get("/").headers["Location"] == "/worker"

    def test_the_operator_is_led_somewhere_else(self, browse: Browse, operator: Person) -> None:
        answer = browse(operator).get("/")
        assert (answer.status_code, answer.headers["Location"] in ("/", "/office")) == (302, False)

    def test_a_client_is_led_to_the_orders(self, app: Flask, alder: Company) -> None:
        assert let_in(app, alder).get("/").headers["Location"] == "/client"

    def test_a_worthless_cookie_is_a_stranger(self, stranger: FlaskClient) -> None:
        stranger.set_cookie("doorstep", "worthless")
        stranger.set_cookie("doorstep_client", "worthless")
        assert stranger.get("/").status_code == 200


class TestThanks:
    def test_its_address_cannot_be_guessed_or_carried_to_another_company(self, stranger: FlaskClient) -> None:
        path = thanks_path(send(stranger, wished_at="any"))
        assert stranger.get(path).status_code == 200
        for wrong in ("/b/alder/thanks/1002", path[:-4] + "AAAA", path.replace("/alder/", "/birch/")):
            assert stranger.get(wrong).status_code == 404

    def test_it_ends(self, stranger: FlaskClient) -> None:
        path = thanks_path(send(stranger, wished_at="any"))
        with clock.held_at(clock.now() + timedelta(days=31)):
            assert stranger.get(path).status_code == 404

    def test_it_says_by_when_the_company_answers(self, stranger: FlaskClient, app: Flask) -> None:
        set_up(app, answers_within="two hours")
        page = stranger.get(thanks_path(send(stranger, wished_at="any")))
        assert "Alder Cleaning answers within two hours" in words(page)


class TestBrandSheet:
    def test_the_pages_link_the_companys_colours(self, stranger: FlaskClient, app: Flask) -> None:
        set_up(app, colour="#8a4b00")
        links = page_of(stranger.get("/b/alder")).find_all("link", rel="stylesheet")
        url = str(links[-1]["href"])
        sheet = stranger.get(url)
        assert sheet.mimetype == "text/css"
        assert "--brand: light-dark(#8a4b00," in sheet.text
        assert "immutable" in sheet.headers["Cache-Control"]

    def test_without_a_colour_there_is_no_sheet_to_fetch(self, stranger: FlaskClient) -> None:
        assert "brand.css" not in stranger.get("/b/alder").text
        assert stranger.get("/b/alder/brand.css").text == ""

    @pytest.mark.parametrize("colour", ["red", "#12", "#000000;}*{display:none", 7])
    def test_a_setting_that_is_no_colour_changes_nothing(
        self, stranger: FlaskClient, app: Flask, colour: object
    ) -> None:
        set_up(app, colour=colour)
        assert "brand.css" not in stranger.get("/b/alder").text
        assert stranger.get("/b/alder/brand.css").text == ""

    def test_an_old_address_is_not_kept_for_ever(self, stranger: FlaskClient, app: Flask) -> None:
        set_up(app, colour="#8a4b00")
        assert "immutable" not in stranger.get("/b/alder/brand.css").headers["Cache-Control"]


def test_settings_of_the_wrong_kind_do_not_break_the_page(stranger: FlaskClient, app: Flask) -> None:
    set_up(app, facts="Insured", promise=["x"], about=None, place=7, region=3, answers_within={})
    assert stranger.get("/b/alder").status_code == 200
