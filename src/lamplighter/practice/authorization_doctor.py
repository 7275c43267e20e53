"""Authorizations that could not go the way the practice has written: a payer without an id, a clinician without
an NPI."""

from collections.abc import Iterator, Mapping
from typing import Final

from lamplighter.practice.authorizing import AuthorizationPayer
from lamplighter.practice.model import Practice
from lamplighter.practice.problems import Problem
from lamplighter.practice.reading import line_of

FILE: Final = "authorizations.yaml"


def authorizations(practice: Practice, files: Mapping[str, bytes]) -> Iterator[Problem]:
    if FILE not in files:
        return
    for place, each in enumerate(practice.authorizations.insurers):
        line = line_of(files[FILE], "insurers", str(place), "by")
        yield from _of(practice, each, line)
    lacking = _without_npi(practice)
    if lacking:
        yield Problem(
            FILE,
            line_of(files[FILE], "insurers"),
            f"an insurer asks for the clinician's NPI, and {', '.join(lacking)} has none here",
            "Add `- clinician: ...` with the ten digits from the national register (NPPES) under clinicians.",
            "warning",
        )


def _of(practice: Practice, each: AuthorizationPayer, line: int) -> Iterator[Problem]:
    if each.by == "paper":
        return
    if practice.eligibility.payer_of(each.insurer) is None:
        yield Problem(
            FILE,
            line,
            f"{each.insurer} has no payer in eligibility.yaml: nothing can go to it by {each.by}",
            f"Add `- insurer: {each.insurer}` with the payer's id there, or write `by: paper` here.",
            "warning",
        )
    if practice.eligibility.part_2:
        yield Problem(
            FILE,
            line,
            "under 42 CFR Part 2 requests go on paper alone, where the notice goes along",
            "Write `by: paper` with a fax or a portal.",
            "warning",
        )


def _without_npi(practice: Practice) -> list[str]:
    """Clinicians who do a kind of visit that may need it."""
    npis = dict(practice.authorizations.npis)
    kinds = {
        kind.id
        for kind in practice.visit_kinds
        for each in practice.authorizations.insurers
        if "clinician_npi" in each.asks and each.need(kind.id) != "not_needed"
    }
    return [
        each.spoken_name
        for each in practice.clinicians
        if each.id not in npis and not kinds.isdisjoint(each.visit_kinds)
    ]
