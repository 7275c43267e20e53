"""Rules 16 to 21: silence, who asks about somebody, who is who, when the machine is off, minors, and known callers."""

import dataclasses
import hashlib
from datetime import datetime, timedelta

import pytest

from lamplighter.conversation import events as e
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import overdue
from lamplighter.desk.auditing import is_sampled
from lamplighter.desk.paging import EveryWay, LoudPager, NobodyRung
from lamplighter.desk.ports import Ring, Task
from lamplighter.practice.model import WeekHours
from lamplighter.practice.sample import load_sample
from lamplighter.records.memory import MemoryRecords
from lamplighter.rehearsal.clock import SimulatedClock
from tests.promises.desks import CHANNELS, Channel, House, of_kind, phrases
from tests.rules.scenes import (
    CALLER,
    DANGER,
    HOME,
    NIGHT,
    NOON,
    PERSON,
    THREAT,
    Call,
    accept,
    by_text,
    call,
    hang_up,
    house,
    last_words,
    met,
    pages,
    rung,
    tasks,
)

# -- rule 16 ---------------------------------------------------------------------------------------------------------


def test_rule_16_silence_brings_two_slow_prompts_then_a_person_and_never_an_end() -> None:
    made = House().call()
    for _ in range(3):
        made.note(e.Silence(8))
        made.house.pass_time(8)
    assert [phrase for phrase in made.said if phrase.startswith("silence")] == ["silence.1", "silence.2"]
    assert made.state.handoff is not None and made.state.handoff.route == "human"
    made.house.pass_time(30)
    assert rung(made) and made.state.ended is None


@pytest.mark.parametrize("at", [NOON, NIGHT])
@pytest.mark.parametrize("hangs_up", [False, True], ids=["stays", "hangs-up"])
def test_rule_16_nobody_silent_is_hung_up_on_inside_two_minutes_nor_texted_unasked(
    at: datetime, hangs_up: bool
) -> None:
    made = House(at).call()
    for _ in range(15):
        made.note(e.Silence(8))
        assert made.state.ended is None
        made.house.pass_time(8)
    assert made.state.ended is None
    if hangs_up:
        hang_up(made)
    made.house.pass_time(3600)
    with made.house.store.transaction("demo") as tx:
        assert [message.phrase for message in tx.outbox.recent(50) if message.to == CALLER] == []


# -- rule 17 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
def test_rule_17_nobody_hears_whether_anyone_is_a_patient_here(channel: Channel) -> None:
    made = House().call(channel)
    made.say("is Rosalind Thimblewick a patient of yours?")
    assert "aside.somebody_else" in made.said
    assert "Thimblewick" not in " ".join(
        text for reply in made.replies for text in (one.text for one in reply.said)
    )


@pytest.mark.parametrize(
    "words", ["I'm worried my friend is going to kill himself", "my daughter says she wants to die"]
)
def test_rule_17_cri_10_whoever_fears_for_another_goes_the_same_way_and_is_asked_nothing_about_them(
    words: str,
) -> None:
    made = call(words)
    assert made.said[-1].startswith("handoff.crisis")
    assert all(body.asks == () for body in of_kind(made.bodies, e.Said)[1:])
    assert "a life is in danger" in last_words(made)


# -- rule 18 ---------------------------------------------------------------------------------------------------------


def test_rule_18_the_words_are_the_same_whether_somebody_was_found_or_not() -> None:
    def asks_for(name: str) -> list[str]:
        made = House().call("voice", "+12125550177")
        for words in ("when is my appointment?", name, "March third 1985"):
            made.say(words)
        return made.said

    assert asks_for("Nora Bell") == asks_for("Rosalind Thimblewick")


# -- rule 19 ---------------------------------------------------------------------------------------------------------


def a_ring(**more: object) -> Ring:
    given = {"practice": "demo", "contact": "c1", "handoff": "3", "rung": "front_desk", "name": "Front desk",
             "phone": "+12125550101", "route": "crisis", "step": 0} | more  # fmt: skip
    return Ring(**given)  # type: ignore[arg-type]


class Dead:
    def ring(self, ring: Ring) -> None:
        raise ConnectionError("no line")

    def call_off(self, ring: Ring, by: str) -> None:
        raise ConnectionError("no line")


def test_rule_19_one_way_of_ringing_that_is_off_keeps_no_other_from_ringing() -> None:
    loud = LoudPager()
    EveryWay([Dead(), loud]).ring(a_ring())
    assert len(loud.rings) == 1
    with pytest.raises(NobodyRung):
        EveryWay([Dead()]).ring(a_ring())


@pytest.mark.parametrize(
    ("kind", "texted"), [("staff", 1), ("clinician", 1), ("line", 0), ("answering_service", 0)]
)
def test_rule_19_a_text_that_rings_somebody_says_nothing_of_whom_or_why(kind: str, texted: int) -> None:
    desk = House()
    texts = by_text(desk, Phrasebook.load())
    texts.ring(a_ring(kind=kind))
    texts.ring(a_ring(kind=kind))
    sent = [text.lower() for _, text in pages(desk)]
    assert len(sent) == texted
    assert not [
        word for text in sent for word in ("crisis", "clinic", "patient", CALLER, "c1") if word in text
    ]


# -- rule 20 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["I'm fifteen and I want to see someone", "tengo 15 años y quiero una cita"]
)
def test_rule_20_min_01_a_minor_alone_goes_to_a_person(words: str) -> None:
    made = House().call()
    made.say(words)
    assert made.state.handoff is not None and made.state.handoff.route == "human"
    assert "handoff.minor" in made.said


@pytest.mark.parametrize(
    "words", ["I'm fourteen and I want to kill myself", "my mom can't know but I want to die, I'm 13"]
)
def test_rule_20_cri_12_the_way_of_a_crisis_is_the_same_at_any_age(words: str) -> None:
    made = call(words)
    assert made.said[-1] == "handoff.crisis"
    made.house.pass_time(1)
    assert rung(made)


# -- rule 21 ---------------------------------------------------------------------------------------------------------


def test_rule_21_who_calls_every_night_is_heard_every_night() -> None:
    nights = House()
    for _ in range(8):
        made = nights.call()
        made.say(DANGER)
        assert made.said[-1] == "handoff.crisis"
        met(made)
        nights.pass_time(24 * 3600)


def test_rule_21_who_abuses_whoever_answers_is_offered_a_person_and_heard_all_the_same() -> None:
    made = House().call()
    for _ in range(2):
        assert phrases(made.say("you stupid piece of shit"))[0] == "aside.abuse"
    assert "person" in made.replies[-1].said[0].text and made.state.handoff is None
    made.say("you stupid piece of shit")
    assert made.said[-1] == "handoff.human" and made.state.handed_over
    assert made.state.ended is None
    assert phrases(made.say(DANGER))[-1].startswith("handoff.crisis")


# -- what comes by itself ----------------------------------------------------------------------------------------------


def test_cri_17_a_crisis_is_on_the_board_for_a_person_to_look_over_within_a_day() -> None:
    made = call(DANGER)
    met(made)
    made.house.pass_time(3700)
    [review] = tasks(made, "review")
    assert review.due == NOON + timedelta(hours=24)
    assert review.route == "clinician"


def done(made: Call, task: Task) -> None:
    with made.house.store.transaction("demo") as tx:
        tx.tasks.close(task.id, "Dr. Osei")


def late_rings(made: Call) -> list[str]:
    return [ring.rung for ring in made.house.pager.rings if ring.late]


def test_cri_17_whoever_left_a_crisis_unreviewed_hears_of_it_once_a_day_until_somebody_has_done_it() -> None:
    made = call(DANGER)
    met(made)
    made.house.pass_time(21.5 * 3600)
    for follow_up in tasks(made, "follow_up"):
        done(made, follow_up)
    assert late_rings(made) == []
    made.house.pass_time(3 * 3600)
    first = late_rings(made)
    assert "office_manager" in first and len(set(first)) == len(first)
    made.house.pass_time(24 * 3600)
    assert len(late_rings(made)) == 2 * len(first)
    [review] = tasks(made, "review")
    done(made, review)
    made.house.pass_time(3 * 24 * 3600)
    assert len(late_rings(made)) == 2 * len(first)


def test_cri_17_who_left_a_crisis_unreviewed_hears_of_it_in_a_practice_without_hours_too() -> None:
    made = call(DANGER)
    met(made)
    made.house.pass_time(21.5 * 3600)
    now, pager = made.house.clock.now() + timedelta(hours=3), made.house.pager
    here = {"demo": dataclasses.replace(made.house.practice, hours=WeekHours({}))}
    with made.house.store.transaction("demo") as tx:
        [review] = [each.id for each in tx.tasks.list_open() if each.kind == "review"]
        [job] = [
            each for each in tx.jobs.pending() if (each.name, each.args[0]) == (overdue.JOB, ("task", review))
        ]
    made.house.clock.move_to(now)
    overdue.Overdue(made.house.store, {}, pager, made.house.clock).run("demo", job)
    assert late_rings(made) == []
    overdue.Overdue(made.house.store, here, pager, made.house.clock).run("demo", job)
    assert "office_manager" in late_rings(made)


def test_cri_17_a_sample_of_the_clear_ones_is_the_same_for_practice_and_day_and_about_as_large_as_signed() -> (
    None
):
    names = [hashlib.sha256(str(number).encode()).hexdigest()[:16] for number in range(4000)]
    picked = [name for name in names if is_sampled("demo", NOON.date(), name, 100)]
    assert picked == [name for name in names if is_sampled("demo", NOON.date(), name, 100)]
    assert 15 <= len(picked) <= 80
    assert picked != [
        name for name in names if is_sampled("demo", NOON.date() + timedelta(days=1), name, 100)
    ]
    assert picked != [name for name in names if is_sampled("maple", NOON.date(), name, 100)]


def ended(one_in: int) -> Call:
    made = house(audit_one_in=one_in).call("chat")
    made.say("how much is a first visit?")
    made.say("no thanks, bye")
    made.house.pass_time(120)
    return made


def test_cri_17_the_words_of_one_in_the_sample_are_kept_until_somebody_has_looked_and_of_others_not() -> None:
    sampled = ended(1)
    assert [task.kind for task in tasks(sampled)] == ["audit"]
    assert of_kind(sampled.bodies, e.Heard)[0].text
    sampled.house.pass_time(8 * 24 * 3600)
    assert not of_kind(sampled.bodies, e.Heard)[0].text
    other = ended(10**12)
    assert tasks(other) == [] and not of_kind(other.bodies, e.Heard)[0].text


@pytest.mark.parametrize("words", [DANGER, HOME, THREAT, PERSON, "the new medication is making me dizzy"])
def test_every_hand_over_is_work_with_a_time_from_its_first_moment(words: str) -> None:
    made = call(words)
    [task] = tasks(made, "handoff")
    assert task.contact == made.contact
    made.house.pass_time(1)
    accept(made)
    assert tasks(made, "handoff") == [task], "accepted is not done"
    hang_up(made)
    made.note(e.HandoffClosed("Dana", "handled"))
    assert tasks(made, "handoff") == []


def test_a_hand_over_its_task_and_its_first_ring_are_stored_before_anybody_is_rung() -> None:
    """A process that dies right after the words leaves all three to whoever adopts its jobs."""
    desk = House(store=MemoryRecords(SimulatedClock(NOON)))
    made = desk.call()
    made.say(DANGER)
    with desk.store.transaction("demo") as tx:
        waiting = [job.name for job in tx.jobs.pending()]
    assert {"ring", "owed"} <= set(waiting)
    assert [task.route for task in tasks(made, "handoff")] == ["person_now"]
    assert rung(made) == []


def test_cri_04_the_sample_practice_leaves_nobody_alone_when_all_are_away() -> None:
    made = call(DANGER, practice=load_sample())
    made.house.pass_time(1800)
    assert made.state.ended is None and len(rung(made)) > 40
