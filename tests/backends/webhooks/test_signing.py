"""Signatures are those of the specification: its reference library says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as some
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from doorstep.backends.webhooks import signing
from doorstep.backends.webhooks.interface import Delivery

NOW = 1800000000
OLD, NEW, FOREIGN = (signing.secret_of(letter * 32) for letter in (b"o", b"n", b"f"))
BODY = '{"type":"order.completed","data":{"client":"Zoë Ångström"}}'


def delivery(*secrets: str, **other: object) -> Delivery:
    made = Delivery(url="https://hook.test/", id="evt_1", timestamp=NOW, body=BODY.encode(), secrets=secrets)
    return replace(made, **other)  # type: ignore[arg-type]


def verified(made: Delivery, secret: str, *, at: int = NOW, body: bytes | None = None) -> object:
    with time_machine.travel(datetime.fromtimestamp(at, UTC), tick=False):
        return Webhook(secret).verify(made.body if body is None else body, signing.headers(made))


def test_the_receiver_s_library_believes_us() -> None:
    assert verified(delivery(NEW), NEW) == json.loads(BODY)


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_while_a_secret_is_changed_both_are_believed(secret: str) -> None:
    assert verified(delivery(NEW, OLD), secret) == json.loads(BODY)


@pytest.mark.parametrize("secrets", [(NEW,), (NEW, OLD)])
def test_with_another_secret_nobody_believes_it(secrets: Sequence[str]) -> None:
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        verified(delivery(*secrets), FOREIGN)


def test_the_old_secret_ends_with_the_overlap() -> None:
    with pytest.raises(WebhookVerificationError):
        verified(delivery(NEW), OLD)


@pytest.mark.parametrize("at", [NOW - 301, NOW + 301])
def test_a_delivery_of_another_time_is_not_believed(at: int) -> None:
    with pytest.raises(WebhookVerificationError, match="timestamp"):
        verified(delivery(NEW), NEW, at=at)


@pytest.mark.parametrize("header", [{"webhook-id": "evt_2"}, {"webhook-timestamp": str(NOW + 1)}])
def test_id_and_timestamp_are_signed(header: dict[str, str]) -> None:
    headers = signing.headers(delivery(NEW)) | header
    with time_machine.travel(datetime.fromtimestamp(NOW, UTC), tick=False), pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(BODY, headers)


def test_the_body_is_signed() -> None:
    with pytest.raises(WebhookVerificationError):
        verified(delivery(NEW), NEW, body=BODY.replace("completed", "cancelled").encode())


@given(
    key=some.binary(min_size=24, max_size=64), body=some.text(), timestamp=some.integers(1_600_000_000, 4_000_000_000)
)
def test_it_agrees_with_the_reference_whatever_is_signed(key: bytes, body: str, timestamp: int) -> None:
    made = delivery(signing.secret_of(key), body=body.encode("utf-8", "surrogatepass"), timestamp=timestamp)
    expected = Webhook(made.secrets[0]).sign("evt_1", datetime.fromtimestamp(timestamp, UTC), body)
    assert signing.headers(made)["webhook-signature"] == expected


def test_a_known_signature_stays() -> None:
    """The example of Svix' documentation ("Verifying webhooks manually"), on which the specification was modelled."""
    made = Delivery(
        url="",
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
        secrets=("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",),
    )
    assert signing.headers(made)["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("key", [b"", b"k" * 23, b"k" * 65])
def test_a_key_is_neither_short_nor_long(key: bytes) -> None:
    with pytest.raises(ValueError, match="24 to 64 bytes"):
        signing.secret_of(key)


@pytest.mark.parametrize("secret", ["", "whsec_", NEW.removeprefix("whsec_"), "whsec_" + "*" * 44, NEW + "ö", NEW[:-5]])
def test_what_is_no_secret_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match="whsec_") as caught:
        signing.headers(delivery(secret))
    assert secret[6:] == "" or secret[6:] not in str(caught.value)


def test_a_delivery_without_a_secret_is_never_sent_unsigned() -> None:
    with pytest.raises(ValueError, match="needs a secret"):
        signing.headers(delivery())


@pytest.mark.parametrize("wrong", ["", "evt.1", "evt 1", "evt\r\nX: y", "é", "x" * 129])
def test_an_id_can_be_read_in_one_way_only(wrong: str) -> None:
    with pytest.raises(ValueError, match="id"):
        signing.headers(delivery(NEW, id=wrong))


def test_a_delivery_does_not_show_its_secrets() -> None:
    shown = repr(delivery(NEW, OLD))
    assert NEW not in shown
    assert OLD not in shown
    assert "Zoë" not in shown
