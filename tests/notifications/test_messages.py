"""Every mail: text beside HTML, safe headers, escaped words, the organization's look."""

from __future__ import annotations

import inspect
from html.parser import HTMLParser
from uuid import uuid4

import pytest

from doorstep.core.actor import Org
from doorstep.notifications import messages
from doorstep.notifications.messages import MESSAGES, TEMPLATES, Message, OrderFacts

ALDER = Org(
    uuid4(), "alder", "Alder Cleaning", "America/Los_Angeles", "USD",
    settings={"phone": "+1 503 555 0142", "colour": "#7a1f5c", "email": "office@alder.test"},
)  # fmt: skip
ORDER = OrderFacts(
    number=2041, service="Deep clean", client="Margaret Whitfield", place="1820 SE Salmon St, Portland",
    when="Tue 24 Nov, 9:00 – 12:30", worker="Ana Morales", price="$252.00",
)  # fmt: skip
URL = "https://doorstep.test/client/link/0190.secret"
NASTY = '<script>alert(1)</script> & "Co"'
WORDS = {
    "url": URL,
    "wish": "mornings",
    "words": NASTY,
    "before": "Mon 23 Nov, 9:00 – 12:30",
    "reason": NASTY,
    "by_client": False,
    "note": NASTY,
    "photos": 6,
    "name": "Vi Looker",
    "until": "Friday 4 December",
    "about": "move",
    "worker": "Ben Okafor",
    "why": "it was cancelled",
    "invited_by": "Olive Owner",
    "role": "dispatcher",
    "minutes": 60,
}


def written(message: str, /, **changed: object) -> Message:
    """Returns the message made of the example's values."""
    function = getattr(messages, message)
    given = {"org": ALDER, "order": ORDER, **WORDS, **changed}
    made: Message = function(**{key: given[key] for key in inspect.signature(function).parameters})
    return made


class Reader(HTMLParser):
    """Collects what matters of a mail's HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]


def test_every_message_has_its_three_templates_and_every_template_its_message() -> None:
    wanted = {f"{name}.{ending}" for name in MESSAGES for ending in ("subject.txt", "txt", "html")}
    frames = {"layout.html", "layout.txt", "parts.html", "parts.txt"}
    assert {path.name for path in TEMPLATES.iterdir()} == wanted | frames


@pytest.mark.parametrize("name", MESSAGES)
class TestEveryMessage:
    def test_it_says_the_same_in_text_and_html(self, name: str) -> None:
        message = written(name)
        assert message.purpose == name
        assert URL in message.text
        assert URL in Reader(message.html).links
        assert message.text.strip().endswith("+1 503 555 0142")

    def test_it_bears_the_organizations_name_colour_and_address_for_answers(self, name: str) -> None:
        message = written(name)
        assert message.from_name == "Alder Cleaning"
        assert message.reply_to == "office@alder.test"
        assert "#7a1f5c" in message.html

    def test_nobodys_words_become_html(self, name: str) -> None:
        order = OrderFacts(number=1, service=NASTY, client=NASTY, place=NASTY, when="now", worker=NASTY, price="$1.00")
        message = written(name, order=order, name=NASTY, invited_by=NASTY)
        assert "script" not in Reader(message.html).tags

    def test_no_gap_in_the_text_is_longer_than_one_line(self, name: str) -> None:
        assert "\n\n\n" not in written(name).text


@pytest.mark.parametrize(
    "ending", ["\r\nBcc: victim@example.com", "\nBcc: victim@example.com", "\x0bBcc: x", "\u2028Bcc: x"]
)
def test_a_name_cannot_write_headers_of_its_own(ending: str) -> None:
    order = OrderFacts(number=1, service="Clean", client=f"Eve{ending}")
    org = Org(uuid4(), "eve", f"Eve{ending}", "UTC", "USD", settings={"email": f"eve@example.com{ending}"})
    message = messages.new_request(org, order, url=URL, wish="", words="")
    for header in (message.subject, message.from_name, message.reply_to):
        assert header.isprintable()
        assert len(header.splitlines()) == 1


def test_a_subject_stays_short_however_long_the_name() -> None:
    assert len(written("client_asks", order=OrderFacts(number=1, service="x", client="Ann " * 500)).subject) <= 200


def test_people_are_greeted_by_their_first_name_and_the_office_by_none() -> None:
    assert written("scheduled").text.startswith("Hello Margaret,\n")
    assert written("assigned").text.startswith("Hello Ana,\n")
    assert not written("new_request").text.startswith("Hello")


def test_empty_facts_are_left_out() -> None:
    bare = written("request_received", order=OrderFacts(number=7, service="Deep clean", client="Margaret"))
    assert "When" not in bare.text
    assert "Where" not in bare.html


def test_doorstep_itself_writes_to_somebody_without_an_organization() -> None:
    message = written("password_reset", org=None)
    assert message.from_name == "Doorstep"
    assert "60 minutes" in message.text


@pytest.mark.parametrize(("photos", "says"), [(0, "Done: Deep clean"), (1, "with 1 photo"), (6, "with 6 photos")])
def test_the_subject_of_a_finished_order_counts_its_photos(photos: int, says: str) -> None:
    assert written("finished", photos=photos).subject.endswith(says)


def test_who_cancelled_is_told_differently_from_whose_visit_was_cancelled() -> None:
    assert "You cancelled" in written("cancelled", by_client=True).text
    assert "We had to cancel" in written("cancelled", by_client=False).text
