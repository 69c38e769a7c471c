"""What every sender promises that talks to a server: its test inherits this class and has a `station` fixture."""

from __future__ import annotations

import logging
import time
import traceback
from typing import Protocol

import pytest

from doorstep.backends.email.interface import EmailError, Sender
from tests.backends.email.letters import ENVELOPE, Arrived, envelope

PATIENCE_SECONDS = 5
THE_DOUBLES_OWN_LOG = "mail.log"


class Station(Protocol):
    """A mail server that a test can put out of order, and a sender that talks to it with a timeout of a second."""

    sender: Sender
    stranger: Sender
    """The same sender with a password or key that the server does not know."""
    secrets: tuple[str, ...]
    arrived: list[Arrived]
    asked: list[str]
    """What the server was asked, a word each."""

    def refuse_the_recipient(self) -> None: ...
    def refuse_the_content(self) -> None: ...
    def be_busy(self) -> None: ...
    def break_down(self) -> None: ...
    def fall_silent(self) -> None: ...
    def go_away(self) -> None: ...


def failure(sender: Sender, **other: object) -> EmailError:
    with pytest.raises(EmailError) as caught:
        sender.send(envelope(**other))
    return caught.value


def verdict(error: EmailError) -> tuple[bool, bool]:
    return error.permanent, error.alive


REFUSED_FOR_GOOD = (True, True)
TROUBLE = (False, False)


class SenderContract:
    """Mails arrive whole and once; what goes wrong is told in the same words by all."""

    def test_has_a_name_for_rows_and_logs(self, station: Station) -> None:
        assert station.sender.name.isidentifier()

    def test_a_mail_arrives_whole_and_once(self, station: Station) -> None:
        station.sender.send(ENVELOPE)
        (mail,) = station.arrived
        assert mail.envelope_to == ("ana@client.test",)
        assert mail.recipients == (("Ana Ruiz", "ana@client.test"),)
        assert mail.sender == ("Alder Cleaning", "office@doorstep.test")
        assert mail.reply_to == "hello@alder.test"
        assert mail.subject == ENVELOPE.subject
        assert mail.text == ENVELOPE.text
        assert mail.html == ENVELOPE.html
        assert {name: mail.headers[name] for name in ENVELOPE.headers} == ENVELOPE.headers

    def test_a_mail_of_text_only_arrives(self, station: Station) -> None:
        station.sender.send(envelope(html="", reply_to="", from_name="", to_name="", headers={}))
        (mail,) = station.arrived
        assert (mail.text, mail.html, mail.reply_to) == (ENVELOPE.text, "", "")
        assert mail.recipients == (("", "ana@client.test"),)
        assert mail.sender == ("", "office@doorstep.test")

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("Ana\r\nBcc: eve@evil.test", "Ana Bcc: eve@evil.test"),
            ("Ana\nSubject: another\r\r\n\r\nbody", "Ana Subject: another body"),
            ('Ana "the boss" O\'Neil \\', 'Ana "the boss" O\'Neil \\'),
            ("Ruiz, Ana; eve@evil.test, <eve@evil.test>", "Ruiz, Ana; eve@evil.test, <eve@evil.test>"),
            ("Anna 😀🏡 Ruiz", "Anna 😀🏡 Ruiz"),
            ("王小明", "王小明"),
            ("Müller, Jürgen", "Müller, Jürgen"),
            ("=?utf-8?q?eve?=", "=?utf-8?q?eve?="),
            ("A, " * 66, ("A, " * 66).strip()),
            ("x" * 500, "x" * 200),
            ("😀" * 300, "😀" * 200),
            ("half a sign \ud83d here", "half a sign here"),
            ("turned \u202e round", "turned round"),
            (" \0 ", ""),
        ],
    )
    def test_any_name_arrives_and_changes_nothing_else(self, station: Station, name: str, shown: str) -> None:
        station.sender.send(envelope(from_name=name, to_name=name, subject=f"For {name}"))
        (mail,) = station.arrived
        assert mail.recipients == ((shown, "ana@client.test"),)
        assert mail.sender == (shown, "office@doorstep.test")
        assert mail.subject == f"For {shown}"[:200].strip()
        assert "Bcc" not in mail.headers
        assert mail.envelope_to == ("ana@client.test",)
        assert mail.text == ENVELOPE.text

    def test_texts_of_any_letters_and_lengths_arrive(self, station: Station) -> None:
        text = "王小明 😀 – half \ud83d\n" + "x" * 3000 + "\n\n.\n..\nFrom here\n"
        station.sender.send(envelope(text=text, html=f"<p>{text}</p>\n"))
        (mail,) = station.arrived
        assert mail.text == text.replace("\ud83d", "?")
        assert mail.html == f"<p>{mail.text}</p>\n"

    def test_a_mail_sent_again_bears_the_same_id(self, station: Station) -> None:
        for one in (ENVELOPE, ENVELOPE, envelope(message_id="0198c1aa-1111-7000-8000-000000000009")):
            station.sender.send(one)
        first, again, other = (mail.headers["Message-ID"] for mail in station.arrived)
        assert first == again == f"<{ENVELOPE.message_id}@doorstep.test>"
        assert other != first

    def test_a_domain_beyond_ascii_is_written_as_servers_do(self, station: Station) -> None:
        station.sender.send(envelope(to_address="Ana@Bücher.test"))
        (mail,) = station.arrived
        assert mail.envelope_to == ("Ana@xn--bcher-kva.test",)

    @pytest.mark.parametrize(
        "address", ["", "ana", "ana@", "@client.test", "a b@client.test", "a@b@c.test", "ana@client.test\r\nBcc: x@y.z",
                    "ana@client.test, eve@evil.test", "<ana@client.test>", "ana@client..test",
                    "ana@" + "x" * 64 + ".test"],
    )  # fmt: skip
    def test_what_cannot_be_an_address_is_refused_before_anybody_is_asked(self, station: Station, address: str) -> None:
        assert verdict(failure(station.sender, to_address=address)) == REFUSED_FOR_GOOD
        assert station.asked == []

    def test_a_senders_address_that_cannot_be_one_waits_for_the_operator(self, station: Station) -> None:
        assert verdict(failure(station.sender, from_address="office")) == TROUBLE
        assert station.asked == []

    def test_a_reply_address_that_cannot_be_one_does_not_keep_the_mail(self, station: Station) -> None:
        station.sender.send(envelope(reply_to="call us"))
        (mail,) = station.arrived
        assert mail.reply_to == ""

    @pytest.mark.parametrize("name", ["To", "bcc", "Message-Id", "Content-Type", "", "X Y", "X:Y", "X\r\nBcc", "Ü"])
    def test_headers_of_our_own_cannot_be_given_twice(self, station: Station, name: str) -> None:
        assert verdict(failure(station.sender, headers={name: "eve@evil.test"})) == REFUSED_FOR_GOOD
        assert station.asked == []

    def test_a_further_header_stays_one(self, station: Station) -> None:
        station.sender.send(envelope(headers={"X-Cause": "moved\r\nBcc: eve@evil.test"}))
        (mail,) = station.arrived
        assert mail.headers["X-Cause"] == "moved Bcc: eve@evil.test"
        assert "Bcc" not in mail.headers

    def test_a_refused_recipient_is_refused_for_good_and_says_nothing_of_the_server(self, station: Station) -> None:
        station.refuse_the_recipient()
        assert verdict(failure(station.sender)) == REFUSED_FOR_GOOD
        assert station.arrived == []

    def test_a_refused_content_is_refused_for_good_and_says_nothing_of_the_server(self, station: Station) -> None:
        station.refuse_the_content()
        assert verdict(failure(station.sender)) == REFUSED_FOR_GOOD
        assert station.arrived == []

    def test_a_busy_server_can_be_asked_later(self, station: Station) -> None:
        station.be_busy()
        assert verdict(failure(station.sender)) == TROUBLE

    def test_a_broken_server_can_be_asked_later(self, station: Station) -> None:
        station.break_down()
        assert verdict(failure(station.sender)) == TROUBLE

    def test_a_wrong_password_is_not_the_fault_of_the_mail(self, station: Station) -> None:
        assert verdict(failure(station.stranger)) == TROUBLE
        assert station.arrived == []
        with pytest.raises(EmailError) as caught:
            station.stranger.check()
        assert verdict(caught.value) == TROUBLE

    def test_no_secret_is_in_an_error_or_in_the_log(
        self, station: Station, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level(logging.DEBUG)
        errors = [failure(station.stranger)]
        station.sender.send(ENVELOPE)
        station.break_down()
        errors.append(failure(station.sender))
        station.go_away()
        errors.append(failure(station.sender))
        said = "".join(line for error in errors for line in traceback.format_exception(error))
        said += "".join(record.getMessage() for record in caplog.records if record.name != THE_DOUBLES_OWN_LOG)
        said += "".join(capfd.readouterr())
        assert [secret for secret in station.secrets if secret in said] == []

    def test_a_server_that_is_gone_is_told_at_once(self, station: Station) -> None:
        station.go_away()
        began = time.monotonic()
        assert verdict(failure(station.sender)) == TROUBLE
        with pytest.raises(EmailError):
            station.sender.check()
        assert time.monotonic() - began < PATIENCE_SECONDS

    def test_a_server_that_says_nothing_is_left_after_the_timeout(self, station: Station) -> None:
        station.fall_silent()
        began = time.monotonic()
        assert verdict(failure(station.sender)) == TROUBLE
        assert time.monotonic() - began < PATIENCE_SECONDS

    def test_the_check_passes_and_sends_nothing(self, station: Station) -> None:
        station.sender.check()
        assert station.asked != []
        assert station.arrived == []

    def test_works_again_once_the_server_does(self, station: Station) -> None:
        failure(station.stranger)
        station.sender.send(ENVELOPE)
        assert len(station.arrived) == 1
