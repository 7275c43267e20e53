"""Small readings of a practice that questions and flows share."""

from lamplighter.practice.model import Insurer, Money, Practice


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
