"""The guard: what must go to a person before anything else is read.

Two detectors that fail differently, either one enough: patterns that a clinician can read and edit
(`patterns/`), and a classifier trained on the cases in `cases/`. Rules of this room: no clock, no
randomness, no I/O but reading the package's own files at load; `check` never raises; a verdict says
which pattern or that the classifier decided, and never a level, a score or a kind of distress.
"""

from .guard import Guard, Verdict

__all__ = ["Guard", "Verdict"]
