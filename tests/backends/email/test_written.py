"""The bytes of a mail: what no name, subject or text can change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.backends.email import addresses
from doorstep.backends.email.interface import EmailError
from doorstep.backends.email.written import written
from tests.backends.email.letters import ENVELOPE, envelope, read, unfolded

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HEADERS = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", *ENVELOPE.headers, "Content-Type", "MIME-Version"]
# What tears headers apart, and what the folding of long ones goes wrong with, more often than chance would have it.
AWKWARD = st.sampled_from(
    ["\r\n", "\n ", '"', "\\", ", ", "; ", "<", ">", "@", "=?utf-8?q?", "?=", "(", " ", "é", "😀"]
)
WORDS = st.lists(AWKWARD | st.text(max_size=30), max_size=30).map("".join)


def sent(**other: object) -> bytes:
    return written(envelope(**other), AT).as_bytes()


@given(WORDS, WORDS, WORDS)
def test_words_never_add_a_header_or_a_recipient_and_arrive_as_they_are(to: str, sender: str, subject: str) -> None:
    mail = read(sent(to_name=to, from_name=sender, subject=subject), ())
    assert sorted(mail.headers) == sorted(HEADERS)
    assert mail.recipients == ((addresses.name(to), ENVELOPE.to_address),)
    assert mail.sender == (addresses.name(sender), ENVELOPE.from_address)
    assert mail.subject == addresses.name(subject)
    assert (mail.text, mail.html) == (ENVELOPE.text, ENVELOPE.html)


@given(WORDS, st.text())
def test_no_line_is_longer_than_servers_take_and_all_is_ascii(words: str, text: str) -> None:
    data = sent(to_name=words, subject=words, text=text, html=text, headers={"X-Cause": words})
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")


def test_encoded_words_are_no_longer_than_readers_take() -> None:
    data = sent(to_name="王" * 200, subject="😀 " * 100)
    assert max(len(word) for word in data.split() if word.startswith(b"=?")) <= 75


def test_a_long_address_of_a_page_stays_in_one_piece() -> None:
    line = next(line for line in sent().split(b"\r\n") if line.startswith(b"List-Unsubscribe:"))
    assert line.decode() == f"List-Unsubscribe: {ENVELOPE.headers['List-Unsubscribe']}"


def test_text_comes_before_html() -> None:
    kinds = [part.get_content_type() for part in written(ENVELOPE, AT).walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_the_date_is_the_moment_of_sending() -> None:
    assert written(ENVELOPE, AT)["Date"] == "Sun, 01 Mar 2026 09:30:00 +0000"


def test_the_id_is_of_the_domain_that_mails_come_from() -> None:
    mail = written(envelope(from_address="office@bücher.test"), AT)
    assert mail["Message-ID"] == f"<{ENVELOPE.message_id}@xn--bcher-kva.test>"


def test_an_empty_subject_is_a_header_still() -> None:
    assert b"\r\nSubject: \r\n" in sent(subject="\n")


def test_a_header_beyond_ascii_is_encoded() -> None:
    line = next(line for line in sent(headers={"X-Cause": "é"}).split(b"\r\n") if line.startswith(b"X-Cause"))
    assert unfolded(line.decode()) == "X-Cause: =?utf-8?b?w6k=?="


def test_a_header_cannot_be_given_twice_in_two_spellings() -> None:
    with pytest.raises(EmailError) as caught:
        sent(headers={"X-Cause": "a", "x-cause": "b"})
    assert caught.value.permanent


@pytest.mark.parametrize(
    ("address", "as_servers_write_it"),
    [
        ("Ana.Ruiz+visit@Client.Test", "Ana.Ruiz+visit@client.test"),
        ("o'neil@client.test", "o'neil@client.test"),
        ("ana@intranet", "ana@intranet"),
        ("ana@straße.test", "ana@xn--strae-oqa.test"),
        ("ana@xn--bcher-kva.test", "ana@xn--bcher-kva.test"),
    ],
)
def test_an_address_keeps_its_first_part_and_has_its_domain_in_ascii(address: str, as_servers_write_it: str) -> None:
    assert addresses.recipient(envelope(to_address=address)) == as_servers_write_it
