"""The telephone's own process, and the supervisor that begins it anew. Nothing of the desk is in it, so that it starts
in a moment.
"""

import asyncio
import fcntl
import ipaddress
import signal
import subprocess
import sys
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any, Final

from lamplighter import logs, whole_files
from lamplighter.channels.phone.setup import LineSetup, Network
from lamplighter.settings import Settings, TelephoneLine

log = logs.get(__name__)
AGAIN: Final = 0.3  # seconds until an engine that died is begun anew
FOLDER: Final = "telephone"
SOCKET: Final = "socket"


class TelephoneProblem(Exception):
    """The line can't be answered as it is set up; the message says what to change."""


def folder_of(settings: Settings) -> Path:
    return settings.data / FOLDER


def need_library() -> None:
    """Raises TelephoneProblem where the extra is not installed."""
    if not all(_there(each) for each in ("baresip", "soxr")):
        raise TelephoneProblem(
            "the telephone's library is not installed: pip install 'lamplighter[telephone]'"
        )


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # it is kept from being imported
        return False


def setup_of(settings: Settings) -> LineSetup:
    """Raises TelephoneProblem."""
    line = settings.telephone
    if line is None:
        raise TelephoneProblem("no telephone line is set up: see [telephone] in docs/telephone.md")
    secret = settings.telephone_password or line.password
    return LineSetup(
        peers=peers_of(line),
        server=line.server,
        user=line.user,
        password=secret.get_secret_value() if secret else "",
        auth_user=line.auth_user,
        registers=line.kind == "extension",
        transport=line.transport,
        listen=line.listen,
        interface=line.interface,
        encrypted=line.encrypted,
        ca_file=line.ca_file,
        certificate=line.certificate,
        rtp_ports=line.rtp_ports,
        most_calls=line.most_calls,
        number=line.number,
    )


def peers_of(line: TelephoneLine) -> tuple[Network, ...]:
    """Raises TelephoneProblem."""
    try:
        return tuple(ipaddress.ip_network(each, strict=False) for each in line.peers)
    except ValueError as wrong:
        raise TelephoneProblem(f"telephone.peers: {wrong}; write addresses or networks") from None


# -- the process of its own ------------------------------------------------------------------------------------------


def run_engine(settings: Settings) -> int:
    """Keeps the line until it is dead or told to stop. What a process exits with. Raises TelephoneProblem."""
    need_library()
    from lamplighter.channels.phone.baresip_telephone import BaresipError, BaresipTelephone
    from lamplighter.channels.phone.exchange import Exchange

    logs.configure(as_json=settings.log_json)
    folder = folder_of(settings)
    setup = setup_of(settings)
    try:
        with _only_one(folder):
            asyncio.run(_until_told(Exchange(BaresipTelephone(setup), folder).run()))
    except (BaresipError, OSError):
        log.exception("telephone_not_answering")
        return 1
    return 0


async def _until_told(keeping: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(keeping)
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Raises TelephoneProblem where another keeps the line of this data folder."""
    whole_files.own_folder(folder)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise TelephoneProblem("another `lamplighter telephone` keeps this line already") from None
        yield


def supervise(settings: Settings) -> int:
    """Runs the engine in a process of its own, and again whenever it dies. What a process exits with."""
    logs.configure(as_json=settings.log_json)
    told = threading.Event()
    engine: list[subprocess.Popen[bytes]] = []

    def stop(signum: int, frame: FrameType | None) -> None:
        told.set()
        for each in engine:
            each.terminate()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    while not told.is_set():
        engine[:] = [subprocess.Popen([sys.executable, "-m", "lamplighter.cli", "telephone", "--engine"])]
        status = engine[0].wait()
        if status == 2:  # set up wrongly: again wouldn't help
            return status
        if not told.is_set():
            log.error("telephone_died", status=status)
            told.wait(AGAIN)
    return 0
