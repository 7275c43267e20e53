"""What answers for a practice that nobody has signed yet: one sentence, and a person.

Where nobody could come, another sentence says so instead; what was said is on the board all the same.

The sentence says that it is automated, that the assistant is not in use, and that a person is being fetched, which is
true when it is said: whoever it is said to is on the ladder from the first moment on. Everything that is heard passes
the guard, and danger goes by the crisis route. No errand is begun, nothing is asked, and there are no other words: the
phrasebook that this is given holds this sentence alone.
"""

from dataclasses import dataclass, replace

from lamplighter.conversation import events as e
from lamplighter.conversation import handing_over
from lamplighter.conversation.actions import Action, RaiseHandoff
from lamplighter.conversation.engine import LAPSE_SECONDS, Conversation
from lamplighter.conversation.guard import Verdict
from lamplighter.conversation.guarding import about_what, worst_or_person
from lamplighter.conversation.state import State
from lamplighter.conversation.turning import Turn
from lamplighter.practice.model import Practice, Rung
from lamplighter.practice.rota import rungs_now

PHRASE = "before_signing"
ALONE = "before_signing.alone"
PROTOCOL = "unsigned"  # stands in every event where a protocol's hash would
FIRST = "en"
AGAIN_SECONDS = 40  # until whoever waits on the phone hears the sentence again, which takes half of it
_RANK = {"clear": 0, "human": 1, "clinical": 2, "crisis": 3}


def without_lines(practice: Practice) -> Practice:
    """No line such as 988 is connected for somebody whom it could not be announced to."""
    ladder = practice.ladder
    return replace(
        practice,
        ladder=replace(ladder, by_day=_people(ladder.by_day), after_hours=_people(ladder.after_hours)),
    )


def _people(side: dict[str, tuple[Rung, ...]]) -> dict[str, tuple[Rung, ...]]:
    return {route: tuple(rung for rung in rungs if rung.kind != "line") for route, rungs in side.items()}


@dataclass(frozen=True, slots=True)
class BeforeSigning(Conversation):
    """The dialogue of a practice without a signed protocol. `staffed`: somebody there can see who is rung."""

    staffed: bool = True

    def turn(self, state: State, event: e.Event) -> tuple[tuple[e.Body, ...], tuple[Action, ...]]:
        turn = self._begin(state, event)
        match event.body:
            case e.Opened():
                self._opened(turn, event.body)
            case e.Heard(final=False):
                self._half_heard(turn, event.body)
            case e.Heard():
                self._was_heard(turn, event.body, event.seq)
            case e.Silence() if (
                turn.state.floor is None and turn.state.ended is None and not turn.state.handed_over
            ):
                self._fetch(turn, "human")
            case e.Woke(name):
                self._woken(turn, name)
            case e.HandoffAccepted() if turn.state.ended is None:
                turn.wake("waiting", None)
            case e.HandoffPromised(alone=True) if turn.state.floor is None and turn.state.ended is None:
                self._say_once_that_nobody_comes(turn)
            case e.HandoffPassedOn():
                self._passed_on(turn)
            case e.Ended():
                handing_over.hung_up(turn)
            case e.FloorLapsed() | e.FloorGiven() if turn.state.handed_over:
                self._fetch(turn, turn.state.handoff.route if turn.state.handoff else "human")
            case e.FloorLapsed() | e.FloorGiven() if turn.state.unmet:
                self._fetch(turn, turn.state.unmet)
            case _:
                pass
        return tuple(turn.events), tuple(turn.actions)

    def fault(self, state: State, event: e.Event) -> tuple[tuple[e.Body, ...], tuple[Action, ...]]:
        """The same with as little as can be: guarded, rung, and the sentence."""
        turn = self._begin(state, event)
        if isinstance(event.body, e.Heard) and event.body.final:
            self._was_heard(turn, event.body, event.seq, listens=False)
        elif not isinstance(event.body, e.Heard) and turn.state.floor is None and turn.state.ended is None:
            self._fetch(turn, "human")
        return tuple(turn.events), tuple(turn.actions)

    # -- what comes in -----------------------------------------------------------------------------------------------

    def _opened(self, turn: Turn, opened: e.Opened) -> None:
        """A text thread begins with words, which are answered."""
        if opened.channel != "voice":
            turn.wake("lapse", LAPSE_SECONDS)
        if opened.channel != "sms":
            self._fetch(turn, "crisis" if opened.again else "human")

    def _half_heard(self, turn: Turn, heard: e.Heard) -> None:
        """An interim hit only counts; the next one makes it a verdict, and so does none coming in time."""
        state = turn.state
        if state.verdict == "crisis":
            return
        verdict = self.guard.interim(heard.text, state.locale, state.channel)
        if _RANK[verdict.verdict] <= _RANK[state.verdict]:
            return
        second = state.interim_hits >= 1
        turn.emit(e.Guarded(state.seq, verdict.verdict, verdict.because, interim=not second))
        if second:
            self._to_a_person(turn, heard, verdict, state.seq)
        else:
            turn.wake(handing_over.INTERIM, handing_over.INTERIM_SECONDS)

    def _was_heard(self, turn: Turn, heard: e.Heard, seq: int, *, listens: bool = True) -> None:
        verdict = worst_or_person(self.guard, turn.state, heard)
        turn.emit(e.Guarded(seq, verdict.verdict, verdict.because))
        self._note_or_pass(turn, heard, seq)
        if listens and turn.state.floor is None:
            self._listen_for_language(turn, heard, hurry=True)
        if turn.state.channel != "voice" and turn.state.ended is None:
            turn.wake("lapse", LAPSE_SECONDS)
        self._to_a_person(turn, heard, verdict, seq)

    def _to_a_person(self, turn: Turn, heard: e.Heard, verdict: Verdict, seq: int) -> None:
        turn.about = about_what(self.ways, turn.state, heard, verdict)
        if turn.state.ended is not None:
            return handing_over.after_hanging_up(turn, verdict.verdict, seq)
        if turn.state.floor is not None:
            return handing_over.while_staff_speak(turn, verdict.verdict, seq)
        self._fetch(turn, "human" if verdict.verdict == "clear" else verdict.verdict, seq)

    # -- a person ----------------------------------------------------------------------------------------------------

    def _fetch(self, turn: Turn, route: e.Route, heard: int | None = None) -> None:
        """Rings where nobody is being rung, or a worse thing was said; then the sentence."""
        handoff = turn.state.handoff if turn.state.handed_over else None
        if handoff is None or _RANK[route] > _RANK[handoff.route]:
            turn.ring(route, heard)
        elif handoff.status == "accepted" or (
            handoff.status == "promised" and handoff.route != "crisis" and not self._alone(turn)
        ):
            turn.ring(handoff.route, heard)
        elif route == "crisis":
            turn.do(RaiseHandoff("crisis", sooner=True))
        if heard is not None:
            handing_over.heed(turn, heard)
        self._say(turn)

    def _passed_on(self, turn: Turn) -> None:
        handoff = turn.state.handoff
        if handoff is None:
            return
        turn.ring(handoff.route, after=handoff.step)
        if turn.state.ended is None:
            self._say(turn)

    def _woken(self, turn: Turn, name: str) -> None:
        state = turn.state
        if name == "lapse" and (state.handed_over or state.floor is not None):
            turn.wake("lapse", LAPSE_SECONDS)
        elif name == "lapse":
            turn.emit(e.Ended("lapsed"))
        elif name == handing_over.INTERIM:
            self._half_heard_in_time(turn)
        elif name == "waiting" and state.floor is None and state.ended is None and state.handed_over:
            self._fetch(turn, "human")

    def _half_heard_in_time(self, turn: Turn) -> None:
        seq = turn.state.seq
        if (route := handing_over.half_heard(turn)) == "clear":
            return
        if turn.state.floor is not None:
            return handing_over.while_staff_speak(turn, route, seq)
        self._fetch(turn, route, seq)  # type: ignore[arg-type]

    def _alone(self, turn: Turn) -> bool:
        """Nobody comes: nobody is on the ladder now, or nobody could see that they are rung."""
        handoff = turn.state.handoff if turn.state.handed_over else None
        route = handoff.route if handoff else "human"
        known = handoff is not None and handoff.status == "promised" and handoff.alone
        return known or not self.staffed or not rungs_now(self.practice, route, turn.view.now, lines=False)

    def _say_once_that_nobody_comes(self, turn: Turn) -> None:
        last = turn.state.last_words
        if not last or not last[-1].phrase.startswith(ALONE):
            self._say(turn)

    def _say(self, turn: Turn) -> None:
        """In the language of whoever it is said to, as far as there are words in it."""
        if not turn.phrasebook.has(turn.state.locale, PHRASE):
            turn.emit(e.LanguageSet(FIRST, "choice"))
        turn.say(turn.fitting(ALONE if self._alone(turn) else PHRASE))
        turn.emit(e.Asked(()))
        if turn.state.channel == "voice":
            turn.wake("waiting", AGAIN_SECONDS)
