"""Settings that do not go together are told, all at once and each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorstep.core import settings
from doorstep.core.settings import SettingsError
from tests.core.test_settings import PROD

SMTP = {"EMAIL_MODE": "smtp", "SMTP_HOST": "mail.company.test", "EMAIL_FROM": "office@company.test"}
SENDGRID = {"EMAIL_MODE": "sendgrid", "SENDGRID_API_KEY": "SG.abc-def_123", "EMAIL_FROM": "office@company.test"}
SIGNED_IN = {"SMTP_USERNAME": "mailer", "SMTP_PASSWORD": "pa55"}


def problems(given: dict[str, str], instance: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings.load(given, instance=instance)
    return caught.value.problems


def without(given: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in given.items() if key != name}


@pytest.mark.parametrize("given", [SMTP, SMTP | SIGNED_IN, SENDGRID, {"EMAIL_MODE": "off"}])
@pytest.mark.parametrize("surroundings", [{}, PROD], ids=["dev", "prod"])
def test_what_goes_together_is_taken(given: dict[str, str], surroundings: dict[str, str], tmp_path: Path) -> None:
    assert settings.load(surroundings | given, instance=tmp_path).email_mode == given["EMAIL_MODE"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (without(SMTP, "SMTP_HOST"), "SMTP_HOST"),
        (without(SMTP, "EMAIL_FROM"), "EMAIL_FROM"),
        (without(SENDGRID, "SENDGRID_API_KEY"), "SENDGRID_API_KEY"),
        (without(SENDGRID, "EMAIL_FROM"), "EMAIL_FROM"),
        (SMTP | {"SMTP_PASSWORD": "pa55"}, "SMTP_USERNAME"),
        (SMTP | {"SMTP_USERNAME": "mailer"}, "SMTP_PASSWORD"),
        (SMTP | SIGNED_IN | {"SMTP_PASSWORD": "pässword"}, "SMTP_PASSWORD"),
        (SMTP | {"EMAIL_FROM": "Office <office@company.test>"}, "EMAIL_FROM"),
        (SMTP | {"EMAIL_FROM": "office"}, "EMAIL_FROM"),
        (SMTP | {"EMAIL_FROM": "büro@company.test"}, "EMAIL_FROM"),
        (SENDGRID | {"SENDGRID_API_KEY": "SG.abc def"}, "SENDGRID_API_KEY"),
        (SENDGRID | {"SENDGRID_API_KEY": "SG.abc\ndef"}, "SENDGRID_API_KEY"),
        (SENDGRID | {"SENDGRID_API_KEY": "SG.äbc"}, "SENDGRID_API_KEY"),
        ({"EMAIL_RETRY_BACKOFF_MAX_SECONDS": "5"}, "EMAIL_RETRY_BACKOFF_MAX_SECONDS"),
        ({"EMAIL_CIRCUIT_OPEN_MAX_SECONDS": "5"}, "EMAIL_CIRCUIT_OPEN_MAX_SECONDS"),
        ({"EMAIL_MODE": "pigeon"}, "EMAIL_MODE"),
    ],
)
def test_what_does_not_is_told_once(given: dict[str, str], name: str, tmp_path: Path) -> None:
    (problem,) = problems(given, tmp_path)
    assert problem.startswith(name + " ")


def test_all_that_is_missing_is_told_at_once_beside_other_mistakes(tmp_path: Path) -> None:
    found = problems({"EMAIL_MODE": "smtp", "SMTP_PASSWORD": "pa55", "LOG_LEVEL": "loud"}, tmp_path)
    assert [problem.partition(" ")[0] for problem in found] == ["LOG_LEVEL", "SMTP_HOST", "EMAIL_FROM", "SMTP_USERNAME"]


@pytest.mark.parametrize("given", [{}, {"EMAIL_MODE": "console"}], ids=["left out", "written out"])
def test_production_does_not_lose_its_mails_on_the_console(given: dict[str, str], tmp_path: Path) -> None:
    (problem,) = problems(without(PROD, "EMAIL_MODE") | given, tmp_path)
    assert problem.startswith("EMAIL_MODE must be smtp, sendgrid or off in production")


def test_in_production_a_password_goes_over_an_encrypted_line_only(tmp_path: Path) -> None:
    open_line = SMTP | SIGNED_IN | {"SMTP_TLS": "none"}
    (problem,) = problems(PROD | open_line, tmp_path)
    assert problem.startswith("SMTP_TLS must be starttls or implicit in production")
    assert settings.load(open_line, instance=tmp_path).smtp_tls == "none"
    assert settings.load(PROD | SMTP | {"SMTP_TLS": "none"}, instance=tmp_path).smtp_tls == "none"


@pytest.mark.parametrize(
    ("base", "is_fine"),
    [
        ("https://api.eu.sendgrid.com", True),
        ("http://127.0.0.1:9000", True),
        ("http://[::1]:9000", True),
        ("http://localhost:9000", True),
        ("http://api.sendgrid.com", False),
        ("http://10.0.0.7", False),
    ],
)
def test_in_production_a_key_goes_over_an_encrypted_line_only(base: str, is_fine: bool, tmp_path: Path) -> None:
    given = PROD | SENDGRID | {"SENDGRID_API_BASE": base}
    if is_fine:
        assert settings.load(given, instance=tmp_path).sendgrid_api_base == base
    else:
        (problem,) = problems(given, tmp_path)
        assert problem.startswith("SENDGRID_API_BASE must be https in production")


def test_no_message_shows_a_password_or_a_key(tmp_path: Path) -> None:
    said = problems(SMTP | {"SMTP_PASSWORD": "pa55-wörd"}, tmp_path)
    said += problems(SENDGRID | {"SENDGRID_API_KEY": "SG.the key"}, tmp_path)
    assert [word for word in ("pa55", "SG.the") if word in " ".join(said)] == []


def test_a_password_and_a_key_may_come_from_files_and_are_not_made_up(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("SG.abc\n")
    given = without(SENDGRID, "SENDGRID_API_KEY") | {"SENDGRID_API_KEY_FILE": str(tmp_path / "key")}
    loaded = settings.load(given, instance=tmp_path)
    assert loaded.sendgrid_api_key == "SG.abc"
    assert (loaded.smtp_username, loaded.smtp_password) == ("", "")
    assert len(loaded.email_unsubscribe_secret) >= 32


def test_an_address_of_a_foreign_domain_is_written_as_servers_do(tmp_path: Path) -> None:
    assert settings.load({"EMAIL_FROM": "Office@Bücher.test"}, instance=tmp_path).email_from == (
        "Office@xn--bcher-kva.test"
    )


def test_webhooks_without_encryption_need_to_be_told_where(tmp_path: Path) -> None:
    (problem,) = problems({"EXPORT_WEBHOOK_ALLOW_HTTP": "true"}, tmp_path)
    assert problem.startswith("EXPORT_WEBHOOK_ALLOWED_HOSTS must be set")
    given = {"EXPORT_WEBHOOK_ALLOW_HTTP": "true", "EXPORT_WEBHOOK_ALLOWED_HOSTS": "Hooks.test"}
    assert settings.load(given, instance=tmp_path).export_webhook_allowed_hosts == ("hooks.test",)
