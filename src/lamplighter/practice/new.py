"""Makes the folder of a new practice from the template, with everything that only its owner knows left to fill in."""

import json
import re
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Final

from lamplighter.practice.values import NAME, Unreadable

TEMPLATE: Final = files("lamplighter.practice").joinpath("template")


class CannotCreate(Exception):
    """The folder was not made; the message says why and what to do."""


def create(folder: Path, name: str) -> tuple[Path, ...]:
    """Writes the files into `folder`, which may exist only if it is empty. Returns their paths.

    `name` is what the practice is called. Raises CannotCreate, and then nothing is left half made.
    """
    contents = {entry.name: _filled(entry.read_text("utf-8"), _name(name)) for entry in TEMPLATE.iterdir()}
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CannotCreate(f"{folder} is not empty; nothing was written. Choose a new folder.")
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_write(folder / file, text) for file, text in sorted(contents.items()))
    except (OSError, ValueError) as wrong:
        raise CannotCreate(f"{folder} cannot be written: {wrong}. Choose another folder.") from wrong


def _name(written: str) -> str:
    try:
        return NAME.read(written)
    except Unreadable as wrong:
        raise CannotCreate(f"The name cannot be used: {wrong.message}. {wrong.remedy}") from wrong


def _write(path: Path, text: str) -> Path:
    with path.open("x", encoding="utf-8") as stream:
        stream.write(text)
    return path


def _filled(text: str, name: str) -> str:
    quoted = json.dumps(name, ensure_ascii=False)
    return text.replace("@id@", _id(name)).replace("@name@", quoted)


def _id(name: str) -> str:
    """Small letters and underscores made of the name: `Río Office` is `rio_office`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    joined = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60].strip("_")
    return joined if re.match(r"[a-z]", joined) else f"practice_{joined}".strip("_")
