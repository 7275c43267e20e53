"""The state of a contact, folded from its events and from nothing else.

Rules of this room: `apply` is total and deterministic; it never looks at a practice, a phrasebook or a clock, so that
an old log means today what it meant when it was written.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from functools import singledispatch
from operator import attrgetter

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Done, Interpreted, Taken
from lamplighter.conversation.acts import load_acts
from lamplighter.conversation.codes import CodeChecked
from lamplighter.conversation.details import Detail, Key, key
from lamplighter.conversation.keeping import WayKept
from lamplighter.conversation.model import Handoff, Known, Made, State
from lamplighter.conversation.taking import SURELY_HEARD, begin_errand, take_acts
from lamplighter.conversation.ways import NEVER_CALL, QUIET

__all__ = ["Handoff", "Known", "State", "apply", "fold"]

OUTCOME_OF_COMMIT = {
    "book": "booked",
    "move": "rescheduled",
    "cancel": "cancelled",
    "join_waitlist": "waitlisted",
    "take_message": "message_taken",
    "confirm_visit": "answered",
    "take_opening": "booked",
}
INVITED_OVER = ("take_opening", "leave_opening", "answer_asked")
PATTERNS_OF_A_BILL = ("en-bill", "es-cobro")
"""How the guard's patterns are called that hear somebody upset about a bill."""

OF_A_BILL = ("ask_biller", "send_pay_link", "start_plan")
LATELY, MOST_HEARD = 3, 300  # utterances, and characters of each, that the guard reads together
_ALL = attrgetter(*(each.name for each in fields(State)))
_RANK = {"clear": 0, "human": 1, "clinical": 2, "crisis": 3}


def fold(events: Iterable[e.Event], state: State | None = None) -> State:
    """The state after these events; the one given is left as it was."""
    new = _copied(state or State())
    for event in events:
        new.practice, new.contact, new.protocol_hash = event.practice, event.contact, event.protocol_hash
        new.seq, new.at = event.seq, event.at
        _fold(event.body, new)
    return new


def apply(state: State, event: e.Event) -> State:
    """The state after one more event; the one given is left as it was."""
    return fold((event,), state)


def _copied(state: State) -> State:
    """With what events change in place copied too. Made anew of its fields: many times faster than `copy.copy`, which
    goes the way of pickle for a class with slots."""
    new = State(*_ALL(state))
    new.known = dict(state.known)
    new.declined = dict(state.declined)
    new.attempts = dict(state.attempts)
    new.mended = dict(state.mended)
    new.answers = dict(state.answers)
    new.pending = dict(state.pending)
    new.phrases_said = dict(state.phrases_said)
    return new


@singledispatch
def _fold(body: object, s: State) -> None:
    """Kinds that change nothing but `seq` and `at`."""


@_fold.register
def _(body: e.Opened, s: State) -> None:
    s.opened_at, s.channel, s.address = s.at, body.channel, body.address
    s.dialled, s.locale = body.dialled, body.locale
    s.stops, s.paused = int(body.stopped), body.paused


@_fold.register
def _(body: e.Heard, s: State) -> None:
    if body.final:
        s.turns += 1
        s.mail, s.in_answer_to = body.mail, body.answers
        s.lately = (*s.lately[1 - LATELY :], body.text[:MOST_HEARD])
        s.heard_surely = body.confidence >= SURELY_HEARD
        s.silences = 0
        s.words_open = False
        if s.channel != "voice":
            s.ended = None  # whoever writes again is there again


@_fold.register
def _(body: e.WordsForgotten, s: State) -> None:
    s.lately = ()


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
        s.half_heard = max(s.half_heard, body.verdict, key=_RANK.__getitem__)
        return
    s.interim_hits, s.half_heard = 0, "clear"
    s.about_bill = s.about_bill or any(each.startswith(PATTERNS_OF_A_BILL) for each in body.because)
    if s.floor is not None and body.verdict != "clear" and _RANK[body.verdict] > _RANK[s.unmet or "clear"]:
        s.unmet = body.verdict
    if _RANK[body.verdict] > _RANK[s.verdict]:
        s.verdict = body.verdict
        s.outcome = "handed_over"


@_fold.register
def _(body: e.LawApplies, s: State) -> None:
    s.law = body


@_fold.register
def _(body: e.LanguageSet, s: State) -> None:
    s.locale = body.locale


@_fold.register
def _(body: e.Identified, s: State) -> None:
    s.identified, s.person = body, body.person


@_fold.register
def _(body: e.OptedOut, s: State) -> None:
    s.stops += 1


@_fold.register
def _(body: e.OptedIn, s: State) -> None:
    s.stops = 0


@_fold.register
def _(body: e.Invited, s: State) -> None:
    s.invited, s.invited_at, s.invited_over = body, s.turns, False


@_fold.register
def _(body: e.InvitedNoMore, s: State) -> None:
    s.invited_over = True


@_fold.register
def _(body: e.AskedAfter, s: State) -> None:
    s.asked_after, s.asked_after_at = body.visit, s.turns


@_fold.register
def _(body: e.AskedOfBill, s: State) -> None:
    s.asked_of_bill, s.asked_of_bill_at = body.person, s.turns


@_fold.register
def _(body: e.NoMoney | e.NotNow, s: State) -> None:
    s.about_bill = True


@_fold.register
def _(body: e.AskedNumber, s: State) -> None:
    s.asked_number, s.number_given, s.card_linked = body.person, False, body.linked


@_fold.register
def _(body: e.NumberGiven, s: State) -> None:
    s.number_given = True


@_fold.register
def _(body: e.Understood, s: State) -> None:
    s.poor = 0 if body.readable else s.poor + 1
    s.vote = body.vote
    take_acts(s, body.acts)


@_fold.register
def _(body: e.Asked, s: State) -> None:
    s.asked = tuple(Key.parse(written) for written in body.details)
    s.same_asked = s.same_asked + 1 if s.asked and s.asked == s.last_asked else 0
    s.last_asked = s.asked
    s.about = body.about


@_fold.register
def _(body: e.Said, s: State) -> None:
    if not s.words_open:
        s.last_words, s.confirms, s.asked, s.about = (), (), (), None
        s.words_open = True
    s.last_words += (body,)
    s.confirms += tuple(Key.parse(written) for written in body.confirms)
    s.phrases_said[body.phrase] = s.phrases_said.get(body.phrase, 0) + 1
    if Detail.PLAN_CHECK in body.asks:
        s.plan_asked = body.phrase
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
        s.chosen, s.agreed = None, None


@_fold.register
def _(body: e.Did, s: State) -> None:
    s.answers[body.key] = body.answer
    s.pending.pop(body.key, None)
    if isinstance(body.answer, Interpreted) and body.answer.acts:
        take_acts(s, load_acts(body.answer.acts))


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
    s.invited_over = s.invited_over or body.action in INVITED_OVER
    if isinstance(body.answer, Done) and body.action in OUTCOME_OF_COMMIT:
        _done(body.answer, s)
        s.outcome = "handed_over" if s.verdict != "clear" else OUTCOME_OF_COMMIT[body.action]
    elif isinstance(body.answer, Done) and body.action == "page_for_visit":  # the errand may go on after it
        told = "message_taken" if body.answer.ref else "answered"
        s.outcome = "handed_over" if s.verdict != "clear" else told
    elif isinstance(body.answer, Done) and body.action == "answer_asked":
        _done(body.answer, s)
        kept = "booked" if body.answer.visit else "answered"
        s.outcome = "handed_over" if s.verdict != "clear" else kept
    elif isinstance(body.answer, Done) and body.action in OF_A_BILL:
        done = "message_taken" if body.action == "ask_biller" else "answered"
        s.outcome = "handed_over" if s.verdict != "clear" else done
    elif isinstance(body.answer, Done) and body.action in ("correct", "see_by_video"):
        _done(body.answer, s)
    if isinstance(body.answer, WayKept):
        s.way = body.answer
    if isinstance(body.answer, CodeChecked) and not body.answer.right:
        s.code_failures += 1
        s.known.pop(key(Detail.IDENTITY_CODE), None)
    if isinstance(body.answer, Taken):
        if s.chosen:
            s.refused += (s.chosen.start.isoformat(),)
        s.chosen, s.offer = None, None


def _done(done: Done, s: State) -> None:
    s.frozen = dict(s.known)
    s.visit = done.visit or s.visit
    if done.person is not None:
        s.made = Made(done.person, s.who(), done.new_person)


@_fold.register
def _(body: e.HandoffAsked, s: State) -> None:
    before = s.handoff if s.handed_over else None
    goes_on = before if body.after >= 0 else None  # the next one of the same climb is rung
    s.handoff = Handoff(
        body.route,
        s.seq,
        step=body.after,
        about=_joined(before.about if before else (), body.about),
        refused=before is not None and before.refused,
        rung=goes_on.rung if goes_on else (),
        again=goes_on is not None and goes_on.again,
        language=body.language or (s.handoff.language if s.handoff else None),
    )
    _hushed(s, body.about)
    if _RANK[body.route] >= _RANK[s.unmet or "clear"]:
        s.unmet = None
    if _RANK[body.route] > _RANK[s.verdict]:
        s.verdict = body.route
    s.outcome = "handed_over"


def _hushed(s: State, about: tuple[str, ...]) -> None:
    s.quiet = s.quiet or not set(QUIET).isdisjoint(about)
    s.never_call = s.never_call or not set(NEVER_CALL).isdisjoint(about)


def _joined(before: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *new)))


@_fold.register
def _(body: e.HandoffAbout, s: State) -> None:
    _hushed(s, body.about)
    if s.handoff:
        s.handoff = replace(s.handoff, about=_joined(s.handoff.about, body.about))


@_fold.register
def _(body: e.HandoffAnnounced, s: State) -> None:
    if s.handoff:
        s.handoff = replace(s.handoff, announced=True)


@_fold.register
def _(body: e.HandoffRefused, s: State) -> None:
    if s.handoff:
        s.handoff = replace(s.handoff, announced=False, refused=True)


@_fold.register
def _(body: e.HandoffPassedOn, s: State) -> None:
    if s.handoff:
        s.handoff = replace(s.handoff, status="ringing", by=None)
        s.floor = None
        s.epoch += 1


@_fold.register
def _(body: e.HandoffRung, s: State) -> None:
    if s.handoff:
        anew = body.rung in s.handoff.rung
        s.handoff = replace(
            s.handoff,
            step=body.step,
            announced=False,
            rung=(body.rung,) if anew else (*s.handoff.rung, body.rung),
            again=s.handoff.again or anew,
            ringing=(*s.handoff.ringing, body.rung) if body.step == s.handoff.step else (body.rung,),
        )


@_fold.register
def _(body: e.HandoffDeclined, s: State) -> None:
    if s.handoff and body.step == s.handoff.step:
        left = tuple(rung for rung in s.handoff.ringing if rung != body.rung)
        s.handoff = replace(s.handoff, ringing=left)


@_fold.register
def _(body: e.HandoffAccepted, s: State) -> None:
    if s.handoff:
        s.handoff = replace(
            s.handoff, status="accepted", by=body.by, due=None, step=body.step, announced=False
        )
        s.floor = body.by
        s.epoch += 1


@_fold.register
def _(body: e.HandoffPromised, s: State) -> None:
    if s.handoff:
        s.handoff = replace(
            s.handoff, status="promised", by=None, due=body.due, alone=body.alone, queued=body.queued
        )


@_fold.register
def _(body: e.HandoffClosed, s: State) -> None:
    if s.handoff:
        s.handoff = replace(s.handoff, status="closed", by=body.by, due=None)
        s.unmet = None
        s.floor = None
        s.epoch += 1


@_fold.register
def _(body: e.FloorTaken, s: State) -> None:
    s.floor = body.by
    s.epoch += 1


@_fold.register
def _(body: e.FloorGiven, s: State) -> None:
    if s.unmet == "human":
        s.unmet = None  # they had a person, who now parts
    s.floor = None
    s.epoch += 1


@_fold.register
def _(body: e.ErrandGiven, s: State) -> None:
    if s.errand is not body.errand or s.errand_done:
        begin_errand(s, body.errand)


@_fold.register
def _(body: e.FloorLapsed, s: State) -> None:
    s.floor = None
    s.epoch += 1


@_fold.register
def _(body: e.AssistantPaused, s: State) -> None:
    s.paused = True  # what was said before it still goes out: the epoch stays


@_fold.register
def _(body: e.AssistantBack, s: State) -> None:
    s.paused = False


@_fold.register
def _(body: e.Ended, s: State) -> None:
    s.ended = body.why
    if s.outcome is None:
        s.outcome = "answered" if body.why == "goodbye" else "abandoned"
