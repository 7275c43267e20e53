"""The turn: an event in, events and actions out. Pure; the whole dialogue hangs on this file.

Theory of operation. `Conversation.turn(state, event)` first folds the event into the state, then reacts to its kind:

- `Opened`, `Heard`, `Silence`, `Woke` come from people and time; `Did`, `Committed` are the desk's answers; handoff
  and floor events come from the ladder and from staff.
- What is heard passes the guard before anything else reads it, whoever holds the floor. A verdict hands over and ends
  automation of the errand; nothing un-triggers it.
- Where staff have paused the assistant for the line, whoever is there gets a person, and no errand is begun or gone on
  with: an action under way is told, and that is all.
- Otherwise the words become acts, the acts are folded, what was asked aside is answered, and the errand's flow runs
  from the top over what is known now.
- Everything the agent says is a `Said` event with a phrase id. Channels speak those and nothing else.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from lamplighter.conversation import acts as a
from lamplighter.conversation import (
    answering,
    asides,
    boundaries,
    by_mail,
    call_back,
    changing,
    handing_over,
    questions,
    reaching,
    running,
    slow,
)
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Action, Interpret, Perform
from lamplighter.conversation.answers import BY_LETTERS, Found
from lamplighter.conversation.circles import in_circles
from lamplighter.conversation.details import Detail, Errand
from lamplighter.conversation.guard import Verdict
from lamplighter.conversation.guarding import UNDERSTOOD, GuardPart, about_what, worst, worst_or_person
from lamplighter.conversation.hearing import best_hearing, spelling_mended
from lamplighter.conversation.keeping import WayKept
from lamplighter.conversation.letting_go import let_go
from lamplighter.conversation.mail_words import brings_files, own_words, unquoted
from lamplighter.conversation.onward import go_on, on_with_it
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import TEXTS
from lamplighter.conversation.put_to_us import beside_it
from lamplighter.conversation.reached import Wished
from lamplighter.conversation.request_keys import request_key
from lamplighter.conversation.situation import situation
from lamplighter.conversation.state import State, apply
from lamplighter.conversation.taking import SURELY_HEARD
from lamplighter.conversation.tongue import foreign_tongue, surely
from lamplighter.conversation.turning import PAUSED, Turn
from lamplighter.conversation.understanding import LanguageVote
from lamplighter.conversation.understanding.context import Context
from lamplighter.conversation.understanding.plain import plain_language
from lamplighter.conversation.understanding.tongues import ENOUGH_WORDS
from lamplighter.conversation.ways import SHIPPED as SHIPPED_WAYS
from lamplighter.conversation.ways import Ways
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice

MAX_TURNS = 60  # a contact that goes on longer is a person's
CLEAR_ENOUGH = 0.35  # recognition below this, of which nothing was understood, is poor
LAPSE_SECONDS = 24 * 3600  # a written contact ends a day after its last message
POOR_TURNS = 2  # unreadable turns running before a person is fetched


class UnderstandingPart(Protocol):
    def understand(self, text: str, context: Context) -> tuple[a.Act, ...]: ...

    def language(self, text: str) -> LanguageVote: ...


@dataclass(frozen=True, slots=True)
class Conversation:
    """The dialogue of one practice under one protocol. `asks_reader`: an optional large model may be asked. `texts`: a
    text can be sent; where none can, none is promised."""

    practice: Practice
    phrasebook: Phrasebook
    guard: GuardPart = field(repr=False)
    understanding: UnderstandingPart = field(repr=False)
    asks_reader: bool = False
    texts: bool = True
    law: LawData = field(default=SHIPPED, repr=False)
    ways: Ways = SHIPPED_WAYS

    def turn(self, state: State, event: e.Event) -> tuple[tuple[e.Body, ...], tuple[Action, ...]]:
        """What follows from `event`, given the state before it. The caller appends the events and does the actions."""
        turn = self._begin(state, event)
        match event.body:
            case e.Opened():
                self._greet(turn, event.body)
            case e.Heard(final=False):
                self._interim(turn, event.body)
            case e.Heard():
                self._heard(turn, event)
            case e.Silence():
                asides.silence(turn)
            case e.Woke(name):
                self._woke(turn, name)
            case e.Did() | e.Pending():
                if not slow.told_beside(turn, event.body):
                    go_on(turn)
            case e.Committed(_, _, WayKept() as kept) if reaching.told(turn, kept):
                pass
            case e.Committed():
                running.taken(turn, event.body)
                go_on(turn)
            case e.HandoffAccepted(by):
                handing_over.accepted(turn, by)
            case e.HandoffPromised():
                handing_over.promised(turn, event.body)
            case e.HandoffAnnounced():
                handing_over.announced(turn)
            case e.HandoffPassedOn(by):
                handing_over.passed_on(turn, by)
            case e.Ended():
                handing_over.hung_up(turn)
            case e.FloorTaken():
                handing_over.taken(turn)
            case e.FloorLapsed():
                self._resume(turn, "resume.lapsed")
            case e.HandoffClosed(_, "handled") if handing_over.parted(turn):
                turn.emit(e.Ended("goodbye"))
            case e.FloorGiven(by, errand) if errand is not None:
                self._take_up(turn, by, errand)
            case e.FloorGiven() | e.HandoffClosed():
                self._resume(turn)
            case _:
                pass
        return tuple(turn.events), tuple(turn.actions)

    def _begin(self, state: State, event: e.Event) -> Turn:
        return Turn(apply(state, event), self.practice, self.phrasebook, self.texts, self.law, self.ways)

    def fault(self, state: State, event: e.Event) -> tuple[tuple[e.Body, ...], tuple[Action, ...]]:
        """In place of `turn` where that broke: what was heard is guarded all the same, and a person is fetched."""
        turn = self._begin(state, event)
        route: Literal["crisis", "clinical", "human", "clear"] = "human"
        if isinstance(event.body, e.Heard):
            if not event.body.final:
                return (), ()
            verdict = worst_or_person(self.guard, turn.state, event.body)
            turn.emit(e.Guarded(event.seq, verdict.verdict, verdict.because))
            turn.about = about_what(self.ways, turn.state, event.body, verdict)
            self._note_or_pass(turn, event.body, event.seq)
            turn.tongue = self._tongue_or_none(event.body, verdict)
            route = "human" if verdict.verdict == "clear" else verdict.verdict
        if turn.state.ended is not None:
            handing_over.after_hanging_up(turn, route, event.seq)
        elif turn.state.floor is not None:
            handing_over.while_staff_speak(turn, route, event.seq)
        elif turn.state.handed_over or route != "human":
            handing_over.verdict(turn, route, event.seq)
        else:
            turn.hand_over("human", "handoff.stuck", event.seq)
        return tuple(turn.events), tuple(turn.actions)

    def _tongue_or_none(self, heard: e.Heard, verdict: Verdict) -> str | None:
        try:
            said = heard.text[:UNDERSTOOD]
            return foreign_tongue(
                said, self.understanding.language(said), self._spoken_here(), verdict.because
            )
        except Exception:
            return None

    def _note_or_pass(self, turn: Turn, heard: e.Heard, seq: int) -> None:
        """What they want no more of counts in a turn that broke as well, unless it is this that broke it."""
        try:
            answering.note(turn, heard, seq)
        except Exception:
            return

    # -- openings ----------------------------------------------------------------------------------------------------

    def _greet(self, turn: Turn, opened: e.Opened) -> None:
        """On the phone and in chat we speak first; a text thread gets its greeting with the first reply."""
        if turn.state.channel != "voice":
            turn.wake("lapse", LAPSE_SECONDS)
        turn.note_law()
        if turn.state.channel not in BY_LETTERS:
            self._say_greeting(turn)
            turn.note_asked()
        if opened.again:
            handing_over.called_again(turn)
        elif turn.state.paused and turn.state.channel == "voice":
            turn.hand_over("human", PAUSED)

    def _say_greeting(self, turn: Turn) -> None:
        hours = "open" if turn.practice_open() else "closed"
        asks_nothing = turn.fitting(f"greeting.{turn.state.channel}.paused")
        if turn.state.paused and self.phrasebook.has(turn.state.locale, asks_nothing):
            return turn.say(asks_nothing, once="greeting")
        turn.say(turn.fitting(f"greeting.{turn.state.channel}.{hours}"), once="greeting")

    # -- hearing -----------------------------------------------------------------------------------------------------

    def _interim(self, turn: Turn, heard: e.Heard) -> None:
        """An interim hit only counts; the next one or the final words make it a verdict, or that neither comes."""
        if handing_over.standing(turn.state) == "crisis":
            return
        verdict = self.guard.interim(heard.text, turn.state.locale, turn.state.channel)
        if not handing_over.is_graver(turn.state, verdict.verdict):
            return
        second = turn.state.interim_hits >= 1
        turn.emit(e.Guarded(turn.state.seq, verdict.verdict, verdict.because, interim=not second))
        if not second:
            turn.wake(handing_over.INTERIM, handing_over.INTERIM_SECONDS)
        turn.about = about_what(self.ways, turn.state, heard, verdict)
        if second and turn.state.floor is not None:
            handing_over.while_staff_speak(turn, verdict.verdict, turn.state.seq)
        elif second:
            handing_over.verdict(turn, verdict.verdict, turn.state.seq)

    def _heard(self, turn: Turn, event: e.Event) -> None:
        heard = event.body
        assert isinstance(heard, e.Heard)
        verdict = worst(self.guard, turn.state, heard)
        turn.emit(e.Guarded(event.seq, verdict.verdict, verdict.because))
        turn.about = about_what(self.ways, turn.state, heard, verdict)
        lines: tuple[str, ...] = ()
        if turn.state.channel == "email":
            turn.files, lines = brings_files(heard.text), unquoted(heard.text)
            heard = replace(heard, text=own_words(heard.text))
        wish = reaching.wished(turn, heard)
        found = answering.note(turn, heard, event.seq, lines, wish)
        if turn.state.ended is not None:
            return handing_over.after_hanging_up(turn, verdict.verdict, event.seq)
        if turn.state.floor is not None:
            return handing_over.while_staff_speak(turn, verdict.verdict, event.seq)
        if turn.state.channel != "voice":
            turn.wake("lapse", LAPSE_SECONDS)
        vote = self._listen_for_language(turn, heard, hurry=verdict.verdict != "clear")
        turn.tongue = foreign_tongue(heard.text[:UNDERSTOOD], vote, self._spoken_here(), verdict.because)
        if verdict.verdict != "clear" or turn.state.handed_over:
            self._greet_first_text(turn)
            if answering.is_sorry(turn, found, verdict.verdict):
                return turn.hand_over("human", "handoff.sorry", event.seq)
            answering.tell_stopped(turn, found)
            if verdict.verdict == "clear" and call_back.is_asked(turn):
                self._understand(turn, heard, event.seq, vote, found, wish)
                return call_back.answered(turn, heard.text)
            return handing_over.verdict(turn, verdict.verdict, event.seq, heard.text)
        if answering.met(turn, found, event.seq):
            return None
        if turn.state.paused:
            self._greet_first_text(turn)
            return turn.hand_over("human", PAUSED, event.seq)
        if heard.card:
            self._greet_first_text(turn)
            asides.card_kept_out(turn)
            return on_with_it(turn)
        before = turn.state.vote
        self._understand(turn, heard, event.seq, vote, found, wish)
        turn.note_law()
        self._greet_first_text(turn)
        if self._another_language(turn, heard, before, vote):
            return turn.hand_over("human", turn.fitting("handoff.language"), event.seq)
        waits = found is None and reaching.waits(turn, wish)
        reaching.note(turn, wish, event.seq, found, goes_on=waits)
        if not waits:
            self._respond(turn, event.seq)

    def _greet_first_text(self, turn: Turn) -> None:
        """With our first words that are more than what carriers ask for."""
        state = turn.state
        begins = state.turns == 1 or all(phrase.startswith(TEXTS) for phrase in state.phrases_said)
        if state.channel in BY_LETTERS and "greeting" not in state.said_once and begins:
            self._say_greeting(turn)

    def _listen_for_language(self, turn: Turn, heard: e.Heard, hurry: bool) -> LanguageVote:
        """Switches on one long utterance, on two that agree, or on an opening that is plainly in another language; in a
        `hurry`, when somebody is being handed over, on any sign of it."""
        vote = self.understanding.language(heard.text[:UNDERSTOOD])
        opening = turn.state.turns == 1 or hurry
        plain = plain_language(heard.text[:UNDERSTOOD]) if opening and not vote.alone else None
        agreed = vote.alone or vote.language == turn.state.vote or hurry
        spoken = self._locale_of(vote.language if agreed and vote.language else plain)
        if spoken is not None and spoken != turn.state.locale:
            turn.emit(e.LanguageSet(spoken, "heard"))
        return vote

    def _spoken_here(self) -> tuple[str, ...]:
        return (*self.practice.languages_signed, *self.phrasebook.locales)

    def _another_language(self, turn: Turn, heard: e.Heard, before: str | None, vote: LanguageVote) -> bool:
        """They speak one that is none of ours: at once where it is sure, else when two utterances running agree. Names
        and the like are no language."""
        tongue = turn.tongue
        if tongue is None or turn.state.ended is not None:
            return False
        answers = any(isinstance(act, a.Give) and act.key in turn.asked_before for act in turn.acts)
        told = answers and vote.words < ENOUGH_WORDS  # "Thiago. Irigoyen. 12 de agosto"
        running = before is not None and before == vote.language and not told
        return running or surely(heard.text, vote)

    def _understand(
        self,
        turn: Turn,
        heard: e.Heard,
        seq: int,
        vote: LanguageVote,
        found: Found | None,
        wish: Wished | None,
    ) -> None:
        text = heard.text[:UNDERSTOOD] or heard.keys
        if heard.confidence < SURELY_HEARD:
            text = spelling_mended(text)
        others = (alternative.text[:UNDERSTOOD] for alternative in heard.alternatives)
        context = situation(turn.state, self.practice)
        acts = best_hearing(
            text,
            others,
            context.asked,
            beside_it(lambda said: self._understood(said, context), turn.state),
        )
        acts = changing.with_errand(reaching.with_wish(acts, wish, turn), turn.state, self.practice, text)
        acts = by_mail.answered_at_once(answering.marked(acts, found, turn), turn)
        foreign = vote.language is not None and self._locale_of(vote.language) is None
        sense = wish is not None or any(act != a.Interject(a.Aside.NOISE) for act in acts)
        clear = heard.confidence >= CLEAR_ENOUGH and self.guard.readable(text, turn.state.locale)
        readable = sense or (not foreign and clear)
        turn.acts = acts
        turn.emit(e.Understood(seq, acts, readable, vote.language))

    def _understood(self, said: str, context: Context) -> tuple[a.Act, ...]:
        """What is dictated as a message asks us nothing."""
        if any(place.detail is Detail.MESSAGE for place in context.asked):
            return self.understanding.understand(said, context)
        return boundaries.apart(said, lambda rest: self.understanding.understand(rest, context))

    def _locale_of(self, language: str | None) -> str | None:
        """A locale of ours in that language, the practice's own first."""
        ours = (*self.practice.languages_signed, *self.phrasebook.locales)
        return next(
            (name for name in ours if language and name.split("-")[0] == language.split("-")[0]), None
        )

    # -- responding --------------------------------------------------------------------------------------------------

    def _respond(self, turn: Turn, heard: int) -> None:
        if turn.state.poor >= POOR_TURNS or turn.state.turns > MAX_TURNS:
            return turn.hand_over("human", "handoff.unreadable", heard)
        if in_circles(turn.state):
            return turn.hand_over("human", "handoff.stuck", heard)
        if self._wants_reader(turn, heard):
            return
        if asides.meet(turn) or turn.state.handed_over:
            return
        for act in turn.acts:
            if isinstance(act, a.AskAbout):
                questions.answer(act, turn)
        if turn.state.errand is Errand.PERSON or turn.view.truth(Detail.PERSON):
            return turn.hand_over("human", heard=heard)
        if not let_go(turn):
            on_with_it(turn)

    def _wants_reader(self, turn: Turn, heard: int) -> bool:
        """Nothing was made of readable words: the optional large model is asked, if there is one."""
        if not self.asks_reader or turn.acts or not turn.state.asked or turn.view.law.narrow:
            return False
        request = Interpret(heard)
        turn.do(Perform(request, request_key(request)))
        return True

    # -- time and staff ----------------------------------------------------------------------------------------------

    def _woke(self, turn: Turn, name: str) -> None:
        if name == "lapse" and (turn.state.handed_over or turn.state.floor is not None):
            turn.wake("lapse", LAPSE_SECONDS)
        elif name == "lapse":
            turn.emit(e.Ended("lapsed"))
        elif name == "goodbye" and self._may_end(turn.state):
            unfinished = turn.state.last_words[-1].phrase == "goodbye.unfinished"
            turn.emit(e.Ended("left" if unfinished else "goodbye"))
        elif name == "waiting":
            handing_over.wait(turn)
        elif name == handing_over.INTERIM:
            handing_over.half_heard_in_time(turn)

    def _may_end(self, state: State) -> bool:
        """An open hand-over belongs to the number it came from: its thread goes on until a person closes it."""
        kept = state.handed_over and state.channel in BY_LETTERS
        return state.floor is None and state.parting and state.ended is None and not kept

    def _take_up(self, turn: Turn, by: str, errand: Errand) -> None:
        """Whoever gives the floor back says what comes next: it closes what was for the desk, and nothing graver."""
        handoff = turn.state.handoff if turn.state.handed_over else None
        graver = turn.state.unmet is not None or (handoff is not None and handoff.route != "human")
        if not graver and not turn.state.paused and turn.state.ended is None:
            if handoff is not None:
                turn.emit(e.HandoffClosed(by, "handled"))
            turn.emit(e.ErrandGiven(by, errand))
            turn.acts = (a.Intend(errand),)
        self._resume(turn)

    def _resume(self, turn: Turn, words: str = "resume") -> None:
        """The floor is the agent's again: a neutral sentence, then on where it stopped."""
        if handing_over.unmet(turn):
            return
        if turn.state.handed_over:
            return handing_over.left(turn)
        if turn.state.ended is not None or turn.state.floor is not None:
            return
        if turn.state.paused:
            if (
                turn.state.channel == "voice" or words != "resume"
            ):  # on a line, or without a word of whoever left
                turn.hand_over("human", PAUSED)
            return
        turn.say(words if self.phrasebook.has(turn.state.locale, words) else "resume")
        on_with_it(turn)
