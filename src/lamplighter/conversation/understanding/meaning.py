"""What a sentence means where no pattern knew: the nearest of our own seeds, by a small trained model.

`meaning.npz` holds a linear model over sentence vectors, made by `python -m
lamplighter.conversation.understanding.train` from `seeds/*.yaml`; plain arrays, no pickles.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from lamplighter.conversation.acts import Act, Aside, AskAbout, Intend, Interject, Topic
from lamplighter.conversation.details import Errand
from lamplighter.conversation.understanding.encoder import embed

SURE = 0.55
GUESS = 0.34


@dataclass(frozen=True, slots=True)
class Model:
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    labels: tuple[str, ...]


@cache
def _model() -> Model:
    with (files(__package__) / "meaning.npz").open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return Model(
            kept["weights"].astype(np.float32),
            kept["bias"].astype(np.float32),
            tuple(map(str, kept["labels"])),
        )


def likeliest(text: str) -> tuple[str, float]:
    """The most probable meaning ("intend:move", "ask:hours", "none:none") and its probability."""
    model = _model()
    scores = embed(text) @ model.weights + model.bias
    odds = np.exp(scores - scores.max())
    best = int(odds.argmax())
    return model.labels[best], float(odds[best] / odds.sum())


def guess(text: str, *, opening: bool) -> Act | None:
    """An act that the text probably is; in the middle of an errand only a sure one."""
    label, probability = likeliest(text)
    if probability < (GUESS if opening else SURE):
        return None
    kind, _, name = label.partition(":")
    if kind == "intend":
        return Intend(Errand(name), sure=opening and probability >= SURE)
    if kind == "ask":
        return AskAbout(Topic(name))
    return Interject(Aside(name)) if kind == "aside" else None
