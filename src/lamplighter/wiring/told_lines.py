"""What the desk tells the process that keeps a carrier's line: whose calls may be carried, and what is heard where
nothing here answers."""

import asyncio
from collections.abc import Mapping
from typing import Final

from lamplighter.desk.lines import Lines, Now
from lamplighter.desk.ports import Clock
from lamplighter.settings import CarrierLine, Settings
from lamplighter.wiring.carrier_lines import Said, lines_now
from lamplighter.wiring.doctor import today
from lamplighter.wiring.held_ahead import held_words
from lamplighter.wiring.practices import Practices
from lamplighter.wiring.serving import Beside
from lamplighter.wiring.telephone_process import our_lines

LOOKS_EVERY: Final = 2.0  # seconds


def told_to_the_line(settings: Settings, found: Practices, lines: Lines, clock: Clock) -> list[Beside]:
    """Keeps the telephone process told of whose calls may be carried, as signed and as of today; nothing to do for a
    line over SIP."""
    line = settings.telephone
    if not isinstance(line, CarrierLine):
        return []
    in_force = Now(lines, lambda each: each.conversation.practice)
    words = {each.protocol.practice.id: last_words(held_words(each)) for each in found.signed}

    async def keep() -> None:
        kept, known = our_lines(settings, line), None
        while True:
            now = lines_now(line, in_force, words, today(clock.now()))
            if now != known:
                await asyncio.to_thread(kept.keep, now)
                known = now
            await asyncio.sleep(LOOKS_EVERY)

    return [keep]


def last_words(held: Mapping[str, list[str]]) -> Said:
    """In each language the last of what is heard while nobody is there: whom to call in danger."""
    return tuple((locale, texts[-1]) for locale, texts in held.items())
