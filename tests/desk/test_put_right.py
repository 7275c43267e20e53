"""After a booking the record is changed by a correction of it that was read back and agreed to, and by nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from lamplighter.conversation.cues import cues
from lamplighter.conversation.details import Detail, Errand
from lamplighter.conversation.events import HandoffAsked
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import files
from tests.desk.test_change_of_mind import ELSEWHERE, booked, on_file, people, visits
from tests.promises.desks import CALLER, Call, House, of_kind, phrases

THEIRS = f"{ELSEWHERE[2:5]} 555 0188"


def as_booked(call: Call) -> bool:
    call.house.pass_time(10)
    [person] = people(call.house)
    texts = [sent.to for sent in call.house.messenger.texts.values()]
    name = (person.first_name, person.last_name, person.date_of_birth, person.phone, person.email)
    return name == ("Rosalind", "Thimblewick", date(1985, 3, 3), CALLER, None) and texts == [CALLER]


# -- whose it is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        f"my pharmacy number is {THEIRS}",
        f"my husbands number is {THEIRS}",
        f"my emergency contact is Otto Brandywine, {THEIRS}",
        f"actually my husband's number is {THEIRS}",
        "can my mom come too, her name is Greta Lindqvist",
        "and also for my daughter, her name is Mia",
        "you can email my husband at otto@example.com",
        f"there is also {THEIRS}",
    ],
)
def test_what_is_said_of_somebody_else_is_nothing_of_the_patient(words: str) -> None:
    call = booked("voice", words)
    assert call.said[-1] == "anything_else"
    assert call.state.errand_no == 1
    call.say("yes")
    assert as_booked(call)
    assert call.state.value(Detail.FIRST_NAME) == "Rosalind"


def test_a_daughter_who_needs_a_visit_as_well_gets_one_of_her_own() -> None:
    call = booked("voice", "oh and my daughter needs one as well, her name is Mia Thornquist")
    assert call.state.errand is Errand.FIRST_APPOINTMENT and call.state.errand_no == 2
    assert as_booked(call)


def test_a_husband_named_with_the_next_visit_is_not_born_on_the_day_of_the_patient_before() -> None:
    call = booked("voice", "my husband Otto Brandywine needs an appointment as well")
    assert call.state.errand_no == 2
    assert call.state.value(Detail.DATE_OF_BIRTH) is None


# -- read back, and a yes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        f"my number is {THEIRS}",
        f"wait, it should be {THEIRS}",
        f"sorry, my phone number is actually {THEIRS}",
    ],
)
def test_a_number_is_changed_and_written_to_after_a_yes_only(words: str) -> None:
    call = booked("voice", words)
    [said] = call.replies[-1].said
    assert (said.phrase, said.args["phone"], said.args["last_name"]) == ("summary.correct", ELSEWHERE, "none")
    assert as_booked(call)
    call.say("yes")
    call.house.pass_time(10)
    assert [person.phone for person in people(call.house)] == [ELSEWHERE]
    assert [sent.to for sent in call.house.messenger.texts.values()] == [CALLER, ELSEWHERE]


def test_a_no_leaves_the_record_and_what_is_known_and_may_be_thought_over() -> None:
    call = booked("voice", "my last name is Thimblewitz actually", "no")
    assert call.said[-1] == "anything_else"
    assert as_booked(call)
    assert call.state.value(Detail.LAST_NAME) == "Thimblewick"
    call.say("my last name is Thimblewitz actually")
    assert call.said[-1] == "summary.correct"
    call.say("yes")
    assert [person.last_name for person in people(call.house)] == ["Thimblewitz"]


def test_another_value_in_place_of_a_yes_is_read_back_in_its_turn() -> None:
    call = booked("voice", "my last name is Thimblewitz actually", "no, my last name is Thimbleworth")
    assert call.said[-1] == "summary.correct"
    assert as_booked(call)
    call.say("yes")
    assert [person.last_name for person in people(call.house)] == ["Thimbleworth"]


def test_thanks_in_front_of_a_correction_do_not_end_the_call() -> None:
    call = booked("voice", "thanks, but my last name is actually Thimblewitz", "yes")
    assert [person.last_name for person in people(call.house)] == ["Thimblewitz"]


@pytest.mark.parametrize(
    ("words", "cue"),
    [
        ("el número de mi farmacia es otro", "somebody_else"),
        ("mi hija también necesita una cita, se llama Mía", "somebody_else"),
        ("mi hija también necesita una cita, se llama Mía", "wants_one_too"),
        ("mi apellido es Thimblewitz", "puts_right"),
        ("perdón, el número está mal", "puts_right"),
        ("perfecto, nos vemos el martes", "content"),
        ("mejor el jueves", "another_time"),
    ],
)
def test_spanish_words_have_the_same_cues(words: str, cue: str) -> None:
    assert getattr(cues(words, "es"), cue)
    assert not any(
        getattr(cues("sí, muchas de nada", "es"), name) for name in ("puts_right", "somebody_else")
    )


# -- the agreed time said once more ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "great, see you on tuesday",
        "perfect, tuesday at five it is",
        "ok tuesday at 5",
        "great, see you on tuesday then",
    ],
)
def test_the_agreed_time_said_once_more_begins_nothing(words: str) -> None:
    call = booked("voice")
    before = visits(call.house)
    call.say(words)
    assert call.said[-1] in ("anything_else", "goodbye")
    assert call.state.errand_no == 1
    assert visits(call.house) == before


def test_another_time_taken_for_the_agreed_one_hears_which_was_agreed() -> None:
    call = booked("voice", "ok great, wednesday at nine then")
    assert phrases(call.replies[-1]) == ["visit.yours", "anything_else"]


@pytest.mark.parametrize(
    "words",
    [
        "could we move it to friday instead?",
        "actually a different time on tuesday",
        "actually make it wednesday",
    ],
)
def test_another_time_is_still_a_move(words: str) -> None:
    call = booked("voice", words)
    assert call.state.errand is Errand.MOVE


# -- phrases signed before these were written ------------------------------------------------------------------------

LATER = ("summary.correct", "corrected", "correction.taken", "identity.too_many")


def signed_before() -> House:
    house = House()
    house.conversation = replace(house.conversation, phrasebook=without(*LATER))
    house.desk = house._wired()
    return house


def without(*names: str) -> Phrasebook:
    book = Phrasebook.of(files())
    for locale in book.locales:
        for name in names:
            book._locales[locale].pop(name, None)
    return book


def test_where_the_words_of_a_correction_are_not_signed_a_person_has_it_before_anything_is_changed() -> None:
    call = booked("voice", "my last name is Thimblewitz actually", house=signed_before())
    assert call.said[-1] == "handoff.human"
    assert [asked.route for asked in of_kind(call.bodies, HandoffAsked)] == ["human"]
    assert as_booked(call)
    assert call.state.value(Detail.LAST_NAME) == "Thimblewitz"


def test_where_the_words_for_too_many_codes_are_not_signed_a_person_is_offered() -> None:
    house = signed_before()
    on_file(house)
    for _ in range(4):
        call = house.call("voice", ELSEWHERE)
        for words in ("when is my appointment?", "Rosalind Thimblewick", "March third 1985"):
            call.say(words)
    told = [each for each in phrases(call.replies[-1]) if not each.startswith("readback")]
    assert told == ["identity.failed", "ask.person"]
