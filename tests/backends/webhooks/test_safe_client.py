"""What is sent, and what becomes of the answer."""

from __future__ import annotations

import socket
import ssl
import time
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from standardwebhooks.webhooks import Webhook

from doorstep.backends.webhooks import answers, safe_client
from doorstep.backends.webhooks.interface import Reason
from doorstep.backends.webhooks.safe_client import SafeClient
from doorstep.core import clock
from doorstep.core.settings import Settings
from tests.backends.webhooks.station import HOST, PUBLIC, SECRET, Certificates, Station, courier


def headers_of(request: bytes) -> dict[str, str]:
    rows = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (row.partition(": ") for row in rows)}


def speaks_plainly(line: socket.socket) -> None:
    with line:
        line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


class TestRequest:
    """What the receiver gets."""

    def test_it_is_one_post_with_the_body_as_it_was_given(self, station: Station) -> None:
        delivery = station.delivery(station.url("/hooks/zoë?x=1"))
        station.client.deliver(delivery)
        (request,) = station.receiver.requests
        assert request.startswith(b"POST /hooks/zo%C3%AB?x=1 HTTP/1.1\r\n")
        assert request.endswith(b"\r\n\r\n" + delivery.body)
        assert headers_of(request) == {
            "host": f"hook.test:{station.port}",
            "user-agent": "Doorstep-Webhooks/1",
            "content-type": "application/json",
            "content-length": str(len(delivery.body)),
            "accept-encoding": "identity",
            "connection": "close",
            "webhook-id": "evt_1",
            "webhook-timestamp": "1800000000",
            "webhook-signature": headers_of(request)["webhook-signature"],
        }

    def test_the_receiver_can_verify_it(self, station: Station) -> None:
        station.client.deliver(station.delivery(timestamp=int(time.time())))
        (request,) = station.receiver.requests
        assert Webhook(SECRET).verify(request.partition(b"\r\n\r\n")[2], headers_of(request))

    def test_what_cannot_be_signed_is_not_sent(self, station: Station) -> None:
        for wrong in ({"secrets": ()}, {"secrets": ("whsec_short",)}, {"id": "a\r\nb"}):
            with pytest.raises(ValueError, match="webhook"):
                station.client.deliver(station.delivery(**wrong))
        assert station.receiver.connections == 0

    def test_an_address_of_ipv6_is_called_too(self, station: Station) -> None:
        if not station.speaks_ipv6:
            pytest.skip("this machine has no ::1")
        assert station.client.deliver(station.delivery(station.url(host="[::1]"))).status == 200
        assert headers_of(station.receiver.requests[0])["host"] == f"[::1]:{station.port}"


class TestAnswer:
    """What the receiver says."""

    @pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
    def test_a_yes_is_one(self, station: Station, status: int) -> None:
        station.receiver.answer(status)
        answer = station.client.deliver(station.delivery())
        assert (answer.status, answer.excerpt, answer.retry_after) == (status, "", None)
        assert 0 <= answer.ms < 2000

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422, 451])
    def test_a_no_for_good_is_one(self, station: Station, status: int) -> None:
        station.receiver.answer(status)
        error = station.failure()
        assert (error.reason, error.permanent) == (Reason.STATUS, True)
        assert str(error) == f"hook.test answers {status}"

    @pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 999])
    def test_a_no_for_now_is_one(self, station: Station, status: int) -> None:
        station.receiver.answer(status, b"busy", Retry_After="17")
        error = station.failure()
        assert (error.reason, error.permanent) == (Reason.STATUS, False)
        assert error.answer is not None
        assert (error.answer.status, error.answer.excerpt, error.answer.retry_after) == (status, "busy", 17)

    def test_a_row_can_hold_its_beginning(self, station: Station) -> None:
        station.receiver.answer(200, "Zoë\x00\x1b[31m\n".encode() + b"\xff" + b"x" * 5000)
        excerpt = station.client.deliver(station.delivery()).excerpt
        assert excerpt.startswith("Zoë\ufffd\ufffd[31m\n\ufffdxxx")
        assert len(excerpt) < 1025

    def test_what_is_packed_stays_packed(self, station: Station) -> None:
        station.receiver.answer(200, b"\x1f\x8b not unpacked", Content_Encoding="gzip")
        assert station.client.deliver(station.delivery()).excerpt.endswith("not unpacked")

    def test_a_body_that_breaks_off_takes_nothing_back(self, station: Station) -> None:
        station.receiver.say(b"HTTP/1.1 202 Yes\r\nContent-Length: 100\r\n\r\nhalf")
        assert station.client.deliver(station.delivery()).excerpt == "half"
        station.receiver.say(b"HTTP/1.1 202 Yes\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n")
        assert station.client.deliver(station.delivery()).excerpt == "half"

    def test_a_receiver_that_keeps_the_line_open_is_not_waited_for(self, station: Station) -> None:
        def script(line: object, receiver: object) -> None:
            line.sendall(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\ndone")  # type: ignore[attr-defined]
            receiver.closing.wait(5)  # type: ignore[attr-defined]

        station.receiver.script = script
        answer = station.client.deliver(station.delivery())
        assert answer.excerpt == "done"
        assert answer.ms < 1000

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (b"", Reason.UNREACHABLE),
            (b"220 mail.test ESMTP T0K3N\r\n", Reason.NOT_HTTP),
            (b"HTTP/1.1 T0K3N\r\n\r\n", Reason.NOT_HTTP),
            (b"HTTP/2 200\r\n\r\n", Reason.NOT_HTTP),
            (b"HTTP/1.1 200 OK\r\nX: " + b"T0K3N" * 20000 + b"\r\n\r\n", Reason.TOO_LARGE),
            (b"HTTP/1.1 200 OK\r\n" + b"X: T0K3N\r\n" * 200 + b"\r\n", Reason.TOO_LARGE),
        ],
    )
    def test_what_is_no_answer_is_told_without_its_words(self, station: Station, text: bytes, reason: Reason) -> None:
        station.receiver.say(text)
        error = station.failure()
        assert (error.reason, error.permanent, error.answer) == (reason, False, None)
        assert "T0K3N" not in str(error)
        assert error.__suppress_context__

    def test_an_error_does_not_show_what_may_be_secret(
        self, station: Station, caplog: pytest.LogCaptureFixture
    ) -> None:
        station.receiver.answer(500, b"your T0K3N is wrong", Set_Cookie="T0K3N", X="\r\nT0K3N without a colon")
        error = station.failure(station.url("/T0K3N"))
        assert "T0K3N" not in str(error) + repr(error) + repr(error.answer) + caplog.text

    @pytest.mark.parametrize(
        ("asked", "seconds"),
        [("17", 17), ("0", 0), ("9" * 30, 21600), ("9" * 5000, None), ("-5", None), ("soon", None), ("1, 2", None)],
    )
    def test_it_may_say_when_to_come_back(self, station: Station, asked: str, seconds: float | None) -> None:
        station.receiver.answer(503, Retry_After=asked)
        error = station.failure()
        assert error.answer is not None
        assert error.answer.retry_after == seconds

    def test_it_may_also_say_so_by_a_date(self, station: Station) -> None:
        station.receiver.answer(429, Retry_After=format_datetime(clock.minutes_from_now(2), usegmt=True))
        error = station.failure()
        assert error.answer is not None
        assert 100 < (error.answer.retry_after or 0) <= 120

    @given(some.one_of(some.text(), some.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [+-]?\w+")))
    def test_whatever_it_says_is_understood_or_passed_over(self, asked: str) -> None:
        seconds = answers._retry_after(asked)
        assert seconds is None or 0 <= seconds <= 21600


class TestWay:
    """What can go wrong before there is an answer."""

    def test_an_unknown_name_is_told(self, station: Station) -> None:
        error = station.failure("https://nobody.test/", station.strict)
        assert (error.reason, error.permanent, str(error)) == (Reason.DNS, False, "nobody.test has no address")

    def test_a_closed_door_is_told(self, station: Station) -> None:
        station.names[HOST] = [["127.0.0.3"]]
        error = station.failure()
        assert (error.reason, error.permanent) == (Reason.UNREACHABLE, False)

    def test_check_asks_nobody(self, station: Station) -> None:
        station.strict.check("https://nobody.test/hooks")
        assert station.asked == []
        assert station.receiver.connections == 0


class TestTls:
    """The certificate is of the name, by an authority that this machine trusts, although an address is called."""

    @pytest.fixture
    def certificates(self, station: Station) -> Certificates:
        made = Certificates(HOST)
        station.receiver.tls = made.context
        return made

    def trusting(self, station: Station, one: Certificates, patch: pytest.MonkeyPatch, folder: Path) -> SafeClient:
        path = folder / "authority.pem"
        one.authority.cert_pem.write_to_path(str(path))
        patch.setenv("SSL_CERT_FILE", str(path))
        return safe_client.make(station.open)

    def test_the_right_name_is_trusted_and_asked_for(
        self, station: Station, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        asked = []
        certificates.context.sni_callback = lambda _, name, __: asked.append(name)
        client = self.trusting(station, certificates, monkeypatch, tmp_path)
        assert client.deliver(station.delivery(station.url(scheme="https"))).status == 200
        assert asked == [HOST]
        assert headers_of(station.receiver.requests[0])["host"] == f"{HOST}:{station.port}"

    def test_a_certificate_of_another_name_is_refused(self, station: Station, certificates: Certificates) -> None:
        station.names["other.test"] = [["127.0.0.1"]]
        client = courier(station.open, certificates)
        error = station.failure(station.url(host="other.test", scheme="https"), client)
        assert (error.reason, error.permanent) == (Reason.TLS, False)
        assert station.receiver.requests == []

    def test_an_unknown_authority_is_refused(self, station: Station, certificates: Certificates) -> None:
        error = station.failure(station.url(scheme="https"))
        assert (error.reason, error.permanent) == (Reason.TLS, False)
        assert station.receiver.requests == []

    def test_the_usual_strictness_holds(self) -> None:
        trust = safe_client.make(Settings())._trust
        assert trust.minimum_version >= ssl.TLSVersion.TLSv1_2
        assert trust.verify_mode is ssl.CERT_REQUIRED
        assert trust.check_hostname

    def test_who_speaks_no_tls_is_told(self, station: Station) -> None:
        station.receiver.talk = speaks_plainly  # type: ignore[method-assign]
        assert station.failure(station.url(scheme="https")).reason is Reason.TLS

    def test_no_port_is_named_where_it_is_the_usual_one(self, station: Station) -> None:
        assert PUBLIC in station.strict._rules.target(f"https://{PUBLIC}:443/").authority
        assert ":" not in station.strict._rules.target(f"https://{PUBLIC}:443/").authority
