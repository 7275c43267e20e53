"""The speech models on this machine: what they are, whether they are here, and how they come.

`catalogue.yaml` beside this file lists every file by name, size and SHA-256, and the places it may come from.
Nothing is used that does not match its hash, wherever it came from.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

CATALOGUE = Path(__file__).with_name("catalogue.yaml")
CHUNK = 1 << 20


class ModelsError(Exception):
    """A model file could not be had; the message names the file, each place tried, and what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """A member of a package's archive; parts joined in order make a model file."""

    package: str
    member: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of the catalogue; `name` is its path under the models folder, `size` in bytes."""

    name: str
    size: int
    sha256: str
    licence: str
    publisher: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an installation is: `done` of `total` bytes over all files, and what is being fetched now."""

    done: int
    total: int
    file: str
    place: str


Report = Callable[[Progress], None]


@lru_cache(maxsize=4)
def catalogue(path: Path = CATALOGUE) -> tuple[ModelFile, ...]:
    """Every file that speech on this machine needs."""
    rows = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return tuple(
        ModelFile(
            row["name"],
            int(row["size"]),
            row["sha256"],
            row["licence"],
            row["publisher"],
            tuple(Part(p["package"], p["member"]) for p in row["parts"]),
        )
        for row in rows
    )


def models_folder() -> Path:
    """Where the models live: $LAMPLIGHTER_MODELS, else the user's cache, so that they come once a machine."""
    named = os.environ.get("LAMPLIGHTER_MODELS")
    if named:
        return Path(named).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "lamplighter" / "models"


def installed(folder: Path, files: tuple[ModelFile, ...] | None = None) -> bool:
    """Whether every file is there. Quick: sizes only, since a file gets its name only after its hash."""
    return not missing(folder, files)


def missing(folder: Path, files: tuple[ModelFile, ...] | None = None) -> tuple[ModelFile, ...]:
    """The catalogue's files that are not in `folder`, by name and size."""
    return tuple(f for f in files or catalogue() if not _present(folder / f.name, f.size))


def altered(folder: Path, files: tuple[ModelFile, ...] | None = None) -> tuple[ModelFile, ...]:
    """The files in `folder` whose bytes are not the catalogue's. Reads them all (about 250 MB)."""
    here = (f for f in files or catalogue() if (folder / f.name).is_file())
    return tuple(f for f in here if sha256_of(folder / f.name) != f.sha256)


def _present(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds the folder so that two installations at once do the work once; the second waits."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep(fetched: Path, file: ModelFile, folder: Path) -> str | None:
    """Moves a fetched file into its place if its hash is right; else deletes it and says what is wrong."""
    size, digest = fetched.stat().st_size, sha256_of(fetched)
    if digest != file.sha256:
        fetched.unlink()
        return f"refused: {size} bytes with SHA-256 {digest[:12]}..., expected {file.sha256[:12]}..."
    target = folder / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(fetched, target)
    return None


def need_room(folder: Path, files: tuple[ModelFile, ...]) -> None:
    """Raises ModelsError if the disk has no room for `files` and the archives they come in."""
    wanted = 2 * sum(f.size for f in files)
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise ModelsError(
            f"{folder} has {free >> 20} MB free and the speech models need {wanted >> 20} MB while they are "
            "fetched: make room, or set LAMPLIGHTER_MODELS to a folder on another disk"
        )
