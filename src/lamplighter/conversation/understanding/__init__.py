"""What a person said, as acts: deterministic parts first, a small bundled model for what they leave.

Pure: the same text and context always give the same acts; no clock, no I/O after loading, no text makes it raise.
"""

from dataclasses import dataclass, replace

from lamplighter.conversation.acts import (
    Act,
    Affirm,
    Aside,
    AskAbout,
    Deny,
    Give,
    Intend,
    Interject,
    SpeakIn,
    Topic,
    Wrong,
)
from lamplighter.conversation.details import Detail, Errand
from lamplighter.conversation.understanding.answers import Answers, read_answers
from lamplighter.conversation.understanding.context import Context
from lamplighter.conversation.understanding.intents import (
    ONLY_ALONE,
    read_asides,
    read_errand,
    read_topics,
    wrong_detail,
)
from lamplighter.conversation.understanding.lexicon import Lexicon, lexicon, spoken_in
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.tongues import LanguageVote, vote
from lamplighter.conversation.understanding.volunteered import read_volunteered

__all__ = ["LanguageVote", "Understanding"]

_AT_ANY_TIME = frozenset({Errand.CANCEL, Errand.MOVE, Errand.PERSON, Errand.MESSAGE, Errand.WAITLIST})
"""Errands that somebody may switch to in the middle of another; the rest are mostly details said at length."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """Load once, share freely."""

    @classmethod
    def load(cls) -> "Understanding":
        """Reads the words of the languages; the models come with the first utterance that needs them."""
        lexicon("en")
        return cls()

    def language(self, text: str) -> LanguageVote:
        """What language a text seems to be in: a prior, for the engine to weigh."""
        return vote(text)

    def understand(self, text: str, context: Context) -> tuple[Act, ...]:
        """The acts in `text`, in the order they matter: language, asides, answers, errand, other details, questions.

        Empty where words were said that mean nothing here; `Interject(NOISE)` where there were no words.
        """
        said = Said.of(text)
        if not said.words:
            return _wordless(said)
        lex = spoken_in(said.words, context.locale)
        return _Ear(said, Listening(context, lex)).acts()


def _wordless(said: Said) -> tuple[Act, ...]:
    if said.text in {"👍", "👌", "✅"} or said.text.startswith("👍"):
        return (Affirm(),)
    if said.text.startswith("👎"):
        return (Deny(),)
    return (Interject(Aside.NOISE),)


class _Ear:
    """One utterance on its way to acts."""

    def __init__(self, said: Said, listening: Listening) -> None:
        self.said, self.listening = said, listening
        self.context, self.lex = listening.context, listening.lex
        self.asked = {key.detail for key in self.context.asked}
        self.opening = not self.asked or Detail.ERRAND in self.asked

    def acts(self) -> tuple[Act, ...]:
        if Detail.MESSAGE in self.asked:
            return self._in_order(read_answers(self.said, self.listening), [], [], [])
        asides = read_asides(self.said, self.lex)
        topics = [] if Aside.SOMEBODY_ELSE in asides else self._topics()
        answers = self._answers(topics)
        volunteered = read_volunteered(answers.rest, self.listening, topics) if answers.rest.words else []
        return self._in_order(answers, volunteered, topics, asides)

    def _topics(self) -> list[AskAbout]:
        return read_topics(self.said, self.context.practice, self.lex, opening=self.opening)

    def _answers(self, topics: list[AskAbout]) -> Answers:
        """A pure question answers nothing."""
        if topics and not self.opening and len(self.said.sentences) == 1 and "." not in self.said.text[:-1]:
            if not any(char in self.said.text for char in ",;"):
                return Answers((), self.said)
        return read_answers(self.said, self.listening)

    def _in_order(
        self, answers: Answers, volunteered: list[Act], topics: list[AskAbout], asides: list[Aside]
    ) -> tuple[Act, ...]:
        found: list[Act] = list(self._speak_in())
        answered = {act.key for act in answers.acts if isinstance(act, Give)}
        extra = [act for act in volunteered if not (isinstance(act, Give) and act.key in answered)]
        if answers.denied:
            extra = [replace(act, correction=True) if self._was_read_back(act) else act for act in extra]  # type: ignore[type-var]
        wrong = self._wrong(answers)
        errand = self._errand(answers, topics, asides, extra)
        serious: list[Act] = [*answers.acts, *wrong, *errand, *extra, *topics]
        found += [Interject(aside) for aside in asides if not (aside in ONLY_ALONE and (serious or found))]
        return tuple(_unique(found + serious + self._manners(serious + found)))

    def _was_read_back(self, act: Act) -> bool:
        return isinstance(act, Give) and act.key in self.context.confirmed

    def _speak_in(self) -> list[Act]:
        heard = self.said.low.strip(" .,!?")
        return [SpeakIn(tag) for tag, pattern in self.lex.speak_in.items() if pattern.search(heard)][:1]

    def _wrong(self, answers: Answers) -> list[Act]:
        if not self.context.confirmed or any(
            isinstance(act, Give) and act.correction for act in answers.acts
        ):
            return []
        detail = wrong_detail(answers.rest, self.lex) if answers.rest.words else None
        return [Wrong(detail)] if detail else []

    def _errand(
        self, answers: Answers, topics: list[AskAbout], asides: list[Aside], extra: list[Act]
    ) -> list[Act]:
        if {Aside.SOMEBODY_ELSE, Aside.WRONG_NUMBER, Aside.SALES} & set(asides):
            return []
        heard = self.said if self.opening else answers.rest
        if not heard.words or Detail.MESSAGE in self.asked:
            return []
        errand = read_errand(heard, self.lex, topics)
        if errand is None or (errand is self.context.errand and not self.opening):
            return []
        return [Intend(errand, sure=self.opening or errand in _AT_ANY_TIME)]

    def _manners(self, found: list[Act]) -> list[Act]:
        """A yes or no that nothing asked for, where nothing else was heard."""
        if found or self.opening and not self.context.confirmed and self.context.asked:
            return []
        from lamplighter.conversation.understanding.yesno import read_yes_no

        answer = read_yes_no(self.said, self.lex)
        return [Affirm() if answer.yes else Deny()] if answer and answer.whole else []


def _unique(acts: list[Act]) -> list[Act]:
    kept: list[Act] = []
    for act in acts:
        if act not in kept:
            kept.append(act)
    return kept
