"""Small readings of a practice that questions and flows share."""

from decimal import Decimal
from typing import Final

from lamplighter.conversation.understanding.lexicon import lexicon
from lamplighter.practice.medicaid import names_medicaid
from lamplighter.practice.model import Clinician, Insurer, Money, Practice

UNKNOWN_PAYER: Final = "unknown"


def clinician_name(clinician: Clinician, locale: str) -> str:
    """How the clinician is named to people in this language."""
    name = clinician.spoken_name
    if clinician.gender == "woman":
        title, _, rest = name.partition(" ")
        of_woman = lexicon(locale).exact("titles_of_women", title)
        return f"{of_woman} {rest}" if of_woman else name
    return name


def money(fee: Money) -> str:
    """Canonical form of an amount: "220 USD"."""
    return f"{fee.amount} {fee.currency}"


def money_in(canonical: str) -> Money:
    """What `money` wrote."""
    amount, _, currency = canonical.partition(" ")
    return Money(Decimal(amount), currency)


def find_insurer(practice: Practice, name: str | None) -> Insurer | None:
    """By id or any of its names, without case."""
    wanted = (name or "").casefold()
    return next((each for each in practice.insurers if wanted in _called(each)), None)


def payer_class_named(practice: Practice, name: str | None) -> str | None:
    """As the practice's files have it; of an insurer that they don't name `medicaid` where its name says so, else
    `UNKNOWN_PAYER`. None where nobody was named."""
    if not name:
        return None
    insurer = find_insurer(practice, name)
    if insurer is not None:
        return insurer.payer_class
    return "medicaid" if names_medicaid(name) else UNKNOWN_PAYER


def _called(insurer: Insurer) -> set[str]:
    return {name.casefold() for name in (insurer.id, insurer.name, *insurer.names)}
