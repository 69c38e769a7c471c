"""Mails through SendGrid's web API v3.

Sources: the pages "Mail Send" and "Rate Limits" of its API reference, and "Errors" of Mail Send for what it refuses.
"""

from __future__ import annotations

from typing import Any, Final

import requests
from requests.auth import AuthBase
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from doorstep.backends.email import addresses
from doorstep.backends.email.interface import EmailError, Envelope, MailRefused, ServerTrouble
from doorstep.backends.email.written import readable
from doorstep.core import clock
from doorstep.core.settings import Settings

LONGEST_SAYING: Final = 300
LONGEST_WAIT_SECONDS: Final = 3600.0
# The body is wrong or too large: it will be so tomorrow.
REFUSED: Final = frozenset({400, 413})
UNKNOWN: Final = frozenset({401, 403})


def make(settings: Settings) -> SendGridSender:
    """Returns the sender through the SendGrid account of the settings."""
    return SendGridSender(settings)


class _Key(AuthBase):
    """Gives the key, and by that keeps requests from putting one out of `.netrc` in its place."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


class SendGridSender:
    """One request for each mail, without redirections: the key goes to the address of the settings only."""

    name = "sendgrid"

    def __init__(self, settings: Settings) -> None:
        self._base = settings.sendgrid_api_base
        self._key = _Key(settings.sendgrid_api_key)
        self._timeout = settings.sendgrid_timeout_seconds

    def send(self, envelope: Envelope) -> str:
        answer = self._asked("POST", "/v3/mail/send", request_body(envelope))
        if answer.status_code != requests.codes.accepted:
            raise _refusal(answer)
        return answer.headers.get("x-message-id", "")

    def check(self) -> None:
        answer = self._asked("GET", "/v3/scopes")
        if answer.status_code != requests.codes.ok:
            raise _trouble(answer)
        if "mail.send" not in _granted(answer):
            raise ServerTrouble("SendGrid knows the key, but does not let it send mails")

    def _asked(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        url = self._base + path
        try:
            return requests.request(
                method, url, json=body, auth=self._key, timeout=self._timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            raise ServerTrouble(f"SendGrid cannot be reached: {type(error).__name__}") from error


def request_body(envelope: Envelope) -> dict[str, Any]:
    """Returns the body of Mail Send. Opens and clicks are not tracked: whom a client's link leads where is theirs.

    Raises MailRefused when the recipient's address cannot be one, ServerTrouble when the sender's cannot.
    """
    body: dict[str, Any] = {
        "personalizations": [{"to": [_person(_quoted(envelope.to_name), _recipient(envelope))]}],
        "from": _person(envelope.from_name, addresses.sender(envelope)),
        "subject": addresses.name(envelope.subject),
        "content": _content(envelope),
        "headers": {**addresses.more_headers(envelope), "Message-ID": addresses.message_id(envelope)},
        "custom_args": {"email_id": envelope.message_id},
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
        },
    }
    if answers := addresses.reply_to(envelope):
        body["reply_to"] = {"email": answers}
    if envelope.org_id:
        body["custom_args"]["org_id"] = envelope.org_id
    if envelope.purpose:
        body["categories"] = [envelope.purpose]
    return body


def _recipient(envelope: Envelope) -> str:
    address = addresses.recipient(envelope)
    if not address.isascii():
        raise MailRefused("SendGrid cannot write to an address with letters beyond ASCII")
    return address


def _person(name: str, address: str) -> dict[str, str]:
    shown = addresses.name(name)
    return {"email": address, "name": shown} if shown else {"email": address}


def _quoted(name: str) -> str:
    """Returns a recipient's name so that its commas and semicolons do not end it: SendGrid leaves the quoting of
    these to its caller (sendgrid/sendgrid-python, issue 578)."""
    shown = addresses.name(name)
    if not {",", ";"}.intersection(shown):
        return shown
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _content(envelope: Envelope) -> list[dict[str, str]]:
    """Text first: SendGrid refuses another order."""
    kinds = {"text/plain": envelope.text, "text/html": envelope.html}
    return [{"type": kind, "value": readable(value)} for kind, value in kinds.items() if value]


def _refusal(answer: requests.Response) -> EmailError:
    if answer.status_code in REFUSED:
        return MailRefused(f"SendGrid refuses the mail: {answer.status_code} {_said(answer)}".rstrip())
    return _trouble(answer)


def _trouble(answer: requests.Response) -> ServerTrouble:
    if answer.status_code in UNKNOWN:
        # Without the answer's words, which may repeat the key.
        return ServerTrouble(f"SendGrid does not accept the key or the sender ({answer.status_code})")
    return ServerTrouble(f"SendGrid answers {answer.status_code}", retry_after=_retry_after(answer))


def _said(answer: requests.Response) -> str:
    """Returns the messages of the errors, each with the field it is about."""
    try:
        errors = answer.json()["errors"]
        told = [f"{error['message']} ({error.get('field') or 'no field'})" for error in errors]
    except (requests.JSONDecodeError, KeyError, TypeError, AttributeError):
        return ""
    return addresses.one_line("; ".join(told))[:LONGEST_SAYING]


def _granted(answer: requests.Response) -> list[str]:
    try:
        return list(answer.json()["scopes"])
    except (requests.JSONDecodeError, KeyError, TypeError):
        return []


def _retry_after(answer: requests.Response) -> float | None:
    """Returns the seconds to wait, by Retry-After (RFC 9110, 10.2.3) or the moment in SendGrid's own header."""
    try:
        if asked := answer.headers.get("Retry-After"):
            seconds = Retry().parse_retry_after(asked)
        else:
            seconds = int(answer.headers["X-RateLimit-Reset"]) - clock.now().timestamp()
    except (InvalidHeader, KeyError, ValueError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)
