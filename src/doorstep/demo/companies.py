"""Who is in the demo: two companies, their people, services and clients, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

PASSWORD: Final = "doorstep-demo"  # noqa: S105 (printed on purpose; the demo refuses to load in production)
OPERATOR: Final = ("operator@doorstep.test", "Otto Operator")
WEEKDAYS: Final = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
HOURS: Final = {**WEEKDAYS, "sat": [["09:00", "13:00"]]}


@dataclass(frozen=True)
class Company:
    """One company of the demo. `workers` are sign-in names with the name people call them by."""

    slug: str
    name: str
    timezone: str
    settings: dict[str, Any]
    workers: dict[str, str]
    services: tuple[dict[str, Any], ...]
    clients: int
    orders: int

    @property
    def people(self) -> list[tuple[str, str, str]]:
        """E-mail, name and role of everybody who signs in."""
        office = [
            ("owner", "Olive Alder" if self.slug == "alder" else "Bruno Birch", "owner"),
            ("dispatch", "Priya Shah", "dispatcher"),
            ("finance", "Finn Larsen", "finance"),
            ("viewer", "Vera Novak", "viewer"),
        ]
        crew = [(key, name, "worker") for key, name in self.workers.items()]
        return [(f"{key}@{self.slug}.test", name, role) for key, name, role in office + crew]


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
    workers={"ana": "Ana Morales", "ben": "Ben Okafor", "chloe": "Chloe Tran", "dmitri": "Dmitri Petrov",
             "esra": "Esra Yilmaz"},
    services=(
        {"name": "Standard clean", "description": "Kitchen, bathrooms, floors and dust.", "icon": "spray-can",
         "price_cents": 12000, "duration_minutes": 120, "buffer_minutes": 15, "extras": [OVEN, FRIDGE],
         "checklist": _steps("Kitchen surfaces", "Bathroom", "Floors")},
        {"name": "Deep clean", "description": "Everything, also behind and under it.", "icon": "sparkles",
         "price_cents": 25200, "duration_minutes": 210, "buffer_minutes": 30, "extras": [OVEN, FRIDGE],
         "checklist": _steps("Tiles and grout", "Skirting boards", "Inside cupboards", "Floors")},
        {"name": "Windows", "description": "Inside and outside, frames included.", "icon": "sun",
         "price_cents": 9500, "duration_minutes": 90, "buffer_minutes": 15, "checklist": _steps("Frames")},
        {"name": "Move-out clean", "description": "For the hand-over; we name the price after a look.", "icon": "truck",
         "price_unit": "quote", "price_cents": 0, "duration_minutes": 240, "buffer_minutes": 30,
         "checklist": _steps("Walls", "Kitchen", "Bathroom")},
    ),
    clients=40,
    orders=120,
)  # fmt: skip
BIRCH: Final = Company(
    slug="birch",
    name="Birch Pest Control",
    timezone="America/New_York",
    settings={
        "phone": "+1 212 555 0167",
        "place": "Albany, New York",
        "promise": "Gone, and kept gone",
        "about": "Gentle methods first. We show you what we found.",
        "facts": ["Licensed", "Safe for pets"],
        "colour": "#7a4f00",
    },
    workers={"ana": "Ana Lindqvist", "rob": "Rob Castillo"},
    services=(
        {"name": "Ant treatment", "description": "Find the trail, close the way in.", "icon": "bug",
         "price_cents": 14900, "duration_minutes": 60, "buffer_minutes": 30,
         "checklist": _steps("Trail found", "Way in closed")},
        {"name": "Inspection", "description": "A look at the whole house, with a report.", "icon": "shield-check",
         "price_cents": 8900, "duration_minutes": 60, "buffer_minutes": 15, "checklist": _steps("Basement", "Roof")},
    ),
    clients=12,
    orders=16,
)  # fmt: skip
COMPANIES: Final = (ALDER, BIRCH)

FIRST_NAMES: Final = ("Margaret", "Harold", "Lena", "Tom", "Amara", "Gus", "Ruth", "Sunita", "Walt", "Ines")
LAST_NAMES: Final = ("Whitfield", "Nakamura", "Fischer", "Reyes")
STREETS: Final = (
    "SE Salmon St",
    "NE Alberta St",
    "SW Vista Ave",
    "N Williams Ave",
    "SE Hawthorne Blvd",
    "NW Lovejoy St",
)
SCENES: Final = ("kitchen", "bathroom", "oven", "living_room", "window")
