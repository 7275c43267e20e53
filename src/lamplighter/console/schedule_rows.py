"""The rows of the schedule: five minutes of the wall clock each, and what lies side by side in them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Final

from lamplighter.console import wording
from lamplighter.console.schedule_shown import Card

STEP: Final = 5
A_DAY: Final = 24 * 60


def minute_of(local: datetime, day: date) -> int:
    """By the wall clock; 0 and 24 hours for what begins before that day or ends after it."""
    if local.date() < day:
        return 0
    return A_DAY if local.date() > day else local.hour * 60 + local.minute


def clock_of(minute: int) -> str:
    return wording.clock(time(minute // 60 % 24, minute % 60))


def between(works: Iterable[tuple[int, int]], begin: int, until: int) -> Iterator[tuple[int, int]]:
    at = begin
    for start, end in works:
        if at < start:
            yield at, min(start, until)
        at = max(at, end)
    if at < until:
        yield at, until


def side_by_side(cards: list[Card]) -> tuple[Card, ...]:
    """Visits that overlap, which an import may bring, share the width."""
    cards.sort(key=lambda card: (card.row, -card.rows))
    placed, group, ends = list[Card](), list[Card](), 0

    def close() -> None:
        lanes = max((card.lane for card in group), default=1)
        placed.extend(replace(card, lanes=min(lanes, 3), lane=min(card.lane, 3)) for card in group)
        group.clear()

    for card in cards:
        if card.row >= ends:
            close()
        taken = {other.lane for other in group if other.row + other.rows > card.row}
        lane = next(n for n in range(1, len(taken) + 2) if n not in taken)
        group.append(replace(card, lane=lane))
        ends = max(ends, card.row + card.rows)
    close()
    return tuple(placed)
