"""No visit twice: a person has one first visit of a kind to come, and is in one place at an hour."""

from lamplighter.conversation.actions import Participant
from lamplighter.conversation.flows.knowing import speaks_for
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.standing import FindStanding, Standing
from lamplighter.desk import persons
from lamplighter.desk.context import Errand
from lamplighter.desk.ports import Person, Visit
from lamplighter.desk.visit_views import seen

OPEN = ("booked", "confirmed", "held_for_office")


def find(errand: Errand, request: FindStanding) -> Standing:
    said = (("first_name", request.first_name), ("last_name", request.last_name))
    who = Participant((*said, ("date_of_birth", request.born.isoformat())))
    return against(errand, (who,), request.slot) or Standing()


def against(errand: Errand, participants: tuple[Participant, ...], slot: Slot) -> Standing | None:
    """What a visit at `slot` would double of whoever of them is on file and surely meant. Nobody else hears that there
    is anything, nor does whoever speaks for them and is no proxy on record."""
    found = (_of(errand, participant, slot) for participant in participants)
    return next((each for each in found if each is not None and _may_hear(errand, each)), None)


def beside(errand: Errand, moving: Visit, slot: Slot) -> Standing | None:
    """Another visit at the hour to which theirs would be moved, of whoever this contact has shown to be."""
    who = errand.state.person
    if who is None or who not in moving.participants:
        return None
    others = (
        each
        for each in errand.tx.schedule.visits_of(who, errand.now)
        if each.id != moving.id and each.status in OPEN and _meet(each.slot, slot)
    )
    visit = next(others, None)
    return Standing(visit=seen(errand.tx, visit), person=who) if visit is not None else None


def unheard(errand: Errand, participant: Participant, slot: Slot) -> bool:
    """Whether there is one of which this contact may not hear. What they ask for is then taken as it is for somebody
    who is not on file, and staff see that two people may be one."""
    found = _of(errand, participant, slot)
    return found is not None and not _may_hear(errand, found)


def _of(errand: Errand, participant: Participant, slot: Slot) -> Standing | None:
    person = persons.on_file(errand, participant)
    visit = _doubled(errand, person, slot) if person is not None else None
    return _standing(errand, person, visit, slot) if person is not None and visit is not None else None


def _may_hear(errand: Errand, found: Standing) -> bool:
    known = found.made or found.person == errand.state.person
    return known or speaks_for(errand.state, found)


def _doubled(errand: Errand, person: Person, slot: Slot) -> Visit | None:
    visits = errand.tx.schedule.visits_of(person.id, errand.now)
    standing = [visit for visit in visits if visit.status in OPEN]
    same_hour = (each for each in standing if _meet(each.slot, slot))
    first = errand.practice.visit_kind(slot.visit_kind).first
    same_kind = (each for each in standing if first and each.slot.visit_kind == slot.visit_kind)
    return next(same_kind, None) or next(same_hour, None)


def _meet(one: Slot, other: Slot) -> bool:
    return one.start < other.end and other.start < one.end


def _standing(errand: Errand, person: Person, visit: Visit, slot: Slot) -> Standing:
    state = errand.state
    first = errand.practice.visit_kind(slot.visit_kind).first
    return Standing(
        visit=seen(errand.tx, visit),
        again=first and visit.slot.visit_kind == slot.visit_kind,
        person=person.id,
        owns_address=person.id == state.person
        or (state.address is not None and state.address == person.phone),
        made=state.made is not None and state.made.person == person.id,
        proxies=tuple((proxy.name, proxy.phone) for proxy in person.proxies if proxy.visits),
    )
