"""The settings as they are given: read once, when the application is made, from the environment and `.env`.

All mistakes are reported together. A secret may also come from a file named by `NAME_FILE`. What settings
there are stands in `settings_table`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, fields, replace
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from doorstep.core import secrecy, settings_checks
from doorstep.core.settings_table import Settings

__all__ = ["Settings", "SettingsError", "described", "load"]


class SettingsError(Exception):
    """The settings are not usable; `problems` lists every mistake, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("Doorstep cannot start:\n" + "\n".join(f"  - {p}" for p in problems))


def load(environ: Mapping[str, str] | None = None, *, instance: Path) -> Settings:
    """Returns the settings given by the environment and a `.env` file beside `instance`.

    Raises SettingsError that lists every mistake at once.
    """
    source = dict(environ) if environ is not None else _environment(instance)
    problems: list[str] = []
    values = {spec.name: _value(spec, source, problems) for spec in _table()}
    settings = Settings(instance=instance, **{name: v for name, v in values.items() if v is not None})
    if settings.is_prod:
        problems += _production_problems(settings)
    problems += _secret_problems(settings)
    # What is wrong or missing by itself is told once, not again as what another setting needs.
    named = {problem.partition(" ")[0] for problem in problems}
    checks = (settings_checks.email, settings_checks.basic_auth, settings_checks.export)
    together = [said for check in checks for said in check(settings)]
    problems += [said for said in together if said.partition(" ")[0] not in named]
    if problems:
        raise SettingsError(problems)
    return settings if settings.is_prod else _with_generated_secrets(settings)


def described() -> list[dict[str, str]]:
    """Returns one row a setting for the documentation: group, name, default, about, note."""
    return [
        {
            "group": spec.metadata["group"],
            "name": spec.name.upper(),
            "default": _shown(spec.default),
            "about": spec.metadata["about"],
            "note": _note(spec.metadata),
        }
        for spec in _table()
    ]


def _table() -> list[Field[Any]]:
    return [spec for spec in fields(Settings) if spec.metadata]


def _environment(instance: Path) -> dict[str, str]:
    given = {k: v for k, v in dotenv_values(instance.parent / ".env").items() if v is not None}
    return given | dict(os.environ)


def _value(spec: Field[Any], source: Mapping[str, str], problems: list[str]) -> Any:
    """Returns what was given for a setting, or None; adds to `problems` what is wrong with it."""
    name = spec.name.upper()
    try:
        text = _text(name, source)
        return spec.metadata["read"](text) if text else None
    except ValueError as error:
        hidden = spec.metadata["secret"] or "://" in source.get(name, "") or source.get(name + "_FILE")
        shown = "" if hidden else source.get(name, "")
        problems.append(f"{name} {error}" + (f" (it is {shown!r})" if shown else ""))
        return None


def _text(name: str, source: Mapping[str, str]) -> str:
    path = source.get(name + "_FILE")
    if not path:
        return source.get(name, "").strip()
    if source.get(name):
        raise ValueError(f"and {name}_FILE are both set; keep one")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ValueError(f"cannot be read from the file {path} ({reason})") from None


def _secrets() -> list[Field[Any]]:
    return [spec for spec in _table() if spec.metadata["secret"]]


def _with_generated_secrets(settings: Settings) -> Settings:
    missing = [spec.name for spec in _secrets() if not getattr(settings, spec.name)]
    if not missing:
        return settings
    kept = secrecy.kept(settings.instance / "dev-secrets.json", missing)
    made: dict[str, Any] = {name: kept[name] for name in missing}
    return replace(settings, **made)


def _production_problems(settings: Settings) -> list[str]:
    required = [spec for spec in _table() if spec.metadata["required"]]
    missing = [spec.name.upper() for spec in required if getattr(settings, spec.name) == spec.default]
    found = [f"{name} must be set in production" for name in missing]
    if "PUBLIC_BASE_URL" not in missing and not settings.public_base_url.startswith("https://"):
        found.append("PUBLIC_BASE_URL must be https in production")
    return found


def _secret_problems(settings: Settings) -> list[str]:
    given = {spec.name.upper(): getattr(settings, spec.name) for spec in _secrets()}
    return secrecy.faults(given, {spec.name.upper(): spec.metadata["secret"] for spec in _secrets()})


def _shown(default: Any) -> str:
    if isinstance(default, tuple):
        return ",".join(default)
    return str(default).lower() if isinstance(default, bool) else str("" if default is None else default)


def _note(meta: Mapping[str, Any]) -> str:
    fewest = f"at least {meta['secret']} characters" if meta["secret"] else ""
    return ", ".join(word for word in ("required in production" if meta["required"] else "", fewest) if word)
