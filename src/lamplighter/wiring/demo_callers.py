"""*Play a caller*: a rehearsal played against the running desk, at a pace that one can watch."""

import threading
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from lamplighter import logs
from lamplighter.channels.web.site import Caller as CallerCard
from lamplighter.channels.web.site import StillPlaying
from lamplighter.desk.contacts import Contacts, Reply
from lamplighter.practice.model import Practice
from lamplighter.rehearsal import read_files
from lamplighter.rehearsal.caller import Caller, Words
from lamplighter.rehearsal.scenario import Scenario

log = logs.get(__name__)
FILE = "demo_callers.yaml"
PAUSE = {"voice": 2.5, "sms": 3.0, "chat": 2.5}
MOST_TURNS = 30

TITLES = {
    "evening-first-visit": {"en": "A first visit, by phone", "es": "Primera visita, por teléfono"},
    "cita-por-mensaje": {"en": "A first visit in Spanish, by text", "es": "Primera visita, por mensaje"},
    "price-question": {"en": "What does it cost? By chat", "es": "¿Cuánto cuesta? Por chat"},
    "wants-a-person": {"en": "Somebody who wants a person", "es": "Quiere hablar con una persona"},
}


@cache
def scenarios() -> Mapping[str, Scenario]:
    with resources.as_file(resources.files("lamplighter.wiring") / FILE) as path:
        return MappingProxyType({scenario.id: scenario for scenario in read_files([Path(path)])})


def cards() -> tuple[CallerCard, ...]:
    """Without a look into the file, which a start would wait for."""
    return tuple(CallerCard(name, title) for name, title in TITLES.items())


class Players:
    """Plays callers in threads of their own, one after the other. `wait(seconds)` returns True when the product is
    stopping."""

    def __init__(self, contacts: Contacts, practice: Practice, wait: Callable[[float], bool]) -> None:
        self._contacts, self._practice, self._wait = contacts, practice, wait
        self._busy = threading.Lock()

    def play(self, name: str | None) -> None:
        """Begins a call and returns; an unknown or absent name plays the first. Raises StillPlaying."""
        known = scenarios()
        scenario = known.get(name or "") or next(iter(known.values()))
        if not self._busy.acquire(blocking=False):
            raise StillPlaying
        threading.Thread(target=self._play, args=(scenario,), daemon=True, name="caller").start()

    def _play(self, scenario: Scenario) -> None:
        try:
            self._converse(scenario)
        except Exception:
            log.exception("played_caller_failed", kind=scenario.id)
        finally:
            self._busy.release()

    def _converse(self, scenario: Scenario) -> None:
        contacts, practice = self._contacts, self._practice
        caller = Caller(scenario, practice, lambda: None)
        dialled = practice.phone if scenario.channel != "chat" else practice.hosts[0]
        reply = contacts.open(
            practice.id, channel=scenario.channel, dialled=dialled, address=scenario.caller_id
        )
        line: str | None = scenario.opens
        for _ in range(MOST_TURNS):
            if line is None or reply.ended or self._wait(PAUSE[scenario.channel]):
                return
            reply = contacts.hear(practice.id, reply.contact, line)
            line = self._answer(caller, reply)

    def _answer(self, caller: Caller, reply: Reply) -> str | None:
        said = [Words(u.phrase, u.text, u.asks, u.confirms) for u in reply.said]
        if not said or any(words.parts for words in said):
            return None
        return caller.answer(said)
