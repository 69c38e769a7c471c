"""No mail leaves: for an installation that does not want any, or not yet. What is queued is taken and let go."""

from __future__ import annotations

from doorstep.backends.email.interface import Envelope
from doorstep.core.settings import Settings


def make(settings: Settings) -> OffSender:
    """Returns the sender that sends nothing."""
    return OffSender()


class OffSender:
    """Takes every mail, so that the queue does not fill with what nobody will ever send."""

    name = "off"

    def send(self, envelope: Envelope) -> str:
        return ""

    def check(self) -> None:
        """Nothing can be wrong with it."""
