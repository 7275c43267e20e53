"""Hearing and speaking on this machine: models brought once, parts made when they are there, phrases rendered ahead."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from lamplighter import logs
from lamplighter.channels.speech.espeak import VoiceTrouble, espeak_installed, need_espeak
from lamplighter.channels.speech.line import SpokenLine
from lamplighter.channels.speech.models import ModelsError, Progress, installed, models_folder
from lamplighter.channels.speech.turns import DETAIL, DISTRESS, FREE_SPEECH, TurnTaker
from lamplighter.channels.web.speech_desk import Heard, LineMaker, Loudspeaker, SpeechDesk, VoiceLine
from lamplighter.conversation.details import Detail
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.ports import Hearing, Recogniser, Voice
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.stage import Spoken
from lamplighter.settings import Settings

log = logs.get(__name__)

# While one of these is expected, people stop to think, to spell and to look things up.
SLOW_DETAILS = frozenset(
    detail.value
    for detail in (
        Detail.FIRST_NAME,
        Detail.LAST_NAME,
        Detail.DATE_OF_BIRTH,
        Detail.PHONE,
        Detail.EMAIL,
        Detail.MEMBER_ID,
        Detail.IDENTITY_CODE,
    )
)
FIRST_RENDERED = ("greeting.voice", "handoff.crisis", "waiting.crisis")


def folder_of(settings: Settings) -> Path:
    return settings.models or models_folder()


def install_models(settings: Settings, tell: Callable[[str], None]) -> None:
    """Brings every model file, telling how far it is. Raises ModelsError."""
    from lamplighter.channels.speech.fetching import install

    last = [""]

    def progress(at: Progress) -> None:
        line = (
            f"{at.file}: {at.done * 100 // max(at.total, 1)}% of {at.total // 1_000_000} MB, from {at.place}"
        )
        if line != last[0]:
            last[0] = line
            tell(line)

    folder = folder_of(settings)
    install(folder, progress, from_folder=settings.models_from, mirror=settings.models_mirror)
    tell(f"The speech models are in {folder}.")


class Lines:
    """Makes the line of one call from the parts of this machine."""

    def __init__(self, recogniser: Recogniser, voice: Voice, models: Path) -> None:
        from lamplighter.channels.speech.listening import SileroModel, SmartTurn

        self._recogniser, self._voice = recogniser, voice
        self._silero, self._smart_turn = SileroModel(models), SmartTurn(models)

    def __call__(
        self,
        *,
        loudspeaker: Loudspeaker,
        locale: str,
        on_words: Callable[[Heard], Awaitable[None]],
        on_trouble: Callable[[Exception], Awaitable[None]],
    ) -> VoiceLine:
        from lamplighter.channels.speech.listening import SileroVad

        return SpokenLine(
            recogniser=self._recogniser,
            voice=self._voice,
            turns=TurnTaker(SileroVad(self._silero)),
            loudspeaker=loudspeaker,
            locale=locale,
            on_words=on_words,
            on_trouble=on_trouble,
            sounds_finished=self._smart_turn,
        )

    def expect(self, line: VoiceLine, details: tuple[str, ...], distress: bool) -> None:
        """How much silence ends the next turn: longer for names, digits and dates, longest in distress."""
        assert isinstance(line, SpokenLine)
        slow = any(written.rpartition(".")[2] in SLOW_DETAILS for written in details)
        line.patience = DISTRESS if distress else DETAIL if slow else FREE_SPEECH


def fixed_sentences(
    practice: Practice, book: Phrasebook, locales: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """What can be rendered ahead: greeting and crisis words first, then every phrase that names nobody."""
    known = {"practice": practice.name, "practice_phone": practice.phone, "sender": practice.sender_name}
    for first in (True, False):
        for locale in locales:
            for name, phrase in book.phrases(locale).items():
                if name.startswith("sms.") or "voice" not in phrase.channels:
                    continue
                if first == name.startswith(FIRST_RENDERED) and phrase.arguments <= set(known):
                    args = {each: known[each] for each in phrase.arguments}
                    yield locale, book.render(locale, name, args, spoken=True)


def start_speech(settings: Settings, desk: SpeechDesk, practice: Practice, cache: Path) -> threading.Thread:
    """Installs and starts speech in the background; the desk is told how far it is and when calls can be spoken."""
    thread = threading.Thread(
        target=_start, args=(settings, desk, practice, cache), daemon=True, name="speech"
    )
    thread.start()
    return thread


def _start(settings: Settings, desk: SpeechDesk, practice: Practice, cache: Path) -> None:
    from lamplighter.channels.speech.fetching import install

    folder = folder_of(settings)
    try:
        need_espeak()
        if not installed(folder):
            install(
                folder,
                lambda at: desk.installing(at.done, at.total),
                from_folder=settings.models_from,
                mirror=settings.models_mirror,
            )
        desk.ready(_parts(folder, practice, cache))
    except (ModelsError, VoiceTrouble) as missing:
        remedy = None if espeak_installed() else "sudo apt-get install espeak-ng"
        desk.absent(remedy)
        log.warning("speech_is_absent", exc_info=missing)


def _parts(folder: Path, practice: Practice, cache: Path) -> LineMaker:
    """Recogniser and voice of this machine; greeting and crisis words are rendered before the first call."""
    from lamplighter.channels.speech.recogniser import WhisperRecogniser
    from lamplighter.channels.speech.voice import voice_on_this_machine

    voice = voice_on_this_machine(folder, cache)
    lines = Lines(WhisperRecogniser(folder), voice, folder)
    sentences = list(fixed_sentences(practice, Phrasebook.load(), practice.languages_signed))
    first = [each for each in sentences if each in _opening(practice)]
    asyncio.run(voice.prepare(first))
    threading.Thread(target=lambda: asyncio.run(voice.prepare(sentences)), daemon=True, name="render").start()
    return lines


def _opening(practice: Practice) -> frozenset[tuple[str, str]]:
    book = Phrasebook.load()
    known = {"practice": practice.name}
    return frozenset(
        (locale, book.render(locale, name, {a: known[a] for a in phrase.arguments}, spoken=True))
        for locale in practice.languages_signed
        for name, phrase in book.phrases(locale).items()
        if name.startswith(("greeting.voice", "handoff.crisis")) and not name.endswith(".text")
    )


def over_the_telephone(models: Path, seed: int) -> Spoken:
    """Callers' words spoken aloud, as 8 kHz telephone audio with noise, and recognised. Raises ModelsError."""
    from lamplighter.channels.speech.over_the_phone import over_the_phone

    line = over_the_phone(models, models.parent / "callers")

    def heard(text: str, locale: str) -> Hearing:
        return asyncio.run(line.heard(text, locale=locale, seed=seed))

    return heard
