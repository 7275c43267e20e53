"""Hearing and speaking on this machine: models brought once, parts made when they are there, phrases rendered ahead."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from lamplighter import logs
from lamplighter.channels.calls.speech_desk import LineMaker, SpeechDesk
from lamplighter.channels.speech.espeak import VoiceTrouble, espeak_installed, need_espeak
from lamplighter.channels.speech.models import ModelsError, Progress, installed, models_folder
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.ports import Hearing, Voice
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.stage import Spoken
from lamplighter.settings import Settings

log = logs.get(__name__)

BEFORE_THE_FIRST_CALL = ("greeting.voice", "handoff.crisis")
FIRST_RENDERED = (*BEFORE_THE_FIRST_CALL, "waiting.crisis")


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


def fixed_sentences(
    practice: Practice, book: Phrasebook, locales: tuple[str, ...], only: tuple[str, ...] = ("",)
) -> Iterator[tuple[str, str]]:
    """What can be rendered ahead: greeting and crisis words first, then every phrase that names nobody. `only`: what
    begins so."""
    known = {"practice": practice.name, "practice_phone": practice.phone, "sender": practice.sender_name}
    for first in (True, False):
        for locale in locales:
            for name, phrase in book.phrases(locale).items():
                if name.startswith("sms.") or name.endswith(".text") or "voice" not in phrase.channels:
                    continue  # for the eye
                if not name.startswith(only):
                    continue
                if first == name.startswith(FIRST_RENDERED) and phrase.arguments <= set(known):
                    args = {each: known[each] for each in phrase.arguments}
                    yield locale, book.render(locale, name, args, spoken=True)


Ahead = Callable[[Voice], None]
"""What else is rendered before the first call; in a thread of its own, without a loop."""


def start_speech(
    settings: Settings, desk: SpeechDesk, practice: Practice, cache: Path, also: Ahead | None = None
) -> threading.Thread:
    """Installs and starts speech in the background; the desk is told how far it is and when calls can be spoken."""
    thread = threading.Thread(
        target=_start, args=(settings, desk, practice, cache, also), daemon=True, name="speech"
    )
    thread.start()
    return thread


def _start(settings: Settings, desk: SpeechDesk, practice: Practice, cache: Path, also: Ahead | None) -> None:
    from lamplighter.channels.speech.fetching import install

    folder = folder_of(settings)
    try:
        need_espeak()
        desk.installing(0, 0)
        if not installed(folder):
            install(
                folder,
                lambda at: desk.installing(at.done, at.total),
                from_folder=settings.models_from,
                mirror=settings.models_mirror,
            )
        desk.ready(_parts(folder, practice, cache, desk.installing, also))
    except (ModelsError, VoiceTrouble) as missing:
        remedy = None if espeak_installed() else "sudo apt-get install espeak-ng"
        desk.absent(remedy)
        log.warning("speech_is_absent", exc_info=missing)
    except Exception:
        desk.absent()
        log.exception("speech_did_not_start")


def _parts(
    folder: Path,
    practice: Practice,
    cache: Path,
    progress: Callable[[int, int], None],
    also: Ahead | None = None,
) -> LineMaker:
    """Recogniser and voice of this machine; greeting and crisis words are rendered before the first call."""
    from lamplighter.channels.calls.spoken import SpokenLines
    from lamplighter.channels.speech.listening import SileroModel, SileroVad, SmartTurn
    from lamplighter.channels.speech.recogniser import WhisperRecogniser
    from lamplighter.channels.speech.voice import voice_on_this_machine

    voice = voice_on_this_machine(folder, cache)
    silero, smart_turn = SileroModel(folder), SmartTurn(folder)
    lines = SpokenLines(WhisperRecogniser(folder), voice, lambda: SileroVad(silero), smart_turn)
    sentences = list(fixed_sentences(practice, Phrasebook.load(), practice.languages_signed))
    opening = opening_sentences(practice, Phrasebook.load())
    first = [each for each in sentences if each in opening]
    if also is not None:
        _render_also(also, voice)
    asyncio.run(voice.prepare(first, progress=progress))
    threading.Thread(target=lambda: asyncio.run(voice.prepare(sentences)), daemon=True, name="render").start()
    return lines


def _render_also(also: Ahead, voice: Voice) -> None:
    """Whatever goes wrong with it, calls are spoken without it."""
    try:
        also(voice)
    except Exception:
        log.exception("not_rendered_ahead")


def opening_sentences(practice: Practice, book: Phrasebook) -> frozenset[tuple[str, str]]:
    """Locale and words of what must be ready before the first call: greetings, and what is said to somebody in danger.
    What names another country's lines is rendered when somebody calls from there."""
    return frozenset(fixed_sentences(practice, book, practice.languages_signed, only=BEFORE_THE_FIRST_CALL))


def over_the_telephone(models: Path, seed: int) -> Spoken:
    """Callers' words spoken aloud, as 8 kHz telephone audio with noise, and recognised. Raises ModelsError."""
    from lamplighter.channels.speech.over_the_phone import over_the_phone

    line = over_the_phone(models, models.parent / "callers")

    def heard(text: str, locale: str, asked: tuple[str, ...]) -> Hearing:
        return asyncio.run(line.heard(text, locale=locale, seed=seed, asked=asked))

    return heard
