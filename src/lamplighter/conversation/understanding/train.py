"""Makes `meaning.npz` from the seeds: `python -m lamplighter.conversation.understanding.train`.

Deterministic: the same seeds give the same file. Prints how well seeds that were held out are recognised, and how often
one that is sure is wrong.
"""

import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from lamplighter.conversation.understanding.clues import fired, names
from lamplighter.conversation.understanding.encoder import Vector, embed_all
from lamplighter.conversation.understanding.intents import plain
from lamplighter.conversation.understanding.letters import BUCKETS, spelling
from lamplighter.conversation.understanding.lexicon import spoken_in
from lamplighter.conversation.understanding.meaning import SURE
from lamplighter.conversation.understanding.shorthand import written_out
from lamplighter.conversation.understanding.text import Said
from lamplighter.practice.sample import load_sample

STRENGTH = 10.0
"""Inverse of the regularisation; chosen on held-out sentences."""
WEIGHT_OF_CLUES = 0.7
"""How much a pattern counts beside the vector, whose length is 1."""


def seeds() -> tuple[list[str], list[str]]:
    """Every seed and its label, in the files' order."""
    texts: list[str] = []
    labels: list[str] = []
    folder = Path(str(files(__package__) / "seeds"))
    for file in sorted(folder.glob("*.yaml")):
        for kind, meanings in YAML(typ="safe").load(file.read_text(encoding="utf-8")).items():
            for name, listed in meanings.items():
                for text in listed.strip().splitlines():
                    texts.append(text)
                    labels.append(f"{kind}:{name}")
    return texts, labels


def _clues(texts: list[str]) -> Vector:
    """What fires on each text, as `Understanding` would hear it."""
    practice, rows = load_sample(), []
    for text in texts:
        said = Said.of(text)
        lex = spoken_in(said.words, "en")
        heard_so = fired(plain(written_out(said, lex), lex, practice).low, lex.language)
        rows.append([name in heard_so for name in names()])
    return np.array(rows, dtype=np.float32) * WEIGHT_OF_CLUES


def _model() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=300, class_weight="balanced")


def main() -> None:
    texts, labels = seeds()
    said = [written_out(Said.of(text), spoken_in(Said.of(text).words, "en")).text for text in texts]
    spelled = np.stack([spelling(text) for text in said])
    alone = np.hstack([embed_all(said), spelled])
    beside = np.hstack([alone, _clues(texts)])
    named, across = np.array(labels), len(names())
    by_words, by_both = (_model().fit(csr_matrix(rows), named) for rows in (alone, beside))
    heard, clues = by_both.coef_.T[:-across], by_both.coef_.T[-across:]
    np.savez_compressed(
        Path(str(files(__package__) / "meaning.npz")),
        weights=by_words.coef_.T[:-BUCKETS].astype(np.float16),
        of_runs=by_words.coef_.T[-BUCKETS:].astype(np.float16),
        bias=by_words.intercept_.astype(np.float32),
        beside_clues=heard[:-BUCKETS].astype(np.float16),
        runs_beside_clues=heard[-BUCKETS:].astype(np.float16),
        bias_beside_clues=by_both.intercept_.astype(np.float32),
        of_clues=(clues * WEIGHT_OF_CLUES).astype(np.float16),
        labels=np.array(by_words.classes_, dtype=np.str_),
        clues=np.array(names(), dtype=np.str_),
    )
    sys.stdout.write(f"{len(texts)} seeds, {len(by_words.classes_)} meanings\n")
    for name, rows in (("by words alone", alone), ("beside the patterns", beside)):
        sys.stdout.write(f"held out, {name}: {_held_out(rows, named)}\n")


def _held_out(rows: Vector, named: NDArray[np.str_]) -> str:
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    chances = cross_val_predict(_model(), csr_matrix(rows), named, cv=folds, method="predict_proba")
    right = np.unique(named)[chances.argmax(axis=1)] == named
    sure = chances.max(axis=1) >= SURE
    return f"{right.mean():.2f} right; {sure.mean():.2f} sure, of which {right[sure].mean():.2f} right"


if __name__ == "__main__":
    main()
