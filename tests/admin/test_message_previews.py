"""The office's previews of mails: all of them, as their reader gets them; real ones without the keys in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from doorstep.admin.message_previews import HERE, without_links
from doorstep.core.transaction import transaction
from doorstep.notifications.messages import MESSAGES, Message
from doorstep.notifications.service import queue_email
from tests.admin.office_stage import links, words
from tests.cast import Company, Person
from tests.orders.photo_cases import within

Browse = Callable[[Person | None], FlaskClient]
NEWEST = "?show=newest"
SECRET = "https://doorstep.test/client/link/a-secret-of-margaret"


def write(app: Flask, company: Company, key: str, purpose: str = "scheduled") -> None:
    """Queues a real mail of the company, with a link that is for its reader only."""
    text, html = f"Mail {key}\n{SECRET}\n", f'<p>Mail {key}</p><a href="{SECRET}?a=1&amp;b=2">Open</a>'
    message = Message(purpose, f"Subject {key}", text, html, company.name, "real@alder.test")
    with within(app, company), transaction():
        queue_email(message, to="margaret@client.test", to_name="Margaret", dedupe_key=key, cause="a test")


def frame(browser: FlaskClient, address: str) -> dict[str, str]:
    """Returns the attributes of the frame that the page shows the mail's HTML in."""
    found = BeautifulSoup(browser.get(address).text, "html5lib").select_one("main iframe")
    attributes = found.attrs.items() if found else ()
    return {name: value if isinstance(value, str) else " ".join(value) for name, value in attributes}


class TestTheList:
    def test_every_mail_is_in_it_once_and_leads_to_its_preview(self, dispatcher: FlaskClient) -> None:
        assert sorted(links(dispatcher.get(HERE))) == sorted(f"{HERE}/{purpose}" for purpose in MESSAGES)

    def test_it_is_grouped_by_who_reads_them(self, dispatcher: FlaskClient) -> None:
        soup = BeautifulSoup(dispatcher.get(HERE).text, "html5lib")
        groups = {
            section.h2.get_text(): len(section.select("tbody tr")) for section in soup.select("main section.card")
        }
        assert list(groups) == ["To clients", "To the office", "To workers", "To members", "To owners"]
        assert groups["To workers"] == len([row for row in MESSAGES.values() if row.reader == "worker"])

    def test_it_shows_the_subject_and_which_ones_one_can_do_without(self, dispatcher: FlaskClient) -> None:
        rows = BeautifulSoup(dispatcher.get(HERE).text, "html5lib").select("main tbody tr")
        said = {row.a["href"].rpartition("/")[2]: " ".join(row.get_text(" ").split()) for row in rows}
        assert said["reminder_2h"] == "A reminder, two hours before See you soon: Tue 24 Nov, 9:00 – 12:30 Possible"
        assert said["invoice"] == "An invoice to pay Invoice 1187: $252.00, due Tue 8 Dec Always sent"


class TestOneMail:
    @pytest.mark.parametrize("purpose", MESSAGES)
    def test_each_is_shown_as_a_sample_in_the_companys_name(
        self, dispatcher: FlaskClient, alder: Company, purpose: str
    ) -> None:
        page = dispatcher.get(f"{HERE}/{purpose}")
        assert page.status_code == 200
        assert "This is a sample" in words(page)
        assert f"From {alder.name}" in words(page)
        assert alder.name in dispatcher.get(f"{HERE}/{purpose}/html").text

    def test_its_html_is_framed_and_can_do_nothing(self, dispatcher: FlaskClient) -> None:
        page = dispatcher.get(f"{HERE}/scheduled")
        shown = frame(dispatcher, f"{HERE}/scheduled")
        assert shown["src"] == f"{HERE}/scheduled/html"
        assert shown["sandbox"] == ""
        assert shown["title"]
        assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
        framed = dispatcher.get(shown["src"])
        policy = framed.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert policy.endswith("; sandbox")
        assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"

    def test_its_text_is_shown_without_links_to_follow(self, dispatcher: FlaskClient) -> None:
        page = dispatcher.get(f"{HERE}/feedback_request")
        assert "/client/link/example#rate" in words(page)
        assert links(page) == [HERE]

    def test_it_says_whether_one_can_do_without_it_and_how_long_it_is_tried(self, dispatcher: FlaskClient) -> None:
        for purpose, said in (
            ("reminder_2h", "Unsubscribe Possible, by the link at its end Tried for 90 minutes"),
            ("on_the_way", "Unsubscribe Always sent Tried for 2 hours"),
            ("scheduled", "Unsubscribe Always sent Tried for 7 days"),
        ):
            assert said in words(dispatcher.get(f"{HERE}/{purpose}"))
        assert "Tried for" not in words(dispatcher.get(f"{HERE}/invoice"))

    @pytest.mark.parametrize("path", ["nothing", "nothing/html", "layout", "reminder"])
    def test_what_is_no_mail_is_not_found(self, owner: FlaskClient, path: str) -> None:
        assert owner.get(f"{HERE}/{path}").status_code == 404
        assert owner.get(f"{HERE}/{path}{NEWEST}").status_code == 404


class TestRealMails:
    def test_the_newest_is_offered_and_says_that_it_is_real(
        self, app: Flask, owner: FlaskClient, alder: Company
    ) -> None:
        write(app, alder, "one")
        write(app, alder, "two")
        write(app, alder, "other", purpose="moved")
        sample = owner.get(f"{HERE}/scheduled")
        assert "This is a sample" in words(sample)
        assert f"{HERE}/scheduled{NEWEST}" in links(sample)
        page = owner.get(f"{HERE}/scheduled{NEWEST}")
        for said in ("newest real mail", "Subject two", "Mail two", "Margaret <margaret@client.test>", "Waiting"):
            assert said in words(page)
        assert "Answers go to real@alder.test" in words(page)
        assert "This is a sample" not in words(page)
        assert "Mail two" in owner.get(frame(owner, f"{HERE}/scheduled{NEWEST}")["src"]).text

    def test_the_keys_in_it_stay_with_its_reader(self, app: Flask, owner: FlaskClient, alder: Company) -> None:
        write(app, alder, "reset", purpose="password_reset")
        for path in ("password_reset", "password_reset/html"):
            shown = owner.get(f"{HERE}/{path}{NEWEST}").text
            assert "Mail reset" in shown
            assert "a-secret-of-margaret" not in shown
            assert "https://doorstep.test/…" in shown

    def test_without_one_the_sample_is_all_there_is(self, owner: FlaskClient) -> None:
        page = owner.get(f"{HERE}/scheduled{NEWEST}")
        assert "This is a sample" in words(page)
        assert links(page) == [HERE]

    def test_who_does_not_manage_sees_samples_only(self, app: Flask, dispatcher: FlaskClient, alder: Company) -> None:
        write(app, alder, "one")
        page = dispatcher.get(f"{HERE}/scheduled{NEWEST}")
        assert "This is a sample" in words(page)
        assert links(page) == [HERE]
        assert "Mail one" not in dispatcher.get(f"{HERE}/scheduled/html{NEWEST}").text

    def test_another_companys_mails_are_not_among_them(
        self, app: Flask, browse: Browse, alder: Company, birch: Company
    ) -> None:
        write(app, alder, "one")
        browser = browse(birch.owner)
        for path in ("scheduled", "scheduled/html"):
            shown = browser.get(f"{HERE}/{path}{NEWEST}").text
            assert "Mail one" not in shown
            assert birch.name in shown


class TestWhoMayCome:
    @pytest.mark.parametrize(
        ("key", "status"),
        [("owner", 200), ("dispatcher", 200), ("finance", 403), ("viewer", 403), ("worker", 403)],
    )
    def test_who_dispatches_or_manages(self, browse: Browse, alder: Company, key: str, status: int) -> None:
        browser = browse(getattr(alder, key))
        for path in ("", "/scheduled", "/scheduled/html"):
            assert browser.get(HERE + path).status_code == status


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Open https://a.test/x?y=1#z now", "Open https://a.test/… now"),
        ("HTTPS://A.TEST/x", "HTTPS://A.TEST/…"),
        ('<a href="http://a.test:8000/x&amp;y=1">x</a>', '<a href="http://a.test/…">x</a>'),
        ("https://somebody:secret@a.test/", "https://a.test/…"),
        ("http://[broken", "http:///…"),
        ("https://a.test\\\\secret", "https://a.test/…"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_of_a_web_address_only_the_host_is_left(words: str, left: str) -> None:
    assert without_links(words) == left
