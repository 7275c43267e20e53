"""Files are there whole or not at all, and only their owner may use them."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lamplighter.whole_files import write_once, write_over


def test_of_many_who_write_a_file_once_one_does_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "key"
    contents = [bytes([number]) * 4096 for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda content: write_once(file, content), contents))
    assert made.count(True) == 1
    assert file.read_bytes() == contents[made.index(True)]
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_file_written_over_has_one_of_the_contents_and_no_other_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "list"
    contents = [bytes([number]) * 4096 for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: write_over(file, content), contents))
    assert file.read_bytes() in contents
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["list"]


def test_where_nothing_can_be_written_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "list"
    write_over(file, b"first")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_over(file, b"second")
    assert file.read_bytes() == b"first"
