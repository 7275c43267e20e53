"""After a missed visit: the clinician is told, and by the practice's rule one kind word goes, never two."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import files
from lamplighter.conversation.slots import Slot
from lamplighter.desk import missed, opting_out, preferences, stopping
from lamplighter.desk.ports import Job, Message, Series, Task
from lamplighter.desk.preferences import Preferences
from lamplighter.practice.model import Modality, Reminders
from lamplighter.practice.sample import load_sample
from tests.desk.gate.threads import NUMBER, VISIT_AT, WHO, Thread
from tests.desk.links.scene import Linked, Telephone, token_in
from tests.promises.desks import House

ASKS = replace(load_sample(), reminders=Reminders(after_missed="one_message", after_missed_hours=3))
SOON = timedelta(hours=2)
MEI = ("mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")


@dataclass
class Missed:
    """Somebody who did not come, as of two hours after the visit's beginning."""

    house: House

    def books(self, name: str, start: datetime) -> None:
        with self.house.store.transaction("demo") as tx:
            assert tx.schedule.book(
                name, Slot(start, 50, *MEI), ["p1"], "c0", self.house.clock.now(), "booked"
            )

    def marks(self, name: str = "v1") -> bool:
        with self.house.store.transaction("demo") as tx:
            done = missed.mark(tx, self.house.practice, name, by="Kit Marlow", now=self.house.clock.now())
        return done is not None

    def undoes(self, name: str = "v1") -> bool:
        with self.house.store.transaction("demo") as tx:
            return missed.undo(tx, self.house.practice, name, by="Kit Marlow", now=self.house.clock.now())

    def goes_to(self, moment: datetime) -> None:
        self.house.pass_time((moment - self.house.clock.now()).total_seconds())

    def status(self, name: str = "v1") -> str:
        with self.house.store.transaction("demo") as tx:
            visit = tx.schedule.visit(name)
        assert visit is not None
        return str(visit.status)

    def asked(self) -> list[Message]:
        """What went out about it."""
        with self.house.store.transaction("demo") as tx:
            messages = tx.outbox.recent(1000)
        return [each for each in messages if each.phrase.startswith("sms.missed") and each.status == "sent"]

    def tasks(self) -> list[Task]:
        with self.house.store.transaction("demo") as tx:
            return [task for task in tx.tasks.list_open() if task.kind == "missed_visit"]


def scene(practice: Any = ASKS, *, house: House | None = None, **person: Any) -> Missed:
    house = house or House(VISIT_AT - timedelta(days=1), practice=practice)
    with house.store.transaction("demo") as tx:
        tx.people.add(replace(WHO, **person))
    who = Missed(house)
    who.books("v1", VISIT_AT)
    who.goes_to(VISIT_AT + SOON)
    return who


def test_a_missed_visit_is_told_to_the_clinician_and_asked_about_once_when_the_practice_says() -> None:
    who = scene()
    assert who.marks() and who.status() == "missed"
    [task] = who.tasks()
    assert (task.route, task.person) == ("clinician", "p1")
    assert who.asked() == []
    who.goes_to(VISIT_AT + timedelta(days=6))
    [message] = who.asked()
    assert message.to == NUMBER and message.moved_at is not None
    assert message.moved_at - (VISIT_AT + SOON) == timedelta(hours=3)
    assert "missed" not in who.house.messenger.texts[message.id].text.casefold()


def test_a_practice_that_has_said_nothing_of_it_sends_nothing_and_still_tells_the_clinician() -> None:
    who = scene(load_sample())
    assert who.marks() and who.tasks()
    who.goes_to(VISIT_AT + timedelta(days=6))
    assert who.asked() == []


def test_only_a_visit_that_has_begun_and_stands_can_be_marked_and_only_once() -> None:
    who = scene()
    who.books("later", VISIT_AT + timedelta(days=1))
    assert not who.marks("later") and not who.marks("nothing")
    assert who.marks() and not who.marks()
    assert len(who.tasks()) == 1
    who.goes_to(VISIT_AT + timedelta(days=16))
    who.books("v3", VISIT_AT + timedelta(days=1, hours=1))
    assert not who.marks("v3"), "two weeks later nobody remembers"


@pytest.mark.parametrize("hours", [0, 2])
def test_undoing_it_brings_the_visit_back_and_nothing_goes(hours: int) -> None:
    who = scene()
    who.marks()
    who.goes_to(VISIT_AT + SOON + timedelta(hours=hours))
    assert who.undoes() and who.status() == "booked" and not who.undoes()
    assert who.tasks() == []
    who.goes_to(VISIT_AT + timedelta(days=6))
    assert who.asked() == []


def test_what_waits_for_the_morning_does_not_go_once_it_was_undone() -> None:
    evening = replace(ASKS, reminders=replace(ASKS.reminders, after_missed_hours=9))
    who = scene(evening)
    who.marks()
    who.goes_to(VISIT_AT + timedelta(hours=12))
    with who.house.store.transaction("demo") as tx:
        assert [each.why for each in tx.outbox.recent() if each.phrase.startswith("sms.missed")] == [
            "quiet_hours"
        ]
    who.undoes()
    who.goes_to(VISIT_AT + timedelta(days=3))
    assert who.asked() == []


def stop(what: Any) -> Any:
    return lambda tx, now: stopping.stop(tx, "p1", what, by="Kit Marlow", now=now)


NOT_TO_THEM = {
    "deceased": stop("deceased"),
    "in hospital": stop("in_hospital"),
    "discharged": stop("discharged"),
    "held by a clinician": stop("clinician_hold"),
    "in a crisis": lambda tx, now: tx.tasks.add(Task("t", "handoff", "person_now", now, person="p1")),
    "wants no texts": lambda tx, now: opting_out.opt_out(tx, NUMBER, words="stop", contact="c", now=now),
    "wants no reminders": lambda tx, now: opting_out.opt_out(
        tx, NUMBER, words="stop", contact="c", now=now, of="reminders"
    ),
    "is not to be contacted": lambda tx, now: preferences.state(
        tx, "p1", Preferences(do_not_contact=True), by="Kit", now=now
    ),
    "is reached by call": lambda tx, now: preferences.state(
        tx, "p1", Preferences(channels=("voice",)), by="Kit", now=now
    ),
    "is by a person only": lambda tx, now: tx.people.update(replace(WHO, by_person_only=True)),
    "has no number": lambda tx, now: tx.people.update(replace(WHO, phone=None)),
    "has a visit ahead": lambda tx, now: tx.schedule.book(
        "v2", Slot(VISIT_AT + timedelta(days=7), 50, *MEI), ["p1"], "c0", now, "booked"
    ),
}


@pytest.mark.parametrize("who_is", NOT_TO_THEM)
@pytest.mark.parametrize("when", ["before it is marked", "before it would go"])
def test_nobody_is_asked_who_wants_none_or_whom_a_person_has_to_see_to(who_is: str, when: str) -> None:
    who = scene()
    if when == "before it would go":
        who.marks()
        who.goes_to(VISIT_AT + SOON + timedelta(hours=1))
    with who.house.store.transaction("demo") as tx:
        NOT_TO_THEM[who_is](tx, who.house.clock.now())
    if when == "before it is marked":
        assert who.marks()
    assert who.tasks(), "the clinician is told all the same"
    who.goes_to(VISIT_AT + timedelta(days=6))
    assert who.asked() == []


def test_a_crisis_that_is_closed_later_brings_no_message_after_all() -> None:
    who = scene()
    with who.house.store.transaction("demo") as tx:
        tx.tasks.add(Task("t", "handoff", "person_now", who.house.clock.now(), person="p1"))
    who.marks()
    who.goes_to(VISIT_AT + timedelta(days=1))
    with who.house.store.transaction("demo") as tx:
        tx.tasks.close("t", "Kit Marlow")
    who.goes_to(VISIT_AT + timedelta(days=6))
    assert who.asked() == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(["missed", "kept", "missed and undone", "missed twice"]), min_size=2, max_size=5)
)
def test_never_two_for_one_visit_and_never_two_without_a_kept_visit_between(course: list[str]) -> None:
    house = House(VISIT_AT - timedelta(days=1), practice=ASKS)
    with house.store.transaction("demo") as tx:
        tx.people.add(WHO)
    who, expected, may = Missed(house), [], True
    for week, what in enumerate(course):
        name, start = f"v{week}", VISIT_AT + timedelta(weeks=week)
        who.books(name, start)
        who.goes_to(start + SOON)
        if what != "kept":
            assert who.marks(name)
        if what == "missed and undone":
            assert who.undoes(name)
        if what == "missed twice":
            who.undoes(name)
            who.goes_to(start + SOON + timedelta(minutes=1))
            assert who.marks(name)
        who.goes_to(start + timedelta(days=5))
        if what in ("missed", "missed twice"):
            expected += [name] if may else []
            may = False
        else:
            may = True
    assert sorted(str(message.visit) for message in who.asked()) == expected


def test_a_visit_of_a_series_is_marked_by_itself_and_the_series_goes_on() -> None:
    house = House(VISIT_AT - timedelta(days=1), practice=ASKS)
    with house.store.transaction("demo") as tx:
        tx.people.add(WHO)
        tx.schedule.add_series(Series("s1", Slot(VISIT_AT, 50, *MEI), 1, ("p1",), "America/New_York"))
    who = Missed(house)
    who.goes_to(VISIT_AT + SOON)
    day = VISIT_AT.date().isoformat()
    assert who.marks(f"s1@{day}") and who.tasks()
    with house.store.transaction("demo") as tx:
        visits = tx.schedule.visits_of("p1", VISIT_AT)
    assert [visit.status for visit in visits[:2]] == ["missed", "booked"]
    assert who.undoes(visits[0].id)
    who.goes_to(VISIT_AT + timedelta(days=6))
    assert who.asked() == []


@pytest.mark.parametrize("words", ["R", "yes", "Yes, please", "ok", "another time please", "sí, por favor"])
def test_a_yes_or_r_finds_times_and_choosing_one_books_it(words: str) -> None:
    who = scene()
    who.marks()
    who.goes_to(VISIT_AT + timedelta(hours=6))
    thread = Thread(who.house)
    said = thread.writes(words)
    assert any(phrase.startswith("offer.plain") for phrase in said), said
    offer = thread.state.offer
    assert offer is not None and offer.slots[0].clinician == "mei_tan"
    assert "moved.plain" in thread.writes("the first one")
    with who.house.store.transaction("demo") as tx:
        [visit] = tx.schedule.visits_of("p1", who.house.clock.now())
        assert [m.phrase for m in tx.outbox.recent() if m.visit == visit.id] == ["sms.confirmation"]
    assert visit.slot.start == offer.slots[0].start and visit.status == "booked"
    assert who.status() == "missed", "what was missed stays as it was"


@pytest.mark.parametrize("words", ["no", "No thanks", "not now", "I can't make it anymore", "no gracias"])
def test_a_no_is_fine_and_asks_nothing_more(words: str) -> None:
    who = scene()
    who.marks()
    who.goes_to(VISIT_AT + timedelta(hours=6))
    thread = Thread(who.house)
    assert thread.writes(words)[-1] == "sms.missed.fine"
    who.goes_to(VISIT_AT + timedelta(days=6))
    assert thread.state.ended and len(who.asked()) == 1


@pytest.mark.parametrize(
    "words", ["Yes but only on Fridays", "sure, a Friday", "I need a new appointment, on a Friday"]
)
def test_a_yes_with_a_wish_finds_times_by_the_wish(words: str) -> None:
    who = scene()
    who.marks()
    who.goes_to(VISIT_AT + timedelta(hours=6))
    thread = Thread(who.house)
    assert any(phrase.startswith("offer.plain") for phrase in thread.writes(words))
    offer = thread.state.offer
    assert offer is not None
    zone = who.house.practice.timezone
    assert {slot.start.astimezone(zone).weekday() for slot in offer.slots} == {4}


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("what are your hours?", "answer.hours"),
        ("I'd rather talk to a person", "handoff.human.text"),
        ("STOP", "sms.stopped"),
        ("who is this?", "answer.who_are_you"),
    ],
)
def test_whatever_else_they_write_is_understood_like_any_other_text(words: str, phrase: str) -> None:
    who = scene()
    who.marks()
    who.goes_to(VISIT_AT + timedelta(hours=6))
    assert phrase in Thread(who.house).writes(words)


def test_the_link_in_it_books_a_new_time_and_shows_nothing_of_the_old_one() -> None:
    who = scene(house=Linked(VISIT_AT - timedelta(days=1), practice=ASKS))
    who.marks()
    who.goes_to(VISIT_AT + timedelta(hours=6))
    assert [message.phrase for message in who.asked()] == ["sms.missed.link"]
    assert isinstance(who.house, Linked)
    phone = Telephone(who.house, token_in(who.house))
    first = phone.looks()
    assert (first.step, first.purpose, first.start) == ("first", "missed", None)
    assert phone.does("confirm").step == "first" and phone.does("cancel_sure").step == "first"
    assert phone.chooses(phone.does("times")).step == "moved"
    with who.house.store.transaction("demo") as tx:
        assert len(tx.schedule.visits_of("p1", who.house.clock.now())) == 1
    assert who.status() == "missed" and phone.looks().step == "over"


def test_a_job_that_runs_again_asks_nothing_again() -> None:
    who = scene()
    who.marks()
    who.goes_to(VISIT_AT + timedelta(hours=6))
    with who.house.store.transaction("demo") as tx:
        [fact] = tx.facts.standing("visit_missed")
    again = missed.AskingAfter(who.house.store, {"demo": ASKS}, who.house.clock)
    again.run("demo", Job("again", missed.JOB, VISIT_AT, (("visit", "v1"), ("marked", fact.id))))
    who.goes_to(VISIT_AT + timedelta(days=6))
    assert len(who.asked()) == 1


def test_nothing_goes_in_words_that_the_practice_has_not_signed() -> None:
    who = scene()
    who.marks()
    with who.house.store.transaction("demo") as tx:
        [fact] = tx.facts.standing("visit_missed")
    older = files()["en"].decode().replace("  sms.missed:", "  sms.not_yet:")
    books = {"demo": Phrasebook.of({"en": older.encode()})}
    job = Job("now", missed.JOB, VISIT_AT, (("visit", "v1"), ("marked", fact.id)))
    missed.AskingAfter(who.house.store, {"demo": ASKS}, who.house.clock, books).run("demo", job)
    with who.house.store.transaction("demo") as tx:
        assert not tx.outbox.recent() and not tx.facts.standing("missed_asked")
