"""A line in the log instead of a mail: for development, where `/dev/mailbox` shows the mails themselves."""

from __future__ import annotations

import logging
from typing import Final

from doorstep.backends.email import addresses
from doorstep.backends.email.interface import Envelope
from doorstep.core.settings import Settings

log: Final = logging.getLogger("doorstep.email")


def make(settings: Settings) -> ConsoleSender:
    """Returns the sender that only says so."""
    return ConsoleSender()


class ConsoleSender:
    """Says which mail would leave, and not to whom or what is in it: logs hold nobody's address and no link."""

    name = "console"

    def send(self, envelope: Envelope) -> str:
        addresses.recipient(envelope)
        log.info("mail %s (%s) is not sent: read it at /dev/mailbox", envelope.message_id, envelope.purpose)
        return ""

    def check(self) -> None:
        """Nothing can be wrong with it."""
