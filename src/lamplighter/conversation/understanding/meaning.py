"""What a sentence means: the nearest of our own seeds, by a small trained model that also knows which patterns fired.

`meaning.npz` holds a linear model over sentence vectors, runs of letters and clues (`clues.py`), made by `python -m
lamplighter.conversation.understanding.train` from `seeds/*.yaml`; plain arrays, no pickles. Since the seeds show how
often each pattern is right, the model speaks for patterns that found nothing and against those that heard wrong.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from lamplighter.conversation.acts import Act, Aside, AskAbout, Intend, Interject, Topic
from lamplighter.conversation.details import Errand
from lamplighter.conversation.understanding.day_of_visit import DAY_OF_VISIT
from lamplighter.conversation.understanding.encoder import embed
from lamplighter.conversation.understanding.letters import spelling

SURE = 0.55
GUESS = 0.34
QUITE_SURE = 0.85
RATHER = 6.0
"""Times likelier than what the patterns named that another meaning must be to be heard instead, and be SURE."""

NOTHING = "none:none"
_OF_THE_HOUR = frozenset(f"intend:{errand}" for errand in DAY_OF_VISIT)
"""Of a visit that begins now: what a clinician is called out for."""


@dataclass(frozen=True, slots=True)
class Model:
    """`weights`, `of_runs` and `bias` for the words alone, and the three that go with the clues."""

    weights: npt.NDArray[np.float32]
    of_runs: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    beside_clues: npt.NDArray[np.float32]
    runs_beside_clues: npt.NDArray[np.float32]
    bias_beside_clues: npt.NDArray[np.float32]
    of_clues: npt.NDArray[np.float32]
    labels: tuple[str, ...]
    clues: tuple[str, ...]


@cache
def _model() -> Model:
    with (files(__package__) / "meaning.npz").open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return Model(
            weights=kept["weights"].astype(np.float32),
            of_runs=kept["of_runs"].astype(np.float32),
            bias=kept["bias"].astype(np.float32),
            beside_clues=kept["beside_clues"].astype(np.float32),
            runs_beside_clues=kept["runs_beside_clues"].astype(np.float32),
            bias_beside_clues=kept["bias_beside_clues"].astype(np.float32),
            of_clues=kept["of_clues"].astype(np.float32),
            labels=tuple(map(str, kept["labels"])),
            clues=tuple(map(str, kept["clues"])),
        )


def _odds(text: str, clues: frozenset[str]) -> npt.NDArray[np.float32]:
    """How probable each of the labels is; by the vector alone where no pattern of intent fired."""
    model = _model()
    if any("/" in clue for clue in clues):
        fired = np.array([clue in clues for clue in model.clues], dtype=np.float32)
        heard = embed(text) @ model.beside_clues + spelling(text) @ model.runs_beside_clues
        scores = heard + fired @ model.of_clues + model.bias_beside_clues
    else:
        scores = embed(text) @ model.weights + spelling(text) @ model.of_runs + model.bias
    odds = np.exp(scores - scores.max())
    return np.asarray(odds / odds.sum(), dtype=np.float32)


def likeliest(text: str, clues: frozenset[str]) -> tuple[str, float]:
    """The most probable meaning ("intend:move", "ask:hours", "none:none") and its probability."""
    odds = _odds(text, clues)
    best = int(odds.argmax())
    return _model().labels[best], float(odds[best])


def guess(text: str, clues: frozenset[str], *, opening: bool) -> Act | None:
    """An act that the text probably is; in the middle of an errand only a sure one."""
    label, probability = likeliest(text, clues)
    if probability < (QUITE_SURE if label in _OF_THE_HOUR else GUESS if opening else SURE):
        return None
    return act_of(label, sure=opening and probability >= SURE)


def instead_of(named: frozenset[str], text: str, clues: frozenset[str]) -> Act | None:
    """An act that the text is far likelier to be than any of `named`."""
    label, probability = likeliest(text, clues)
    if label in named or label == NOTHING or probability < SURE:
        return None
    labels, odds = _model().labels, _odds(text, clues)
    known = max((float(odds[labels.index(name)]) for name in named if name in labels), default=0.0)
    return act_of(label, sure=True) if probability >= RATHER * known else None


def act_of(label: str, *, sure: bool) -> Act | None:
    kind, _, name = label.partition(":")
    if kind == "intend":
        return Intend(Errand(name), sure=sure)
    if kind == "ask":
        return AskAbout(Topic(name))
    return Interject(Aside(name)) if kind == "aside" else None
