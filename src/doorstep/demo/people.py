"""The clients of the demo: who they are, where they live, how one gets in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Person:
    """A client as the office knows them."""

    name: str
    address: str
    postal_code: str
    phone: str
    access: str

    @property
    def email(self) -> str:
        """An address that can receive nothing, made from the name."""
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        return ".".join(plain.replace("'", "").lower().split()) + "@mail.test"


def _read(table: str, area: str) -> tuple[Person, ...]:
    rows = [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]
    return tuple(
        Person(name, address, code, f"+1 {area} 555 {1040 + 7 * number}", access)
        for number, (name, address, code, access) in enumerate(rows)
    )


PORTLAND: Final = _read(
    """
    Margaret Whitfield  | 1427 SE Salmon St           | 97214 | Key under the blue pot
    Harold Nakamura     | 3316 NE Alberta St          | 97211 | Ring twice, he is hard of hearing
    Lena Fischer        | 2209 NW Lovejoy St, Apt 3   | 97210 | Door code 4471
    Tomás Reyes         | 815 N Williams Ave          | 97227 |
    Amara Okonkwo       | 4702 SE Hawthorne Blvd      | 97215 | Small dog, friendly
    Gus Lindqvist       | 1138 SW Vista Ave           | 97205 | Park in the drive
    Ruth Abramson       | 2950 NE Fremont St          | 97212 | Spare key with the neighbour at 2954
    Sunita Rao          | 6021 SE Division St         | 97206 |
    Walt Kowalczyk      | 5510 N Lombard St           | 97203 | Side gate, it sticks
    Inês Carvalho       | 1745 NW 23rd Pl             | 97210 | Concierge has the key
    Marcus Bell         | 3824 SE Belmont St          | 97214 |
    Hannah Goldberg     | 921 SW Broadway Dr          | 97201 | Cat must stay inside
    Theo Papadakis      | 7415 NE Sandy Blvd          | 97213 | Bell does not work, please knock
    Yuki Tanaka         | 2418 SE Clinton St          | 97202 | Shoes off, please
    Delphine Laurent    | 1203 NW Glisan St, Unit 508 | 97209 | Call from the lobby
    Omar Haddad         | 8840 SW Barbur Blvd         | 97219 |
    Rosalind Pike       | 614 NE Knott St             | 97212 | Lockbox on the rail, 2580
    Devon Marsh         | 3107 SE Woodstock Blvd      | 97202 | Bikes in the hall, mind the pedals
    Priscilla Nguyen    | 1950 NE Killingsworth St    | 97211 |
    Arlo Jennings       | 4416 N Mississippi Ave      | 97217 | Back door is open after eight
    Camille Dubois      | 2733 SW Montgomery Dr       | 97201 | Gate code 9031
    Nadia Petrova       | 5129 SE Foster Rd           | 97206 | Baby sleeps from one to three
    Frank Castellano    | 1622 SE Tacoma St           | 97202 |
    Ingrid Solberg      | 3458 NE Prescott St         | 97211 | Key in the garage, code 1177
    Jamal Washington    | 706 NE Dekum St             | 97211 |
    Beatrice Hollis     | 2041 SW Park Pl             | 97205 | Third floor, no lift
    Kenji Morimoto      | 4938 SE Stark St            | 97215 | Two cats, they hide
    Alma Gutierrez      | 8217 N Denver Ave           | 97217 |
    Colm O'Brien        | 1311 SE Lexington St        | 97202 | Leave the key in the letter box
    Farah Siddiqui      | 10350 NE Halsey St          | 97220 | Buzzer 12
    Stellan Berg        | 2665 NW Thurman St          | 97210 |
    Eleanor Vance       | 3719 SW Terwilliger Blvd    | 97239 | Alarm off by ten, ask for the code
    Mateo Quispe        | 5602 NE Cully Blvd          | 97218 | Chickens in the yard
    Dorothy Blackwood   | 1017 SE Umatilla St         | 97202 | Walks slowly, give her a minute
    Anselm Richter      | 4225 N Interstate Ave       | 97217 |
    Leilani Kahale      | 7134 SE Flavel St           | 97206 | Water tap is behind the house
    Viktor Danilov      | 2286 NE Broadway            | 97232 | Loft, entrance from the alley
    Grace Adeyemi       | 6448 SW Capitol Hwy         | 97239 | Vacuum in the hall cupboard
    Samuel Thornton     | 910 NE Holladay St, Apt 14  | 97232 | Desk in the lobby lets you in
    Mirela Ionescu      | 3580 SE Gladstone St        | 97202 |
    """,
    "503",
)
ALBANY: Final = _read(
    """
    Agnes Van Buren     | 88 Madison Ave              | 12202 | Basement door is at the back
    Luis Ferrer         | 412 Hamilton St             | 12203 |
    Tamsin Doyle        | 27 Elm St                   | 12210 | Dog in the yard, call first
    Percy Whitlock      | 1530 Western Ave            | 12203 | Caretaker on the ground floor
    Noor Rahman         | 264 Delaware Ave            | 12209 |
    Gerald Stowe        | 71 S Pine Ave               | 12208 | Attic ladder is in the hall
    Wanda Kruger        | 945 Broadway                | 12207 | Bakery, come after two
    Elias Thorne        | 19 Willett St               | 12210 |
    Joyce Pemberton     | 308 New Scotland Ave        | 12208 | Parrot in the kitchen, keep the door shut
    Hector Salinas      | 650 Central Ave             | 12206 |
    Maeve Gallagher     | 133 Lark St                 | 12210 | Two flights up
    Otis Freeman        | 57 Marion Ave               | 12203 | Key at number 55
    """,
    "518",
)
