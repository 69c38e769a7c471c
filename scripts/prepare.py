"""Makes `.venv` ready for running (`run`) or developing (`dev`), or says in a sentence why it cannot.

Runs with whatever Python the machine has, so it uses the standard library only and old syntax:
an old Python has to get as far as the sentence that says it is too old.
"""

import argparse
import fcntl
import hashlib
import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "doorstep.json")
LOCK = os.path.join(ROOT, "instance", "prepare.lock")
IDENTITY = {"root": ROOT, "python": list(sys.version_info[:2])}
OLDEST = (3, 11)
LOCKS = {"run": ["requirements.lock"], "dev": ["requirements.lock", "requirements-dev.lock"]}


def stop(sentence: str) -> None:
    """Ends with one sentence for a person."""
    sys.stdout.flush()
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


def check_python() -> None:
    """The right version, and able to make a virtual environment (Debian and Ubuntu package that apart)."""
    have = "{}.{}.{}".format(*sys.version_info[:3])
    if sys.version_info < OLDEST:
        stop(f"Doorstep needs Python 3.11 or newer; {sys.executable} is {have}. Name another with PYTHON=...")
    for module in ("venv", "ensurepip"):
        try:
            importlib.import_module(module)
        except ImportError:
            stop(f"Python {have} here cannot make environments: install its venv module (python3-venv).")


def check_folder() -> None:
    """Both the packages and the data go below the checkout."""
    for folder in (ROOT, os.path.join(ROOT, "instance")):
        try:
            os.makedirs(folder, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            stop(f"Doorstep keeps packages and data in {folder}, which cannot be written: {error.strerror}.")


def check_port(text: str) -> None:
    """Asked before the long steps: nobody wants to hear it after them."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        stop(f"PORT is '{text}', and must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            stop(f"Port {text} cannot be used ({error.strerror}): try another, as in `make run PORT=8001`.")


def fingerprint(kind: str) -> str:
    """Stands for what is to be installed."""
    content = hashlib.sha256()
    for name in LOCKS[kind] + ["setup.cfg", "pyproject.toml"]:
        with open(os.path.join(ROOT, name), "rb") as file:
            content.update(file.read())
    return content.hexdigest()


def stamps() -> dict:
    """What is installed already, by kind."""
    try:
        with open(STAMP) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def stamp(known: dict) -> None:
    """Remembers what is installed."""
    with open(STAMP, "w") as file:
        json.dump(known, file)


def fits(known: dict) -> bool:
    """Whether the environment is of this place and this Python: it can be neither moved nor converted."""
    return os.path.exists(PYTHON) and all(known.get(key) == value for key, value in IDENTITY.items())


def call(command: list, trouble: str) -> None:
    """Runs a command quietly; if it fails, shows the end of what it said under a sentence."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        said = done.stdout.decode(errors="replace").strip().splitlines()
        stop("\n".join(["  | " + line for line in said[-12:]] + [trouble]))


def is_ready(kind: str) -> bool:
    """Whether everything is installed already."""
    known = stamps()
    return fits(known) and known.get(kind) == fingerprint(kind)


def install(kind: str) -> None:
    """Makes the environment, or completes it. What was killed halfway may look whole, so it is made anew."""
    known = stamps()
    if not fits(known) or known.get("unfinished"):
        shutil.rmtree(VENV, ignore_errors=True)
        known = IDENTITY
        print("Making a Python environment in .venv ...", flush=True)
        call([sys.executable, "-m", "venv", VENV], "The Python environment could not be made.")
    print("Installing packages, once (a minute or two) ...", flush=True)
    stamp(dict(known, unfinished=True))
    try:
        install_packages(kind)
    except SystemExit:
        stamp(known)
        raise
    included = [each for each in LOCKS if set(LOCKS[each]) <= set(LOCKS[kind])]
    stamp(dict(known, **{each: fingerprint(each) for each in included}))


def install_packages(kind: str) -> None:
    """Installs what the lock file says, and the checkout itself."""
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    trouble = "The packages could not be installed. Without a network they cannot be; run this again later."
    call([*pip, "--requirement", LOCKS[kind][-1]], trouble)
    call([*pip, "--no-deps", "--no-build-isolation", "--editable", "."], trouble)


def main() -> None:
    """Checks first, then does only what is missing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=sorted(LOCKS))
    parser.add_argument("--port")
    given = parser.parse_args()
    check_python()
    check_folder()
    if given.port is not None:
        check_port(given.port)
    if is_ready(given.kind):
        return
    with open(LOCK, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another `make` may be at it: then there is nothing left to do
        if not is_ready(given.kind):
            install(given.kind)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("Stopped.")
