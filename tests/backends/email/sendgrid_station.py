"""SendGrid as far as its documentation tells: Mail Send and the scopes of a key, on a free port of this machine.

A body that the real one refuses is refused here, and fields that it does not know are too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from jsonschema import Draft202012Validator

from doorstep.backends.email import sendgrid
from doorstep.backends.email.sendgrid import SendGridSender
from doorstep.core.settings import Settings
from tests.backends.email.letters import Arrived

KEY = "SG.the-key-that-the-double-knows"
WRONG = "SG.a-key-that-nobody-knows"


def thing(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def several(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most}


TEXT = {"type": "string", "minLength": 1}
SWITCH = {"type": "boolean"}
PERSON = thing(("email",), email={"type": "string", "pattern": r"^[!-?A-~]+@[A-Za-z0-9.-]+$"}, name=TEXT)
RESERVED = (
    "x-sg-id x-sg-eid received dkim-signature content-type content-transfer-encoding to from subject reply-to cc bcc"
)
BODY = thing(
    ("personalizations", "from", "subject", "content"),
    personalizations=several(thing(("to",), to=several(PERSON, 1000)), 1000),
    reply_to=PERSON,
    subject=TEXT,
    content=several(thing(("type", "value"), type=TEXT, value=TEXT), 2),
    headers={
        "type": "object",
        "additionalProperties": {"type": "string", "pattern": r"^[^\r\n]*$"},
        "propertyNames": {"pattern": rf"^(?!(?i:{RESERVED.replace(' ', '|')})$)[!-9;-~]+$"},
    },
    categories=several({"type": "string", "maxLength": 255}, 10),
    custom_args={"type": "object", "additionalProperties": {"type": "string"}},
    tracking_settings=thing(
        click_tracking=thing(enable=SWITCH, enable_text=SWITCH), open_tracking=thing(enable=SWITCH)
    ),
    **{"from": PERSON},
)
ORDER = ["text/plain", "text/html"]


@dataclass
class Desk:
    """The server's side: what it was asked, and the answer that a test put in place of its own."""

    asked: list[str] = field(default_factory=list)
    arrived: list[Arrived] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    answer: tuple[int, Mapping[str, str], bytes] | None = None
    silent: bool = False
    closing: Event = field(default_factory=Event)
    scopes: tuple[str, ...] = ("mail.send", "sender_verification_eligible")

    def reply(self, method: str, path: str, key: str, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        self.asked.append(f"{method} {path}")
        if self.silent:
            self.closing.wait(60)
        if self.answer:
            return self.answer
        if key != f"Bearer {KEY}":
            return problem(401, f"The provided authorization grant is invalid: {key}")
        if (method, path) == ("GET", "/v3/scopes"):
            return 200, {}, json.dumps({"scopes": self.scopes}).encode()
        return self.take(json.loads(body)) if (method, path) == ("POST", "/v3/mail/send") else problem(404, "no")

    def take(self, body: dict[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        for wrong in Draft202012Validator(BODY).iter_errors(body):
            return problem(400, wrong.message, wrong.json_path)
        kinds = [one["type"] for one in body["content"]]
        if kinds != ORDER[: len(kinds)]:
            return problem(400, "The content values must be in order, text/plain first", "content")
        self.bodies.append(body)
        self.arrived.append(arrived(body))
        return 202, {"X-Message-Id": f"vendor-{len(self.arrived)}"}, b""


def problem(status: int, message: str, about: str | None = None) -> tuple[int, Mapping[str, str], bytes]:
    return status, {}, json.dumps({"errors": [{"message": message, "field": about, "help": None}]}).encode()


def arrived(body: dict[str, Any]) -> Arrived:
    people = [person for one in body["personalizations"] for person in one["to"]]
    contents = {one["type"]: one["value"] for one in body["content"]}
    return Arrived(
        envelope_to=tuple(person["email"] for person in people),
        recipients=tuple((recipients_name(person.get("name", "")), person["email"]) for person in people),
        sender=(body["from"].get("name", ""), body["from"]["email"]),
        reply_to=body.get("reply_to", {}).get("email", ""),
        subject=body["subject"],
        text=contents["text/plain"],
        html=contents.get("text/html", ""),
        headers=body.get("headers", {}),
    )


def recipients_name(name: str) -> str:
    """A name in quotes is what stands in them; any other one ends at its first comma or semicolon."""
    if quoted := re.fullmatch(r'"((?:[^"\\]|\\.)*)"', name):
        return re.sub(r"\\(.)", r"\1", quoted[1])
    return re.split("[,;]", name)[0]


class SendGridStation:
    """The double together with senders to it."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.asked, self.arrived = self.desk.asked, self.desk.arrived
        self.secrets = (KEY, WRONG)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self.desk))
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        self.settings = Settings(
            email_mode="sendgrid",
            email_from="office@doorstep.test",
            sendgrid_api_key=KEY,
            sendgrid_api_base=f"http://127.0.0.1:{self.server.server_port}",
            sendgrid_timeout_seconds=1,
        )
        self.sender = self.sender_with()
        self.stranger = self.sender_with(sendgrid_api_key=WRONG)

    def sender_with(self, **other: Any) -> SendGridSender:
        return sendgrid.make(replace(self.settings, **other))

    def answer(self, status: int, message: str = "no", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.desk.answer = (status, named, problem(status, message)[2])

    def refuse_the_recipient(self) -> None:
        self.answer(400, "Does not contain a valid address.")

    def refuse_the_content(self) -> None:
        self.answer(413, "Payload too large")

    def be_busy(self) -> None:
        self.answer(429, "too many requests")

    def break_down(self) -> None:
        self.answer(503, "Service unavailable")

    def fall_silent(self) -> None:
        self.desk.silent = True

    def go_away(self) -> None:
        self.desk.closing.set()
        if self.thread.is_alive():
            self.server.shutdown()
            self.server.server_close()
            self.thread.join(5)


def handler(desk: Desk) -> type[BaseHTTPRequestHandler]:
    """Returns the class that hands requests to the desk."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, said = desk.reply(self.command, self.path, self.headers.get("Authorization", ""), body)
            if desk.closing.is_set():
                return
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Tests read the log of the sender only."""

    return Handler
