"""What earlier files of the folder have defined, so that later ones can be told what they refer to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lamplighter.practice.model import WeekHours
from lamplighter.practice.values import LANGUAGE, Kind, Unreadable, reference


class Named(Protocol):
    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Known:
    """Ids by what they name; None where their file could not be read, and then nothing refers wrongly."""

    sites: frozenset[str] | None = None
    visit_kinds: frozenset[str] | None = None
    insurers: frozenset[str] | None = None
    clinicians: Mapping[str, str | None] | None = None  # id to telephone
    hours: WeekHours = field(default_factory=lambda: WeekHours({}))

    @property
    def site(self) -> Kind[str]:
        return reference(self.sites, "a site in practice.yaml")

    @property
    def visit_kind(self) -> Kind[str]:
        return reference(self.visit_kinds, "a kind of visit in visits.yaml")

    @property
    def insurer(self) -> Kind[str]:
        return reference(self.insurers, "an insurer in insurance.yaml")

    @property
    def clinician(self) -> Kind[str]:
        return reference(self.clinicians, "a clinician in people.yaml")


def ids(items: Iterable[Named] | None) -> frozenset[str] | None:
    """The ids of what a file defines; None for a file that was not read."""
    return None if items is None else frozenset(item.id for item in items if item.id)


def language_of(name: str, kind: str) -> str | None:
    """`es` for answers.es.yaml where the kind is answers; None for a file of another name."""
    start, _, rest = name.partition(".")
    tag, _, ending = rest.rpartition(".")
    if start != kind or ending != "yaml":
        return None
    try:
        return tag if LANGUAGE.read(tag) == tag else None
    except Unreadable:
        return None
