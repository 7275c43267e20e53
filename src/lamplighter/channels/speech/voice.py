"""The voice that a call hears: the natural one where it is quick enough, else the plain one; a cache before both."""

import asyncio
import hashlib
import os
import wave
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from lamplighter.channels.speech.aloud import clauses
from lamplighter.channels.speech.espeak import EspeakVoice, VoiceTrouble
from lamplighter.channels.speech.kokoro import KokoroVoice
from lamplighter.channels.speech.locales import LanguageNotSpoken
from lamplighter.channels.speech.models import ModelsError
from lamplighter.channels.speech.sound import joined
from lamplighter.desk.ports import Sound, Voice

LONGEST_WAIT = 1.0
KEPT_IN_MEMORY = 200


class BusyVoice(Protocol):
    """A Voice that knows how much work stands before it, in seconds, and which locales it speaks."""

    @property
    def backlog(self) -> float: ...
    def speaks(self, locale: str) -> bool: ...
    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound: ...


class EitherVoice:
    """The first voice, unless it cannot speak the locale, fails, or is more than `longest_wait` seconds behind."""

    def __init__(self, first: BusyVoice, second: Voice, *, longest_wait: float = LONGEST_WAIT) -> None:
        self._first, self._second, self._longest_wait = first, second, longest_wait

    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound:
        """The text as sound, at the speaking voice's own rate. Raises VoiceTrouble, LanguageNotSpoken."""
        if self._first.backlog <= self._longest_wait and self._first.speaks(locale):
            try:
                return await self._first.speak(text, locale=locale, slow=slow)
            except (VoiceTrouble, ModelsError, LanguageNotSpoken):
                pass
        return await self._second.speak(text, locale=locale, slow=slow)


class CachedVoice:
    """A voice that speaks each clause once.

    What is rendered ahead (fixed phrases: no name, no date) is kept in `folder`; what is said in a contact may
    name a person, so it is kept in memory only and forgotten when the process ends or room is wanted.
    `named` tells voices apart in the folder: change it and everything is rendered anew.
    `ahead` renders what is prepared, `voice` what is said now; they may be one. With `invented`, everything that
    is said is kept in the folder: only for speakers that do not exist.
    """

    def __init__(
        self, voice: Voice, folder: Path, *, named: str, ahead: Voice | None = None, invented: bool = False
    ) -> None:
        self._invented = invented
        self._voice, self._ahead, self._folder, self._named = voice, ahead or voice, folder, named
        self._memory: OrderedDict[str, Sound] = OrderedDict()
        self._rendering: dict[str, asyncio.Task[Sound]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound:
        """The text as sound, from the cache where it is there. Raises what the voice raises."""
        pieces = [await self._clause(piece, locale, slow) for piece in clauses(text)]
        return joined([p for p in pieces if p.pcm])

    def ready(self, text: str, *, locale: str, slow: bool = False) -> bool:
        """Whether the whole text can be spoken at once."""
        keys = [self._key(piece, locale, slow) for piece in clauses(text)]
        return all(k in self._memory or self._path(k).is_file() for k in keys)

    async def prepare(
        self,
        texts: Iterable[tuple[str, str]],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Renders fixed phrases, given as (locale, text), to the folder, in their order; answers how many clauses.

        Never give it a text with anything about a person in it. A clause that cannot be spoken is passed over.
        """
        wanted = list(dict.fromkeys((locale, piece) for locale, text in texts for piece in clauses(text)))
        made = 0
        for done, (locale, piece) in enumerate(wanted, start=1):
            key = self._key(piece, locale, False)
            if not self._path(key).is_file():
                try:
                    _write(self._path(key), await self._ahead.speak(piece, locale=locale))
                    made += 1
                except (VoiceTrouble, LanguageNotSpoken, ModelsError):
                    continue
            if progress:
                progress(done, len(wanted))
        return made

    async def _clause(self, piece: str, locale: str, slow: bool) -> Sound:
        key = self._key(piece, locale, slow)
        found = self._memory.get(key) or await asyncio.to_thread(_read, self._path(key))
        if found is None:
            found = await self._once(key, piece, locale, slow)
            if self._invented:
                _write(self._path(key), found)
        self._memory[key] = found
        self._memory.move_to_end(key)
        while len(self._memory) > KEPT_IN_MEMORY:
            self._memory.popitem(last=False)
        return found

    async def _once(self, key: str, piece: str, locale: str, slow: bool) -> Sound:
        """Two who want the same clause at once wait for one rendering; one who leaves does not stop it."""
        if key not in self._rendering:
            task = asyncio.ensure_future(self._voice.speak(piece, locale=locale, slow=slow))
            self._rendering[key] = task
            task.add_done_callback(lambda _: self._rendering.pop(key, None))
        return await asyncio.shield(self._rendering[key])

    def _key(self, piece: str, locale: str, slow: bool) -> str:
        said = "\0".join((self._named, locale, "slow" if slow else "", piece))
        return hashlib.sha256(said.encode()).hexdigest()

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.wav"


def _read(path: Path) -> Sound | None:
    """A kept clause, or None: a file that is missing or broken is rendered anew."""
    try:
        with wave.open(str(path), "rb") as kept:
            if kept.getsampwidth() != 2 or kept.getnchannels() != 1:
                return None
            return Sound(kept.readframes(kept.getnframes()), kept.getframerate())
    except (OSError, wave.Error, EOFError):
        return None


def _write(path: Path, rendered: Sound) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    with wave.open(str(fresh), "wb") as kept:
        kept.setnchannels(1)
        kept.setsampwidth(2)
        kept.setframerate(rendered.rate)
        kept.writeframes(rendered.pcm)
    os.replace(fresh, path)


def voice_on_this_machine(models: Path, cache: Path) -> CachedVoice:
    """The voice that `demo` and `serve` use: Kokoro with espeak-ng behind it, cached in `cache`.

    Raises ModelsError if the models are not installed, VoiceTrouble if espeak-ng is not.
    """
    natural, plain = KokoroVoice(models), EspeakVoice()
    return CachedVoice(EitherVoice(natural, plain), cache, named="kokoro-v1.0.int8/1", ahead=natural.ahead)
