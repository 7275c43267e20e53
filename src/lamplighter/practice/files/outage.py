"""outage.yaml: to whom the carrier puts calls through while this machine is off, and who has proven it when."""

from typing import Final

from lamplighter.practice.outage import Outage
from lamplighter.practice.reading import Section
from lamplighter.practice.values import DATE, ID, NAME, TEXT

BOTH: Final = ("proven_on", "proven_by")


def read_outage(section: Section) -> Outage:
    read = Outage(
        goes_to=section.need("goes_to", ID),
        proven_on=section.optional("proven_on", DATE),
        proven_by=section.optional("proven_by", NAME),
        watched_by=section.optional("watched_by", TEXT),
    )
    given = [name for name in BOTH if section.has(name)]
    if len(given) == 1:
        section.add(
            given[0],
            "a proof has a day and a name, and one of them is missing",
            "Write proven_on and proven_by.",
        )
    return read
