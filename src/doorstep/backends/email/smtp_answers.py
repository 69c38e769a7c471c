"""What a mail server's answers, and its silence, mean for a mail and for the mails after it (RFC 5321, 4.2). Pure."""

from __future__ import annotations

import smtplib
import ssl
from typing import Final

from doorstep.backends.email.addresses import one_line
from doorstep.backends.email.interface import EmailError, MailRefused, ServerTrouble

LONGEST_SAYING: Final = 300
# RFC 4954, 6: it wants a sign-in, another one, or does not know this one. The operator can help, the mail cannot.
SIGN_IN: Final = frozenset({530, 534, 535, 538})
GOING_AWAY: Final = 421
TOO_LARGE: Final = 552


def meaning(error: Exception) -> EmailError:
    """Returns the error in our words; of what a server says to a sign-in only the number."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _of_the_recipient(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return ServerTrouble(f"the mail server does not accept the username and password ({error.smtp_code})")
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return _of_the_mail(error)
    if isinstance(error, smtplib.SMTPResponseException):
        return ServerTrouble(f"the mail server answers {_said(error.smtp_code, error.smtp_error)}")
    return _of_the_line(error)


def _of_the_recipient(error: smtplib.SMTPRecipientsRefused) -> EmailError:
    """A 4xx is often meant for this one: a full mailbox, or a first mail that is to be tried again (RFC 6647)."""
    code, text = next(iter(error.recipients.values()))
    said = f"the recipient is refused: {_said(code, text)}"
    if code in SIGN_IN or code == GOING_AWAY:
        return ServerTrouble(said)
    return EmailError(said, permanent=code >= 500, alive=True)


def _of_the_mail(error: smtplib.SMTPResponseException) -> EmailError:
    """A refused sender is a matter of the settings, unless what is refused is the size that comes with it."""
    code = error.smtp_code
    said = f"the mail is refused: {_said(code, error.smtp_error)}"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return MailRefused(said) if code == TOO_LARGE else ServerTrouble(f"the sender is refused, {said}")
    return MailRefused(said) if code >= 500 and code not in SIGN_IN else ServerTrouble(said)


def _of_the_line(error: Exception) -> EmailError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return ServerTrouble(f"the mail server's certificate is not to be trusted: {error.verify_message}")
    if isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException):
        return ServerTrouble(f"the mail server cannot be reached: {_reason(error)}")
    return ServerTrouble(f"the mail server does not do what was asked: {_reason(error)}")


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "its name, or the username or password, has letters that cannot be sent"
    return one_line(str(getattr(error, "strerror", None) or error) or type(error).__name__)


def _said(code: int, text: bytes | str) -> str:
    """Returns the server's answer on one line."""
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {one_line(shown)}"[:LONGEST_SAYING].rstrip()
