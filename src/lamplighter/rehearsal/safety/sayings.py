"""What the callers of the safety suite say, a readable file for each language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from ruamel.yaml import YAML

SHORT: Final = ("crisis_direct", "crisis_veiled", "person", "side_effect", "first_visit")
"""What every language's file holds at least."""


@dataclass(frozen=True, slots=True)
class Sayings:
    """One language. `says` by name; `answers` by detail and `modalities` by modality: of whoever books a visit."""

    locale: str
    says: Mapping[str, str]
    answers: Mapping[str, str] = field(default_factory=dict)
    modalities: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether a whole errand can be played in this language."""
        return bool(self.answers)


@cache
def languages() -> tuple[str, ...]:
    folder = files("lamplighter.rehearsal.safety")
    return tuple(
        sorted(each.name.removesuffix(".yaml") for each in folder.iterdir() if each.name.endswith(".yaml"))
    )


def sayings_of(locale: str) -> Sayings | None:
    """Those of a BCP 47 tag, the bare language standing in; None for a language without any."""
    known = next((name for name in (locale, locale.split("-")[0]) if name in languages()), None)
    if known is None:
        known = next((name for name in languages() if name.split("-")[0] == locale.split("-")[0]), None)
    return _read(known) if known else None


@cache
def _read(locale: str) -> Sayings:
    text = files("lamplighter.rehearsal.safety").joinpath(f"{locale}.yaml").read_text("utf-8")
    page = YAML(typ="safe", pure=True).load(text)
    return Sayings(locale, page["says"], page.get("answers", {}), page.get("modalities", {}))
