"""What a person said, as acts: deterministic parts first, a small bundled model for what they leave.

Pure: the same text and context always give the same acts; no clock, no I/O after loading, no text makes it raise.
"""

from dataclasses import dataclass

from lamplighter.conversation.acts import Act, Affirm, Aside, Decline, Deny, Give, Interject
from lamplighter.conversation.details import Detail
from lamplighter.conversation.understanding.context import Context
from lamplighter.conversation.understanding.ear import NAMES, VERBATIM, Ear
from lamplighter.conversation.understanding.for_people import with_a_person
from lamplighter.conversation.understanding.holder import Held, told_holder
from lamplighter.conversation.understanding.intents import ONLY_ALONE
from lamplighter.conversation.understanding.lexicon import languages, lexicon, spoken_in
from lamplighter.conversation.understanding.meaning import guess
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.series import for_one_of_several, told_part, with_series
from lamplighter.conversation.understanding.shorthand import written_out
from lamplighter.conversation.understanding.text import LONGEST, LONGEST_MESSAGE, Said
from lamplighter.conversation.understanding.tongues import LanguageVote, vote
from lamplighter.conversation.understanding.when import prepare

__all__ = ["LanguageVote", "Understanding"]


_OF_HOLDERS = frozenset({Detail.RELATIONSHIP, Detail.SUBSCRIBER})


@dataclass(frozen=True, slots=True)
class Understanding:
    """Load once, share freely."""

    @classmethod
    def load(cls) -> "Understanding":
        """Reads the words of the languages; their expressions and the models come with the first utterance that needs
        them, or before with `warm`."""
        for language in languages():
            lexicon(language)
        return cls()

    def warm(self, *locales: str) -> None:
        """Loads the models and makes every expression of these locales, or of all, now (seconds, once a process); for a
        thread at the start, so that nobody waits for it."""
        guess("good morning", frozenset(), opening=True)
        vote("good morning to you all")
        for locale in locales or languages():
            lexicon(locale).ready()
            prepare(locale)

    def language(self, text: str) -> LanguageVote:
        """What language a text seems to be in: a prior, for the engine to weigh."""
        return vote(text)

    def understand(self, text: str, context: Context) -> tuple[Act, ...]:
        """The acts in `text`, in the order they matter: language, asides, answers, errand, other details, questions.

        Empty where words were said that mean nothing here; `Interject(NOISE)` where there were no words.
        """
        takes_message = any(key.detail is Detail.MESSAGE for key in context.asked)
        said = Said.of(text, LONGEST_MESSAGE if takes_message else LONGEST)
        if not said.words:
            return _wordless(said)
        lex = spoken_in(said.words, context.locale)
        if not VERBATIM & {key.detail for key in context.asked}:
            said = written_out(said, lex)
        listening = Listening(context, lex)
        held = told_holder(said, listening)
        if held is not None:
            return (*_beside(self, held, context), held.act)
        if (one := for_one_of_several(said, listening)) is not None:
            return one
        part = told_part(said, listening)
        if part is not None:
            beside = self.understand(part.rest.text, context) if part.rest.words else ()
            return (part.act, *(act for act in beside if not isinstance(act, Affirm | Deny)))
        ear = Ear(said, listening)
        heard = ear.acts()
        if all(isinstance(act, Interject) and act.aside in ONLY_ALONE for act in heard):
            heard = ear.shortly() or heard
        heard = heard or _heard_otherwise(said, context, lex.language) or ear.guessed()
        return with_a_person(with_series(heard, said, listening), said, listening)


def _beside(understanding: Understanding, held: Held, context: Context) -> tuple[Act, ...]:
    """What else was said than whose plan it is; a relative who holds it is nobody to be seen."""
    if not held.rest.words:
        return ()
    acts = understanding.understand(held.rest.text, context)
    insured = Detail.INSURANCE in {key.detail for key in context.asked}
    return tuple(act for act in acts if not _is_overtaken(act, insured))


def _is_overtaken(act: Act, insured: bool) -> bool:
    """Whoever is on somebody's plan, asked how they pay, has one."""
    if isinstance(act, Give):
        return act.detail in _OF_HOLDERS or (insured and act.detail is Detail.SELF_PAY)
    return insured and (
        isinstance(act, Deny) or (isinstance(act, Decline) and act.detail is Detail.INSURANCE)
    )


def _heard_otherwise(said: Said, context: Context, tried: str) -> tuple[Act, ...]:
    """What the other languages' words make of it: "siii" said to an English desk."""
    others = (language for language in languages() if language != tried)
    heard = (Ear(said, Listening(context, lexicon(language))).acts() for language in others)
    own = lexicon(tried)
    refused = any(own.pattern(name).search(said.low) for name in ("negation", "none_of_them"))
    weighed = any(pattern.search(said.low) for pattern in own.group("modality").values())
    unsure = NAMES | {Detail.MODALITY} if weighed else NAMES
    return next(
        (acts for acts in heard if acts and not any(_is_guessed(act, refused, unsure) for act in acts)), ()
    )


def _is_guessed(act: Act, refused: bool, unsure: frozenset[Detail]) -> bool:
    """Any word can be a name in a language that does not know it, and what was refused or left open here a wish
    there."""
    return isinstance(act, Give) and (refused or act.detail in unsure)


def _wordless(said: Said) -> tuple[Act, ...]:
    if said.text in {"👍", "👌", "✅"} or said.text.startswith("👍"):
        return (Affirm(),)
    if said.text.startswith("👎"):
        return (Deny(),)
    return (Interject(Aside.NOISE),)
