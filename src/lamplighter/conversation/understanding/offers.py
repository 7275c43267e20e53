"""When somebody can come, and when to call them back."""

from lamplighter.conversation.details import Key
from lamplighter.conversation.understanding import when
from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.reading import Listening, Reading, given
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.wish import Wish


def timeless_masked(said: Said, lex: Lexicon) -> Said:
    """Blanks what sounds like a time and is none: "right now", "last week", "we'd"."""
    return Said("".join(_blanked(said, lex)))


def _blanked(said: Said, lex: Lexicon) -> list[str]:
    chars = list(said.text)
    for match in lex.pattern("no_wish").finditer(said.low):
        chars[match.start() : match.end()] = " " * (match.end() - match.start())
    return chars


def read_availability(said: Said, key: Key, listening: Listening) -> Reading | None:
    context = listening.context
    said = timeless_masked(said, listening.lex)
    found = when.find_wish(said.text, listening.locale, context.now, context.practice, context.week_of)
    if found and found.value == Wish() and key not in context.asked:
        return None
    return given(Found(found.value.dumps(), found.start, found.end), key) if found else None


def read_callback(said: Said, key: Key, listening: Listening) -> Reading | None:
    context = listening.context
    found = when.find_callback_time(said.text, listening.locale, context.now, context.practice)
    return given(found, key)
