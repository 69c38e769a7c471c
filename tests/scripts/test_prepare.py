"""What can go wrong before anything was done is told in a sentence, and nothing was done."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREPARE = ROOT / "scripts" / "prepare.py"


def refused(*command: str | Path) -> str:
    """What a command that must fail says, for a person to read: no traceback."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("port", ["abc", "0", "65536", ""])
def test_a_port_that_is_none_is_named(port: str) -> None:
    assert refused(sys.executable, PREPARE, "run", "--port", port) == (
        f"PORT is '{port}', and must be a number from 1 to 65535.\n"
    )


def test_a_port_that_is_taken_is_named_before_the_long_steps() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(sys.executable, PREPARE, "run", "--port", str(port))
    assert said.startswith(f"Port {port} cannot be used (Address already in use)")


def test_an_old_python_gets_as_far_as_the_sentence() -> None:
    pretend = f"import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({str(PREPARE)!r}, run_name='__main__')"
    assert "needs Python 3.11 or newer" in refused(sys.executable, "-c", pretend, "run")


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_environments_says_what_to_install(module: str) -> None:
    pretend = (
        f"import runpy, sys; sys.modules[{module!r}] = None; runpy.run_path({str(PREPARE)!r}, run_name='__main__')"
    )
    assert "install its venv module (python3-venv)" in refused(sys.executable, "-c", pretend, "run")


def test_a_python_that_is_not_there_is_told_by_make() -> None:
    assert "'no-such-python' was not found" in refused("make", "run", "PYTHON=no-such-python")


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    (scripts / "prepare.py").write_text(PREPARE.read_text())
    tmp_path.chmod(0o500)
    assert "which cannot be written" in refused(sys.executable, scripts / "prepare.py", "run")


def test_every_target_of_make_is_listed_in_its_help() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ["run", "test", "lint", "psql", "bench", "migrate", "backup", "up", "down", "logs", "help"]:
        assert f"make {target} " in said
