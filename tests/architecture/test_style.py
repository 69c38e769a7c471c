"""The linters have nothing to say about the ground that everything stands on; `make lint` asks them about the rest."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

GROUND = ["src/doorstep/core", "src/doorstep/health", "migrations", "tests/architecture", "tests/core", "tests/tenancy"]


def said_by(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", [("check", "--no-cache", "--output-format=concise"), ("format", "--check", "--no-cache")]
)
def test_ruff_is_content(command: tuple[str, ...]) -> None:
    assert said_by("ruff", *command, *GROUND) == ""


@pytest.mark.slow
def test_mypy_is_content() -> None:
    assert said_by("mypy", "src/doorstep/core", "src/doorstep/health") == ""
