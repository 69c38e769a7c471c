"""The embedded PostgreSQL: there when wanted, gone when nobody wants it, and no burden between."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import make_url

from doorstep.backends.database import embedded, place
from tests.backends.database.servers import BIN_DIR, ensure, run, value

pytestmark = pytest.mark.database

# Prints a line once it holds the server, then stays until it is told to go by the end of its input.
USER = """
import sys
from pathlib import Path
from doorstep.backends.database import embedded
bin_dir = Path(sys.argv[2]) if sys.argv[2] else None
print(embedded.ensure(Path(sys.argv[1]), bin_dir=bin_dir, fast=True).admin, flush=True)
sys.stdin.read()
"""


def is_up(url: str) -> bool:
    parsed = make_url(url)
    try:
        psycopg2.connect(host=parsed.query["host"], user=parsed.username, dbname="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def soon(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def another_user() -> Iterator[Callable[[Path], tuple[subprocess.Popen[str], str]]]:
    """Starts a process that uses the server, and returns it with the URL it got."""
    started: list[subprocess.Popen[str]] = []

    def start(root: Path) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-c", USER, str(root), str(BIN_DIR or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.communicate()


class TestLife:
    def test_a_folder_with_awkward_characters_works_and_a_second_call_gives_the_same(self, root: Path) -> None:
        urls = ensure(root)
        assert ensure(root) == urls
        assert value(urls.app, "SELECT current_database()") == "doorstep"

    def test_processes_that_start_at_once_share_one_server(self, root: Path, another_user: Callable) -> None:
        with ThreadPoolExecutor() as threads:
            urls = {url for _, url in threads.map(another_user, [root] * 6)}
        assert len(urls) == 1
        assert value(urls.pop(), "SELECT 1") == 1

    def test_rows_are_there_after_a_restart(self, root: Path) -> None:
        urls = ensure(root)
        run(urls.owner, "CREATE TABLE notes AS SELECT 'kept' AS body")
        embedded.stop(root)
        assert not is_up(urls.admin)
        assert value(ensure(root).app, "SELECT body FROM notes") == "kept"

    @pytest.mark.chaos
    def test_the_server_stops_after_its_last_user_was_killed(self, root: Path, another_user: Callable) -> None:
        (first, url), (second, _) = another_user(root), another_user(root)
        first.send_signal(signal.SIGKILL)
        assert not soon(lambda: not is_up(url), seconds=4), "one user is left"
        second.send_signal(signal.SIGKILL)
        assert soon(lambda: not is_up(url))
        assert soon(lambda: not Path(str(make_url(url).query["host"])).exists()), "the socket's folder stayed"

    @pytest.mark.chaos
    def test_somebody_who_comes_within_the_grace_keeps_the_server(self, root: Path, another_user: Callable) -> None:
        first, url = another_user(root)
        started = value(url, "SELECT pg_postmaster_start_time()")
        first.kill()
        first.wait()
        ensure(root)  # not a new process: on a busy machine that comes too late
        assert not soon(lambda: not is_up(url), seconds=4)
        assert value(url, "SELECT pg_postmaster_start_time()") == started

    @pytest.mark.chaos
    def test_a_server_that_crashed_is_started_again(self, root: Path) -> None:
        urls = ensure(root)
        pid = int((place.find(root, BIN_DIR).data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        assert soon(lambda: not is_up(urls.admin))
        assert value(ensure(root).admin, "SELECT 1") == 1

    @pytest.mark.chaos
    def test_a_folder_that_was_deleted_under_a_running_server_is_made_anew(self, another_user: Callable) -> None:
        with tempfile.TemporaryDirectory() as folder:
            # Open to PostgreSQL's account, so that the cluster is in the folder even if root runs the tests.
            Path(folder).chmod(0o755)
            root = Path(folder) / "postgres"
            run(ensure(root).owner, "CREATE TABLE notes (body text)")
            shutil.rmtree(root)
            urls = ensure(root)
            assert value(urls.app, "SELECT count(*) FROM pg_tables WHERE tablename = 'notes'") == 0
            another_user(root)[0].kill()
            assert not soon(lambda: not is_up(urls.admin), seconds=4), "the server stopped under its user"
            embedded.remove(root)

    def test_what_an_interrupted_first_start_left_is_replaced(self, root: Path) -> None:
        (root / "data.new" / "base").mkdir(parents=True)
        (root / "data.new" / "PG_VERSION").write_text("18\n")
        assert value(ensure(root).admin, "SELECT 1") == 1

    def test_a_second_database_lives_beside_the_first(self, root: Path) -> None:
        ensure(root)
        assert value(ensure(root, "drill").app, "SELECT current_database()") == "drill"


class TestRefusals:
    def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("not a folder")
        with pytest.raises(embedded.EmbeddedError, match=r"cannot be kept in .*: Not a directory"):
            ensure(tmp_path / "file" / "postgres")

    def test_a_cluster_of_another_version_is_left_alone(self, root: Path) -> None:
        ensure(root)
        embedded.stop(root)
        (place.find(root, BIN_DIR).data / "PG_VERSION").write_text("12\n")
        with pytest.raises(embedded.EmbeddedError, match="made by PostgreSQL 12"):
            ensure(root)

    def test_a_server_that_does_not_start_says_why(self, root: Path) -> None:
        ensure(root)
        embedded.stop(root)
        data = place.find(root, BIN_DIR).data
        (data / "postgresql.conf").write_text("no_such_setting = 1\n")
        with pytest.raises(embedded.EmbeddedError, match=r"did not start: configuration file .* contains errors"):
            ensure(root)

    def test_programs_that_are_not_there_are_named(self, root: Path) -> None:
        with pytest.raises(embedded.EmbeddedError, match="/nowhere/postgres cannot be run"):
            embedded.ensure(root, bin_dir=Path("/nowhere"))

    def test_a_socket_folder_open_to_others_is_not_used(self, root: Path) -> None:
        folder = Path(str(make_url(ensure(root).app).query["host"]))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        folder.chmod(0o755)
        with pytest.raises(embedded.EmbeddedError, match="not a private folder"):
            ensure(root)
        folder.chmod(0o700)


class TestServer:
    def test_it_has_no_port_and_no_jit(self, shared: embedded.Urls) -> None:
        assert value(shared.app, "SHOW listen_addresses") == ""
        assert value(shared.app, "SHOW jit") == "off"
        assert value(shared.app, "SHOW timezone") == "UTC"
        assert value(shared.app, "SHOW server_encoding") == "UTF8"

    def test_it_sorts_and_folds_letters_the_same_on_every_version(self, shared: embedded.Urls) -> None:
        assert (
            value(
                shared.app,
                "SELECT lower('ÄÖÉ') || string_agg(c, '' ORDER BY c) FROM (VALUES ('b'), ('A'), ('a')) v(c)",
            )
            == "äöéAab"
        )


class TestPlaces:
    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
    def test_a_folder_closed_to_the_account_stays_closed(self, tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        root = closed / "postgres"
        try:
            assert value(ensure(root).app, "SELECT 1") == 1
            assert stat.S_IMODE(closed.stat().st_mode) == 0o700
            home = (root / "data").readlink().parent
            assert home.parent == Path("/var/tmp")
        finally:
            embedded.remove(root)
        assert not home.exists()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
    def test_programs_the_account_cannot_reach_are_copied(self, tmp_path: Path) -> None:
        bundled = place.bundled_programs()
        package = tmp_path / "hidden" / place.BUNDLE
        package.parent.mkdir(mode=0o700)
        shutil.copytree(bundled.parent, package / bundled.parent.name, symlinks=True)
        for libraries in bundled.parents[2].glob(f"{place.BUNDLE}.libs"):
            shutil.copytree(libraries, package.parent / libraries.name)
        root = tmp_path / "postgres"
        try:
            urls = embedded.ensure(root, bin_dir=package / bundled.parent.name / "bin", fast=True)
            assert value(urls.app, "SELECT 1") == 1
        finally:
            embedded.remove(root)

    def test_a_cluster_whose_other_folder_is_gone_is_told_in_a_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "data").symlink_to(tmp_path / "gone" / "data")
        with pytest.raises(embedded.EmbeddedError, match="is gone"):
            ensure(tmp_path)
