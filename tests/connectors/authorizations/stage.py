"""Channels of every kind before an invented reviewer, each on a server of its own on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lamplighter.connectors.clearinghouse.core_envelope import CoreAuthorizations, CoreClearinghouse, Envelope
from lamplighter.connectors.clearinghouse.core_envelope.standin import CoreStandIn
from lamplighter.connectors.clearinghouse.insurer import Insurer
from lamplighter.connectors.clearinghouse.reviewer import Reviewer
from lamplighter.connectors.clearinghouse.x12.writing import Partner
from lamplighter.desk.ports.authorizations import AuthorizationChannel
from tests.connectors.clearinghouse.numbers import CountedNumbers
from tests.connectors.clearinghouse.stage import KEY, StoppedClock, served

KINDS = ("x12-mime", "x12-soap")


@dataclass(slots=True)
class Reached:
    channel: AuthorizationChannel
    reviewer: Reviewer
    stranger: AuthorizationChannel  # the same with a key that is not theirs


@contextmanager
def reached(kind: str, reviewer: Reviewer) -> Iterator[Reached]:
    with served(CoreStandIn(Insurer(), "harbor", KEY, reviewer).app) as url:
        yield Reached(_core(kind, url, KEY), reviewer, _core(kind, url, "another"))


def _core(kind: str, url: str, key: str) -> AuthorizationChannel:
    return CoreAuthorizations(
        CoreClearinghouse(
            f"{url}/core", "Clearing Example", Partner("HARBORLANE", "CLEARHOUSE", production=False),
            CountedNumbers(), StoppedClock(), Envelope(kind.removeprefix("x12-")), "harbor", key,
        )
    )  # fmt: skip
