"""Results as people and programs read them."""

import json
from collections.abc import Sequence
from typing import Any

from lamplighter.rehearsal.result import Appointment, Result

NOTE = "A rehearsal plays unsigned practices and draft languages."


def as_json(results: Sequence[Result]) -> str:
    """One JSON list, an object a scenario, as DESIGN's `--json` gives them."""
    return json.dumps([_object(result) for result in results], ensure_ascii=False, indent=1)


def _object(result: Result) -> dict[str, Any]:
    return {
        "id": result.id,
        "passed": result.passed,
        "failures": list(result.failures),
        "outcome": result.outcome,
        "handoff": result.handoff,
        "turns": result.turns,
        "details": dict(result.details),
        "appointment": _appointment(result.appointment),
        "transcript": [{"who": line.who, "said": line.said} for line in result.transcript],
    }


def _appointment(appointment: Appointment | None) -> dict[str, Any] | None:
    if appointment is None:
        return None
    return {
        "start": appointment.start.isoformat(),
        "clinician": appointment.clinician,
        "modality": appointment.modality,
        "minutes": appointment.minutes,
        "visit_kind": appointment.visit_kind,
        "status": appointment.status,
    }


def as_text(results: Sequence[Result]) -> str:
    """A line a scenario; for each that failed, why, and its transcript with the caller's turns counted."""
    lines = [line for result in results for line in _told(result)]
    right = sum(result.passed for result in results)
    return "\n".join([*lines, "", f"{right} of {len(results)} ended as expected. {NOTE}"])


def _told(result: Result) -> list[str]:
    turns = f"{result.turns} turn" + ("s" if result.turns != 1 else "")
    what = result.outcome if result.handoff == "none" else f"{result.outcome}, {result.handoff}"
    if result.passed:
        return [f"ok    {result.id}: {what}, {turns}"]
    place = f" ({result.file}:{result.line})" if result.file else ""
    told = [f"FAIL  {result.id}{place}: {what}, {turns}"]
    told += [f"      - {failure}" for failure in result.failures]
    turn = None
    for line in result.transcript:
        count = f"{line.turn:>3}" if line.turn != turn and line.who == "caller" else "   "
        turn = line.turn
        told.append(f"      {count} {line.who + ':':<8}{line.said}")
    return told
