"""The sample practice's files in memory, to be spoilt one at a time."""

from lamplighter.practice.load import read_folder
from lamplighter.practice.sample import SAMPLE_FOLDER

SAMPLE = read_folder(SAMPLE_FOLDER)[0]


def spoilt(file: str, old: str, new: str) -> dict[str, bytes]:
    """The sample's files with the first `old` of `file` replaced."""
    text = SAMPLE[file].decode()
    assert old in text, f"{old!r} is not in {file}"
    return {**SAMPLE, file: text.replace(old, new, 1).encode()}


def line(file: str, words: str) -> int:
    """The line of the sample's file in which `words` first stand."""
    text = SAMPLE[file].decode()
    return text[: text.index(words)].count("\n") + 1
