"""A signed text opens one door, for a while."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import URLSafeSerializer

from doorstep.core import clock, signing

SECRET = "k" * 40
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_what_was_signed_can_be_read_back() -> None:
    text = signing.sign(SECRET, "photo", {"key": "a/b"}, seconds=60)
    found = signing.read(SECRET, "photo", text)
    assert found is not None
    assert found["key"] == "a/b"


def test_it_is_over_at_its_end() -> None:
    with clock.held_at(NOON):
        text = signing.sign(SECRET, "photo", {}, seconds=60)
    with clock.held_at(NOON + timedelta(seconds=59)):
        assert signing.read(SECRET, "photo", text) is not None
    with clock.held_at(NOON + timedelta(seconds=60)):
        assert signing.read(SECRET, "photo", text) is None


@pytest.mark.parametrize(("secret", "purpose"), [(SECRET, "client"), ("j" * 40, "photo"), (SECRET, "photo ")])
def test_another_purpose_or_secret_reads_nothing(secret: str, purpose: str) -> None:
    text = signing.sign(SECRET, "photo", {}, seconds=60)
    assert signing.read(secret, purpose, text) is None


def test_one_changed_character_spoils_it() -> None:
    text = signing.sign(SECRET, "photo", {"key": "a"}, seconds=60)
    for place in range(len(text)):
        other = "A" if text[place] != "A" else "B"
        found = signing.read(SECRET, "photo", text[:place] + other + text[place + 1 :])
        # The last character of base64 has bits that mean nothing; then it is still the same text.
        assert found is None or place == len(text) - 1


@pytest.mark.parametrize("text", [None, "", "x", "a.b", "a.b.c", "é" * 20, "x" * 5000, "\0"])
def test_nonsense_reads_nothing(text: str | None) -> None:
    assert signing.read(SECRET, "photo", text) is None


@pytest.mark.parametrize("payload", [[1], {"key": "a"}, {"key": "a", "exp": 0}])
def test_a_signed_text_that_is_no_object_or_has_no_end_reads_nothing(payload: object) -> None:
    ways = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    maker = URLSafeSerializer(SECRET, salt="doorstep.photo", signer_kwargs=ways)
    good = str(maker.dumps({"key": "a", "exp": 9_999_999_999}))
    assert signing.read(SECRET, "photo", good) is not None
    assert signing.read(SECRET, "photo", str(maker.dumps(payload))) is None


def test_it_survives_a_url_and_a_mail_program() -> None:
    texts = [signing.sign(SECRET, "photo", {"n": n}, seconds=60) for n in range(200)]
    assert all(set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") for text in texts)
    assert not any(text.endswith(".") or text.startswith(".") for text in texts)
