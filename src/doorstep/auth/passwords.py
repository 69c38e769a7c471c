"""Passwords: how they are kept, checked and judged.

argon2id with the least parameters that OWASP's Password Storage Cheat Sheet recommends; at most two at a time, so
that a flood of sign-ins leaves the processors to everybody else.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from doorstep.core.errors import Unavailable, invalid

SHORTEST: Final = 10
LONGEST: Final = 200
AT_ONCE: Final = 2
PATIENCE_SECONDS: Final = 5.0
FEWEST_LETTERS: Final = 4

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# The hash of a password that nobody knows: checked where there is none, so that both take the same time.
NOBODYS: Final = "$argon2id$v=19$m=19456,t=2,p=1$Iat5aHc95FbgzKZbe7VlAA$sYqpEejVn9GBqzZWqgKA9Dnle4y1ZYGBMBKTd2xpTrM"
COMMON: Final = frozenset({
    "0123456789", "1234567890", "0987654321", "12345678910", "1234512345", "1122334455", "9876543210",
    "123123123123", "1234567890123", "password12", "password123", "password1234", "password12345",
    "passwordpassword", "passw0rd123", "mypassword", "yourpassword", "qwertyuiop", "qwerty12345",
    "qwerty123456", "qwertyqwerty", "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx3edc", "qazwsxedcrfv",
    "asdfghjkl1", "asdfasdfasdf", "zxcvbnm123", "iloveyou123", "iloveyou12", "letmein123", "letmein1234",
    "welcome123", "welcome1234", "changeme123", "administrator", "admin12345", "admin123456", "football123",
    "baseball123", "superman123", "princess123", "sunshine123", "michael123", "abcdefghij", "abcdefghijkl",
    "abcd123456", "abc1234567", "a123456789", "q123456789", "11111111111", "doorstep123", "doorstep1234",
    "summer2025", "winter2025", "spring2026", "summer2026", "autumn2026", "winter2026", "trustno1trustno1",
    "starwars123", "whatever123",
})  # fmt: skip

_turns = threading.BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """Returns what is stored of a password. Raises Unavailable when too many are being worked on."""
    with _turn():
        return HASHER.hash(_same(password))


def verify(stored: str | None, password: str) -> bool:
    """Returns whether the password is the stored one. Without a stored one the work is done all the same and the
    answer is no. Raises Unavailable when too many are being worked on."""
    with _turn():
        try:
            HASHER.verify(stored or NOBODYS, _same(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_dated(stored: str) -> bool:
    """Returns whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def check(password: str, *, email: str, name: str, field: str = "password") -> None:
    """Raises Invalid for a password that is too short, too long or easily guessed. No rule asks for symbols: length
    is what counts (NIST SP 800-63B, 5.1.1.2)."""
    if len(password) < SHORTEST:
        raise invalid(field, f"Use at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise invalid(field, f"Use at most {LONGEST} characters.")
    said = _same(password).casefold()
    if said in COMMON or len(set(said)) < FEWEST_LETTERS:
        raise invalid(field, "Many people use this password. Choose another one.")
    if said in _own_words(email, name):
        raise invalid(field, "Choose something else than your own name or address.")


def _own_words(email: str, name: str) -> set[str]:
    mail, called = email.casefold(), name.casefold()
    return {mail, mail.partition("@")[0], called, "".join(called.split())}


def _same(password: str) -> str:
    # One letter can be typed in two ways on two keyboards; after this they are the same bytes.
    return unicodedata.normalize("NFKC", password)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise Unavailable("Many people are signing in just now. Try again.", headers={"Retry-After": "5"})
    try:
        yield
    finally:
        _turns.release()
