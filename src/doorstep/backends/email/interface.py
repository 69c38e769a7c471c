"""The contract of every sender of mail: an envelope goes in, and is taken by the server or refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class EmailError(Exception):
    """The mail was not taken.

    `permanent`: this mail will never be taken, because of its address or its content; otherwise trying again later
    can help. `alive`: the server itself is well, so that this says nothing about other mails and must not stop them.
    `retry_after`: seconds for which the server asked to be left alone, if it did.
    """

    def __init__(self, message: str, *, permanent: bool, alive: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.alive = alive
        self.retry_after = retry_after


class MailRefused(EmailError):
    """This mail will never be taken; others will."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True, alive=True)


class ServerTrouble(EmailError):
    """The server, the way to it or what it knows of us is not in order; no fault of the mail."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message, permanent=False, alive=False, retry_after=retry_after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One mail to one person. Names, subject and values of headers may hold anything; senders make them harmless.

    `message_id` is the row's id: however often the mail is sent, it bears the same Message-ID, by which servers and
    readers know a repetition. `purpose` and `org_id` are for the vendor's statistics. `headers` are further ones
    such as List-Unsubscribe.
    """

    message_id: str
    from_address: str
    from_name: str = ""
    to_address: str
    to_name: str = ""
    reply_to: str = ""
    subject: str
    text: str
    html: str = ""
    purpose: str = ""
    org_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Sender(Protocol):
    """Hands mails to a server. Both methods may raise EmailError, and do so within the timeouts of the settings."""

    name: str

    def send(self, envelope: Envelope) -> str:
        """Returns the vendor's id of the mail, or an empty text, once the server has answered for it."""

    def check(self) -> None:
        """Proves that the server is there and knows us, without sending a mail."""
