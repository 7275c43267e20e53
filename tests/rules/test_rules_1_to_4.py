"""Rules 1 to 4 of the front desk: no thread goes mute, 988, where a crisis goes, and the words."""

import itertools
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.conversation import ways
from lamplighter.conversation.events import (
    FloorTaken,
    HandoffAccepted,
    HandoffAnnounced,
    HandoffAsked,
    HandoffRefused,
    Said,
    StaffSaid,
)
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.turning import WAITING_PAUSE
from lamplighter.desk.contacts import Line
from lamplighter.desk.handoffs import MAY_REFUSE
from lamplighter.law.crisis_lines import FILE, crisis_lines, read_lines
from lamplighter.law.states import law_files
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.safety.needed import CLOSED_KEY
from tests.promises.desks import Call, Channel, of_kind, phrases, with_nobody
from tests.rules.scenes import (
    DANGER,
    HOME,
    MEDICAL,
    NIGHT,
    NOON,
    PERSON,
    THREAT,
    House,
    call,
    hang_up,
    house,
    last_words,
    rung,
    texts,
    with_ladder,
)

WRITTEN: tuple[Channel, ...] = ("sms", "chat")


# -- rule 1 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", WRITTEN)
def test_rule_01_with_nobody_on_call_a_thread_hears_so_honestly_and_when_somebody_will_be(
    channel: Channel,
) -> None:
    made = call(DANGER, channel, NIGHT, with_nobody(load_sample()))
    made.house.pass_time(5)
    assert "handoff.crisis.nobody" in made.said and "handoff.crisis.opens" in made.said
    opens = next(body for body in of_kind(made.bodies, Said) if body.phrase == "handoff.crisis.opens")
    words = made.house.conversation.phrasebook.render("en", "handoff.crisis.opens", opens.args)
    assert "December 2" in words and "9 AM" in words
    for text in ("hello", "is anyone reading this", "ok"):
        assert made.say(text).said
    later = made.said[made.said.index("handoff.crisis.opens") + 1 :]
    assert later and all(phrase.startswith("waiting.crisis.alone") for phrase in later)


def test_rule_01_crisis_words_in_the_pause_between_two_climbs_go_up_the_ladder_at_once() -> None:
    made = call(DANGER, "sms")
    made.house.pass_time(3 * 20 + 3 * 20 + 15)
    before = len(made.house.pager.rings)
    made.house.pass_time(1)
    assert len(made.house.pager.rings) == before
    made.say("I want to kill myself right now")
    made.house.pass_time(1)
    assert len(made.house.pager.rings) == before + 1


def test_rule_01_where_nobody_was_on_call_whoever_comes_in_the_morning_is_rung() -> None:
    nights = with_ladder(after_hours={})
    made = call(DANGER, "sms", NIGHT, nights)
    made.house.pass_time(3600)
    assert rung(made) == []
    made.house.pass_time(9 * 3600 + 400)
    assert rung(made)[0] == "front_desk"


def last_said(made: Call) -> str:
    said = of_kind(made.bodies, Said)[-1]
    return made.house.conversation.phrasebook.render(said.locale, said.phrase, said.args)


def under_the_floor(channel: Channel) -> Call:
    made = house(NOON).call(channel)
    made.say("I'd like to move my appointment")
    made.note(FloorTaken("Rosa"))
    made.note(StaffSaid("Rosa", "Hi, one moment"))
    return made


@pytest.mark.parametrize("channel", ["voice", *WRITTEN])
def test_rule_01_danger_that_whoever_has_the_floor_leaves_unanswered_gets_approved_words_within_ten_seconds(
    channel: Channel,
) -> None:
    made = under_the_floor(channel)
    assert made.say(DANGER).said == ()
    before = len(made.said)
    made.house.pass_time(10)
    assert made.state.floor is None
    assert made.said[before].startswith("handoff.crisis") and "988" in last_said(made)
    said = [made.say("please is anybody there").said[0].phrase for _ in range(3)]
    assert len(set(said)) == 3 and all(one.startswith("waiting.crisis") for one in said)
    assert made.house.pager.rings[0].route == "crisis"


@pytest.mark.parametrize("channel", ["voice", *WRITTEN])
def test_rule_01_whoever_answers_danger_themselves_keeps_the_floor(channel: Channel) -> None:
    made = under_the_floor(channel)
    made.say(DANGER)
    made.house.pass_time(5)
    made.note(StaffSaid("Rosa", "I am here with you."))
    made.house.pass_time(59)
    assert made.state.floor == "Rosa" and not any("crisis" in phrase for phrase in made.said)


def test_rule_01_whoever_is_writing_or_on_the_telephone_keeps_the_floor_for_as_long() -> None:
    made = under_the_floor("chat")
    made.say(DANGER)
    for _ in range(4):
        made.house.desk.contacts.still_there("demo", "Rosa", [made.contact], timedelta(seconds=20))
        made.house.pass_time(15)
    assert made.state.floor == "Rosa"
    made.house.pass_time(30)
    assert made.state.floor is None and "988" in last_said(made)


@pytest.mark.parametrize(("channel", "seconds"), [("voice", 25), ("sms", 60), ("chat", 60)])
def test_rule_01_who_accepts_a_crisis_and_says_nothing_leaves_nobody_in_silence(
    channel: Channel, seconds: int
) -> None:
    made = call(DANGER, channel)
    made.house.pass_time(2)
    made.note(HandoffAccepted("Rosa", 0))
    made.house.pass_time(seconds - 1)
    assert made.said[-1] == "handoff.accepted" and made.state.floor == "Rosa"
    rings = len(made.house.pager.rings)
    made.house.pass_time(2)
    assert made.said[-1].startswith("waiting.crisis") and made.state.floor is None
    made.house.pass_time(2)
    assert len(made.house.pager.rings) > rings


# -- rule 2 ----------------------------------------------------------------------------------------------------------


def climbed_to_the_line(made_at: Channel = "voice", practice=None):  # type: ignore[no-untyped-def]
    made = call(DANGER, made_at, NIGHT, practice)
    made.house.pass_time(42)
    return made


def test_rule_02_988_is_said_first_and_connected_only_after_it_was_announced_and_not_refused() -> None:
    made = climbed_to_the_line()
    assert "988" in texts(made)[-1]
    assert of_kind(made.bodies, HandoffAnnounced) and "lifeline" not in rung(made)
    assert made.said.count("handoff.bridge") == 1
    made.house.pass_time(MAY_REFUSE.total_seconds())
    ring = next(ring for ring in made.house.pager.rings if ring.rung == "lifeline")
    assert (ring.kind, ring.phone) == ("line", "988")


@pytest.mark.parametrize("no", ["no", "no thanks, not them", "please don't", "I'd rather not"])
def test_rule_02_a_refusal_keeps_the_line_and_people_go_on_being_rung(no: str) -> None:
    made = climbed_to_the_line()
    made.say(no)
    assert of_kind(made.bodies, HandoffRefused) and made.said[-1] == "handoff.bridge.refused"
    rings = len(made.house.pager.rings)
    made.house.pass_time(600)
    assert "lifeline" not in rung(made)
    assert len(made.house.pager.rings) > rings
    assert made.state.ended is None


@pytest.mark.parametrize("channel", WRITTEN)
def test_rule_02_nobody_is_connected_who_only_writes(channel: Channel) -> None:
    made = climbed_to_the_line(channel)
    made.house.pass_time(600)
    assert set(rung(made)) == {"on_call_clinician", "answering_service"}


def test_rule_02_nobody_is_connected_who_has_hung_up() -> None:
    made = call(DANGER, at=NIGHT)
    hang_up(made)
    made.house.pass_time(600)
    assert set(rung(made)) == {"on_call_clinician", "answering_service"}


def test_rule_02_988_is_not_rung_from_a_number_of_another_country() -> None:
    made = climbed_to_the_line(practice=replace(load_sample(), phone="+442079460000"))
    made.house.pass_time(600)
    assert "lifeline" not in rung(made)


# -- rule 3 ----------------------------------------------------------------------------------------------------------


def test_rule_03_a_medical_emergency_hears_911_in_the_first_sentence_while_people_are_rung() -> None:
    made = call(MEDICAL)
    assert "911" in last_words(made).split(".")[0]
    assert "Poison Control" in last_words(made)
    made.house.pass_time(1)
    assert rung(made)


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        (HOME, "handoff.crisis.home"),
        ("I'm hiding in the bathroom, he'll hear me", "handoff.crisis.home"),
        (THREAT, "handoff.crisis.licensed"),
        ("the aide is hitting my mother", "handoff.crisis.licensed"),
        ("mi marido me pegó", "handoff.crisis.home"),
        ("lo voy a matar", "handoff.crisis.licensed"),
        ("me duele mucho el pecho y no puedo respirar", "handoff.crisis.medical"),
        (DANGER, "handoff.crisis"),
        ("goodbye, you won't hear from me again", "handoff.crisis"),
    ],
)
def test_rule_03_cri_09_the_way_follows_from_what_was_said_and_the_unclear_go_the_general_one(
    words: str, phrase: str
) -> None:
    assert call(words).said[-1] == phrase


@pytest.mark.parametrize(
    "words",
    [
        "I'm scared of my own thoughts and I want to die",
        "I've been hiding from everyone and I want to end it",
        "la ansiedad me pega fuerte y ya no quiero vivir",
        "la depresión no me deja salir de la cama, me quiero morir",
        "I can't go on, I don't want to hurt my family but I'm going to kill myself",
    ],
)
def test_rule_03_words_that_only_sound_like_a_way_take_none(words: str) -> None:
    assert ways.SHIPPED.about("crisis", words, ()) == ()


def test_rule_03_where_several_are_said_at_once_911_comes_first_and_the_limits_of_home_hold_all_the_same() -> (
    None
):
    made = call("my husband hit me and I can't breathe")
    assert made.said[-1] == "handoff.crisis.medical"
    assert made.state.quiet


def test_rule_03_cri_11_a_threat_or_abuse_rings_whoever_is_licensed_first() -> None:
    made = call(THREAT)
    made.house.pass_time(1)
    assert made.house.pager.rings[0].licensed
    general = call(DANGER)
    general.house.pass_time(1)
    assert general.house.pager.rings[0].rung == "front_desk"


def test_rule_03_what_is_said_later_adds_its_own_words_in_place() -> None:
    made = call(DANGER)
    made.house.pass_time(1)
    asked = made.state.handoff.seq if made.state.handoff else 0
    assert phrases(made.say("I took all my pills"))[-1] == "handoff.crisis.medical"
    assert made.state.handoff is not None
    assert (made.state.handoff.seq, made.state.handoff.about) == (asked, ("medical",))


# -- rule 4 ----------------------------------------------------------------------------------------------------------

NEVER_SAID = re.compile(
    r"help is on (the|its) way|i understand how you feel|i know how you feel|calm down|committed|i promise"
    r"|everything will be"
    r"|you'll be (fine|ok)|la ayuda va en camino|entiendo (cómo|como) se siente|c[aá]lmese|tranquil[ií]cese|le prometo"
    r"|todo va a estar bien|press 3|marque 3",
    re.IGNORECASE,
)
APART = re.compile(r"lgbt|trevor", re.IGNORECASE)
CRISIS = {"": DANGER, ".medical": MEDICAL, ".home": HOME, ".licensed": THREAT}


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
def test_rule_04_no_sentence_consoles_promises_or_names_a_line_that_was_closed(locale: str) -> None:
    for name, phrase in Phrasebook.load().phrases(locale).items():
        assert not NEVER_SAID.search(phrase.spoken + phrase.text), name


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
def test_cri_08_no_sentence_and_no_line_of_the_data_leads_to_the_key_that_was_closed(locale: str) -> None:
    book = Phrasebook.load()
    for name, phrase in book.phrases(locale).items():
        assert not CLOSED_KEY.search(phrase.spoken + " " + phrase.text), name
        assert name == "handoff.crisis.beside" or not APART.search(phrase.spoken + phrase.text), name
    for closed in ("press 3 for young people", "oprima el 3", "Option three", "marque el número 3"):
        assert CLOSED_KEY.search(closed)
    ours = crisis_lines()["US"]
    assert ours.beside and "3" not in (ours.beside.veterans_key, ours.beside.spanish_key)
    told = {**ours.beside.told, **ours.apart.told} if ours.apart else {}
    words = book.render(locale, "handoff.crisis.beside", {"crisis_line": "988", **told})
    assert words.index("988") < words.rindex("988") < words.index("Trevor") < words.index("866-488-7386")


@pytest.mark.parametrize("channel", WRITTEN)
@pytest.mark.parametrize(("locale", "danger"), [("en", DANGER), ("es", "quiero matarme")])
def test_cri_07_where_it_is_written_all_that_988_has_is_named_from_the_data(
    channel: Channel, locale: str, danger: str
) -> None:
    said = call(danger, channel).replies[-1].said
    one, beside = (each for each in said if each.phrase.startswith("handoff.crisis"))
    assert (one.phrase, beside.phrase) == ("handoff.crisis.text", "handoff.crisis.beside")
    assert beside.locale == locale
    for told in ("988", "838255", "AYUDA", "240", "866-488-7386", "START", "678-678"):
        assert told in beside.text
    source = Phrasebook.load().phrase(locale, "handoff.crisis.beside").text
    assert not re.search(r"\d", source), "a number stands in the sentence and not in the data"


@pytest.mark.parametrize("words", [HOME, MEDICAL])
def test_cri_07_whoever_may_be_read_over_or_needs_911_first_is_told_no_more_than_that(words: str) -> None:
    assert "handoff.crisis.beside" not in call(words, "chat").said
    assert "handoff.crisis.beside" not in call(DANGER).said, "spoken words stay short"


def test_cri_07_a_file_of_lines_that_was_signed_before_says_what_it_has() -> None:
    before = law_files()[FILE].split(b"[US.beside]")
    lines = read_lines(before[0] + b"\n[CA]" + before[1].partition(b"\n[CA]")[2])
    assert lines["US"].beside is None and lines["US"].line == "988"
    made = house(NOON)
    law = replace(made.conversation.law, lines=lines)
    made.desk = made.wired_with(Line(replace(made.conversation, law=law), "signed"))
    contact = made.call("chat")
    contact.say(DANGER)
    assert contact.said[-1] == "handoff.crisis.text"


@pytest.mark.parametrize("about", CRISIS)
def test_cri_03_the_first_ring_is_due_before_a_word_is_spoken_and_the_first_number_comes_within_25_words(
    about: str,
) -> None:
    made = house(NOON).call()
    made.say(CRISIS[about])
    kinds = [type(body) for body in made.bodies]
    said = [body.phrase for body in made.bodies if isinstance(body, Said)]
    first = next(
        at for at, body in enumerate(made.bodies) if isinstance(body, Said) and "crisis" in body.phrase
    )
    assert said[-1] == f"handoff.crisis{about}" and kinds.index(HandoffAsked) < first
    due = made.house.jobs.next_due()
    assert due is not None and due <= made.house.clock.now(), "the ring waits for the words"
    made.house.pass_time(0)
    assert made.house.pager.rings
    for locale in Phrasebook.load().locales:
        spoken = Phrasebook.load().phrase(locale, f"handoff.crisis{about}").spoken
        assert len(re.split(r"\d", spoken)[0].split()) <= 25, locale


@pytest.mark.parametrize("words", [DANGER, MEDICAL, HOME, THREAT])
def test_rule_04_the_caller_hears_a_sentence_at_least_every_fifteen_seconds(words: str) -> None:
    assert WAITING_PAUSE < 15
    made = call(words)
    made.house.pass_time(600)
    said = [event.at for event in made.events if isinstance(event.body, Said)]
    assert max(later - one for one, later in itertools.pairwise(said)) <= timedelta(seconds=15)


def test_rule_04_a_waiting_sentence_is_held_back_while_they_speak_and_never_dropped() -> None:
    made = call(DANGER)
    made.house.pass_time(WAITING_PAUSE - 2)
    before = len(made.said)
    made.say("and then", final=False)
    made.house.pass_time(4)
    assert len(made.said) == before, "spoken over"
    made.house.pass_time(8)
    assert len(made.said) > before, "dropped"


@pytest.mark.parametrize("at", [NOON, NIGHT])
@pytest.mark.parametrize("nobody", [False, True])
@pytest.mark.parametrize("channel", ["voice", *WRITTEN])
def test_rule_04_what_is_said_of_the_ringing_is_true(at, nobody: bool, channel: Channel) -> None:  # type: ignore[no-untyped-def]
    made = call(DANGER, channel, at, with_nobody(load_sample()) if nobody else None)
    made.house.pass_time(5)
    before = len(made.replies)
    for number in range(9):
        made.house.pass_time(20)
        made.say(f"message {number}")
    words = " ".join(text for reply in made.replies[before:] for text in (one.text for one in reply.said))
    if nobody:
        assert not re.search(r"calling|ringing|list", words)
    if channel != "voice":
        assert not re.search(r"\bline\b", words)


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
def test_rule_04_the_greeting_after_hours_the_first_text_and_the_chat_name_911_and_988(locale: str) -> None:
    book = Phrasebook.load()
    for name in ("voice.closed", "sms.open", "sms.closed", "chat.open", "chat.closed"):
        words = book.phrase(locale, f"greeting.{name}").text
        assert "911" in words and "988" in words, name


def test_rule_04_sco_03_secrecy_is_never_promised_and_a_question_who_speaks_is_answered_truthfully() -> None:
    made = call(DANGER)
    assert phrases(made.say("please don't tell anyone"))[-1] == "waiting.secret"
    assert phrases(made.say("are you a real person?"))[-1] == "waiting.robot"
    assert call(PERSON).house is not None


@pytest.mark.parametrize("channel", ["voice", "sms"])
def test_rule_04_the_first_words_name_the_numbers_of_where_somebody_is(channel: Channel) -> None:
    made = house(NIGHT).call(channel, address="+442079460123")
    made.say("hello")
    first = texts(made)[0]
    assert "999" in first and "116 123" in first and "988" not in first


def test_rule_04_whoever_is_from_elsewhere_hears_the_numbers_of_there() -> None:
    house = House()
    made = house.call("voice", address="+442079460123")
    made.say(DANGER)
    assert made.said[-1] == "handoff.crisis.abroad"
    assert "116 123" in last_words(made) and "999" in last_words(made) and "911" in last_words(made)
