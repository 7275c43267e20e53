"""What the desk tells the process that keeps a carrier's line: whose calls may be carried, and what is heard where
nothing here answers."""

import asyncio
from typing import Final

from lamplighter.conversation.before_signing import PROTOCOL as UNSIGNED
from lamplighter.desk.lines import Lines, Now
from lamplighter.desk.one_turn import Line
from lamplighter.desk.ports import Clock
from lamplighter.practice.model import PracticeId
from lamplighter.settings import CarrierLine, Settings
from lamplighter.wiring.carrier_lines import Said, lines_now
from lamplighter.wiring.doctor import today
from lamplighter.wiring.held_ahead import held_in
from lamplighter.wiring.serving import Beside
from lamplighter.wiring.telephone_process import our_lines

LOOKS_EVERY: Final = 2.0  # seconds


def told_to_the_line(settings: Settings, lines: Lines, clock: Clock) -> list[Beside]:
    """Keeps the telephone process told of whose calls may be carried, as signed and as of today; nothing to do for a
    line over SIP."""
    line = settings.telephone
    if not isinstance(line, CarrierLine):
        return []
    in_force = Now(lines, lambda each: each.conversation.practice)

    async def keep() -> None:
        kept, words, known = our_lines(settings, line), LastWords(lines), None
        while True:
            now = lines_now(line, in_force, words.now(), today(clock.now()))
            if now != known:
                await asyncio.to_thread(kept.keep, now)
                known = now
            await asyncio.sleep(LOOKS_EVERY)

    return [keep]


class LastWords:
    """The last of what is heard while nobody is there, in each language: whom to call in danger. Made once for each
    version that a practice signs, of the one in force."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._made: dict[PracticeId, tuple[str, Said]] = {}

    def now(self) -> dict[PracticeId, Said]:
        """Of every practice that has signed."""
        for practice, line in self._lines.items():
            if line.protocol_hash not in (UNSIGNED, self._made.get(practice, ("",))[0]):
                self._made[practice] = line.protocol_hash, _last_words(line)
        return {practice: said for practice, (_, said) in self._made.items()}


def _last_words(line: Line) -> Said:
    held = held_in(line.conversation.phrasebook, line.conversation.practice)
    return tuple((locale, texts[-1]) for locale, texts in held.items())
