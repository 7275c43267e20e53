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
from base64 import b64decode
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any, Final

from lamplighter import logs, whole_files
from lamplighter.channels.phone.carriers.carrier import Carrier
from lamplighter.channels.phone.carriers.our_lines import OurLine, OurLines
from lamplighter.channels.phone.carriers.setup import CarrierSetup
from lamplighter.channels.phone.ports import Telephone
from lamplighter.channels.phone.setup import LineSetup, Network
from lamplighter.connectors.models.whereabouts import is_here
from lamplighter.settings import AnyTelephone, CarrierLine, Settings, TelephoneLine
from lamplighter.wiring.clocks import WallClock

log = logs.get(__name__)
AGAIN: Final = 0.3  # seconds until an engine that died is begun anew
FOLDER: Final = "telephone"
SOCKET: Final = "socket"
USERS: Final = {"twilio": "account SID", "plivo": "auth id"}


class TelephoneProblem(Exception):
    """The line can't be answered as it is set up; the message says what to change."""


def folder_of(settings: Settings) -> Path:
    return settings.data / FOLDER


def need_library(line: AnyTelephone) -> None:
    """Raises TelephoneProblem where the extra is not installed."""
    needed = {"twilio": "twilio", "plivo": "plivo", "telnyx": "soxr"}.get(line.kind, "baresip")
    if not all(_there(each) for each in (needed, "soxr")):
        extras = "carriers,telephone" if needed in ("twilio", "plivo") else "telephone"
        raise TelephoneProblem(
            f"the telephone's library is not installed: pip install 'lamplighter[{extras}]'"
        )


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # it is kept from being imported
        return False


def line_of(settings: Settings) -> AnyTelephone:
    """Raises TelephoneProblem where none is set up."""
    if settings.telephone is None:
        raise TelephoneProblem("no telephone line is set up: see [telephone] in docs/telephone.md")
    return settings.telephone


def carrier_setup_of(settings: Settings, line: CarrierLine) -> CarrierSetup:
    """What is missing is empty."""
    secret = settings.telephone_password
    return CarrierSetup(
        kind=line.kind,
        account=line.account,
        secret=secret.get_secret_value() if secret else "",
        public_url=line.public_address or settings.public_address or "",
        number=line.number or "",
        listen=line.listen,
        most_calls=line.most_calls,
        public_key=line.public_key,
        connection=line.connection,
        api=line.api,
    )


def our_lines(settings: Settings, line: CarrierLine) -> OurLines:
    """What is known of the numbers; a stand-in on this machine needs no agreement."""
    return OurLines(folder_of(settings), everybody=OurLine(may_carry=line.api is not None))


def setup_of(settings: Settings) -> LineSetup:
    """Raises TelephoneProblem."""
    line = line_of(settings)
    if not isinstance(line, TelephoneLine):
        raise TelephoneProblem(f"this line is by {line.kind}, not over SIP")
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
    line = line_of(settings)
    need_library(line)
    from lamplighter.channels.phone.exchange import Exchange

    logs.configure(as_json=settings.log_json)
    folder = folder_of(settings)
    engine, its_error = _engine(settings, line)
    try:
        with _only_one(folder):
            asyncio.run(_until_told(Exchange(engine(), folder).run()))
    except (its_error, OSError):
        log.exception("telephone_not_answering")
        return 1
    return 0


def _is_key(written: str) -> bool:
    try:
        return len(b64decode(written, validate=True)) == 32
    except ValueError:
        return False


def _engine(settings: Settings, line: AnyTelephone) -> tuple[Callable[[], Telephone], type[Exception]]:
    """What carries the calls, and its own error where it can't. Raises TelephoneProblem."""
    if isinstance(line, CarrierLine):
        from lamplighter.channels.phone.carriers.telephone import CarrierTelephone

        line_setup = carrier_setup_of(settings, line)
        for message, remedy in lacking(line_setup):
            raise TelephoneProblem(f"{message}: {remedy}")

        def by_carrier() -> Telephone:
            lines = our_lines(settings, line)
            return CarrierTelephone(line_setup, _carrier(line_setup), lines, WallClock())

        return by_carrier, OSError
    from lamplighter.channels.phone.baresip_telephone import BaresipError, BaresipTelephone

    setup = setup_of(settings)
    return lambda: BaresipTelephone(setup), BaresipError


def _carrier(setup: CarrierSetup) -> Carrier:
    if setup.kind == "telnyx":
        from lamplighter.channels.phone.carriers.telnyx import TelnyxCalls

        return TelnyxCalls(setup)
    if setup.kind == "plivo":
        from lamplighter.channels.phone.carriers.plivo import PlivoCalls

        return PlivoCalls(setup)
    from lamplighter.channels.phone.carriers.twilio import TwilioCalls

    return TwilioCalls(setup)


def lacking(setup: CarrierSetup) -> Iterator[tuple[str, str]]:
    """What keeps a line with a carrier from answering, and what to do."""
    if not setup.secret:
        yield "the carrier's secret is missing", "set LAMPLIGHTER_TELEPHONE_PASSWORD in the environment"
    if setup.kind == "telnyx" and not setup.connection:
        yield "the call control application is missing", "write its id as `connection`"
    if setup.kind == "telnyx" and not _is_key(setup.public_key):
        yield "the carrier's public key is missing or is none", "copy it from its portal to `public_key`"
    if setup.kind in USERS and not setup.account:
        yield f"the {USERS[setup.kind]} is missing", "write it as `account`"
    if not setup.public_url:
        yield (
            "the carrier has nowhere to bring calls to",
            "set public_address to where it reaches this machine",
        )
    elif not setup.public_url.startswith("https://") and setup.api is None:
        yield "what callers say would travel readable", "give public_address with https"
    if setup.api is not None and not is_here(setup.api):
        yield "`api` is for a stand-in on this machine", "take it out, or name an address on this machine"
    if not setup.number:
        yield "whoever is rung would be shown no number", "set number to one of the account's"


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
