"""What a text of ours is answered with: a letter, a wish to be left alone in any words, a number that is not theirs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.conversation import events as e
from lamplighter.conversation.details import Detail
from lamplighter.desk import preferences
from lamplighter.desk.preferences import Preferences
from lamplighter.practice.model import Reminders
from lamplighter.practice.sample import load_sample
from tests.desk.gate.threads import NUMBER, VISIT_AT, WHO, Thread, reminded
from tests.promises.desks import House, of_kind

BARE = ["STOP", "stop", "Stop.", " StOp! ", "QUIT", "END", "Revoke", "OPT OUT", "opt-out", "UNSUBSCRIBE", "STOPALL",
        "ALTO", "¡Alto!", "baja"]  # fmt: skip
IN_WORDS = ["please stop texting me", "Don't send me any more reminders", "no me manden más mensajes",
            "Take my number off your list, thanks", "ya no quiero recibir mensajes"]  # fmt: skip


@pytest.mark.parametrize("words", BARE + IN_WORDS)
def test_tel_06_whoever_wants_no_more_gets_no_more_from_that_turn_on_and_one_confirmation(words: str) -> None:
    thread = reminded()
    assert thread.writes(words) == ["sms.stopped"]
    assert "START" in thread.words
    [fact] = thread.opted_out()
    assert fact.at == thread.house.clock.now() and fact.value("contact") == thread.contact
    before = dict(thread.house.messenger.texts)
    thread.house.pass_time(10 * 24 * 3600)
    assert thread.house.messenger.texts == before
    with thread.house.store.transaction("demo") as tx:
        consent = tx.consents.latest("p1", "everything", "sms")
    assert consent is not None and not consent.given and consent.contact == thread.contact


def test_tel_06_of_a_sentence_only_the_words_that_say_it_are_kept() -> None:
    thread = reminded()
    thread.writes("I feel watched, my brother reads these so please stop texting me, he works nights")
    [fact] = thread.opted_out()
    assert fact.value("words") == "stop texting me" or "brother" not in fact.value("words")


@pytest.mark.parametrize(
    "words",
    ["he won't stop texting me", "tell him to stop texting me", "please don't text me before nine", "can you text me",
     "take me off the wait list"],
)  # fmt: skip
def test_tel_06_words_that_only_sound_like_it_stop_nothing(words: str) -> None:
    thread = reminded()
    thread.writes(words)
    assert thread.opted_out() == []


@pytest.mark.parametrize("name", ["Huy", "Ed", "Fin"])
def test_tel_06_whoever_writes_their_name_where_it_was_asked_for_goes_on_getting_texts(name: str) -> None:
    thread = reminded(phone="+12125550199", sent=False)
    thread.writes("I need to move my appointment")
    assert {each.detail for each in thread.state.asked} & {Detail.FIRST_NAME, Detail.LAST_NAME}
    assert not {"sms.stopped", "sms.stopped.cancel", "sms.help"} & set(thread.writes(name))
    assert thread.opted_out() == []
    thread.writes("STOP")
    assert len(thread.opted_out()) == 1


def test_tel_06_whoever_is_handed_over_as_well_is_told_that_the_texts_stopped() -> None:
    thread = reminded()
    said = thread.writes("I withdraw my consent")
    assert len(thread.opted_out()) == 1
    assert [phrase for phrase in said if not phrase.startswith("greeting")] == [
        "texts.stopped",
        "handoff.human.text",
    ]


@pytest.mark.parametrize(
    "words", ["I withdraw my consent to share anything with my mother", "Enough calls, I'd rather text"]
)
def test_tel_06_what_is_about_something_else_stops_no_texts(words: str) -> None:
    thread = reminded()
    thread.writes(words)
    assert thread.opted_out() == []


@pytest.mark.parametrize(("words", "language"), [("never call me again", "en"), ("no me llamen más", "es")])
def test_tel_06_whoever_wants_no_calls_is_told_that_calls_and_texts_stop(words: str, language: str) -> None:
    thread = reminded(language=language)
    assert thread.writes(words) == ["sms.stopped.calls"]
    assert len(thread.opted_out()) == 1 and "START" in thread.words


def test_tel_06_start_brings_the_texts_back() -> None:
    thread = reminded()
    thread.writes("STOP")
    assert thread.writes("Start") == ["sms.started"]
    assert thread.opted_out() == []
    with thread.house.store.transaction("demo") as tx:
        consent = tx.consents.latest("p1", "everything", "sms")
    assert consent is not None and consent.given and consent.wording == "said: start"


def test_tel_06_an_answer_in_spanish_is_answered_in_spanish() -> None:
    thread = reminded()
    thread.writes("ALTO")
    assert thread.state.locale == "es" and "no le escribiremos" in thread.words


@pytest.mark.parametrize("means", ["everything", "what_it_answers"])
def test_tel_08_a_practice_says_whether_stop_means_everything_or_what_it_answers(means: Any) -> None:
    practice = replace(load_sample(), reminders=Reminders(stop_means=means))
    thread = reminded(practice=practice)
    thread.writes("STOP")
    assert [fact.value("of") for fact in thread.opted_out()] == [
        "reminders" if means == "what_it_answers" else "everything"
    ]


def test_tel_07_cancel_alone_stops_the_texts_asks_once_which_was_meant_and_leaves_a_task() -> None:
    thread = reminded()
    assert thread.writes("CANCEL") == ["sms.stopped.cancel"]
    assert len(thread.opted_out()) == 1
    assert thread.visit().status == "booked"
    [task] = thread.tasks("visit_or_texts")
    assert dict(task.details)["phone"] == NUMBER
    assert thread.house.pass_time(3600) is None and thread.visit().status == "booked"


@pytest.mark.parametrize("words", ["VISIT", "my appointment", "cita", "Yes."])
def test_tel_07_whoever_meant_the_visit_cancels_it_with_a_yes_and_no_name(words: str) -> None:
    thread = reminded()
    thread.writes("CANCEL")
    assert "summary.cancel.plain" in thread.writes(words)
    assert "cancelled.plain" in thread.writes("yes")
    assert thread.visit().status == "cancelled"
    assert len(thread.opted_out()) == 1


def test_tel_07_whoever_meant_the_texts_keeps_the_visit() -> None:
    thread = reminded()
    thread.writes("Cancel")
    assert thread.writes("no, just the texts") == ["sms.stopped.only"]
    assert thread.visit().status == "booked"


def test_tel_07_no_word_for_opting_out_ever_changes_a_visit() -> None:
    for words in (*BARE, "CANCEL", "cancelar"):
        thread = reminded()
        thread.writes(words)
        thread.house.pass_time(600)
        assert thread.visit().status == "booked" and thread.opted_out(), words


@pytest.mark.parametrize(
    ("first", "second"),
    [("CANCEL", "CANCEL"), ("STOP", "STOP"), ("STOP", "Cancel"), ("CANCEL", "please stop texting me")],
)
@pytest.mark.parametrize("days", [0, 3])
def test_tel_07_whoever_stopped_the_texts_gets_no_second_confirmation(
    first: str, second: str, days: int
) -> None:
    thread = reminded()
    thread.writes(first)
    thread.house.pass_time(days * 24 * 3600 + 60)
    assert thread.writes(second) == []
    assert thread.opted_out() and thread.visit().status == "booked"
    assert bool(thread.tasks("visit_or_texts")) == ("cancel" in (first + second).casefold())
    assert thread.writes("HELP") == ["sms.help"]
    assert thread.writes("START") == ["sms.started"]
    assert thread.writes("STOP") == ["sms.stopped"]


def test_tel_06_no_code_is_said_to_be_sent_to_whoever_stopped_the_texts() -> None:
    thread = reminded(phone="+12125550199", sent=False)
    thread.writes("STOP")
    thread.writes("I need to move my appointment")
    thread.writes("Rosalind Thimblewick")
    said = thread.writes("December 1 1985")
    assert "ask.identity_code" not in said and "identity.failed" in said
    with thread.house.store.transaction("demo") as tx:
        assert not [message for message in tx.outbox.recent() if message.phrase == "sms.code"]


@pytest.mark.parametrize("words", ["HELP", "info", "Ayuda"])
def test_tel_12_help_says_who_we_are_how_often_we_write_and_how_to_reach_a_person(words: str) -> None:
    thread = reminded()
    assert thread.writes(words) == ["sms.help"]
    assert {"HLC Office", "(212) 555-0100", "STOP", "911"} <= {
        part for part in ("HLC Office", "(212) 555-0100", "STOP", "911") if part in thread.words
    }


@pytest.mark.parametrize("words", ["C", "c.", "Confirm", "yes", "I'll be there", "👍"])
def test_rem_01_c_confirms_the_visit_that_was_reminded_of(words: str) -> None:
    thread = reminded()
    assert thread.writes(words)[-1] == "sms.confirmed"
    assert thread.visit().status == "confirmed"
    assert "Mei" not in thread.words and "Rosalind" not in thread.words
    assert thread.state.identified is not None and thread.state.identified.how == "thread"


def test_lng_02_a_letter_is_answered_in_the_language_that_we_wrote_in() -> None:
    thread = reminded(language="es")
    thread.writes("C")
    assert thread.visit().status == "confirmed" and "queda confirmado" in thread.words


def test_rem_01_whoever_says_in_words_when_else_they_can_come_is_offered_that() -> None:
    thread = reminded()
    said = thread.writes("can we move my appointment to Friday morning?")
    offered = thread.state.offer
    assert said[-1].startswith("offer.plain.") and offered is not None
    local = [slot.start.astimezone(thread.house.practice.timezone) for slot in offered.slots]
    assert all(start.weekday() == 4 and start.hour < 12 for start in local)


def test_rem_01_r_offers_times_of_the_same_clinician_and_the_choice_moves_the_visit() -> None:
    thread = reminded()
    before = thread.visit().slot
    assert thread.writes("R")[-1].startswith("offer.plain.")
    offered = thread.state.offer
    assert offered is not None and 2 <= len(offered.slots) <= 3
    assert {slot.clinician for slot in offered.slots} == {before.clinician}
    assert {slot.modality for slot in offered.slots} == {before.modality}
    assert all(slot.start > thread.house.clock.now() and slot.start != before.start for slot in offered.slots)
    assert "moved.plain" in thread.writes("the second one")
    assert thread.visit().slot.start == offered.slots[1].start


@pytest.mark.parametrize(
    "talk",
    [
        ("C",),
        ("R", "the first one"),
        ("R", "none of those"),
        ("CANCEL", "visit", "no"),
        ("CANCEL", "visit", "yes"),
    ],
)
def test_prv_03_an_answer_to_our_text_shows_times_and_no_name_of_anybody(talk: tuple[str, ...]) -> None:
    thread = reminded()
    for words in talk:
        thread.writes(words)
        assert not any(
            name in thread.words for name in ("Mei", "Tan", "Rosalind", "Thimblewick", "Dr.", "with ")
        )


def test_rem_01_none_of_these_goes_on_to_other_times_and_a_person_is_never_far() -> None:
    thread = reminded()
    thread.writes("R")
    first = thread.state.offer
    thread.writes("none of those")
    assert thread.state.outcome is None
    said = thread.writes("Friday morning")
    second = thread.state.offer
    assert said[-1].startswith("offer.plain.") and second is not None and second != first
    thread.writes("let me talk to a person")
    assert thread.state.verdict == "human"


def test_rule_18_the_thread_identifies_for_that_visit_and_for_nothing_else() -> None:
    thread = reminded()
    thread.writes("C")
    assert "ask.first_name" in " ".join(thread.writes("when are all my other visits?")) or (
        thread.state.verdict != "clear" or thread.state.asked
    )


@pytest.mark.parametrize(("sent", "person"), [(False, {}), (True, {"by_person_only": True})])
def test_rule_18_without_a_text_of_ours_to_answer_a_letter_identifies_nobody(sent: bool, person: Any) -> None:
    thread = reminded(sent=sent, **person)
    thread.writes("R")
    assert thread.state.identified is None and thread.visit().slot.start == VISIT_AT


def test_rule_18_a_letter_from_another_number_changes_nothing() -> None:
    thread = reminded()
    stranger = Thread(thread.house, "+12125550199")
    stranger.writes("C")
    assert thread.visit().status == "booked" and stranger.state.identified is None


@pytest.mark.parametrize(
    "words", ["I don't know any Sam", "wrong number", "número equivocado", "Nobody here by that name"]
)
def test_tel_11_a_number_that_is_somebody_elses_is_taken_off_and_nothing_is_said_of_anybody(
    words: str,
) -> None:
    thread = reminded()
    assert thread.writes(words) == ["sms.unlinked"]
    assert thread.person().phone is None
    assert not any(part in thread.words for part in ("Rosalind", "Thimblewick", "Mei", "visit", "December"))
    [task] = thread.tasks("not_theirs")
    before = dict(thread.house.messenger.texts)
    thread.house.pass_time(10 * 24 * 3600)
    assert thread.house.messenger.texts == before and task.details == (("phone", NUMBER),)


@pytest.mark.parametrize(
    "words",
    ["Oops sorry, wrong number", "Sorry, I dialed the wrong number", "this isn't Sam's number?",
     "scusate, ho fatto il numero sbagliato"],
)  # fmt: skip
def test_tel_11_whoever_wrote_to_us_by_mistake_keeps_their_number(words: str) -> None:
    thread = reminded()
    thread.writes(words)
    assert thread.person().phone == NUMBER and thread.tasks("not_theirs") == []


@pytest.mark.parametrize("words", ["Sorry, wrong number", "perdón, número equivocado"])
def test_tel_11_whoever_is_sorry_keeps_their_number_unless_we_had_written_to_it_lately(words: str) -> None:
    written, quiet = reminded(), reminded(sent=False)
    assert written.writes(words) == ["sms.unlinked"] and written.person().phone is None
    assert "sms.unlinked" not in quiet.writes(words) and quiet.person().phone == NUMBER
    assert quiet.tasks("not_theirs") == []


def test_tel_11_it_may_be_the_second_thing_they_write() -> None:
    thread = reminded()
    thread.writes("who is this?")
    assert thread.writes("I don't know any Sam") == ["sms.unlinked"]
    assert thread.person().phone is None


def test_in_the_middle_of_an_errand_a_letter_or_an_outburst_is_what_it_answers() -> None:
    thread = Thread(House(), "+12125550199")
    thread.writes("I'd like a first appointment")
    for words in ("r", "wrong number", "this is ridiculous"):
        thread.writes(words)
        assert not {"sms.unlinked", "sms.confirmed"} & set(thread.state.phrases_said)
    assert thread.tasks("not_theirs") == []


def test_tel_11_a_stranger_gets_the_same_words() -> None:
    thread = Thread(House(), "+12125550199")
    assert thread.writes("wrong number") == ["sms.unlinked"]
    assert thread.tasks("not_theirs") == []


@pytest.mark.parametrize("words", ["this is ridiculous", "fuck off", "esto es inaceptable"])
def test_whoever_is_angry_with_a_text_of_ours_gets_an_apology_and_a_person(words: str) -> None:
    thread = reminded()
    said = thread.writes(words)
    assert said[-1].startswith("handoff.sorry")
    thread.house.pass_time(1)
    assert thread.house.pager.rings


def test_rule_27_whoever_runs_late_is_not_asked_for_a_name() -> None:
    thread = reminded()
    thread.house.clock.move_to(VISIT_AT - timedelta(minutes=20))
    assert "day.told" in thread.writes("running 10 min late")
    [task] = thread.tasks("day_of_visit")
    assert task.person == "p1" and ("phone", NUMBER) in task.details
    thread.house.pass_time(1)
    assert {"clinician", "staff"} == {ring.kind for ring in thread.house.pager.rings}


@pytest.mark.parametrize("after", ["STOP", "CANCEL", "please stop texting me"])
def test_cri_14_a_crisis_after_stop_rings_the_ladder_and_is_answered(after: str) -> None:
    thread = reminded()
    thread.writes(after)
    said = thread.writes("I want to kill myself")
    assert any(phrase.startswith("handoff.crisis") for phrase in said)
    thread.house.pass_time(60)
    assert thread.house.pager.rings and thread.house.pager.rings[0].route == "crisis"
    thread.house.pass_time(3600)
    [task] = thread.tasks("handoff")
    assert task.route == "person_now"
    assert ("texts_may_not_arrive", "true") in task.details
    assert thread.opted_out()


def test_cri_14_a_word_for_opting_out_in_the_middle_of_a_crisis_counts_and_nothing_goes_mute() -> None:
    thread = reminded()
    thread.writes("I want to kill myself")
    assert thread.writes("STOP") != []
    assert thread.opted_out() and thread.state.verdict == "crisis"


def test_one_speaker_an_opt_out_counts_while_a_person_has_the_floor_and_the_agent_says_nothing() -> None:
    thread = reminded()
    thread.writes("what are your hours?")
    assert thread.contact is not None
    thread.house.desk.contacts.note("demo", thread.contact, e.FloorTaken("Dana"))
    assert thread.writes("stop texting me") == []
    assert thread.opted_out()


@pytest.mark.parametrize("channel", ["voice", "chat"])
def test_tel_06_it_may_be_said_on_the_telephone_and_in_a_chat_as_well(channel: Any) -> None:
    house = House()
    with house.store.transaction("demo") as tx:
        tx.people.add(replace(WHO, phone=NUMBER))
    call = house.call(channel, NUMBER)
    reply = call.say("please stop texting me")
    assert "texts.stopped" in [each.phrase for each in reply.said]
    assert len(of_kind(call.bodies, e.OptedOut)) == 1
    with house.store.transaction("demo") as tx:
        facts = tx.facts.standing("opted_out", f"number/{NUMBER}")
        tasks = [task.kind for task in tx.tasks.list_open()]
    assert (len(facts), tasks) == ((1, []) if channel == "voice" else (0, ["wants_no_texts"]))


def test_prv_04_a_visit_that_changes_sends_no_text_to_a_number_that_wants_none_and_promises_none() -> None:
    thread = reminded()
    thread.writes("STOP")
    before = dict(thread.house.messenger.texts)
    thread.writes("R")
    thread.writes("the first one")
    moved = [each for each in thread.reply.said if each.phrase == "moved.plain"]
    thread.house.pass_time(3600)
    assert [each.args["sent"] for each in moved] == ["none"]
    assert thread.house.messenger.texts == before


def test_tel_08_no_more_reminders_leaves_the_confirmation_of_what_they_book_themselves() -> None:
    practice = replace(load_sample(), reminders=Reminders(stop_means="what_it_answers"))
    thread = reminded(practice=practice)
    thread.writes("STOP")
    thread.writes("R")
    thread.writes("the first one")
    moved = [each.args["sent"] for each in thread.reply.said if each.phrase == "moved.plain"]
    thread.house.pass_time(60)
    assert moved == ["text"]
    assert any("your time is now" in sent.text for sent in thread.house.messenger.texts.values())


def test_prv_04_whoever_is_not_to_be_contacted_is_promised_no_text() -> None:
    thread = reminded()
    with thread.house.store.transaction("demo") as tx:
        wish = Preferences(do_not_contact=True)
        preferences.state(tx, "p1", wish, by="a1", now=thread.house.clock.now())
    thread.writes("R")
    thread.writes("the first one")
    assert [each.args["sent"] for each in thread.reply.said if each.phrase == "moved.plain"] == ["none"]


@pytest.mark.parametrize(
    "words",
    ["Proszę przestać do mnie pisać", "не пишите мне больше", "请不要再给我发短信", "مش عايز رسايل تاني",
     "wag nyo na akong itext", "mujhe message bhejna band karo", "pa voye mesaj ban m ankò",
     "더 이상 문자 보내지 마세요"],
)  # fmt: skip
def test_tel_06_it_is_heard_in_any_of_our_languages_and_confirmed_once_in_one_that_we_write(
    words: str,
) -> None:
    thread = reminded()
    assert thread.writes(words) == ["sms.stopped"]
    assert thread.state.locale == "en" and "START" in thread.words
    assert len(thread.opted_out()) == 1
    assert thread.writes(words) == []


def test_tel_07_a_wrong_number_is_heard_in_any_of_our_languages_and_nothing_is_said_of_anybody() -> None:
    thread = reminded()
    assert thread.writes("nie znam żadnej Rosalind") == ["sms.unlinked"]
    assert thread.person().phone is None and len(thread.tasks("not_theirs")) == 1


def test_tel_06_words_of_danger_beside_it_ring_the_ladder_and_the_texts_stop_all_the_same() -> None:
    thread = reminded()
    thread.writes("Nie piszcie do mnie więcej, nie chcę już żyć")
    assert thread.state.verdict == "crisis"
    assert len(thread.opted_out()) == 1
