"""Makes `short.npz` from the short answers: `python -m lamplighter.conversation.understanding.train_short`.

Deterministic. Prints how well answers that were held out are recognised, and how often one is taken for another.
"""

import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from lamplighter.conversation.understanding.encoder import Vector, embed_all
from lamplighter.conversation.understanding.letters import BUCKETS, spelling
from lamplighter.conversation.understanding.short import OTHER, SURE
from lamplighter.conversation.understanding.text import Said, fold
from lamplighter.conversation.understanding.train import seeds

STRENGTH, OF_SPELLING = 12.0, 0.7
"""Inverse of the regularisation, and the weight of spelling beside meaning; chosen on held-out answers."""


def answers() -> tuple[list[str], list[str]]:
    """Every short answer and its meaning; what people come for and ask is `other`."""
    texts: list[str] = []
    labels: list[str] = []
    folder = Path(str(files(__package__) / "short_answers"))
    for file in sorted(folder.glob("*.yaml")):
        for label, listed in YAML(typ="safe").load(file.read_text(encoding="utf-8")).items():
            for text in listed.strip().splitlines():
                texts.append(fold(Said.of(text).text))
                labels.append(label)
    others = [fold(text) for text, label in zip(*seeds(), strict=True) if not label.startswith("aside:")]
    return texts + others, labels + [OTHER] * len(others)


def rows(texts: list[str]) -> Vector:
    return np.hstack([embed_all(texts), np.stack([spelling(text) for text in texts]) * OF_SPELLING])


def main() -> None:
    texts, labels = answers()
    table, named = rows(texts), np.array(labels)
    model = LogisticRegression(C=STRENGTH, max_iter=200, class_weight="balanced")
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    chances = cross_val_predict(model, table, named, cv=folds, method="predict_proba")
    model.fit(table, named)
    across = table.shape[1] - BUCKETS
    np.savez_compressed(
        Path(str(files(__package__) / "short.npz")),
        of_vector=model.coef_.T[:across].astype(np.float16),
        of_runs=(model.coef_.T[across:] * OF_SPELLING).astype(np.float16),
        bias=model.intercept_.astype(np.float32),
        labels=np.array(model.classes_, dtype=np.str_),
    )
    best = model.classes_[chances.argmax(axis=1)]
    sure, asked = chances.max(axis=1) >= SURE, named != OTHER
    sys.stdout.write(
        f"{len(texts)} answers, {len(model.classes_)} meanings; held out: {(best == named)[asked].mean():.2f} right, "
        f"{(sure & (best == named))[asked].mean():.2f} sure and right, "
        f"{(sure & (best != named) & (best != OTHER))[asked].mean():.3f} sure and wrong, "
        f"{(sure & (best != OTHER))[~asked].mean():.3f} of the others taken for an answer\n"
    )


if __name__ == "__main__":
    main()
