"""What an EAP granted counts down by the visits that took place; somebody asks it how it goes on before the last; and
whoever asks how many are left hears a true sentence."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.conversation.events import Said
from lamplighter.conversation.slots import Slot
from lamplighter.desk import eap, eap_watch, missed
from lamplighter.desk.eap import Counted, Grant, Use
from lamplighter.desk.ports import Person, Visit
from lamplighter.practice.authorizing import EapProgram
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from tests.desk.eligibility.scene import ANNA, AT
from tests.promises.desks import Call, House, of_kind

FIRST = date(2026, 12, 1)
LANTERN = EapProgram("lantern_eap", "Lantern EAP")
NO_INSURER = replace(ANNA, insurer=None, member_id=None, subscriber=None)


class Scene:
    def __init__(self, program: EapProgram = LANTERN, person: Person = NO_INSURER) -> None:
        sample = load_sample()
        self.practice = replace(sample, authorizations=replace(sample.authorizations, eaps=(program,)))
        self.house = House(AT, practice=self.practice)
        with self.tx() as tx:
            tx.people.add(person)

    def tx(self):  # type: ignore[no-untyped-def]
        return self.house.store.transaction(self.practice.id)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def granted(self, sessions: int | None, last: date | None = None, first: date = FIRST) -> Grant:
        with self.tx() as tx:
            found = eap.keep(tx, ANNA.id, LANTERN.id, sessions, first, last, "", by="Sam", now=self.now)
            eap_watch.plan(tx, ANNA.id, self.now)
        self.house.pass_time(1)
        return found

    def book(self, days: float) -> Visit:
        slot = Slot(AT + timedelta(days=days), 45, "amara_osei", Modality.TELEHEALTH, "follow_up")
        with self.tx() as tx:
            visit = tx.schedule.book(f"v{days}", slot, [ANNA.id], "test", self.now, "booked")
        assert visit is not None
        return visit

    def look(self) -> None:
        with self.tx() as tx:
            found = eap.running(eap.counted(tx, self.practice, ANNA.id, self.now), self.now.date())
            eap_watch.see_to(tx, self.practice, ANNA.id, found, self.now)

    def past(self, days: float) -> None:
        self.house.pass_time(timedelta(days=days).total_seconds())

    def counted(self) -> tuple[Counted, ...]:
        with self.tx() as tx:
            return eap.counted(tx, self.practice, ANNA.id, self.now)

    @property
    def left(self) -> int | None:
        [one] = self.counted()
        return one.left

    def tasks(self) -> list[tuple[str, str]]:
        with self.tx() as tx:
            told = [dict(each.details) for each in tx.tasks.list_open() if each.kind == "authorization"]
        return [(each["about"], each.get("granted", "")) for each in told]

    def asks(self, words: str = "how many visits do I have left") -> Call:
        call = self.house.call("voice", ANNA.phone)
        call.say(words)
        call.say("Anna Lindqvist, april 12 1988")
        return call


def test_each_visit_that_took_place_counts_one_down_and_a_visit_put_right_counts_right() -> None:
    scene = Scene()
    scene.granted(6)
    visits = [scene.book(each) for each in (1, 2, 3, 4)]
    assert scene.left == 6
    with scene.tx() as tx:
        tx.schedule.set_status(visits[1].id, "cancelled")
    scene.past(5)
    with scene.tx() as tx:
        missed.mark(tx, scene.practice, visits[2].id, by="Sam", now=scene.now)
    assert scene.left == 4
    with scene.tx() as tx:
        missed.undo(tx, scene.practice, visits[2].id, by="Sam", now=scene.now)
    assert scene.left == 3


def test_a_missed_and_a_late_cancelled_visit_count_where_the_program_counts_them() -> None:
    scene = Scene(replace(LANTERN, counts=("missed", "cancelled_late")))
    scene.granted(6)
    away, late = scene.book(1), scene.book(1.9)
    call = scene.house.call("voice", ANNA.phone)
    scene.past(1.5)
    with scene.tx() as tx:
        missed.mark(tx, scene.practice, away.id, by="Sam", now=scene.now)
    call = scene.house.call("voice", ANNA.phone)
    for said in ("I need to cancel my appointment", "Anna Lindqvist, april 12 1988", "yes", "yes", "yes"):
        call.say(said)
    with scene.tx() as tx:
        visit = tx.schedule.visit(late.id)
        assert visit is not None and visit.status == "cancelled"
    assert scene.left == 4
    assert eap.count(scene.practice, [each.grant for each in scene.counted()], [], (LANTERN,))[0].left == 6


def test_somebody_asks_how_it_goes_on_before_the_last_visit_and_once() -> None:
    scene = Scene()
    for each in (2, 9, 16):
        scene.book(each)
    scene.granted(3)
    assert scene.tasks() == []
    scene.past(9.5)  # two have taken place, the last is a week away
    assert scene.tasks() == [("eap_last", "3")]
    scene.past(3)
    assert scene.tasks() == [("eap_last", "3")]
    scene.granted(4, first=FIRST)
    assert scene.tasks() == []
    assert eap.left_of(scene.counted()) == (5, 7)


def test_what_is_gone_beyond_or_unknown_is_a_task_too_and_goes_when_the_grant_is_taken_back() -> None:
    scene = Scene()
    grant = scene.granted(1)
    scene.book(1), scene.book(3)
    scene.past(2)
    assert scene.tasks() == [("eap_over", "1")]
    with scene.tx() as tx:
        assert eap.take_back(tx, ANNA.id, grant.id, by="Sam", now=scene.now)
        eap_watch.plan(tx, ANNA.id, scene.now)
    scene.house.pass_time(1)
    assert scene.tasks() == []
    scene.granted(None)
    assert scene.tasks() == [("eap_unknown", "")] and scene.left is None


def test_what_was_not_so_any_more_is_asked_again_once_it_is_so_and_never_after_a_biller_has_seen_to_it() -> (
    None
):
    scene = Scene()
    scene.granted(2)
    scene.book(3)
    for again in range(2):  # the last one is cancelled, and booked again
        second = scene.book(5 + again)
        scene.look()
        assert scene.tasks() == [("eap_last", "2")]
        with scene.tx() as tx:
            tx.schedule.set_status(second.id, "cancelled")
        scene.look()
        assert scene.tasks() == []
    second = scene.book(4)
    scene.look()
    with scene.tx() as tx:
        [task] = [each for each in tx.tasks.list_open() if each.kind == "authorization"]
        tx.tasks.close(task.id, "Dana")
        tx.schedule.set_status(second.id, "cancelled")
    scene.look()
    scene.book(5.5)
    scene.look()
    assert scene.tasks() == []


@pytest.mark.parametrize("words", ["how many visits do I have left", "how many EAP sessions do I have left"])
def test_whoever_asks_hears_our_count_and_who_has_the_last_word(words: str) -> None:
    scene = Scene()
    scene.granted(6, date(2027, 3, 31))
    scene.book(1)
    scene.past(2)
    call = scene.asks(words)
    [said] = [each for each in of_kind(call.bodies, Said) if each.phrase == "eap.left"]
    assert dict(said.args) == {"left": "5", "granted": "6", "day": "2027-03-31"}


def test_what_nobody_has_said_is_untold_and_a_biller_calls() -> None:
    scene = Scene()
    assert "eap.untold" in scene.asks("how many EAP sessions do I have left").said
    with scene.tx() as tx:
        assert [(each.kind, each.route) for each in tx.tasks.list_open()] == [("billing", "biller")]
    scene = Scene()
    scene.granted(None)
    assert "eap.untold" in scene.asks().said


def test_from_another_number_nobody_hears_of_it() -> None:
    scene = Scene()
    scene.granted(6)
    call = scene.house.call("voice", "+12125550199")
    call.say("how many EAP sessions do I have left")
    call.say("Anna Lindqvist, april 12 1988")
    call.say("I don't have it")
    assert not any(each.startswith("eap.") for each in call.said)


DAYS = st.integers(0, 60)
GRANTS = st.lists(
    st.tuples(DAYS, st.one_of(st.none(), DAYS), st.one_of(st.none(), st.integers(1, 6))), max_size=4
)


@given(GRANTS, st.lists(DAYS, max_size=20))
def test_every_visit_counts_once_and_never_beyond_what_was_granted(
    made: list[tuple[int, int | None, int | None]], days: list[int]
) -> None:
    found = [
        Grant(
            str(place),
            "p",
            LANTERN.id,
            sessions,
            FIRST + timedelta(days=first),
            None if long is None else FIRST + timedelta(days=first + long),
            AT,
            "Sam",
        )
        for place, (first, long, sessions) in enumerate(made)
    ]
    uses = [Use(AT + timedelta(days=day), "follow_up") for day in days]
    counted = eap.count(load_sample(), found, uses, (LANTERN,))
    today = [AT.date() + timedelta(days=day) for day in days]
    covered = sum(any(each.covers(day) for each in found) for day in today)
    assert sum(each.used + each.over for each in counted) == covered
    assert all(each.left is None or each.used + each.left == each.grant.sessions for each in counted)
