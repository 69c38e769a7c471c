"""A real mail server on a free port of this machine, with sign-in and certificates of its own authority."""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from doorstep.backends.email import smtp
from doorstep.backends.email.smtp import SmtpSender
from doorstep.core.settings import Settings
from tests.backends.email.letters import Arrived, read

HOST = "127.0.0.1"
USER = "doorstep-mailer"
PASSWORD = "pa55-w0rd-of-the-mailer"
WRONG = "wr0ng-w0rd-of-the-mailer"


@dataclass
class Postman:
    """The server's side: notes what it is asked, and gives the answer that a test put in place of its own."""

    answers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    arrived: list[Arrived] = field(default_factory=list)
    silent: bool = False
    rude: bool = False

    def auth(self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> Any:
        self.asked.append("AUTH")
        known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        # A server that repeats what it was told: it would end in the log, if its words did.
        refusal = None if known else f"535 5.7.8 {data.password.decode()} is not the password"
        return AuthResult(success=known, handled=False, message=refusal)

    async def handle_EHLO(self, server: Any, session: Session, envelope: Envelope, host: str, said: list[str]) -> Any:
        self.asked.append(f"EHLO {host}")
        session.host_name = host
        return said

    async def handle_NOOP(self, server: Any, session: Session, envelope: Envelope, arg: str) -> str:
        self.asked.append("NOOP")
        return self.answers.get("NOOP", "250 OK")

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append("MAIL")
        if "MAIL" not in self.answers:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append("RCPT")
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        self.asked.append("DATA")
        if self.silent:
            await asyncio.sleep(60)
        if "DATA" not in self.answers:
            assert isinstance(envelope.original_content, bytes)
            self.arrived.append(read(envelope.original_content, tuple(envelope.rcpt_tos)))
        return self.answers.get("DATA", "250 OK")

    async def handle_QUIT(self, server: Any, session: Session, envelope: Envelope) -> str:
        if self.rude:
            server.transport.abort()
        return "221 Bye"


class Server:
    """An event loop in a thread of its own, with one listening socket."""

    def __init__(self, protocol: Callable[[asyncio.AbstractEventLoop], Any], context: ssl.SSLContext | None) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        made = self.loop.create_server(lambda: protocol(self.loop), HOST, 0, ssl=context)
        self.server = asyncio.run_coroutine_threadsafe(made, self.loop).result(5)
        self.port: int = self.server.sockets[0].getsockname()[1]

    def close(self) -> None:
        if self.loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._wind_up(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()

    async def _wind_up(self) -> None:
        self.server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.01)  # transports close a moment after their protocols let go of them


class SmtpStation:
    """The server together with senders to it, in one of the three ways of encryption.

    `offered` is what the server does when that differs from what the sender demands.
    """

    def __init__(self, tls: str, certificates: Certificates, *, offered: str = "", utf8: bool = False) -> None:
        self.postman = Postman()
        self.asked, self.arrived = self.postman.asked, self.postman.arrived
        self.secrets = (PASSWORD, WRONG, *map(as_base64, (PASSWORD, WRONG)))
        self._tls, self._context, self._utf8 = offered or tls, certificates.context, utf8
        self.server = Server(self._protocol, self._context if self._tls == "implicit" else None)
        self.settings = Settings(
            email_mode="smtp",
            email_from="office@doorstep.test",
            smtp_host=HOST,
            smtp_port=self.server.port,
            smtp_username=USER,
            smtp_password=PASSWORD,
            smtp_tls=tls,
            smtp_timeout_seconds=1,
        )
        self.sender = self.sender_with()
        self.stranger = self.sender_with(smtp_password=WRONG)

    def sender_with(self, **other: Any) -> SmtpSender:
        return smtp.make(replace(self.settings, **other))

    def answer(self, **answers: str) -> None:
        self.postman.answers.update(answers)

    def refuse_the_recipient(self) -> None:
        self.answer(RCPT="550 5.1.1 no such person here")

    def refuse_the_content(self) -> None:
        self.answer(DATA="554 5.6.0 we do not like what is written")

    def be_busy(self) -> None:
        self.answer(DATA="451 4.3.0 come back later")

    def break_down(self) -> None:
        self.answer(MAIL="421 4.3.2 going down")

    def fall_silent(self) -> None:
        self.postman.silent = True

    def go_away(self) -> None:
        self.server.close()

    def _protocol(self, loop: asyncio.AbstractEventLoop) -> SMTP:
        return SMTP(
            self.postman,
            loop=loop,
            hostname="mail.test",
            enable_SMTPUTF8=self._utf8,
            authenticator=self.postman.auth,
            auth_required=True,
            auth_require_tls=self._tls == "starttls",
            tls_context=self._context if self._tls == "starttls" else None,
            require_starttls=self._tls == "starttls",
        )


def as_base64(text: str) -> str:
    return b64encode(text.encode()).decode().rstrip("=")[4:-4]


class Certificates:
    """A certificate of an authority that only those trust who are told to."""

    def __init__(self, name: str = HOST) -> None:
        self.authority = trustme.CA()
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert(name).configure_cert(self.context)

    def trusted_by(self, patch: pytest.MonkeyPatch, folder: Path) -> None:
        path = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(path))
        patch.setenv("SSL_CERT_FILE", str(path))


@contextmanager
def deaf_server() -> Iterator[int]:
    """A port where connections are taken and nothing is ever said."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        listening.listen()
        yield listening.getsockname()[1]
