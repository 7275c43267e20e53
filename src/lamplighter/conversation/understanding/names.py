"""Names of people: said, spelled, both, labelled, in one breath, with particles and two surnames."""

import re
from dataclasses import dataclass, replace

from lamplighter.conversation.understanding.composing import ALIKE, Word, composed, is_part
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.spelling import Spelled, looks_like, spelled
from lamplighter.conversation.understanding.text import Said, fold

_TOKEN = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*\.?")
_SURNAME_ENDS = ("ez", "es", "ia", "ro", "os", "ana", "ero", "dez")
LONGEST_NAME = 5


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


def strip_lead(said: Said, lex: Lexicon) -> tuple[int, int]:
    """Where the value stands once "um yeah so it's" before it and "please" after it are gone."""
    start, end = 0, len(said.low)
    lead, trail = lex.pattern("lead_in"), lex.pattern("trail")
    while start < end:
        start += len(said.low[start:end]) - len(said.low[start:end].lstrip(' ,.:;-!?"'))
        match = lead.match(said.low, start, end)
        if not match or match.end() == start or _a_letter(said.low, match):
            break
        start = match.end()
    while end > start:
        end = start + len(said.low[start:end].rstrip(' ,.:;-!?"'))
        last = [m for m in trail.finditer(said.low, start, end) if m.end() == end and m.start() > start]
        if not last:
            break
        end = last[0].start()
    return start, end


def _a_letter(low: str, match: re.Match[str]) -> bool:
    """Whether what looks like "and" is the first of letters spelled: "Y-A-D-I-R-A"."""
    return len(match.group()) == 1 and bool(re.match(r"[-,. ]+\w(?!\w)", low[match.end() :]))


def name_words(said: Said, start: int, end: int, lex: Lexicon, *, asked: bool) -> tuple[Word, ...]:
    """The row of words from `start` that can be a name, spelled ones put together, up to the first that cannot."""
    rows = [row for row in spelled(said, lex) if start <= row.start < end]
    words: list[Word] = []
    at, explains = start, False
    while at < end and len(words) < 2 * LONGEST_NAME:
        if row := _row_at(said, at, rows):
            words.append(Word(row.letters, row.start, row.end, True))
            at, explains = row.end, False
            continue
        match = _TOKEN.search(said.text, at, end)
        if not match or not _only_marks(between := said.low[at : match.start()]):
            break
        text = match.group()
        text = text if fold(text) in {"st.", "ste."} else text.rstrip(".")
        if _hesitates(text) or (words and fold(text) in lex.words("hesitations")):
            at = match.end()
            continue
        nameable = _nameable(text, lex, asked=asked, alone=_alone(said, match, start, end))
        nameable = nameable and not _aside(
            text, said.low[words[-1].end if words else at : match.start()], words, lex
        )
        nameable = nameable and not (explains and (text.islower() or words[-1].spelled))
        if nameable and not _stops(between, words):
            words.append(Word(text, match.start(), match.end()))
            at = match.end()
            continue
        explained = fold(text) in lex.words("spell_words") and (asked or len(text) > 1)
        if words and explained and not nameable:
            explains = explains or fold(text) not in lex.words("between_parts")
            at = match.end()
            continue
        further = _told_further_on(said, at, end, rows, words, lex)
        if further is None:
            break
        at = further
    words = composed(words)[:LONGEST_NAME]
    while words and fold(words[-1].text) in lex.words("particles") and len(words) > 1:
        words.pop()
    particles = lex.words("particles")
    return tuple(words) if any(fold(w.text) not in particles or w.spelled for w in words) else ()


def _row_at(said: Said, at: int, rows: list[Spelled]) -> Spelled | None:
    return next(
        (r for r in rows if r.end > at and (r.start <= at or _only_marks(said.low[at : r.start]))), None
    )


def _aside(text: str, between: str, words: list[Word], lex: Lexicon) -> bool:
    """ "Delphine, dear": a small word behind a comma, where names are written with a capital."""
    if (
        "," not in between
        or not text.islower()
        or fold(text) in lex.words("particles") | lex.words("given_names")
    ):
        return False
    said = [word for word in words if not word.spelled]
    return any(word.text[:1].isupper() for word in said) and not is_part(text, said)


_FURTHER = 45  # characters between a name and more of its spelling
_SENTENCE_END = re.compile(r"[.;!\n]")


def _told_further_on(
    said: Said, at: int, end: int, rows: list[Spelled], words: list[Word], lex: Lexicon
) -> int | None:
    """Where the name just said is spelled, or its next part said and spelled: "then Cole, c o l e"."""
    named = [word for word in words if not word.spelled]
    if not named:
        return None
    upto = min(end, at + _FURTHER)
    stop = _SENTENCE_END.search(said.low, at, upto)
    upto = stop.start() if stop else upto
    near = [row for row in rows if at <= row.start < upto]
    for match in _TOKEN.finditer(said.text, at, upto):
        row = next((row for row in near if row.start <= match.start() < row.end), None)
        if row:
            about = is_part(row.letters, named) or looks_like(named[-1].text, row.letters) >= ALIKE
            return row.start if about else None
        behind = _row_at(said, match.end(), near)
        if behind and looks_like(match.group(), behind.letters) >= ALIKE:
            return match.start()
        if is_part(match.group(), named) and len(match.group()) > 2 and match.group().islower():
            return match.start()
    return None


_SHORT_VERBS = ("'d", "'ve", "'ll", "'re", "'m", "n't")
_HESITATION = re.compile(r"u+h+m*|u+m+|e+r+m*|h+m+|a+h+|o+h+|m{2,}|e+h+m*|e+m{2,}")

_WORDS_BEFORE = re.compile(r"[\w']+(?=\W*$)")


def without_likeness(said: Said, lex: Lexicon) -> Said:
    """ "Quillfeather, like a quill and a feather" without what it is like, every word in its place."""
    text = said.text
    for match in lex.pattern("simile").finditer(said.low):
        if any(
            cue.end() + 1 >= match.start()
            for cue in lex.pattern("naming").finditer(said.low, 0, match.start())
        ):
            continue  # "me registraron como Tránsito"
        before = _WORDS_BEFORE.search(said.low[: match.start()])
        word = before.group() if before else ""
        if len(word) > 1 and word not in lex.words("common") - lex.words("also_names"):
            text = text[: match.start()] + ",".ljust(match.end() - match.start()) + text[match.end() :]
    return Said(text) if text != said.text else said


def _hesitates(word: str) -> bool:
    return _HESITATION.fullmatch(fold(word)) is not None


def _only_marks(between: str) -> bool:
    return not any(char.isalnum() for char in between)


def _stops(between: str, words: list[Word]) -> bool:
    return bool(words) and any(mark in between for mark in "?!;\n")


def _alone(said: Said, match: re.Match[str], start: int, end: int) -> bool:
    return not said.low[start : match.start()].strip(" ,.") and not said.low[match.end() : end].strip(" ,.")


def _nameable(text: str, lex: Lexicon, *, asked: bool, alone: bool) -> bool:
    low = fold(text)
    if low.endswith(_SHORT_VERBS):
        return False
    if (
        low in lex.words("fillers") - lex.words("also_names")
        or _hesitates(low)
        or set(low.split("-")) & (lex.table("tens").keys() | {"fecha"})
        or low in lex.table("tens")
        or (len(low) > 2 and low in lex.table("digits"))
    ):
        return False
    if low in lex.words("particles") and len(low) > 1:
        return True
    if low in lex.words("common"):
        return asked and low in lex.words("also_names")
    return len(low) > 1 or not low.isascii() or (asked and not alone and text.isupper())


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
    return said.cut(0, cut.start()) if cut and said.low[: cut.start()].strip(" ,.") else said


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
    cut = _surname_at(words, lex, wants_last)
    first, last = words[:cut], words[cut:]
    return Name(joined(first), joined(last), _any_spelled(first), _any_spelled(last), end)


def _any_spelled(words: tuple[Word, ...]) -> bool:
    return any(word.spelled for word in words)


def _surname_at(words: tuple[Word, ...], lex: Lexicon, wants_last: bool) -> int:
    """Where the family name begins."""
    low = [fold(word.text) for word in words]
    if len(low) > 2 and low[-1].strip(".") in lex.words("suffixes"):
        return _surname_at(words[:-1], lex, wants_last)
    if row := lex.pattern("given_with_particle").match(" ".join(low)):
        count = len(row.group().split())
        return count if count < len(low) else 1
    for at in range(1, len(words)):
        if low[at] in lex.words("particles"):
            return at
    double_first = len(words) >= 2 and f"{low[0]}-{low[1]}" in lex.words("double_first_names")
    if double_first:
        return 2 if len(words) > 2 or not wants_last else len(words)
    if len(words) == 2 and lex.language == "es" and set(low) <= lex.words("given_names"):
        return 2
    if len(words) <= 2:
        return 1
    if low[1] in lex.words("given_names"):
        return 2
    if lex.language == "es" or low[-2].endswith("ez"):
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
