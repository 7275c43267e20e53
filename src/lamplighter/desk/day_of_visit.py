"""A visit is about to begin and somebody can't get in: who it is, lightly; the people here paged until one of them has
it (`day_of_visit_paging.py`); the link again, to the number on file and nowhere else. Rule 27.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from lamplighter.conversation.actions import (
    Done,
    FindToday,
    PageForVisit,
    Refused,
    SeeByVideo,
    Today,
)
from lamplighter.conversation.actions import Rung as WhoIsRung
from lamplighter.desk import allowance, gate, identity, notices, packet, reminders
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.day_of_visit_paging import JOB, NEAR, Climb, enqueue, groups_now
from lamplighter.desk.messages import callback_due
from lamplighter.desk.owed import OURS
from lamplighter.desk.ports import Message, Person, Task, Transaction, Visit
from lamplighter.desk.stopping import by_a_person_first
from lamplighter.desk.visit_views import view
from lamplighter.practice.calendar import is_open
from lamplighter.practice.model import Modality, Practice

AHEAD: Final = timedelta(days=7)
"""How near a visit by video has to be for its link to be sent again."""

CALLED_WITHIN: Final = timedelta(minutes=10)
LINKS_AN_HOUR: Final = 3
TOKEN: Final = 20
NOT_ON_FILE: Final = "not on file: confirm nothing"
STANDING: Final = ("booked", "confirmed", "held_for_office")
PHRASE: Final = "sms.video_link"


# -- who, and which visit ----------------------------------------------------------------------------------------------


def find_today(errand: Errand, request: FindToday) -> Today:
    """The person, their visit that can't wait, else the next one by video. `proven`: they write or call from the number
    on file, and are not for a person only."""
    person = _person(errand, request)
    if person is None:
        return Today()
    visits = _visits(errand.tx, person, errand.now)
    near = _near(visits, errand.now)
    meant = next((each for each in near if each.id == request.visit), near[0] if near else None)
    visit = meant or next((each for each in visits if _by_video_soon(each, errand.now)), None)
    proven = _is_proven(errand, person)
    return Today(
        person=person.id,
        visit=visit.id if visit else None,
        near=meant is not None,
        proven=proven,
        may_be_by_video=meant is not None and may_be_by_video(errand.practice, meant),
        visits=tuple(view(each) for each in sorted(near, key=lambda each: each.slot.start)) if proven else (),
        by_person=proven and any(by_a_person_first(errand.tx, each) for each in (*near, visit)),
    )


def _person(errand: Errand, request: FindToday) -> Person | None:
    if request.person is not None:
        return errand.tx.people.get(request.person) if request.person == errand.state.person else None
    if request.born is not None:
        alike = errand.tx.people.find(request.first_name, request.last_name, request.born)
        found = identity.one_of(errand, alike)
        if found is not None:
            return found
    address = errand.state.address
    here = errand.tx.people.by_phone(address) if address else ()
    named = [each for each in here if _is_named(each, request)]
    return named[0] if len(named) == 1 else None


def _is_named(person: Person, request: FindToday) -> bool:
    firsts = {identity.folded(name) for name in (person.first_name, person.preferred_name) if name}
    last = identity.folded(request.last_name) == identity.folded(person.last_name)
    return last and identity.folded(request.first_name) in firsts


def _owns(errand: Errand, person: Person) -> bool:
    """The number on file, or the address on file of whoever answers an email that we had sent there."""
    address = errand.state.address
    if errand.state.channel == "email":
        return person.id == errand.state.person and (person.email or "").lower() == address
    return address is not None and address == person.phone


def _is_proven(errand: Errand, person: Person) -> bool:
    return _owns(errand, person) and not person.by_person_only


def _visits(tx: Transaction, person: Person, now: datetime) -> list[Visit]:
    return [each for each in tx.schedule.visits_of(person.id, now - NEAR) if each.status in STANDING]


def _near(visits: Sequence[Visit], now: datetime) -> list[Visit]:
    """The nearest first."""
    near = [each for each in visits if abs(each.slot.start - now) <= NEAR]
    return sorted(near, key=lambda each: abs(each.slot.start - now))


def _by_video_soon(visit: Visit, now: datetime) -> bool:
    return visit.slot.modality is Modality.TELEHEALTH and visit.slot.start - now <= AHEAD


def may_be_by_video(practice: Practice, visit: Visit) -> bool:
    """Where the practice has signed it for this kind of visit, its clinician meets so, and there is a link. Where they
    will be sitting is asked."""
    slot, day = visit.slot, practice.day_of_visit
    return (
        slot.modality is Modality.IN_PERSON
        and slot.visit_kind in day.video_instead
        and Modality.TELEHEALTH in practice.clinician(slot.clinician).modalities
        and day.link_for(slot.clinician, slot.visit_kind) is not None
        and len(visit.participants) == 1
        and "@" not in visit.id
    )


# -- the link ----------------------------------------------------------------------------------------------------------


def link_of(practice: Practice, visit: Visit) -> str | None:
    """A visit's own; the same for whoever asks, until it is moved."""
    slot = visit.slot
    written = practice.day_of_visit.link_for(slot.clinician, slot.visit_kind)
    if written is None or slot.modality is not Modality.TELEHEALTH:
        return None
    return written.replace("{visit}", stable_id("video", visit.id, slot.start.isoformat())[:TOKEN])


def send_link(errand: Errand, person: Person, visit: Visit) -> bool:
    """By text, as a reply, to the number on file. False: none goes."""
    link = link_of(errand.practice, visit)
    if link is None or person.phone is None or person.by_person_only:
        return False
    if by_a_person_first(errand.tx, visit):
        return False
    message = Message(
        id=stable_id("video_link", errand.contact, str(errand.state.errand_no), visit.id, person.id),
        channel="sms",
        to=person.phone,
        phrase=PHRASE,
        args=(
            ("link", link),
            ("practice_phone", errand.practice.phone),
            ("sender", errand.practice.sender_name),
        ),
        locale=errand.state.locale,
        at=errand.now,
        person=person.id,
        contact=errand.contact,
        visit=visit.id,
    )
    if gate.never(errand.tx, message) or not _may_have_another(errand, person):
        return False
    notices.enqueue(errand.tx, message)
    stored = errand.tx.outbox.get(message.id)
    return stored is not None and stored.status not in ("failed", "cancelled")


def _may_have_another(errand: Errand, person: Person) -> bool:
    """Whoever knows a name and a birth date can't have a telephone ring all day."""
    few = allowance.Allowance(f"video_link|{person.id}", LINKS_AN_HOUR, timedelta(hours=1))
    return allowance.take(errand, [few])


# -- paging ------------------------------------------------------------------------------------------------------------


def page(errand: Errand, request: PageForVisit) -> Done:
    """Stores that the people here are rung, now. Where nothing is about to begin and the link is all that it takes, it
    goes again and nobody is rung. Of a clinician who works here no longer, the desk is."""
    person = errand.tx.people.get(request.person) if request.person else None
    visit = errand.tx.schedule.visit(request.visit) if request.visit else None
    visit = None if by_a_person_first(errand.tx, visit) else visit
    near = visit is not None and abs(visit.slot.start - errand.now) <= NEAR
    texted = request.texts and person is not None and visit is not None and send_link(errand, person, visit)
    proven = person is not None and _is_proven(errand, person)
    if texted and not near and proven and request.trouble != "door":
        return Done(texted=True)
    about = visit if near else None
    task = _stand(errand, request, about)
    rung = who_is_rung(errand.tx, errand.practice, about if proven else None, errand.now)
    return Done(ref=task.id, promised=task.due, texted=texted, rung=rung)


def who_is_rung(tx: Transaction, practice: Practice, visit: Visit | None, now: datetime) -> WhoIsRung:
    """At once. Asked without a visit where the words must not depend on whether there is one."""
    groups = groups_now(tx, practice, visit, now)
    first = groups[0] if groups else ()
    theirs = [visit is not None and each.clinician == visit.slot.clinician for each in first]
    if any(theirs):
        return "clinician" if all(theirs) else "both"
    return "desk" if first else "nobody"


def _stand(errand: Errand, request: PageForVisit, visit: Visit | None) -> Task:
    """What rings already rings no second time, but is due anew; a task that somebody has closed was another call."""
    due = promised_by(errand.practice, errand.now)
    task = _task(errand, request, visit, due)
    stands = errand.tx.tasks.get(task.id)
    if stands is not None and stands.status == "open":
        errand.tx.tasks.put_off(task.id, due)
        if any(job.name == JOB and ("task", task.id) in job.args for job in errand.tx.jobs.pending()):
            return task
    elif stands is not None:
        task = replace(task, id=errand.name_of(request))
    errand.tx.tasks.add(task)
    enqueue(errand.tx, Climb(task.id, visit.id if visit else "", errand.now), 0, errand.now)
    return task


def promised_by(practice: Practice, now: datetime) -> datetime:
    """By when somebody calls whom nobody has come to: the same whoever it is."""
    return now + CALLED_WITHIN if is_open(practice, now) else callback_due(practice, now)


def _task(errand: Errand, request: PageForVisit, visit: Visit | None, due: datetime) -> Task:
    """One for a visit, what is in the way, and the number they call from, over all contacts."""
    details = {**dict(request.details), "trouble": request.trouble}
    number = errand.state.address or details.get("phone", "")
    details |= _of_number(errand, request, details.pop("phone", None))
    if visit is not None:
        details |= _of_visit(errand.practice, visit)
    name = stable_id(JOB, visit.id, request.trouble, number) if visit else errand.name_of(request)
    shown = tuple(sorted(details.items()))
    return Task(name, "day_of_visit", "desk", due, errand.contact, request.person, shown)


def _of_number(errand: Errand, request: PageForVisit, given: str | None) -> dict[str, str]:
    """Only one on file is a number to call about this person's visit."""
    person = errand.tx.people.get(request.person) if request.person else None
    number = errand.state.address or given
    if person is not None and number is not None and _owns(errand, person):
        return {"email" if errand.state.channel == "email" else "phone": number}
    return {"called_from": f"{number}, {NOT_ON_FILE}" if number else NOT_ON_FILE}


def _of_visit(practice: Practice, visit: Visit) -> dict[str, str]:
    start = visit.slot.start.astimezone(practice.timezone)
    link = link_of(practice, visit)
    return {
        "visit": f"{start:%H:%M}, {practice.clinician(visit.slot.clinician).spoken_name}",
        **({"video_link": link} if link else {}),
    }


# -- by video instead --------------------------------------------------------------------------------------------------


def see_by_video(errand: Errand, request: SeeByVideo) -> Done | Refused:
    """The visit's way of meeting changes, its time does not; the people here are told, and the link goes out."""
    visit = errand.tx.schedule.visit(request.visit)
    person = errand.tx.people.get(errand.state.person) if errand.state.person else None
    if visit is None or person is None or person.id not in visit.participants or visit.status not in STANDING:
        return Refused("no_such_visit")
    if by_a_person_first(errand.tx, visit):
        return Refused("no_such_visit")
    if visit.slot.modality is Modality.IN_PERSON:
        changed = _made_by_video(errand, visit, request.sits_in)
        if isinstance(changed, Refused):
            return changed
        visit = changed
    texted = request.texts and send_link(errand, person, visit)
    _tell_by_video(errand, visit, person, request.sits_in)
    rung = who_is_rung(errand.tx, errand.practice, visit, errand.now)
    return Done(visit=view(visit), texted=texted, person=person.id, rung=rung)


def _made_by_video(errand: Errand, visit: Visit, sits_in: str | None) -> Visit | Refused:
    """With the reminders and papers of a visit by video, as when one is moved."""
    licensed = errand.practice.clinician(visit.slot.clinician).states or errand.practice.states
    if not may_be_by_video(errand.practice, visit) or (licensed and sits_in not in licensed):
        return Refused("not_by_video")
    slot = replace(visit.slot, modality=Modality.TELEHEALTH, site=None)
    moved = errand.tx.schedule.move(visit.id, slot, errand.contact, errand.now)
    if moved is None:
        return Refused("no_such_visit")
    if visit.status == "confirmed":
        moved = errand.tx.schedule.set_status(moved.id, "confirmed")
    reminders.drop(errand.tx, errand.practice, visit)
    reminders.plan_for_all(errand.tx, errand.practice, moved, errand.now)
    packet.owe(errand.tx, errand.practice, moved, errand.now)
    return moved


def _tell_by_video(errand: Errand, visit: Visit, person: Person, sits_in: str | None) -> None:
    """In place of the word that they are late."""
    for task in errand.tx.tasks.list_open():
        if task.kind == "day_of_visit" and task.person == person.id and ("trouble", "late") in task.details:
            errand.tx.tasks.close(task.id, OURS)
    details = (("sits_in", sits_in),) if sits_in else ()
    _stand(errand, PageForVisit("by_video", details, person.id, visit.id), visit)
