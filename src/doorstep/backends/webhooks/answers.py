"""What a receiver's answer means: taken, or not and whether trying again can help."""

from __future__ import annotations

from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from typing import Final

from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from doorstep.backends.webhooks.deadline import Deadline
from doorstep.backends.webhooks.interface import Answer, Reason, WebhookError

MOST_BYTES: Final = 64 * 1024
PIECE_BYTES: Final = 8 * 1024
EXCERPT_BYTES: Final = 1024
LONGEST_WAIT_SECONDS: Final = 21600.0
# Said about the moment, not about the request (RFC 9110, 6585 and 8470).
FOR_NOW: Final = frozenset({408, 409, 425, 429})


def read(response: HTTPResponse, deadline: Deadline) -> Answer:
    """Returns the answer of which the head has come. Of its body so much as comes in time and without a fault: what
    the receiver made of the delivery, it has said already. Raises TimeoutError when the head was cut off."""
    deadline.left()
    body = _body(response)
    return Answer(
        status=response.status,
        ms=deadline.ms,
        excerpt=_text(body[:EXCERPT_BYTES]),
        retry_after=_retry_after(response.getheader("Retry-After")),
    )


def judged(answer: Answer, host: str) -> Answer:
    """Returns an answer that says yes. Raises WebhookError for any other."""
    status = answer.status
    if 200 <= status < 300:
        return answer
    if 300 <= status < 400:
        message = f"{host} answers {status}: it sends elsewhere, where nothing is sent"
        raise WebhookError(message, permanent=False, reason=Reason.REDIRECT, answer=answer)
    permanent = 400 <= status < 500 and status not in FOR_NOW
    raise WebhookError(f"{host} answers {status}", permanent=permanent, reason=Reason.STATUS, answer=answer)


def _body(response: HTTPResponse) -> bytes:
    """Reads on behind the excerpt, so that a receiver of usual manners is not cut off in mid-sentence; not for ever.
    `read1` gives what is there: `read` would collect a whole piece first, however slowly it comes."""
    most = MOST_BYTES if response.length is None else min(response.length, MOST_BYTES)
    body = b""
    with suppress(OSError, HTTPException):
        while len(body) < most and (piece := response.read1(min(most - len(body), PIECE_BYTES))):
            body += piece
    return body


def _text(body: bytes) -> str:
    """Returns text without what a terminal or PostgreSQL would stumble over."""
    shown = body.decode("utf-8", errors="replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in shown)


def _retry_after(asked: str | None) -> float | None:
    """Returns the seconds to wait by Retry-After (RFC 9110, 10.2.3), six hours at most."""
    try:
        return min(Retry().parse_retry_after(asked), LONGEST_WAIT_SECONDS) if asked else None
    except (InvalidHeader, ValueError, OverflowError):
        return None
