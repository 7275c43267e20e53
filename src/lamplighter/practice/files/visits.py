"""visits.yaml: the kinds of visit, how long they are and what they cost."""

from lamplighter.practice.model import VisitKind
from lamplighter.practice.reading import Section, by_language, unique_ids
from lamplighter.practice.values import ID, MONEY, YES_NO, reference, whole_number


def read_visits(section: Section) -> tuple[VisitKind, ...]:
    entries = section.need_sections("visits")
    here = reference([entry.peek("id") for entry in entries], "a kind of visit in this file")
    kinds = []
    for kind_id, entry in unique_ids(entries, ID):
        kinds.append(
            VisitKind(
                id=kind_id,
                minutes=entry.need("minutes", whole_number(5, 480)),
                fee=entry.need("fee", MONEY),
                first=entry.maybe("new_patients", YES_NO, False),
                follow_up_kind=entry.optional("then", here),
                participants=entry.maybe("participants", whole_number(1, 12), 1),
                names=by_language(entry, "names"),
            )
        )
        entry.close()
    if kinds and not any(kind.first for kind in kinds):
        section.add("visits", "no kind of visit is open to new patients", "Add `new_patients: yes` to one.")
    return tuple(kinds)
