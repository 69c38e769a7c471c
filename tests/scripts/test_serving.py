"""`make run` from where the packages are installed: starts for real, on a free port, with a database of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from doorstep.backends.database import embedded, place

pytestmark = [pytest.mark.slow, pytest.mark.chaos]

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("src", "migrations", "scripts", "wsgi.py", "gunicorn.conf.py")
PATIENCE_SECONDS = 120
READY = "Ctrl-C stops everything."
# What the copy's demo is: one small company, or none where only starting and stopping matters.
SMALL = 'from dataclasses import replace\nALDER = replace(BIRCH, slug="alder")\nCOMPANIES = (ALDER,)\n'
NONE = "COMPANIES = ()\n"


def soon(condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


class Running:
    """A start of the server in a folder; it has a process group of its own, as under a terminal."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder = folder
        self.log = folder / f"{self.port}.log"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = kept | {"PYTHONPATH": str(folder / "src"), "PORT": str(self.port)} | settings
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, folder / "scripts" / "run.py"],
                cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self.log.read_text()

    def is_ready(self) -> bool:
        return READY in self.said

    def ready(self) -> Running:
        assert soon(lambda: self.is_ready() or self.process.poll() is not None)
        assert self.is_ready(), self.said
        return self

    def get(self, path: str) -> tuple[int, str]:
        return self.send("GET", path)

    def send(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def is_gone(self) -> bool:
        """Nobody answers, and the database has stopped as well."""
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                return False
        return not place.find(self.folder / "instance" / "postgres", None).sockets.joinpath(".s.PGSQL.5432").exists()

    def family(self) -> list[int]:
        """The server's processes: the master and its workers."""
        pids = [self.process.pid]
        for stat in Path("/proc").glob("[0-9]*/stat"):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == self.process.pid and "run.py" in stat.with_name("cmdline").read_text():
                pids.append(int(stat.parent.name))
        return pids

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Checkout:
    """A copy of what the server needs, in a folder with a blank in its name."""

    def __init__(self, parent: Path, demo: str) -> None:
        self.folder = parent / "my door step"
        self.folder.mkdir()
        self.running: list[Running] = []
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, self.folder / part)
        with (self.folder / "src" / "doorstep" / "demo" / "companies.py").open("a") as table:
            table.write(demo)

    def start(self, **settings: str) -> Running:
        self.running.append(Running(self.folder, **settings))
        return self.running[-1]

    def end_all(self) -> None:
        for one in self.running:
            one.kill()

    def remove(self) -> None:
        self.end_all()
        embedded.remove(self.folder / "instance" / "postgres")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Checkout]:
    """A fresh checkout with a small demo."""
    checkout = Checkout(tmp_path, SMALL)
    yield checkout
    checkout.remove()


@pytest.fixture(scope="module")
def bare_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path_factory.mktemp("bare"), NONE)
    yield checkout
    checkout.remove()


@pytest.fixture
def bare(bare_folder: Checkout) -> Iterator[Checkout]:
    """A checkout without a demo, which has been started before by other tests."""
    yield bare_folder
    bare_folder.end_all()


def signed_in(server: Running) -> str:
    body = {"email": "owner@alder.test", "password": "doorstep-demo"}
    status, answer = server.send("POST", "/v1/auth/login", body)
    assert status == 200
    return str(json.loads(answer)["access_token"])


def test_the_first_start_makes_everything_and_the_next_keeps_it(small: Checkout) -> None:
    first = small.start().ready()
    steps = ["Starting the database", "Updating tables", "Loading Birch Pest Control", "Starting the web server"]
    found = [first.said.index(f"{step}") for step in steps]
    assert found == sorted(found)
    for word in [f"http://127.0.0.1:{first.port}/b/alder", "owner@", "ana@", "doorstep-demo", "operator@doorstep.test"]:
        assert word in first.said
    link = re.search(rf"http://127.0.0.1:{first.port}(/client/link/\S+)", first.said)
    assert link
    assert first.get(link[1])[0] == 200
    assert json.loads(first.get("/readyz")[1])["status"] == "ok"
    body = {"name": "Kept Over Night", "email": "kept@alder.test"}
    assert first.send("POST", "/v1/clients", body, signed_in(first))[0] == 201
    os.killpg(first.process.pid, signal.SIGINT)
    assert soon(first.is_gone)

    began = time.monotonic()
    second = small.start().ready()
    took = time.monotonic() - began
    assert "Loading" not in second.said
    assert "Kept Over Night" in second.send("GET", "/v1/clients?limit=50", token=signed_in(second))[1]
    # Under 5 s where nothing else runs; the tests beside this one need the processors, too.
    assert took < 20


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux's count of shared memory")
def test_two_workers_at_rest_share_less_than_300_megabytes(bare: Checkout) -> None:
    server = bare.start().ready()
    assert server.get("/auth/sign-in")[0] == 200
    family = server.family()
    assert len(family) == 3
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in family]
    kilobytes = sum(int(line.split()[1]) for text in rollups for line in text.splitlines() if line.startswith("Pss:"))
    assert 60_000 < kilobytes < 300_000


ENDINGS = [
    (signal.SIGINT, "everybody"),  # Ctrl-C
    (signal.SIGHUP, "everybody"),  # the terminal was closed
    (signal.SIGTERM, "the server"),
    (signal.SIGHUP, "the server"),
    (signal.SIGKILL, "the server"),
    (signal.SIGKILL, "everybody"),
]


@pytest.mark.parametrize(("how", "whom"), ENDINGS, ids=lambda value: getattr(value, "name", value))
def test_however_it_is_ended_server_and_database_are_gone(bare: Checkout, how: signal.Signals, whom: str) -> None:
    server = bare.start().ready()
    if whom == "everybody":
        os.killpg(server.process.pid, how)
    else:
        os.kill(server.process.pid, how)
    began = time.monotonic()
    server.process.wait(PATIENCE_SECONDS)
    assert soon(server.is_gone)
    assert time.monotonic() - began < 20, "somebody had to be waited for"
    assert "Traceback" not in server.said
    assert "was sent SIGKILL" not in server.said


def test_a_start_that_was_broken_off_amid_the_demo_is_made_good_by_the_next(small: Checkout) -> None:
    uploads = small.folder / "instance" / "uploads"
    for how in (signal.SIGINT, signal.SIGKILL):
        seen = set(uploads.rglob("thumb.*"))
        broken = small.start()
        assert soon(lambda seen=seen: len(set(uploads.rglob("thumb.*")) - seen) >= 2)  # type: ignore[misc]
        os.killpg(broken.process.pid, how)
        broken.process.wait(PATIENCE_SECONDS)
        assert "Traceback" not in broken.said
        assert not broken.is_ready()

    again = small.start().ready()
    assert "Loading Birch Pest Control" in again.said
    answer = json.loads(again.send("GET", "/v1/orders?limit=100", token=signed_in(again))[1])
    numbers = sorted(order["number"] for order in answer["items"])
    promised = re.search(r"Loading Birch Pest Control: (\d+) orders", again.said)
    assert promised
    assert numbers == list(range(1, int(promised[1]) + 1))
    assert len({path.parts[-4] for path in uploads.rglob("thumb.*")}) == 1, "photos of the broken start were left"


def test_one_who_changes_their_mind_at_once_reads_no_traceback(bare: Checkout) -> None:
    server = bare.start()
    time.sleep(0.4)
    os.killpg(server.process.pid, signal.SIGINT)
    server.process.wait(PATIENCE_SECONDS)
    assert "Traceback" not in server.said


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://app@127.0.0.1:1/doorstep"}, "127.0.0.1.* refused"),
        ({"DATABASE_URL": "mysql://here"}, r"DATABASE_URL must start with postgresql://"),
        ({"APP_ENV": "prod"}, "AUTH_SECRET_KEY must be set in production"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(bare: Checkout, settings: dict[str, str], sentence: str) -> None:
    server = bare.start(**settings)
    assert server.process.wait(PATIENCE_SECONDS) == 1
    assert re.search(sentence, server.said), server.said
    assert "Traceback" not in server.said
