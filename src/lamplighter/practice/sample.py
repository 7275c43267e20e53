"""Harbor Lane Counseling, the invented practice of the demo, the rehearsals and the documents."""

from functools import cache
from pathlib import Path
from typing import Final

from lamplighter.practice.load import load
from lamplighter.practice.model import Practice

SAMPLE_FOLDER: Final = Path(__file__).with_name("harbor_lane")


@cache
def load_sample() -> Practice:
    """The sample practice, id `demo`. Read once; it is frozen."""
    return load(SAMPLE_FOLDER)
