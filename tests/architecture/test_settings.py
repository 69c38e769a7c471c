"""Settings: what is written about them is true, and none of them is a lie."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from dotenv import dotenv_values

from doorstep.core import settings
from tests.architecture.source import ROOT, modules

NAMES = [row["name"] for row in settings.described()]


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """The script that writes the documents."""
    spec = importlib.util.spec_from_file_location("settings_doc", ROOT / "scripts" / "settings_doc.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_documents_are_up_to_date(writer: ModuleType) -> None:
    for path, text in writer.files().items():
        assert path.read_text(encoding="utf-8") == text, f"run: python scripts/settings_doc.py ({path.name})"


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_is_described(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_the_example_changes_nothing_and_its_lines_can_be_uncommented(tmp_path: Path) -> None:
    example = ROOT / ".env.example"
    assert dotenv_values(example) == {}
    opened = tmp_path / ".env"
    opened.write_text(re.sub(r"(?m)^#(?=[A-Z_]+=)", "", example.read_text(encoding="utf-8")))
    given = {name: value or "" for name, value in dotenv_values(opened).items()}
    assert list(given) == sorted(NAMES, key=list(given).index)
    loaded, plain = settings.load(given, instance=tmp_path), settings.load({}, instance=tmp_path)
    assert loaded == plain


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_is_read_by_somebody(name: str) -> None:
    """A setting without effect promises what nobody keeps."""
    readers = [
        module.name
        for module in modules()
        if not module.name.startswith("doorstep.core.settings") and re.search(rf"\.{name.lower()}\b", module.text)
    ]
    own = (ROOT / "src/doorstep/core/settings_table.py").read_text(encoding="utf-8")
    outside = [
        path.name for path in (*ROOT.glob("*.py"), *ROOT.glob("migrations/*.py")) if name.lower() in path.read_text()
    ]
    assert readers or outside or re.search(rf"self\.{name.lower()}\b", own), f"nobody reads {name}"
