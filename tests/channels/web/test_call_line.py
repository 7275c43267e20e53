import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.channels.calls import call as calls
from lamplighter.channels.calls.speech_desk import VoiceLine
from lamplighter.channels.calls.spoken import SpokenLines
from lamplighter.channels.speech.line import SpokenLine
from lamplighter.channels.speech.listening import LevelVad
from lamplighter.channels.speech.standins import WordsInSoundRecogniser, WordsInSoundVoice
from lamplighter.channels.web.limits import BAD_FRAMES
from lamplighter.conversation import events as e
from lamplighter.desk.contacts import Contacts
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.later import ON_THE_LINE
from lamplighter.desk.ports import Hearing, Sound
from tests.channels.web.lines import PATIENCE, Closed, End, line_to
from tests.channels.web.stage import PATIENTS, Stage, contacts_of, served

# A line that closes may leave behind an interim recognition that had not begun.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

SILENCE = b"\0\0" * 16_000


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    with served(stage.public()) as address:
        yield address


@contextmanager
def calling(address: str, number: str | None = None) -> Iterator[End]:
    with line_to(address, "/call/line") as line:
        line.send(type="hello", number=number)
        line.until("hello")
        yield line


def speech() -> SpokenLines:
    return SpokenLines(WordsInSoundRecogniser(), WordsInSoundVoice(), LevelVad)


def spoken(text: str) -> list[bytes]:
    """The words as a voice would say them, with a second of silence after, in pieces."""
    sound = asyncio.run(WordsInSoundVoice().speak(text, locale="en")).pcm + SILENCE
    return [sound[at : at + 1280] for at in range(0, len(sound), 1280)]


def only_contact(stage: Stage) -> tuple[e.Event, ...]:
    with stage.records.transaction(stage.practice.id) as tx:
        (contact,) = tx.log.contacts()
        return tx.log.read(contact.id)


def bodies(stage: Stage, kind: type) -> list[e.Body]:
    return [event.body for event in only_contact(stage) if isinstance(event.body, kind)]


def until_ended(stage: Stage) -> None:
    """The server stores the end of a call a moment after the browser has gone."""
    moment = threading.Event()
    for _ in range(6000):
        if bodies(stage, e.Ended):
            return
        moment.wait(0.01)
    raise AssertionError("the call has not ended")


def test_a_call_works_with_typed_words_where_this_machine_cannot_speak(address: str) -> None:
    with calling(address) as line:
        line.until_said("automated AI assistant")
        line.say("What are your hours?")
        answer = line.until_said("9 AM")
    assert ("person", "What are your hours?") in answer


def test_a_call_comes_from_the_number_that_was_picked(stage: Stage, address: str) -> None:
    with calling(address, PATIENTS[0].number) as line:
        line.until("entries")
    (opened,) = bodies(stage, e.Opened)
    assert isinstance(opened, e.Opened)
    assert (opened.channel, opened.address, opened.dialled) == (
        "voice",
        PATIENTS[0].number,
        stage.practice.phone,
    )


def test_keys_pressed_one_after_another_are_one_answer(stage: Stage, address: str) -> None:
    with calling(address) as line:
        line.until("entries")
        for key in "2125550143#":
            line.send(type="keys", keys=key)
        line.until("entries")
    assert [heard.keys for heard in bodies(stage, e.Heard) if isinstance(heard, e.Heard)] == ["2125550143"]


def test_zero_fetches_a_person(stage: Stage, address: str) -> None:
    with calling(address) as line:
        line.until("entries")
        line.send(type="keys", keys="0#")
        line.until("entries")
    (asked,) = bodies(stage, e.HandoffAsked)
    assert isinstance(asked, e.HandoffAsked)
    assert asked.route == "human"


def test_whoever_leaves_the_page_has_hung_up(stage: Stage, address: str) -> None:
    with calling(address) as line:
        line.until("entries")
    until_ended(stage)
    assert bodies(stage, e.Ended) == [e.Ended("hung_up")]


def test_what_is_spoken_over_the_greeting_is_heard_and_answered_aloud(stage: Stage, address: str) -> None:
    stage.speech.ready(speech())
    with calling(address) as line:
        assert int.from_bytes(line.sound()[:4], "little") == 16_000
        for piece in spoken("What are your hours?"):
            line.send_raw(piece)
        line.until("hush")
        thread = line.until_said("9 AM")
        assert line.sound()
    assert ("person", "What are your hours?") in thread


def test_a_call_under_way_gets_its_voice_when_speech_is_ready(stage: Stage, address: str) -> None:
    with calling(address) as line:
        line.until("listening")
        stage.speech.ready(speech())
        line.say("What are your hours?")
        assert len(line.sound()) > 4


def test_sco_05_when_staff_take_the_floor_the_loudspeaker_falls_silent(stage: Stage, address: str) -> None:
    stage.speech.ready(speech())
    with calling(address) as line:
        line.sound()
        contact = only_contact(stage)[0].contact
        stage.contacts.note(stage.practice.id, contact, e.FloorTaken("Rosa"))
        line.until("hush")
        line.until("listening")
        stage.contacts.note(stage.practice.id, contact, e.StaffSaid("Rosa", "This is Rosa."))
        said = asyncio.run(WordsInSoundRecogniser().recognise(_joined(line), locale="en"))
    assert said.text == "This is Rosa."


class SlowFeed(LiveFeed):
    """Tells nobody of anything while it is `held`."""

    held = False

    def publish(self, practice: str, contact: str, seq: int) -> None:
        if not self.held:
            super().publish(practice, contact, seq)


def test_words_that_staff_have_overtaken_are_not_spoken_though_the_line_has_not_read_of_it_yet() -> None:
    feed, taken = SlowFeed(), threading.Event()
    stage = Stage(feed=feed)

    class TakenMeanwhile(SpokenLines):
        def __call__(self, **parts: Any) -> VoiceLine:
            feed.held = True
            contact = only_contact(stage)[0].contact
            stage.contacts.note(stage.practice.id, contact, e.FloorTaken("Rosa"))
            taken.set()
            return super().__call__(**parts)

    with served(stage.public()) as address, calling(address) as line:
        line.until("listening")
        stage.speech.ready(TakenMeanwhile(WordsInSoundRecogniser(), WordsInSoundVoice(), LevelVad))
        line.say("What are your hours?")
        line.until_said("9 AM")
        assert taken.wait(PATIENCE)
        feed.held = False
        contact = only_contact(stage)[0].contact
        stage.contacts.note(stage.practice.id, contact, e.StaffSaid("Rosa", "This is Rosa."))
        said = asyncio.run(WordsInSoundRecogniser().recognise(_joined(line), locale="en"))
    assert said.text == "This is Rosa."


def _joined(line: End) -> Sound:
    pcm = b""
    while True:
        frame = line.next()
        if isinstance(frame, bytes):
            pcm += frame[4:]
        elif frame["type"] == "listening":
            return Sound(pcm, 16_000)


def test_a_recogniser_that_keeps_failing_fetches_a_person(stage: Stage, address: str) -> None:
    class Deaf:
        async def recognise(
            self, sound: Sound, *, locale: str, final: bool = True, asked: tuple[str, ...] = ()
        ) -> Hearing:
            raise RuntimeError("deaf")

    stage.speech.ready(SpokenLines(Deaf(), WordsInSoundVoice(), LevelVad))
    with calling(address) as line:
        for _ in range(2 * calls.TROUBLES):
            for piece in spoken("hello there"):
                line.send_raw(piece)
        assert line.until("error")["code"] == "failed"
        line.until_said("getting a person")
    (asked,) = bodies(stage, e.HandoffAsked)
    assert isinstance(asked, e.HandoffAsked)
    assert asked.route == "human"


class Faulty:
    """A line's maker, and its ear, of which one breaks every time."""

    def __init__(self, *, maker: bool) -> None:
        self._maker = maker
        self.lines = SpokenLines(WordsInSoundRecogniser(), WordsInSoundVoice(), lambda: self)  # type: ignore[arg-type, return-value]

    def __call__(self, **parts: Any) -> VoiceLine:
        if self._maker:
            raise RuntimeError("the model's file is gone")
        return self.lines(**parts)

    def expect(self, line: VoiceLine, details: tuple[str, ...], distress: bool) -> None:
        self.lines.expect(line, details, distress)

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("the ear is broken")


@pytest.mark.parametrize("maker", [True, False])
def test_sound_that_cannot_be_taken_ends_no_call_and_the_third_time_fetches_a_person(
    stage: Stage, address: str, maker: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "AGAIN", 0.01)
    with calling(address) as line:
        line.until("listening")
        stage.speech.ready(Faulty(maker=maker))
        for _ in range(calls.TROUBLES):
            line.send_raw(SILENCE[:1280])
            assert line.until("error")["code"] == "failed"
            threading.Event().wait(0.02)
        line.until_said("getting a person")
    (asked,) = bodies(stage, e.HandoffAsked)
    assert isinstance(asked, e.HandoffAsked)
    assert asked.route == "human"


def test_a_voice_that_cannot_be_silenced_loses_no_key_and_leaves_no_call_under_way(
    stage: Stage, address: str
) -> None:
    class Loud(SpokenLine):
        async def hush(self) -> None:
            raise RuntimeError("the loudspeaker is stuck")

    class Lines(SpokenLines):
        def __call__(self, **parts: Any) -> VoiceLine:
            line = super().__call__(**parts)
            line.__class__ = Loud
            return line

    stage.speech.ready(Lines(WordsInSoundRecogniser(), WordsInSoundVoice(), LevelVad))
    with calling(address) as line:
        line.sound()
        line.send(type="keys", keys="0")
    until_ended(stage)
    assert [heard.keys for heard in bodies(stage, e.Heard) if isinstance(heard, e.Heard)] == ["0"]
    assert bodies(stage, e.Ended) == [e.Ended("hung_up")]


class Breaking:
    """Records that break so many times and hold from then on; what is stored by others is seen through them."""

    def __init__(self, stage: Stage, times: int) -> None:
        self._records, self.left = stage.records, times

    def transaction(self, practice: str) -> Any:
        if self.left:
            self.left -= 1
            raise ConnectionError("the store is away")
        return self._records.transaction(practice)


def test_a_call_goes_on_when_what_reads_the_log_for_it_breaks(stage: Stage) -> None:
    with served(stage.public(records=Breaking(stage, 1))) as address, calling(address) as line:
        assert line.until("error")["code"] == "failed"
        line.until_said("automated AI assistant")
        line.say("What are your hours?")
        line.until_said("9 AM")


def test_a_call_whose_parts_keep_breaking_fetches_a_person(stage: Stage) -> None:
    with served(stage.public(records=Breaking(stage, calls.TROUBLES))) as address, calling(address) as line:
        line.until_said("getting a person")
    (asked,) = bodies(stage, e.HandoffAsked)
    assert isinstance(asked, e.HandoffAsked)
    assert asked.route == "human"


def test_a_call_that_cannot_be_stored_at_once_is_answered_all_the_same(stage: Stage) -> None:
    class Late(Contacts):
        tries = 0

        def open(self, *args: Any, **how: Any) -> Any:
            self.tries += 1
            if self.tries == 1:
                raise ConnectionError("the store is away")
            return stage.contacts.open(*args, **how)

        def hear(self, *args: Any, **how: Any) -> Any:
            return stage.contacts.hear(*args, **how)

    late = Late(stage.records, {}, stage.clock, stage.feed, worker="w", new_id=str, new_code=str)
    with served(stage.public(contacts=late)) as address, line_to(address, "/call/line") as line:
        line.send(type="hello", number=None)
        assert line.until("error")["code"] == "failed"
        line.until("hello")


def test_zero_pressed_just_before_the_call_ends_fetches_a_person(stage: Stage, address: str) -> None:
    with calling(address) as line:
        line.until("entries")
        line.send(type="keys", keys="0")
    until_ended(stage)
    assert [heard.keys for heard in bodies(stage, e.Heard) if isinstance(heard, e.Heard)] == ["0"]
    assert len(bodies(stage, e.HandoffAsked)) == 1


def test_keys_pressed_before_words_are_an_answer_of_their_own(stage: Stage, address: str) -> None:
    with calling(address) as line:
        line.until("entries")
        line.send(type="keys", keys="7")
        line.say("What are your hours?")
        line.until_said("9 AM")
    heard = [body for body in bodies(stage, e.Heard) if isinstance(body, e.Heard)]
    assert [(each.keys, each.text) for each in heard] == [("7", ""), ("", "What are your hours?")]


@pytest.mark.parametrize("sound", [b"\0", b"\0" * 40_000, b"odd" * 3])
def test_sound_that_is_none_is_answered_and_the_call_goes_on(
    stage: Stage, address: str, sound: bytes
) -> None:
    stage.speech.ready(speech())
    with calling(address) as line:
        line.send_raw(sound)
        assert line.until("error")["code"] == "malformed"
        line.say("What are your hours?")
        line.until_said("9 AM")


@pytest.mark.parametrize("keys", [None, 5, "", "a", "1" * 33, "١"])
def test_keys_that_are_on_no_telephone_are_refused(address: str, keys: object) -> None:
    with calling(address) as line:
        line.send(type="keys", keys=keys)
        assert line.until("error")["code"] == "malformed"


@pytest.mark.parametrize("number", [5, "", "+1917555" + "0243", "911"])
def test_nobody_calls_from_a_number_that_could_be_somebodys(address: str, number: object) -> None:
    with line_to(address, "/call/line") as line:
        line.send(type="hello", number=number)
        assert line.until("error")["code"] == "malformed"


def test_sound_before_the_call_is_refused(address: str) -> None:
    with line_to(address, "/call/line") as line:
        for _ in range(BAD_FRAMES):
            line.send_raw(SILENCE[:640])
        assert line.until("error")["code"] == "malformed"
        with pytest.raises(Closed):
            line.until("never")


@pytest.mark.parametrize("away", [4, 10_000], ids=["for a moment", "for long"])
def test_a_hang_up_while_the_store_is_away_is_stored_when_it_is_back(
    stage: Stage, away: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "AGAIN", 0.01)
    store: Any = Breaking(stage, 0)
    contacts = contacts_of([stage.practice, stage.other], store, stage.clock, stage.feed)
    with served(stage.public(contacts=contacts)) as address:
        with calling(address) as line:
            line.until_said("automated AI assistant")
            line.say("What are your hours?")
            line.until_said("9 AM")
            store.left = away
        if away == 4:
            return until_ended(stage)
    for _ in range(3):
        assert bodies(stage, e.Ended) == []
        stage.clock.ahead(ON_THE_LINE + timedelta(seconds=1))
        stage.run_due()
        if bodies(stage, e.Ended):
            break
    assert bodies(stage, e.Ended) == [e.Ended("hung_up")]
