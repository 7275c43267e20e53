"""The desk that an utterance in `cases/` is said to: Harbor Lane, Tuesday 1 December 2026, ten in the morning."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from lamplighter.conversation.details import Errand, Key
from lamplighter.conversation.understanding.context import Context, OfferedTime
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample

CASES = Path(__file__).with_name("cases")
_ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 12, 1, 10, 0, tzinfo=_ZONE)
OFFERED = (
    OfferedTime(datetime(2026, 12, 2, 16, 0, tzinfo=_ZONE), "Amara Osei", Modality.IN_PERSON),
    OfferedTime(datetime(2026, 12, 3, 17, 30, tzinfo=_ZONE), "Luis Ortega", Modality.IN_PERSON),
)
THREE = (
    OfferedTime(datetime(2026, 12, 8, 10, 0, tzinfo=_ZONE), "Amara Osei", Modality.TELEHEALTH),
    OfferedTime(datetime(2026, 12, 10, 15, 30, tzinfo=_ZONE), "Luis Ortega", Modality.IN_PERSON),
    OfferedTime(datetime(2026, 12, 11, 17, 0, tzinfo=_ZONE), "Mei Tan", Modality.TELEHEALTH),
)
_OFFERS = {False: (), True: OFFERED, "one": THREE[:1], "two": THREE[:2], "three": THREE}


def context(
    locale: str = "en",
    asked: str = "",
    confirmed: str = "",
    known: dict[str, str] | None = None,
    offered: bool | str = False,
    errand: str | None = None,
    **_: Any,
) -> Context:
    return Context(
        locale=locale,
        channel="voice",
        now=NOW,
        practice=load_sample(),
        asked=tuple(Key.parse(name) for name in asked.split()),
        confirmed=tuple(Key.parse(name) for name in confirmed.split()),
        offered=_OFFERS[offered],
        known={Key.parse(name): value for name, value in (known or {}).items()},
        errand=Errand(errand) if errand else None,
        caller_id="+12125550143",
    )


def cases() -> Iterator[tuple[str, str, Context, str]]:
    """(file, utterance, context, expected acts) of every case."""
    for file in sorted(CASES.glob("*.yaml")):
        for group in YAML(typ="safe").load(file.read_text(encoding="utf-8")):
            heard = context(**{name: value for name, value in group.items() if name != "says"})
            for said, expected in group["says"].items():
                yield file.stem, str(said), heard, str(expected)
