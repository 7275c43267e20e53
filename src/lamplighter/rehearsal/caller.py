"""The simulated caller: answers what the spoken phrases ask, and nothing else.

Knows only what was said to them: each phrase's id, what it asks (`asks`) and what it reads back (`confirms`), never
the state of the conversation.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from babel.dates import format_date

from lamplighter.conversation.details import Key
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.sameness import same
from lamplighter.rehearsal.scenario import Interrupt, Scenario
from lamplighter.rehearsal.spelling import ASKS_TO_SPELL, NAMES, is_spelled, labelled, spelled
from lamplighter.rehearsal.words import words_of

YES_BY_DEFAULT: Final = ("waitlist", "plan_check", "reminder_consent", "leave_message", "confirm_detail")
AFTER_THE_SUMMARY: Final = ("anything_else",)
"""Asked when all is done: an interrupt for one waits for it, or for the goodbye."""


@dataclass(frozen=True, slots=True)
class Words:
    """One phrase as the caller heard it. `reads` are the values read back, by written detail."""

    phrase: str
    text: str
    asks: tuple[str, ...] = ()
    confirms: tuple[str, ...] = ()
    reads: Mapping[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> bool:
        return self.phrase.split(".")[0] == "goodbye"


class Caller:
    """`code` gives the identity code that reached a number the caller owns, None where none did.

    `on_a_line`: the words go over a real line, where a name that was misheard, or whose letters are asked for, is
    spelled, a birth date that is asked for again is said in full, and a number that is asked for a third time is keyed
    in, as people do. `keys` are what the last answer pressed instead of saying anything.
    """

    def __init__(
        self,
        scenario: Scenario,
        practice: Practice,
        code: Callable[[], str | None],
        *,
        on_a_line: bool = False,
    ) -> None:
        self._scenario = scenario
        self._practice = practice
        self._code = code
        self._on_a_line = on_a_line
        self._spelled: dict[str, int] = {}
        self._numbers_asked_again = 0
        self.keys = ""
        self._words = words_of(scenario.locale)
        self._given: dict[str, int] = {}
        self._asked: set[str] = set()
        self._interrupted: set[int] = set()

    def at_goodbye(self) -> str | None:
        """What is still said into a goodbye: an interrupt whose detail was never asked."""
        for number, interrupt in self._waiting():
            if interrupt.when_asked not in self._asked:
                return self._interrupt(number, interrupt)
        return None

    def answer(self, said: Sequence[Words]) -> str | None:
        """What the caller says to all that was said since they last spoke; None when nothing was asked."""
        asks = tuple(dict.fromkeys(written for words in said for written in words.asks))
        self.keys = ""
        if not asks:
            return None
        due = self._due(asks)
        first_offer = "choice" in asks and "availability" not in self._asked | set(asks)
        self._asked.update(asks)
        if due is not None:
            return self._interrupt(*due)
        if first_offer and "availability" in self._scenario.knows:
            self._asked.add("availability")
            asks = tuple("availability" if written == "choice" else written for written in asks)
        self.keys = self._keyed(said, asks)
        if self.keys:
            return self.keys
        wrong = self._wrong(said)
        letters = frozenset(
            each for words in said if words.phrase.startswith(ASKS_TO_SPELL) for each in words.asks
        )
        names = sum(written in NAMES for words in said for written in words.confirms)
        corrections = self._corrections(wrong, labels=self._on_a_line and names > 1)
        return ". ".join(corrections + self._answers(asks, wrong, letters))

    def _keyed(self, said: Sequence[Words], asks: Sequence[str]) -> str:
        """The phone number's digits, once the words that offer the keypad have come a second time."""
        self._numbers_asked_again += any(words.phrase == "reask.phone" for words in said)
        number = self._scenario.expect.details.get("phone", "")
        keyed = self._on_a_line and self._numbers_asked_again > 1 and tuple(asks) == ("phone",)
        return number[-10:] if keyed else ""

    # -- interrupts ----------------------------------------------------------------------------------------------------

    def _waiting(self) -> list[tuple[int, Interrupt]]:
        return [(n, i) for n, i in enumerate(self._scenario.interrupts) if n not in self._interrupted]

    def _due(self, asks: Sequence[str]) -> tuple[int, Interrupt] | None:
        return next(((n, i) for n, i in self._waiting() if self._is_due(i.when_asked, asks)), None)

    def _is_due(self, written: str, asks: Sequence[str]) -> bool:
        if written in asks:
            return True
        if written in self._asked:
            return False
        if written == "availability" and "choice" in asks:
            return True
        return "confirm" in asks and written not in AFTER_THE_SUMMARY

    def _interrupt(self, number: int, interrupt: Interrupt) -> str:
        self.keys = ""
        self._interrupted.add(number)
        return interrupt.says

    # -- corrections ---------------------------------------------------------------------------------------------------

    def _wrong(self, said: Sequence[Words]) -> list[str]:
        """The details read back with another value than the caller meant, in the order they were read."""
        wrong = []
        for words in said:
            for written in words.confirms:
                expected, value = self._meant(written), words.reads.get(written)
                if expected is not None and value not in (None, "", "none") and written not in wrong:
                    assert value is not None
                    if not same(written, value, expected, self._practice):
                        wrong.append(written)
        return wrong

    def _meant(self, written: str) -> str | None:
        """What a detail should be; on a real line a patient on file who gives their name means that one."""
        expected = self._scenario.expect.details.get(written)
        existing = self._scenario.existing
        if expected is not None or not self._on_a_line or existing is None or written not in NAMES[:2]:
            return expected
        on_file = existing.first_name if written == "first_name" else existing.last_name
        said = next(iter(self._scenario.knows.get(written, ())), "")
        return on_file if on_file.casefold() in said.casefold() else None

    def _corrections(self, wrong: Sequence[str], *, labels: bool) -> list[str]:
        entries = [self._with_letters(written, self._next(written)) for written in wrong]
        if labels:
            locale = self._scenario.locale
            entries = [each and labelled(w, each, locale) for w, each in zip(wrong, entries, strict=True)]
        corrected = [entry for entry in entries if entry is not None]
        if not wrong:
            return []
        return [f"{self._words.no}, {corrected[0]}", *corrected[1:]] if corrected else [self._words.no]

    # -- answers -------------------------------------------------------------------------------------------------------

    def _answers(self, asks: Sequence[str], wrong: Sequence[str], letters: Collection[str]) -> list[str]:
        settled = {*wrong, "confirm", "confirm_detail"} if wrong else set()
        return [self._answer(written, written in letters) for written in asks if written not in settled]

    def _answer(self, written: str, letters: bool) -> str:
        answer = self._next(written) or self._default(Key.parse(written).detail.value)
        if not letters:
            return answer
        return self._in_full(written) or self._with_letters(written, answer) or answer

    def _in_full(self, written: str) -> str | None:
        """On a real line, a birth date that is asked for again, with the month by its name."""
        born = self._scenario.expect.details.get(written) if written == "date_of_birth" else None
        if (
            born is None
            and written == "date_of_birth"
            and self._scenario.existing
            and self._meant("last_name")
        ):
            born = self._scenario.existing.date_of_birth.isoformat()
        if born is None or not self._on_a_line:
            return None
        return format_date(date.fromisoformat(born), "long", locale=self._scenario.locale.replace("-", "_"))

    def _with_letters(self, written: str, answer: str | None) -> str | None:
        """On a real line, a name with its letters behind it; the second time each has a word with it."""
        name = self._meant(written) if written in NAMES else None
        if not self._on_a_line or name is None:
            return answer
        times = self._spelled[written] = self._spelled.get(written, 0) + 1
        if times == 1 and answer is not None and is_spelled(answer):
            return answer
        return f"{name.lower()}, {spelled(name, self._scenario.locale, with_words=times > 1)}"

    def _next(self, written: str) -> str | None:
        """The next entry that the caller knows for a detail; the last repeats."""
        entries = self._scenario.knows.get(written)
        if entries is None:
            return None
        given = self._given.get(written, 0)
        self._given[written] = given + 1
        return entries[min(given, len(entries) - 1)]

    def _default(self, detail: str) -> str:
        if detail == "errand":
            return self._scenario.opens
        if detail in ("anything_else", "person"):
            return self._words.no_thanks
        if detail in YES_BY_DEFAULT:
            return self._words.yes
        if detail == "organisation":
            return self._words.rather_not_say
        if detail == "identity_code":
            return self._code() or self._words.dont_know
        return self._words.dont_know
