"""What the speech tests share: the parts of this machine where they are installed, and sounds made of nothing."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lamplighter.channels.speech.espeak import INSTALL, espeak_installed
from lamplighter.channels.speech.kokoro import KokoroVoice
from lamplighter.channels.speech.models import installed, models_folder
from lamplighter.channels.speech.recogniser import WhisperRecogniser
from lamplighter.desk.ports import Sound


def need_models() -> Path:
    folder = models_folder()
    if not installed(folder):
        pytest.skip(f"the speech models are not in {folder}: run lamplighter models install")
    if not espeak_installed():
        pytest.skip(f"espeak-ng is not installed: {INSTALL}")
    return folder


@pytest.fixture(scope="session")
def models() -> Path:
    return need_models()


@pytest.fixture(scope="session")
def whisper(models: Path) -> Iterator[WhisperRecogniser]:
    recogniser = WhisperRecogniser(models)
    yield recogniser
    recogniser.close()


@pytest.fixture(scope="session")
def kokoro(models: Path) -> Iterator[KokoroVoice]:
    voice = KokoroVoice(models)
    yield voice
    voice.close()


def silence(seconds: float, rate: int = 16000) -> Sound:
    return Sound(b"\0\0" * round(seconds * rate), rate)


def buzz(seconds: float, rate: int = 16000, level: float = 0.3) -> Sound:
    at = np.arange(round(seconds * rate)) / rate
    wave = level * np.sign(np.sin(2 * np.pi * 180 * at))
    return Sound((wave * 32767).astype("<i2").tobytes(), rate)


async def settled() -> None:
    """Lets everything that can run now run."""
    for _ in range(50):
        await asyncio.sleep(0)
