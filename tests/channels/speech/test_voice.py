import asyncio
from pathlib import Path

import pytest

from lamplighter.channels.speech.espeak import EspeakVoice, VoiceTrouble
from lamplighter.channels.speech.locales import Ear, LanguageNotSpoken, spoken
from lamplighter.channels.speech.sound import joined, seconds
from lamplighter.channels.speech.standins import WordsInSoundVoice
from lamplighter.channels.speech.voice import CachedVoice, EitherVoice
from lamplighter.desk.ports import Sound


class CountingVoice(WordsInSoundVoice):
    """The stand-in, remembering what it was asked; `trouble` makes it fail, `gate` makes it wait."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.backlog = 0.0
        self.trouble = False
        self.gate: asyncio.Event | None = None

    def speaks(self, locale: str) -> bool:
        return locale in {"en", "es"}

    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound:
        self.asked.append(text)
        if self.gate:
            await self.gate.wait()
        if self.trouble:
            raise VoiceTrouble("broken")
        return await super().speak(text, locale=locale, slow=slow)


def kept_in(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file()]


@pytest.fixture
def voice() -> CountingVoice:
    return CountingVoice()


async def test_a_clause_is_rendered_once_and_then_comes_from_the_cache(
    voice: CountingVoice, tmp_path: Path
) -> None:
    cached = CachedVoice(voice, tmp_path, named="one")
    first = await cached.speak("How can I help?", locale="en")
    assert await cached.speak("How can I help?", locale="en") == first
    assert voice.asked == ["How can I help?"]


async def test_language_pace_and_voice_are_told_apart(voice: CountingVoice, tmp_path: Path) -> None:
    cached = CachedVoice(voice, tmp_path, named="one")
    await cached.speak("No.", locale="en")
    await cached.speak("No.", locale="es")
    await cached.speak("No.", locale="en", slow=True)
    await CachedVoice(voice, tmp_path, named="two").speak("No.", locale="en")
    assert len(voice.asked) == 4


async def test_what_is_prepared_outlives_the_process(voice: CountingVoice, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    phrases = [
        ("en", "Welcome to Harbor Lane. How can I help?"),
        ("en", "How can I help?"),
        ("es", "Bienvenida."),
    ]
    made = await CachedVoice(voice, tmp_path, named="one").prepare(
        phrases, progress=lambda d, t: heard.append((d, t))
    )
    assert (made, heard) == (3, [(1, 3), (2, 3), (3, 3)])
    later = CachedVoice(CountingVoice(), tmp_path, named="one")
    assert later.ready("Welcome to Harbor Lane. How can I help?", locale="en")
    assert not later.ready("Somebody else.", locale="en")
    assert await later.prepare(phrases) == 0


async def test_what_is_said_in_a_contact_never_reaches_the_disk(voice: CountingVoice, tmp_path: Path) -> None:
    await CachedVoice(voice, tmp_path, named="one").speak("Thank you, Corinne Vasquez.", locale="en")
    assert kept_in(tmp_path) == []


async def test_what_an_invented_speaker_says_is_kept(voice: CountingVoice, tmp_path: Path) -> None:
    for _ in range(2):
        await CachedVoice(voice, tmp_path, named="callers", invented=True).speak("It's Maya.", locale="en")
    assert voice.asked == ["It's Maya."]


async def test_two_who_want_the_same_words_at_once_wait_for_one_rendering(
    voice: CountingVoice, tmp_path: Path
) -> None:
    voice.gate = asyncio.Event()
    cached = CachedVoice(voice, tmp_path, named="one")
    both = [asyncio.ensure_future(cached.speak("Hold on.", locale="en")) for _ in range(2)]
    while not voice.asked:
        await asyncio.to_thread(lambda: None)
    for _ in range(100):  # until the second, too, has looked at the folder and waits
        await asyncio.to_thread(lambda: None)
    both[0].cancel()
    voice.gate.set()
    assert (await both[1]).pcm
    assert voice.asked == ["Hold on."]


async def test_a_broken_file_in_the_cache_is_rendered_anew(voice: CountingVoice, tmp_path: Path) -> None:
    await CachedVoice(voice, tmp_path, named="one").prepare([("en", "Hello.")])
    (kept,) = kept_in(tmp_path)
    kept.write_bytes(b"RIFF broken")
    said = await CachedVoice(voice, tmp_path, named="one").speak("Hello.", locale="en")
    assert said == await WordsInSoundVoice().speak("Hello.", locale="en")


async def test_a_phrase_that_cannot_be_spoken_does_not_keep_others_from_being_prepared(
    voice: CountingVoice, tmp_path: Path
) -> None:
    voice.trouble = True
    assert await CachedVoice(voice, tmp_path, named="one").prepare([("en", "One."), ("en", "Two.")]) == 0
    assert voice.asked == ["One.", "Two."]


@pytest.mark.parametrize(
    ("backlog", "trouble", "locale", "expected"),
    [
        (0.0, False, "en", "first"),
        (1.5, False, "en", "second"),
        (0.0, False, "de", "second"),
        (0.0, True, "en", "second"),
    ],
)
async def test_the_plain_voice_speaks_when_the_natural_one_is_behind_broken_or_has_no_such_language(
    voice: CountingVoice, backlog: float, trouble: bool, locale: str, expected: str
) -> None:
    plain = CountingVoice()
    voice.backlog, voice.trouble = backlog, trouble
    said = await EitherVoice(voice, plain).speak("Hello.", locale=locale)
    assert said.pcm
    assert ("second" if plain.asked else "first") == expected


async def test_without_espeak_the_error_says_the_one_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(VoiceTrouble, match="sudo apt-get install espeak-ng"):
        await EspeakVoice().speak("Hello.", locale="en")


def test_a_longer_tag_finds_the_nearest_language_and_an_unknown_one_is_refused() -> None:
    assert spoken("es-MX") == spoken("es")
    assert spoken("zh-Hant-HK").ear is Ear.NO
    with pytest.raises(LanguageNotSpoken):
        spoken("tl")


@pytest.mark.speech
async def test_a_text_with_quotes_brackets_emoji_and_nul_is_spoken(kokoro) -> None:
    said = await kokoro.speak('He said "hello" (twice) 🙂 \0 — ok?', locale="en")
    assert 0.5 < seconds(said) < 6


@pytest.mark.speech
async def test_the_natural_voice_knows_how_far_behind_it_is(kokoro) -> None:
    work = asyncio.ensure_future(kokoro.speak("One moment, please, while I look for that.", locale="en"))
    while not kokoro.backlog:
        await asyncio.to_thread(lambda: None)
    assert kokoro.backlog > 0.5
    await work
    assert kokoro.backlog == 0.0


def test_joining_pieces_of_other_rates_keeps_the_length() -> None:
    pieces = [Sound(b"\0\0" * 24000, 24000), Sound(b"\0\0" * 8000, 8000)]
    assert seconds(joined(pieces, gap=0.5)) == pytest.approx(2.5, abs=0.01)
