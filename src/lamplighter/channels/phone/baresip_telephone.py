"""The telephone by baresip: SIP over UDP, TCP or TLS, sound as RTP or SRTP. One to a process.

Pinned and alpha, so what is known to go wrong with it is kept in here: `reference` notes in docs/telephone.md.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import baresip
from baresip import Account, Config, Event, Runtime, StackEvent, UserAgent
from baresip.call import Call
from baresip.errors import BaresipError as BaresipError

from lamplighter import logs
from lamplighter.channels.phone.numbers import refuse_undialable
from lamplighter.channels.phone.ports import Events, Leg, NotReached
from lamplighter.channels.phone.seen import Invite, Seen
from lamplighter.channels.phone.setup import LineSetup

log = logs.get(__name__)
KEYS: Final = frozenset("0123456789*#")
LOOKS_EVERY: Final = 0.002
TOLD_WITHIN: Final = 500  # looks until which the trace tells where an invitation came from
NO_SOUND: Final = 30  # seconds without a packet after which the other end is gone
REFRESH: Final = 300  # seconds between two registrations


class BaresipLeg:
    """Leg of one call of the engine's."""

    def __init__(self, call: Call, invite: Invite | None = None) -> None:
        self.call, self._invite = call, invite

    @property
    def dialled(self) -> str:
        return self._invite.to if self._invite else ""

    @property
    def addressed(self) -> str:
        """The To header: where a telephone system dials our extension, this may still have the number."""
        return self._invite.headers.get("to", "") if self._invite else ""

    @property
    def caller(self) -> str:
        headers = self._invite.headers if self._invite else {}
        return headers.get("p-asserted-identity") or headers.get("from") or ""

    async def answer(self) -> None:
        try:
            await self.call.answer()
        except BaresipError:
            raise NotReached from None

    async def hang_up(self) -> None:
        with suppress(BaresipError):
            await self.call.hangup()

    def read(self) -> bytes:
        try:
            return bytes(self.call.audio.read(1 << 14))
        except BaresipError:
            return b""

    def write(self, pcm: bytes) -> int:
        try:
            return int(self.call.audio.write(pcm))
        except BaresipError:
            return 0

    def waiting(self) -> int:
        try:
            return int(self.call.audio.info().tx_buffered)
        except BaresipError:
            return 0

    def flush(self) -> None:
        with suppress(BaresipError):
            self.call.audio.flush_tx()

    async def press(self, key: str) -> None:
        with suppress(BaresipError):
            await self.call.send_dtmf(key)


class BaresipTelephone:
    """Telephone over one Runtime."""

    def __init__(self, setup: LineSetup) -> None:
        self._setup = setup
        self._runtime, self._seen = Runtime(), Seen()
        self._agent: UserAgent | None = None
        self._events: Events | None = None
        self._legs: dict[int, BaresipLeg] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, events: Events, on_dead: Callable[[], None]) -> None:
        """Raises BaresipError where it can't listen there, or the account can't be made."""
        self._events = events
        self._runtime.on_dead = on_dead
        await self._runtime.start(_config(self._setup))
        self._runtime.subscribe(self._on_event)
        self._agent = await UserAgent.create(self._runtime, _account(self._setup), transfer_policy="reject")
        self._agent.on_incoming(lambda call: self._spawn(self._ring(call)))
        if self._setup.registers:
            self._spawn(self._register(self._agent))

    async def _register(self, agent: UserAgent) -> None:
        """The engine renews it by itself; the first is tried until it holds."""
        while True:
            try:
                await agent.register()
                return
            except BaresipError as error:
                log.error("telephone_not_registered", status=getattr(error, "status", 0) or 0)
                await asyncio.sleep(5)

    async def _ring(self, call: Call) -> None:
        """Nobody rings but from a peer that is listed."""
        invite = await self._told(call)
        if invite is None or not self._setup.lists(invite.source):
            log.warning("call_from_a_stranger_refused")
            with suppress(BaresipError):
                await call.reject()
            return
        leg = BaresipLeg(call, invite)
        if call.state is not baresip.CallState.CLOSED and self._events is not None:
            self._legs[call.handle] = leg
            self._events.rang(leg)

    async def _told(self, call: Call) -> Invite | None:
        """The trace is written by a thread of its own, which may be a moment behind."""
        for _ in range(TOLD_WITHIN):
            if (invite := self._seen.of(call.call_id or "")) is not None:
                return invite
            await asyncio.sleep(LOOKS_EVERY)
        return None

    def _on_event(self, event: StackEvent) -> None:
        leg = self._legs.get(event.call)
        if leg is None or self._events is None:
            return
        if event.event is Event.CALL_DTMF_START and event.text in KEYS:
            self._events.key(leg, event.text)
        elif event.event is Event.CALL_CLOSED:
            del self._legs[event.call]
            self._events.over(leg)

    async def dial(self, number: str, *, seconds: float, shown: str = "") -> Leg:
        """A trunk shows its own number, whatever is `shown`."""
        refuse_undialable(number)
        assert self._agent is not None
        early: list[StackEvent] = []
        self._runtime.subscribe(early.append)  # an answer may come before `dial` returns
        try:
            call = await self._agent.dial(f"sip:{number}@{self._setup.server}")
            leg = self._legs[call.handle] = BaresipLeg(call)
            try:
                await self._picked_up(call, early, seconds)
            except asyncio.CancelledError:
                await leg.hang_up()
                raise
        except BaresipError as error:
            raise NotReached(getattr(error, "status", 0) or 0) from None
        finally:
            self._runtime.unsubscribe(early.append)
        return leg

    async def _picked_up(self, call: Call, early: list[StackEvent], seconds: float) -> None:
        """Raises BaresipError."""
        mine = {each.event: each for each in early if each.call == call.handle}
        if Event.CALL_CLOSED in mine:
            raise baresip.CallFailed.from_close_reason(mine[Event.CALL_CLOSED].text or "")
        if Event.CALL_ESTABLISHED not in mine:
            await call.wait_established(seconds)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        with suppress(BaresipError):
            await self._runtime.close()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _config(setup: LineSetup) -> Config:
    first, last = setup.rtp_ports
    lines = [
        f"sip_listen {setup.listen}",
        f"sip_transports {setup.transport}",
        f"rtp_ports {first}-{last}",
        "audio_jitter_buffer_type fixed",
        "audio_jitter_buffer_ms 20-100",
    ]
    if setup.certificate is not None:
        lines.append(f"sip_certificate {setup.certificate}")
    if setup.transport == "tls":
        lines += ["sip_verify_server yes", f"sip_cafile {setup.ca_file or SYSTEM_AUTHORITIES}"]
    return Config(
        net_interface=setup.interface,
        max_concurrent_calls=2 * setup.most_calls,
        rtp_timeout=NO_SOUND,
        sip_trace=True,
        extra_config_text="\n".join(lines) + "\n",
    )


SYSTEM_AUTHORITIES: Final = "/etc/ssl/certs/ca-certificates.crt"


def _account(setup: LineSetup) -> Account:
    more = ["catchall=yes"]
    if setup.encrypted:
        more.append("mediaenc=srtp-mand")
    return Account(
        user=setup.user,
        domain=setup.server,
        password=setup.password,
        auth_user=setup.auth_user,
        reg_interval=REFRESH if setup.registers else 0,
        transport=setup.transport,
        extra_params=tuple(more),
    )
