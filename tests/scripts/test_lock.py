"""The lock files name versions that every promised Python can have, not only the one that made them."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
OLDEST = "3.11.0"


def pins(name: str) -> list[Requirement]:
    lines = (ROOT / name).read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


@pytest.mark.parametrize(
    "pin", pins("requirements.lock") + pins("requirements-dev.lock"), ids=lambda pin: str(pin.name)
)
def test_a_pinned_package_runs_on_the_oldest_python(pin: Requirement) -> None:
    if pin.marker and not pin.marker.evaluate():
        pytest.skip("this Python does not need it")
    about = metadata.metadata(pin.name)
    assert about["Version"] in pin.specifier, "another version is installed: run make test"
    assert OLDEST in SpecifierSet(about.get("Requires-Python", "")), f"{pin} is not for Python {OLDEST}"
