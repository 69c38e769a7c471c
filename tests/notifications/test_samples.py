"""A sample of every mail: none is missing, each looks like the organization's own, none opens anything."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from doorstep.core.actor import Org
from doorstep.notifications import samples
from doorstep.notifications.messages import MESSAGES
from doorstep.notifications.samples import SAMPLES

BASE = "https://doorstep.test"
BIRCH = Org(
    uuid4(), "birch", "Birch Pest Control", "Asia/Tokyo", "JPY",
    settings={"phone": "+81 3 5550 0142", "colour": "#f2b632", "email": "office@birch.test"},
)  # fmt: skip
ADDRESS = re.compile(r"https?://[^\s\"<]+")


def test_every_mail_has_a_sample_and_every_sample_is_of_a_mail() -> None:
    assert list(SAMPLES) == list(MESSAGES)


@pytest.mark.parametrize("purpose", MESSAGES)
class TestEverySample:
    def test_it_is_of_its_own_mail(self, purpose: str) -> None:
        assert samples.of(purpose, BIRCH, BASE).purpose == purpose

    def test_it_is_the_organizations_own(self, purpose: str) -> None:
        mail = samples.of(purpose, BIRCH, BASE)
        assert (mail.from_name, mail.reply_to) == ("Birch Pest Control", "office@birch.test")
        for written in (mail.text, mail.html):
            assert "Birch Pest Control" in written
            assert "+81 3 5550 0142" in written
            assert "$" not in written, "an amount in another currency"
        assert "#f2b632" in mail.html

    def test_its_links_are_of_this_installation_and_open_nothing(self, purpose: str) -> None:
        mail = samples.of(purpose, BIRCH, BASE)
        found = {address.removeprefix(BASE) for address in ADDRESS.findall(mail.text + mail.html)}
        assert found
        for path in found:
            assert "example" in path or path in ("/worker", "/office/settings")

    def test_its_subject_is_short_and_nothing_is_missing_in_it(self, purpose: str) -> None:
        mail = samples.of(purpose, BIRCH, BASE)
        assert 10 <= len(mail.subject) <= 60
        for written in (mail.subject, mail.text, mail.html):
            assert "None" not in written


def test_an_organization_that_has_set_nothing_has_samples_too() -> None:
    bare = Org(uuid4(), "bare", "Bare", "UTC", "USD")
    for purpose in MESSAGES:
        assert samples.of(purpose, bare, BASE).text.splitlines()[-1].strip()


def test_there_is_no_sample_of_what_is_no_mail() -> None:
    with pytest.raises(KeyError):
        samples.of("nothing", BIRCH, BASE)
