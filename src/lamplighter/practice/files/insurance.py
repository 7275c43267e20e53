"""insurance.yaml: which insurers are taken, which are not, and what callers call them."""

from lamplighter.practice.model import Insurer
from lamplighter.practice.reading import Section, unique_ids
from lamplighter.practice.values import ID, NAME, choice, shorten


def read_insurance(section: Section) -> tuple[Insurer, ...]:
    taken = section.sections("taken")
    refused = section.sections("not_taken")
    lines: dict[str, int] = {}
    insurers = []
    for insurer_id, entry in unique_ids([*taken, *refused], ID):
        insurer = _insurer(insurer_id, entry, taken=entry in taken)
        _check_names(entry, insurer, lines)
        insurers.append(insurer)
        entry.close()
    return tuple(insurers)


def _insurer(insurer_id: str, entry: Section, *, taken: bool) -> Insurer:
    name = entry.need("name", NAME)
    said = entry.many("also_called", NAME, ())
    return Insurer(
        id=insurer_id,
        name=name,
        names=(name, *said),
        taken=taken,
        payer_class=entry.maybe("class", choice("commercial", "medicaid", "medicare", "other"), "commercial"),
    )


def _check_names(entry: Section, insurer: Insurer, lines: dict[str, int]) -> None:
    """What a caller says must lead to one insurer."""
    for said in insurer.names:
        word = said.casefold()
        if word and word in lines:
            entry.add(
                "also_called" if said != insurer.name else "name",
                f'"{shorten(said)}" is already what callers say for the insurer in line {lines[word]}',
                "Keep a name for one insurer only.",
            )
        lines.setdefault(word, entry.line("id"))
