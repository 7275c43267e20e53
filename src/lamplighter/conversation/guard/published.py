"""The gate of a release by the guard's figures: none that was published is lowered without saying so.

`docs/guard.md` is what was measured, `docs/guard-figures.json` what was published last, and `docs/guard-lowered.md`
says of every figure that became worse what it became and why. `python -m lamplighter.conversation.guard.published docs`
publishes what was measured, if the gate lets it.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

MEASURED, PUBLISHED, LOWERED = "guard.md", "guard-figures.json", "guard-lowered.md"
ROW: Final = re.compile(r"^\| ([^|]+: [^|]+?) \| (\d+) of (\d+) \| ", re.M)
SAID: Final = re.compile(r"^- `([^`]+)`: ([01]\.\d{3}) to ([01]\.\d{3}), because \S.{20,}$", re.M)
MADE_OF: Final = ("model.npz", "others.npz", "cases", "glosses", "patterns")
Figures = Mapping[str, tuple[int, int]]


def figures(page: str) -> Figures:
    """Of how many how many were heard, by the names of the rows of the report."""
    return {name: (int(hits), int(of)) for name, hits, of in ROW.findall(page)}


def worse(published: Figures, measured: Figures) -> Iterator[tuple[str, float, float | None]]:
    """The name of every figure that became worse, what it was, and what it is; None where it is not measured any more.
    More is better, but of false alarms."""
    for name, (hits, of) in published.items():
        before, now = hits / max(of, 1), measured.get(name)
        share = now[0] / max(now[1], 1) if now else None
        sign = -1 if "false alarms" in name else 1
        if share is None or sign * share < sign * before:
            yield name, before, share


def unsaid(published: Figures, measured: Figures, said: str) -> list[str]:
    """What a release would lower without saying so, each as the line that is missing in the file that says it."""
    told = {(name, was, became) for name, was, became in SAID.findall(said)}
    return [
        f"- `{name}`: {before:.3f} to {now or 0:.3f}, because ..."
        for name, before, now in worse(published, measured)
        if (name, f"{before:.3f}", f"{now or 0:.3f}") not in told
    ]


def digest() -> str:
    """Of everything that what was measured was made of: models, patterns, glossaries and cases."""
    found = hashlib.sha256()
    for name in MADE_OF:
        for path, content in _within(name, files(__package__) / name):
            found.update(f"{path} {hashlib.sha256(content).hexdigest()}\n".encode())
    return found.hexdigest()[:32]


def _within(path: str, place: Traversable) -> Iterator[tuple[str, bytes]]:
    if place.is_file():
        yield path, place.read_bytes()
    elif not path.endswith("__pycache__"):
        for entry in sorted(place.iterdir(), key=lambda each: each.name):
            yield from _within(f"{path}/{entry.name}", entry)


def published_in(docs: Path) -> Figures:
    body = json.loads((docs / PUBLISHED).read_text("utf-8"))
    return {name: (hits, of) for name, (hits, of) in body.items()}


def publish(docs: Path) -> list[str]:
    """Publishes what was measured. What it gives keeps it from being published."""
    measured = figures((docs / MEASURED).read_text("utf-8"))
    missing = unsaid(published_in(docs), measured, (docs / LOWERED).read_text("utf-8"))
    if not missing:
        rows = ",\n".join(f" {json.dumps(name)}: [{hits}, {of}]" for name, (hits, of) in measured.items())
        (docs / PUBLISHED).write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")
    return missing


if __name__ == "__main__":
    left = publish(Path(sys.argv[1]))
    sys.stdout.writelines(f"{line}\n" for line in left)
    sys.exit(1 if left else 0)
