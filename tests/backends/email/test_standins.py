"""The senders that send nothing, and the table by which one is chosen."""

from __future__ import annotations

import logging

import pytest
from flask import Flask

from doorstep.backends import registry
from doorstep.backends.email.console import ConsoleSender
from doorstep.backends.email.interface import EmailError, Sender
from doorstep.backends.email.off import OffSender
from doorstep.core.settings import Settings
from tests.backends.email.letters import ENVELOPE, envelope

MODES = sorted(registry.BACKENDS["email"])


@pytest.mark.parametrize("sender", [OffSender(), ConsoleSender()], ids=lambda sender: str(sender.name))
def test_a_stand_in_takes_mails_and_is_always_well(sender: Sender) -> None:
    assert sender.send(ENVELOPE) == ""
    sender.check()


def test_the_console_says_which_mail_and_nothing_about_anybody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ConsoleSender().send(ENVELOPE)
    (line,) = caplog.messages
    assert ENVELOPE.message_id in line
    assert "scheduled" in line
    personal = (ENVELOPE.to_address, ENVELOPE.to_name, ENVELOPE.subject, ENVELOPE.reply_to, "unsubscribe")
    assert [word for word in personal if word in line] == []


def test_the_console_refuses_what_a_server_would(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with pytest.raises(EmailError) as caught:
        ConsoleSender().send(envelope(to_address="ana"))
    assert caught.value.permanent
    assert caplog.messages == []


def test_off_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    OffSender().send(ENVELOPE)
    assert caplog.messages == []


@pytest.mark.parametrize("mode", MODES)
def test_each_word_of_the_settings_names_the_sender_of_that_name(mode: str) -> None:
    settings = Settings(email_mode=mode, email_from="office@doorstep.test", smtp_host="mail.test")
    app = Flask(__name__)
    registry.bind(app, settings)
    with app.app_context():
        assert registry.email().name == mode


def test_the_settings_know_the_same_words() -> None:
    spec = Settings.__dataclass_fields__["email_mode"]
    assert [spec.metadata["read"](mode) for mode in MODES] == MODES
    with pytest.raises(ValueError, match=", ".join(("off", "console", "smtp", "sendgrid"))):
        spec.metadata["read"]("pigeon")


def test_development_writes_to_the_console() -> None:
    assert Settings().email_mode == "console"
