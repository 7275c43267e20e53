"""A simulated caller's words spoken aloud, through a telephone with noise on it, and heard again."""

import re
from functools import cache
from pathlib import Path

from lamplighter.channels.speech.in_groups import in_groups
from lamplighter.channels.speech.kokoro import KokoroVoice
from lamplighter.channels.speech.recogniser import WhisperRecogniser
from lamplighter.channels.speech.sound import joined
from lamplighter.channels.speech.spoken_words import of_every_language, spoken_languages, spoken_words
from lamplighter.channels.speech.telephone_audio import telephone
from lamplighter.channels.speech.voice import CachedVoice
from lamplighter.desk.ports import Hearing, Recogniser, Sound, Voice

QUIET = (0.4, 0.5)  # seconds of line noise before and after, as a line hands a turn over
SENTENCE = re.compile(r"(?<=[.?!])\s+")


@cache
def _spelled() -> re.Pattern[str]:
    """People slow down for letters."""
    by = "|".join(of_every_language("letter_by"))
    return re.compile(rf"(?<!\w)(?:(?:[^\W\d_] ){{2,}}[^\W\d_](?!\w)|[A-Z], (?:{by}) )")


class OverThePhone:
    """What `rehearse --spoken` puts between a caller's words and the desk: the same seed, the same hearing."""

    def __init__(self, voice: Voice, recogniser: Recogniser, *, snr_db: float = 15.0) -> None:
        self._voice, self._recogniser, self._snr_db = voice, recogniser, snr_db

    async def heard(self, text: str, *, locale: str, seed: int = 0, asked: tuple[str, ...] = ()) -> Hearing:
        """What the recogniser makes of `text` spoken over a bad line in answer to what was `asked`.

        Raises what voice and recogniser raise.
        """
        sentences = SENTENCE.split(in_groups(text, locale))
        said = joined(
            [
                await self._voice.speak(s, locale=locale, slow=_spelled().search(s) is not None)
                for s in sentences
            ]
        )
        before, after = (Sound(b"\0\0" * round(quiet * said.rate), said.rate) for quiet in QUIET)
        call = telephone(joined([before, said, after]), snr_db=self._snr_db, seed=seed)
        return await self._recogniser.recognise(call, locale=locale, asked=asked)


def over_the_phone(models: Path, cache: Path) -> OverThePhone:
    """With the models of this machine, and a voice that is not the desk's own. `cache` keeps what callers said.

    Raises ModelsError, VoiceTrouble.
    """
    callers = {language: spoken_words(language).get("caller") for language in spoken_languages()}
    voice = KokoroVoice(models, choose={language: voice for language, voice in callers.items() if voice})
    kept = CachedVoice(voice, cache, named="kokoro-v1.0.int8/callers/1", invented=True)
    return OverThePhone(kept, WhisperRecogniser(models))
