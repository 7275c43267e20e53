"""Clearinghouses of every kind before an invented insurer, each on a server of its own on loopback."""

import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from lamplighter.connectors.clearinghouse.availity import AvailityClearinghouse
from lamplighter.connectors.clearinghouse.availity.standin import AvailityStandIn, Door
from lamplighter.connectors.clearinghouse.change_family import ChangeFamilyClearinghouse
from lamplighter.connectors.clearinghouse.change_family.standin import ChangeFamilyStandIn
from lamplighter.connectors.clearinghouse.core_envelope import CoreClearinghouse, Envelope
from lamplighter.connectors.clearinghouse.core_envelope.standin import CoreStandIn
from lamplighter.connectors.clearinghouse.insurer import Insurer
from lamplighter.connectors.clearinghouse.keys import Key, OAuthKey
from lamplighter.connectors.clearinghouse.reviewer import Reviewer
from lamplighter.connectors.clearinghouse.sftp_files import Folders, SftpClearinghouse
from lamplighter.connectors.clearinghouse.sftp_files.standin import INCOMING, OUTGOING, SftpStandIn
from lamplighter.connectors.clearinghouse.x12.writing import Partner
from lamplighter.desk.ports.clearinghouse import Clearinghouse, Why
from tests.connectors.clearinghouse.numbers import CountedNumbers
from tests.serving import PromptServer

KINDS = ("stedi", "optum", "core-mime", "core-soap", "availity", "files")
MAY_WAIT = {"availity": 3.0, "files": 60.0}  # seconds: enough for a question to be taken on a busy machine
KEY = "not-a-real-key"


class StoppedClock:
    def now(self) -> datetime:
        return datetime(2026, 12, 1, 14, tzinfo=UTC)


@contextmanager
def served(app: ASGIApp, **sealed: Any) -> Iterator[str]:
    """The address of an app on loopback. `sealed`: certificates, as uvicorn takes them."""
    listening = socket.create_server(("127.0.0.1", 0))  # whoever comes before the server is up waits for it
    server = PromptServer(uvicorn.Config(app, log_level="critical", lifespan="off", **sealed))
    worker = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    worker.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        worker.join(timeout=10)
        listening.close()


@dataclass(slots=True)
class Reached:
    clearinghouse: Clearinghouse
    insurer: Insurer
    stranger: Clearinghouse  # the same with a key that is not theirs
    waits_through: tuple[Why, ...] = ()  # what ends no question there: it stays pending
    next_round: Callable[[], None] = lambda: None  # of whoever answers by batches


@contextmanager
def reached(kind: str, insurer: Insurer) -> Iterator[Reached]:
    """A clearinghouse of a kind, at its stand-in."""
    if kind in ("stedi", "optum"):
        with served(ChangeFamilyStandIn(insurer, key=KEY, secret=KEY).app) as url:
            yield Reached(_change(kind, url, KEY), insurer, _change(kind, url, "another"))
    elif kind == "availity":
        with served(AvailityStandIn(insurer, Door(KEY)).app) as url:
            yield Reached(_availity(url, KEY), insurer, _availity(url, "another"))
    elif kind == "files":
        with tempfile.TemporaryDirectory() as folder, files(Path(folder), insurer) as found:
            ours, another = clearinghouse_of(found.folders), replace(found.folders, password="another")
            waits = (Why.UNREADABLE, Why.PAYER_DOWN)
            yield Reached(ours, insurer, clearinghouse_of(another), waits, found.theirs.fetch)
    else:
        with served(CoreStandIn(insurer, "harbor", KEY).app) as url:
            yield Reached(_core(kind, url, KEY), insurer, _core(kind, url, "another"))


@dataclass(slots=True)
class Files:
    theirs: SftpStandIn
    folders: Folders


@contextmanager
def files(folder: Path, insurer: Insurer, reviewer: Reviewer | None = None) -> Iterator[Files]:
    """Two folders of an SFTP server, within a folder here."""
    theirs = SftpStandIn(folder, insurer, "harbor", KEY, StoppedClock(), reviewer=reviewer or Reviewer())
    with theirs.served() as port:
        yield Files(theirs, Folders("127.0.0.1", "harbor", theirs.public_key, OUTGOING, INCOMING, port, KEY))


def clearinghouse_of(folders: Folders) -> SftpClearinghouse:
    names = Partner("HARBORLANE", "CLEARHOUSE", production=False)
    return SftpClearinghouse(folders, "Clearing Example", names, CountedNumbers(), StoppedClock())


def _change(kind: str, url: str, key: str) -> Clearinghouse:
    keys = (
        Key(key) if kind == "stedi" else OAuthKey(f"{url}/apip/auth/v2/token", "harbor", key, StoppedClock())
    )
    return ChangeFamilyClearinghouse(url, keys, "Clearing Example")


def _availity(url: str, key: str) -> Clearinghouse:
    keys = OAuthKey(f"{url}/v1/token", "harbor", key, StoppedClock(), "hipaa")
    return AvailityClearinghouse(url, keys, "Availity", pause=0.01)


def _core(kind: str, url: str, key: str) -> Clearinghouse:
    return CoreClearinghouse(
        f"{url}/core", "Clearing Example", Partner("HARBORLANE", "CLEARHOUSE", production=False), CountedNumbers(),
        StoppedClock(), Envelope(kind.removeprefix("core-")), "harbor", key,
    )  # fmt: skip
