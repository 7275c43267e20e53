"""Rules 5 to 9: what goes on after a hang-up, who may know what was said, the card, no assessment, and false alarms."""

import dataclasses
import re
from datetime import date, timedelta

import pytest

from lamplighter.console.stepping_in import SteppingIn
from lamplighter.conversation import events as e
from lamplighter.conversation import ways
from lamplighter.conversation.events import Opened
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import guard_wrong
from lamplighter.desk.card import Card, Rang, UnderGlass, break_glass, card, may_look, under_glass
from lamplighter.desk.context import stable_id
from lamplighter.desk.guard_wrong import Wrong, told
from lamplighter.desk.later import CALLING_BACK
from lamplighter.desk.ports import ROLES, Account, Message, Person, Ring, Task
from lamplighter.practice.calendar import noon_next_business_day
from tests.desk.test_change_of_mind import booked
from tests.promises.desks import Channel, of_kind, phrases
from tests.rules.scenes import (
    CALLER,
    DANGER,
    HOME,
    NIGHT,
    NOON,
    PERSON,
    REFILL,
    Call,
    House,
    accept,
    call,
    hang_up,
    met,
    rung,
    tasks,
    with_ladder,
)

SOMEBODY = Person(
    "p1", "Rosalind", "Thimblewick", None, CALLER, contact_channel="sms", clinician="mei_tan", state="NY"
)

# -- rule 5 ----------------------------------------------------------------------------------------------------------


def test_rule_05_a_hang_up_leaves_a_task_that_is_due_now_and_a_ladder_that_climbs() -> None:
    made = call(DANGER)
    hang_up(made)
    [task] = tasks(made, "handoff")
    assert (task.route, task.due, dict(task.details)) == ("person_now", NOON, {"phone": CALLER})
    made.house.pass_time(600)
    assert len(rung(made)) > 10


@pytest.mark.parametrize("late", [False, True])
def test_rule_05_cri_13_violence_at_home_said_at_any_point_means_that_nothing_goes_out(late: bool) -> None:
    house = House()
    with house.store.transaction("demo") as tx:
        tx.people.add(SOMEBODY)
        tx.outbox.add(Message("m1", "sms", CALLER, "sms.waitlisted", (), "en", NOON, person="p1"))
    made = house.call()
    made.say(DANGER if late else HOME)
    if late:
        made.say(HOME)
    with house.store.transaction("demo") as tx:
        message = tx.outbox.get("m1")
    assert message is not None and message.status == "cancelled"
    [task] = tasks(made, "handoff")
    assert ("do_not_call_back", "true") in task.details
    met(made)
    house.pass_time(24 * 3600)
    assert house.messenger.texts == {}


@pytest.mark.parametrize(
    "said",
    [
        [
            "si llamo y cuelgo es q entro el. no me devuelvan la llamada, me quita el celular y se pone como loco"
        ],
        ["cant talk he's in the next room. if i write wrong number that means he has my phone"],
        ["last week he broke two of my fingers, please don't call me back"],
        [DANGER, "please don't call me back"],
        [DANGER, "él me revisa el celular"],
        ["he reads my texts", DANGER],
    ],
)
def test_rule_05_who_must_not_be_called_back_or_is_overheard_in_a_crisis_gets_nothing_either(
    said: list[str],
) -> None:
    house = House()
    with house.store.transaction("demo") as tx:
        tx.people.add(SOMEBODY)
        tx.outbox.add(Message("m1", "sms", CALLER, "sms.waitlisted", (), "en", NOON, person="p1"))
    made = house.call("sms")
    for words in said:
        made.say(words)
    assert made.state.quiet and not card_of(made).call_back
    with house.store.transaction("demo") as tx:
        message = tx.outbox.get("m1")
    assert message is not None and message.status == "cancelled"


def test_rule_05_who_asks_not_to_be_called_back_outside_of_a_crisis_hears_from_us_all_the_same() -> None:
    made = call("please don't call me back, just text me the address")
    assert not made.state.quiet


def test_rule_05_a_reminder_that_was_promised_before_stays_away_as_well() -> None:
    made = booked()
    texted = len(made.house.messenger.texts)
    other = made.house.call()
    other.say(HOME)
    met(other)
    made.house.pass_time(40 * 24 * 3600)
    assert len(made.house.messenger.texts) == texted


def test_rule_05_the_same_number_within_two_hours_goes_straight_to_the_ladder() -> None:
    first = call(DANGER)
    hang_up(first)
    first.house.pass_time(300)
    rings = len(first.house.pager.rings)
    again = first.house.call()
    assert of_kind(again.bodies, Opened)[0].again
    assert phrases(again.replies[0])[-1] == "handoff.crisis.again"
    first.house.pass_time(1)
    assert any(ring.contact == again.contact for ring in first.house.pager.rings[rings:])


def test_rule_05_whoever_was_met_or_calls_much_later_is_greeted_as_anybody() -> None:
    first = call(DANGER)
    met(first)
    assert not of_kind(first.house.call().bodies, Opened)[0].again
    late = call(DANGER)
    hang_up(late)
    late.house.clock.move_to(NOON + timedelta(hours=2, seconds=5))
    assert not of_kind(late.house.call().bodies, Opened)[0].again


def test_rule_05_whoever_only_wanted_a_person_and_calls_again_is_greeted_as_anybody() -> None:
    made = call(PERSON)
    made.house.pass_time(1)
    accept(made)
    hang_up(made)
    made.house.pass_time(CALLING_BACK.total_seconds() + 5)
    assert [task.route for task in tasks(made, "handoff")] == ["person_now"]
    assert not of_kind(made.house.call().bodies, Opened)[0].again


def test_rule_05_of_a_withheld_number_the_task_says_so() -> None:
    made = House().call("voice", address=None)
    made.say(DANGER)
    [task] = tasks(made, "handoff")
    assert dict(task.details) == {"number": "withheld"}


# -- rule 6 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [DANGER, "the new medication is making me dizzy", REFILL])
def test_rule_06_what_was_said_is_in_no_task_ring_or_text(words: str) -> None:
    made = call(words, practice=with_ladder(may_wait=("refill",)))
    made.house.pass_time(120)
    if rung(made):
        met(made)
    made.house.pass_time(26 * 3600)
    left = repr((tasks(made), made.house.pager.rings, made.house.messenger.texts))
    assert not [word for word in words.lower().split() if len(word) > 4 and word in left.lower()]


def test_rule_06_sco_02_a_clinical_message_of_a_signed_kind_waits_word_for_word_with_a_promise_the_same_day() -> (
    None
):
    made = call(REFILL, practice=with_ladder(may_wait=("refill",)))
    assert made.said[-3:] == ["handoff.clinical.queued", "closing.automated", "goodbye.promised"]
    [task] = tasks(made, "clinical")
    assert (task.route, task.contact) == ("clinician", made.contact)
    assert task.due.astimezone(made.house.practice.timezone).date() == NOON.date()
    assert rung(made) == []
    assert REFILL in [body.text for body in of_kind(made.bodies, e.Heard)]


@pytest.mark.parametrize(
    "words",
    [
        "I need a refill, I ran out yesterday",
        "I need a refill and I feel worse",
        "the new medication is making me dizzy",
        "are my lab results back",
        "should I stop taking my lexapro",
    ],
)
def test_rule_06_whatever_is_not_signed_for_the_queue_rings_somebody_alive(words: str) -> None:
    made = call(words, practice=with_ladder(may_wait=("refill",)))
    made.house.pass_time(1)
    assert rung(made) and tasks(made, "clinical") == []


def test_rule_06_a_message_that_waited_rings_as_soon_as_what_is_said_can_wait_no_longer() -> None:
    made = call(REFILL, "sms", practice=with_ladder(may_wait=("refill",)))
    made.say("I ran out of my lexapro two days ago and the pharmacy won't help")
    made.house.pass_time(1)
    assert rung(made) and len(tasks(made, "handoff", "clinical")) == 1


def test_rule_06_a_promise_of_the_queue_that_is_overdue_climbs() -> None:
    made = call(REFILL, practice=with_ladder(may_wait=("refill",)))
    made.house.pass_time(12 * 3600)
    assert rung(made)


# -- rule 7 ----------------------------------------------------------------------------------------------------------


def card_of(made: Call, reader: str | None = None) -> Card:
    state = made.state
    with made.house.store.transaction("demo") as tx:
        found = card(tx, made.house.practice, Phrasebook.load(), state, (), reader)
    assert found is not None
    return found


def test_rule_07_the_card_has_name_number_language_clinician_three_sentences_and_what_to_dial() -> None:
    house = House()
    with house.store.transaction("demo") as tx:
        tx.people.add(dataclasses.replace(SOMEBODY, date_of_birth=NOON.date().replace(year=1985)))
    made = house.call()
    for words in ("when is my appointment?", "Rosalind Thimblewick", "December first 1985", DANGER):
        made.say(words)
    found = card_of(made)
    assert (found.name, found.number, found.language) == ("Rosalind Thimblewick", CALLER, "en")
    assert (found.treating, found.emergency, len(found.sentences)) == ("Mei Tan", "911", 3)
    assert found.call_back


def test_rule_07_the_address_is_under_glass_and_every_look_stands_in_the_ledger() -> None:
    made = call(DANGER)
    state = made.state
    with made.house.store.transaction("demo") as tx:
        seen = break_glass(tx, made.house.practice, state, by="Dana", why="help", now=NOON)
        noted = [entry for entry in tx.ledger.entries(0, 1000) if entry.what == "glass_broken"]
    assert seen == UnderGlass(None, CALLER, "911")
    assert [(entry.who, entry.about, entry.why) for entry in noted] == [
        ("Dana", f"contact/{made.contact}", "to say where help is needed")
    ]


def test_rule_07_where_they_live_brings_the_ten_digits_that_reach_help_there() -> None:
    house = House()
    at_home = dataclasses.replace(
        SOMEBODY,
        date_of_birth=date(1985, 12, 1),
        address="5 Dock Street, Brooklyn, NY 11201",
        pronouns="they",
    )
    with house.store.transaction("demo") as tx:
        tx.people.add(at_home)
    made = house.call()
    for words in ("when is my appointment?", "Rosalind Thimblewick", "December first 1985", DANGER):
        made.say(words)
    house.pass_time(1)
    assert card_of(made, "Dana").there is None
    accept(made, "Dana")
    found, state = card_of(made, "Dana"), made.state
    with house.store.transaction("demo") as tx:
        seen = under_glass(tx, house.practice, state)
    assert seen.there is not None and found.there == seen.there.phone == "+17185550190"
    assert (seen.address, found.pronouns) == (at_home.address, "they")
    assert "Dock Street" not in repr(found) and "Brooklyn" not in repr(found)
    assert card_of(made, "Sam").there is None and card_of(made).there is None
    made.note(e.HandoffClosed("Dana", "handled"))
    assert card_of(made, "Dana").there is None


def test_rule_07_the_address_is_for_whoever_has_the_hand_over_and_for_owners_and_clinicians() -> None:
    made = call(DANGER)
    made.house.pass_time(1)
    accept(made, "Dana")
    state = made.state
    looks = {
        (name, role): may_look(state, Account("a1", name, (role,), NOON, "link"))
        for name in ("Dana", "Sam")
        for role in ROLES
    }
    assert all(looks["Dana", role] for role in ROLES)
    assert {role for role in ROLES if looks["Sam", role]} == {"owner", "clinician"}
    made.note(e.HandoffClosed("Dana", "handled"))
    assert not may_look(made.state, Account("a1", "Dana", ("desk",), NOON, "link"))


def test_rule_07_the_card_says_who_was_rung_whether_they_are_licensed_and_what_came_of_it() -> None:
    made = call(DANGER)
    made.house.pass_time(1)
    made.house.desk.handoffs.answered("demo", made.contact, 0, "front_desk", "Sam", "declined")
    made.house.pass_time(25)
    accept(made, "Dana")
    state = made.state
    with made.house.store.transaction("demo") as tx:
        found = card(tx, made.house.practice, Phrasebook.load(), state, tx.log.read(made.contact))
    assert found is not None
    assert found.rang == (
        Rang("Front desk", False, "declined"),
        Rang("Office manager", False, "no answer"),
        Rang("Dr. Osei", True, "Dana accepted"),
    )


def test_rule_07_i_need_someone_else_rings_the_next_at_once_and_says_so() -> None:
    made = call(DANGER)
    made.house.pass_time(1)
    accept(made, "Front desk")
    assert made.state.floor == "Front desk"
    assert made.house.desk.handoffs.someone_else("demo", made.contact, "Front desk")
    assert made.state.floor is None and made.said[-1] == "handoff.passed_on"
    made.house.pass_time(1)
    assert rung(made) == ["front_desk", "office_manager"]
    assert not made.house.desk.handoffs.someone_else("demo", made.contact, "Nobody's")


def test_rule_07_the_staff_page_asks_for_someone_else_by_one_act() -> None:
    made = call(DANGER)
    made.house.pass_time(1)
    accept(made, "Dana")
    desk = made.house.desk
    page = SteppingIn(made.house.practice, desk.contacts, desk.handoffs, desk.records, made.house.clock)
    assert page.act("someone-else", made.contact, "Dana")
    made.house.pass_time(1)
    assert made.state.floor is None and rung(made)[-1] == "office_manager"


def test_rule_07_each_rung_says_whether_the_person_is_licensed_and_in_which_language_somebody_waits() -> None:
    made = call("quiero matarme")
    made.house.pass_time(45)
    assert [(ring.rung, ring.licensed) for ring in made.house.pager.rings] == [
        ("front_desk", False),
        ("office_manager", False),
        ("osei", True),
    ]
    assert {ring.locale for ring in made.house.pager.rings} == {"es"}


def test_rule_07_the_treating_clinician_gets_a_task_the_next_morning_although_another_took_the_call() -> None:
    house = House(NIGHT)
    with house.store.transaction("demo") as tx:
        tx.people.add(dataclasses.replace(SOMEBODY, date_of_birth=NOON.date().replace(year=1985)))
    made = house.call()
    for words in ("when is my appointment?", "Rosalind Thimblewick", "December first 1985", DANGER):
        made.say(words)
    met(made)
    assert tasks(made, "follow_up") == []
    house.pass_time(14 * 3600)
    [task] = tasks(made, "follow_up")
    assert ("clinician", "mei_tan") in task.details


# -- rule 8 ----------------------------------------------------------------------------------------------------------

ASSESSED = re.compile(
    r"score|level|sever|risk|acuity|urgen|suicid|self_harm|threat|priority|triage", re.IGNORECASE
)


def test_rule_08_nothing_that_is_kept_shown_or_rung_has_a_place_for_how_bad_or_which_kind() -> None:
    kept = (Ring, Task, Card, UnderGlass, *(body for body in e.Body.__args__))
    names = {field.name for kind in kept for field in dataclasses.fields(kind)}
    assert [name for name in names if ASSESSED.search(name)] == []
    assert [name for name in (*ways.CRISIS, *ways.CLINICAL) if ASSESSED.search(name)] == []


def test_rule_08_a_card_names_a_way_and_never_a_kind() -> None:
    for words in (DANGER, HOME, "I took all my pills", "I'm going to kill him", PERSON):
        assert card_of(call(words)).route in {
            "a person now",
            "medical",
            "safety at home",
            "clinician",
            "desk",
        }


def test_rule_08_what_stands_on_the_board_sorts_by_route_and_time_alone() -> None:
    house = House()
    for words in (PERSON, DANGER, HOME):
        house.call().say(words)
        house.pass_time(1)
    with house.store.transaction("demo") as tx:
        found = tx.tasks.list_open()
    assert [task.route for task in found] == ["person_now", "person_now", "desk"]
    assert [task.due for task in found[:2]] == sorted(task.due for task in found[:2])


# -- rule 9 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["handled", "not_needed"])
def test_rule_09_closing_it_closes_its_task_and_the_agent_goes_on_with_a_neutral_sentence(how: str) -> None:
    made = House().call()
    made.say("I'd like a first appointment")
    made.say(DANGER)
    made.house.pass_time(1)
    accept(made)
    made.note(e.HandoffClosed("Dana", how))  # type: ignore[arg-type]
    assert tasks(made, "handoff") == []
    assert "resume" in made.said
    assert not re.search(r"988|911|danger", " ".join(made.said[made.said.index("resume") :]))


def test_rule_09_what_was_not_needed_is_not_followed_up_and_is_looked_over_even_so() -> None:
    made = call(DANGER)
    met(made, how="not_needed")
    made.house.pass_time(40 * 3600)
    assert [task.kind for task in tasks(made)] == ["review"]


def test_rule_09_that_the_guard_was_wrong_closes_it_feeds_tests_and_leaves_no_mark_on_anybody() -> None:
    house = House()
    with house.store.transaction("demo") as tx:
        tx.people.add(SOMEBODY)
    made = house.call()
    made.say("I'd like a first appointment")
    made.say(DANGER)
    desk = house.desk
    page = SteppingIn(house.practice, desk.contacts, desk.handoffs, desk.records, house.clock)
    for _ in range(2):
        assert page.act("false-alarm", made.contact, "Dana")
    assert tasks(made, "handoff") == [] and "resume" in made.said
    verdict = next(body for body in of_kind(made.bodies, e.Guarded) if body.verdict == "crisis")
    with house.store.transaction("demo") as tx:
        [fact] = tx.facts.standing("guard_wrong")
        assert told(tx) == (Wrong(" ".join(verdict.because), "en", "voice", 1),)
        assert tx.people.get("p1") == SOMEBODY
    heard = [str(body.heard) for body in of_kind(made.bodies, e.Guarded)]
    assert fact.id not in {stable_id("guard_wrong", made.contact, each) for each in heard}
    assert (fact.person, fact.about) == (None, "guard")
    told_of = repr((dataclasses.replace(fact, id="drawn by chance: any two signs"), fact.details))
    assert not [word for word in (made.contact, CALLER, "p1", DANGER) if word in told_of]


def test_rule_09_of_what_the_guard_did_not_hear_nothing_is_told() -> None:
    made = call("what are your hours?")
    with made.house.store.transaction("demo") as tx:
        assert not guard_wrong.tell(tx, made.contact, by="Dana", now=NOON)
        assert told(tx) == ()


def test_rule_09_a_slot_in_progress_is_held_until_noon_of_the_next_business_day() -> None:
    made = House().call()
    for words in ("I'd like a first appointment", "Thursday afternoon in person", "the first one"):
        made.say(words)
    made.say(DANGER)
    with made.house.store.transaction("demo") as tx:
        held = tx.schedule.held(made.contact)
    assert held is not None
    assert held[1] == noon_next_business_day(made.house.practice, NOON)


@pytest.mark.parametrize("channel", ["voice", "sms"])
def test_rule_09_an_unkept_promise_of_a_call_back_climbs_until_somebody_has_it(channel: Channel) -> None:
    made = call(PERSON, channel)
    made.house.pass_time(120)
    hang_up(made)
    climbed = len(rung(made))
    [task] = tasks(made, "handoff")
    made.house.pass_time((task.due - made.house.clock.now() + timedelta(minutes=2)).total_seconds())
    assert len(rung(made)) > climbed


def test_rule_09_a_task_that_somebody_has_done_on_the_board_rings_nobody_any_more() -> None:
    made = call(PERSON)
    made.house.pass_time(120)
    hang_up(made)
    [task] = tasks(made, "handoff")
    with made.house.store.transaction("demo") as tx:
        tx.tasks.close(task.id, "Dana")
    climbed = len(rung(made))
    made.house.pass_time(4 * 24 * 3600)
    assert len(rung(made)) == climbed
    closed = of_kind(made.bodies, e.HandoffClosed)
    assert [(body.by, body.how) for body in closed] == [("Dana", "handled")]
