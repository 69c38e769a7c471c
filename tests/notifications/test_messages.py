"""Every mail: text beside HTML, safe headers, escaped words, the organization's look."""

from __future__ import annotations

import inspect
from datetime import timedelta
from html.parser import HTMLParser
from uuid import uuid4

import pytest

from doorstep.core.actor import Org
from doorstep.notifications import account_messages, money_messages, order_messages
from doorstep.notifications.messages import MESSAGES, TEMPLATES, Message, OrderFacts
from doorstep.notifications.money_messages import MoneyFacts

ALDER = Org(
    uuid4(), "alder", "Alder Cleaning", "America/Los_Angeles", "USD",
    settings={"phone": "+1 503 555 0142", "colour": "#7a1f5c", "email": "office@alder.test"},
)  # fmt: skip
ORDER = OrderFacts(
    number=2041, service="Deep clean", client="Margaret Whitfield", place="1820 SE Salmon St, Portland",
    when="Tue 24 Nov, 9:00 – 12:30", worker="Ana Morales", price="$252.00",
)  # fmt: skip
BILL = MoneyFacts(
    client="Margaret Whitfield", amount="$252.00", what="Deep clean, Tue 24 Nov", number="1187", due="Tue 8 Dec"
)
URL = "https://doorstep.test/client/link/0190.secret"
UNSUBSCRIBE = "https://doorstep.test/client/unsubscribe/0190.secret"
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
    "unsubscribe_url": UNSUBSCRIBE,
    "method": "Card ending in 4242",
    "days": 14,
    "step": "firm",
    "arrives": "within 10 days",
    "within": "24 h",
    "host": "hooks.example.com",
    "percent": 80,
    "used": "160 of 200 orders this month",
}
FUNCTIONS = {
    name: function
    for module in (order_messages, money_messages, account_messages)
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__
}
ASKED_FOR = {"invitation", "password_reset", "client_link", "worker_link"}


def written(message: str, /, **changed: object) -> Message:
    """Returns the message made of the example's values."""
    function = FUNCTIONS[message]
    given = {"org": ALDER, "order": ORDER, "money": BILL, **WORDS, **changed}
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


def signature(text: str) -> list[str]:
    """Returns the lines under the mail's text."""
    return text.rpartition("\n--\n")[2].splitlines()


def test_every_message_has_its_three_templates_and_every_template_its_message() -> None:
    wanted = {f"{name}.{ending}" for name in MESSAGES for ending in ("subject.txt", "txt", "html")}
    frames = {f"{name}.{ending}" for name in ("layout", "parts", "reminder") for ending in ("txt", "html")}
    assert {path.name for path in TEMPLATES.iterdir()} == wanted | frames


def test_every_message_is_one_function_and_every_function_a_message() -> None:
    assert set(FUNCTIONS) == set(MESSAGES)


def test_only_reminders_and_questions_can_be_done_without() -> None:
    free = {name for name, purpose in MESSAGES.items() if purpose.can_unsubscribe}
    assert free == {"reminder_24h", "reminder_2h", "feedback_request"}
    assert {name for name in MESSAGES if "unsubscribe_url" in inspect.signature(FUNCTIONS[name]).parameters} == free


def test_what_speaks_of_a_moment_is_not_sent_long_after_it() -> None:
    moments = ("on_the_way", "reminder_24h", "reminder_2h", "postponed", "payment_failed", "overdue")
    for name in moments:
        assert MESSAGES[name].stale_after is not None
        assert MESSAGES[name].stale_after <= timedelta(hours=24)
    assert MESSAGES["reminder_24h"].stale_after < timedelta(hours=24) - timedelta(hours=2), "the next reminder is near"
    assert MESSAGES["reminder_2h"].stale_after < timedelta(hours=2), "the visit has begun"


def test_links_with_an_end_of_their_own_and_what_is_owed_never_get_stale() -> None:
    for name in ASKED_FOR | {"quote", "answer", "client_asks", "invoice", "receipt", "refund"}:
        assert MESSAGES[name].stale_after is None


@pytest.mark.parametrize("name", MESSAGES)
class TestEveryMessage:
    def test_it_says_the_same_in_text_and_html(self, name: str) -> None:
        message = written(name)
        assert message.purpose == name
        opens = f"{URL}#rate" if name == "feedback_request" else URL
        assert opens in message.text.splitlines()
        assert opens in Reader(message.html).links
        assert signature(message.text)[:2] == ["Alder Cleaning", "+1 503 555 0142"]

    def test_it_says_how_to_do_without_it_where_one_can(self, name: str) -> None:
        message, can = written(name), MESSAGES[name].can_unsubscribe
        assert message.unsubscribe_url == (UNSUBSCRIBE if can else "")
        assert (UNSUBSCRIBE in signature(message.text)) is can
        assert (UNSUBSCRIBE in Reader(message.html).links) is can
        assert ("nsubscribe" in message.text) is can

    def test_it_bears_the_organizations_name_colour_and_address_for_answers(self, name: str) -> None:
        message = written(name)
        assert message.from_name == "Alder Cleaning"
        assert message.reply_to == "office@alder.test"
        assert "#7a1f5c" in message.html

    def test_nobodys_words_become_html(self, name: str) -> None:
        order = OrderFacts(number=1, service=NASTY, client=NASTY, place=NASTY, when="now", worker=NASTY, price="$1.00")
        bill = MoneyFacts(client=NASTY, amount=NASTY, what=NASTY, number=NASTY, due=NASTY)
        phrases = dict.fromkeys(("why", "method", "arrives", "within", "host", "used", "unsubscribe_url"), NASTY)
        message = written(name, order=order, money=bill, name=NASTY, invited_by=NASTY, **phrases)
        assert "script" not in Reader(message.html).tags

    def test_no_gap_in_the_text_is_longer_than_one_line(self, name: str) -> None:
        assert "\n\n\n" not in written(name).text

    def test_its_subject_is_short(self, name: str) -> None:
        assert len(written(name).subject) <= 60


@pytest.mark.parametrize(
    "ending", ["\r\nBcc: victim@example.com", "\nBcc: victim@example.com", "\x0bBcc: x", "\u2028Bcc: x"]
)
def test_a_name_cannot_write_headers_of_its_own(ending: str) -> None:
    order = OrderFacts(number=1, service="Clean", client=f"Eve{ending}")
    org = Org(uuid4(), "eve", f"Eve{ending}", "UTC", "USD", settings={"email": f"eve@example.com{ending}"})
    message = order_messages.reminder_24h(org, order, url=URL, unsubscribe_url=f"https://doorstep.test/{ending}")
    request = order_messages.new_request(org, order, url=URL, wish="", words="")
    for header in (message.subject, request.subject, message.from_name, message.reply_to, message.unsubscribe_url):
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


@pytest.mark.parametrize(
    ("step", "days", "says"),
    [
        ("friendly", 1, "$252.00 was due 1 day ago and is still open."),
        ("friendly", 3, "It may just have slipped by."),
        ("firm", 14, "Your invoice is 14 days overdue"),
        ("last", 30, "This is the last mail that reminds you of it."),
    ],
)
def test_each_step_of_an_overdue_invoice_speaks_more_plainly(step: str, days: int, says: str) -> None:
    assert says in written("overdue", step=step, days=days).text
    others = {"friendly", "firm", "last"} - {step}
    assert all(says not in written("overdue", step=other, days=days).text for other in others)


def test_the_subject_of_an_overdue_invoice_says_how_far_it_has_come() -> None:
    subjects = [written("overdue", step=step).subject for step in ("friendly", "firm", "last")]
    assert subjects == [
        "A reminder: invoice 1187, $252.00",
        "Invoice 1187 is 14 days overdue",
        "Last reminder: invoice 1187, $252.00",
    ]


def test_money_without_an_invoice_is_told_of_without_a_number() -> None:
    deposit = MoneyFacts(client="Margaret", amount="$50.00", what="Deposit for Deep clean")
    assert written("invoice", money=deposit).subject == "Your invoice: $50.00"
    assert written("overdue", money=deposit, step="firm").subject == "Your invoice is 14 days overdue"
    for name in ("receipt", "refund", "payment_failed"):
        mail = written(name, money=deposit)
        assert "Invoice" not in mail.text
        assert "Pay by" not in mail.html


@pytest.mark.parametrize(
    ("percent", "subject", "says"),
    [
        (80, "80 % of your plan is used: 160 of 200 orders this month", "Everything works as before."),
        (100, "Your plan is full: 160 of 200 orders this month", "What you have stays as it is."),
        (104, "Your plan is full: 160 of 200 orders this month", "What you have stays as it is."),
    ],
)
def test_a_full_plan_is_told_differently_from_one_that_is_nearly_full(percent: int, subject: str, says: str) -> None:
    mail = written("plan_limit", percent=percent)
    assert mail.subject == subject
    assert says in mail.text
    assert says in mail.html


def test_the_two_reminders_ask_for_different_things() -> None:
    day, hours = written("reminder_24h"), written("reminder_2h")
    assert "Ask for another one on your page." in day.text
    assert "somebody can let us in" in hours.text
    assert day.purpose != hours.purpose
