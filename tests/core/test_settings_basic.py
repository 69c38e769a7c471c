"""Names and passwords of legacy Basic Auth go together, or the start says what is wrong."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from doorstep.core import settings
from doorstep.core.settings import SettingsError
from tests.core.test_settings import PROD

ORG_ID = "01976f3c-8a52-7c1e-9d40-3b1f0a6e2c55"
OWNER = {"OWNER_BASIC_USERNAME": "till", "OWNER_BASIC_PASSWORD": "quiet-green-door"}
VIEWER = {"VIEWER_BASIC_USERNAME": "screen", "VIEWER_BASIC_PASSWORD": "quiet-brown-door"}
SWITCH = {"LEGACY_BASIC_AUTH_ENABLED": "true"}
ON = SWITCH | OWNER | {"DEFAULT_ORG_SLUG": "alder"}
ROLES = ("OWNER", "ADMIN", "DISPATCHER", "ACCOUNTANT", "VIEWER")


def problems(given: dict[str, str], instance: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings.load(given, instance=instance)
    return caught.value.problems


def without(given: dict[str, str], *names: str) -> dict[str, str]:
    return {key: value for key, value in given.items() if key not in names}


@pytest.mark.parametrize("surroundings", [{}, PROD], ids=["dev", "prod"])
def test_it_is_off_until_somebody_says_otherwise(surroundings: dict[str, str], tmp_path: Path) -> None:
    loaded = settings.load(surroundings, instance=tmp_path)
    assert not loaded.legacy_basic_auth_enabled
    assert loaded.basic_pairs == ()


@pytest.mark.parametrize("surroundings", [{}, PROD], ids=["dev", "prod"])
@pytest.mark.parametrize("role", ROLES)
def test_any_pair_will_do(role: str, surroundings: dict[str, str], tmp_path: Path) -> None:
    pair = {f"{role}_BASIC_USERNAME": "till", f"{role}_BASIC_PASSWORD": "quiet-green-door"}
    loaded = settings.load(surroundings | SWITCH | pair | {"DEFAULT_ORG_ID": ORG_ID}, instance=tmp_path)
    (found,) = loaded.basic_pairs
    assert (found.role, found.username, found.password) == (role.lower(), "till", "quiet-green-door")
    assert loaded.default_org_id == UUID(ORG_ID)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (SWITCH, "LEGACY_BASIC_AUTH_ENABLED must be false while no"),
        (SWITCH | {"DEFAULT_ORG_SLUG": "alder"}, "LEGACY_BASIC_AUTH_ENABLED must be false while no"),
        (without(ON, "OWNER_BASIC_PASSWORD"), "OWNER_BASIC_PASSWORD must be set, since OWNER_BASIC_USERNAME is"),
        (without(ON, "OWNER_BASIC_USERNAME"), "OWNER_BASIC_USERNAME must be set, since OWNER_BASIC_PASSWORD is"),
        (
            ON | VIEWER | {"VIEWER_BASIC_USERNAME": "till"},
            "OWNER_BASIC_USERNAME and VIEWER_BASIC_USERNAME are the same",
        ),
        (ON | {"OWNER_BASIC_USERNAME": "till:one"}, "OWNER_BASIC_USERNAME must be of printable characters without a"),
        (ON | {"OWNER_BASIC_USERNAME": "ti\tll"}, "OWNER_BASIC_USERNAME must be of printable characters without a"),
        (ON | {"OWNER_BASIC_PASSWORD": "quiet\x07green-door"}, "OWNER_BASIC_PASSWORD must be of printable characters"),
        (without(ON, "DEFAULT_ORG_SLUG"), "DEFAULT_ORG_ID or DEFAULT_ORG_SLUG must be set"),
        (ON | {"DEFAULT_ORG_ID": ORG_ID}, "DEFAULT_ORG_ID and DEFAULT_ORG_SLUG are both set"),
        (without(ON, "DEFAULT_ORG_SLUG") | {"DEFAULT_ORG_ID": "alder"}, "DEFAULT_ORG_ID must be an id such as"),
    ],
)
def test_what_does_not_go_together_is_told_once(given: dict[str, str], problem: str, tmp_path: Path) -> None:
    (found,) = problems(given, tmp_path)
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("quiet-green-doo", "VIEWER_BASIC_PASSWORD must have at least 16 characters"),
        ("changeme-changeme", "VIEWER_BASIC_PASSWORD is a placeholder"),
        (OWNER["OWNER_BASIC_PASSWORD"], "OWNER_BASIC_PASSWORD and VIEWER_BASIC_PASSWORD are the same secret"),
    ],
)
def test_production_wants_good_passwords(password: str, problem: str, tmp_path: Path) -> None:
    given = ON | VIEWER | {"VIEWER_BASIC_PASSWORD": password}
    assert len(settings.load(given, instance=tmp_path).basic_pairs) == 2
    (found,) = problems(PROD | given, tmp_path)
    assert found.startswith(problem)


def test_all_mistakes_are_told_at_once_beside_others(tmp_path: Path) -> None:
    given = SWITCH | {"ADMIN_BASIC_USERNAME": "a:b", "VIEWER_BASIC_PASSWORD": "short", "LOG_LEVEL": "loud"}
    found = problems(PROD | given, tmp_path)
    assert [problem.partition(" ")[0] for problem in found] == [
        "LOG_LEVEL",
        "DEFAULT_ORG_ID",
        "ADMIN_BASIC_PASSWORD",
        "ADMIN_BASIC_USERNAME",
        "VIEWER_BASIC_USERNAME",
        "VIEWER_BASIC_PASSWORD",
    ]


def test_what_is_switched_off_is_not_looked_at(tmp_path: Path) -> None:
    given = PROD | {"OWNER_BASIC_USERNAME": "till", "VIEWER_BASIC_PASSWORD": "short"}
    assert not settings.load(given, instance=tmp_path).legacy_basic_auth_enabled


def test_no_message_shows_a_name_or_a_password(tmp_path: Path) -> None:
    wrong = {"OWNER_BASIC_USERNAME": "till:pa55", "VIEWER_BASIC_USERNAME": "till:pa55", "OWNER_BASIC_PASSWORD": "pa55"}
    said = problems(PROD | SWITCH | wrong, tmp_path)
    said += problems({"OWNER_BASIC_PASSWORD": "pa55", "OWNER_BASIC_PASSWORD_FILE": "/x"}, tmp_path)
    assert "pa55" not in " ".join(said)
    assert "pa55" not in repr(settings.load(OWNER | {"OWNER_BASIC_PASSWORD": "pa55"}, instance=tmp_path).basic_pairs)


def test_a_password_may_come_from_a_file_and_none_is_made_up(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("quiet-green-door\n")
    given = without(ON, "OWNER_BASIC_PASSWORD") | {"OWNER_BASIC_PASSWORD_FILE": str(tmp_path / "password")}
    loaded = settings.load(given, instance=tmp_path)
    assert loaded.owner_basic_password == "quiet-green-door"
    assert loaded.viewer_basic_password == ""
