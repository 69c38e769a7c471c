"""A mail as it goes over the line (RFC 5322, MIME): one set of headers, whatever the names contain. Pure.

Headers are encoded and folded here and not by the standard library, whose folding (as of Python 3.11) loses the
quotes of a long name, so that its commas begin further recipients, and encodes a long address of a page, so that
no reader finds the link of List-Unsubscribe.
"""

from __future__ import annotations

import textwrap
from datetime import datetime
from email.header import Header
from email.headerregistry import HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, quote
from typing import Any, Final

from doorstep.backends.email import addresses
from doorstep.backends.email.interface import Envelope

LINE: Final = 78


class AsWritten(UniqueUnstructuredHeader):
    """A header whose value is ready: folded at spaces only, where unfolding gives back the same."""

    name: str

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Takes the value as it is; read as a header, encoded words would turn back into what they stand for."""
        kwds["parse_tree"], kwds["decoded"] = cls.value_parser(""), value

    def fold(self, *, policy: Policy) -> str:
        """Returns the header's lines; a word too long for a line stays whole, up to 998 characters (RFC 5322)."""
        begun = f"{self.name}: "
        folds = textwrap.TextWrapper(
            LINE, initial_indent=begun, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False
        )
        return policy.linesep.join([*(folds.wrap(str(self)) or [begun]), ""])


def _headers() -> HeaderRegistry:
    kind: Any = AsWritten  # the types of the library know its own classes only
    made = HeaderRegistry(default_class=kind)
    for name in ("from", "to", "reply-to", "subject", "message-id", "date"):
        made.map_to_type(name, kind)
    return made


# Bodies are of 7-bit lines, which every server takes and none on the way has to write anew under a signature.
POLICY: Final = SMTP.clone(cte_type="7bit", header_factory=_headers())


def written(envelope: Envelope, at: datetime) -> EmailMessage:
    """Returns the mail, sent `at` that moment: text first, then the same as HTML, which readers prefer if they can.

    Raises MailRefused when the recipient's address cannot be one, ServerTrouble when the sender's cannot.
    """
    mail = EmailMessage(policy=POLICY)
    mail["From"] = mailbox(envelope.from_name, addresses.sender(envelope))
    mail["To"] = mailbox(envelope.to_name, addresses.recipient(envelope))
    if answers := addresses.reply_to(envelope):
        mail["Reply-To"] = answers
    mail["Subject"] = words(envelope.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = addresses.message_id(envelope)
    for header, value in addresses.more_headers(envelope).items():
        mail[header] = value if value.isascii() else words(value)
    mail.set_content(readable(envelope.text))
    if envelope.html:
        mail.add_alternative(readable(envelope.html), subtype="html")
    return mail


def mailbox(name: str, address: str) -> str:
    """Returns `"name" <address>`: quoted, since signs such as commas mean something, or encoded if not ASCII."""
    shown = addresses.name(name)
    if not shown:
        return address
    return f'"{quote(shown)}" <{address}>' if _is_plain(shown) else f"{words(shown)} <{address}>"


def words(text: str) -> str:
    """Returns the text on one line of ASCII, as encoded words of at most 75 characters if need be (RFC 2047)."""
    shown = addresses.name(text)
    return shown if _is_plain(shown) else Header(shown, "utf-8", maxlinelen=75).encode(linesep="")


def readable(text: str) -> str:
    """Returns the text without halves of signs (lone surrogates), which no encoding can write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_plain(text: str) -> bool:
    """Whether the text stands for itself; one that looks like an encoded word would be read as what that says."""
    return text.isascii() and "=?" not in text
