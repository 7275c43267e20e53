"""`lamplighter figures`: what reminders and the wait list came to, each figure with how it is computed."""

import textwrap
from typing import Final

from lamplighter.desk.figures import Figure, figures
from lamplighter.practice.model import PracticeId
from lamplighter.settings import Settings
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.practices import practices_in
from lamplighter.wiring.signers import Signers
from lamplighter.wiring.staff_link import NoSuchPractice
from lamplighter.wiring.store import open_records

WIDTH: Final = 100


def figures_of(settings: Settings, practice: PracticeId) -> tuple[Figure, ...]:
    """Raises NoSuchPractice, NothingToServe, KeyProblem, WrongKey."""
    clock = WallClock()
    practices = practices_in(settings.practices, Signers(settings.data), clock.now())
    found = next((each.practice for each in practices.answered if each.practice.id == practice), None)
    if found is None:
        raise NoSuchPractice
    records = open_records(settings, clock)
    try:
        return figures(records, found, clock.now())
    finally:
        records.close()


def as_text(found: tuple[Figure, ...]) -> str:
    return "\n".join(f"{_line(each)}\n{_how(each)}" for each in found)


def _line(figure: Figure) -> str:
    if figure.of is None:
        return f"{figure.name}: {figure.count}"
    percent = "" if figure.percent is None else f" ({figure.percent}%)"
    line = f"{figure.name}: {figure.count} of {figure.of}{percent}"
    if figure.which != "missed":
        return line
    return f"{line}; before: {'unknown' if figure.before is None else f'{figure.before}%'}"


def _how(figure: Figure) -> str:
    return textwrap.fill(figure.how, WIDTH, initial_indent="    ", subsequent_indent="    ")
