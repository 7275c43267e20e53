"""Who somebody says they are, or who is to be seen, unasked: "I'm Gideon's mother", "Quentin Vasquez here"."""

import re
from dataclasses import replace

from lamplighter.conversation.acts import Act, Give
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding import preferences as prefer
from lamplighter.conversation.understanding.composing import Word
from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.names import (
    Name,
    joined,
    labelled,
    name_words,
    read_name,
    strip_lead,
)
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said, fold

Found3 = list[tuple[Act, int, int]]
AT_WORK = "professional"
"""The relationship of somebody who calls for an organisation."""


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def related(said: Said, lex: Lexicon, *, of_times: bool) -> Found[str] | None:
    """What they are to the patient, where a relative is to be seen and did not only tell of us."""
    if of_times:
        meant = lex.pattern("meant_for").search(said.low)  # not "afternoons I pick up my daughter"
        return prefer.find_relationship(Said(meant.group()), lex, asked=False) if meant else None
    told = prefer.without_messengers(Said(lex.pattern("reason_tail").sub(_blank, said.low)), lex)
    return prefer.spoken_for(said, lex) or prefer.find_relationship(told, lex, asked=False)


def names_told(said: Said, listening: Listening) -> Found3:
    """Names said unasked, each with whose it is."""
    lex = listening.lex
    if (named := labelled(said, lex)) and lex.pattern("name_label").search(said.low):
        return _patient(named, 0, len(said.text))
    for_other = related(said, lex, of_times=False) or _known_relationship(listening)
    found: Found3 = []
    for cue in lex.pattern("patient_cue").finditer(said.low):
        if lex.pattern("mourned").search(said.low[: cue.start()].rstrip()):
            continue
        name, end = _after(said, cue.end(), lex, weak=True)
        following = said.low[end:].lstrip()
        if name and name.full.endswith("'s"):  # "my husband Walter's visit"
            found += _patient(_without_possessive(name), cue.start(), end)
            break
        if name and (following[:1] in {"", ".", ","} or lex.pattern("after_patient").match(following)):
            found += _patient(name, cue.start(), end)
            break
    return found + _own_name(said, listening, found, bool(for_other)) + _nickname(said, lex)


def _own_name(said: Said, listening: Listening, found: Found3, for_other: bool) -> Found3:
    lex = listening.lex
    for pattern, weak in (("name_cue", False), ("name_cue_weak", True)):
        for cue in lex.pattern(pattern).finditer(said.low):
            name, end = _after(said, cue.end(), lex, weak=weak)
            if not name or any(start <= cue.start() < upto for _, start, upto in found):
                continue
            if name.full.endswith("'s"):  # "I'm Gideon's mother" names the patient
                return _patient(_without_possessive(name), cue.start(), end)
            if for_other and not lex.pattern("others_name").search(
                said.low, max(0, cue.start() - 12), cue.end()
            ):
                return [(Give(Detail.CALLER_NAME, name.full), cue.start(), end)]
            return _patient(name, cue.start(), end)
    return [] if for_other or found else _says_who(said, lex)


def _says_who(said: Said, lex: Lexicon) -> Found3:
    """ "Hey, Quentin Vasquez here": two names with capitals in front of what tells whose they are."""
    start, _ = strip_lead(said, lex)
    words = name_words(said, start, len(said.text), lex, asked=False)
    if len(words) < 2 or not all(word.text[:1].isupper() for word in words):
        return []
    if not lex.pattern("who_speaks").match(said.low[words[-1].end :].lstrip(" ,")):
        return []
    name = read_name(said.cut(words[0].start, words[-1].end), lex, True, True)
    return _patient(name, words[0].start, words[-1].end) if name and name.last else []


def _without_possessive(name: Name) -> Name:
    return replace(name, first=name.first.removesuffix("'s"), last=name.last.removesuffix("'s"))


def _known_relationship(listening: Listening) -> bool:
    known = listening.context.known.get(Key(Subject.PATIENT, Detail.RELATIONSHIP))
    return known not in {None, "self", AT_WORK}


def _patient(name: Name, start: int, end: int) -> Found3:
    found: Found3 = []
    if name.first:
        found.append((Give(Detail.FIRST_NAME, name.first, spelled=name.first_spelled), start, end))
    if name.last:
        found.append((Give(Detail.LAST_NAME, name.last, spelled=name.last_spelled), start, end))
    return found


def _after(said: Said, at: int, lex: Lexicon, *, weak: bool) -> tuple[Name | None, int]:
    """The name behind a cue. After a weak one ("I'm...") it must end where a clause ends."""
    lead, _ = strip_lead(said.cut(at, len(said.text)), lex) if not weak else (0, 0)
    start = at + (len(said.text[at:]) - len(said.text[at:].lstrip(" ,:")))
    words = name_words(said, max(start, at + lead), len(said.text), lex, asked=False)
    words = _sentence_only(said, words)
    titled_so = bool(words) and fold(words[0].text) in lex.words("honorifics")
    words = words[1:] if titled_so else words
    if words and fold(words[0].text) in lex.words("particles"):
        return None, at
    if not words or not words[0].text[:1].isalpha() or fold(words[0].text) in lex.words("not_names"):
        return None, at
    if weak and (_is_role(words, lex) or _ordinary(words[0], lex) or _all_ordinary(words, lex)):
        return None, at
    end = words[-1].end
    following = said.low[end:].lstrip()
    small = [fold(word.text) for word in words if word.text.islower() and not word.spelled]
    if weak and any(lex.pattern("not_name_shape").fullmatch(word) for word in small):
        return None, at
    owner = fold(words[0].text).endswith("'s")
    if weak and len(words) == 1 and not owner and following[:1] not in {"", ".", ",", "!", "?", ";"}:
        if not _goes_on(following, lex):
            return None, at
    if titled_so:
        return Name("", joined(words), False, False, end), end
    if len(words) == 1:
        return Name(joined(words), "", words[0].spelled, False, end), end
    piece = said.cut(words[0].start, end)
    return read_name(piece, lex, True, True), end


def _ordinary(word: Word, lex: Lexicon) -> bool:
    """ "It's stop and go": a word of every day, in small letters."""
    low = fold(word.text)
    return word.text.islower() and not word.spelled and low in lex.ordinary - lex.words("also_names")


def _all_ordinary(words: tuple[Word, ...], lex: Lexicon) -> bool:
    """ "I know it's short notice": several such words, though one of them may be a name elsewhere."""
    small = all(word.text.islower() and not word.spelled for word in words)
    return len(words) > 1 and small and all(fold(word.text) in lex.ordinary for word in words)


def _is_role(words: tuple[Word, ...], lex: Lexicon) -> bool:
    """ "I am taxi driver", "soy colombiana": what somebody is."""
    roles = lex.words("roles")
    said = [fold(word.text).strip(".") for word in words]
    if words[0].text.islower() and not words[0].spelled:
        return any(word in roles or lex.pattern("role_shape").fullmatch(word) for word in said)
    return said[0] in roles - lex.words("also_names")


def _goes_on(following: str, lex: Lexicon) -> bool:
    """Whether what stands behind a single word leaves it a name."""
    return any(lex.pattern(name).match(following) for name in ("after_name", "after_patient"))


def _sentence_only(said: Said, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Up to the first comma or full stop, unless a spelling follows it."""
    for at in range(1, len(words)):
        between = said.text[words[at - 1].end : words[at].start]
        if any(mark in between for mark in ",.") and not words[at].spelled:
            return words[:at]
    return words


def _nickname(said: Said, lex: Lexicon) -> Found3:
    cue = lex.pattern("nickname").search(said.low)
    name, end = _after(said, cue.end(), lex, weak=True) if cue else (None, 0)
    return [(Give(Detail.PREFERRED_NAME, name.first), cue.start(), end)] if cue and name else []
