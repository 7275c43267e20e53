"""Lines with carriers of calls: whose calls they may carry, what is heard where nothing here answers, and what is
missing."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from lamplighter.channels.phone.carriers import plivo, twilio
from lamplighter.channels.phone.carriers.our_lines import OurLine
from lamplighter.channels.phone.carriers.setup import Kind
from lamplighter.channels.phone.numbers import NeverDialled, refuse_undialable
from lamplighter.practice.agreements import agreed_with
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.problems import Problem
from lamplighter.settings import CarrierLine, Settings
from lamplighter.wiring.doctor import today
from lamplighter.wiring.telephone_process import (
    TelephoneProblem,
    carrier_setup_of,
    lacking,
    line_of,
    our_lines,
)

PARTIES: Final[Mapping[Kind, str]] = {"twilio": "Twilio", "telnyx": "Telnyx", "plivo": "Plivo"}
DOCUMENTS: Final = {"twilio": twilio.put_through, "plivo": plivo.put_through}
FILE: Final = "lamplighter.toml [telephone]"


Said = tuple[tuple[str, str], ...]


def lines_now(
    line: CarrierLine, practices: Mapping[PracticeId, Practice], words: Mapping[PracticeId, Said], day: date
) -> dict[str, OurLine]:
    """By number."""
    return {
        number: OurLine(
            line.api is not None or _agreed(line, practice, day),
            words.get(practice.id, ()),
            line.own_lines.get(practice.id),
        )
        for practice in practices.values()
        for number in practice.numbers
    }


def _agreed(line: CarrierLine, practice: Practice, day: date) -> bool:
    return agreed_with(practice, line.party or PARTIES[line.kind], day)


# -- what is missing ---------------------------------------------------------------------------------------------------


def carrier_problems(line: CarrierLine, settings: Settings) -> Iterator[Problem]:
    for message, remedy in lacking(carrier_setup_of(settings, line)):
        yield Problem(FILE, 0, message, f"{remedy[0].upper()}{remedy[1:]}.")
    for practice, number in line.own_lines.items():
        try:
            refuse_undialable(number)
        except NeverDialled:
            yield Problem(
                FILE,
                0,
                f"own_lines.{practice} is never dialled",
                "Give a whole number that leads to a person.",
            )


def practice_problems(line: CarrierLine, practice: Practice, day: date) -> Iterator[Problem]:
    """Of one practice."""
    party = line.party or PARTIES[line.kind]
    if line.api is None and not _agreed(line, practice, day):
        message = f"{practice.id} names no agreement with {party}: its calls are not answered here"
        remedy = f"Sign one that forbids reuse, write {party} to parties.yaml, and sign the practice again."
        yield Problem(FILE, 0, message, remedy)
    own = line.own_lines.get(practice.id)
    if own is None:
        message = f"{practice.id} has no line of its own to put callers through to where nothing here answers"
        remedy = f"Write under own_lines which number leads to a person: {practice.id} = ..."
        yield Problem(FILE, 0, message, remedy, "warning")
    elif own in practice.numbers:
        message = f"own_lines.{practice.id} is a number that leads here"
        yield Problem(FILE, 0, message, "Give one that leads to a person.")


def tell_fallbacks(settings: Settings, tell: Callable[[str], object]) -> None:
    """What a fall-back address at the carrier is to answer, for each number. Raises TelephoneProblem."""
    line = line_of(settings)
    if not isinstance(line, CarrierLine) or line.kind not in DOCUMENTS:
        raise TelephoneProblem(f"a line by {line.kind} asks no fall-back that answers by itself")
    known = our_lines(settings, line).all()
    if not known:
        raise TelephoneProblem("nothing is known of the numbers yet: run `serve` once")
    for number, each in known.items():
        body, _ = DOCUMENTS[line.kind](each)
        tell(f"{number}:\n{body.decode()}\n")


def told_of(line: CarrierLine, settings: Settings) -> str:
    setup = carrier_setup_of(settings, line)
    return f"Calls by {line.kind}, brought to {setup.at('voice')}, by default shown as {line.number or 'nothing'}"


def folder_problems(line: CarrierLine, practice: Practice) -> list[Problem]:
    return list(practice_problems(line, practice, today()))
