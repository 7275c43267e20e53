"""Promise 7, the other half: whoever reaches a practice before anybody signed hears one approved sentence and is put
through to a person. Nothing is begun, asked or kept for them, and danger goes by the crisis route."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from lamplighter.conversation import events as e
from lamplighter.conversation.before_signing import PROTOCOL, BeforeSigning
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import PhraseError
from lamplighter.desk import rota_changes
from lamplighter.desk.contacts import Line
from lamplighter.desk.ports import Fact
from lamplighter.wiring.lines import unsigned_line
from tests.promises.desks import (
    CALLER,
    CHANNELS,
    NIGHT,
    NOON,
    Call,
    Channel,
    House,
    of_kind,
    phrases,
    with_nobody,
)

BEGUN = (e.Understood, e.Offered, e.Did, e.Pending, e.Committed, e.Identified)
ERRANDS = (
    "I'd like to book a first visit",
    "my name is Maya Okafor and I was born on March 4, 1990",
    "any Tuesday afternoon, in person, I have Aetna",
    "the first one",
    "yes, that's right",
    "cancel my appointment",
    "what are your hours?",
)


class Unsigned(House):
    """The desk of a practice that nobody has signed, as `serve` answers for it."""

    def _line(self) -> Line:
        return unsigned_line(self.practice)

    def _wired(self) -> Any:
        line = self._line()
        conversation = line.conversation
        assert isinstance(conversation, BeforeSigning)
        self.conversation, self.protocol = conversation, line.protocol_hash
        return self.wired_with(line)


def sentence(channel: Channel) -> str:
    return "before_signing" if channel == "voice" else "before_signing.text"


def opened(house: House, channel: Channel) -> Call:
    """A contact in which the person has been answered once: a text thread begins with their words."""
    call = house.call(channel)
    if channel == "sms":
        call.say("hello")
    return call


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_contact_hears_the_one_sentence_and_a_person_is_rung_at_once(channel: Channel) -> None:
    house = Unsigned()
    call = opened(house, channel)
    house.pass_time(1)
    assert call.said == [sentence(channel)]
    assert [ring.route for ring in house.pager.rings] == ["human"]
    assert house.pager.rings[0].rung == house.practice.ladder.by_day["human"][0].id


@pytest.mark.parametrize("channel", CHANNELS)
def test_whatever_is_said_no_errand_is_begun_and_nothing_is_asked(channel: Channel) -> None:
    house = Unsigned()
    call = house.call(channel)
    for words in ERRANDS:
        call.say(words)
        house.pass_time(5)
    bodies = call.bodies
    assert not [body for body in bodies if isinstance(body, BEGUN)]
    assert set(call.said) == {sentence(channel)}
    assert all(asked.details == () for asked in of_kind(bodies, e.Asked))
    assert call.state.errand is None and call.state.known == {}
    with house.store.transaction(house.practice.id) as tx:
        assert tx.outbox.recent(10) == () and tx.waitlist.all() == ()
        assert {task.kind for task in tx.tasks.list_open()} == {"handoff"}


def test_there_are_no_other_words_that_could_be_said() -> None:
    book = Unsigned().conversation.phrasebook
    for locale in book.locales:
        assert all(name.startswith("before_signing") for name in book.phrases(locale))
    with pytest.raises(PhraseError):
        book.render("en", "greeting.chat.open", {"practice": "Maple"})


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
def test_the_sentence_says_what_it_is_that_a_person_comes_and_whom_to_call_in_danger(locale: str) -> None:
    book = Phrasebook.before_signing()
    automated, person = {"en": ("automated", "person"), "es": ("automátic", "persona")}[locale]
    for channel in CHANNELS:
        phrase = sentence(channel)
        said = book.render(locale, phrase, dict.fromkeys(book.phrase(locale, phrase).arguments, "Maple"))
        assert all(word in said for word in (automated, person, "911", "988"))
    assert {each.status for each in book.phrases(locale).values()} == {"approved"}


@pytest.mark.parametrize("channel", CHANNELS)
def test_danger_goes_by_the_crisis_route_from_the_first_words_on(channel: Channel) -> None:
    house = Unsigned()
    call = house.call(channel)
    call.say("I want to kill myself")
    house.pass_time(1)
    assert call.state.handoff is not None and call.state.handoff.route == "crisis"
    assert house.pager.rings[-1].route == "crisis"
    assert call.state.ended is None


def test_everything_that_is_heard_is_guarded_whoever_has_the_floor() -> None:
    call = opened(Unsigned(), "chat")
    call.say("hello")
    call.note(e.HandoffAccepted("Front desk", 0))
    call.say("I want to kill myself")
    heard = [event.seq for event in call.events if isinstance(event.body, e.Heard)]
    assert [body.heard for body in of_kind(call.bodies, e.Guarded)] == heard
    assert call.state.handoff is not None and call.state.handoff.route == "crisis"


def test_violence_at_home_keeps_us_from_calling_back() -> None:
    call = opened(Unsigned(), "voice")
    call.say("my husband hit me again last night and I'm scared to go home")
    assert call.state.quiet


@pytest.mark.parametrize("channel", CHANNELS)
def test_once_a_person_has_joined_the_assistant_is_silent(channel: Channel) -> None:
    house = Unsigned()
    call = opened(house, channel)
    before = len(call.said)
    call.note(e.HandoffAccepted("Front desk", 0))
    call.say("thank you, I wanted an appointment")
    house.pass_time(60)
    assert len(call.said) == before


@pytest.mark.parametrize("takes", ["after the ring", "after it was closed", "unasked"])
def test_while_somebody_here_has_the_floor_silence_moves_nobody_to_speak(takes: str) -> None:
    house = Unsigned()
    call = opened(house, "voice")
    if takes != "unasked":
        call.note(e.HandoffAccepted("Front desk", 0))
    if takes == "after it was closed":
        call.note(e.HandoffClosed("Front desk", "handled"))
    call.note(e.FloorTaken("Front desk"))
    before = len(call.said)
    for count in (1, 2, 3):
        call.note(e.Silence(count))
        house.pass_time(20)
    assert len(call.said) == before
    assert call.state.floor == "Front desk"


def test_silence_after_the_end_rings_nobody_and_says_nothing() -> None:
    house = Unsigned()
    call = opened(house, "voice")
    call.note(e.HandoffAccepted("Front desk", 0))
    call.note(e.HandoffClosed("Front desk", "handled"))
    house.desk.contacts.hang_up(house.practice.id, call.contact)
    said, rung = len(call.said), len(house.pager.rings)
    call.note(e.Silence(1))
    house.pass_time(60)
    assert (len(call.said), len(house.pager.rings)) == (said, rung)


def test_whoever_waits_on_the_phone_hears_it_again_and_people_are_rung_again() -> None:
    house = Unsigned()
    call = opened(house, "voice")
    house.pass_time(300)
    times = [event.at for event in call.events if isinstance(event.body, e.Said)]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert len(times) > 5 and max(gaps) <= 40
    assert len({ring.handoff for ring in house.pager.rings}) > 1


def test_no_message_is_met_with_silence_and_a_person_who_left_is_fetched_again() -> None:
    house = Unsigned()
    call = opened(house, "chat")
    assert phrases(call.say("is anybody there?")) == [sentence("chat")]
    call.note(e.HandoffAccepted("Front desk", 0))
    call.note(e.FloorLapsed("nobody_there"))
    house.pass_time(1)
    assert call.state.handoff is not None and call.state.handoff.status == "ringing"
    call.note(e.HandoffAccepted("Office manager", 1))
    call.note(e.HandoffClosed("Office manager", "handled"))
    assert phrases(call.say("one more thing")) == [sentence("chat")]
    assert call.state.handoff.status == "ringing"


def test_with_an_empty_ladder_the_contact_stands_on_the_board_and_is_not_left_mute() -> None:
    practice = with_nobody(House().practice)
    house = Unsigned(practice=practice)
    call = opened(house, "voice")
    house.pass_time(120)
    assert len(call.said) > 2 and len(call.events) < 60
    with house.store.transaction(practice.id) as tx:
        assert [task.contact for task in tx.tasks.list_open()] == [call.contact]


def alone(channel: Channel) -> str:
    return "before_signing.alone" if channel == "voice" else "before_signing.alone.text"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("words", ["hello", "I want to kill myself"])
def test_with_an_empty_ladder_nobody_is_said_to_be_called(channel: Channel, words: str) -> None:
    house = Unsigned(practice=with_nobody(House().practice))
    call = house.call(channel)
    call.say(words)
    house.pass_time(120)
    assert set(call.said) == {alone(channel)}


class NobodyWorksHere(Unsigned):
    def _line(self) -> Line:
        return unsigned_line(self.practice, staffed=False)


@pytest.mark.parametrize("channel", CHANNELS)
def test_before_anybody_can_come_in_on_the_staff_page_nobody_is_said_to_be_called(channel: Channel) -> None:
    house = NobodyWorksHere()
    call = opened(house, channel)
    house.pass_time(120)
    assert set(call.said) == {alone(channel)}
    with house.store.transaction(house.practice.id) as tx:
        assert [task.contact for task in tx.tasks.list_open()] == [call.contact]


def test_where_it_turns_out_that_nobody_is_there_it_is_said_at_once() -> None:
    house = Unsigned()
    everybody = {each.who for each in rota_changes.listed(house.practice)}
    with house.store.transaction(house.practice.id) as tx:
        for who in everybody:
            until = NOON + timedelta(days=1)
            tx.facts.state(
                Fact(f"away-{who}", "absent", f"ladder/{who}", NOON, "Dana", starts=NOON, ends=until)
            )
    call = opened(house, "voice")
    house.pass_time(1)
    assert call.said == ["before_signing", "before_signing.alone"]
    house.pass_time(300)
    assert set(call.said[1:]) == {"before_signing.alone"}
    assert len(of_kind(call.bodies, e.HandoffAsked)) == 1


def test_a_promise_of_a_practice_where_nobody_is_there_is_not_made_again_every_time_we_speak() -> None:
    house = Unsigned(practice=with_nobody(House().practice))
    call = opened(house, "voice")
    house.pass_time(600)
    assert len(call.said) > 10
    assert len(of_kind(call.bodies, e.HandoffAsked)) == len(of_kind(call.bodies, e.HandoffPromised)) == 1


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
def test_where_nobody_comes_the_words_promise_nobody_and_say_whom_to_call_in_danger(locale: str) -> None:
    book = Phrasebook.before_signing()
    nobody, promise = {"en": ("Nobody", "I am calling"), "es": ("no se puede localizar", "Estoy llamando")}[
        locale
    ]
    for channel in CHANNELS:
        phrase = book.phrase(locale, alone(channel))
        said = book.render(locale, alone(channel), dict.fromkeys(phrase.arguments, "Maple"))
        assert all(word in said for word in (nobody, "911", "988")) and promise not in said


def test_no_line_is_connected_for_whoever_could_not_be_told_of_it_first() -> None:
    house = Unsigned(at=NIGHT)
    call = opened(house, "voice")
    call.say("I want to kill myself")
    house.pass_time(600)
    assert house.pager.rings and all(ring.kind != "line" for ring in house.pager.rings)
    assert not of_kind(call.bodies, e.HandoffAnnounced)


def test_it_is_said_in_the_language_of_whoever_it_is_said_to() -> None:
    call = opened(Unsigned(), "chat")
    reply = call.say("hola, quisiera hacer una cita por primera vez, por favor")
    assert "mensaje automático" in reply.said[0].text


def test_whoever_hung_up_is_still_on_the_ladder() -> None:
    house = Unsigned()
    call = opened(house, "voice")
    house.desk.contacts.hang_up(house.practice.id, call.contact)
    house.pass_time(45)
    assert len(house.pager.rings) > 1


def test_a_turn_that_breaks_ends_at_a_person_all_the_same() -> None:
    class Broken:
        def check(self, text: str, locale: str, channel: str, *, before: Any = ()) -> Any:
            raise RuntimeError("broken")

        interim = readable = check

    house = Unsigned()
    conversation = replace(house.conversation, guard=Broken())
    house.desk = house.wired_with(Line(conversation, PROTOCOL))
    call = opened(house, "chat")
    assert phrases(call.say("hello")) == [sentence("chat")]
    assert call.state.handoff is not None


def test_its_events_say_that_nobody_had_signed() -> None:
    call = Unsigned(at=NOON).call("voice", CALLER)
    assert {event.protocol_hash for event in call.events} == {PROTOCOL}
