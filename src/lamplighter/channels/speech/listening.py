"""The small models that listen for a voice (Silero) and for the end of a turn (Smart Turn)."""

from pathlib import Path
from typing import Any

import numpy as np

from lamplighter.channels.speech.models import ModelsError
from lamplighter.channels.speech.sound import HEARING_RATE, Samples, at_hearing_rate
from lamplighter.channels.speech.turns import FRAME, FRAME_SECONDS
from lamplighter.desk.ports import Sound

CONTEXT = 64
SMART_TURN_SECONDS = 8
FORGET_AFTER, SURELY_QUIET = 2.0, 0.1


def _session(path: Path) -> Any:
    import onnxruntime

    if not path.is_file():
        raise ModelsError(f"{path.name} is not in {path.parent}: run lamplighter models install")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])


class SileroModel:
    """Silero's weights, loaded once for all lines. Raises ModelsError."""

    def __init__(self, folder: Path) -> None:
        self.session = _session(folder / "silero_vad.onnx")


class SileroVad:
    """Vad of one line over the shared model; 0.2 ms a frame.

    The model forgets itself every two seconds of silence: long noise or music would deafen it otherwise.
    """

    def __init__(self, model: SileroModel) -> None:
        self._session = model.session
        self._rate = np.array(HEARING_RATE, dtype=np.int64)
        self.reset()

    def reset(self) -> None:
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(CONTEXT, np.float32)
        self._since_reset = self._quiet = 0

    def probability(self, frame: Samples) -> float:
        given = np.concatenate([self._context, frame])[None, :].astype(np.float32)
        out, self._state = self._session.run(None, {"input": given, "state": self._state, "sr": self._rate})
        self._context = frame[-CONTEXT:]
        chance = float(out[0][0])
        self._forget(chance)
        return chance

    def _forget(self, chance: float) -> None:
        self._since_reset += 1
        self._quiet = self._quiet + 1 if chance < SURELY_QUIET else 0
        if self._since_reset * FRAME_SECONDS >= FORGET_AFTER and self._quiet >= 5:
            self.reset()


class LevelVad:
    """Vad by loudness alone, for a machine without the models: takes every loud noise for a voice."""

    def __init__(self, *, level: float = 0.01) -> None:
        self._level = level

    def reset(self) -> None:
        """Nothing is remembered."""

    def probability(self, frame: Samples) -> float:
        assert len(frame) == FRAME
        return 1.0 if float(np.sqrt(np.mean(frame**2))) > self._level else 0.0


class SmartTurn:
    """Whether what was said sounds finished; 45 ms a question, so ask it in a thread. A hint, never a verdict."""

    def __init__(self, folder: Path) -> None:
        from faster_whisper.feature_extractor import FeatureExtractor

        self._session = _session(folder / "smart-turn-v3.2-cpu.onnx")
        self._features: Any = FeatureExtractor(chunk_length=SMART_TURN_SECONDS)

    def __call__(self, heard: Sound) -> float:
        """The chance, 0 to 1, that the speaker has finished."""
        longest = SMART_TURN_SECONDS * HEARING_RATE
        values = at_hearing_rate(heard)[-longest:]
        values = np.pad(values, (longest - len(values), 0))
        level = (values - values.mean()) / np.sqrt(values.var() + 1e-7)
        mel = self._features(level.astype(np.float32), padding=0)
        return float(self._session.run(None, {"input_features": mel[None].astype(np.float32)})[0][0][0])
