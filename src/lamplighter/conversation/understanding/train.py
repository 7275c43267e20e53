"""Makes `meaning.npz` from the seeds: `python -m lamplighter.conversation.understanding.train`.

Deterministic: the same seeds give the same file. Prints how well seeds that were held out are recognised.
"""

import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score

from lamplighter.conversation.understanding.encoder import Vector, embed_all

STRENGTH = 30.0
"""Inverse of the regularisation; chosen on held-out seeds."""


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


def _fitted(vectors: Vector, labels: list[str]) -> LogisticRegression:
    model = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight="balanced")
    return model.fit(vectors, labels)


def main() -> None:
    texts, labels = seeds()
    vectors = embed_all(texts)
    model = _fitted(vectors, labels)
    folder = Path(str(files(__package__) / "meaning.npz"))
    np.savez_compressed(
        folder,
        weights=model.coef_.T.astype(np.float16),
        bias=model.intercept_.astype(np.float32),
        labels=np.array(model.classes_, dtype=np.str_),
    )
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    held_out = cross_val_score(model, vectors, np.array(labels), cv=folds).mean()
    sys.stdout.write(
        f"{len(texts)} seeds, {len(model.classes_)} meanings, {held_out:.2f} right when held out\n"
    )


if __name__ == "__main__":
    main()
