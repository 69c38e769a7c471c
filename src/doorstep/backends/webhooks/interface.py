"""The contract of outgoing webhooks: a delivery goes in, and is taken by the receiver or refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Reason(StrEnum):
    """Why a delivery was not taken. The words are kept in rows, so they stay."""

    URL = "refused_url"
    ADDRESS = "refused_address"
    DNS = "dns"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    NOT_HTTP = "not_http"
    REDIRECT = "redirect"
    STATUS = "status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event to one receiver. `id` is the event's: however often it is sent, it bears the same one, by which
    receivers know a repetition. `timestamp` is the moment of this try, in seconds of Unix time. `secrets` are the
    receiver's, the newest first; there are two while one takes the other's place. `timeout` is for everything, from
    the look-up of the name to the end of the answer, in seconds; None means that of the settings.
    """

    url: str = field(repr=False)
    id: str
    timestamp: int
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    timeout: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the receiver said. `ms`: how long it all took. `excerpt`: the beginning of its body as text that a row can
    hold. `retry_after`: seconds for which it asked to be left alone, if it did."""

    status: int
    ms: int
    excerpt: str = field(default="", repr=False)
    retry_after: float | None = None


class WebhookError(Exception):
    """The delivery was not taken. The message names the receiver's host and nothing of its address or answer behind it.

    `permanent`: this receiver will not take this delivery until somebody changes something; otherwise trying again
    later can help. `answer` is there when the receiver gave one.
    """

    def __init__(self, message: str, *, permanent: bool, reason: Reason, answer: Answer | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.reason = reason
        self.answer = answer


class Courier(Protocol):
    """Carries deliveries. Both methods raise WebhookError, and nothing else for what a receiver does."""

    def deliver(self, delivery: Delivery) -> Answer:
        """Returns the answer once the receiver has taken the delivery, which it says by a status from 200 to 299.
        Raises ValueError for a delivery that cannot be signed."""

    def check(self, url: str) -> None:
        """Refuses an address to which nothing would ever be delivered, without asking anybody."""
