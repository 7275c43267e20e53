"""What an opening says that the other readers would take for an errand of one's own: a question about somebody else's
visit, word for the desk from whoever delivers, repairs or looks for work, papers that somebody here is to write."""

from typing import Final

from lamplighter.conversation.acts import Act, Aside, Intend, Interject
from lamplighter.conversation.details import Errand
from lamplighter.conversation.understanding.intents import plain
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.text import Said
from lamplighter.practice.model import Practice

SOMEBODY: Final = "theirone"
"""What stands for "my husband", "mi hermana" in the text that the patterns of somebody else's visit see."""

_WORD_FOR_US: Final = (("seeks_work", "seeks_no_work"), ("trade", "no_trade"), ("papers", "no_papers"))


def said_outright(said: Said, practice: Practice, lex: Lexicon) -> Act | None:
    heard = plain(said, lex, practice).low
    if _of_somebody_else(heard, lex):
        return Interject(Aside.SOMEBODY_ELSE)
    for name, unless in _WORD_FOR_US:
        if lex.pattern(name).search(heard) and not lex.pattern(unless).search(heard):
            return Intend(Errand.MESSAGE)
    return None


def _of_somebody_else(heard: str, lex: Lexicon) -> bool:
    """ "My husband comes to you, what day is he in?", and not "my husband drives me, when is my visit?"."""
    people = lex.pattern("their_people")
    own = any(lex.pattern(name).search(heard) for name in ("own_after_all", "own_visit_told"))
    if own or not people.search(heard):
        return False
    told = people.sub(SOMEBODY, heard)
    if any(lex.pattern(name).search(told) for name in ("seen_with_theirs", "changes_theirs")):
        return False
    visit = lex.pattern("their_visit").search(told)
    return bool(lex.pattern("asks_whether_theirs").search(told)) or (
        visit is not None and bool(lex.pattern("asks_when_theirs").search(told))
    )
