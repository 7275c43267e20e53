"""What is said when a visit is about to begin and somebody can't get in. By patterns alone: who stands at a door is not
left to a guess."""

from typing import Final

from lamplighter.conversation.details import Errand
from lamplighter.conversation.understanding.intents import plain
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.text import Said
from lamplighter.practice.model import Practice

CANT_GET_IN: Final = {
    "day_link": Errand.LINK_TROUBLE,
    "day_alone": Errand.WAITING_ALONE,
    "day_door": Errand.AT_THE_DOOR,
}
"""The more particular first: whoever waits alone before a link that doesn't work needs the link."""

DAY_OF_VISIT: Final = frozenset(CANT_GET_IN.values())


def cant_get_in(said: Said, practice: Practice, lex: Lexicon) -> Errand | None:
    """None also where the same words are about something else: a website's link, the lobby of a hotel."""
    heard = plain(said, lex, practice).low
    found = next((errand for name, errand in CANT_GET_IN.items() if lex.pattern(name).search(heard)), None)
    return None if found is None or lex.pattern("day_not").search(heard) else found
