"""referrals.yaml (may be absent): where else to send a person for whom nothing is open."""

from lamplighter.practice.files.known import Known
from lamplighter.practice.model import Referral
from lamplighter.practice.reading import Section
from lamplighter.practice.values import LANGUAGE, NAME, PHONE


def read_referrals(section: Section, known: Known) -> tuple[Referral, ...]:
    referrals = []
    for entry in section.sections("referrals"):
        referrals.append(
            Referral(
                name=entry.need("name", NAME),
                phone=entry.need("phone", PHONE),
                insurers=entry.many("insurers", known.insurer, ()),
                languages=entry.many("languages", LANGUAGE, ()),
            )
        )
        entry.close()
    return tuple(referrals)
