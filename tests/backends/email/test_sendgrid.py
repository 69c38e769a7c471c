"""Mails through SendGrid: the common contract, and what only its web API can do wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from doorstep.backends.email.interface import EmailError
from doorstep.core import clock
from tests.backends.email.contract import REFUSED_FOR_GOOD, TROUBLE, SenderContract, failure, verdict
from tests.backends.email.letters import ENVELOPE, envelope
from tests.backends.email.sendgrid_station import SendGridStation, problem


@pytest.fixture
def station() -> Iterator[SendGridStation]:
    made = SendGridStation()
    yield made
    made.go_away()


class TestContract(SenderContract):
    """The promises of every sender."""


class TestRequest:
    """What SendGrid is told."""

    def test_the_vendors_id_is_given_back(self, station: SendGridStation) -> None:
        assert station.sender.send(ENVELOPE) == "vendor-1"
        assert station.sender.send(ENVELOPE) == "vendor-2"

    def test_nothing_is_tracked(self, station: SendGridStation) -> None:
        station.sender.send(ENVELOPE)
        (body,) = station.desk.bodies
        assert body["tracking_settings"] == {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
        }

    def test_what_it_reports_later_can_be_found_again(self, station: SendGridStation) -> None:
        station.sender.send(ENVELOPE)
        (body,) = station.desk.bodies
        assert body["custom_args"] == {"email_id": ENVELOPE.message_id, "org_id": ENVELOPE.org_id}
        assert body["categories"] == ["scheduled"]

    def test_a_mail_of_no_organization_and_purpose_is_sent_too(self, station: SendGridStation) -> None:
        station.sender.send(envelope(org_id="", purpose=""))
        (body,) = station.desk.bodies
        assert body["custom_args"] == {"email_id": ENVELOPE.message_id}
        assert "categories" not in body

    def test_letters_beyond_ascii_before_the_at_sign_are_refused_at_once(self, station: SendGridStation) -> None:
        assert verdict(failure(station.sender, to_address="anä@client.test")) == REFUSED_FOR_GOOD
        assert station.asked == []

    def test_the_key_is_not_taken_from_a_file_of_the_machine(
        self, station: SendGridStation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "netrc").write_text("machine 127.0.0.1\nlogin eve\npassword other\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        station.sender.send(ENVELOPE)
        assert len(station.arrived) == 1

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_the_key_does_not_follow_a_redirection(self, station: SendGridStation, status: int) -> None:
        station.answer(status, Location=f"{station.settings.sendgrid_api_base}/elsewhere")
        assert verdict(failure(station.sender)) == TROUBLE
        assert station.asked == ["POST /v3/mail/send"]


class TestAnswers:
    """What SendGrid's answers mean."""

    @pytest.mark.parametrize(
        ("status", "meant"),
        [
            (200, TROUBLE),  # somebody else answers there: SendGrid says 202
            (400, REFUSED_FOR_GOOD),
            (401, TROUBLE),
            (403, TROUBLE),
            (404, TROUBLE),
            (405, TROUBLE),
            (408, TROUBLE),
            (413, REFUSED_FOR_GOOD),
            (429, TROUBLE),
            (500, TROUBLE),
            (502, TROUBLE),
            (503, TROUBLE),
        ],
    )
    def test_a_status_is_understood(self, station: SendGridStation, status: int, meant: tuple[bool, bool]) -> None:
        station.answer(status)
        error = failure(station.sender)
        assert verdict(error) == meant
        assert str(status) in str(error)

    def test_a_refusal_says_which_field_is_wrong(self, station: SendGridStation) -> None:
        station.desk.answer = problem(400, "is not\r\nallowed", "subject")
        assert str(failure(station.sender)) == "SendGrid refuses the mail: 400 is not allowed (subject)"

    def test_a_long_refusal_is_cut(self, station: SendGridStation) -> None:
        station.answer(400, "x" * 9000)
        assert len(str(failure(station.sender))) < 400

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errors": null}', b'{"errors": [1]}', b"\xff"])
    def test_a_refusal_of_another_form_is_one_too(self, station: SendGridStation, body: bytes) -> None:
        station.desk.answer = (400, {}, body)
        error = failure(station.sender)
        assert verdict(error) == REFUSED_FOR_GOOD
        assert str(error) == "SendGrid refuses the mail: 400"

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({"Retry-After": "17"}, 17),
            ({"Retry-After": "-5"}, None),
            ({"Retry-After": "soon"}, None),
            ({"X-RateLimit-Reset": "1800000030"}, 30),
            ({"X-RateLimit-Reset": "1700000000"}, 0),
            ({"X-RateLimit-Reset": "later"}, None),
            ({"X-RateLimit-Reset": "inf"}, None),
            ({"X-RateLimit-Reset": "9" * 30}, 3600),
            ({"Retry-After": "9" * 30}, 3600),
            ({}, None),
        ],
    )
    def test_a_busy_server_says_when_to_come_back(
        self, station: SendGridStation, headers: dict[str, str], seconds: float | None
    ) -> None:
        station.desk.answer = (429, MappingProxyType(headers), b"")
        with clock.held_at(datetime.fromtimestamp(1800000000, UTC)):
            assert failure(station.sender).retry_after == seconds

    def test_it_may_also_say_so_by_a_date(self, station: SendGridStation) -> None:
        until = format_datetime(clock.minutes_from_now(2).astimezone(UTC), usegmt=True)
        station.answer(429, Retry_After=until)
        assert 100 < (failure(station.sender).retry_after or 0) <= 120


class TestCheck:
    """The check says more than that somebody answers."""

    def test_a_key_that_may_not_send_is_told(self, station: SendGridStation) -> None:
        station.desk.scopes = ("stats.read",)
        with pytest.raises(EmailError, match="does not let it send"):
            station.sender.check()

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"scopes": null}'])
    def test_an_answer_of_another_form_is_not_taken_for_a_yes(self, station: SendGridStation, body: bytes) -> None:
        station.desk.answer = (200, {}, body)
        with pytest.raises(EmailError):
            station.sender.check()
