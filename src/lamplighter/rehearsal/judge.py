"""What a played contact came to, and whether that is what was expected."""

from collections.abc import Iterator
from typing import Final

from lamplighter.conversation.details import Detail, Errand, Key
from lamplighter.desk.ports import Person
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.kinds import WEEKDAYS
from lamplighter.rehearsal.play import Played
from lamplighter.rehearsal.result import Appointment, Result
from lamplighter.rehearsal.sameness import clinician_name, same, shown
from lamplighter.rehearsal.scenario import AppointmentExpected, Scenario
from lamplighter.rehearsal.stage import Scene
from lamplighter.rehearsal.traces import contains

IN_THE_CALENDAR: Final = ("booked", "held_for_office", "confirmed")
ANSWERED: Final = (None, Errand.QUESTION, Errand.MY_VISIT, Errand.CONFIRM_VISIT)
"""Errands that are done once we have spoken."""
ON_RECORD: Final = (
    Detail.FIRST_NAME,
    Detail.LAST_NAME,
    Detail.PREFERRED_NAME,
    Detail.DATE_OF_BIRTH,
    Detail.PHONE,
    Detail.EMAIL,
    Detail.LANGUAGE,
    Detail.STATE,
    Detail.MEMBER_ID,
    Detail.SUBSCRIBER,
    Detail.CONTACT_CHANNEL,
)


def judge(scenario: Scenario, practice: Practice, played: Played, scene: Scene) -> Result:
    appointment = appointment_of(practice, played, scene)
    details = details_of(practice, played, scene, appointment)
    result = Result(
        id=scenario.id,
        failures=(),
        outcome=outcome_of(played, appointment),
        handoff=_handoff(played),
        turns=played.turns,
        details=details,
        appointment=appointment,
        transcript=tuple(played.lines),
        file=scenario.file,
        line=scenario.line,
    )
    failures = tuple(_failures(scenario, practice, played, result))
    return Result(**{name: getattr(result, name) for name in Result.__slots__} | {"failures": failures})


# -- what it came to ---------------------------------------------------------------------------------------------------


def _handoff(played: Played) -> str:
    state = played.state
    if state.verdict != "clear":
        return state.verdict
    return state.handoff.route if state.handoff else "none"


def outcome_of(played: Played, appointment: Appointment | None) -> str:
    """A booking counts when the calendar holds it."""
    state = played.state
    if _handoff(played) != "none":
        return "handed_over"
    if played.end == "turns":
        return "abandoned"
    if state.outcome in ("booked", "rescheduled") and appointment is None:
        return "abandoned"
    if state.outcome is not None:
        return state.outcome
    if played.broke is None and (played.end == "goodbye" or state.errand in ANSWERED):
        return "answered"
    return "abandoned"


def appointment_of(practice: Practice, played: Played, scene: Scene) -> Appointment | None:
    """The visit this contact was about, as the calendar holds it; None where it holds none."""
    visit = played.state.visit
    if visit is None or visit.status == "cancelled":
        return None
    with scene.records.transaction(practice.id) as transaction:
        stored = transaction.schedule.visit(visit.id)
    slot, status = (visit.slot, visit.status) if stored is None else (stored.slot, stored.status)
    occurrence_of_series = visit.series is not None
    if status not in IN_THE_CALENDAR or (stored is None and not occurrence_of_series):
        return None
    return Appointment(
        id=visit.id,
        start=slot.start.astimezone(practice.timezone),
        minutes=slot.minutes,
        clinician=practice.clinician(slot.clinician).name,
        modality=slot.modality.value,
        visit_kind=slot.visit_kind,
        status=status,
    )


def details_of(
    practice: Practice, played: Played, scene: Scene, appointment: Appointment | None
) -> dict[str, str]:
    """Everything known at the end, from any source; after a booking the appointment's clinician and modality."""
    person = _person(practice, played, scene)
    known = _on_record(practice, person) if person else {}
    for book in (played.agreed, played.state.known):
        known |= {str(place): shown(str(place), value.value, practice) for place, value in book.items()}
    if appointment is not None and played.state.outcome in ("booked", "rescheduled"):
        known |= {"clinician": appointment.clinician, "modality": appointment.modality}
    return known


def _person(practice: Practice, played: Played, scene: Scene) -> Person | None:
    if played.state.person is None:
        return None
    with scene.records.transaction(practice.id) as transaction:
        return transaction.people.get(played.state.person)


def _on_record(practice: Practice, person: Person) -> dict[str, str]:
    values = {detail.value: getattr(person, detail.value) for detail in ON_RECORD}
    if person.insurer:
        values["insurance"] = shown("insurance", person.insurer, practice)
    if person.clinician:
        values["clinician"] = clinician_name(person.clinician, practice)
    return {name: str(value) for name, value in values.items() if value is not None}


# -- whether that was expected -----------------------------------------------------------------------------------------


def _failures(scenario: Scenario, practice: Practice, played: Played, result: Result) -> Iterator[str]:
    expect, turns = scenario.expect, played.turns
    if played.broke:
        yield f"the product failed at turn {turns}: {played.broke}"
    if expect.outcome and result.outcome != expect.outcome:
        yield f"the outcome should be {expect.outcome} and was {result.outcome} ({_ending(played)})"
    if expect.handoff and result.handoff != expect.handoff:
        yield f"the hand-over should be {expect.handoff} and was {result.handoff} at turn {turns}"
    if expect.by_turn and result.turns > expect.by_turn:
        yield f"it should end by turn {expect.by_turn} and took {result.turns} turns"
    if result.handoff != "none" and not _settled(played):
        yield f"the hand-over of turn {turns} was neither accepted nor promised"
    yield from _details(scenario, practice, played, result)
    if expect.appointment:
        yield from _appointment(expect.appointment, practice, result)
    yield from _never_said(scenario, played)


def _ending(played: Played) -> str:
    ends = {
        "goodbye": "we said goodbye",
        "silence": "our last words asked nothing",
        "turns": "it never came to an end",
        "handed over": "a person took over",
    }
    return f"{ends.get(played.end, 'it broke off')} at turn {played.turns}"


def _settled(played: Played) -> bool:
    handoff = played.state.handoff
    return handoff is not None and handoff.status != "ringing"


def _details(scenario: Scenario, practice: Practice, played: Played, result: Result) -> Iterator[str]:
    for written, expected in scenario.expect.details.items():
        value = result.details.get(written)
        if value is None:
            yield f'{written} should be "{expected}" and was never understood'
        elif not same(written, value, expected, practice):
            yield f'{written} should be "{expected}" and was understood as "{value}" at turn {_turn(played, written)}'


def _turn(played: Played, written: str) -> int:
    known = played.state.known.get(Key.parse(written)) or played.agreed.get(Key.parse(written))
    return played.turn_of_seq.get(known.seq, played.turns) if known else played.turns


def _appointment(expected: AppointmentExpected, practice: Practice, result: Result) -> Iterator[str]:
    got, turn = result.appointment, f"at turn {result.turns}"
    if expected.none:
        if got is not None:
            yield f"there should be no appointment and there is one at {got.start.isoformat()} ({turn})"
        return
    if got is None:
        yield f"there should be an appointment and there is none ({turn})"
        return
    yield from _when(expected, got)
    if expected.modality and got.modality != expected.modality:
        yield f"the appointment should be {expected.modality} and is {got.modality} ({turn})"
    if expected.clinician and not same("clinician", got.clinician, expected.clinician, practice):
        yield f"the appointment should be with {expected.clinician} and is with {got.clinician} ({turn})"


def _when(expected: AppointmentExpected, got: Appointment) -> Iterator[str]:
    day, clock = got.start.date(), got.start.time()
    said = f"and is on {WEEKDAYS[day.weekday()]} {day} at {clock:%H:%M}"
    if expected.weekdays and day.weekday() not in expected.weekdays:
        days = ", ".join(WEEKDAYS[n] for n in sorted(expected.weekdays))
        yield f"the appointment should be on {days} {said}"
    if expected.start and clock < expected.start:
        yield f"the appointment should start at {expected.start:%H:%M} or later {said}"
    if expected.before and clock >= expected.before:
        yield f"the appointment should start before {expected.before:%H:%M} {said}"
    if expected.not_before and day < expected.not_before:
        yield f"the appointment should not be before {expected.not_before} {said}"
    if expected.not_after and day > expected.not_after:
        yield f"the appointment should not be after {expected.not_after} {said}"
    if day in expected.not_dates:
        yield f"the appointment should not be on {day} {said}"


def _never_said(scenario: Scenario, played: Played) -> Iterator[str]:
    for words in scenario.expect.never_said:
        for trace in played.left:
            if contains(trace.text, words):
                turn = played.turn_of_seq.get(trace.seq, played.turns)
                yield f'"{words}" should stand nowhere and is in {trace.where} (turn {turn})'
                break
