"""Rules 12 and 21: swaps, cover, absence and other numbers inside what was signed, test calls, and contact plans."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from lamplighter.conversation import events as e
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import planning, rota_changes, route_tests
from lamplighter.desk.card import card
from lamplighter.desk.paging import TEST_PHRASE
from lamplighter.desk.planning import Plan
from lamplighter.desk.ports import Person, Ring
from lamplighter.desk.rota_changes import OutOfBounds
from lamplighter.practice.changes import Absence, Changes, Cover
from lamplighter.practice.model import Practice
from lamplighter.practice.rota import gaps, rungs_now
from lamplighter.practice.sample import load_sample
from tests.promises.desks import CALLER, NIGHT, NOON, House, of_kind
from tests.rules.scenes import DANGER, by_text, pages, rung

DAY = timedelta(days=1)
SAMPLE = load_sample()
SOMEBODY = Person("p1", "Rosalind", "Thimblewick", None, CALLER)


def at_night(changes: Changes) -> list[tuple[str, str | None]]:
    return [(each.name, each.phone) for each in rungs_now(SAMPLE, "crisis", NIGHT, changes=changes)]


def phone_of(clinician: str) -> str | None:
    return SAMPLE.clinician(clinician).phone


def on_call_tonight() -> str:
    return next(each.clinician or "" for each in rungs_now(SAMPLE, "crisis", NIGHT) if each.kind == "on_call")


def other_than(who: str) -> str:
    return next(each.id for each in SAMPLE.clinicians if each.id != who)


def test_rule_12_cover_puts_another_in_their_place_for_that_time_only() -> None:
    who = on_call_tonight()
    other = other_than(who)
    covered = Changes((Cover(who, other, NIGHT - DAY, NIGHT + DAY),))
    assert at_night(covered)[0] == (SAMPLE.clinician(other).spoken_name, phone_of(other))
    assert at_night(Changes((Cover(who, other, NIGHT + DAY, NIGHT + 2 * DAY),))) == at_night(Changes())


def test_rule_12_whoever_is_away_is_not_rung_and_everybody_else_is() -> None:
    who = on_call_tonight()
    away = Changes(absences=(Absence(who, NIGHT, NIGHT + DAY), Absence("front_desk", NOON, NOON + DAY)))
    assert at_night(away) == at_night(Changes())[1:]
    by_day = [each.id for each in rungs_now(SAMPLE, "crisis", NOON, changes=away)]
    assert by_day == ["office_manager", "osei"]


def test_rule_12_who_stands_in_and_is_away_too_is_not_rung() -> None:
    who = on_call_tonight()
    other = other_than(who)
    both = Changes((Cover(who, other, NIGHT, NIGHT + DAY),), (Absence(other, NIGHT, NIGHT + DAY),))
    assert at_night(both) == at_night(Changes())[1:]


def test_rule_12_an_absence_that_leaves_nobody_is_a_gap_that_shows_a_week_ahead() -> None:
    start = NOON + 2 * DAY
    everybody = tuple(Absence(each.who, start, start + DAY / 24) for each in rota_changes.listed(SAMPLE))
    assert gaps(SAMPLE, NOON) == ()
    assert gaps(SAMPLE, NOON, Changes(absences=everybody)) == (date(2026, 12, 3),)


def test_rule_12_another_number_is_rung_on_the_next_ring_and_the_ledger_says_who_changed_it() -> None:
    house = House()
    with house.store.transaction("demo") as tx:
        rota_changes.number(tx, house.practice, "front_desk", "(212) 555-0177", by="Dana", now=NOON)
    made = house.call()
    made.say(DANGER)
    house.pass_time(1)
    assert house.pager.rings[-1].phone == "+12125550177"
    with house.store.transaction("demo") as tx:
        rota_changes.number(tx, house.practice, "front_desk", "", by="Sam", now=NOON)
        assert rota_changes.standing(tx) == Changes()
        noted = [(each.who, each.what, each.about) for each in tx.ledger.entries(limit=5000)]
    assert ("Dana", "number_stated", "ladder/front_desk") in noted
    assert ("Sam", "number_lifted", "ladder/front_desk") in noted


def test_rule_12_cover_counts_for_the_ladder_that_is_climbing_and_the_log_says_who_was_rung() -> None:
    house = House(NIGHT)
    who = on_call_tonight()
    other = other_than(who)
    with house.store.transaction("demo") as tx:
        rota_changes.cover(tx, house.practice, who, other, NIGHT, NIGHT + DAY / 4, by="Dana", now=NIGHT)
    made = house.call()
    made.say(DANGER)
    house.pass_time(1)
    assert house.pager.rings[-1].phone == phone_of(other)
    assert of_kind(made.bodies, e.HandoffRung)[0].name == SAMPLE.clinician(other).spoken_name


@pytest.mark.parametrize("written", ["911", "988", "112", "nonsense"])
def test_rule_12_no_number_that_nobody_here_has_comes_onto_the_ladder(written: str) -> None:
    with House().store.transaction("demo") as tx, pytest.raises(OutOfBounds):
        rota_changes.number(tx, SAMPLE, "front_desk", written, by="Dana", now=NOON)


def test_rule_12_what_was_signed_bounds_what_may_change() -> None:
    with House().store.transaction("demo") as tx:
        for who, other in (
            ("amara_osei", "amara_osei"),
            ("amara_osei", "a_stranger"),
            ("front_desk", "amara_osei"),
        ):
            with pytest.raises(OutOfBounds):
                rota_changes.cover(tx, SAMPLE, who, other, NOON, NOON + DAY, by="Dana", now=NOON)
        for who, start, end in (
            ("lifeline", NOON, NOON + DAY),
            ("answering_service", NOON, NOON + DAY),
            ("amara_osei", NOON, NOON),
            ("amara_osei", NOON - 2 * DAY, NOON - DAY),
            ("amara_osei", NOON, NOON + 90 * DAY),
        ):
            with pytest.raises(OutOfBounds):
                rota_changes.absent(tx, SAMPLE, who, start, end, by="Dana", now=NOON)
        assert rota_changes.standing(tx) == Changes()


def without_number(who: str) -> Practice:
    return replace(
        SAMPLE,
        clinicians=tuple(replace(c, phone=None) if c.id == who else c for c in SAMPLE.clinicians),
    )


def test_rule_12_nobody_is_rung_under_the_number_of_whom_they_stand_in_for() -> None:
    """Cover that was stated while they had a number, which has been taken back since."""
    practice = without_number("mei_tan")
    covered = Changes((Cover("amara_osei", "mei_tan", NOON, NOON + DAY),))
    found = [(each.name, each.phone) for each in rungs_now(practice, "crisis", NOON, changes=covered)]
    assert found == [(each.name, each.phone) for each in rungs_now(practice, "crisis", NOON)]
    numbered = replace(covered, numbers=(("mei_tan", "+12125550177"),))
    [stands_in] = [
        each for each in rungs_now(practice, "crisis", NOON, changes=numbered) if each.id == "osei"
    ]
    assert (stands_in.name, stands_in.phone) == (practice.clinician("mei_tan").spoken_name, "+12125550177")


def test_rule_12_whoever_has_no_number_covers_nobody_until_one_is_stated() -> None:
    practice = without_number("mei_tan")
    house = House(practice=practice)
    with house.store.transaction("demo") as tx:
        with pytest.raises(OutOfBounds, match="number"):
            rota_changes.cover(tx, practice, "amara_osei", "mei_tan", NOON, NOON + DAY, by="Dana", now=NOON)
        rota_changes.number(tx, practice, "mei_tan", "212 555 0177", by="Dana", now=NOON)
        rota_changes.cover(tx, practice, "amara_osei", "mei_tan", NOON, NOON + DAY, by="Dana", now=NOON)
        assert len(rota_changes.standing(tx).covers) == 1


def test_rule_12_questions_about_medicines_are_covered_by_whoever_prescribes_only() -> None:
    prescribers = replace(
        SAMPLE,
        clinicians=tuple(
            replace(c, prescribes=c.id in ("samuel_roth", "luis_ortega")) for c in SAMPLE.clinicians
        ),
    )
    spell = (NOON, NOON + DAY)
    with House(practice=prescribers).store.transaction("demo") as tx:
        with pytest.raises(OutOfBounds, match="medicines"):
            rota_changes.cover(tx, prescribers, "samuel_roth", "mei_tan", *spell, by="Dana", now=NOON)
        rota_changes.cover(
            tx, prescribers, "samuel_roth", "mei_tan", NIGHT, NIGHT + DAY / 4, by="Dana", now=NOON
        )
        rota_changes.cover(tx, prescribers, "samuel_roth", "luis_ortega", *spell, by="Dana", now=NOON)
        rota_changes.cover(tx, prescribers, "amara_osei", "mei_tan", *spell, by="Dana", now=NOON)
        assert len(rota_changes.standing(tx).covers) == 3
    older = Changes((Cover("samuel_roth", "mei_tan", *spell),))
    names = [each.name for each in rungs_now(SAMPLE, "clinical", NOON, medicines=True, changes=older)]
    assert names[0] == "Dr. Roth"


def test_rule_12_nobody_goes_away_who_is_the_last_person_or_the_last_who_is_licensed_in_a_crisis() -> None:
    later = NOON + 3 * DAY
    with House().store.transaction("demo") as tx:

        def away(who: str) -> None:
            rota_changes.absent(tx, SAMPLE, who, later, later + DAY / 24, by="Dana", now=NOON)

        with pytest.raises(OutOfBounds, match="licensed"):
            away("amara_osei")
        away("front_desk")
        away("office_manager")
        with pytest.raises(OutOfBounds, match="Then nobody would be there"):
            away("amara_osei")
        rota_changes.cover(tx, SAMPLE, "amara_osei", "mei_tan", later, later + DAY / 24, by="Dana", now=NOON)
        away("amara_osei")
        with pytest.raises(OutOfBounds, match="Then nobody would be there"):
            away("mei_tan")
        assert [each.who for each in rota_changes.standing(tx).absences] == [
            "amara_osei", "office_manager", "front_desk",
        ]  # fmt: skip


def test_rule_12_an_absence_is_looked_at_for_the_whole_of_its_time_and_cover_by_who_is_away_is_none() -> None:
    with House().store.transaction("demo") as tx:
        with pytest.raises(OutOfBounds, match="licensed"):
            rota_changes.absent(tx, SAMPLE, "amara_osei", NOON, NOON + 7 * DAY, by="Dana", now=NOON)
        rota_changes.absent(tx, SAMPLE, "mei_tan", NOON, NOON + DAY / 24, by="Dana", now=NOON)
        with pytest.raises(OutOfBounds, match="licensed"):
            rota_changes.cover(tx, SAMPLE, "amara_osei", "mei_tan", NOON, NOON + DAY, by="Dana", now=NOON)


# -- test calls --------------------------------------------------------------------------------------------------------


def test_rule_12_a_test_rings_everybody_of_the_route_as_a_test_with_no_contact_and_no_line() -> None:
    house = House()
    house.desk.handoffs.tests.ring("demo", "after_hours", "crisis", "Dana")
    rings = house.pager.rings
    assert [ring.rung for ring in rings] == ["on_call_clinician", "answering_service"]
    assert all(ring.test and ring.contact == "" for ring in rings)


def test_rule_12_a_test_of_the_clinical_route_rings_who_prescribes_and_who_does_not() -> None:
    house = House()
    house.desk.handoffs.tests.ring("demo", "by_day", "clinical", "Dana")
    assert [ring.rung for ring in house.pager.rings] == ["roth", "front_desk", "office_manager", "osei"]


def test_rule_12_who_answered_a_test_and_when_is_kept_and_after_a_month_it_is_due_again() -> None:
    house = House()
    tests = house.desk.handoffs.tests
    test = tests.ring("demo", "by_day", "crisis", "Dana")
    house.clock.move_to(NOON + timedelta(minutes=2))
    assert tests.answered("demo", test, "Sam") and tests.answered("demo", test, "Lee")
    assert not tests.answered("demo", "no-such-test", "Sam")
    with house.store.transaction("demo") as tx:
        tested = route_tests.standing(tx, NOON + DAY)
        later = route_tests.standing(tx, NOON + 32 * DAY)
    first = tested[0]
    assert (first.standing, first.by, first.at, first.overdue) == (
        "answered", "Sam", NOON + timedelta(minutes=2), False,
    )  # fmt: skip
    assert [each.overdue for each in tested] == [False, *[True] * 5]
    assert later[0].overdue


def test_rule_12_whoever_had_a_test_rung_does_not_answer_it_and_after_an_hour_nobody_does() -> None:
    house = House()
    tests = house.desk.handoffs.tests
    test = tests.ring("demo", "by_day", "crisis", "Dana")
    assert not tests.answered("demo", test, "Dana")
    house.clock.move_to(NOON + timedelta(hours=1))
    assert not tests.answered("demo", test, "Sam")
    with house.store.transaction("demo") as tx:
        assert route_tests.standing(tx, NOON + timedelta(hours=1))[0].standing == "unanswered"


def test_rule_12_a_test_names_those_who_were_really_rung() -> None:
    house = House()

    def ring(ring: Ring) -> None:
        if ring.rung == "office_manager":
            raise ConnectionError("no way to them")

    house.pager.ring = ring  # type: ignore[method-assign]
    house.desk.handoffs.tests.ring("demo", "by_day", "crisis", "Dana")
    with house.store.transaction("demo") as tx:
        tested = route_tests.standing(tx, NOON)[0]
    assert (tested.asked_by, tested.rang) == ("Dana", ("Front desk", "Dr. Osei"))


def test_rule_12_a_test_that_nobody_answered_stays_due() -> None:
    house = House()
    house.desk.handoffs.tests.ring("demo", "by_day", "human", "Dana")
    with house.store.transaction("demo") as tx:
        at_once, later = (route_tests.standing(tx, NOON + timedelta(hours=ago)) for ago in (0, 2))
    assert [each.standing for each in (at_once[2], later[2])] == ["ringing", "unanswered"]
    assert later[2].overdue


def test_rule_12_a_test_by_text_says_that_it_is_one_and_is_silent_where_it_has_no_words_for_it() -> None:
    house, book = House(), Phrasebook.load()
    ring = Ring("demo", "", "t1", "front_desk", "Front desk", "+12125550101", "crisis", 0, test=True)
    by_text(house, book).ring(ring)
    [(_, text)] = pages(house)
    assert "test" in text and "Nobody is waiting" in text
    older = {
        locale: {name: each for name, each in book.phrases(locale).items() if name != TEST_PHRASE}
        for locale in book.locales
    }
    other = House()
    by_text(other, Phrasebook(older, book._formats)).ring(ring)
    assert pages(other) == []


# -- rule 21 -----------------------------------------------------------------------------------------------------------


def identified(house: House, plan: tuple[str, ...]) -> None:
    with house.store.transaction("demo") as tx:
        tx.people.add(SOMEBODY)
        planning.sign(tx, "p1", plan, by="Dr. Tan", now=NOON)


def test_rule_21_whom_the_plan_names_is_rung_first_and_the_card_says_so() -> None:
    house = House()
    identified(house, ("treating_clinician", "osei", "office_manager"))
    made = house.call()
    made.note(e.Identified("p1", "staff"))
    made.say(DANGER)
    house.pass_time(45)
    assert rung(made) == ["osei", "office_manager", "front_desk"]
    state = made.state
    with house.store.transaction("demo") as tx:
        found = card(tx, house.practice, Phrasebook.load(), state)
        noted = [(each.who, each.about) for each in tx.ledger.entries(limit=5000) if "plan" in each.what]
    assert found is not None
    assert (found.plan, found.plan_by) == (
        ("The treating clinician", "Dr. Osei", "Office manager"),
        "Dr. Tan",
    )
    assert noted == [("Dr. Tan", "person/p1")]


def test_rule_21_a_plan_leaves_nobody_out_and_rings_nobody_twice() -> None:
    usual = rungs_now(SAMPLE, "crisis", NOON)
    found = rungs_now(SAMPLE, "crisis", NOON, first=("osei", "no_such_step"))
    assert [each.id for each in found] == ["osei", "front_desk", "office_manager"]
    treated = rungs_now(SAMPLE, "crisis", NOON, first=("treating_clinician",), treating="amara_osei")
    assert {each.phone for each in treated} == {each.phone for each in usual}
    assert [each.id for each in treated] == ["treating_clinician", "front_desk", "office_manager"]


def test_rule_21_a_plan_has_no_room_for_a_word_and_is_taken_back_by_signing_none() -> None:
    assert [field.name for field in fields(Plan)] == ["rungs", "by", "at"]
    assert not {"lifeline", "answering_service"} & {each.id for each in planning.may_be_first(SAMPLE)}
    house = House()
    identified(house, ("osei",))
    with house.store.transaction("demo") as tx:
        planning.sign(tx, "p1", (), by="Dr. Tan", now=NOON + DAY)
        assert planning.of(tx, "p1") is None
        assert planning.first_for(tx, "p1") == () and planning.first_for(tx, None) == ()
