"""What an extractor gives back, and what every extractor may look at."""

from dataclasses import dataclass, field

from lamplighter.conversation.acts import Act, Give
from lamplighter.conversation.details import Key
from lamplighter.conversation.understanding.context import Context, Found
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.text import Said


@dataclass(frozen=True, slots=True)
class Listening:
    """The circumstances of one utterance: its context and the language it is in."""

    context: Context
    lex: Lexicon
    read: "dict[tuple[str, Key], Reading | None]" = field(default_factory=dict, repr=False, compare=False)
    """What pieces of the utterance gave before; it goes with the utterance."""

    @property
    def locale(self) -> str:
        return self.lex.language


@dataclass(frozen=True, slots=True)
class Reading:
    """Acts read out of `text[start:end]`. `sure`: 1 a typed value, 0.5 a value by its place, 0.2 a guess."""

    acts: tuple[Act, ...]
    start: int
    end: int
    sure: float = 1.0

    def rest(self, said: Said) -> Said:
        return said.without((self.start, self.end))


def given(found: Found[str] | None, key: Key, sure: float = 1.0) -> Reading | None:
    """A value that was found, as the answer to a question for `key`."""
    if found is None:
        return None
    return Reading((Give(key.detail, found.value, key.subject),), found.start, found.end, sure)
