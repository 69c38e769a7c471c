"""Renews `requirements.lock` and `requirements-dev.lock`: what the ranges in setup.cfg mean today."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pip._vendor.packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
HEADER = "# Made by `make lock` from setup.cfg; do not edit by hand.\n"

# Needed by pip to install the checkout itself, without a download of its own each time.
BUILD = "setuptools>=77,<86"
# The oldest Python that is promised (Debian 12 has 3.11.2). The one that resolves is likely newer.
OLDEST = "3.11.0"
# Needed on some interpreters only, so the one that resolves may not see them.
ELSEWHERE = ['async-timeout==5.0.1; python_full_version < "3.11.3"']


def resolved(*requirements: str) -> dict[str, str]:
    """Name -> version of everything that `requirements` need, asked of pip without installing it."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        subprocess.run([*command, "--report", report.name, *requirements], cwd=ROOT, check=True)
        found = [item["metadata"] for item in json.loads(Path(report.name).read_text())["install"]]
    too_new = [item["name"] for item in found if OLDEST not in SpecifierSet(item.get("requires_python", ""))]
    if too_new:
        sys.exit(f"Not for Python {OLDEST}: {', '.join(too_new)}. Keep an older version by a bound in setup.cfg.")
    return {item["name"]: item["version"] for item in found if item["name"] != "doorstep"}


def plain(name: str) -> str:
    """The form in which two spellings of a package are the same."""
    return re.sub(r"[-_.]+", "-", name).lower()


def written(name: str, first: list[str], pins: dict[str, str]) -> Path:
    """Writes one lock file: the given lines, then the pins by name."""
    rows = sorted((f"{package}=={version}" for package, version in pins.items()), key=str.lower)
    path = ROOT / name
    path.write_text(HEADER + "\n".join([*first, *rows]) + "\n")
    return path


def main() -> None:
    runtime = resolved(".", BUILD)
    lock = written("requirements.lock", ELSEWHERE, runtime)
    known = {plain(name) for name in runtime}
    everything = resolved(".[dev]", "--constraint", str(lock))
    dev = {name: version for name, version in everything.items() if plain(name) not in known}
    written("requirements-dev.lock", [f"-r {lock.name}"], dev)
    print(f"{len(runtime)} packages to run, {len(dev)} more to develop.")


if __name__ == "__main__":
    main()
