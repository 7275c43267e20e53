"""Whose plans nobody can ask: insurers that are taken, and have no payer."""

from collections.abc import Mapping
from typing import Final

from lamplighter.practice.model import Practice
from lamplighter.practice.problems import Problem
from lamplighter.practice.reading import line_of

FILE: Final = "eligibility.yaml"


def payers(practice: Practice, files: Mapping[str, bytes]) -> list[Problem]:
    """Nothing where the practice asks no plan at all: that is its choice."""
    if FILE not in files:
        return []
    line = line_of(files[FILE], "payers")
    return [
        Problem(
            FILE,
            line,
            f"{each.name} is taken and has no payer here: nobody's plan with it is asked",
            f"Add `- insurer: {each.id}` with the payer's id at your clearinghouse, or leave it to the biller.",
            "warning",
        )
        for each in practice.insurers
        if each.taken and practice.eligibility.payer_of(each.id) is None
    ]
