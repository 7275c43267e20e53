"""A natural voice on this machine: Kokoro-82M, int8, on onnxruntime; sounds of words by espeak-ng.

About 0.7 seconds of one core for a second of speech, 420 MB.
"""

import asyncio
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from lamplighter.channels.speech.aloud import aloud, clauses
from lamplighter.channels.speech.espeak import VoiceTrouble, need_espeak, phonemes
from lamplighter.channels.speech.locales import LanguageNotSpoken, SpokenLocale, spoken
from lamplighter.channels.speech.models import ModelsError
from lamplighter.channels.speech.sound import Samples, joined, sound, trimmed
from lamplighter.desk.ports import Sound, Voice

RATE = 24000
SLOWLY, NORMALLY = 0.8, 1.0
LONGEST_PHONEMES = 500
SECONDS_A_LETTER = 0.065  # of speech
WORK_A_SECOND = 0.75  # core-seconds for a second of speech
SENTENCE_PAUSE, COMMA_PAUSE = 0.25, 0.1
# espeak-ng's sounds as the letters that the model was trained on.
_TIED = {"a^ɪ": "I", "a^ʊ": "W", "d^ʒ": "ʤ", "e^ɪ": "A", "t^ʃ": "ʧ", "ɔ^ɪ": "Y", "o^ʊ": "O", "ə^ʊ": "Q"}
_ABROAD = {"d^z": "ʣ", "t^s": "ʦ", "s^s": "S"}
_ENGLISH = {
    "ʔˌn\u0329": "tᵊn",
    "ʔn\u0329": "tᵊn",
    "ʔn": "tᵊn",
    "ʔ": "t",
    "ə^l": "ᵊl",
    "ʲ": "",
    "ɚ": "əɹ",
    "r": "ɹ",
    "x": "k",
    "ç": "k",
    "ɐ": "ə",
    "ɬ": "l",
    "\u0303": "",
    "e": "A",
    "ɾ": "T",
}
_AMERICAN = {"ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": "", "o": "ɔ"}
_BRITISH = {"e^ə": "ɛː", "iə": "ɪə"}


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, int]:
    letters: dict[str, int] = json.loads(
        Path(__file__).with_name("kokoro_vocabulary.json").read_text("utf-8")
    )
    return letters


class KokoroVoice:
    """Voice over the models in `folder`; speaks the locales in `locales.LOCALES` that name a Kokoro voice.

    `choose` names other voices by locale tag. One synthesis at a time, on `threads` cores, and one ahead of
    time beside it.
    Raises ModelsError if the model is not there, VoiceTrouble if espeak-ng is not.
    """

    def __init__(self, folder: Path, *, threads: int = 1, choose: dict[str, str] | None = None) -> None:
        import onnxruntime

        home = folder / "kokoro"
        model = home / "kokoro-v1.0.int8.onnx"
        if not model.is_file():
            raise ModelsError(f"no voice in {folder}: run lamplighter models install")
        need_espeak()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_mem_pattern = False  # every length of sentence would be planned for, and its plan kept
        self._session: Any = onnxruntime.InferenceSession(
            str(model), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._home = home
        self._choose = choose or {}
        self._styles: dict[str, Samples] = {}
        self._now = ThreadPoolExecutor(1, thread_name_prefix="voice", initializer=_yielding, initargs=(5,))
        self._later = ThreadPoolExecutor(1, thread_name_prefix="ahead", initializer=_yielding, initargs=(15,))
        self._backlog = 0.0

    @property
    def backlog(self) -> float:
        """Roughly how many seconds of work stand before a new text."""
        return self._backlog

    @property
    def ahead(self) -> Voice:
        """The same voice for what is not said yet: it yields to what is, and never holds it up."""
        return _Ahead(self)

    def speaks(self, locale: str) -> bool:
        """Whether there is a voice for the locale, installed."""
        try:
            self._style(locale)
        except (LanguageNotSpoken, ModelsError):
            return False
        return True

    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound:
        """The text as sound at 24,000 Hz. Raises VoiceTrouble, LanguageNotSpoken, ModelsError."""
        return await self._speak(text, locale, slow, self._now)

    async def speak_ahead(self, text: str, *, locale: str, slow: bool = False) -> Sound:
        """The same, when nobody waits for it."""
        return await self._speak(text, locale, slow, self._later)

    async def _speak(self, text: str, locale: str, slow: bool, worker: ThreadPoolExecutor) -> Sound:
        language, style = spoken(locale), self._style(locale)
        said = [await self._sounds(piece, language) for piece in clauses(aloud(text, locale))]
        parts = [p for p in _batches([s for s in said if s.strip()]) if _ids(p)]
        if not parts:
            return Sound(b"", RATE)
        speed = SLOWLY if slow else NORMALLY
        loop = asyncio.get_running_loop()
        cost = WORK_A_SECOND * SECONDS_A_LETTER * sum(map(len, parts)) if worker is self._now else 0.0
        self._backlog += cost
        try:
            done = [await loop.run_in_executor(worker, self._synthesise, p, style, speed) for p in parts]
        finally:
            self._backlog = max(0.0, self._backlog - cost)
        return joined(done)

    def close(self) -> None:
        """Lets the threads go; what is being spoken is finished first."""
        for worker in (self._now, self._later):
            worker.shutdown(wait=True, cancel_futures=True)

    def _style(self, locale: str) -> Samples:
        name = self._choose.get(locale) or next(iter(spoken(locale).voices), None)
        if not name:
            raise LanguageNotSpoken(f"no natural voice for {locale}")
        if name not in self._styles:
            path = self._home / "voices" / f"{name}.bin"
            if not path.is_file():
                raise ModelsError(f"the voice {name} is not installed: run lamplighter models install")
            self._styles[name] = np.fromfile(path, dtype="<f4").reshape(-1, 1, 256)
        return self._styles[name]

    async def _sounds(self, piece: str, language: SpokenLocale) -> str:
        ending = re.search(r"[.!?;:…,—]+[\"')\]»”]*$", piece)
        mark = (ending.group()[:1] if ending else "").replace("—", ",")
        return as_trained(await phonemes(piece, language.espeak), language.espeak) + mark

    def _synthesise(self, letters: str, style: Samples, speed: float) -> Sound:
        ids = _ids(letters)
        given = {
            "tokens": np.array([[0, *ids, 0]], dtype=np.int64),
            "style": style[min(len(ids), len(style) - 1)],
            "speed": np.array([speed], dtype=np.float32),
        }
        try:
            (audio,) = self._session.run(None, given)
        except Exception as error:
            raise VoiceTrouble(f"the voice model failed ({type(error).__name__})") from error
        voiced = trimmed(np.asarray(audio, dtype=np.float32).reshape(-1), RATE)
        pause = SENTENCE_PAUSE if letters[-1] in ".!?…" else COMMA_PAUSE
        return sound(np.concatenate([voiced, np.zeros(round(pause * RATE), np.float32)]), RATE)


def as_trained(ipa: str, espeak: str) -> str:
    """espeak-ng's IPA (ties by ^) in the letters that the model knows."""
    english = espeak.startswith("en")
    change = {**_TIED, **(_ENGLISH if english else _ABROAD)}
    if english:
        change |= _AMERICAN if espeak == "en-us" else _BRITISH
    pattern = re.compile("|".join(sorted(map(re.escape, change), key=len, reverse=True)))
    return pattern.sub(lambda m: change[m.group()], ipa).replace("^", "").replace("-", "")


def _ids(letters: str) -> list[int]:
    vocabulary = _vocabulary()
    return [vocabulary[c] for c in letters if c in vocabulary]


def _batches(pieces: list[str]) -> list[str]:
    """Clauses of one sentence together, so that its melody holds; never more than the model takes."""
    out: list[str] = []
    for piece in pieces:
        if out and out[-1][-1] not in ".!?…" and len(out[-1]) + len(piece) < LONGEST_PHONEMES:
            out[-1] = f"{out[-1]} {piece}"
        else:
            out.extend(piece[i : i + LONGEST_PHONEMES] for i in range(0, len(piece), LONGEST_PHONEMES))
    return out


class _Ahead:
    """A Voice over `KokoroVoice.speak_ahead`."""

    def __init__(self, voice: KokoroVoice) -> None:
        self._voice = voice

    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound:
        return await self._voice.speak_ahead(text, locale=locale, slow=slow)


def _yielding(by: int) -> None:
    """This thread gives way to the recogniser and to the sound itself when the cores are short."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, by)
    except OSError:
        return
