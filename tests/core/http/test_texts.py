"""Texts lose what cannot be seen or stored, and nothing else."""

from __future__ import annotations

import pytest

from doorstep.core.http.texts import Line, Note


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann \t Lee ", "Ann Lee"),
        ("Ann\r\nBcc: all@x.test", "Ann Bcc: all@x.test"),
        ("a\x00b\x1bc", "a b c"),
        ("pay\u202egnp.exe", "pay gnp.exe"),
        ("Zoë O'Neil-Şen 山田", "Zoë O'Neil-Şen 山田"),
        (" \n ", ""),
    ],
)
def test_a_line_is_one_line_that_reads_as_it_is(typed: str, kept: str) -> None:
    assert Line().deserialize(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Ring twice\r\nDog\r\n\r\n", "Ring twice\nDog"), ("a\x00b", "ab"), ("  ", "")],
)
def test_a_note_keeps_its_lines(typed: str, kept: str) -> None:
    assert Note().deserialize(typed) == kept
