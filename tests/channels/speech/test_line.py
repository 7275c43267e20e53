"""One spoken contact, driven by stand-ins for voice and ear: who speaks, who gives way, what is delivered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from lamplighter.channels.speech.line import SpokenLine, Utterance
from lamplighter.channels.speech.listening import LevelVad
from lamplighter.channels.speech.sound import cut, seconds
from lamplighter.channels.speech.standins import WordsInSoundRecogniser, WordsInSoundVoice
from lamplighter.channels.speech.turns import DETAIL, TurnTaker
from lamplighter.desk.ports import Hearing, Recogniser, Sound
from tests.channels.speech.conftest import buzz, settled, silence

LONG = "We have Tuesday at ten in the morning, Wednesday at noon, or Thursday at five in the afternoon."


@dataclass
class Room:
    """The other end: what it heard of us, piece by piece, each piece only when `hear_on` lets it pass."""

    played: list[Sound] = field(default_factory=list)
    hushed: int = 0
    allowed: int = 0
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def play(self, sound: Sound) -> None:
        while len(self.played) >= self.allowed:
            self._more.clear()
            await self._more.wait()
        self.played.append(sound)

    async def hush(self) -> None:
        self.hushed += 1

    async def hear_on(self, pieces: int) -> None:
        self.allowed = len(self.played) + pieces
        self._more.set()
        await settled()

    def seconds(self) -> float:
        return sum(seconds(p) for p in self.played)


@dataclass
class Call:
    line: SpokenLine
    room: Room
    heard: list[Utterance]
    trouble: list[Exception]

    async def says(self, text: str, *, pause: float = 2.0) -> None:
        """The person says it, then is silent; 20 ms at a time, as sound really comes."""
        voice = WordsInSoundVoice()
        await self.sound(await voice.speak(text, locale="en"))
        await self.sound(silence(pause))

    async def sound(self, sound: Sound) -> None:
        for piece in cut(sound, 0.02):
            await self.line.hear(piece)
            await asyncio.sleep(0)
        await settled()

    def finals(self) -> list[str]:
        return [u.hearing.text for u in self.heard if u.final]


Answer = Callable[[Call, Utterance], Awaitable[None]]


async def nothing(call: Call, utterance: Utterance) -> None:
    """The desk says nothing."""


@asynccontextmanager
async def calling(answer: Answer = nothing, recogniser: Recogniser | None = None) -> AsyncIterator[Call]:
    async def on_words(utterance: Utterance) -> None:
        call.heard.append(utterance)
        await answer(call, utterance)

    async def on_trouble(error: Exception) -> None:
        call.trouble.append(error)

    room = Room()
    line = SpokenLine(
        recogniser=recogniser or WordsInSoundRecogniser(),
        voice=WordsInSoundVoice(),
        turns=TurnTaker(LevelVad()),
        loudspeaker=room,
        locale="en",
        on_words=on_words,
        on_trouble=on_trouble,
    )
    call = Call(line, room, [], [])
    yield call
    await line.close()


@pytest.fixture
async def call() -> AsyncIterator[Call]:
    async with calling() as call:
        yield call


async def test_what_somebody_says_arrives_once_and_final(call: Call) -> None:
    await call.says("I need an appointment")
    assert call.finals() == ["I need an appointment"]
    assert not call.heard[-1].interrupted


async def test_words_arrive_while_somebody_still_speaks(call: Call) -> None:
    voice = WordsInSoundVoice()
    await call.sound(await voice.speak("I do not want to be here any more at all", locale="en"))
    assert [u.final for u in call.heard][:1] == [False]
    assert call.finals() == []


async def test_turns_arrive_in_the_order_they_were_spoken(call: Call) -> None:
    for text in ("first thing", "second thing", "third thing"):
        await call.says(text)
    assert call.finals() == ["first thing", "second thing", "third thing"]


async def test_noise_arrives_as_a_turn_without_words(call: Call) -> None:
    await call.sound(buzz(1))
    await call.sound(silence(2))
    assert [(u.hearing.text, u.final) for u in call.heard] == [("", True)]


async def test_what_we_say_is_played_to_its_end(call: Call) -> None:
    call.room.allowed = 1000
    assert await call.line.say(LONG)
    said = b"".join(p.pcm for p in call.room.played)
    rendered = await WordsInSoundRecogniser().recognise(Sound(said, 16000), locale="en")
    assert rendered.text == LONG


async def test_two_things_to_say_are_said_one_after_the_other(call: Call) -> None:
    call.room.allowed = 1000
    both = [
        asyncio.ensure_future(call.line.say(t)) for t in ("First sentence here.", "Second sentence here.")
    ]
    assert await asyncio.gather(*both) == [True, True]
    said = Sound(b"".join(p.pcm for p in call.room.played), 16000)
    heard = await WordsInSoundRecogniser().recognise(said, locale="en")
    assert heard.text == "First sentence here. Second sentence here."


async def test_whoever_cuts_in_silences_us_within_a_fifth_of_a_second(call: Call) -> None:
    saying = asyncio.ensure_future(call.line.say(LONG))
    await call.room.hear_on(10)
    before, spoken = call.room.seconds(), 0.0
    for piece in cut(await WordsInSoundVoice().speak("wait, I have a question", locale="en"), 0.02):
        await call.line.hear(piece)
        spoken += 0.02
        if call.room.hushed:
            break
    await call.room.hear_on(10)
    assert spoken <= 0.2
    assert call.room.seconds() - before <= 0.1 + 1e-9  # the piece that was on its way
    saying.cancel()


async def test_who_cuts_in_with_words_is_heard_and_we_do_not_go_on(call: Call) -> None:
    saying = asyncio.ensure_future(call.line.say(LONG))
    await call.room.hear_on(10)
    await call.says("wait how much is it")
    await call.room.hear_on(1000)
    assert await saying is False
    assert call.room.seconds() < 1.3
    assert call.finals() == ["wait how much is it"]
    assert call.heard[-1].interrupted


@pytest.mark.parametrize("hum", ["mhm", "uh-huh"])
async def test_a_hum_does_not_cost_anybody_the_rest_of_the_sentence(call: Call, hum: str) -> None:
    saying = asyncio.ensure_future(call.line.say(LONG))
    await call.room.hear_on(10)
    await call.says(hum)
    await call.room.hear_on(1000)
    assert await saying is True
    assert call.heard[-1].hum
    said = Sound(b"".join(p.pcm for p in call.room.played), 16000)
    assert "Thursday at five" in (await WordsInSoundRecogniser().recognise(said, locale="en")).text


async def test_a_noise_does_not_cost_anybody_the_rest_of_the_sentence(call: Call) -> None:
    saying = asyncio.ensure_future(call.line.say(LONG))
    await call.room.hear_on(10)
    await call.sound(buzz(0.5))
    await call.sound(silence(2))
    await call.room.hear_on(1000)
    assert await saying is True


async def test_a_hum_after_the_question_is_an_answer(call: Call) -> None:
    saying = asyncio.ensure_future(call.line.say("Is Tuesday at ten good?"))
    await call.room.hear_on(1000)
    assert await saying is True
    await call.says("mhm")
    assert [(u.hearing.text, u.hum) for u in call.heard if u.final] == [("mhm", False)]


async def test_words_that_must_be_heard_are_not_cut_but_who_speaks_is_heard(call: Call) -> None:
    saying = asyncio.ensure_future(call.line.say(LONG, interruptible=False))
    await call.room.hear_on(10)
    await call.says("what do you mean")
    await call.room.hear_on(1000)
    assert await saying is True
    assert call.finals() == ["what do you mean"]


async def test_we_do_not_begin_to_speak_while_somebody_speaks(call: Call) -> None:
    voice = WordsInSoundVoice()
    call.room.allowed = 1000
    await call.sound(await voice.speak("and another thing that I wanted", locale="en"))
    saying = asyncio.ensure_future(call.line.say(LONG))
    await settled()
    assert call.room.played == []
    await call.sound(silence(2))
    assert await saying is False
    assert call.finals() == ["and another thing that I wanted"]


async def test_a_person_who_takes_over_silences_us_at_once(call: Call) -> None:
    saying = asyncio.ensure_future(call.line.say(LONG, interruptible=False))
    await call.room.hear_on(5)
    await call.line.hush()
    await call.room.hear_on(1000)
    assert await saying is False
    assert call.room.hushed == 1
    assert len(call.room.played) <= 6


async def test_the_desk_may_speak_while_it_handles_what_was_heard_and_be_interrupted_itself() -> None:
    said: list[bool] = []

    async def answer(call: Call, utterance: Utterance) -> None:
        if utterance.final and utterance.hearing.text == "hello":
            said.append(await call.line.say(LONG))

    async with calling(answer) as call:
        await call.says("hello")
        await call.room.hear_on(10)
        await call.says("wait a moment")
        await call.room.hear_on(1000)
        assert said == [False]
        assert call.finals() == ["hello", "wait a moment"]


async def test_a_fault_in_what_hears_the_words_is_told_and_the_line_goes_on() -> None:
    async def answer(call: Call, utterance: Utterance) -> None:
        if utterance.hearing.text == "break it":
            raise RuntimeError("the desk broke")

    async with calling(answer) as call:
        await call.says("break it")
        await call.says("still there?")
        assert {str(e) for e in call.trouble} == {"the desk broke"}
        assert call.finals() == ["break it", "still there?"]


async def test_a_recogniser_that_fails_is_told_and_the_line_goes_on() -> None:
    class FailingAtFirst(WordsInSoundRecogniser):
        works = False

        async def recognise(
            self, sound: Sound, *, locale: str, final: bool = True, asked: tuple[str, ...] = ()
        ) -> Hearing:
            if not self.works:
                raise RuntimeError("no recogniser")
            return await super().recognise(sound, locale=locale, final=final)

    recogniser = FailingAtFirst()
    async with calling(recogniser=recogniser) as call:
        await call.says("can you hear me")
        recogniser.works = True
        await call.says("and now")
        assert {str(e) for e in call.trouble} == {"no recogniser"}
        assert call.finals() == ["and now"]


async def test_who_spells_may_stop_to_think(call: Call) -> None:
    call.line.patience = DETAIL
    voice = WordsInSoundVoice()
    await call.sound(await voice.speak("four one five", locale="en"))
    await call.sound(silence(1.3))
    await call.says("five five five")
    assert call.finals() == ["four one five five five five"]


async def test_a_turn_ends_at_the_pause_once_enough_was_said(call: Call) -> None:
    call.line.patience = DETAIL
    call.line.enough = lambda hearing: hearing.text.endswith("zero one nine two")
    voice = WordsInSoundVoice()
    await call.sound(await voice.speak("five five five zero one nine two", locale="en"))
    await call.sound(silence(0.3))
    assert call.finals() == ["five five five zero one nine two"]


async def test_nothing_arrives_after_the_line_is_closed(call: Call) -> None:
    await call.sound(await WordsInSoundVoice().speak("hello there", locale="en"))
    await call.line.close()
    arrived = list(call.heard)
    await call.line.hear(silence(3))
    await settled()
    assert call.heard == arrived
