"""day_of_visit.yaml: how late somebody is still seen, which visits may be held by video instead, and where the link of
a visit by video comes from."""

import re
from typing import Final

from lamplighter.practice.files.known import Known
from lamplighter.practice.files.practice import CLINICAL
from lamplighter.practice.model import DayOfVisit
from lamplighter.practice.reading import Section
from lamplighter.practice.values import Kind, Unreadable, whole_number

VISIT: Final = "{visit}"
LONGEST: Final = 48
"""Signs of a link as it is written here: a text has room for what it becomes, and for what it says."""

_LINK: Final = re.compile(
    r"https://[a-z0-9.-]+\.[a-z]{2,}(?::\d{2,5})?/[A-Za-z0-9/_.?=&-]*\{visit\}[A-Za-z0-9/_.?=&-]*"
)


def _link(written: str) -> str:
    if _LINK.fullmatch(written) is None:
        raise Unreadable(
            "a link begins with https:// and has {visit} in it once, so that each visit has one of its own",
            "Write it like https://meet.example.org/{visit}.",
        )
    if found := CLINICAL.search(written):
        raise Unreadable(
            f'the link holds a clinical word ("{found[0]}"); it stands in a text, on locked screens too',
            "Use an address that says nothing of what kind of office it is.",
        )
    if len(written) > LONGEST:
        raise Unreadable(
            f"the link has more than {LONGEST} letters, and has no room in a text",
            "Use a shorter address.",
        )
    return written


LINK: Final = Kind(_link, "")


def read_day_of_visit(section: Section, known: Known) -> DayOfVisit:
    return DayOfVisit(
        late_minutes=section.optional("late_minutes", whole_number(1, 60)),
        video_instead=section.many("video_instead", known.visit_kind, ()),
        link=section.optional("video_link", LINK),
        link_by_clinician=_by(section, "video_link_of_clinician", known.clinician),
        link_by_kind=_by(section, "video_link_of_visit_kind", known.visit_kind),
    )


def _by(section: Section, key: str, named: Kind[str]) -> dict[str, str]:
    """A link by what it is for; an id that nothing has is a problem."""
    entries = section.section(key)
    if entries is None:
        return {}
    found = {name: entries.need(name, LINK) for name in entries.names()}
    for name in found:
        try:
            named.read(name)
        except Unreadable as wrong:
            entries.add(name, wrong.message, wrong.remedy)
    entries.close()
    return found
