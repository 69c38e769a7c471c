"""What people of the demo write: wishes, notes, reasons, opinions. Taken in turn, so that no page repeats itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Wish:
    """A request that nobody has answered yet: asked `minutes` ago for `hour` o'clock in `days` days (0: no wish).
    `scene` is what the visitor's photos show."""

    minutes: int
    service: int
    days: int
    hour: int
    note: str
    details: str
    extras: tuple[str, ...] = ()
    scene: str = ""


@dataclass(frozen=True)
class Words:
    """The texts of one trade. `opinions` are stars and words."""

    details: tuple[str, ...]
    notes: tuple[str, ...]
    remarks: tuple[str, ...]
    opinions: tuple[tuple[int, str], ...]
    declined: tuple[str, ...]
    cancelled: tuple[str, ...]
    quotes: tuple[tuple[int, str], ...]
    postponed: str
    asks_to_move: str


CLEANING_WISHES: Final = (
    Wish(
        2 * 24 * 60 + 95, 3, 9, 9, "The hand-over is at noon two days later", "Two rooms, kitchen, bath. Empty by then."
    ),
    Wish(21 * 60, 2, 0, 0, "Any morning next week", "Eleven windows and a balcony door, second floor."),
    Wish(190, 1, 3, 13, "", "The oven has not been opened since spring. I am sorry in advance.", ("oven",), "oven"),
    Wish(24, 0, 1, 10, "Later in the day is fine as well", "We come home with a newborn on the day after."),
)
PEST_WISHES: Final = (
    Wish(26 * 60, 1, 4, 9, "", "Scratching in the attic, mostly at night."),
    Wish(48, 0, 1, 11, "The sooner the better", "A trail from the back door to the sugar.", scene="pest"),
)  # fmt: skip

CLEANING: Final = Words(
    details=(
        "",
        "Please be careful with the piano.",
        "",
        "The guest room can stay as it is.",
        "Mostly the kitchen, we had visitors.",
        "",
        "Scent-free products, please.",
        "The stairs are the worst part.",
        "",
        "Coffee is in the tin, help yourself.",
    ),
    notes=(
        "All done. Thank you for having us.",
        "Everything finished. The tap in the bathroom drips a little, worth a plumber's look.",
        "Done a bit early. Windows are open to dry, please close them tonight.",
        "The grout took longer than expected, but it came out well.",
        "Finished. Left the key where it was.",
        "All done. One mark on the hob would not come off.",
    ),
    remarks=(
        "Brings her own vacuum next time, theirs has lost its pull.",
        "Parking only on the even side on Tuesdays.",
        "Would like the same person again.",
        "Asked about the windows, call about a price.",
    ),
    opinions=(
        (5, "Spotless, thank you"),
        (5, "You can see the difference in the photos. So can my mother."),
        (4, "Very good, only a little late"),
        (5, ""),
        (5, "Kind, quick and quiet."),
        (2, "The balcony door was forgotten, otherwise fine."),
        (4, ""),
        (5, "The oven looks like new!"),
    ),
    declined=(
        "We are fully booked that week. Any time after the tenth would work.",
        "Sorry, this is outside the area that we drive to.",
        "We do not do facades; a firm with a lift is better for this.",
    ),
    cancelled=(
        "We are away that week after all.",
        "The painter comes that day, we will ask again.",
        "Down with the flu, please do not come in.",
        "The office moved the hand-over.",
    ),
    quotes=(
        (38000, "Two rooms, kitchen and bath, empty. Windows included."),
        (46500, "With the balcony and the cellar. Carpets would be extra."),
        (29900, "One room flat; we bring the ladder."),
    ),
    postponed="The water is off in the whole building until tomorrow.",
    asks_to_move="Could you come a day later? The piano tuner is here that morning.",
)
PEST: Final = Words(
    details=("", "They come when it rains.", "Behind the dishwasher, I think.", "", "There are two cats in the house."),
    notes=(
        "Nest found under the sill, way in closed. Leave the gel where it is for two weeks.",
        "No fresh trails. I come again in ten days to be sure.",
        "Report is with the photos.",
    ),
    remarks=("Caretaker wants a call before the next visit.", "Ladder needed for the gable."),
    opinions=((5, "Gone since that day."), (4, "He explained everything."), (5, "")),
    declined=("This needs a bee keeper, not us: please do not let anybody spray.",),
    cancelled=("Found the hole ourselves.", "The landlord takes care of it."),
    quotes=((52000, "Three visits, the whole ground floor."), (31000, "Two visits and the seals at both doors.")),
    postponed="Nobody could open the attic; the ladder is locked away.",
    asks_to_move="Could it be in the afternoon? I have to let the caretaker in first.",
)
