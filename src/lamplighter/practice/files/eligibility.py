"""eligibility.yaml: which plans are asked about a visit, at which payer, in whose name, and how long before."""

import re
from typing import Final

from lamplighter.practice.files.known import Known
from lamplighter.practice.model import CarveOut, Eligibility, PayerId
from lamplighter.practice.reading import Section
from lamplighter.practice.values import NAME, YES_NO, Kind, Unreadable, shorten, whole_number

ISSUER: Final = "80840"
"""What stands before a national provider identifier where its last digit is reckoned."""


def read_eligibility(section: Section, known: Known) -> Eligibility:
    usual = Eligibility()
    asks = section.need_section("asks")
    npi, name, first_name = _who_asks(asks) if asks else ("", "", "")
    payers = tuple(_payer(entry, known) for entry in section.need_sections("payers"))
    _one_each(section, payers)
    return Eligibility(
        npi=npi,
        name=name,
        first_name=first_name,
        payers=payers,
        carve_outs=tuple(_carve_out(entry) for entry in section.sections("carve_outs")),
        hours=section.many("hours_before", whole_number(1, 14 * 24), usual.hours),
        again_after_hours=section.maybe("same_answer_for_hours", whole_number(1, 7 * 24), 24),
        card_days=section.maybe("card_kept_days", whole_number(1, 90), usual.card_days),
        part_2=section.maybe("part_2", YES_NO, False),
    )


def _who_asks(asks: Section) -> tuple[str, str, str]:
    found = asks.need("npi", NPI), asks.need("name", NAME), asks.optional("first_name", NAME) or ""
    asks.close()
    return found


def _payer(entry: Section, known: Known) -> PayerId:
    found = PayerId(
        entry.need("insurer", known.insurer),
        entry.need("payer", PAYER),
        entry.need("name", NAME),
        entry.many("services", SERVICE, ("30",)),
    )
    entry.close()
    return found


def _carve_out(entry: Section) -> CarveOut:
    name, others = entry.need("name", NAME), entry.many("also_called", NAME, ())
    found = CarveOut((name, *others), entry.need("payer", PAYER), entry.many("services", SERVICE, ("MH",)))
    entry.close()
    return found


def _one_each(section: Section, payers: tuple[PayerId, ...]) -> None:
    """Whom a person's plan is asked at must be one payer."""
    found = [each.insurer for each in payers if each.insurer]
    for insurer in sorted({each for each in found if found.count(each) > 1}):
        section.add(
            "payers", f"{insurer} has more than one payer", "Keep one; another product is an insurer."
        )


def _npi(written: str) -> str:
    if re.fullmatch(r"[12]\d{9}", written, re.ASCII) and _sums_up(ISSUER + written):
        return written
    raise Unreadable(
        f'"{shorten(written)}" is no national provider identifier',
        "Write its ten digits as they stand in the register (NPPES).",
    )


def _sums_up(digits: str) -> bool:
    """By the check digit that bank cards have too."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def _payer_id(written: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{1,79}", written, re.ASCII):
        return written
    raise Unreadable(
        f'"{shorten(written)}" cannot be the id of a payer',
        'Write the id that your clearinghouse lists for it, in quotes: "60054".',
    )


def _service(written: str) -> str:
    if re.fullmatch(r"[A-Z0-9]{1,2}", written, re.ASCII):
        return written
    raise Unreadable(
        f'"{shorten(written)}" is no service type',
        'Write "30" for the whole plan or MH for mental health.',
    )


NPI: Final = Kind(_npi, "")
PAYER: Final = Kind(_payer_id, "")
SERVICE: Final = Kind(_service, "30")
