"""What callers hear while no desk is there, rendered where the telephone process finds it: each practice's in the words
that it signed."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from lamplighter.channels.phone.held import Held, HeldPhrases
from lamplighter.conversation.before_signing import ALONE
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.ports import Voice
from lamplighter.practice.model import Practice
from lamplighter.settings import Settings
from lamplighter.wiring.lines import signed_phrases
from lamplighter.wiring.practices import Practices, Signed, Unsigned
from lamplighter.wiring.speech import Ahead
from lamplighter.wiring.telephone import can_be_kept
from lamplighter.wiring.telephone_process import folder_of

HELD: Final = "held."
FOLDER: Final = "held"
Words = Mapping[str, list[str]]
"""By language, in the order in which they are said."""


def held_ahead(settings: Settings, found: Practices) -> Ahead | None:
    """None where no line is set up, or its library isn't there."""
    if not can_be_kept(settings):
        return None
    words = [(each, held_words(each)) for each in found.answered]
    kept, anybody = HeldPhrases(folder_of(settings) / FOLDER), _anybodys(settings, found)

    def ahead(voice: Voice) -> None:
        sound = asyncio.run(_rendered(voice, [each for _, each in words]))
        practices = [
            Held(
                each.practice.id,
                each.practice.numbers,
                {locale: [sound[locale, text] for text in texts] for locale, texts in own.items()},
            )
            for each, own in words
        ]
        kept.keep(practices, anybody=anybody)

    return ahead


def held_words(answered: Signed | Unsigned) -> Words:
    """A practice that nobody has signed has the one sentence that may be said before. Languages without any are left
    out."""
    if isinstance(answered, Signed):
        return held_in(signed_phrases(answered.protocol), answered.practice)
    known = {"practice": answered.practice.name}
    return _words(Phrasebook.before_signing(), answered.practice, lambda name: name == ALONE, known)


def held_in(signed: Phrasebook, practice: Practice) -> Words:
    """In the words that the practice signed."""
    return _words(signed, practice, lambda name: name.startswith(HELD), {})


def _words(
    book: Phrasebook, practice: Practice, are: Callable[[str], bool], known: Mapping[str, str]
) -> Words:
    def texts(locale: str) -> list[str]:
        names = sorted(book.phrases(locale)) if locale in book.locales else []
        return [book.render(locale, name, known, spoken=True) for name in names if are(name)]

    return {locale: found for locale in practice.languages_signed if (found := texts(locale))}


async def _rendered(voice: Voice, words: list[Words]) -> dict[tuple[str, str], bytes]:
    """Each sentence once, however many practices have it."""
    from lamplighter.channels.phone.loudspeaker import at_line_rate

    said = {(locale, text) for each in words for locale, texts in each.items() for text in texts}
    return {
        (locale, text): at_line_rate(await voice.speak(text, locale=locale)) for locale, text in sorted(said)
    }


def _anybodys(settings: Settings, found: Practices) -> str:
    """Whose words are heard where the line does not say what was dialled: those of the practice whose number counts
    then, of the only one, else of the first that has signed."""
    number = settings.telephone.number if settings.telephone else None
    default = [each.practice.id for each in found.answered if number in each.practice.numbers]
    only = [each.practice.id for each in found.answered if len(found.answered) == 1]
    return next(iter([*default, *only, *(each.practice.id for each in found.signed)]), "")
