"""What is said after an errand is done and changes it is never dropped: it opens the errand that changes it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.conversation.events import Committed, Ended, Identified
from lamplighter.desk.ports import Person, Visit
from tests.promises.desks import CALLER, CHANNELS, NIGHT, NOON, Call, Channel, House, of_kind, phrases
from tests.promises.once.test_once import BOOKING

ELSEWHERE = "+12125550188"


def booked(channel: Channel = "voice", *more: str, house: House | None = None, **said: str) -> Call:
    house = house or House()
    call = house.call(channel)
    words = [said.get(f"at_{number}", each) for number, each in enumerate(BOOKING)]
    if channel == "chat":
        words[5] = "212 555 0123"
    for text in (*words, *more):
        call.say(text)
    return call


def people(house: House) -> list[Person]:
    ids = {each for visit in visits(house) for each in visit.participants}
    with house.store.transaction("demo") as tx:
        found = [tx.people.get(each) for each in sorted(ids)]
    return [each for each in found if each is not None]


def visits(house: House) -> tuple[Visit, ...]:
    with house.store.transaction("demo") as tx:
        found: tuple[Visit, ...] = tx.schedule.visits_between(NOON, NOON + timedelta(days=400))
    return tuple(visit for visit in found if visit.status != "cancelled")


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_name_put_right_after_the_booking_is_right_on_the_record(channel: Channel) -> None:
    call = booked(channel, "my last name is Thimblewitz actually", "yes")
    assert [person.last_name for person in people(call.house)] == ["Thimblewitz"]
    assert phrases(call.replies[-1]) == ["corrected", "anything_else"]
    assert len(visits(call.house)) == 1


def test_a_number_put_right_gets_the_confirmation_that_went_to_the_wrong_one() -> None:
    call = booked("voice", f"my number is {ELSEWHERE[2:5]} 555 0188", "yes")
    call.house.pass_time(10)
    assert [person.phone for person in people(call.house)] == [ELSEWHERE]
    assert [sent.to for sent in call.house.messenger.texts.values()] == [CALLER, ELSEWHERE]
    assert call.replies[-1].said[0].args == {"sent": "text"}


def test_what_is_told_twice_alike_changes_nothing_and_begins_nothing() -> None:
    call = booked("voice", "my last name is Thimblewick")
    assert call.state.errand_no == 1


def test_another_time_asked_for_after_the_booking_moves_it_without_proving_who_asks() -> None:
    call = booked("voice", "could we move it to Thursday after five instead?", "the first one", "yes please")
    [visit] = visits(call.house)
    assert visit.slot.start.astimezone(call.house.practice.timezone).weekday() == 3
    assert call.state.outcome == "rescheduled"
    assert not [phrase for phrase in call.said if "identity" in phrase]


def test_another_way_to_meet_is_offered_at_the_same_time_and_waits_for_a_yes() -> None:
    call = booked("voice")
    [before] = visits(call.house)
    call.say("could we do it by video instead?")
    assert phrases(call.replies[-1])[-1] == "summary.move"
    assert visits(call.house) == (before,)
    call.say("yes")
    [after] = visits(call.house)
    assert (after.slot.modality.value, after.slot.start) == ("telehealth", before.slot.start)


def test_a_no_to_the_change_leaves_the_visit_as_it_was() -> None:
    call = booked("voice")
    before = visits(call.house)
    call.say("could we do it by video instead?")
    call.say("no")
    assert phrases(call.replies[-1]) == ["move.kept", "anything_else"]
    assert visits(call.house) == before


def test_words_of_parting_begin_nothing() -> None:
    call = booked("voice", "no thank you, goodbye")
    assert len(visits(call.house)) == 1
    assert call.state.errand_no == 1
    assert call.said[-1] == "goodbye"


def on_file(house: House, **changes: object) -> Person:
    known = {"clinician": "amara_osei", "phone": CALLER, **changes}
    born = NOON.date().replace(year=1985, month=3, day=3)
    person = Person("p1", "Rosalind", "Thimblewick", born, **known)  # type: ignore[arg-type]
    with house.store.transaction("demo") as tx:
        tx.people.add(person)
    return person


def test_a_name_of_somebody_on_file_is_put_right_by_a_person_only() -> None:
    house = House()
    before = on_file(house)
    call = house.call("voice")
    for words in (
        "I need a follow-up appointment", "Rosalind Thimblewick", "March third 1985", "any time by video",
        "the first one", "yes", "my last name is Thimblewitz actually", "yes",
    ):  # fmt: skip
        call.say(words)
    assert call.said[-2:] == ["correction.taken", "anything_else"]
    with house.store.transaction("demo") as tx:
        assert tx.people.get("p1") == before
        [task] = [each for each in tx.tasks.list_open() if each.kind == "correction"]
    assert (task.person, dict(task.details)) == ("p1", {"last_name": "Thimblewitz"})


# -- the same errand again -------------------------------------------------------------------------------------------


def test_another_visit_booked_in_the_same_call_is_a_second_visit_of_the_same_person() -> None:
    call = booked(
        "voice", "I'd like to book another visit", "Thursday mornings, by video", "the first one", "yes"
    )
    assert len(visits(call.house)) == 2
    assert len(people(call.house)) == 1
    assert len([each for each in of_kind(call.bodies, Committed) if each.action == "book"]) == 2


def test_two_visits_are_cancelled_one_after_the_other_in_one_call() -> None:
    house = House()
    booked("voice", "I'd like to book another visit", "Thursday mornings, by video", "the first one", "yes",
           "no thank you, goodbye", house=house)  # fmt: skip
    house.pass_time(60)
    call = house.call("voice")
    for words in ("I need to cancel my appointment", "Rosalind Thimblewick", "March third 1985", "the first one",
                  "yes", "cancel the other one too", "yes"):  # fmt: skip
        call.say(words)
    assert visits(house) == ()
    assert call.said.count("cancelled") == 2
    assert not of_kind(call.bodies, Ended)


# -- the same person again -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "moved"), [("yes please, move it", True), ("no, leave it as it is", False)]
)
def test_a_first_visit_asked_for_again_from_the_number_on_file_is_no_second_one(
    answer: str, moved: bool
) -> None:
    house = House()
    booked("voice", house=house)
    house.pass_time(300)
    [before] = visits(house)
    call = house.call("voice")
    for words in ("I'd like a first visit", "Thursday mornings, by video", "the first one", *BOOKING[3:7]):
        call.say(words)
    assert call.said[-1] == "doubled.move_that"
    assert of_kind(call.bodies, Identified) == []
    call.say(answer)
    [after] = visits(house)
    assert (after.id, after.slot != before.slot) == (before.id, moved)
    assert call.said[-2:] == ["moved" if moved else "doubled.kept", "anything_else"]
    assert len(people(house)) == 1


def test_a_visit_at_the_hour_of_another_of_theirs_is_not_booked_and_another_time_is_looked_for() -> None:
    house = House()
    booked("voice", house=house)
    house.pass_time(300)
    [visit] = visits(house)
    practice = house.practice
    other = next(
        c for c in practice.clinicians if c.id != visit.slot.clinician and "follow_up" in c.visit_kinds
    )
    with house.store.transaction("demo") as tx:
        tx.schedule.set_status(visit.id, "cancelled")
        slot = replace(visit.slot, visit_kind="follow_up", clinician=other.id, start=visit.slot.start)
        assert tx.schedule.book("v9", slot, visit.participants, "c9", house.clock.now(), "booked")
    call = house.call("voice")
    for words in ("I'd like a first visit", *BOOKING[1:7]):
        call.say(words)
    assert call.said[-2:] == ["doubled.then", "ask.availability"]
    call.say("Thursday mornings")
    call.say("the first one")
    assert "doubled.move_that" not in call.said and len(visits(house)) == 1


def test_a_visit_is_not_moved_onto_another_of_theirs_at_the_same_hour() -> None:
    house = House()
    booked("voice", "I'd like to book another visit", "Thursday mornings, by video", "the first one", "yes",
           "no thank you, goodbye", house=house)  # fmt: skip
    house.pass_time(300)
    first, second = sorted(visits(house), key=lambda visit: visit.slot.start)
    other = next(c for c in house.practice.clinicians if c.id != first.slot.clinician)
    with house.store.transaction("demo") as tx:
        tx.schedule.set_status(first.id, "cancelled")
        slot = replace(second.slot, clinician=other.id)
        assert tx.schedule.book("v9", slot, second.participants, "c9", house.clock.now(), "booked")
        tx.schedule.set_status(second.id, "cancelled")
        later = replace(second.slot, start=second.slot.start + timedelta(days=1))
        assert tx.schedule.book("v8", later, second.participants, "c8", house.clock.now(), "booked")
    hour = second.slot.start.astimezone(house.practice.timezone)
    call = house.call("voice")
    for words in ("I need to move my appointment", "Rosalind Thimblewick", "March third 1985", "the second one",
                  f"{hour:%B} {hour.day} at {hour:%H:%M}", "the first one", "yes"):  # fmt: skip
        call.say(words)
    assert "doubled.then" in call.said and "moved" not in call.said
    assert {visit.slot.start for visit in visits(house)} == {second.slot.start, later.start}


FOR_MY_WIFE = {
    "caller_name": "Dana Beck. she's my wife", "first_name": "Rosalind Thimblewick",
    "availability": "Tuesday afternoon",
    "date_of_birth": "March third 1985", "modality": "in person", "phone": "this number", "state": "New York",
    "insurance": "Aetna", "member_id": "I don't have it. her own", "contact_channel": "text is fine, yes to both",
    "clinician": "anyone", "offer": "the first one",
}  # fmt: skip


def asks_for_a_wife(house: House) -> Call:
    call = house.call("voice")
    call.say("hi, I need a first appointment for my wife, she's new")
    for _ in range(16):
        if call.state.handed_over or call.said[-1] == "anything_else":
            break
        asked = call.said[-1].partition("ask.")[2].split("+") if "ask." in call.said[-1] else ["confirm"]
        asked = ["offer"] if call.said[-1].startswith("offer") else asked
        call.say(". ".join(FOR_MY_WIFE[each] for each in asked if each in FOR_MY_WIFE) or "yes")
    return call


def test_whoever_speaks_for_somebody_and_is_no_proxy_on_record_hears_the_same_whatever_is_on_file() -> None:
    heard: list[list[str]] = []
    for known in ("nobody", "on file", "with a first visit"):
        house = House()
        if known == "on file":
            on_file(house)
        if known == "with a first visit":
            booked("voice", house=house)
            house.pass_time(300)
        before = visits(house)
        call = asks_for_a_wife(house)
        heard.append(call.said)
        assert "booked" in call.said, call.said
        assert set(before) < set(visits(house)), "what she has is left as it is"
    assert heard[0] == heard[1] == heard[2]
    with house.store.transaction("demo") as tx:
        assert [each.kind for each in tx.tasks.list_open()].count("same_person") == 1


def test_whoever_books_from_elsewhere_is_told_nothing_and_staff_see_that_two_may_be_one() -> None:
    house = House()
    booked("voice", house=house)
    house.pass_time(300)
    first = [each.phrase for reply in booked("voice").replies for each in reply.said]
    call = house.call("voice", ELSEWHERE)
    for words in BOOKING:
        call.say(words)
    assert call.said == first
    assert len(people(house)) == 2
    with house.store.transaction("demo") as tx:
        [task] = [each for each in tx.tasks.list_open() if each.kind == "same_person"]
    marked = [person for person in people(house) if person.perhaps is not None]
    assert [person.id for person in marked] == [task.person]


@pytest.mark.parametrize(("address", "sent"), [(CALLER, None), (ELSEWHERE, None), ("+12125550177", CALLER)])
def test_two_records_of_one_name_lock_nobody_out(address: str, sent: str | None) -> None:
    house = House()
    for number in (CALLER, ELSEWHERE):
        call = house.call("voice", number)
        for words in BOOKING:
            call.say(words)
    house.pass_time(300)
    house.messenger.texts.clear()
    call = house.call("voice", address)
    for words in ("when is my appointment?", "Rosalind Thimblewick", "March third 1985"):
        call.say(words)
    house.pass_time(10)
    if sent is None:
        assert call.said[-2] == "visit.yours"
    else:
        assert [text.to for text in house.messenger.texts.values()] == [sent]
        call.say("1 2 3 4 5 6")
        assert "visit.yours" in call.said


# -- what is sent, and what is said of it ----------------------------------------------------------------------------


@pytest.mark.parametrize(("wish", "sent"), [("text me", "text"), ("by email", "none"), ("call me", "none")])
def test_a_confirmation_is_promised_only_where_a_text_goes_out(wish: str, sent: str) -> None:
    call = booked("voice", at_9=wish)
    call.house.pass_time(10)
    told = [each for reply in call.replies for each in reply.said if each.phrase == "booked"]
    assert [each.args["sent"] for each in told] == [sent]
    assert len(call.house.messenger.texts) == (1 if sent == "text" else 0)
    assert ("contact.spoken_only" in call.said) == (sent == "none")


def test_whoever_takes_a_text_after_all_gets_one() -> None:
    call = booked("voice", at_9="by email", at_10="no, by text please")
    call.house.pass_time(10)
    assert len(call.house.messenger.texts) == 1


def test_where_no_text_can_be_sent_none_is_promised() -> None:
    house = House(texts=False)
    call = booked("voice", house=house)
    told = [each for reply in call.replies for each in reply.said if each.phrase == "booked"]
    assert [each.args["sent"] for each in told] == ["none"]
    other = house.call("voice", ELSEWHERE)
    for words in ("when is my appointment?", "Rosalind Thimblewick", "March third 1985"):
        other.say(words)
    assert "identity.failed" in other.said and other.said[-1] == "ask.person"
    assert not [phrase for phrase in other.said if "code" in phrase]


# -- codes -----------------------------------------------------------------------------------------------------------


def ask_for_code(house: House, name: str) -> list[str]:
    call = house.call("voice", ELSEWHERE)
    for words in ("when is my appointment?", name, "March third 1985"):
        call.say(words)
    return call.said


@pytest.mark.parametrize("name", ["Rosalind Thimblewick", "Barnaby Quillfeather"])
def test_codes_are_sent_three_an_hour_and_five_a_day_and_the_words_tell_nothing(name: str) -> None:
    house = House(NIGHT.replace(hour=15))
    on_file(house)
    got = []
    for pause in (0, 0, 0, 0, 3600, 0, 0):
        house.pass_time(pause)
        got.append("ask.identity_code" in ask_for_code(house, name))
    assert got == [True, True, True, False, True, True, False]
    told = [each for each in ask_for_code(house, name) if not each.startswith("readback")]
    assert told[-3:] == ["identity.too_many", "identity.failed", "ask.person"]
    house.pass_time(24 * 3600)
    assert ask_for_code(house, name)[-1] == "ask.identity_code"


def test_other_spellings_of_a_name_get_no_more_codes() -> None:
    house = House()
    on_file(house)
    asked = [ask_for_code(house, name)[-1] for name in
             ("Rosalind Thimblewick", "rosalind thimblewick", "Rósalind Thimblewick", "Rosalind Thimblewick")
    ]  # fmt: skip
    assert asked.count("ask.identity_code") == 3
