"""Rule 24: from when a clinician takes a plan, and whom they must not see, wherever a time is offered or booked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lamplighter.conversation.actions import (
    Book,
    Done,
    FindSlots,
    Held,
    Hold,
    Move,
    Participant,
    Slots,
    Taken,
)
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.wish import Window, Wish
from lamplighter.desk import apart, doing
from lamplighter.desk.ports import Person, Series
from lamplighter.practice.credentialing import Credentialing
from lamplighter.practice.model import Modality, Practice
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.result import Result
from lamplighter.rehearsal.run import rehearse
from lamplighter.wiring.stage import MemoryStage
from tests.promises.desks import CALLER, Call, House
from tests.promises.once.test_once import errand
from tests.rehearsal.callers import scenario

OSEI, ORTEGA = "amara_osei", "luis_ortega"
VERA = Person("p1", "Vera", "Lindqvist", date(1985, 3, 3), CALLER, insurer="aetna", contact_channel="sms")
NAMED = {"first_name": "Vera", "last_name": "Lindqvist", "born": "1985-03-03"}
SAID = (
    ("date_of_birth", "1985-03-03"),
    ("first_name", "vera"),
    ("last_name", "LINDQVIST"),
    ("phone", CALLER),
)
TUESDAY = datetime(2026, 12, 8, 15, tzinfo=UTC)
BEGINS = date(2026, 12, 14)


def dated(**dates: date) -> Practice:
    """Dr. Osei takes Aetna between these days."""
    practice = load_sample()
    theirs = (Credentialing("aetna", **dates),)
    return replace(
        practice,
        clinicians=tuple(
            replace(each, credentialing=theirs) if each.id == OSEI else each for each in practice.clinicians
        ),
    )


def with_osei(at: datetime = TUESDAY, kind: str = "follow_up") -> Slot:
    return Slot(at, 45, OSEI, Modality.IN_PERSON, kind, "harbor_lane")


def kept_apart(house: House, person: Person | None = None, **named: str) -> None:
    with house.store.transaction("demo") as tx:
        if person is None:
            apart.keep_named(tx, **named, clinician=OSEI, by="a1", now=house.clock.now())
        else:
            tx.people.add(person)
            apart.keep(tx, person, OSEI, by="a1", now=house.clock.now())


def asked(house: House, call: Call, *requests: object) -> list[object]:
    with house.store.transaction("demo") as tx:
        at_hand = replace(errand(tx, call.contact), practice=house.practice)
        return [doing.answer(at_hand, each) for each in requests]


# -- what callers hear -------------------------------------------------------------------------------------------------


EN = """
opens: "hi i'd like a first appointment{wish}"
caller_id: "+12125550143"
knows:
  new_patient: "yes i'm new"
  first_name: "it's maya"
  last_name: "okafor o k a f o r"
  date_of_birth: "march fourth nineteen ninety"
  phone: "this number"
  state: "new york"
  modality: "in person"
  clinician: "anyone"
  availability: "{when}"
  insurance: "aetna"
  member_id: "W123456789"
  subscriber: "it's mine"
  contact_channel: "you can text me"
  choice: "the first one"
  confirm: "yes that's right"
"""
ES = """
opens: "hola quisiera una primera cita{wish}"
caller_id: "+12125550143"
knows:
  new_patient: "sí, es la primera vez"
  first_name: "Maya"
  last_name: "Okafor"
  date_of_birth: "4 de marzo de 1990"
  phone: "este número"
  state: "Nueva York"
  modality: "en persona"
  clinician: "cualquiera"
  availability: "{when}"
  insurance: "Aetna"
  member_id: "W123456789"
  subscriber: "es mío"
  contact_channel: "por mensaje de texto"
  choice: "la primera"
  confirm: "sí, está bien"
"""


def played(words: str, practice: Practice, wish: str, when: str) -> tuple[Result, str]:
    locale, channel = ("es", "sms") if words is ES else ("en", "voice")
    head = f"\n- id: one\n  locale: {locale}\n  channel: {channel}\n  at: 2026-12-01T10:10:00-05:00\n"
    result = rehearse(scenario(words.format(wish=wish, when=when), head), practice, MemoryStage())
    assert result.outcome == "booked" and result.appointment is not None
    return result, " ".join(line.said for line in result.transcript if line.who == "agent")


@pytest.mark.parametrize(
    ("words", "wish", "when", "says"),
    [
        (
            EN,
            " with doctor osei and i have aetna",
            "tuesday mornings",
            "Osei takes Aetna from Monday, December 14 on.",
        ),
        (
            ES,
            " con la doctora Osei, tengo Aetna",
            "los martes por la mañana",
            "acepta Aetna a partir del lunes 14",
        ),
    ],
)
def test_rule_24_whoever_names_their_plan_hears_from_when_the_clinician_takes_it_and_is_offered_no_time_before(
    words: str, wish: str, when: str, says: str
) -> None:
    result, said = played(words, dated(begins=BEGINS), wish, when)
    assert says in said
    assert (result.appointment.clinician, result.appointment.start.date()) == (
        "Amara Osei",
        date(2026, 12, 15),
    )


@pytest.mark.parametrize(
    ("words", "wish", "when", "dates", "says"),
    [
        (
            EN,
            " with doctor osei",
            "next tuesday morning",
            {"begins": BEGINS},
            "takes Aetna from Monday, December 14 on.",
        ),
        (
            ES,
            " con la doctora Osei",
            "el martes próximo por la mañana",
            {"ends": date(2026, 12, 1)},
            "no acepta ese seguro",
        ),
        (EN, "", "next tuesday at nine", {"ends": date(2026, 12, 1)}, ""),
    ],
)
def test_rule_24_a_plan_that_is_named_after_a_time_was_chosen_moves_it_to_somebody_who_takes_it(
    words: str, wish: str, when: str, dates: dict[str, date], says: str
) -> None:
    result, said = played(words, dated(**dates), wish, when)
    assert says in said
    assert result.appointment.start.date() == date(2026, 12, 8)
    assert result.appointment.clinician != "Amara Osei"


# -- the desk ----------------------------------------------------------------------------------------------------------


def test_rule_24_a_plan_on_file_counts_in_a_move_but_not_for_whoever_sees_them_outside_of_it() -> None:
    for first, days in ((TUESDAY, {8, 9, 10, 11}), (datetime(2026, 12, 16, 15, tzinfo=UTC), set())):
        house = House(practice=dated(begins=BEGINS))
        with house.store.transaction("demo") as tx:
            tx.people.add(VERA)
            tx.schedule.book("v1", with_osei(first), ("p1",), "", house.clock.now(), "booked")
        wish = Wish((Window(first=date(2026, 12, 8), last=date(2026, 12, 11)),))
        request = FindSlots(wish.dumps(), "follow_up", clinician=OSEI, new_patient=False, moving="v1")
        (found,) = asked(house, house.call(), request)
        assert isinstance(found, Slots)
        assert {slot.start.day for slot in found.slots} <= days and bool(found.slots) == bool(days)


@pytest.mark.parametrize("on_file", [True, False])
def test_rule_24_nobody_holds_books_or_moves_to_a_time_with_a_clinician_from_whom_they_are_kept_apart(
    on_file: bool,
) -> None:
    house = House()
    kept_apart(house, VERA) if on_file else kept_apart(house, **NAMED)
    call = house.call("voice", None)
    whom = (Participant((), "p1"),) if on_file else (Participant(SAID),)
    (booked,) = asked(house, call, Book(with_osei(), whom))
    assert isinstance(booked, Taken) and OSEI not in {slot.clinician for slot in booked.others}
    with house.store.transaction("demo") as tx:
        tx.people.add(VERA)
        tx.schedule.book(
            "v1", replace(with_osei(), clinician=ORTEGA), ("p1",), "", house.clock.now(), "booked"
        )
        tx.schedule.add_series(
            Series(
                "s1",
                replace(with_osei(TUESDAY.replace(hour=19)), clinician=ORTEGA),
                1,
                ("p1",),
                "America/New_York",
            )
        )
    later = with_osei(TUESDAY.replace(day=9))
    for visit in ("v1", "s1@2026-12-08"):
        held, moved, found = asked(
            house, call, Hold(later, visit), Move(visit, later),
            FindSlots("", "follow_up", clinician=OSEI, new_patient=False, moving=visit),
        )  # fmt: skip
        assert isinstance(held, Taken) and isinstance(moved, Taken)
        assert isinstance(found, Slots) and (found.slots, found.why_none) == ((), "full")


def test_rule_24_what_staff_take_back_keeps_nobody_apart_and_both_stand_in_the_ledger() -> None:
    house = House()
    kept_apart(house, VERA)
    call = house.call()
    with house.store.transaction("demo") as tx:
        (entry,) = apart.entries(tx, VERA)
        assert apart.let_go(tx, entry.id, by="a2", now=house.clock.now())
        assert not apart.let_go(tx, entry.id, by="a2", now=house.clock.now())
    held, booked = asked(house, call, Hold(with_osei()), Book(with_osei(), (Participant((), "p1"),)))
    assert isinstance(held, Held) and isinstance(booked, Done)
    with house.store.transaction("demo") as tx:
        noted = [(each.who, each.what, each.about) for each in tx.ledger.entries() if "apart" in each.what]
    assert noted == [("a1", "kept_apart_stated", "person/p1"), ("a2", "kept_apart_lifted", "person/p1")]


def test_rule_24_somebody_who_is_only_named_like_them_or_born_that_day_sees_whom_they_like() -> None:
    house = House()
    kept_apart(house, **NAMED)
    others: Sequence[tuple[tuple[str, str], ...]] = [
        (*SAID[1:], ("date_of_birth", "1985-03-04")),
        (("date_of_birth", "1985-03-03"), ("first_name", "Vera"), ("last_name", "Lind"), ("phone", CALLER)),
    ]
    for number, who in enumerate(others):
        slot = with_osei(TUESDAY.replace(day=8 + number))
        (booked,) = asked(house, house.call("voice", None), Book(slot, (Participant(tuple(sorted(who))),)))
        assert isinstance(booked, Done)
