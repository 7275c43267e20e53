"""The state of a contact, folded from its events and from nothing else.

Rules of this room: `apply` is total and deterministic; it never looks at a practice, a phrasebook or a clock, so that
an old log means today what it meant when it was written.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Literal

from lamplighter.conversation import acts as a
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Answer, CodeChecked, Done, Interpreted, Request, Taken
from lamplighter.conversation.details import Detail, Errand, Key, Subject, key
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.conversation.wish import Window, Wish

OUTCOME_OF_COMMIT = {
    "book": "booked",
    "move": "rescheduled",
    "cancel": "cancelled",
    "join_waitlist": "waitlisted",
    "take_message": "message_taken",
    "confirm_visit": "answered",
}
_PLACES = (Detail.CHOICE, Detail.CONFIRM, Detail.CONFIRM_DETAIL, Detail.ANYTHING_ELSE)
_RANK = {"clear": 0, "human": 1, "clinical": 2, "crisis": 3}
_OF_ONE_ERRAND = (
    Detail.AVAILABILITY,
    Detail.CLINICIAN,
    Detail.MODALITY,
    Detail.MESSAGE,
    Detail.CALLBACK_TIME,
    Detail.WAITLIST,
    Detail.PERSON,
    Detail.VISIT_KIND,
)
_YES_NO = (
    Detail.LEAVE_MESSAGE,
    Detail.REMINDER_CONSENT,
    Detail.WAITLIST,
    Detail.PERSON,
    Detail.PLAN_CHECK,
    Detail.NEW_PATIENT,
    Detail.SELF_PAY,
)


@dataclass(frozen=True, slots=True)
class Known:
    """A detail's value, the seq of what gave it, and whether we have read it back since."""

    value: str
    seq: int
    source: Literal["said", "caller_id", "record", "staff"] = "said"
    read_back: bool = False


@dataclass(frozen=True, slots=True)
class Handoff:
    route: e.Route
    seq: int
    status: Literal["ringing", "accepted", "promised", "closed"] = "ringing"
    by: str | None = None
    due: datetime | None = None
    step: int = -1


@dataclass(slots=True)
class State:
    """Everything known of a contact after its last event."""

    practice: str = ""
    contact: str = ""
    protocol_hash: str = ""
    seq: int = 0
    at: datetime | None = None
    opened_at: datetime | None = None
    channel: Literal["voice", "sms", "chat"] = "voice"
    address: str | None = None
    dialled: str = ""
    locale: str = "en"
    slow: bool = False
    vote: str | None = None

    errand: Errand | None = None
    errand_no: int = 0
    known: dict[Key, Known] = field(default_factory=dict)
    frozen: dict[Key, Known] | None = None  # what was known when the errand was done
    declined: dict[Key, int] = field(default_factory=dict)
    attempts: dict[Key, int] = field(default_factory=dict)

    asked: tuple[Key, ...] = ()
    about: str | None = None
    confirms: tuple[Key, ...] = ()
    last_words: tuple[e.Said, ...] = ()
    words_open: bool = False  # the words in `last_words` belong to the utterance being made
    said_once: frozenset[str] = frozenset()
    phrases_said: dict[str, int] = field(default_factory=dict)

    answers: dict[str, Answer] = field(default_factory=dict)
    pending: dict[str, Request] = field(default_factory=dict)
    offer: e.Offered | None = None
    offers_made: int = 0
    chosen: Slot | None = None
    picked: Slot | None = None  # which of the person's visits is meant
    refused: tuple[str, ...] = ()
    page: int = 0
    narrowed: tuple[Window, ...] = ()
    confirmed: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    person: str | None = None
    identified: e.Identified | None = None
    verdict: Literal["crisis", "clinical", "human", "clear"] = "clear"
    handoff: Handoff | None = None
    floor: str | None = None  # a named member of staff, or None: the agent
    epoch: int = 0  # grows whenever the floor changes hands

    turns: int = 0  # the person's final utterances
    poor: int = 0  # unreadable ones running
    silences: int = 0
    interim_hits: int = 0
    parting: bool = False  # goodbye has been said
    ended: str | None = None
    outcome: str | None = None
    visit: VisitView | None = None
    code_failures: int = 0

    def value(self, detail: Detail, subject: Subject = Subject.PATIENT) -> str | None:
        """A detail's canonical value as the errand sees it."""
        book = self.known if self.frozen is None else self.frozen
        found = book.get(Key(subject, detail))
        return found.value if found else None

    def has_declined(self, detail: Detail, subject: Subject = Subject.PATIENT) -> bool:
        return self.declined.get(Key(subject, detail), 0) > 0


def fold(events: Iterable[e.Event], state: State | None = None) -> State:
    state = state or State()
    for event in events:
        state = apply(state, event)
    return state


def apply(state: State, event: e.Event) -> State:
    """The state after one more event; the one given is left as it was."""
    new = copy(state)
    new.known = dict(state.known)
    new.declined = dict(state.declined)
    new.attempts = dict(state.attempts)
    new.answers = dict(state.answers)
    new.pending = dict(state.pending)
    new.phrases_said = dict(state.phrases_said)
    new.practice, new.contact, new.protocol_hash = event.practice, event.contact, event.protocol_hash
    new.seq, new.at = event.seq, event.at
    _fold(event.body, new)
    return new


@singledispatch
def _fold(body: object, s: State) -> None:
    """Kinds that change nothing but `seq` and `at`."""


@_fold.register
def _(body: e.Opened, s: State) -> None:
    s.opened_at, s.channel, s.address = s.at, body.channel, body.address
    s.dialled, s.locale = body.dialled, body.locale


@_fold.register
def _(body: e.Heard, s: State) -> None:
    if body.final:
        s.turns += 1
        s.silences = 0
        s.words_open = False


@_fold.register
def _(body: e.Silence, s: State) -> None:
    s.silences += 1
    s.words_open = False


@_fold.register
def _(body: e.Woke, s: State) -> None:
    s.words_open = False


@_fold.register
def _(body: e.Guarded, s: State) -> None:
    if body.interim:
        s.interim_hits += 1
        return
    s.interim_hits = 0
    if _RANK[body.verdict] > _RANK[s.verdict]:
        s.verdict = body.verdict
        s.outcome = "handed_over"


@_fold.register
def _(body: e.LanguageSet, s: State) -> None:
    s.locale = body.locale


@_fold.register
def _(body: e.Identified, s: State) -> None:
    s.identified, s.person = body, body.person


@_fold.register
def _(body: e.Understood, s: State) -> None:
    s.poor = 0 if body.readable else s.poor + 1
    s.vote = body.vote
    take_acts(s, body.acts)


@_fold.register
def _(body: e.Asked, s: State) -> None:
    s.asked = tuple(Key.parse(written) for written in body.details)
    s.about = body.about


@_fold.register
def _(body: e.Said, s: State) -> None:
    if not s.words_open:
        s.last_words, s.confirms, s.asked, s.about = (), (), (), None
        s.words_open = True
    s.last_words += (body,)
    s.confirms += tuple(Key.parse(written) for written in body.confirms)
    s.phrases_said[body.phrase] = s.phrases_said.get(body.phrase, 0) + 1
    s.slow = body.slow
    s.parting = body.phrase.startswith("goodbye")
    if s.parting and s.outcome is None and body.phrase != "goodbye.unfinished":
        s.outcome = "answered"
    if body.once:
        s.said_once |= {body.once}
    for written in body.confirms:
        place = Key.parse(written)
        if place in s.known:
            was = s.known[place]
            s.known[place] = Known(was.value, was.seq, was.source, read_back=True)


@_fold.register
def _(body: e.Offered, s: State) -> None:
    s.offer = body
    if body.of == "times":
        s.offers_made += 1
        s.chosen = None


@_fold.register
def _(body: e.Did, s: State) -> None:
    s.answers[body.key] = body.answer
    s.pending.pop(body.key, None)
    if isinstance(body.answer, Interpreted) and body.answer.acts:
        take_acts(s, e.load_acts(body.answer.acts))


@_fold.register
def _(body: e.Pending, s: State) -> None:
    s.pending[body.key] = body.request


@_fold.register
def _(body: e.Stale, s: State) -> None:
    s.answers.pop(body.key, None)
    if body.key.startswith("hold:"):
        s.chosen = None


@_fold.register
def _(body: e.Committed, s: State) -> None:
    s.answers[body.key] = body.answer
    s.pending.pop(body.key, None)
    if isinstance(body.answer, Done) and body.action in OUTCOME_OF_COMMIT:
        s.frozen = dict(s.known)
        s.visit = body.answer.visit or s.visit
        s.outcome = "handed_over" if s.verdict != "clear" else OUTCOME_OF_COMMIT[body.action]
    if isinstance(body.answer, CodeChecked) and not body.answer.right:
        s.code_failures += 1
        s.known.pop(key(Detail.IDENTITY_CODE), None)
    if isinstance(body.answer, Taken):
        if s.chosen:
            s.refused += (s.chosen.start.isoformat(),)
        s.chosen, s.offer = None, None


@_fold.register
def _(body: e.HandoffAsked, s: State) -> None:
    s.handoff = Handoff(body.route, s.seq)
    if _RANK[body.route] > _RANK[s.verdict]:
        s.verdict = body.route
    s.outcome = "handed_over"


@_fold.register
def _(body: e.HandoffRung, s: State) -> None:
    if s.handoff:
        s.handoff = Handoff(
            s.handoff.route, s.handoff.seq, s.handoff.status, s.handoff.by, s.handoff.due, body.step
        )


@_fold.register
def _(body: e.HandoffAccepted, s: State) -> None:
    if s.handoff:
        s.handoff = Handoff(s.handoff.route, s.handoff.seq, "accepted", body.by, None, body.step)
        s.floor = body.by
        s.epoch += 1


@_fold.register
def _(body: e.HandoffPromised, s: State) -> None:
    if s.handoff:
        s.handoff = Handoff(s.handoff.route, s.handoff.seq, "promised", None, body.due, s.handoff.step)


@_fold.register
def _(body: e.HandoffClosed, s: State) -> None:
    if s.handoff:
        s.handoff = Handoff(s.handoff.route, s.handoff.seq, "closed", body.by, None, s.handoff.step)
        s.floor = None
        s.epoch += 1


@_fold.register
def _(body: e.FloorTaken, s: State) -> None:
    s.floor = body.by
    s.epoch += 1


@_fold.register
def _(body: e.FloorGiven, s: State) -> None:
    s.floor = None
    s.epoch += 1


@_fold.register
def _(body: e.FloorLapsed, s: State) -> None:
    s.floor = None
    s.epoch += 1


@_fold.register
def _(body: e.Ended, s: State) -> None:
    s.ended = body.why
    if s.outcome is None:
        s.outcome = "answered" if body.why == "goodbye" else "abandoned"


# -- acts ------------------------------------------------------------------------------------------------------------


def take_acts(s: State, said: tuple[a.Act, ...]) -> None:
    """Folds what a person said: corrections overwrite, a choice resolves against the last offer, a yes against what
    was read out."""
    given = {act.key for act in said if isinstance(act, a.Give)}
    digressed = any(isinstance(act, a.AskAbout | a.Interject | a.SpeakIn) for act in said) and not given
    if not digressed:
        for place in s.asked:
            s.attempts[place] = s.attempts.get(place, 0) + 1
    chose = any(isinstance(act, a.Choose) for act in said)
    answers = any(
        isinstance(act, a.Give | a.Decline) and Key(act.subject, act.detail) in s.asked for act in said
    )
    for act in said:
        if isinstance(act, a.Intend) and not _may_switch(act, s, answers):
            continue
        if not (chose and isinstance(act, a.Give) and act.detail is Detail.AVAILABILITY):
            _take(act, s)
    _take_yes_or_no(s, said, given)


def _take_yes_or_no(s: State, said: tuple[a.Act, ...], given: set[Key]) -> None:
    yes = any(isinstance(act, a.Affirm) for act in said)
    no = any(isinstance(act, a.Deny | a.Wrong | a.NoneOfThose) for act in said)
    if yes == no:
        return
    if yes and key(Detail.CHOICE) in s.asked and s.offer and s.attempts.get(key(Detail.CHOICE), 0) > 1:
        _take(
            a.Choose(0), s
        )  # a yes to several times, said twice: the first of them, which is read back anyway
    waits = key(Detail.CONFIRM) in s.asked or key(Detail.CONFIRM_DETAIL) in s.asked
    changed = any(isinstance(act, a.Give) and act.detail not in _PLACES for act in said)
    if waits and s.about and not changed:
        if yes:
            s.confirmed |= {s.about}
        else:
            s.denied |= {s.about}
    for place in s.asked:
        if place.detail in _YES_NO and place not in given:
            s.known[place] = Known("true" if yes else "false", s.seq)
    if yes and key(Detail.PHONE) in s.asked and key(Detail.PHONE) not in given and s.address:
        s.known[key(Detail.PHONE)] = Known(s.address, s.seq, "caller_id")


@singledispatch
def _take(act: object, s: State) -> None:
    """Acts that leave the state alone: questions and asides are answered by the engine in the same turn."""


def _may_switch(act: a.Intend, s: State, answers: bool) -> bool:
    """In the middle of an errand, words that answer what was asked don't begin another ("a call, but don't leave a
    message"), and while a new visit is being arranged "make it Friday" moves nothing that is booked."""
    under_way = s.errand is not None and s.frozen is None and key(Detail.ANYTHING_ELSE) not in s.asked
    if not under_way or act.errand is Errand.PERSON or key(Detail.ERRAND) in s.asked:
        return True
    arranging = s.errand in (Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP) and s.offers_made > 0
    return not answers and not (arranging and act.errand is Errand.MOVE)


@_take.register
def _(act: a.Intend, s: State) -> None:
    done = s.frozen is not None or key(Detail.ANYTHING_ELSE) in s.asked
    if act.errand is s.errand and not done:
        return
    if s.errand is None or done or act.sure or key(Detail.ERRAND) in s.asked:
        begin_errand(s, act.errand)


def begin_errand(s: State, errand: Errand) -> None:
    """A new errand keeps who the person is and forgets what was agreed for one that was done."""
    was_done = s.frozen is not None or key(Detail.ANYTHING_ELSE) in s.asked
    s.errand, s.errand_no = errand, s.errand_no + 1
    s.frozen, s.offer, s.chosen, s.picked = None, None, None, None
    s.refused, s.page, s.narrowed = (), 0, ()
    s.confirmed, s.denied, s.said_once = frozenset(), frozenset(), frozenset()
    if was_done:
        for detail in _OF_ONE_ERRAND:
            known = s.known.get(key(detail))
            if known and known.seq != s.seq:
                del s.known[key(detail)]
            s.attempts.pop(key(detail), None)
            s.declined.pop(key(detail), None)


@_take.register
def _(act: a.Give, s: State) -> None:
    if act.detail in _PLACES:
        return
    s.declined.pop(act.key, None)
    if act.detail is Detail.AVAILABILITY:
        s.known[act.key] = Known(_availability(act.value, s), s.seq)
        s.offer, s.chosen, s.narrowed, s.page = None, None, (), 0
    else:
        s.known[act.key] = Known(act.value, s.seq)


def _availability(value: str, s: State) -> str:
    """Said to an offer or a summary, a wish refines the one that led there; asked for, it stands alone."""
    before = s.known.get(key(Detail.AVAILABILITY))
    refines = before is not None and (key(Detail.CHOICE) in s.asked or key(Detail.CONFIRM) in s.asked)
    if not refines or before is None:
        return value
    return Wish.loads(before.value).refined(Wish.loads(value)).dumps()


@_take.register
def _(act: a.Decline, s: State) -> None:
    place = Key(act.subject, act.detail)
    if act.detail is Detail.PHONE and s.address:
        s.known[place] = Known(s.address, s.seq, "caller_id")
        return
    s.declined[place] = s.declined.get(place, 0) + 1


@_take.register
def _(act: a.Wrong, s: State) -> None:
    place = Key(act.subject, act.detail)
    s.known.pop(place, None)
    s.attempts.pop(place, None)
    if act.detail in (Detail.CHOICE, Detail.AVAILABILITY):
        s.offer, s.chosen = None, None


@_take.register
def _(act: a.Choose, s: State) -> None:
    if not s.offer or act.index >= len(s.offer.slots):
        return
    if s.offer.of == "visits":
        s.picked, s.offer = s.offer.slots[act.index], None
    else:
        s.chosen = s.offer.slots[act.index]


@_take.register
def _(act: a.NoneOfThose, s: State) -> None:
    if not s.offer or s.offer.of == "visits":
        return
    slots = s.offer.slots
    s.refused += tuple(slot.start.isoformat() for slot in slots if slot.start.isoformat() not in s.refused)
    s.page += 1
    s.narrowed += _towards(act.towards, slots)
    s.offer, s.chosen = None, None


def _towards(where: str, slots: tuple[Slot, ...]) -> tuple[Window, ...]:
    """Windows to leave out so that the next search goes the way that was asked for."""
    times = [slot.start.time() for slot in slots]
    days = [slot.start.date() for slot in slots]
    if where == "later_time":
        return (Window(before=(datetime.combine(days[0], max(times)) + timedelta(minutes=1)).time()),)
    if where == "earlier_time":
        return (Window(start=min(times)),)
    if where == "later_date":
        return (Window(last=max(days)),)
    if where == "earlier_date":
        return (Window(first=min(days)),)
    if where == "other_day":
        return tuple(Window(first=day, last=day) for day in sorted(set(days)))
    return ()
