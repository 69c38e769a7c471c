"""Mails through a mail server: the common contract in each way of encryption, and what only SMTP can do wrong."""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from doorstep.backends.email import smtp_answers
from doorstep.backends.email.interface import EmailError
from tests.backends.email.contract import PATIENCE_SECONDS, REFUSED_FOR_GOOD, TROUBLE, SenderContract, failure, verdict
from tests.backends.email.letters import ENVELOPE, envelope
from tests.backends.email.smtp_station import Certificates, SmtpStation, deaf_server

# The double may let somebody sign in unencrypted: what is tried out is the sender.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")

ENCRYPTED = ("starttls", "implicit")
GREYLISTED = (False, True)
Build = Callable[..., SmtpStation]


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    return Certificates()


@pytest.fixture
def build(certificates: Certificates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Build]:
    """Makes servers whose certificates are trusted unless a test brings others."""
    certificates.trusted_by(monkeypatch, tmp_path)
    made = []

    def built(tls: str, own: Certificates = certificates, **options: object) -> SmtpStation:
        made.append(SmtpStation(tls, own, **options))  # type: ignore[arg-type]
        return made[-1]

    yield built
    for station in made:
        station.go_away()


@pytest.fixture(params=["starttls", "implicit", "none"])
def station(build: Build, request: pytest.FixtureRequest) -> SmtpStation:
    return build(request.param)


class TestContract(SenderContract):
    """The promises of every sender, encrypted in either way and not at all."""


class TestEncryption:
    """Encryption that is demanded is there, to the right server, or nothing is said."""

    def test_starttls_that_is_not_offered_ends_it_before_anything_is_said(self, build: Build) -> None:
        station = build("starttls", offered="none")
        error = failure(station.sender)
        assert verdict(error) == TROUBLE
        assert "STARTTLS" in str(error)
        assert [asked.split()[0] for asked in station.asked] == ["EHLO"]

    def test_starttls_that_is_refused_ends_it_before_anything_is_said(
        self, build: Build, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        station = build("starttls")
        monkeypatch.setattr("aiosmtpd.smtp.SMTP.smtp_STARTTLS", refuse_starttls)
        error = failure(station.sender)
        assert verdict(error) == TROUBLE
        assert "454" in str(error)
        assert [asked.split()[0] for asked in station.asked] == ["EHLO"]

    @pytest.mark.parametrize("tls", ENCRYPTED)
    def test_a_server_that_speaks_plainly_gets_nothing(self, build: Build, tls: str) -> None:
        station = build(tls, offered="none")
        assert verdict(failure(station.sender)) == TROUBLE
        with pytest.raises(EmailError):
            station.sender.check()
        assert not {"AUTH", "MAIL"}.intersection(station.asked)

    @pytest.mark.parametrize("tls", ENCRYPTED)
    def test_a_certificate_of_an_unknown_authority_is_not_trusted(self, build: Build, tls: str) -> None:
        station = build(tls, Certificates())
        error = failure(station.sender)
        assert verdict(error) == TROUBLE
        assert "certificate is not to be trusted" in str(error)
        assert not {"AUTH", "MAIL"}.intersection(station.asked)

    @pytest.mark.parametrize("tls", ENCRYPTED)
    def test_a_certificate_of_another_name_is_not_trusted(
        self, build: Build, tls: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        others = Certificates("mail.evil.test")
        others.trusted_by(monkeypatch, tmp_path)
        station = build(tls, others)
        assert "certificate is not to be trusted" in str(failure(station.sender))
        assert not {"AUTH", "MAIL"}.intersection(station.asked)


async def refuse_starttls(self: object, arg: str) -> None:
    await self.push("454 4.7.0 TLS not available")  # type: ignore[attr-defined]


class TestConversation:
    """What is said to the server, and what its answers mean."""

    @pytest.mark.parametrize(
        ("step", "answer", "meant"),
        [
            ("RCPT", "550 5.1.1 unknown", REFUSED_FOR_GOOD),
            ("RCPT", "552 5.2.2 mailbox full", REFUSED_FOR_GOOD),
            ("RCPT", "450 4.2.0 greylisted", GREYLISTED),
            ("RCPT", "452 4.2.2 mailbox full", GREYLISTED),
            ("RCPT", "421 4.3.2 going down", TROUBLE),
            ("RCPT", "530 5.7.0 sign in first", TROUBLE),
            ("MAIL", "550 5.7.1 not your domain", TROUBLE),
            ("MAIL", "451 4.3.0 later", TROUBLE),
            ("MAIL", "530 5.7.0 sign in first", TROUBLE),
            ("MAIL", "552 5.3.4 too large", REFUSED_FOR_GOOD),
            ("DATA", "552 5.3.4 too large", REFUSED_FOR_GOOD),
            ("DATA", "550 5.7.1 spam", REFUSED_FOR_GOOD),
            ("DATA", "452 4.3.1 disk full", TROUBLE),
            ("DATA", "421 4.3.2 going down", TROUBLE),
        ],
    )
    def test_an_answer_means_the_same_at_the_same_step(
        self, build: Build, step: str, answer: str, meant: tuple[bool, bool]
    ) -> None:
        station = build("none")
        station.answer(**{step: answer})
        error = failure(station.sender)
        assert verdict(error) == meant
        assert answer in str(error)
        assert station.arrived == []

    def test_a_wrong_password_is_told_without_the_servers_words(self, station: SmtpStation) -> None:
        error = failure(station.stranger)
        assert str(error) == "the mail server does not accept the username and password (535)"
        assert "MAIL" not in station.asked

    def test_a_server_that_hangs_up_after_taking_the_mail_has_taken_it(self, station: SmtpStation) -> None:
        station.postman.rude = True
        station.sender.send(ENVELOPE)
        assert len(station.arrived) == 1

    def test_the_check_hears_what_the_server_says(self, build: Build) -> None:
        station = build("none")
        station.answer(NOOP="421 4.3.2 going down")
        with pytest.raises(EmailError, match="going down") as caught:
            station.sender.check()
        assert verdict(caught.value) == TROUBLE

    def test_without_a_name_nobody_signs_in(self, build: Build) -> None:
        station = build("none")
        station.answer(MAIL="530 5.7.0 sign in first")
        assert verdict(failure(station.sender_with(smtp_username="", smtp_password=""))) == TROUBLE
        assert "AUTH" not in station.asked

    def test_a_sign_in_that_is_not_offered_is_not_left_out(self, build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("aiosmtpd.smtp.SMTP.smtp_EHLO", plain_ehlo)
        station = build("none")
        assert "AUTH" in str(failure(station.sender))
        assert "MAIL" not in station.asked

    def test_a_password_that_cannot_be_sent_is_not_shown(self, build: Build) -> None:
        error = failure(build("none").sender_with(smtp_password="geheim-ä"))
        assert verdict(error) == TROUBLE
        assert "ä" not in str(error)
        assert error.__suppress_context__

    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("https://doorstep.alder.test/", "doorstep.alder.test"),
            ("https://bücher.test", "xn--bcher-kva.test"),
            ("http://127.0.0.1:8000", "[127.0.0.1]"),
            ("http://[::1]:8000", "[IPv6:::1]"),
        ],
    )
    def test_the_installation_introduces_itself_by_the_name_people_know(
        self, build: Build, url: str, name: str
    ) -> None:
        station = build("none")
        station.sender_with(public_base_url=url).check()
        assert station.asked[0] == f"EHLO {name}"

    def test_letters_beyond_ascii_in_an_address_need_a_server_that_knows_them(self, build: Build) -> None:
        station = build("none", utf8=True)
        station.sender.send(envelope(to_address="anä@bücher.test", to_name="Anä"))
        (mail,) = station.arrived
        assert mail.envelope_to == ("anä@xn--bcher-kva.test",)
        error = failure(build("none").sender, to_address="anä@bücher.test")
        assert verdict(error) == REFUSED_FOR_GOOD
        assert "beyond ASCII" in str(error)

    def test_many_may_send_at_once(self, build: Build) -> None:
        station = build("none")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n: station.sender.send(envelope(message_id=f"m{n}")), range(24)))
        assert len({mail.headers["Message-ID"] for mail in station.arrived}) == 24


async def plain_ehlo(self: object, hostname: str) -> None:
    self.session.extended_smtp, self.session.host_name = True, hostname  # type: ignore[attr-defined]
    await self.push("250 mail.test")  # type: ignore[attr-defined]


class TestSilence:
    """Nothing waits longer than the timeout, at whatever step the server falls silent."""

    @pytest.mark.parametrize("tls", ["starttls", "implicit", "none"])
    def test_a_server_that_takes_the_connection_and_says_nothing(self, build: Build, tls: str) -> None:
        station = build(tls)
        with deaf_server() as port:
            began = time.monotonic()
            error = failure(station.sender_with(smtp_port=port))
        assert verdict(error) == TROUBLE
        assert time.monotonic() - began < PATIENCE_SECONDS

    def test_a_name_that_nobody_knows(self, build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
        def unknown(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        sender = build("none").sender_with(smtp_host="mail.nowhere.test")
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        error = failure(sender)
        assert verdict(error) == TROUBLE
        assert "Name or service not known" in str(error)

    def test_a_name_that_cannot_be_one(self, build: Build) -> None:
        assert verdict(failure(build("none").sender_with(smtp_host="x" * 70 + ".test"))) == TROUBLE

    def test_the_machines_own_name_is_not_looked_up(self, build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "getfqdn", lambda *_: pytest.fail("asked the network for a name"))
        build("none").sender.send(ENVELOPE)


def test_a_long_answer_is_cut_and_stands_on_one_line() -> None:
    error = smtp_answers.meaning(smtplib.SMTPDataError(554, b"no\r\n" + b"x" * 1000 + b"\xff"))
    assert str(error).startswith("the mail is refused: 554 no xxx")
    assert len(str(error)) < 400
    assert "\n" not in str(error)
