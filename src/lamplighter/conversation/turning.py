"""One turn under way: the working state, the events it has made and the actions it asks for.

Rules of this room: everything the agent does to a contact passes `emit`, so that what the flow sees next is what the
log will say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Action, RaiseHandoff, WakeAt
from lamplighter.conversation.acts import Act
from lamplighter.conversation.details import Detail, Errand, Key, key
from lamplighter.conversation.facts import find_insurer
from lamplighter.conversation.lawful import applies, owes_last_word
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import State, apply
from lamplighter.conversation.view import View
from lamplighter.conversation.ways import SHIPPED as SHIPPED_WAYS
from lamplighter.conversation.ways import Ways
from lamplighter.law.crisis_lines import CrisisLines, country_of
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.calendar import is_open
from lamplighter.practice.model import Practice

GOODBYE_PAUSE = {
    "voice": 4,
    "chat": 30,
    "sms": 30 * 60,
    "email": 24 * 3600,
}  # seconds in which a last word still counts
SILENT_STAYS = 125  # seconds from its beginning in which a call is not ended on which nobody has spoken
WAITING_PAUSE = 12  # seconds after a waiting sentence on the phone, so that the next begins within fifteen

PAUSED = "handoff.paused"
"""Why a person comes: staff have paused the assistant for this line."""

BESIDE = "handoff.crisis.beside"
OFFERS_THE_LINE = ("handoff.crisis", "handoff.crisis.licensed", "handoff.crisis.again")
"""What is followed, where it is written, by all that the crisis line has. Never where somebody may be read over."""

# What is read back while the next thing is asked, in the order it is said.
READ_BACK = (
    Detail.FIRST_NAME,
    Detail.LAST_NAME,
    Detail.DATE_OF_BIRTH,
    Detail.PHONE,
    Detail.EMAIL,
    Detail.INSURANCE,
    Detail.MEMBER_ID,
)


@dataclass(slots=True)
class Turn:
    """Mutable while a turn runs; `acts` are what was said in it."""

    state: State
    practice: Practice
    phrasebook: Phrasebook
    texts: bool = True
    law: LawData = SHIPPED
    ways: Ways = SHIPPED_WAYS
    acts: tuple[Act, ...] = ()
    tongue: str | None = None  # in which they spoke, where it is none that the practice has signed
    files: bool = False  # something came with an email, which nobody but a person opens
    about: tuple[str, ...] = ()  # what the words that hand over are about, by the names of `ways`
    events: list[e.Body] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    view: View = field(init=False)
    asked_before: tuple[Key, ...] = field(init=False)  # what the words answer

    def __post_init__(self) -> None:
        self.view = View(self.state, self.practice, self.texts, self.law)
        self.asked_before = self.state.asked

    # -- making events ---------------------------------------------------------------------------------------------

    def emit(self, body: e.Body) -> None:
        state = self.state
        assert state.at is not None
        event = e.Event(state.seq + 1, state.at, state.practice, state.contact, state.protocol_hash, body)
        self.state = self.view.state = apply(state, event)
        self.events.append(body)

    def do(self, action: Action) -> None:
        self.actions.append(action)

    def wake(self, name: str, seconds: float | None) -> None:
        at = None if seconds is None or self.state.at is None else self.state.at + timedelta(seconds=seconds)
        self.do(WakeAt(name, at))

    def say(
        self,
        phrase_id: str,
        args: Mapping[str, str] | None = None,
        *,
        confirms: tuple[Key, ...] | None = None,
        asks: tuple[Key, ...] | None = None,
        once: str | None = None,
    ) -> None:
        """Says a phrase; which details it asks for and reads back comes from the phrasebook.

        `asks` is for words that leave an open question open ("take your time")."""
        phrase = self.phrasebook.phrase(self.state.locale, phrase_id)
        reads = phrase.confirms if confirms is None else tuple(str(place) for place in confirms)
        open_asks = phrase.asks if asks is None else tuple(str(place) for place in asks)
        filled = self.fill(phrase.arguments, args or {})
        said = e.Said(phrase_id, filled, self.state.locale, open_asks, reads, once, self.state.slow)
        self.emit(said)

    def fill(self, names: frozenset[str], given: Mapping[str, str]) -> dict[str, str]:
        """Exactly the arguments a message names: those given, else what is known by that name."""
        return {name: given[name] if name in given else self._known(name) for name in sorted(names)}

    def _known(self, name: str) -> str:
        facts = {
            "practice": self.practice.name,
            "sender": self.practice.sender_name,
            "practice_phone": self.practice.phone,
        }
        if name in facts:
            return facts[name]
        if name in (lines := self._lines()):
            return lines[name]
        if name == "whose":
            return "patient" if self.view.for_somebody_else else "own"
        if name == "phone" and self.view.value(Detail.PHONE) is None:
            return self.state.address or "none"
        if name.endswith("_spelled"):
            return self._known(name.removesuffix("_spelled"))
        if name in Detail.__members__.values():
            return self.view.value(Detail(name)) or "none"
        return "none"

    # -- asking ----------------------------------------------------------------------------------------------------

    def ask(
        self, phrase_ids: tuple[str, ...], args: Mapping[str, str] | None = None, about: str | None = None
    ) -> None:
        """Says the asking phrases and notes what they ask, which is what the next words answer."""
        for phrase_id in phrase_ids:
            self.say(phrase_id, args)
        self.note_asked(about)

    def note_asked(self, about: str | None = None) -> None:
        asked = tuple(dict.fromkeys(written for said in self.state.last_words for written in said.asks))
        self.emit(e.Asked(asked, about))

    def read_back(self) -> None:
        """Reads back what was said and not read back since, before the next question."""
        if self.state.frozen is not None:
            return
        due = [d.value for d in READ_BACK if self._unread(d)]
        for phrase_id in self.phrasebook.matching("readback", due, self.state.locale):
            self.say(phrase_id)

    def _unread(self, detail: Detail) -> bool:
        known = self.state.known.get(key(detail))
        if detail is Detail.INSURANCE and known and not find_insurer(self.practice, known.value):
            return False  # words that no plan here goes by are not said back: they may be no plan at all
        return known is not None and not known.read_back and known.source in ("said", "caller_id")

    # -- ends ------------------------------------------------------------------------------------------------------

    def note_law(self) -> None:
        """Stores whose law holds, where that has changed."""
        if noted := applies(self.view):
            self.emit(noted)

    def goodbye(self, phrase_id: str = "goodbye", args: Mapping[str, str] | None = None) -> None:
        last = self.fitting("closing.automated")
        signed = self.phrasebook.has(self.state.locale, last)
        if signed and last not in self.state.phrases_said and owes_last_word(self.view):
            self.say(last)
        self.say(phrase_id, args)
        self.emit(e.Asked(()))
        self.wake("goodbye", self._pause_at_end())

    def _pause_at_end(self) -> float:
        """Whoever has said nothing at all may not be able to: the line stays open for two minutes at least."""
        pause, began = GOODBYE_PAUSE[self.state.channel], self.state.opened_at
        if self.state.channel != "voice" or self.state.turns or began is None:
            return pause
        return max(pause, SILENT_STAYS - (self.view.now - began).total_seconds())

    def hand_over(
        self, route: e.Route, phrase_id: str | None = None, heard: int | None = None, after: int = -1
    ) -> None:
        """Stores the hand-over, then speaks: ringing starts from what is stored."""
        self.ring(route, heard, after)
        self.tell_handed_over(route, phrase_id)

    def tell_handed_over(self, route: e.Route, phrase_id: str | None = None) -> None:
        """What is said of a hand-over that is stored."""
        words = phrase_id or f"handoff.{route}"
        if not self.phrasebook.has(self.state.locale, words):
            words = f"handoff.{route}"
        if not self.practice_open() and self.phrasebook.has(self.state.locale, words + ".after_hours"):
            words += ".after_hours"
        self.say(self.fitting(words))
        self._beside_the_line(words)
        self._beside_in_their_language(route, words)
        self.emit(e.Asked(()))
        if self.state.channel == "voice":
            self.wake("waiting", WAITING_PAUSE)

    def _beside_the_line(self, words: str) -> None:
        """On the telephone it would keep them from being heard."""
        told = self.lines.beside is not None and self.lines.apart is not None
        offered = words in OFFERS_THE_LINE and self.lines.as_here and self.state.channel != "voice"
        offered = offered and not self.state.quiet
        if told and offered and self.phrasebook.has(self.state.locale, BESIDE):
            self.say(BESIDE)

    def _beside_in_their_language(self, route: e.Route, words: str) -> None:
        """The same in few words, beside what the practice has signed, where somebody speaks another language: whom they
        can call, that a person is fetched, how to ask for one, and that an interpreter is rung. 988 reads and writes
        English and Spanish only."""
        here = route == "crisis" and self.lines.as_here
        handoff = self.state.handoff
        language = handoff.language if handoff else None
        calls = "handoff.crisis.elsewhere"
        apart = here and language not in (None, "en", "es") and not self.state.quiet
        if apart and self.phrasebook.has(self.state.locale, calls):
            self.say(calls)
        about = words.removesuffix(".after_hours").removeprefix("handoff.crisis").removeprefix(".")
        first = about if about in ("medical", "home", "licensed") else "crisis"
        names = [first if here else "person", "keys"]
        if self.practice.ladder.interpreter is not None:
            names.append("interpreter")
        self.in_their_language(*names)

    def in_their_language(self, *names: str) -> bool:
        """Says these of the few sentences for other languages; False where they speak one of the practice's, or it has
        not signed these in theirs."""
        handoff = self.state.handoff
        language = handoff.language if handoff else None
        if (
            language is None
            or self.state.ended is not None
            or language == self.state.locale.partition("-")[0]
        ):
            return False
        locale = self.phrasebook.core_locale(language)
        if locale is None or not all(self.phrasebook.has(locale, f"core.{name}") for name in names):
            return False
        for name in names:
            self.emit(e.Said(f"core.{name}", {}, locale))
        return True

    def ring(self, route: e.Route, heard: int | None = None, after: int = -1, *, queue: bool = False) -> None:
        """Stores that somebody is to be rung, from the step behind `after` on. Nothing is said."""
        self.emit(e.HandoffAsked(route, heard, self.about, after, self.tongue))
        self.do(RaiseHandoff(route, queue))

    def fitting(self, phrase_id: str) -> str:
        """The form of a phrase where no word may be taken for therapy, for who is not in this country, and for the eye,
        where there is one."""
        written = "" if self.state.channel == "voice" else ".text"
        abroad = "" if self.lines.as_here else ".abroad"
        forms: tuple[str, ...] = (abroad + written, abroad, written, "")
        if self.view.law.narrow:
            forms = (*(".narrow" + form for form in forms), *forms)
        known = (
            phrase_id + form for form in forms if self.phrasebook.has(self.state.locale, phrase_id + form)
        )
        return next(known, phrase_id)

    @property
    def lines(self) -> CrisisLines:
        """Whom to name in a crisis: by the number that they reach us from, else by ours."""
        return self.law.lines_for(self.state.address, self.practice.phone)

    def _lines(self) -> dict[str, str]:
        """What phrases name of whoever answers in an emergency and in a crisis."""
        lines = self.lines
        here = country_of(self.practice.phone) == lines.country
        return {
            "emergency": lines.emergency,
            "crisis_line": lines.line or "none",
            "crisis_line_name": lines.name or "none",
            "assault_line": lines.assault_line or "none",
            "assault_line_name": lines.assault_name or "none",
            "from_abroad": str(not here).lower(),
            "emergency_here": self.law.lines_for(self.practice.phone).emergency,
            **(lines.beside.told if lines.beside else {}),
            **(lines.apart.told if lines.apart else {}),
        }

    def practice_open(self) -> bool:
        return is_open(self.practice, self.view.now)

    # -- what was said ---------------------------------------------------------------------------------------------

    def said(self, *kinds: type) -> bool:
        return any(isinstance(act, kinds) for act in self.acts)

    @property
    def errand(self) -> Errand | None:
        return self.state.errand
