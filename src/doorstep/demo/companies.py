"""The two companies of the demo as tables: people who sign in, services, and how busy they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from doorstep.demo import people, words
from doorstep.demo.people import Person
from doorstep.demo.words import Wish, Words

PASSWORD: Final = "doorstep-demo"  # noqa: S105 (printed on purpose; the demo refuses to load in production)
OPERATOR: Final = ("operator@doorstep.test", "Otto Operator")


@dataclass(frozen=True)
class Hand:
    """A worker: the name to sign in with, the name people say, and what the day board needs."""

    key: str
    name: str
    phone: str
    colour: str
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Company:
    """One company.

    `days` is how far its book goes back and ahead, `usual` how many visits a working day has, `rotation` which services
    they are for, `after_hours` the service for early and late visits; `scenes` are what photos of each service show.
    """

    slug: str
    name: str
    timezone: str
    settings: dict[str, Any]
    office: tuple[tuple[str, str, str], ...]
    crew: tuple[Hand, ...]
    services: tuple[dict[str, Any], ...]
    scenes: tuple[tuple[str, ...], ...]
    clients: tuple[Person, ...]
    wishes: tuple[Wish, ...]
    words: Words
    days: int
    usual: int
    rotation: tuple[int, ...]
    after_hours: int

    @property
    def people(self) -> list[tuple[str, str, str]]:
        """E-mail, name and role of everybody who signs in."""
        crew = tuple((hand.key, hand.name, "worker") for hand in self.crew)
        return [(f"{key}@{self.slug}.test", name, role) for key, name, role in self.office + crew]


def _step(label: str, phase: str | None = None) -> dict[str, Any]:
    return {"label": label, "phase": phase, "photo_required": phase is not None}


def _steps(*labels: str) -> list[dict[str, Any]]:
    return [_step("Photo before", "before"), *(_step(label) for label in labels), _step("Photo after", "after")]


OVEN: Final = {"key": "oven", "label": "Inside the oven", "price_cents": 3800, "minutes": 45}
FRIDGE: Final = {"key": "fridge", "label": "Inside the fridge", "price_cents": 2900, "minutes": 30}

ALDER: Final = Company(
    slug="alder",
    name="Alder Cleaning",
    timezone="America/Los_Angeles",
    settings={
        "phone": "+1 503 555 0142",
        "place": "Portland, Oregon",
        "promise": "A clean home, without the phone calls",
        "about": "Five people who know your street. You see photos of the work before you pay.",
        "facts": ["Insured for every visit", "The same person each time", "Photos before and after"],
        "answers_within": "one working hour",
        "colour": "#14614f",
    },
    office=(
        ("owner", "Olive Alder", "owner"),
        ("dispatch", "Priya Shah", "dispatcher"),
        ("finance", "Finn Larsen", "finance"),
        ("viewer", "Vera Novak", "viewer"),
    ),
    crew=(
        Hand("ana", "Ana Morales", "+1 503 555 0171", "fern", ("ovens",)),
        Hand("ben", "Ben Okafor", "+1 503 555 0172", "sky"),
        Hand("chloe", "Chloe Tran", "+1 503 555 0173", "plum", ("offices",)),
        Hand("dmitri", "Dmitri Petrov", "+1 503 555 0174", "clay", ("ladders",)),
        Hand("esra", "Esra Yilmaz", "+1 503 555 0175", "honey"),
    ),
    services=(
        {"name": "Standard clean", "description": "Kitchen, bathrooms, floors and dust.", "icon": "spray-can",
         "price_cents": 12000, "duration_minutes": 120, "buffer_minutes": 15, "extras": [OVEN, FRIDGE],
         "checklist": _steps("Kitchen surfaces", "Bathroom", "Floors")},
        {"name": "Deep clean", "description": "Everything, also behind and under it.", "icon": "sparkles",
         "price_cents": 25200, "duration_minutes": 210, "buffer_minutes": 30, "extras": [OVEN, FRIDGE],
         "checklist": _steps("Tiles and grout", "Skirting boards", "Inside cupboards", "Floors")},
        {"name": "Windows", "description": "Inside and outside, frames included.", "icon": "sun",
         "price_cents": 9500, "duration_minutes": 90, "buffer_minutes": 15,
         "checklist": [_step("Frames"), _step("Sills"), _step("Photo after", "after")]},
        {"name": "Move-out clean", "description": "For the hand-over; we name the price after a look.", "icon": "truck",
         "price_unit": "quote", "price_cents": 0, "duration_minutes": 240, "buffer_minutes": 30,
         "checklist": _steps("Walls", "Kitchen", "Bathroom")},
        {"name": "Office clean", "description": "After hours: nobody waits for a dry floor.", "icon": "door-open",
         "price_unit": "hour", "price_cents": 6200, "duration_minutes": 120, "buffer_minutes": 15,
         "checklist": [_step("Desks"), _step("Tea kitchen"), _step("Bins"), _step("Photo after", "after")]},
    ),
    scenes=(("kitchen", "bathroom", "living_room"), ("bathroom", "oven", "kitchen"), ("window",),
            ("living_room", "kitchen"), ("office",)),
    clients=people.PORTLAND,
    wishes=words.CLEANING_WISHES,
    words=words.CLEANING,
    days=14,
    usual=4,
    rotation=(0, 2, 1, 0, 0, 2, 0, 1),
    after_hours=4,
)  # fmt: skip
BIRCH: Final = Company(
    slug="birch",
    name="Birch Pest Control",
    timezone="America/New_York",
    settings={
        "phone": "+1 518 555 0167",
        "place": "Albany, New York",
        "promise": "Gone, and kept gone",
        "about": "Gentle methods first. We show you what we found.",
        "facts": ["Licensed", "Safe for pets"],
        "colour": "#7a4f00",
    },
    office=(
        ("owner", "Bruno Birch", "owner"),
        ("dispatch", "Dana Whitaker", "dispatcher"),
        ("finance", "Felix Moreau", "finance"),
        ("viewer", "Viola Stern", "viewer"),
    ),
    crew=(
        Hand("ana", "Ana Lindqvist", "+1 518 555 0181", "lagoon"),
        Hand("rob", "Rob Castillo", "+1 518 555 0182", "rose", ("attics",)),
    ),
    services=(
        {"name": "Ant treatment", "description": "Find the trail, close the way in.", "icon": "bug",
         "price_cents": 14900, "duration_minutes": 60, "buffer_minutes": 30,
         "checklist": _steps("Trail found", "Way in closed")},
        {"name": "Inspection", "description": "A look at the whole house, with a report.", "icon": "shield-check",
         "price_cents": 8900, "duration_minutes": 60, "buffer_minutes": 15,
         "checklist": [_step("Basement"), _step("Roof"), _step("Photo of what was found", "after")]},
    ),
    scenes=(("pest",), ("pest",)),
    clients=people.ALBANY,
    wishes=words.PEST_WISHES,
    words=words.PEST,
    days=5,
    usual=1,
    rotation=(0, 1),
    after_hours=0,
)  # fmt: skip
COMPANIES: Final = (ALDER, BIRCH)
