"""What the staff page shows of contacts, folded from their logs: cards for all, a transcript for one.

Rules of this room: routes are shown, never a level or a kind; lists sort by route and promised time; the sentence that
brought a hand-over to a clinical role is shown to clinical roles only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lamplighter.console import wording
from lamplighter.console.stepping_in import GIVEN, may_take_up
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Done
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import PhraseError
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import Handoff, State, fold
from lamplighter.desk import calling_back
from lamplighter.practice.model import Practice
from lamplighter.practice.rota import rungs_now

RANK = {"crisis": 0, "clinical": 1, "human": 2}
OPEN = ("ringing", "promised", "accepted")
DID = {
    "book": "Booked",
    "move": "Moved",
    "cancel": "Cancelled",
    "confirm_visit": "Confirmed",
    "see_by_video": "By video now",
}
DONE_WITHOUT_VISIT = {
    "take_message": "Message taken",
    "join_waitlist": "On the wait list",
    "page_for_visit": "Rung for",
}
SEALED = "Kept for clinical roles"
FORGOTTEN = "Words forgotten"
UNHEARD = "Nothing was made out"


@dataclass(frozen=True, slots=True)
class Need:
    """A hand-over: its route in words, how it stands, and what may be done about it."""

    rank: int
    route: str
    status: str
    line: str
    due: datetime | None
    rung: str | None
    step: int
    by: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript. `who` is person, agent, staff or note; `understood` are the acts in words."""

    seq: int
    at: str
    who: str
    text: str
    by: str = ""
    understood: tuple[str, ...] = ()
    route: str | None = None
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    id: str
    seq: int
    channel: str
    kind: str
    who: str
    opened_at: datetime
    began: str
    errand: str | None
    known: tuple[tuple[str, str], ...]
    heard: Line | None
    said: str | None
    floor: str | None
    need: Need | None
    done: tuple[str, ...]
    language: str
    ended: str | None
    call_back: bool
    ask_first: bool
    may_take_up: tuple[tuple[str, str], ...]  # errands with which the floor may be given back now
    person: str | None
    lines: tuple[Line, ...]

    @property
    def needs_someone(self) -> bool:
        return self.need is not None and self.need.status in ("ringing", "promised")

    @property
    def over(self) -> bool:
        return self.ended is not None and (self.need is None or self.need.status == "closed")

    @property
    def order(self) -> tuple[int, int, float, float]:
        """Who needs somebody first, by route and promised time; then those under way; then the rest, newest first."""
        newest = -self.opened_at.timestamp()
        if self.needs_someone and self.need is not None:
            due = self.need.due or self.opened_at
            return (0, self.need.rank, due.timestamp(), newest)
        return (2 if self.over else 1, 0, newest, 0.0)


class Board:
    """Makes cards of one practice's contacts."""

    def __init__(self, practice: Practice, phrasebook: Phrasebook) -> None:
        self._practice = practice
        self._phrasebook = phrasebook

    def card(self, events: tuple[e.Event, ...], *, clinical: bool) -> Card:
        """The contact after its last event, as this reader may see it."""
        state = fold(events)
        lines = _Transcript(self._practice, self._phrasebook, clinical).of(events)
        zone = self._practice.timezone
        opened = state.opened_at or events[0].at
        spoken = [line for line in lines if line.who == "person"]
        ours = [line for line in lines if line.who in ("agent", "staff")]
        return Card(
            id=state.contact,
            seq=state.seq,
            channel=state.channel,
            kind=wording.CHANNELS[state.channel],
            who=who_is(state),
            opened_at=opened,
            began=wording.time_of(opened, zone),
            errand=wording.ERRANDS[state.errand] if state.errand else None,
            known=self._known(state),
            heard=spoken[-1] if spoken else None,
            said=ours[-1].text if ours else None,
            floor=state.floor,
            need=self._need(state, events),
            done=tuple(self._done(events)),
            language=wording.language(state.locale),
            ended=state.ended,
            call_back=not state.never_call,
            ask_first=state.quiet,
            may_take_up=tuple((each.value, wording.ERRANDS[each]) for each in GIVEN if may_take_up(state)),
            person=state.person or (state.made.person if state.made else None),
            lines=lines,
        )

    def _known(self, state: State) -> tuple[tuple[str, str], ...]:
        """Details in the order in which staff look for them, names as one."""
        names = [
            ("Second person: name" if subject is Subject.SECOND else "Name", name)
            for subject in Subject
            if (name := _name(state, subject))
        ]
        order = list(wording.LABELS)
        places = sorted(
            (place for place in state.known if place.detail not in wording.NOT_A_FACT),
            key=lambda place: order.index(place.detail) if place.detail in order else len(order),
        )
        shown = (
            (wording.label(place), wording.value(place, state.known[place].value, self._practice))
            for place in places
        )
        return (*names, *shown)

    def _need(self, state: State, events: tuple[e.Event, ...]) -> Need | None:
        handoff = state.handoff
        if handoff is None:
            return None
        rang = {b.rung: b for event in events if isinstance(b := event.body, e.HandoffRung)}
        rings = [rang[rung] for rung in handoff.ringing or handoff.rung[-1:] if rung in rang]
        return Need(
            rank=RANK[handoff.route],
            route=wording.ROUTES[handoff.route],
            status=handoff.status,
            line=self._standing(handoff, rings, events[-1].at),
            due=handoff.due,
            rung=rings[-1].rung if rings else None,
            step=handoff.step,
            by=handoff.by,
        )

    def _standing(self, handoff: Handoff, rings: Sequence[e.HandoffRung], at: datetime) -> str:
        match handoff.status:
            case "accepted":
                return f"{handoff.by} has it"
            case "promised" if handoff.due is not None:
                return f"Call back by {wording.when(handoff.due, self._practice.timezone)}"
            case "closed":
                return f"Closed by {handoff.by}"
        names = [name for each in rings if (name := each.name or self._name_of(each, handoff, at))]
        shown = ["front desk" if name == "Front desk" else name for name in names]
        return f"Ringing {' and '.join(shown)}" if shown else "Ringing"

    def _name_of(self, rang: e.HandoffRung, handoff: Handoff, at: datetime) -> str | None:
        """In a log that is older than names in it."""
        rungs = rungs_now(self._practice, handoff.route, at)
        return next((each.name for each in rungs if each.id == rang.rung), None)

    def _done(self, events: tuple[e.Event, ...]) -> list[str]:
        done = []
        for event in events:
            body = event.body
            if isinstance(body, e.Committed) and isinstance(body.answer, Done):
                if body.action in DID and body.answer.visit is not None:
                    held = " (the office confirms)" if body.answer.pending_office else ""
                    done.append(f"{DID[body.action]}: {self.slot(body.answer.visit.slot)}{held}")
                elif body.action in DONE_WITHOUT_VISIT:
                    done.append(DONE_WITHOUT_VISIT[body.action])
        return done

    def slot(self, slot: Slot) -> str:
        clinician = self._practice.clinician(slot.clinician).spoken_name
        how = wording.MODALITIES[slot.modality]
        return f"{wording.when(slot.start, self._practice.timezone)} with {clinician}, {how}"


class _Transcript:
    def __init__(self, practice: Practice, phrasebook: Phrasebook, clinical: bool) -> None:
        self._practice, self._phrasebook, self._clinical = practice, phrasebook, clinical

    def of(self, events: tuple[e.Event, ...]) -> tuple[Line, ...]:
        guarded = {b.heard: b.verdict for event in events if isinstance(b := event.body, e.Guarded)}
        acts = {b.heard: b.acts for event in events if isinstance(b := event.body, e.Understood)}
        forgotten = max((each.seq for each in events if isinstance(each.body, e.WordsForgotten)), default=0)
        lines = []
        for event in events:
            at = wording.time_of(event.at, self._practice.timezone)
            line = self._line(event.seq, event.body, at)
            if line is not None and line.who == "person":
                if not line.text:
                    line = replace(line, text=FORGOTTEN if line.seq < forgotten else UNHEARD)
                understood = tuple(
                    filter(None, (wording.act(each, self._practice) for each in acts.get(line.seq, ())))
                )
                line = self._heard(line, guarded.get(line.seq, "clear"), understood)
            if line is not None:
                lines.append(line)
        return tuple(lines)

    def _heard(self, line: Line, verdict: str, understood: tuple[str, ...]) -> Line:
        sealed = verdict in ("crisis", "clinical") and not self._clinical
        text = SEALED if sealed else line.text
        return Line(line.seq, line.at, "person", text, "", understood, wording.ROUTES.get(verdict), sealed)

    def _line(self, seq: int, body: e.Body, at: str) -> Line | None:
        match body:
            case e.Heard(final=True):
                return Line(seq, at, "person", body.text or (f"Keys {body.keys}" if body.keys else ""))
            case e.Said():
                return Line(seq, at, "agent", self._said(body))
            case e.StaffSaid(by, text):
                return Line(seq, at, "staff", text, by)
            case e.HandoffAsked(route):
                return Line(seq, at, "note", f"Handed over: {wording.ROUTES[route].lower()}")
            case e.HandoffAccepted(by):
                return Line(seq, at, "note", f"{by} accepted")
            case e.HandoffDeclined(why=why):
                return Line(seq, at, "note", "Declined" if why == "declined" else "No answer")
            case e.HandoffPassedOn(by):
                return Line(seq, at, "note", f"{by} asked for someone else")
            case e.HandoffPromised(_, due):
                return Line(
                    seq, at, "note", f"Call back promised by {wording.when(due, self._practice.timezone)}"
                )
            case e.HandoffClosed(by, how):
                return Line(seq, at, "note", f"Closed by {by}: {how.replace('_', ' ')}")
            case e.CalledBack(by):
                return Line(seq, at, "note", f"{by} called back: {calling_back.CAME_TO[body.came_to]}")
            case e.FloorTaken(by):
                return Line(seq, at, "note", f"{by} took the floor")
            case e.FloorGiven(by, errand):
                with_it = f", to go on with: {wording.ERRANDS[errand]}" if errand else ""
                return Line(seq, at, "note", f"{by} gave the floor back{with_it}")
            case e.FloorLapsed("unmet"):
                return Line(seq, at, "note", "No answer to a crisis: the floor went back to the assistant")
            case e.FloorLapsed():
                return Line(seq, at, "note", "The floor went back to the assistant")
            case e.AssistantPaused(by):
                return Line(seq, at, "note", f"{by} had paused the assistant")
            case e.AssistantBack():
                return Line(seq, at, "note", "The assistant answers again")
            case e.Opened(paused=True):
                return Line(seq, at, "note", "The assistant is paused")
            case e.Ended(why):
                return Line(seq, at, "note", "Hung up" if why == "hung_up" else "Ended")
        return None

    def _said(self, said: e.Said) -> str:
        """A phrase as it was said; a log that is older than the phrasebook may name one that is gone."""
        try:
            return self._phrasebook.render(said.locale, said.phrase, said.args)
        except PhraseError:
            return "(a sentence that is no longer in the phrasebook)"


def _name(state: State, subject: Subject) -> str:
    parts = (state.known.get(Key(subject, part)) for part in (Detail.FIRST_NAME, Detail.LAST_NAME))
    return " ".join(part.value for part in parts if part is not None)


def who_is(state: State) -> str:
    if name := _name(state, Subject.PATIENT):
        return name
    if state.address:
        return wording.phone(state.address)
    return "Number withheld" if state.channel == "voice" else "Web visitor"
