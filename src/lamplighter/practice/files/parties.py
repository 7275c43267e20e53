"""parties.yaml: whoever else gets something of what people tell the practice, and since when an agreement covers it."""

from lamplighter.practice.model import Party
from lamplighter.practice.reading import Section
from lamplighter.practice.values import DATE, NAME, TEXT, YES_NO


def read_parties(section: Section) -> tuple[Party, ...]:
    parties: list[Party] = []
    for entry in section.sections("parties"):
        party = Party(
            name=entry.need("name", NAME),
            purpose=entry.need("for", TEXT),
            gets=entry.many("gets", TEXT),
            agreed_on=entry.optional("agreement_since", DATE),
            may_reuse=entry.optional("may_reuse", YES_NO),
        )
        if party.name and any(party.name.casefold() == other.name.casefold() for other in parties):
            entry.add("name", f"{party.name} is listed twice", "Put what it is for into one entry.")
        parties.append(party)
        entry.close()
    return tuple(parties)
