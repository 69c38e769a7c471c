"""The office's pages of workers: the list, one worker, the forms, time off, the link that signs in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from doorstep.accounts import members, workers
from doorstep.accounts.models import TimeOff, Worker
from doorstep.core import clock, tenancy
from doorstep.core.errors import NotFound
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.orders import queries, service
from tests.admin.form_fields import standing
from tests.admin.office_stage import faults, links, post, said, words
from tests.auth.doors import letters, link_in
from tests.cast import Company, Person, known_id
from tests.orders.conftest import acting
from tests.orders.photo_cases import within
from tests.portals.worker_stage import NINE, does, start, visit_at
from tests.statements import overheard

Browse = Callable[[Person | None], FlaskClient]
LIST = "/office/workers"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def one(company: Company) -> str:
    return f"{LIST}/{company.worker.worker_id}"


def worker_of(app: Flask, company: Company, worker_id: UUID | None = None) -> Worker:
    with within(app, company):
        return tenancy.get(Worker, worker_id or company.worker.worker_id)


def take_off(app: Flask, company: Company, first: datetime, last: datetime, reason: str = "") -> UUID:
    with within(app, company), transaction():
        who = acting(company.owner, company)
        return workers.add_time_off(who, company.worker.worker_id, start=first, end=last, reason=reason).id


def absences(app: Flask, company: Company) -> list[TimeOff]:
    with within(app, company):
        return list(db.session.query(TimeOff))


def add_worker(app: Flask, company: Company, name: str, **values: Any) -> UUID:
    with within(app, company), transaction():
        return save(Worker(name=name, **values)).id


def row(page: str, name: str) -> str:
    """Returns what the list says of one worker."""
    rows = BeautifulSoup(page, "html5lib").select("main tbody tr")
    return next(" ".join(found.get_text(" ").split()) for found in rows if name in found.get_text())


class TestTheList:
    def test_it_says_when_somebody_works_is_away_and_can_sign_in(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        visit_at(app, alder)
        visit_at(app, alder, NINE + 4 * HOUR)
        visit_at(app, alder, NINE + DAY)
        with clock.held_at(NINE):
            take_off(app, alder, datetime(2027, 3, 15, 7, tzinfo=UTC), datetime(2027, 3, 18, 7, tzinfo=UTC))
            page = dispatcher.get(LIST).text
        assert row(page, "Ana Morales") == "Ana Morales cleaning Mon–Sun 8:00–18:00 2 Mon 15 Mar – Wed 17 Mar Yes"
        assert row(page, "Ben Okafor") == "Ben Okafor cleaning Mon–Sun 8:00–18:00 0 Yes"

    def test_who_is_away_now_is_marked(self, app: Flask, dispatcher: FlaskClient, alder: Company) -> None:
        with clock.held_at(NINE):
            take_off(app, alder, NINE - HOUR, NINE + HOUR)
            assert "Away Tue 9 Mar, 8:00 – 10:00" in row(dispatcher.get(LIST).text, "Ana Morales")

    def test_who_cannot_sign_in_yet_is_told_apart_from_who_is_invited(
        self, app: Flask, owner: FlaskClient, alder: Company
    ) -> None:
        post(owner, f"{LIST}/new", name="Nina New", email="nina@newcomer.test")
        add_worker(app, alder, "Nora None")
        page = owner.get(LIST).text
        assert row(page, "Nina New").endswith("Invited")
        assert row(page, "Nora None") == "Nora None None yet 0 Not yet"

    def test_who_is_let_go_from_the_team_cannot_sign_in(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        with within(app, alder), transaction():
            members.deactivate(acting(alder.owner, alder), known_id(f"{alder.worker.key}.member"))
        assert row(owner.get(f"{LIST}?show=inactive").text, "Ana Morales").endswith("Not yet")

    def test_the_inactive_are_shown_when_asked_for_and_only_they(
        self, app: Flask, owner: FlaskClient, alder: Company
    ) -> None:
        add_worker(app, alder, "Gone Gustav", active=False)
        assert "Gone Gustav" not in words(owner.get(LIST))
        inactive = words(owner.get(f"{LIST}?show=inactive"))
        assert "Gone Gustav" in inactive
        assert "Ana Morales" not in inactive

    def test_nobody_inactive_is_said(self, owner: FlaskClient) -> None:
        assert "Nobody is inactive" in words(owner.get(f"{LIST}?show=inactive"))

    def test_a_long_list_goes_on_on_the_next_page(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        with within(app, alder), transaction():
            for number in range(60):
                save(Worker(name=f"Worker {number:02d}"))
        first = owner.get(LIST)
        (more,) = [link for link in links(first) if "cursor=" in link]
        second = owner.get(more)
        assert "Worker 47" in words(first)
        assert "Worker 48" not in words(first)
        assert "Worker 48" in words(second)
        assert "Worker 59" in words(second)

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
        with within(app, alder), transaction():
            for number in range(20):
                worker = save(Worker(name=f"Worker {number}"))
                who, soon = acting(alder.owner, alder), clock.now() + DAY
                workers.add_time_off(who, worker.id, start=soon, end=soon + DAY)
        visit_at(app, alder, clock.now() + HOUR)
        assert asked() == few

    def test_only_who_manages_is_offered_to_add(self, browse: Browse, alder: Company) -> None:
        for person, offered in ((alder.owner, True), (alder.dispatcher, False), (alder.viewer, False)):
            assert (f"{LIST}/new" in links(browse(person).get(LIST))) is offered

    def test_workers_and_strangers_do_not_see_it(self, browse: Browse, alder: Company) -> None:
        assert browse(alder.worker).get(LIST).status_code == 403
        assert browse(None).get(LIST).status_code in (302, 303)


class TestAdding:
    def test_a_new_worker_has_what_was_typed(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        form = standing(owner.get(f"{LIST}/new"))
        form |= {"name": " Nina  New ", "phone": "+1 503 555 0111", "colour": "plum", "skills": "Windows, ovens"}
        form |= {"sat-1-from": "10:00", "sat-1-to": "14:00"}
        answer = post(owner, f"{LIST}/new", **form)
        assert "Nina New is on the list." in said(owner, answer)
        worker = worker_of(app, alder, UUID((answer.location or "").rpartition("/")[2]))
        assert (worker.name, worker.phone, worker.colour) == ("Nina New", "+1 503 555 0111", "plum")
        assert worker.skills == ["ovens", "windows"]
        assert worker.weekly_hours["sat"] == [["10:00", "14:00"]]
        assert worker.weekly_hours["mon"] == [["08:00", "17:00"]]
        assert worker.active
        assert letters(app, "nina@newcomer.test", "invitation") == []

    def test_an_address_invites(self, app: Flask, owner: FlaskClient) -> None:
        answer = post(owner, f"{LIST}/new", name="Nina New", email="nina@newcomer.test")
        assert "an invitation is on its way to nina@newcomer.test" in said(owner, answer)
        assert len(letters(app, "nina@newcomer.test", "invitation")) == 1

    def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(
        self, app: Flask, owner: FlaskClient
    ) -> None:
        form = {
            "name": " ",
            "phone": "+1 503 555 0111",
            "skills": "Windows",
            "mon-1-from": "17:00",
            "mon-1-to": "08:00",
        }
        answer = post(owner, f"{LIST}/new", **form)
        assert answer.status_code == 422
        assert faults(answer) == {"name": "Give the name.", "mon": "The end comes before the start."}
        assert "Monday needs another look" in words(answer)
        kept = standing(answer)
        assert {name: kept[name] for name in form} == form

    @pytest.mark.parametrize(("email", "status"), [("no-address", 422), ("dispatch@alder.test", 409)])
    def test_whoever_cannot_be_invited_is_not_added_either(self, owner: FlaskClient, email: str, status: int) -> None:
        answer = post(owner, f"{LIST}/new", name="Nina New", email=email)
        assert answer.status_code == status
        assert standing(answer)["email"] == email
        assert "Nina New" not in words(owner.get(LIST))

    @pytest.mark.parametrize("key", ["dispatcher", "finance", "viewer"])
    def test_others_may_neither_open_nor_send_the_form(self, browse: Browse, alder: Company, key: str) -> None:
        browser = browse(getattr(alder, key))
        assert browser.get(f"{LIST}/new").status_code == 403
        assert post(browser, f"{LIST}/new", name="Nina New").status_code == 403


class TestOneWorker:
    def test_the_page_leads_to_the_visits_of_today_and_later(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        today, later = visit_at(app, alder, NINE + HOUR), visit_at(app, alder, NINE + 3 * DAY)
        yesterday = visit_at(app, alder, NINE - DAY)
        with clock.held_at(NINE):
            page = dispatcher.get(one(alder))
        assert f"/office/orders/{today}" in links(page)
        assert f"/office/orders/{later}" in links(page)
        assert f"/office/orders/{yesterday}" not in links(page)
        assert "Fri 12 Mar, 9:00 – 11:00 Margaret Whitfield" in words(page)

    def test_hours_are_a_table(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        with within(app, alder), transaction():
            week = {"mon": [["08:00", "12:00"], ["13:00", "17:00"]]}
            workers.change(acting(alder.owner, alder), alder.worker.worker_id, {"weekly_hours": week})
        assert "Monday 8:00–12:00 and 13:00–17:00 Tuesday Off" in words(owner.get(one(alder)))

    def test_a_day_without_visits_is_said(self, owner: FlaskClient, alder: Company) -> None:
        page = words(owner.get(one(alder)))
        assert "No visits today." in page
        assert "Nothing is planned after today." in page

    def test_more_visits_are_on_the_next_page(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        ids = [visit_at(app, alder, NINE + number * DAY) for number in range(1, 13)]
        with clock.held_at(NINE):
            page = owner.get(one(alder))
            (more,) = [link for link in links(page) if "cursor=" in link]
            rest = links(owner.get(more))
        assert f"/office/orders/{ids[9]}" in links(page)
        assert [f"/office/orders/{order_id}" in rest for order_id in ids[9:]] == [False, True, True]

    def test_everybody_of_the_office_reads_it_and_sees_the_buttons_they_may_press(
        self, browse: Browse, alder: Company
    ) -> None:
        def offers(person: Person) -> tuple[bool, bool, bool]:
            page = browse(person).get(one(alder)).text
            return "/edit" in page, "/link" in page, "Add time off" in page

        assert offers(alder.owner) == (True, True, True)
        assert offers(alder.dispatcher) == (False, True, True)
        assert offers(alder.viewer) == (False, False, False)

    def test_another_company_s_worker_is_not_there(self, browse: Browse, alder: Company, birch: Company) -> None:
        browser = browse(birch.owner)
        for path in ("", "/edit"):
            assert browser.get(one(alder) + path).status_code == 404
        for path in ("/edit", "/link", "/time-off"):
            assert post(browser, one(alder) + path, name="Mine", start="2027-03-20").status_code == 404


class TestChanging:
    def test_a_form_sent_as_it_stands_changes_nothing(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        with within(app, alder), transaction():
            week = {"mon": [["08:00", "09:00"], ["10:00", "11:00"], ["12:00", "24:00"]]}
            values = {"weekly_hours": week, "colour": "#14614f", "phone": "1", "skills": ["ovens", "windows"]}
            workers.change(acting(alder.owner, alder), alder.worker.worker_id, values)
        before = worker_of(app, alder)
        assert "Saved." in said(owner, post(owner, f"{one(alder)}/edit", **standing(owner.get(f"{one(alder)}/edit"))))
        after = worker_of(app, alder)
        for name in ("name", "phone", "colour", "skills", "weekly_hours", "active"):
            assert getattr(after, name) == getattr(before, name)

    def test_a_second_time_of_a_day_is_saved(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        form = standing(owner.get(f"{one(alder)}/edit"))
        form |= {"mon-1-to": "12:00", "mon-2-from": "13:00", "mon-2-to": "18:00", "sun-1-from": "", "sun-1-to": ""}
        post(owner, f"{one(alder)}/edit", **form)
        week = worker_of(app, alder).weekly_hours
        assert week["mon"] == [["08:00", "12:00"], ["13:00", "18:00"]]
        assert "sun" not in week

    def test_a_box_that_is_not_ticked_takes_the_worker_off_the_list(
        self, app: Flask, owner: FlaskClient, alder: Company
    ) -> None:
        with clock.held_at(NINE):
            visit_at(app, alder, NINE + DAY)
            form = standing(owner.get(f"{one(alder)}/edit"))
            assert "One visit is not over yet: it stays with Ana Morales" in words(owner.get(f"{one(alder)}/edit"))
            del form["active"]
            page = said(owner, post(owner, f"{one(alder)}/edit", **form))
        assert not worker_of(app, alder).active
        assert "Ana Morales gets no new orders, but still has visits below." in page
        assert "Ana Morales" not in words(owner.get(LIST))

    def test_without_visits_nothing_needs_doing(self, owner: FlaskClient, alder: Company) -> None:
        assert "No visit is planned that would need somebody else." in words(owner.get(f"{one(alder)}/edit"))

    def test_what_was_typed_stays_when_it_is_refused(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        form = standing(owner.get(f"{one(alder)}/edit")) | {"name": "Anna", "tue-1-to": "", "phone": "9" * 41}
        del form["active"]
        answer = post(owner, f"{one(alder)}/edit", **form)
        assert answer.status_code == 422
        assert faults(answer)["tue"] == "Give both times, from and to."
        assert standing(answer) == form
        assert worker_of(app, alder).name == "Ana Morales"

    def test_who_has_not_joined_can_be_invited_later(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        here = f"{LIST}/{add_worker(app, alder, 'Nora None')}/edit"
        form = standing(owner.get(here)) | {"email": "nora@newcomer.test"}
        assert "an invitation is on its way" in said(owner, post(owner, here, **form))
        assert len(letters(app, "nora@newcomer.test", "invitation")) == 1
        assert "Invited already as nora@newcomer.test" in words(owner.get(here))

    def test_who_signs_in_already_is_not_asked_for_an_address(self, owner: FlaskClient, alder: Company) -> None:
        assert "email" not in standing(owner.get(f"{one(alder)}/edit"))

    @pytest.mark.parametrize("key", ["dispatcher", "viewer"])
    def test_who_does_not_manage_changes_nothing(self, app: Flask, browse: Browse, alder: Company, key: str) -> None:
        browser = browse(getattr(alder, key))
        assert browser.get(f"{one(alder)}/edit").status_code == 403
        assert post(browser, f"{one(alder)}/edit", name="Changed").status_code == 403
        assert worker_of(app, alder).name == "Ana Morales"


class TestTheLink:
    def test_it_is_shown_once_with_its_code_and_lets_the_worker_in(
        self, browse: Browse, dispatcher: FlaskClient, alder: Company
    ) -> None:
        answer = post(dispatcher, f"{one(alder)}/link")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        soup = BeautifulSoup(answer.text, "html5lib")
        field = soup.select_one("#f-link")
        assert field is not None
        assert soup.select_one("svg.qr[role=img]") is not None
        assert soup.select_one('button[data-copy="#f-link"]') is not None
        assert "Whoever opens it is signed in as Ana Morales." in words(answer)
        phone = browse(None)
        path = "/auth" + str(field["value"]).partition("/auth")[2]
        assert phone.get(path).status_code == 200
        assert post(phone, path).location == "/worker"
        assert phone.get("/worker").status_code == 200

    def test_it_can_be_sent_by_mail(self, app: Flask, browse: Browse, dispatcher: FlaskClient, alder: Company) -> None:
        told = said(dispatcher, post(dispatcher, f"{one(alder)}/link/mail"))
        assert f"A sign-in link is on its way to {alder.worker.email}." in told
        (letter,) = letters(app, alder.worker.email, "worker_link")
        phone, path = browse(None), "/auth" + link_in(letter).partition("/auth")[2]
        assert phone.get(path).status_code == 200
        assert post(phone, path).location == "/worker"

    def test_a_new_one_makes_the_former_useless(self, browse: Browse, dispatcher: FlaskClient, alder: Company) -> None:
        made = [BeautifulSoup(post(dispatcher, f"{one(alder)}/link").text, "html5lib") for _ in range(2)]
        paths = ["/auth" + str(page.select("#f-link")[0]["value"]).partition("/auth")[2] for page in made]
        assert [browse(None).get(path).status_code for path in paths] == [410, 200]

    def test_a_text_message_is_offered_to_who_has_a_phone(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        assert "sms:" not in post(dispatcher, f"{one(alder)}/link").text
        with within(app, alder), transaction():
            workers.change(acting(alder.owner, alder), alder.worker.worker_id, {"phone": "+1 (503) 555-0177"})
        assert "sms:+15035550177?body=http" in post(dispatcher, f"{one(alder)}/link").text

    def test_who_has_not_joined_gets_none_and_it_is_said_why(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        here = f"{LIST}/{add_worker(app, alder, 'Nora None')}"
        assert "/link" not in dispatcher.get(here).text
        answer = post(dispatcher, f"{here}/link")
        assert answer.status_code == 409
        assert "Links are for workers who have joined" in words(answer)

    def test_a_viewer_makes_none(self, browse: Browse, alder: Company) -> None:
        assert post(browse(alder.viewer), f"{one(alder)}/link").status_code == 403


class TestTimeOff:
    def test_whole_days_are_those_of_the_company_s_clocks(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        with clock.held_at(NINE):
            answer = post(dispatcher, f"{one(alder)}/time-off", start="2027-03-14", end="2027-03-15", reason="Wedding")
            page = said(dispatcher, answer)
        assert "Sun 14 Mar – Mon 15 Mar Wedding" in page
        (row,) = absences(app, alder)
        assert row.during.lower == datetime(2027, 3, 14, 8, tzinfo=UTC)
        assert row.during.upper == datetime(2027, 3, 16, 7, tzinfo=UTC)  # clocks went forward on the first day

    def test_hours_of_a_day_are_possible(self, app: Flask, dispatcher: FlaskClient, alder: Company) -> None:
        with clock.held_at(NINE):
            form = {"start": "2027-03-10", "start_time": "13:00", "end_time": "15:30"}
            page = said(dispatcher, post(dispatcher, f"{one(alder)}/time-off", **form))
        assert "Wed 10 Mar, 13:00 – 15:30" in page

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            ({"start": "", "reason": "Wedding"}, "start"),
            ({"start": "2027-03-14", "start_time": "02:30"}, "start_time"),
            ({"start": "2027-03-14", "end": "2027-03-12"}, "end"),
            ({"start": "2027-03-01"}, "end"),
            ({"start": "2027-03-14", "end": "2029-03-14"}, "end"),
            ({"start": "9999-12-31"}, "start"),
            ({"start": "2027-03-14", "end_time": "later"}, "end_time"),
        ],
        ids=["no day", "skipped hour", "ends before", "over", "too long", "far away", "no time"],
    )
    def test_what_makes_no_sense_is_refused_and_kept(
        self, app: Flask, dispatcher: FlaskClient, alder: Company, form: dict[str, str], field: str
    ) -> None:
        with clock.held_at(NINE):
            answer = post(dispatcher, f"{one(alder)}/time-off", **form)
        assert answer.status_code == 422
        assert list(faults(answer)) == [field]
        kept = standing(answer)
        assert {name: kept[name] for name in form} == form
        assert absences(app, alder) == []

    def test_visits_that_need_somebody_else_are_named_until_somebody_has_them(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        inside, outside = visit_at(app, alder, NINE + DAY), visit_at(app, alder, NINE + 3 * DAY)
        with clock.held_at(NINE):
            page = post(dispatcher, f"{one(alder)}/time-off", start="2027-03-10", end="2027-03-11")
            warned = dispatcher.get(page.location or "")
            assert "One visit needs somebody else. Ana Morales is away then." in words(warned)
            assert links(warned, ".banner") == [f"/office/orders/{inside}"]
            assert outside
            with within(app, alder), transaction():
                office = acting(alder.dispatcher, alder)
                order = queries.find(office, inside, lock=True)
                service.schedule(office, order, start=NINE + DAY, worker_id=alder.other_worker.worker_id)
            assert "somebody else" not in words(dispatcher.get(one(alder)))

    def test_a_visit_that_is_under_way_or_overlaps_at_its_edge_counts_and_a_neighbour_does_not(
        self, app: Flask, dispatcher: FlaskClient, alder: Company
    ) -> None:
        running, after = visit_at(app, alder), visit_at(app, alder, NINE + 3 * HOUR)
        with clock.held_at(NINE):
            does(app, alder, running, start)
            take_off(app, alder, NINE + HOUR, NINE + 3 * HOUR)
            assert links(dispatcher.get(one(alder)), ".banner") == [f"/office/orders/{running}"]
            assert after

    def test_it_can_be_taken_back(self, app: Flask, dispatcher: FlaskClient, alder: Company) -> None:
        time_off = take_off(app, alder, clock.now() + DAY, clock.now() + 2 * DAY)
        answer = post(dispatcher, f"{one(alder)}/time-off/{time_off}/remove")
        assert "Time off removed." in said(dispatcher, answer)
        assert absences(app, alder) == []

    def test_only_of_the_worker_whose_it_is(self, app: Flask, dispatcher: FlaskClient, alder: Company) -> None:
        time_off = take_off(app, alder, clock.now() + DAY, clock.now() + 2 * DAY)
        other = f"{LIST}/{alder.other_worker.worker_id}/time-off/{time_off}/remove"
        assert post(dispatcher, other).status_code == 404
        assert post(dispatcher, f"{one(alder)}/time-off/{uuid4()}/remove").status_code == 404
        assert len(absences(app, alder)) == 1

    def test_who_may_only_look_changes_none(self, app: Flask, browse: Browse, alder: Company) -> None:
        time_off = take_off(app, alder, clock.now() + DAY, clock.now() + 2 * DAY)
        for key in ("viewer", "finance"):
            browser = browse(getattr(alder, key))
            assert post(browser, f"{one(alder)}/time-off", start="2099-01-01").status_code == 403
            assert post(browser, f"{one(alder)}/time-off/{time_off}/remove").status_code == 403
        assert len(absences(app, alder)) == 1


def test_the_page_of_a_worker_asks_the_same_number_of_times_for_many_visits(
    app: Flask, owner: FlaskClient, alder: Company
) -> None:
    def asked() -> int:
        with app.app_context():
            engine = db.engine
        with clock.held_at(NINE), overheard(engine) as heard:
            owner.get(one(alder))
        return len(heard)

    few = asked()
    for number in range(6):
        visit_at(app, alder, NINE + number * DAY)
    with clock.held_at(NINE):
        for number in range(3):
            take_off(app, alder, NINE + number * DAY, NINE + (number + 2) * DAY)
    assert asked() == few


def test_a_worker_who_does_not_exist_is_not_found(owner: FlaskClient, app: Flask, alder: Company) -> None:
    assert owner.get(f"{LIST}/{uuid4()}").status_code == 404
    with pytest.raises(NotFound):
        worker_of(app, alder, uuid4())
