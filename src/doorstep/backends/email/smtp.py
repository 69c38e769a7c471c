"""Mails through a mail server (RFC 5321), encrypted and verified unless the settings say `none`.

Flask-Mail keeps the server's settings and opens and closes the connection. What it does not do is done here with
smtplib: it has no timeouts, does not verify certificates, signs in only if it can, gives each mail a new
Message-ID, and reports a mail as failed when only the farewell after it did.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from ipaddress import ip_address
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

from flask_mail import Connection, Mail

from doorstep.backends.email import addresses, smtp_answers
from doorstep.backends.email.interface import Envelope, MailRefused
from doorstep.backends.email.written import POLICY, written
from doorstep.core import clock
from doorstep.core.settings import Settings

WELL: Final = 250
# After these the server waits for the next command, so that one can take leave of it.
STILL_LISTENING: Final = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, MailRefused)


def make(settings: Settings) -> SmtpSender:
    """Returns the sender through the server of the settings."""
    return SmtpSender(settings)


class SmtpSender:
    """One connection for each mail. The settings' timeout is for each of the server's answers, about ten a mail."""

    name = "smtp"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._trust = ssl.create_default_context()

    def send(self, envelope: Envelope) -> str:
        mail = written(envelope, clock.now())
        with self._line() as server:
            _hand_over(server, mail, addresses.sender(envelope), addresses.recipient(envelope))
        return ""

    def check(self) -> None:
        with self._line() as server:
            code, said = server.noop()
            if code != WELL:
                raise smtplib.SMTPResponseException(code, said)

    @contextmanager
    def _line(self) -> Iterator[smtplib.SMTP]:
        """A connection ready for a mail; whatever goes wrong with it becomes an EmailError."""
        line = Line(self._settings, self._trust)
        try:
            with line:
                yield line.server
        except (smtplib.SMTPAuthenticationError, UnicodeError) as error:
            # Without the error it came from, which may repeat what was told to the server.
            raise smtp_answers.meaning(error) from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise smtp_answers.meaning(error) from error


def _hand_over(server: smtplib.SMTP, mail: EmailMessage, sender: str, to: str) -> None:
    """Not by `send_message`, which puts a `>` before lines that begin with `From `.

    Raises MailRefused when the address has letters beyond ASCII and the server does not know such (RFC 6531).
    """
    if to.isascii():
        server.sendmail(sender, to, mail.as_bytes())
        return
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("smtputf8"):
        raise MailRefused("the mail server cannot write to an address with letters beyond ASCII")
    data = mail.as_bytes(policy=POLICY.clone(utf8=True))
    server.sendmail(sender, to, data, mail_options=["SMTPUTF8", "BODY=8BITMIME"])


class Line(Connection):
    """Flask-Mail's connection, with timeouts, verified certificates, and a farewell that cannot fail the mail."""

    server: smtplib.SMTP

    def __init__(self, settings: Settings, trust: ssl.SSLContext) -> None:
        super().__init__(_flask_mail(settings))
        self._settings = settings
        self._trust = trust

    def configure_host(self) -> smtplib.SMTP:
        """Returns the connection, encrypted if that is demanded and signed in if a name is given, or raises."""
        self.server = self._connected()
        try:
            if self.mail.use_tls:
                self.server.starttls(context=self._trust)
            if self.mail.username:
                self.server.login(self.mail.username, self.mail.password or "")
        except BaseException:
            self.server.close()
            raise
        return self.server

    def _connected(self) -> smtplib.SMTP:
        place = self.mail.server, self.mail.port or 0, _greeting(self._settings.public_base_url)
        timeout = self._settings.smtp_timeout_seconds
        if self.mail.use_ssl:
            return smtplib.SMTP_SSL(*place, timeout=timeout, context=self._trust)
        return smtplib.SMTP(*place, timeout=timeout)

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Takes leave of a server that listens. The mail is safe by now: a failure here must not send it again."""
        try:
            if exc_value is None or isinstance(exc_value, STILL_LISTENING):
                self.server.quit()
        except (smtplib.SMTPException, OSError):
            pass
        finally:
            self.server.close()


def _flask_mail(settings: Settings) -> Mail:
    config = {
        "MAIL_SERVER": settings.smtp_host,
        "MAIL_PORT": settings.smtp_port,
        "MAIL_USERNAME": settings.smtp_username,
        "MAIL_PASSWORD": settings.smtp_password,
        "MAIL_USE_TLS": settings.smtp_tls == "starttls",
        "MAIL_USE_SSL": settings.smtp_tls == "implicit",
    }
    mail = Mail()
    mail.state = mail.init_mail(config)
    return mail


def _greeting(base_url: str) -> str:
    """Returns how this installation introduces itself (RFC 5321, 4.1.3): by the name people know, and so without
    asking the network for the machine's own, which may take long."""
    host = urlsplit(base_url).hostname or "localhost"
    try:
        address = ip_address(host)
    except ValueError:
        return host.encode("idna").decode("ascii")
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"
