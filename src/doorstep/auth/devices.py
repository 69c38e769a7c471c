"""What a browser says of itself, in a few words for the list of sessions. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# The order matters: Edge also says Chrome, Chrome also says Safari; Android also says Linux.
BROWSERS: Final = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
                   ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS: Final = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
                  ("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip
PHONES: Final = ("iPhone", "Android")


@dataclass(frozen=True, slots=True)
class Device:
    """Where a sign-in comes from."""

    ip: str = ""
    user_agent: str = ""


def name_of(user_agent: str) -> str:
    """Returns e.g. `Firefox on Windows`; a program's own first word when it is no browser."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), None)
    system = next((name for sign, name in SYSTEMS if sign in user_agent), None)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or user_agent.split("/")[0].strip()[:40] or "Unknown device"


def is_phone(user_agent: str) -> bool:
    """Returns whether it is held in a hand."""
    return any(sign in user_agent for sign in PHONES)
