"""Small readings of a practice that questions and flows share."""

from lamplighter.practice.model import Clinician, Insurer, Money, Practice

# How a title is said of a woman, where the language tells.
TITLES_OF_WOMEN = {"es": {"Dr. ": "Dra. "}}


def clinician_name(clinician: Clinician, locale: str) -> str:
    """How the clinician is named to people in this language."""
    name = clinician.spoken_name
    if clinician.gender == "woman":
        for title, of_woman in TITLES_OF_WOMEN.get(locale.split("-")[0], {}).items():
            name = name.replace(title, of_woman, 1) if name.startswith(title) else name
    return name


def money(fee: Money) -> str:
    """Canonical form of an amount: "220 USD"."""
    return f"{fee.amount} {fee.currency}"


def find_insurer(practice: Practice, name: str | None) -> Insurer | None:
    wanted = (name or "").casefold()
    return next(
        (
            insurer
            for insurer in practice.insurers
            if wanted
            in {insurer.id.casefold(), insurer.name.casefold(), *(n.casefold() for n in insurer.names)}
        ),
        None,
    )
