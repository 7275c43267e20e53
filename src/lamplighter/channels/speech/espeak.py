"""espeak-ng as a program of its own: sounds of words for the better voice, and a plain voice when it must be quick."""

import asyncio
import io
import shutil
import wave

from lamplighter.channels.speech.aloud import aloud
from lamplighter.channels.speech.locales import spoken
from lamplighter.desk.ports import Sound

PROGRAM = "espeak-ng"
INSTALL = "sudo apt-get install espeak-ng"
WORDS_A_MINUTE, SLOW_WORDS_A_MINUTE = 160, 115
LONGEST_SECONDS = 20.0


class VoiceTrouble(Exception):
    """Nothing could be spoken; the message says why and what to do, and never what was to be said."""


def espeak_installed() -> bool:
    """Whether the program is on this machine."""
    return shutil.which(PROGRAM) is not None


def need_espeak() -> None:
    """Raises VoiceTrouble with the one line to type if the program is not there."""
    if not espeak_installed():
        raise VoiceTrouble(f"espeak-ng is not installed, and speech needs it: {INSTALL}")


async def _run(arguments: list[str], text: str) -> bytes:
    need_espeak()
    pipe = asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec(
        PROGRAM, *arguments, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        given = running.communicate(text.replace("\0", " ").encode())
        out, _ = await asyncio.wait_for(given, LONGEST_SECONDS)
    except BaseException as error:
        if running.returncode is None:
            running.kill()
            await running.wait()
        if isinstance(error, TimeoutError):
            raise VoiceTrouble("espeak-ng did not answer") from error
        raise
    if running.returncode:
        raise VoiceTrouble(f"espeak-ng ended with {running.returncode}")
    return out


async def phonemes(piece: str, voice: str) -> str:
    """The sounds of one clause in IPA, joined sounds tied by ^ ("a^ɪ"). Raises VoiceTrouble."""
    out = await _run(["-q", "--ipa", "--tie=^", "-b", "1", "-v", voice], piece)
    return " ".join(out.decode(errors="replace").split())


class EspeakVoice:
    """Voice by espeak-ng alone: robotic, in 23 languages, a sentence in 30 ms."""

    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound:
        """The text as sound at 22,050 Hz. Raises VoiceTrouble, LanguageNotSpoken."""
        voice = spoken(locale).espeak
        rate = SLOW_WORDS_A_MINUTE if slow else WORDS_A_MINUTE
        said = aloud(text, locale)
        if not said.strip():
            return Sound(b"", 22050)
        out = await _run(["--stdout", "-b", "1", "-v", voice, "-s", str(rate)], said)
        with wave.open(io.BytesIO(_with_length(out))) as sound:
            return Sound(sound.readframes(sound.getnframes()), sound.getframerate())


def _with_length(out: bytes) -> bytes:
    """The WAV with its true lengths: a program that writes to a pipe cannot go back and fill them in."""
    if len(out) < 44 or out[:4] != b"RIFF":
        raise VoiceTrouble("espeak-ng gave no sound")
    body = len(out) - 44
    return out[:4] + (body + 36).to_bytes(4, "little") + out[8:40] + body.to_bytes(4, "little") + out[44:]
