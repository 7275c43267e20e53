"""Sound to words on this machine: Whisper base, int8, through CTranslate2.

Interim words come from the last 16 seconds, final words from everything, in windows of 30 seconds.
"""

import asyncio
import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from lamplighter.channels.speech.examples import echoes, example
from lamplighter.channels.speech.locales import Ear, LanguageNotSpoken, spoken
from lamplighter.channels.speech.models import ModelsError
from lamplighter.channels.speech.sound import HEARING_RATE, Samples, at_hearing_rate
from lamplighter.channels.speech.spelled_out import letters_apart
from lamplighter.channels.speech.spoken_words import of_every_language
from lamplighter.desk.ports import Hearing, Sound

INTERIM_WINDOW = 16.0
FULL_WINDOW = 30.0
SHORTEST = 0.12
LONGEST = 120.0
FINAL_BEAM = 4
SURE = 0.85
NOTHING_SAID = 0.6
SILENCE_LEVEL = 0.0008


@dataclass(frozen=True, slots=True)
class _Decoded:
    text: str
    confidence: float
    alternatives: tuple[str, ...] = ()


class WhisperRecogniser:
    """Recogniser over the models in `folder` (see `models.install`); loads once, about a second, 315 MB.

    `threads` work on one utterance, `lines` utterances are worked on at once; both default to what the
    machine has. Raises ModelsError if the model is not there.
    """

    def __init__(self, folder: Path, *, threads: int = 0, lines: int = 0) -> None:
        home = folder / "whisper-base"
        if not (home / "model.bin").is_file():
            raise ModelsError(f"no recogniser in {folder}: run lamplighter models install")
        from faster_whisper import WhisperModel

        cores = os.cpu_count() or 1
        self._lines = lines or min(2, cores)
        self._model: Any = WhisperModel(
            str(home),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads or min(4, cores),
            num_workers=self._lines,
            local_files_only=True,
        )
        self._workers = ThreadPoolExecutor(self._lines, thread_name_prefix="recogniser")

    async def recognise(
        self, sound: Sound, *, locale: str, final: bool = True, asked: tuple[str, ...] = ()
    ) -> Hearing:
        """The words in `sound` (8 to 48 kHz) as spoken in `locale`; empty text when nothing was said.

        `confidence` is between 0 and 1; `alternatives`, likeliest first, come with a final hearing that is in doubt.
        Raises LanguageNotSpoken, BadSound. Cancelling drops the work if it has not begun.
        """
        language = spoken(locale)
        if language.ear is Ear.NO:
            raise LanguageNotSpoken(f"no recognition for {locale} on this machine")
        loop = asyncio.get_running_loop()
        shown = example(asked, language.whisper) if final else ""
        heard = await loop.run_in_executor(
            self._workers, self._recognise, sound, language.whisper, final, shown
        )
        text, *others = (letters_apart(each, asked) for each in (heard.text, *heard.alternatives))
        return Hearing(text, heard.confidence, tuple(others), locale if text else None)

    def close(self) -> None:
        """Lets the threads go; what is being recognised is finished first."""
        self._workers.shutdown(wait=True, cancel_futures=True)

    def _recognise(self, sound: Sound, language: str, final: bool, shown: str) -> _Decoded:
        values = at_hearing_rate(sound)
        if len(values) < SHORTEST * HEARING_RATE or _level(values) < SILENCE_LEVEL:
            return _Decoded("", 0.0)
        if not final:
            return self._decode(values[-round(INTERIM_WINDOW * HEARING_RATE) :], INTERIM_WINDOW, language)
        pieces = _windows(values[: round(LONGEST * HEARING_RATE)])
        return _together(
            [self._decode(p, FULL_WINDOW, language, beam=FINAL_BEAM, shown=shown) for p in pieces]
        )

    def _decode(
        self, values: Samples, window: float, language: str, *, beam: int = 1, shown: str = ""
    ) -> _Decoded:
        padded = np.zeros(round(window * HEARING_RATE), dtype=np.float32)
        padded[: len(values)] = values[: len(padded)]
        encoded = self._model.encode(self._model.feature_extractor(padded, padding=0))
        found = self._generate(encoded, language, shown, beam_size=beam, num_hypotheses=beam)
        texts = [self._words(ids) for ids in found.sequences_ids]
        if shown and any(echoes(text, shown) for text in texts):
            found = self._generate(encoded, language, beam_size=beam, num_hypotheses=beam)
            texts = [self._words(ids) for ids in found.sequences_ids]
        text, *others = texts
        confidence = math.exp(min(0.0, found.scores[0]))
        if _looping(text):
            found = self._generate(encoded, language, no_repeat_ngram_size=3)
            text, confidence, others = self._words(found.sequences_ids[0]), 0.2, []
        if _nobody(text, found.no_speech_prob, confidence):
            return _Decoded("", 0.0)
        return _Decoded(text, round(confidence, 3), _different(text, others) if confidence < SURE else ())

    def _generate(self, encoded: Any, language: str, shown: str = "", **options: Any) -> Any:
        tokens = self._model.hf_tokenizer.token_to_id
        task = ("<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>", "<|notimestamps|>")
        before: list[int] = []
        if shown:
            written = self._model.hf_tokenizer.encode(f" {shown}", add_special_tokens=False).ids
            before = [tokens("<|startofprev|>"), *written]
        begin = [*before, *(tokens(t) for t in task)]
        always = {"max_length": 200 + len(before), "return_scores": True, "return_no_speech_prob": True}
        return self._model.model.generate(encoded, [begin], **always, **options)[0]

    def _words(self, ids: list[int]) -> str:
        return " ".join(str(self._model.hf_tokenizer.decode(ids, skip_special_tokens=True)).split())


def _level(values: Samples) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _different(text: str, others: list[str]) -> tuple[str, ...]:
    """The other texts that differ by more than capitals and punctuation."""
    seen, kept = {_plain(text), ""}, []
    for other in others:
        if _plain(other) not in seen:
            seen.add(_plain(other))
            kept.append(other)
    return tuple(kept)


def _plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _looping(text: str) -> bool:
    words = text.lower().split()
    return len(words) >= 12 and len(set(pairwise(words))) < len(words) / 3


def _nobody(text: str, no_speech: float, confidence: float) -> bool:
    if not _plain(text):
        return True
    said = text.lower().strip(" .!¡")
    if any(said.startswith(i) or said.endswith(i) for i in of_every_language("silence")):
        return True
    return no_speech > NOTHING_SAID and confidence < 0.5


def _windows(values: Samples) -> list[Samples]:
    """Pieces of 30 seconds at most, cut where it is quietest in the last ten of them."""
    longest, pieces = round(FULL_WINDOW * HEARING_RATE), []
    while len(values) > longest:
        frame = HEARING_RATE // 10
        last = values[longest - 100 * frame : longest].reshape(-1, frame)
        at = longest - 100 * frame + int(np.argmin(np.mean(last**2, axis=1))) * frame + frame // 2
        pieces.append(values[:at])
        values = values[at:]
    return [*pieces, values]


def _together(pieces: list[_Decoded]) -> _Decoded:
    if len(pieces) == 1:
        return pieces[0]
    said = [p for p in pieces if p.text]
    text = " ".join(p.text for p in said)
    return _Decoded(text, min((p.confidence for p in said), default=0.0))
