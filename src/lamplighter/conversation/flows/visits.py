"""Which of the person's visits is meant."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from lamplighter.conversation.actions import FindReminded, FindVisits, PersonFound, Reminded, Visits
from lamplighter.conversation.answers import BY_LETTERS
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.by_mail import for_the_desk
from lamplighter.conversation.flows.knowing import known_person
from lamplighter.conversation.needs import Confirm, Do, HandOver, Identify, IfSigned, Need, Offer, Say
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.conversation.view import View


@dataclass(frozen=True, slots=True)
class Meant:
    """Who acts and which visit is meant. `thread`: it answers our text about this one visit, and shows nothing else."""

    found: PersonFound
    visit: VisitView
    thread: bool = False


def answered(view: View) -> Generator[Need, Any, Meant | None]:
    """The visit that our text was about, for whoever answers it from the number it went to: that one, and no other.
    None: it is no such answer, and they are asked who they are."""
    if not view.state.ours or view.state.channel not in BY_LETTERS or view.state.address is None:
        return None
    reminded: Reminded = yield Do(FindReminded())
    if reminded.person.person is None or reminded.visit is None:
        return None
    yield Identify(reminded.person.person, "thread")
    yield from _by_person(reminded.visit)
    return Meant(reminded.person, reminded.visit, thread=True)


def whose_visit(view: View) -> Generator[Need, Any, Meant | None]:
    """None after it was said that there is none, or that they are not known."""
    meant = yield from answered(view)
    if meant is not None:
        return meant
    if view.state.channel == "email":
        yield from for_the_desk()
    found = yield from known_person(view)
    visit = (yield from which_visit(view, found)) if found is not None else None
    return Meant(found, visit) if found is not None and visit is not None else None


def worded(meant: Meant, phrase: str) -> Generator[Need, Any, str]:
    """In answer to a text of ours a phrase names the time alone: who holds the telephone is taken on trust."""
    plain = f"{phrase}.plain"
    return plain if meant.thread and (yield IfSigned((plain,))) else phrase


def which_visit(view: View, found: PersonFound) -> Generator[Need, Any, VisitView | None]:
    """The one upcoming visit, or the one picked of up to three; None when there is none."""
    visit = yield from _which(view, found)
    if visit is not None:
        yield from _by_person(visit)
    return visit


def _by_person(visit: VisitView) -> Generator[Need, Any, None]:
    """Its clinician works here no longer: nothing is said, offered or taken before a person has spoken to them."""
    if visit.by_person:
        yield HandOver("handoff.human")


def _which(view: View, found: PersonFound) -> Generator[Need, Any, VisitView | None]:
    assert found.person is not None
    known: Visits = yield Do(FindVisits(found.person))
    if not known.visits:
        yield Say("visits.none")
        return None
    meant = next((visit for visit in known.visits if visit.id == view.state.changing), None)
    if meant is not None:
        return meant
    picked = next((visit for visit in known.visits if visit.slot == view.state.picked), None)
    if picked is not None:
        return picked
    if view.value(Detail.SERIES) == "all" and len(known.visits) > 1:
        if len({visit.series for visit in known.visits}) > 1 or known.visits[0].series is None:
            yield HandOver("handoff.human")
        return known.visits[0]
    soonest = known.visits[:3]
    if len(soonest) == 1:
        return soonest[0]
    for visit in soonest:
        yield from _by_person(visit)
    slot: Slot = yield Offer(tuple(visit.slot for visit in soonest), phrase="which_visit", of="visits")
    return next(visit for visit in soonest if visit.slot == slot)


def only_this_one(view: View, visit: VisitView) -> Generator[Need, Any, bool]:
    """For a standing series: this one visit (yes), or from here on (no). Asked and read back."""
    if visit.series is None:
        return True
    told = view.value(Detail.SERIES)
    if told is not None:
        return told == "one"
    return bool((yield Confirm("series.only_this", tuple(sorted(visit_args(view, visit).items())))))


def visit_args(view: View, visit: VisitView) -> dict[str, str]:
    """A visit as phrases name it."""
    named = view.slot_args(visit.slot)
    return {name: named[name] for name in ("day", "clock", "clinician", "modality")}
