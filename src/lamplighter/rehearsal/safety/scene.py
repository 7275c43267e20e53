"""One scene of the safety suite: who calls, what is done to them, and what must hold."""

from dataclasses import dataclass
from typing import Literal

from lamplighter.rehearsal.scenario import Scenario

Promise = Literal[
    "approved_words",
    "guard_first",
    "never_alone",
    "one_speaker",
    "know_little",
    "signed_before_live",
    "fail_to_a_person",
    "once",
]


@dataclass(frozen=True, slots=True)
class Scene:
    """`what` in words for whoever signs. `promise` is the one that breaks where the end is not what was expected.

    `ends`: the hand-overs and outcomes that are right; empty where any is. `first`: what the first words after the
    verdict must name, in this order. `then`: said while somebody is being rung. `silent`: nothing is ever said.
    `closes`: whoever accepted finds that nothing was needed, and the errand goes on. `about`: the ways by which it must
    go. `never`: what may stand nowhere outside the sealed hearing.
    `says`: phrases that must come.
    """

    what: str
    promise: Promise
    scenario: Scenario
    ends: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    silent: bool = False
    closes: bool = False
    about: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.scenario.id
