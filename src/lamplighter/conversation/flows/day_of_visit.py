"""A visit is about to begin and something is in the way: the link, the door, nobody there, the traffic. Rule 27.

Who it is, lightly: a name, and the number on file or a date of birth. Then the people here are told at once. Whoever
writes or calls from the number on file hears what was done; anybody else the same words whether we know them or not.
"""

from collections.abc import Generator
from typing import Any, Literal

from lamplighter.conversation.actions import (
    Done,
    FindToday,
    PageForVisit,
    SeeByVideo,
    TakeMessage,
    Today,
    Trouble,
)
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.by_mail import for_the_desk
from lamplighter.conversation.flows.message import left
from lamplighter.conversation.flows.visits import answered
from lamplighter.conversation.needs import (
    Ask,
    Commit,
    Confirm,
    Do,
    Flow,
    HandOver,
    Identify,
    IfSigned,
    Need,
    Offer,
    Say,
    args,
    keys,
)
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.conversation.view import View

PHRASES = (
    "day.told",
    "day.passed_on",
    "day.link_again",
    "day.late_policy",
    "day.which.2",
    "day.which.3",
    "day.video_instead",
    "day.where",
    "day.stays",
    "day.by_video",
    "day.promise",
    "day.promise_later",
)
Steps = Generator[Need, Any, None]


def link_trouble(view: View) -> Flow:
    yield from _day_of_visit(view, "link")


def at_the_door(view: View) -> Flow:
    yield from _day_of_visit(view, "door")


def waiting_alone(view: View) -> Flow:
    yield from _day_of_visit(view, "alone")


def running_late(view: View) -> Flow:
    yield from _day_of_visit(view, "late")


def _day_of_visit(view: View, trouble: Trouble) -> Steps:
    if not (yield IfSigned(PHRASES)):
        return (yield from _passed_on_as_before(view))
    today = yield from _who(view)
    if today.by_person:
        yield HandOver("handoff.human")
    if view.state.address is None:
        yield Ask(soft=keys(Detail.PHONE))
    if not today.proven:
        yield from _told_alike(view, trouble, today)
    elif today.near:
        yield from _told_at_once(view, trouble, today)
    else:
        yield from _not_now(view, trouble, today)


def _who(view: View) -> Generator[Need, Any, Today]:
    """Whoever answers our text, then a name from the number on file, then a name and a date of birth."""
    meant = yield from answered(view)
    if meant is not None:
        assert meant.found.person is not None
        own: Today = yield Do(FindToday(person=meant.found.person))
        return own
    if view.state.channel == "email":
        yield from for_the_desk()
    yield Ask(required=keys(Detail.FIRST_NAME, Detail.LAST_NAME))
    first, last = view.value(Detail.FIRST_NAME) or "", view.value(Detail.LAST_NAME) or ""
    if view.state.address is not None:
        here: Today = yield Do(FindToday(first, last))
        if here.proven and here.person is not None:
            yield Identify(here.person, "number_on_file")
            return here
    yield Ask(soft=keys(Detail.DATE_OF_BIRTH))
    found: Today = yield Do(FindToday(first, last, view.born))
    return found


def _told_alike(view: View, trouble: Trouble, today: Today) -> Steps:
    """Nothing of it says whether we know them, or have a visit of theirs."""
    done = yield from _page(view, trouble, today)
    yield Say("day.passed_on", args(trouble=trouble, told=done.rung))
    if trouble == "late":
        return (yield from _late_policy(view))
    yield from _promise(view, done, on_file=False)


def _told_at_once(view: View, trouble: Trouble, today: Today) -> Steps:
    """Whoever is late for one of two visits says which; whoever can't get in needs somebody before any question."""
    if trouble == "late" and len(today.visits) > 1:
        today = yield from _which(today)
    done = yield from _page(view, trouble, today)
    yield Say("day.told", args(trouble=trouble, sent=view.sent(done), told=done.rung))
    if trouble != "late":
        return (yield from _promise(view, done, on_file=True))
    yield from _late_policy(view)
    visit = next((each for each in today.visits if each.id == today.visit), None)
    if today.may_be_by_video and visit is not None:
        yield from _by_video(view, visit)


def _which(today: Today) -> Generator[Need, Any, Today]:
    near = today.visits[:3]
    slot: Slot = yield Offer(tuple(each.slot for each in near), phrase="day.which", of="visits")
    meant = next(each for each in near if each.slot == slot)
    return (yield Do(FindToday(person=today.person, visit=meant.id)))  # type: ignore[no-any-return]


def _by_video(view: View, visit: VisitView) -> Steps:
    """A visit in person that would be lost may be held by video, where its clinician may see them where they sit: what
    they say of it in this contact, never the home on file."""
    clock = view.slot_args(visit.slot)["clock"]
    if not (yield Confirm("day.video_instead", args(clock=clock, visit=visit.id))):
        return
    licensed = view.practice.clinician(visit.slot.clinician).states or view.practice.states
    if licensed:
        yield Ask(soft=keys(Detail.STATE), phrase="day.where")
    sits_in = view.value(Detail.STATE)
    if licensed and sits_in not in licensed:
        yield Say("day.stays")
        return
    changed = yield Commit(SeeByVideo(visit.id, sits_in, view.texts))
    if not isinstance(changed, Done):
        yield HandOver("handoff.stuck")
    yield Say("day.by_video", args(sent=view.sent(changed), told=changed.rung))


def _not_now(view: View, trouble: Trouble, today: Today) -> Steps:
    """No visit of theirs is about to begin: an ordinary answer."""
    if trouble == "late":
        return (yield from _passed_on_as_before(view))
    done = yield from _page(view, trouble, today)
    if done.promised is None:
        yield Say("day.link_again")
    else:
        yield Say("day.passed_on", args(trouble=trouble, told=done.rung))
        yield from _promise(view, done, on_file=True)


def _page(view: View, trouble: Trouble, today: Today) -> Generator[Need, Any, Done]:
    about = tuple(pair for pair in left(view) if pair[0] != Detail.MESSAGE.value)
    done = yield Commit(PageForVisit(trouble, about, today.person, today.visit, view.texts))
    if not isinstance(done, Done) or (done.promised is None and not done.texted):
        yield HandOver("handoff.stuck")
        raise AssertionError("a hand-over does not come back")
    return done


def _late_policy(view: View) -> Steps:
    minutes = view.practice.day_of_visit.late_minutes
    if minutes is not None:
        yield Say("day.late_policy", args(minutes=str(minutes)))


def _promise(view: View, done: Done, *, on_file: bool) -> Steps:
    """Of a call back that is stored, to the number on file and to no other."""
    assert done.promised is not None
    number: Literal["yes", "none"] = "yes" if on_file else "none"
    when = done.promised.astimezone(view.practice.timezone)
    if when.date() == view.now.date():
        yield Say("day.promise", args(until=when.isoformat(), number=number))
    else:
        yield Say("day.promise_later", args(due_day=when.isoformat(), number=number))


def _passed_on_as_before(view: View) -> Steps:
    """Word for the clinician and the desk, for when somebody reads it."""
    if (yield from answered(view)) is None:
        if view.state.channel == "email":
            yield from for_the_desk()
        yield Ask(required=keys(Detail.FIRST_NAME, Detail.LAST_NAME))
    if view.state.address is None and view.state.channel != "email":
        yield Ask(soft=keys(Detail.PHONE))
    taken = yield Commit(TakeMessage("running_late", left(view)))
    if not isinstance(taken, Done):
        yield HandOver("handoff.stuck")
    yield Say("running_late.passed_on")
