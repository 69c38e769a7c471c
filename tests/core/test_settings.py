"""Settings are read once, and every mistake in them is told at once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from doorstep.core import secrecy, settings
from doorstep.core.settings import Settings, SettingsError

GOOD_SECRETS = {
    "AUTH_SECRET_KEY": "a1" * 20,
    "CLIENT_PORTAL_SECRET": "b2" * 20,
    "WORKER_PORTAL_SECRET": "c3" * 20,
    "PHOTO_SIGNING_SECRET": "d4" * 20,
    "EMAIL_UNSUBSCRIBE_SECRET": "e5" * 20,
}
PROD = {
    "APP_ENV": "prod",
    "EMAIL_MODE": "off",
    "PUBLIC_BASE_URL": "https://doorstep.company.test",
    "DATABASE_URL": "postgresql://app@db/doorstep",
    "DATABASE_OWNER_URL": "postgresql://owner@db/doorstep",
    **GOOD_SECRETS,
}


def problems(given: dict[str, str], instance: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings.load(given, instance=instance)
    return caught.value.problems


def test_nothing_needs_to_be_given_on_a_laptop(tmp_path: Path) -> None:
    loaded = settings.load({}, instance=tmp_path)
    assert loaded.app_env == "dev"
    assert not loaded.is_prod
    assert loaded.upload_root == tmp_path / "uploads"
    assert not loaded.logs_json


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    given = {
        "APP_ENV": "staging",
        "STRICT_CORS": "maybe",
        "DATABASE_POOL_SIZE": "many",
        "DATABASE_URL": "mysql://db/doorstep",
        "CORS_ORIGINS": "https://a.test/path",
        "AUTH_SECRET_KEY": "short",
    }
    found = problems(given, tmp_path)
    assert len(found) == len(given)
    for name in given:
        assert any(problem.startswith(name + " ") for problem in found), name


def test_the_message_names_each_mistake_on_a_line_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load({"APP_ENV": "staging", "LOG_LEVEL": "loud"}, instance=tmp_path)
    assert str(caught.value).splitlines() == [
        "Doorstep cannot start:",
        "  - APP_ENV must be one of dev, prod (it is 'staging')",
        "  - LOG_LEVEL must be one of debug, info, warning, error (it is 'loud')",
    ]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("STRICT_CORS", "off", False),
        ("STRICT_CORS", "YES", True),
        ("DATABASE_POOL_SIZE", "7", 7),
        ("LOG_LEVEL", "Warning", "warning"),
        ("PUBLIC_BASE_URL", "https://a.test/", "https://a.test"),
        ("CORS_ORIGINS", "https://a.test, https://b.test:8443", ("https://a.test", "https://b.test:8443")),
        ("DATABASE_URL", "postgres://u@h/d", "postgresql+psycopg2://u@h/d"),
        ("ORDER_PHOTO_ALLOWED_MIMES", "image/jpeg,", ("image/jpeg",)),
        ("ORDER_UPLOAD_ROOT", "/srv/photos", Path("/srv/photos")),
        ("LOG_FORMAT", "  json ", "json"),
    ],
)
def test_a_good_text_becomes_a_typed_value(name: str, text: str, value: object, tmp_path: Path) -> None:
    assert getattr(settings.load({name: text}, instance=tmp_path), name.lower()) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("STRICT_CORS", "2"),
        ("DATABASE_POOL_SIZE", "0"),
        ("DATABASE_POOL_SIZE", "101"),
        ("DATABASE_POOL_SIZE", "1e1"),
        ("DATABASE_POOL_SIZE", "²"),
        ("DATABASE_POOL_SIZE", "--4"),
        ("PUBLIC_BASE_URL", "doorstep.test"),
        ("PUBLIC_BASE_URL", "ftp://doorstep.test"),
        ("PUBLIC_BASE_URL", "https://doorstep.test?x=1"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.test/"),
        ("ORDER_STORAGE_BACKEND", "floppy"),
    ],
)
def test_a_bad_text_is_refused(name: str, text: str, tmp_path: Path) -> None:
    (problem,) = problems({name: text}, tmp_path)
    assert problem.startswith(name)


def test_an_empty_text_counts_as_not_given(tmp_path: Path) -> None:
    assert settings.load({"LOG_LEVEL": "", "STRICT_CORS": " "}, instance=tmp_path).log_level == "info"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("e5" * 20 + "\n")
    assert settings.load({"AUTH_SECRET_KEY_FILE": str(path)}, instance=tmp_path).auth_secret_key == "e5" * 20


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = problems({"AUTH_SECRET_KEY_FILE": str(tmp_path / "none")}, tmp_path)
    assert "AUTH_SECRET_KEY cannot be read" in problem
    assert "No such file" in problem


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"\xff\xfe\x00")
    (problem,) = problems({"AUTH_SECRET_KEY_FILE": str(path)}, tmp_path)
    assert "not text" in problem


def test_a_secret_given_twice_is_told(tmp_path: Path) -> None:
    (problem,) = problems({"AUTH_SECRET_KEY": "a" * 40, "AUTH_SECRET_KEY_FILE": "/x"}, tmp_path)
    assert "both set" in problem


@pytest.mark.parametrize("word", ["change-me-change-me-change-me-change-me", "my-secret-" + "z" * 40])
def test_a_placeholder_is_no_secret_even_on_a_laptop(word: str, tmp_path: Path) -> None:
    (problem,) = problems({"CLIENT_PORTAL_SECRET": word}, tmp_path)
    assert "placeholder" in problem


def test_two_secrets_must_differ(tmp_path: Path) -> None:
    same = {"AUTH_SECRET_KEY": "f6" * 20, "WORKER_PORTAL_SECRET": "f6" * 20}
    (problem,) = problems(same, tmp_path)
    assert problem.startswith("AUTH_SECRET_KEY and WORKER_PORTAL_SECRET are the same")


def test_no_message_ever_shows_a_secret_or_a_database_password(tmp_path: Path) -> None:
    given = {"AUTH_SECRET_KEY": "tooshort-9f", "DATABASE_URL": "mysql://app:pa55@db/x"}
    said = " ".join(problems(given, tmp_path))
    assert "tooshort-9f" not in said
    assert "pa55" not in said


def test_production_starts_with_what_it_needs(tmp_path: Path) -> None:
    loaded = settings.load(PROD, instance=tmp_path)
    assert loaded.is_prod
    assert loaded.logs_json


@pytest.mark.parametrize("name", [name for name in PROD if name not in ("APP_ENV", "EMAIL_MODE")])
def test_production_says_what_is_missing(name: str, tmp_path: Path) -> None:
    given = {key: value for key, value in PROD.items() if key != name}
    assert problems(given, tmp_path) == [f"{name} must be set in production"]


def test_production_is_https(tmp_path: Path) -> None:
    given = PROD | {"PUBLIC_BASE_URL": "http://doorstep.company.test"}
    assert problems(given, tmp_path) == ["PUBLIC_BASE_URL must be https in production"]


def test_production_makes_up_no_secrets(tmp_path: Path) -> None:
    problems({"APP_ENV": "prod"}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_laptop_keeps_the_secrets_it_made_up(tmp_path: Path) -> None:
    first = settings.load({}, instance=tmp_path)
    again = settings.load({}, instance=tmp_path)
    assert first == again
    assert len({first.auth_secret_key, first.client_portal_secret, first.worker_portal_secret}) == 3
    assert stat.S_IMODE((tmp_path / "dev-secrets.json").stat().st_mode) == 0o600


def test_a_given_secret_wins_over_a_kept_one(tmp_path: Path) -> None:
    settings.load({}, instance=tmp_path)
    assert settings.load(GOOD_SECRETS, instance=tmp_path).auth_secret_key == "a1" * 20


def test_processes_that_start_together_agree_on_the_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: secrecy.kept(tmp_path / "s.json", ["one", "two"]), range(16)))
    assert all(found == made[0] for found in made)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=error\nLOG_FORMAT='json'\n")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    loaded = settings.load(instance=tmp_path / "instance")
    assert (loaded.log_level, loaded.log_format) == ("debug", "json")


def test_every_setting_is_described_once_with_its_group() -> None:
    rows = settings.described()
    assert [row["name"].lower() for row in rows] == [spec.name for spec in fields(Settings) if spec.metadata]
    assert all(row["about"] and row["group"] for row in rows)
    by_name = {row["name"]: row for row in rows}
    assert by_name["STRICT_CORS"]["default"] == "true"
    assert by_name["ORDER_PHOTO_ALLOWED_MIMES"]["default"].startswith("image/jpeg,image/png")
    assert by_name["AUTH_SECRET_KEY"]["note"] == "required in production, at least 32 characters"
