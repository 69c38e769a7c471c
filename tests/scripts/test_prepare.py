"""What can go wrong before anything was done is told in a sentence, and nothing was done."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREPARE = ROOT / "scripts" / "prepare.py"
WHY = "Permission denied"


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


def test_a_folder_that_cannot_be_written_is_named() -> None:
    """Asked by somebody to whom the folder does not belong, for root can write everywhere."""
    stranger = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "scripts").mkdir()
        (folder / "scripts" / "prepare.py").write_text(PREPARE.read_text())
        folder.chmod(0o555)
        for python in dict.fromkeys([sys.executable, "/usr/bin/python3"]):
            command = [python, folder / "scripts" / "prepare.py", "run"]
            try:
                done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **stranger)
            except PermissionError:
                continue  # a Python of root's own
            assert done.stderr == f"Doorstep keeps packages and data in {folder}, which cannot be written: {WHY}.\n"
            return
    pytest.skip("nobody but root can use the Pythons of this machine")


@pytest.fixture
def prepare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script on an environment in a temporary folder; what it would run is noted in `ran` instead."""
    spec = util.spec_from_file_location("prepare", PREPARE)
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    monkeypatch.setattr(module, "VENV", str(venv))
    monkeypatch.setattr(module, "PYTHON", str(venv / "bin" / "python"))
    monkeypatch.setattr(module, "STAMP", str(venv / "doorstep.json"))
    module.__dict__["ran"] = ran = []

    def call(command: list[str], trouble: str) -> None:
        ran.append(" ".join(command[1:3]))
        if "venv" in command:
            (venv / "bin").mkdir(parents=True)
            (venv / "bin" / "python").touch()
        if module.__dict__.get("network") is False and "pip" in command:
            module.stop(trouble)

    monkeypatch.setattr(module, "call", call)
    return module


def test_what_is_installed_is_not_installed_again(prepare: ModuleType) -> None:
    assert not prepare.is_ready("run")
    prepare.install("dev")
    assert prepare.ran == ["-m venv", "-m pip", "-m pip"]
    assert (prepare.is_ready("run"), prepare.is_ready("dev")) == (True, True)


def test_an_installation_that_was_killed_is_begun_anew(prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(kind: str) -> None:
        (Path(prepare.VENV) / "half").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(prepare, "install_packages", killed)
        with pytest.raises(KeyboardInterrupt):
            prepare.install("run")
    assert not prepare.is_ready("run")
    prepare.install("run")
    assert not (Path(prepare.VENV) / "half").exists()
    assert prepare.ran == ["-m venv", "-m venv", "-m pip", "-m pip"]
    assert prepare.is_ready("run")


def test_without_a_network_what_was_there_stays(prepare: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    prepare.install("run")
    (Path(prepare.VENV) / "there").touch()
    prepare.network = False
    with pytest.raises(SystemExit):
        prepare.install("dev")
    assert "Without a network they cannot be" in capsys.readouterr().err
    assert (prepare.is_ready("run"), prepare.is_ready("dev")) == (True, False)
    prepare.network = True
    prepare.install("dev")
    assert (Path(prepare.VENV) / "there").exists()


def test_an_environment_that_was_moved_or_is_of_another_python_is_made_anew(prepare: ModuleType) -> None:
    prepare.install("run")
    known = json.loads(Path(prepare.STAMP).read_text())
    for change in ({"root": "/elsewhere"}, {"python": [3, 9]}):
        Path(prepare.STAMP).write_text(json.dumps(known | change))
        assert not prepare.is_ready("run")
        prepare.install("run")
        assert prepare.is_ready("run")
    shutil.rmtree(Path(prepare.VENV) / "bin")
    assert not prepare.is_ready("run")


def test_every_target_of_make_is_listed_in_its_help() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY:"))
    targets = set(phony.split()[1:]) - {"python"}  # which is a step of others
    assert targets >= {"run", "test", "lint", "psql", "bench", "migrate", "up", "down", "logs", "help"}
    assert [target for target in targets if f"make {target} " not in said] == []
