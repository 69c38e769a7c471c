"""The child processes that develop photos: whatever befalls them, the server answers and nothing is left."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from doorstep.core.errors import Invalid, Unavailable
from doorstep.orders.images import Picture
from doorstep.orders.images_darkroom import CHILD, Darkroom, Limits
from tests import pictures
from tests.orders.developing import develop


def run(darkroom: Darkroom) -> Picture:
    return develop(pictures.small_jpeg(), darkroom=darkroom)


class TestChildren:
    """Whatever happens in a child, the server answers in time and nothing is left behind."""

    @pytest.fixture
    def pid_file(self, tmp_path: Path) -> Path:
        return tmp_path / "pid"

    def standing_in(self, pid_file: Path, *lines: str) -> Path:
        """Returns a program to run instead of our child: it notes its process id, then does these lines."""
        program = pid_file.with_suffix(".py")
        code = [
            "import os, runpy, signal, sys, time",
            f"open({str(pid_file)!r}, 'w').write(str(os.getpid()))",
        ]
        program.write_text("\n".join((*code, f"CHILD = {str(CHILD)!r}", *lines)))
        return program

    def assert_gone(self, pid_file: Path) -> None:
        with pytest.raises(ProcessLookupError):  # a zombie would still be found
            os.kill(int(pid_file.read_text()), 0)

    def test_one_that_hangs_is_killed(self, pid_file: Path) -> None:
        program = self.standing_in(pid_file, "time.sleep(60)")
        began = time.monotonic()
        with pytest.raises(Unavailable) as refusal:
            run(Darkroom(Limits(wall_seconds=1), program))
        assert time.monotonic() - began < 10
        assert refusal.value.headers == {"Retry-After": "10"}
        self.assert_gone(pid_file)

    def test_one_that_computes_without_end_is_stopped_by_the_kernel(
        self, pid_file: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        program = self.standing_in(pid_file, "runpy.run_path(CHILD)['set_limits'](1 << 30, 1)", "while True: pass")
        with pytest.raises(Unavailable):
            run(Darkroom(Limits(wall_seconds=60), program))
        assert "ended with -" in caplog.text  # by a signal, not by our clock
        self.assert_gone(pid_file)

    @pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGXCPU"])
    def test_one_that_somebody_killed_may_be_tried_again(self, pid_file: Path, name: str) -> None:
        program = self.standing_in(pid_file, f"os.kill(os.getpid(), signal.{name})", "time.sleep(60)")
        with pytest.raises(Unavailable):
            run(Darkroom(Limits(), program))
        self.assert_gone(pid_file)

    def test_one_that_a_file_crashed_says_that_the_file_is_damaged(self, pid_file: Path) -> None:
        program = self.standing_in(pid_file, "os.kill(os.getpid(), signal.SIGSEGV)")
        with pytest.raises(Invalid):
            run(Darkroom(Limits(), program))
        self.assert_gone(pid_file)

    @pytest.mark.parametrize(
        "line",
        [
            "sys.exit(3)",
            "raise RuntimeError('secret')",
            "pass",
            "sys.stdout.write('hello you')",
            "sys.stdin.close()",
        ],
    )
    def test_one_that_answers_nonsense_is_not_believed(self, pid_file: Path, line: str) -> None:
        with pytest.raises(Unavailable) as refusal:
            run(Darkroom(Limits(), self.standing_in(pid_file, line)))
        assert "secret" not in refusal.value.detail

    def test_one_that_cannot_start_may_be_tried_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "/nonexistent/python")
        with pytest.raises(Unavailable):
            run(Darkroom())

    def test_only_so_many_work_at_once(self, pid_file: Path) -> None:
        slow = self.standing_in(pid_file, "time.sleep(0.8)", "runpy.run_path(CHILD, run_name='__main__')")
        darkroom = Darkroom(Limits(children=2, wait_seconds=0.1), slow)
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(run, darkroom) for _ in range(2)]
            time.sleep(0.3)
            with pytest.raises(Unavailable):
                run(darkroom)
            assert [future.result().thumb.width for future in both] == [64, 64]
        assert run(darkroom).thumb.width == 64

    def test_two_at_once_do_not_mix_up_their_pictures(self) -> None:
        shots = [pictures.small_jpeg("red"), pictures.small_jpeg("blue", 90, 30)] * 3
        with ThreadPoolExecutor(6) as pool:
            widths = [photo.original.width for photo in pool.map(develop, shots)]
        assert widths == [64, 90] * 3

    def test_other_threads_run_on_meanwhile(self) -> None:
        worker = threading.Thread(target=develop, args=[pictures.phone_jpeg()])
        beats = 0
        worker.start()
        while worker.is_alive():
            time.sleep(0.005)
            beats += 1
        assert beats > 10

    def test_none_of_the_server_s_environment_reaches_them(
        self, pid_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SECRET_KEY", "swordfish")
        program = self.standing_in(pid_file, f"open({str(pid_file)!r}, 'w').write(repr(dict(os.environ)))")
        with pytest.raises(Unavailable):
            run(Darkroom(Limits(), program))
        assert "MALLOC_ARENA_MAX" in pid_file.read_text()
        assert "swordfish" not in pid_file.read_text()

    def test_they_cannot_write_files(self, tmp_path: Path) -> None:
        code = (
            "import runpy, sys\n"
            "runpy.run_path(sys.argv[1])['set_limits'](1 << 30, 5)\n"
            "open(sys.argv[2], 'w', buffering=1).write('x\\n')"
        )
        command = [sys.executable, "-IB", "-c", code, CHILD, tmp_path / "file"]
        done = subprocess.run(command, check=False, capture_output=True)
        assert b"File too large" in done.stderr
