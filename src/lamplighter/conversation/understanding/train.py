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

from lamplighter.conversation.understanding.clues import fired, names
from lamplighter.conversation.understanding.encoder import Vector, embed_all
from lamplighter.conversation.understanding.intents import plain
from lamplighter.conversation.understanding.lexicon import spoken_in
from lamplighter.conversation.understanding.shorthand import written_out
from lamplighter.conversation.understanding.text import Said
from lamplighter.practice.sample import load_sample

ALONE, BESIDE_CLUES = 30.0, 10.0
"""Inverse of the regularisation; chosen on held-out sentences."""
WEIGHT_OF_CLUES = 0.4
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


def _fitted(vectors: Vector, labels: list[str], strength: float) -> LogisticRegression:
    model = LogisticRegression(C=strength, max_iter=2000, class_weight="balanced")
    return model.fit(vectors, labels)


def main() -> None:
    texts, labels = seeds()
    said = [written_out(Said.of(text), spoken_in(Said.of(text).words, "en")).text for text in texts]
    vectors = embed_all(said)
    both = np.hstack([vectors, _clues(texts)])
    alone, beside = _fitted(vectors, labels, ALONE), _fitted(both, labels, BESIDE_CLUES)
    across = len(names())
    np.savez_compressed(
        Path(str(files(__package__) / "meaning.npz")),
        weights=alone.coef_.T.astype(np.float16),
        bias=alone.intercept_.astype(np.float32),
        beside_clues=beside.coef_.T[:-across].astype(np.float16),
        bias_beside_clues=beside.intercept_.astype(np.float32),
        of_clues=(beside.coef_.T[-across:] * WEIGHT_OF_CLUES).astype(np.float16),
        labels=np.array(alone.classes_, dtype=np.str_),
        clues=np.array(names(), dtype=np.str_),
    )
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    right = [
        cross_val_score(model, rows, np.array(labels), cv=folds).mean()
        for model, rows in ((alone, vectors), (beside, both))
    ]
    sys.stdout.write(
        f"{len(texts)} seeds, {len(alone.classes_)} meanings; right when held out: "
        f"{right[0]:.2f} by the vector alone, {right[1]:.2f} beside the patterns\n"
    )


if __name__ == "__main__":
    main()
