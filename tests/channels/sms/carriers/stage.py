"""A desk whose texts go through a carrier's own library to its stand-in on loopback, and come in by its webhooks."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from lamplighter.channels.sms.carriers.account import Account, Kind, Pool
from lamplighter.channels.sms.carriers.plivo import PlivoCarrier, PlivoHooks
from lamplighter.channels.sms.carriers.telnyx import TelnyxCarrier, TelnyxHooks
from lamplighter.channels.sms.carriers.twilio import TwilioCarrier, TwilioHooks
from lamplighter.channels.sms.door import CarrierDoor, Entrance
from lamplighter.channels.sms.inbound import Inbound
from lamplighter.channels.sms.standins.network import Fault, Network
from lamplighter.channels.sms.standins.plivo import PlivoStandIn
from lamplighter.channels.sms.standins.telnyx import TelnyxStandIn
from lamplighter.channels.sms.standins.twilio import TwilioStandIn
from lamplighter.desk import notices, opting_out
from lamplighter.desk.contacts import Line
from lamplighter.desk.ports import Carrier, Job, Message, Outgoing, Taken
from lamplighter.practice.directory import Directory
from lamplighter.practice.model import PracticeId
from lamplighter.wiring.desk import Desk, wire
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.stage import Quiet
from tests.promises.desks import CALLER, NOON, House
from tests.serving import PromptServer

PUBLIC = "https://desk.example"
SECRET, USER = "not-a-real-secret", {"twilio": "AC" + "0" * 32, "telnyx": "", "plivo": "MA" + "0" * 18}
KINDS = ("twilio", pytest.param("telnyx", marks=pytest.mark.slow), "plivo")
"""Telnyx's library alone takes nine seconds to load."""

PATIENCE, IMPATIENT = 60.0, 0.3
"""Seconds that a carrier gets for an answer here: machines that run tests are busy; and where it is to give none."""


class One:
    """Carriers of one practice."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier

    def of(self, practice: PracticeId) -> Carrier | None:
        return self.carrier

    def has(self, practice: PracticeId) -> bool:
        return True


@dataclass
class Unanswered:
    """A carrier's library that soon gives up waiting for the next answer, which never comes; the one after is waited
    for. It gives up no sooner than the carrier has what was said."""

    patient: Carrier
    impatient: Carrier
    heard: Callable[[], bool]
    over: bool = False

    @property
    def numbers(self) -> tuple[str, ...]:
        return self.patient.numbers

    @property
    def settles(self) -> timedelta:
        return self.patient.settles

    def send(self, message: Outgoing) -> Taken:
        if self.over:
            return self.patient.send(message)
        self.over = True
        try:
            return self.impatient.send(message)
        finally:
            give_up = time.monotonic() + PATIENCE
            while not self.heard() and time.monotonic() < give_up:
                time.sleep(0.01)

    def ask(self, message: Outgoing, others: Callable[[str], bool]) -> Taken | None:
        return self.patient.ask(message, others)


class CarriedHouse(House):
    """A house whose texts are carried. What a job could not do is tried again a little later, as a live runner does."""

    def __init__(self, carrier: Carrier, **more: Any) -> None:
        self.carriers = One(carrier)
        super().__init__(NOON, **more)

    def wired_with(self, line: Line) -> Desk:
        outward = Outward(self.clock, self.messenger, self.pager, Quiet(), self.carriers)
        return wire(
            self.records, self.jobs, [line], outward, worker="w1", new_id=self._next_id,
            new_code=lambda: "123456",
        )  # fmt: skip

    def pass_time(self, seconds: float) -> None:
        end = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() <= end:
            try:
                return super().pass_time((end - self.clock.now()).total_seconds())
            except ConnectionError:
                self.clock.move_to(self.clock.now() + timedelta(seconds=5))


@dataclass
class Stage:
    kind: Kind
    house: CarriedHouse
    account: Account
    standin: Any
    door: TestClient
    number: str
    posted: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    @property
    def network(self) -> Network:
        network: Network = self.standin.network
        return network

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        self.posted.append((url, headers, body))
        assert url.startswith(PUBLIC)
        return self.door.post(urlsplit(url).path, content=body, headers=dict(headers)).status_code

    def again(self, which: int = -1) -> int:
        """A webhook of before, word for word."""
        url, headers, body = self.posted[which]
        return self.post(url, headers, body)

    def goes_wrong(self, fault: Fault) -> None:
        """With the next text that it is sent."""
        network, carriers, before = self.network, self.house.carriers, len(self.network.carried)
        network.faults.append(fault)
        if fault in ("silent", "silent_after"):
            impatient = CARRIERS[self.kind](self.account, Pool("demo", (self.number,)), IMPATIENT)
            carriers.carrier = Unanswered(
                carriers.carrier,
                impatient,
                lambda: not network.faults and len(network.carried) == before + (fault == "silent_after"),
            )

    def store(self, name: str = "m1", to: str = CALLER, **more: Any) -> Message:
        """Something of ours to send that nothing holds back."""
        when = "2026-12-08T14:00:00-05:00"
        args = (("clock", when), ("day", when), ("practice_phone", self.number), ("sender", "HLC Office"))
        message = Message(name, "sms", to, "sms.cancelled", args, "en", self.house.clock.now(), **more)
        with self.house.store.transaction("demo") as tx:
            notices.enqueue(tx, message)
        return message

    def status(self, name: str = "m1") -> str:
        return self.message(name).status

    def message(self, name: str = "m1") -> Message:
        with self.house.store.transaction("demo") as tx:
            found: Message | None = tx.outbox.get(name)
        assert found is not None
        return found

    def tasks(self) -> list[str]:
        with self.house.store.transaction("demo") as tx:
            return [task.kind for task in tx.tasks.list_open()]

    def opted_out(self) -> bool:
        with self.house.store.transaction("demo") as tx:
            return opting_out.holds(tx, CALLER, opting_out.EVERYTHING)

    def send(self, name: str = "m1") -> None:
        """The job that sends it, run once more."""
        with self.house.store.transaction("demo") as tx:
            tx.jobs.enqueue(Job(f"again:{name}", notices.JOB, self.house.clock.now(), (("message", name),)))


def bound() -> socket.socket:
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    return made


def address(of: socket.socket) -> str:
    return f"http://127.0.0.1:{of.getsockname()[1]}"


@contextmanager
def served(app: Any, at: socket.socket | None = None) -> Iterator[str]:
    at = at or bound()
    server = PromptServer(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[at])), daemon=True)
    at.listen()
    thread.start()
    try:
        yield address(at)
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def standin_of(kind: Kind, network: Network, texts: str) -> Any:
    if kind == "twilio":
        return TwilioStandIn(network, USER[kind], SECRET, texts)
    if kind == "plivo":
        return PlivoStandIn(network, USER[kind], SECRET, texts)
    return TelnyxStandIn(network, SECRET, texts)


CARRIERS: Mapping[Kind, Callable[[Account, Pool, float], Carrier]] = {
    "twilio": TwilioCarrier, "telnyx": TelnyxCarrier, "plivo": PlivoCarrier,
}  # fmt: skip
HOOKS: Mapping[Kind, Callable[[Account], Any]] = {
    "twilio": TwilioHooks, "telnyx": TelnyxHooks, "plivo": PlivoHooks,
}  # fmt: skip


class LateClock:
    """The clock of a house that is made after it."""

    house: House

    def now(self) -> Any:
        return self.house.clock.now()


@contextmanager
def staged(kind: Kind) -> Iterator[Stage]:
    clock = LateClock()
    network = Network(clock, frozenset({"+12125550100", "+12125550110"}))
    standin = standin_of(kind, network, f"{PUBLIC}/carriers/main/texts")
    with served(standin.app) as api:
        account = Account("main", kind, USER[kind], SECRET, PUBLIC, getattr(standin, "public_key", ""), api)
        house = CarriedHouse(CARRIERS[kind](account, Pool("demo", ()), PATIENCE))
        clock.house = house
        number = house.practice.phone
        network.numbers = frozenset({number})
        house.carriers.carrier = CARRIERS[kind](account, Pool("demo", (number,)), PATIENCE)
        entrance = Entrance(account, HOOKS[kind](account), {number: "demo"})
        door = CarrierDoor(
            PlainTextResponse("a public page"),
            {"main": entrance},
            Inbound(house.desk.contacts, house.records),
            house.records,
            Directory([house.practice]),
            house.clock,
        )
        stage = Stage(kind, house, account, standin, TestClient(door, base_url="http://inside:8765"), number)
        standin.post = stage.post
        yield stage
