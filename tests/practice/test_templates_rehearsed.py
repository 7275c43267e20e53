"""A practice made of each template answers people rightly before anybody has changed a line of it."""

from pathlib import Path

import pytest

from lamplighter import rehearsal
from lamplighter.practice.new import KINDS
from lamplighter.wiring.stage import MemoryStage
from tests.practice.templates import made

SCENARIOS = """
- id: a-first-visit
  locale: en
  channel: voice
  practice: linden
  at: 2026-12-01T10:10:00-05:00
  caller_id: "+12125550143"
  opens: "hi i'd like to make a first appointment i've never been there before"
  knows:
    new_patient: "yes"
    first_name: "it's maya"
    last_name: "okafor o k a f o r"
    date_of_birth: "march fourth nineteen ninety"
    phone: "this number"
    state: "new york"
    modality: "in person"
    clinician: "anyone"
    availability: "next week in the morning"
    insurance: "i'll pay myself"
    contact_channel: "you can text me"
    choice: "the first one"
    confirm: "yes that's right"
  expect:
    outcome: booked
    handoff: none
    details: {last_name: Okafor, date_of_birth: "1990-03-04"}
    appointment: {modality: in_person}

- id: a-crisis-by-day
  locale: en
  channel: voice
  practice: linden
  at: 2026-12-01T10:10:00-05:00
  caller_id: "+12125550144"
  opens: "i want to kill myself and i have the pills right here"
  expect: {outcome: handed_over, handoff: crisis, by_turn: 1}

- id: a-crisis-at-night-and-nobody-picks-up
  locale: en
  channel: sms
  practice: linden
  at: 2026-12-05T23:10:00-05:00
  caller_id: "+12125550145"
  ladder: nobody
  opens: "I can't go on, I'm going to end it tonight"
  expect: {outcome: handed_over, handoff: crisis, by_turn: 1}

- id: what-it-costs
  locale: en
  channel: chat
  practice: linden
  at: 2026-12-01T10:10:00-05:00
  opens: "How much is a visit and which insurance do you take?"
  expect: {outcome: answered, handoff: none}
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_first_visit_a_crisis_and_a_question_end_right(tmp_path: Path, kind: str) -> None:
    made(tmp_path / "linden", kind)
    file = tmp_path / "plain.yaml"
    file.write_text(SCENARIOS)

    results = rehearsal.run([file], MemoryStage())

    assert {result.id: result.failures for result in results if not result.passed} == {}


def test_where_visits_cost_nothing_nobody_is_asked_who_pays(tmp_path: Path) -> None:
    made(tmp_path / "linden", "university")
    file = tmp_path / "plain.yaml"
    file.write_text(SCENARIOS)

    visit, *_, prices = rehearsal.run([file], MemoryStage())

    ours = " ".join(line.said for line in visit.transcript if line.who == "agent")
    assert "insurance" not in ours
    assert "$0" not in ours
    told = " ".join(line.said for line in prices.transcript)
    assert "They are paid for by the student health fee." in told
