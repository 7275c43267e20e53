"""Which of two readings of a name is to be trusted."""

from lamplighter.conversation.understanding.composing import letters_of
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.spelling import spelled
from lamplighter.conversation.understanding.text import Said, fold


def doubt(first: str, last: str, said: Said, lex: Lexicon) -> float:
    """What speaks against these being the names that were told, 0 for nothing: a word of every day, a part that is
    missing or too long, letters that were spelled and are not in it, half of a word that was said."""
    firsts, lasts = first.split(), last.split()
    words = [letters_of(word) for word in (*firsts, *lasts)]
    against = 2.0 * (not firsts) + 2.0 * (not lasts) + max(0, len(firsts) - 2) + (len(lasts) > 3)
    against += sum(_doubtful(fold(word), lex) for word in (*firsts, *lasts))
    against += 0.5 * max(0, sum(word not in lex.words("particles") for word in words) - 2)
    whole = "".join(words)
    for row in spelled(said, lex):
        letters = letters_of(row.letters)
        there = letters in whole or letters[1:] in words or letters[:-1] in words
        against += 1.5 * (len(letters) > 2 and not there)
    if firsts and lasts and fold(lasts[0]) in lex.given and fold(firsts[0]) not in lex.given:
        against += 1
    against += bool(set(map(letters_of, firsts)) & set(map(letters_of, lasts)))
    return against + _halves(words, said)


def everyday(name: str, lex: Lexicon) -> bool:
    """Whether a word of every day is among those of a name."""
    return any(_doubtful(fold(word), lex) >= 2 for word in name.split())


def _doubtful(word: str, lex: Lexicon) -> float:
    if word in lex.words("particles") or word in lex.words("also_names"):
        return 0
    everyday = word in lex.ordinary or word in lex.words("common") or word in lex.words("joins")
    return 2.0 * everyday + (len(word) == 1)


def _halves(words: list[str], said: Said) -> int:
    """Words that only begin or end a longer one that was said and is not among them."""
    longer = {letters_of(word) for word in said.words if len(word) > 4}
    return sum(
        len(word) > 1
        and any(each != word and (each.startswith(word) or each.endswith(word)) for each in longer)
        for word in words
    )
