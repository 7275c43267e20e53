"""Rules 10 to 15: automation stops for people, what was signed goes on answering, the rota, who listens, every door,
and languages.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from lamplighter.conversation import events as e
from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.guard import Guard
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import files
from lamplighter.conversation.slots import Slot
from lamplighter.desk import notices, reminders, stopping
from lamplighter.desk.ports import Message, Person
from lamplighter.desk.stopping import STOPS, Duty, Stop, Stopped
from lamplighter.law.crisis_lines import country_of, crisis_lines, emergency_numbers, lines_for
from lamplighter.practice.doctor import examine
from lamplighter.practice.load import load_files
from lamplighter.practice.model import Modality, Rung
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.rota import gaps, rungs_now
from lamplighter.practice.sample import SAMPLE_FOLDER, load_sample
from lamplighter.wiring.signing import folder_files
from tests.promises.desks import CHANNELS, Channel, House, of_kind, phrases
from tests.rules.scenes import (
    CALLER,
    DANGER,
    HOME,
    NIGHT,
    NOON,
    PERSON,
    accept,
    call,
    last_words,
    met,
    rung,
    tasks,
    with_ladder,
)

NEW = (
    "handoff.crisis.",
    "waiting.crisis.alone",
    "handoff.bridge",
    "handoff.passed_on",
    "waiting.secret",
    "waiting.robot",
    "handoff.clinical.queued",
)
KEPT = ("handoff.crisis.text", "handoff.crisis.nobody")

# -- rule 10 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["put me on the wait list", "book me Tuesday at ten", "yes", "cancel it"])
def test_rule_10_nothing_of_the_errand_goes_on_while_a_crisis_is_open(words: str) -> None:
    made = House().call()
    made.say("I'd like a first appointment")
    made.say(DANGER)
    made.say(words)
    assert of_kind(made.bodies, e.Committed) == []
    with made.house.store.transaction("demo") as tx:
        assert tx.waitlist.all() == ()


SOMEBODY = Person("p1", "Rosalind", "Thimblewick", date(1985, 12, 1), CALLER, contact_channel="sms")


def with_texts_waiting() -> House:
    """Somebody on file with a visit the day after tomorrow and a text of ours that nobody asked for."""
    house = House()
    start = NOON + timedelta(days=2)
    with house.store.transaction("demo") as tx:
        tx.people.add(SOMEBODY)
        slot = Slot(start, 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
        visit = tx.schedule.book("v1", slot, ["p1"], "c0", NOON, "booked")
        assert visit is not None
        reminders.plan(tx, house.practice, visit, SOMEBODY, NOON)
        args = (("practice_phone", house.practice.phone), ("sender", "HLC Office"))
        waited = Message("m1", "sms", CALLER, "sms.waitlisted", args, "en", NOON, "p1")
        notices.enqueue(tx, waited)
    return house


def stopped(house: House, what: Stop, by: str = "Dana") -> None:
    with house.store.transaction("demo") as tx:
        stopping.stop(tx, "p1", what, by=by, now=house.clock.now())


def sent(house: House) -> set[str]:
    with house.store.transaction("demo") as tx:
        return {each.phrase for each in tx.outbox.recent() if each.status in ("sent", "delivered")}


def test_rule_10_without_a_stop_the_reminder_and_the_text_go_out() -> None:
    house = with_texts_waiting()
    house.pass_time(2 * 24 * 3600)
    assert sent(house) == {"sms.waitlisted", "sms.reminder"}


@pytest.mark.parametrize("what", STOPS)
def test_rule_10_one_act_stops_what_is_queued_already_and_stands_with_who_and_when(what: Stop) -> None:
    house = with_texts_waiting()
    stopped(house, what)
    house.pass_time(12 * 24 * 3600)
    assert sent(house) == set()
    with house.store.transaction("demo") as tx:
        assert stopping.of(tx, "p1") == (Stopped(what, NOON, "Dana"),)
        noted = [(entry.who, entry.about) for entry in tx.ledger.entries() if entry.what == "stopped_stated"]
        message = tx.outbox.get("m1")
    assert noted == [("Dana", "person/p1")]
    assert message is not None and message.status == "cancelled"


AGAIN = replace(SOMEBODY, id="p2", phone="+12125550124", perhaps="p1")
THIRD = replace(SOMEBODY, id="p3", phone="+12125550125", perhaps="p1")
PARTNER = Person("p4", "Ignatius", "Thimblewick", date(1983, 2, 2), "+12125550126", contact_channel="sms")
STRANGER = replace(SOMEBODY, id="p5", phone="+12125550127")


@pytest.mark.parametrize(("told_of", "held"), [("p1", "p2"), ("p2", "p1"), ("p2", "p3"), ("p3", "p2")])
@pytest.mark.parametrize("duty", ["reply", "reminder", "outreach"])
def test_rule_10_what_is_said_of_one_record_holds_for_another_that_may_be_theirs(
    told_of: str, held: str, duty: Duty
) -> None:
    with House().store.transaction("demo") as tx:
        for each in (SOMEBODY, AGAIN, THIRD, PARTNER, STRANGER):
            tx.people.add(each)
        stopping.stop(tx, told_of, "deceased", by="Dana", now=NOON)
        assert stopping.holds(tx, duty, person=held)
        assert [each.stop for each in stopping.standing_for(tx, held)] == ["deceased"]
        assert not stopping.holds(tx, duty, person="p4") and not stopping.holds(tx, duty, person="p5")


def test_rule_10_no_reminder_goes_out_for_a_record_that_may_be_the_deceaseds() -> None:
    house = with_texts_waiting()
    with house.store.transaction("demo") as tx:
        tx.people.add(AGAIN)
        stopping.stop(tx, "p2", "deceased", by="Dana", now=NOON)
    house.pass_time(2 * 24 * 3600)
    assert sent(house) == set()


@pytest.mark.parametrize("what", STOPS)
def test_rule_10_what_is_said_of_the_second_of_a_couple_stops_what_goes_out_about_their_visit(
    what: Stop,
) -> None:
    house, start = House(), NOON + timedelta(days=2)
    with house.store.transaction("demo") as tx:
        tx.people.add(SOMEBODY)
        tx.people.add(PARTNER)
        slot = Slot(start, 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
        visit = tx.schedule.book("v1", slot, ["p1", "p4"], "c0", NOON, "booked")
        assert visit is not None
        reminders.plan(tx, house.practice, visit, SOMEBODY, NOON)
        args = (("practice_phone", house.practice.phone), ("sender", "HLC Office"))
        offered = Message("m1", "sms", CALLER, "sms.waitlisted", args, "en", NOON, "p1", visit="v1")
        notices.enqueue(tx, offered)
        stopping.stop(tx, "p4", what, by="Dana", now=NOON)
    house.pass_time(2 * 24 * 3600)
    assert sent(house) == set()
    with house.store.transaction("demo") as tx:
        assert not stopping.holds(tx, "reply", person="p1", visit="v1")


def test_rule_10_a_crisis_of_a_record_that_may_be_theirs_holds_what_nobody_asked_for() -> None:
    house = with_texts_waiting()
    with house.store.transaction("demo") as tx:
        tx.people.add(AGAIN)
    made = house.call(address=None)
    made.note(e.Identified("p2", "staff"))
    made.say(DANGER)
    house.pass_time(30)
    assert sent(house) == set()


def test_rule_10_what_was_stopped_by_mistake_goes_on() -> None:
    house = with_texts_waiting()
    stopped(house, "discharged")
    house.pass_time(120)
    with house.store.transaction("demo") as tx:
        assert stopping.lift(tx, "p1", "discharged", by="Dana", now=house.clock.now())
        assert not stopping.lift(tx, "p1", "discharged", by="Dana", now=house.clock.now())
    house.pass_time(2 * 24 * 3600)
    assert sent(house) == {"sms.waitlisted", "sms.reminder"}


def test_rule_10_an_open_crisis_holds_what_nobody_asked_for_and_reminders_go_on() -> None:
    house = with_texts_waiting()
    made = house.call()
    made.say(DANGER)
    house.pass_time(30)
    assert sent(house) == set()
    with house.store.transaction("demo") as tx:
        assert not stopping.holds(tx, "reminder", person="p1")
        assert stopping.holds(tx, "outreach", person="p1", address=CALLER)
    met(made)
    house.pass_time(3700)
    assert sent(house) == {"sms.waitlisted"}


def test_rule_10_what_somebody_asks_for_themselves_is_answered_unless_nobody_can_have_asked() -> None:
    with House().store.transaction("demo") as tx:
        tx.people.add(SOMEBODY)
        stopping.stop(tx, "p1", "in_hospital", by="Dana", now=NOON)
        assert not stopping.holds(tx, "reply", person="p1")
        stopping.stop(tx, "p1", "deceased", by="Dana", now=NOON)
        assert stopping.holds(tx, "reply", person="p1")
        assert not stopping.holds(tx, "outreach", person="p2")


# -- rule 11 ---------------------------------------------------------------------------------------------------------


def signed_before() -> Phrasebook:
    """The phrases of a practice that signed before these hand-overs had words of their own."""
    book = Phrasebook.load()
    found = {
        locale: {
            name: phrase
            for name, phrase in book.phrases(locale).items()
            if name in KEPT or not (name.startswith(NEW) or name.endswith(".abroad"))
        }
        for locale in files()
    }
    return Phrasebook(found, book._formats)


@pytest.mark.parametrize("words", [DANGER, HOME, "I took all my pills", "I'm going to kill him"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_rule_11_who_signed_before_newer_words_goes_on_answering_with_those_they_signed(
    words: str, channel: Channel
) -> None:
    house = House(NIGHT, practice=with_ladder(after_hours={}, may_wait=("refill",)))
    parts = house.conversation
    house.conversation = Conversation(parts.practice, signed_before(), parts.guard, parts.understanding)
    house.desk = house._wired()
    made = house.call(channel, "+442079460123")
    made.say(words)
    assert "988" in last_words(made)
    house.pass_time(60)
    assert made.say("don't tell anyone").said and made.say("are you a robot?").said
    assert made.state.ended is None


# -- rule 12 ---------------------------------------------------------------------------------------------------------


def names(route: str, **more) -> list[str]:  # type: ignore[no-untyped-def]
    return [each.name for each in rungs_now(more.pop("practice", load_sample()), route, NOON, **more)]  # type: ignore[arg-type]


def test_rule_12_who_sees_somebody_is_passed_over_as_they_wish_unless_nobody_else_is_left() -> None:
    practice = load_sample()
    never, asked = (
        replace(
            practice, clinicians=tuple(replace(each, interrupt_session=wish) for each in practice.clinicians)
        )
        for wish in ("never", "crisis_only")
    )
    assert "Dr. Osei" not in names("crisis", practice=never, in_session={"amara_osei"})
    assert "Dr. Osei" in names("crisis", practice=asked, in_session={"amara_osei"})
    assert "Dr. Osei" not in names("human", practice=asked, in_session={"amara_osei"})
    alone = with_ladder(by_day={"crisis": practice.ladder.by_day["crisis"][2:]})
    assert names("crisis", practice=alone, in_session={"amara_osei"}) == ["Dr. Osei"]


def test_rule_12_a_gap_shows_a_week_ahead() -> None:
    practice = load_sample()
    assert gaps(practice, NOON) == ()
    later = replace(
        practice.ladder, on_call=(), after_hours={"crisis": practice.ladder.after_hours["crisis"][2:]}
    )
    open_nights = gaps(replace(practice, ladder=later), NOON)
    assert open_nights[0] == date(2026, 12, 1) and len(open_nights) == 7


def test_rule_12_whoever_is_asked_for_a_medicine_is_who_prescribes() -> None:
    made = call("the new medication is making me dizzy")
    made.house.pass_time(1)
    assert rung(made) == ["roth"]


def test_rule_12_a_rung_that_cannot_be_rung_keeps_nobody_else_from_being_rung() -> None:
    made = call(DANGER)
    pager = made.house.pager

    def broken(ring: object) -> None:
        pager.rings.append(ring)  # type: ignore[arg-type]
        raise ConnectionError("the pager is dead")

    pager.ring = broken  # type: ignore[method-assign]
    made.house.pass_time(70)
    assert rung(made)[:3] == ["front_desk", "office_manager", "osei"]
    assert [task.route for task in tasks(made, "handoff")] == ["person_now"]


# -- rule 13 ---------------------------------------------------------------------------------------------------------


def test_rule_13_the_guard_reads_while_it_rings_and_a_hit_upgrades_in_place() -> None:
    made = call(PERSON)
    made.house.pass_time(5)
    made.say(DANGER)
    assert made.state.handoff is not None and made.state.handoff.route == "crisis"
    made.house.pass_time(1)
    assert made.house.pager.rings[-1].route == "crisis"
    assert len(tasks(made, "handoff")) == 1


def test_rule_13_the_guard_reads_while_somebody_speaks_and_after_they_passed_it_on() -> None:
    made = call(PERSON)
    made.house.pass_time(1)
    accept(made, "Front desk")
    made.say(HOME)
    assert made.state.quiet
    made.house.desk.handoffs.someone_else("demo", made.contact, "Front desk")
    guarded = len(of_kind(made.bodies, e.Guarded))
    made.say("I can't breathe")
    assert len(of_kind(made.bodies, e.Guarded)) == guarded + 1


# -- rule 14 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
def test_rule_14_danger_in_the_place_of_a_name_or_an_answer_is_heard_at_every_door(channel: Channel) -> None:
    made = House().call(channel)
    made.say("I'd like a first appointment")
    made.say("my name is I want to kill myself")
    assert made.state.verdict == "crisis"


def test_rule_14_what_cannot_be_read_goes_to_a_person_and_a_known_emoji_can_be() -> None:
    guard = Guard.load()
    assert not guard.readable("\ufffc", "en") and guard.readable("👍", "en")
    made = House().call("sms")
    for _ in range(2):
        made.say("\ufffc\ufffc")
    assert made.state.handoff is not None and made.state.handoff.route == "human"


# -- rule 15 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
def test_rule_15_every_language_that_can_be_signed_has_its_core_sentences_each_with_an_author_and_a_reviewer_or_none(
    locale: str,
) -> None:
    book = Phrasebook.load().phrases(locale)
    core = [name for name in book if name.startswith(("handoff.crisis", "waiting.crisis", "handoff.bridge"))]
    assert len(core) >= 12
    assert all(book[name].author and book[name].reviewer for name in core)


def test_rule_15_988_is_named_with_the_key_for_spanish_and_whoever_is_rung_hears_the_language() -> None:
    made = call("quiero matarme")
    assert "marque 2" in last_words(made)
    made.house.pass_time(1)
    assert made.house.pager.rings[0].locale == "es"


# -- numbers that are never dialled, and those of elsewhere ------------------------------------------------------------


def ladder_with(number: str) -> dict[str, bytes]:
    found = folder_files(SAMPLE_FOLDER)
    ladder = found["ladder.yaml"].decode().replace("phone: 988", f'phone: "{number}"')
    return {**found, "ladder.yaml": ladder.encode()}


@pytest.mark.parametrize("number", ["9-1-1", "112", "999", "933"])
def test_cri_06_no_ladder_can_hold_a_number_for_emergencies(number: str) -> None:
    with pytest.raises(PracticeProblems) as problems:
        load_files(ladder_with(number))
    assert any("never dialled" in problem.message for problem in problems.value.problems)


def test_cri_06_a_ladder_that_was_signed_with_911_can_be_read_and_no_other_goes_live(tmp_path: Path) -> None:
    assert load_files(ladder_with("911")).ladder.seconds == 20
    for name, content in ladder_with("911").items():
        (tmp_path / name).write_bytes(content)
    found = [problem for problem in examine(tmp_path, NOON.date()) if "never dialled" in problem.message]
    assert [problem.severity for problem in found] == ["go_live"]


@pytest.mark.parametrize("number", ["911", "112"])
def test_cri_06_a_ladder_that_was_signed_with_one_rings_everybody_else(number: str) -> None:
    practice = load_sample()
    crisis = (Rung("emergency", "Emergency", number, kind="line"), *practice.ladder.by_day["crisis"])
    made = call(DANGER, practice=with_ladder(by_day={**practice.ladder.by_day, "crisis": crisis}))
    made.house.pass_time(600)
    assert "emergency" not in rung(made) and len(rung(made)) > 10


def test_cri_18_other_countries_lines_come_from_a_file_with_a_source_and_how_sure_it_is() -> None:
    assert len(crisis_lines()) >= 20
    for lines in crisis_lines().values():
        assert lines.source.startswith("https://") and lines.sure in ("settled", "likely", "doubtful")
        assert lines.emergency in emergency_numbers()
        assert (lines.line is None) == (lines.name is None)


@pytest.mark.parametrize(
    ("number", "country", "emergency"),
    [
        ("+12125550123", "US", "911"),
        ("+14165550123", "CA", "911"),
        ("+442079460123", "GB", "999"),
        ("+34911234567", "ES", "112"),
        (None, None, "911"),
        ("+99912345678", None, "911"),
    ],
)
def test_cri_18_the_number_says_which_country_and_an_unknown_one_hears_ours(
    number: str | None, country: str | None, emergency: str
) -> None:
    assert country_of(number) == country
    assert lines_for(number, "+12125550100").emergency == emergency


def test_cri_18_a_practice_of_another_country_names_its_own_lines() -> None:
    made = call(DANGER, "chat", practice=replace(load_sample(), phone="+442079460000"))
    assert "999" in last_words(made) and "911" not in last_words(made) and "116 123" in last_words(made)
    made.house.pass_time(timedelta(seconds=90).total_seconds())
    assert phrases(made.say("hello"))
