"""Names of people: said, spelled, both, labelled, in one breath, with particles and two surnames."""

import re
from dataclasses import dataclass, replace

from lamplighter.conversation.understanding.composing import Word
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.naming import name_words, strip_lead, without_likeness
from lamplighter.conversation.understanding.spelling import spelled
from lamplighter.conversation.understanding.text import Said, fold

__all__ = [
    "Name",
    "joined",
    "labelled",
    "name_words",
    "named_further_on",
    "read_name",
    "strip_lead",
    "titled",
]


@dataclass(frozen=True, slots=True)
class Name:
    """A name's two parts, "" where not given."""

    first: str = ""
    last: str = ""
    first_spelled: bool = False
    last_spelled: bool = False
    end: int = 0
    labelled: bool = False

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}".strip()


def read_name(
    said: Said, lex: Lexicon, wants_first: bool, wants_last: bool, known_first: str = ""
) -> Name | None:
    """What an answer to "your name, please?" gives; None where there is no name in it."""
    said = _without_nickname(without_likeness(said, lex), lex)
    if (named := labelled(said, lex)) or (named := _labelled_after(said, lex)):
        return named
    real = list(lex.pattern("real_name").finditer(said.low))
    if real and (named := read_name(said.cut(real[-1].end(), len(said.low)), lex, wants_first, wants_last)):
        return replace(named, end=len(said.low))
    if instead := _not_that_but(said, lex):
        return read_name(instead, lex, wants_first, wants_last, known_first)
    if named := _taken_back(said, lex, wants_first, wants_last, known_first):
        return named
    start, end = strip_lead(said, lex)
    end = _before_not(said, start, end, lex)
    words = name_words(said, start, end, lex, asked=True)
    if not words or _in_talk(said, words, lex):
        words = named_further_on(said, lex) or _only_spelled(said, lex) or words
    if not words or _goes_on(said, words, lex):
        return None
    words = _once(words)
    return _placed(words, lex, wants_first, wants_last, known_first)


def _in_talk(said: Said, words: tuple[Word, ...], lex: Lexicon) -> bool:
    """Whether small words stand where a name should, and one with a capital comes after: "everybody calls me Teddy"."""
    if any(word.spelled or not word.text.islower() for word in words):
        return False
    return bool(said.low[words[-1].end :].strip(" .,!?"))


def named_further_on(said: Said, lex: Lexicon) -> tuple[Word, ...]:
    """ "My mother named me Barnaby", "hers is Imani": the last name behind a word that names."""
    found: tuple[Word, ...] = ()
    cues = [*lex.pattern("naming").finditer(said.low), *lex.pattern("naming_a_capital").finditer(said.low)]
    for cue in sorted(cues, key=lambda cue: cue.end()):
        start = cue.end() + len(said.low[cue.end() :]) - len(said.low[cue.end() :].lstrip(" ,:"))
        words = name_words(said, start, len(said.low), lex, asked=said.text[start : start + 1].isupper())
        if not words or fold(words[0].text) in lex.words("not_names") | lex.words("roles"):
            continue
        if any(
            other.end() == cue.end() for other in lex.pattern("of_others").finditer(said.low, 0, cue.end())
        ):
            continue
        capital = words[0].spelled or words[0].text[:1].isupper()
        following = said.low[words[-1].end :].lstrip()
        ends = following[:1] in {"", ".", ",", "!"} and len(words) <= 2
        if capital or (ends and lex.pattern("naming").fullmatch(cue.group())):
            found = words
    return found


def _without_nickname(said: Said, lex: Lexicon) -> Said:
    """ "My legal name is Bartholomew but I go by Bart" up to the "but"."""
    cut = lex.pattern("but_called").search(said.low)
    if cut is None:
        return said
    after_all = lex.pattern("but_called_only").match(said.low[cut.start() :])
    return said.cut(0, cut.start()) if after_all or said.low[: cut.start()].strip(" ,.") else said


def _only_spelled(said: Said, lex: Lexicon) -> tuple[Word, ...]:
    """ "I'm a Katz, k a t z": what was spelled, whatever stands before it."""
    rows = [row for row in spelled(said, lex) if len(row.letters) > 2]
    return tuple(Word(row.letters, row.start, row.end, True) for row in rows) if len(rows) == 1 else ()


def _goes_on(said: Said, words: tuple[Word, ...], lex: Lexicon) -> bool:
    """ "Honestly I just...", "depressed all day": one word in the middle of talk is no name."""
    if len(words) > 1 or words[0].spelled:
        return False
    if words[0].text[:1].isupper() and said.low[: words[0].start].strip(" ,."):
        return False
    following = said.low[words[0].end :]
    return following.startswith(" ") and bool(lex.pattern("talk").match(following.lstrip()))


def _once(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """ "Bond, James Bond" says the last name twice."""
    if len(words) > 2 and fold(words[0].text) == fold(words[-1].text):
        return words[1:]
    return words


def _taken_back(
    said: Said, lex: Lexicon, wants_first: bool, wants_last: bool, known_first: str
) -> Name | None:
    """ "Billy, no sorry, William" is William."""
    cuts = list(lex.pattern("takes_back").finditer(said.low))
    if not cuts or not said.low[: cuts[-1].start()].strip(" ,.") or cuts[-1].end() >= len(said.low):
        return None
    before = read_name(said.cut(0, cuts[-1].start()), lex, wants_first, wants_last, known_first)
    after = read_name(said.cut(cuts[-1].end(), len(said.low)), lex, wants_first, wants_last, known_first)
    if not before or not after:
        return None
    return Name(
        after.first or before.first, after.last or before.last, after.first_spelled or before.first_spelled,
        after.last_spelled or before.last_spelled, len(said.low), before.labelled or after.labelled,
    )  # fmt: skip


def _not_that_but(said: Said, lex: Lexicon) -> Said | None:
    """ "Not Okafor, Okoro": what follows the name that is turned down."""
    start, _ = strip_lead(said, lex)
    match = lex.pattern("not_that").match(said.low, start)
    comma = said.low.find(",", match.end()) if match else -1
    return said.cut(comma + 1, len(said.low)) if comma > 0 and said.low[comma + 1 :].strip(" .") else None


def _labelled_after(said: Said, lex: Lexicon) -> Name | None:
    """ "Espinal's the last name and Carla's the first"."""
    found: dict[str, tuple[Word, ...]] = {}
    at = 0
    for match in lex.pattern("label_after").finditer(said.low):
        piece = said.cut(at, match.start())
        lead, end = strip_lead(piece, lex)
        words = name_words(piece, lead, end, lex, asked=True)
        if words:
            found.setdefault("last" if lex.pattern("last_part").search(match.group()) else "first", words)
        at = match.end()
    if not found:
        return None
    return Name(
        joined(found.get("first", ())), joined(found.get("last", ())), _any_spelled(found.get("first", ())),
        _any_spelled(found.get("last", ())), len(said.low), True,
    )  # fmt: skip


def _before_not(said: Said, start: int, end: int, lex: Lexicon) -> int:
    """ "Okafor, not Okafar" ends at "not"."""
    match = lex.pattern("not_that").search(said.low, start, end)
    return match.start() if match and match.start() > start else end


def labelled(said: Said, lex: Lexicon) -> Name | None:
    """ "Last name's Okafor, first Maya": each part where its label says; needs a last-name label that comes first."""
    first, last = lex.pattern("first_label"), lex.pattern("last_label")
    firsts = list(first.finditer(said.low))
    lasts = list(last.finditer(said.low))
    marks = sorted(
        [(m.start(), m.end(), "first") for m in firsts] + [(m.start(), m.end(), "last") for m in lasts]
    )
    found: dict[str, tuple[Word, ...]] = {}
    for i, (_, after, part) in enumerate(marks):
        upto = marks[i + 1][0] if i + 1 < len(marks) else len(said.low)
        lead, end = strip_lead(said.cut(after, upto), lex)
        piece = said.cut(after, upto)
        words = name_words(piece, lead, _before_not(piece, lead, end, lex), lex, asked=True)
        if words and part not in found:
            found[part] = words
    if not found:
        return None
    if "first" not in found and marks[0][2] == "last" and (before := _before_label(said, marks[0][0], lex)):
        found["first"] = before
    if "last" not in found and marks[0][2] == "first" and (before := _before_label(said, marks[0][0], lex)):
        found["last"] = before
    return Name(
        joined(found.get("first", ())), joined(found.get("last", ())),
        any(w.spelled for w in found.get("first", ())), any(w.spelled for w in found.get("last", ())),
        len(said.low), True,
    )  # fmt: skip


def _before_label(said: Said, upto: int, lex: Lexicon) -> tuple[Word, ...]:
    piece = said.cut(0, upto)
    lead, end = strip_lead(piece, lex)
    words = name_words(piece, lead, end, lex, asked=True)
    return words if words and not _in_talk(piece, words, lex) else named_further_on(piece, lex)


def _placed(
    words: tuple[Word, ...], lex: Lexicon, wants_first: bool, wants_last: bool, known_first: str
) -> Name:
    end = words[-1].end
    if (
        known_first
        and len(words) > 1
        and fold(words[0].text) == fold(known_first.split(" ")[0])
        and wants_last
    ):
        words = words[1:]
        return Name("", joined(words), False, _any_spelled(words), end)
    if wants_last and not wants_first:
        return Name("", joined(words), False, _any_spelled(words), end)
    if len(words) == 1:
        return Name(joined(words), "", words[0].spelled, False, end)
    cut = surname_at(words, lex, wants_last)
    first, last = words[:cut], words[cut:]
    return Name(joined(first), joined(last), _any_spelled(first), _any_spelled(last), end)


def _any_spelled(words: tuple[Word, ...]) -> bool:
    return any(word.spelled for word in words)


def surname_at(words: tuple[Word, ...], lex: Lexicon, wants_last: bool) -> int:
    """Where the family name begins."""
    low = [fold(word.text) for word in words]
    if len(low) > 2 and low[-1].strip(".") in lex.words("suffixes"):
        return surname_at(words[:-1], lex, wants_last)
    if row := lex.pattern("given_with_particle").match(" ".join(low)):
        count = len(row.group().split())
        return count if count < len(low) else 1
    for at in range(1, len(words)):
        if low[at] in lex.words("particles"):
            return at
    double_first = len(words) >= 2 and f"{low[0]}-{low[1]}" in lex.words("double_first_names")
    if double_first:
        return 2 if len(words) > 2 or not wants_last else len(words)
    if len(words) == 2 and lex.habit("two_surnames") and set(low) <= lex.words("given_names"):
        return 2
    if len(words) <= 2:
        return 1
    if low[1] in lex.words("given_names"):
        return 2
    if lex.habit("two_surnames") or low[-2].endswith("ez"):
        return 1 if len(words) == 3 else 2
    return len(words) - 1


def joined(words: tuple[Word, ...]) -> str:
    return " ".join(titled(word.text, within=bool(i)) for i, word in enumerate(words))


_SMALL = frozenset(
    {"de", "la", "del", "las", "los", "da", "dos", "das", "do", "di", "van", "von", "der", "den", "ter", "y"}
)


def titled(word: str, within: bool = False) -> str:
    """Name-like capitals for a word said in small (or all big) letters; mixed case stays as it was written."""
    if not (word.islower() or (word.isupper() and len(word) > 1)):
        return word
    low = word.lower()
    if low in _SMALL:
        return low
    return re.sub(r"[^\W\d_]+", lambda m: _capital(m.group(), low, m.start()), low)


def _capital(part: str, whole: str, start: int) -> str:
    if part.startswith("mc") and len(part) > 4:
        return "Mc" + part[2:].capitalize()
    if start > 1 and whole[start - 1] == "'" and len(part) == 1:
        return part
    return part[:1].upper() + part[1:]
