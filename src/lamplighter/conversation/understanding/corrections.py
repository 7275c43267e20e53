"""What is put right of a name or a birth date that was read back: "it's Lindquist with a Q-U", "the 14th, not the 4th",
"birthday's wrong".

What was read back is known, so that a part is enough: a word that is like the name, the day without the year.
"""

import re
from dataclasses import replace
from datetime import date

from babel import Locale
from babel.dates import get_month_names

from lamplighter.conversation.acts import Act, Give, Wrong
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding import values, when
from lamplighter.conversation.understanding.composing import Word
from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.digits import runs
from lamplighter.conversation.understanding.lexicon import Lexicon, anywhere, lexicon
from lamplighter.conversation.understanding.mended_digits import of_number
from lamplighter.conversation.understanding.name_chunks import Chunk, chunks_of
from lamplighter.conversation.understanding.name_marks import marks_of
from lamplighter.conversation.understanding.names import titled
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.spelling import looks_like, spelled
from lamplighter.conversation.understanding.text import Said, fold

_FIRST, _LAST, _BORN = (
    Key(Subject.PATIENT, detail) for detail in (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH)
)
_PHONE = Key(Subject.PATIENT, Detail.PHONE)
_NAMES = (_FIRST, _LAST)
_NAME_DETAILS = frozenset({Detail.FIRST_NAME, Detail.LAST_NAME, Detail.CALLER_NAME})
PUT_RIGHT = frozenset({_FIRST, _LAST, _BORN})
ALIKE = 0.45
_THE_SAME = 0.8
_DIGITS = 10  # digits of a telephone number; what stands before them is of something else
_BESIDE = frozenset({Detail.PHONE, Detail.EMAIL})
MOST_WORDS = 40
_WORDS_OF_A_DAY = 3  # "treinta y uno"
_IN_A_DATE = 6  # digits said one by one; more of them are a telephone number
_OF_TIMES = frozenset(
    {Detail.AVAILABILITY, Detail.CHOICE, Detail.CALLBACK_TIME, Detail.CONFIRM, Detail.CLINICIAN}
)
"""What is answered with days that are no birthdays."""
_OTHER_WORDS = frozenset({Detail.INSURANCE, Detail.STATE, Detail.EMAIL, Detail.ORGANISATION, Detail.LANGUAGE})
"""What is answered with names of other things: "Emblem", of an Emily."""


def corrections(said: Said, listening: Listening) -> tuple[Act, ...]:
    """Corrections of the names and the birth date that `context.confirmed` read back, and which of them are only said
    to be wrong; () where there is nothing of that kind."""
    read_back = PUT_RIGHT & set(listening.context.confirmed) - set(listening.context.asked)
    if not read_back or not said.words or len(said.words) > MOST_WORDS:
        return ()
    said = _without_numbers(said, listening)
    asked = {key.detail for key in listening.context.asked}
    of_times, of_names = bool(asked & _OF_TIMES), not asked & (_OF_TIMES | _OTHER_WORDS)
    named = bool(listening.lex.pattern("birth_cue").search(said.low))
    born = _birth(said, listening) if _BORN in read_back and (named or not of_times) else None
    names = _names(said, listening, [key for key in _NAMES if key in read_back], alone=of_names)
    right = [act for act in (*names, born) if act is not None]
    given = {act.key for act in right}
    wrong = [Wrong(key.detail) for key in _said_wrong(said, listening.lex) if key in read_back - given]
    return (*right, *wrong)


def _without_numbers(said: Said, listening: Listening) -> Said:
    """Without the e-mail address and the telephone number that were asked beside it, which hold names and digits."""
    if not said.words or not _BESIDE & {key.detail for key in listening.context.asked}:
        return said
    chars = list(said.text)
    for found in (values.find_email(said, listening.lex), values.find_phone(said, listening.lex, None)):
        text = said.text[found.start : found.end] if found else ""
        if found and not when.find_birth_date(text, listening.locale, listening.context.now.date()):
            digits = [at for at, char in enumerate(text) if char.isdigit()]
            start = found.start + (digits[-_DIGITS] if len(digits) > _DIGITS else 0)
            chars[start : found.end] = "," * (found.end - start)
    return Said("".join(chars))


# --- names


def _names(said: Said, listening: Listening, keys: list[Key], *, alone: bool) -> list[Give]:
    """Words that are like a name count only where letters or a label say so, or (`alone`: nothing was asked that is
    answered with names) a no."""
    known = {key: value for key in keys if (value := listening.context.known.get(key))}
    if not known or values.find_email(said, listening.lex):
        return []
    marks = marks_of(said, listening.lex, days_in(said, listening))
    chunks = chunks_of(marks, listening.lex)
    kinds = {mark.kind for mark in marks}
    told = bool(kinds & {"row", "told", "lacks", "first", "last", "was_first", "was_last"})
    bare = listening.lex.pattern("without_accents").search(said.low)  # "Szczepanski, sin acento"
    puts_right = listening.lex.pattern("puts_right").match(said.low) is not None
    if not (told or bare) and not (alone and (puts_right or "not" in kinds)):
        return _only_a_first_name(chunks, known, listening) if puts_right else []
    denied = {
        key for key, value in known.items() if any(_is(value, each) for each in chunks if each.label == "not")
    }
    found: dict[Key, Give] = {}
    asked = bool(_NAME_DETAILS & {key.detail for key in listening.context.asked})
    for chunk in chunks:
        for key, value, by_letters in _meant(chunk, known, denied, asked=asked):
            if fold(value) != fold(known[key]) or by_letters or (bare and value != known[key]):
                found[key] = Give(key.detail, value, spelled=by_letters, correction=True)
    return [give for key, give in found.items() if bare or fold(give.value) != fold(known[key])]


def _is(name: str, chunk: Chunk) -> bool:
    return any(looks_like(part, word.text) >= _THE_SAME for part in name.split() for word in chunk.words)


def _meant(
    chunk: Chunk, known: dict[Key, str], denied: set[Key], *, asked: bool
) -> list[tuple[Key, str, bool]]:
    """Which of the names the words are, each with its new value and whether it was spelled. `asked`: another name is
    being asked for, so that letters like none of those known are that one's."""
    if chunk.label in ("not", "called"):
        return []
    by_letters = any(word.spelled for word in chunk.words)
    whole = " ".join(titled(word.text, within=bool(n)) for n, word in enumerate(chunk.words))
    labelled = {"first": _FIRST, "last": _LAST}.get(chunk.label)
    if labelled is not None:
        return [(labelled, whole, by_letters)] if labelled in known else []
    found: list[tuple[Key, str, bool]] = []
    for said in chunk.words:
        word = replace(said, text=_likest(said, known))
        alike = {
            key: max(looks_like(part, word.text) for part in name.split()) for key, name in known.items()
        }
        best = max(alike, key=lambda key: alike[key])
        if alike[best] >= ALIKE:
            found.append((best, _with(known[best], word.text), word.spelled))
    if not found and len(denied) == 1:
        return [(next(iter(denied)), whole, by_letters)]
    if not found and by_letters and len(known) == 1 and not asked:
        return [(next(iter(known)), whole, by_letters)]
    return found


def _only_a_first_name(chunks: list[Chunk], known: dict[Key, str], listening: Listening) -> list[Give]:
    """ "No, it's Winifred", said to a summary: a first name of nobody here, though it is like neither that was read."""
    here = {fold(part) for each in listening.context.practice.clinicians for part in each.name.split()}
    names = listening.lex.given - listening.lex.words("common") - listening.lex.ordinary - here
    said = [word for chunk in chunks[:1] if not chunk.label for word in chunk.words]
    summed_up = {key.detail for key in listening.context.asked} == {Detail.CONFIRM}
    if not summed_up or _FIRST not in known or len(said) != 1 or fold(said[0].text) not in names:
        return []
    return [Give(Detail.FIRST_NAME, titled(said[0].text), correction=True)]


def _likest(word: Word, known: dict[Key, str]) -> str:
    """What was spelled, without a letter told ahead of it: "con ve chica: zeta e ve..."."""
    parts = [part for name in known.values() for part in name.split()]
    texts = [word.text, word.text[1:]] if word.spelled else [word.text]
    return max(texts, key=lambda text: max(looks_like(part, text) for part in parts))


def _with(name: str, word: str) -> str:
    """The name with the word in place of the part that it is like."""
    parts = name.split()
    best = max(range(len(parts)), key=lambda n: looks_like(parts[n], word))
    return " ".join([*parts[:best], titled(word), *parts[best + 1 :]])


# --- the birth date


def days_in(said: Said, listening: Listening) -> tuple[tuple[int, int], ...]:
    """Where a day stands that is no part of a name; not the "O-O" of letters."""
    text = _without_numbers(said, listening).text
    found = when.find_partial_birth_date(text, listening.locale, listening.context.now.date())
    if found is None or not (found.value.month or found.value.year):
        return ()
    rows = spelled(said, listening.lex)
    letters = any(row.start < found.end and row.end > found.start for row in rows)
    return () if letters else ((found.start, found.end),)


def birth_put_right(said: Said, listening: Listening) -> Give | None:
    """The birth date that is known with what these words, which are about it, change of it."""
    return _birth(said, listening)


def _birth(said: Said, listening: Listening) -> Give | None:
    known = listening.context.known.get(_BORN)
    if not known:
        return None
    rows, phone = runs(said, listening.lex), listening.context.known.get(_PHONE, "")
    of_phone = sum(len(row.digits) for row in rows if len(row.digits) > 2) > _IN_A_DATE
    of_phone = of_phone or any(of_number(row, phone) for row in rows)
    if of_phone and not listening.lex.pattern("birth_cue").search(said.low):
        return None
    born, lex, today = date.fromisoformat(known), listening.lex, listening.context.now.date()
    text = _without_what_is_denied(said, lex)
    found = when.find_partial_birth_date(text, listening.locale, today) or (
        _year(text, born, listening) or _day(text, born, listening)
    )
    if found is None:
        return None
    parts = found.value
    year_only = parts.year and not (parts.month or parts.day)
    named = lex.pattern("birth_cue").search(said.low) or lex.pattern("of_the_year").search(said.low)
    if not parts.month and not (parts.day and lex.pattern("of_the_day").search(said.low)) and not named:
        return None
    if year_only and not named:
        return None
    whole = parts.over(when.PartialBirthDate(born.month, born.day, born.year)).date(today)
    if whole is None or whole == born:
        return None
    return Give(Detail.DATE_OF_BIRTH, whole.isoformat(), correction=True)


def _year(text: str, born: date, listening: Listening) -> Found[when.PartialBirthDate] | None:
    """ "The year is wrong, it's eighty nine": a year of two figures behind the word."""
    cues = list(listening.lex.pattern("of_the_year").finditer(fold(text)))
    if not cues:
        return None
    for tail in (
        text[cues[-1].end() :],
        *re.split(rf"[,.;]|{anywhere('it_is')}(?= )", text[cues[-1].end() :])[::-1],
    ):
        found = when.find_birth_date(
            _written_out(born, listening, year=tail), listening.locale, listening.context.now.date()
        )
        if found:
            return Found(when.PartialBirthDate(year=found.value.year), cues[-1].start(), len(text))
    return None


def _day(text: str, born: date, listening: Listening) -> Found[when.PartialBirthDate] | None:
    """ "Nací el trece", "no, el trece": a day without its month, where nothing else is said."""
    cues = list(listening.lex.pattern("on_the_day").finditer(fold(text)))
    if not cues or re.search(r"\w", text[cues[-1].end() :]) is None:
        return None
    tail = text[cues[-1].end() :].strip(" .,;!")
    if len(tail.split()) > _WORDS_OF_A_DAY:
        return None
    found = when.find_birth_date(
        _written_out(born, listening, day=tail), listening.locale, listening.context.now.date()
    )
    return Found(when.PartialBirthDate(day=found.value.day), cues[-1].start(), len(text)) if found else None


def _written_out(born: date, listening: Listening, *, day: str = "", year: str = "") -> str:
    """The birth date with what was said in the place of its day or its year."""
    month = get_month_names(locale=Locale.parse(listening.locale, sep="-"))[born.month]
    order = lexicon(listening.locale).exact("dates", "written_out") or "{month} {day} {year}"
    return order.format(day=day or born.day, month=month, year=year or born.year)


def _without_what_is_denied(said: Said, lex: Lexicon) -> str:
    """ "May the fourth, not March the fourth" without the March."""
    chars = list(said.text)
    for label in ("says_first", "says_last"):
        for found in lex.pattern(label).finditer(said.low):
            chars[found.start() : found.end()] = " " * (found.end() - found.start())
    for found in lex.pattern("turns_down_a_day").finditer(said.low):
        if re.match(rf"{anywhere('no')}(?!\w)", found.group()) and not said.low[: found.start()].strip(" ,."):
            continue  # the "no" that answers
        chars[found.start() : found.end()] = " " * (found.end() - found.start())
    return "".join(chars)


def _clauses(said: Said, lex: Lexicon) -> list[str]:
    return [
        each for part in re.split(r"[,.;!?]", said.low) for each in lex.pattern("clause_ends").split(part)
    ]


def _said_wrong(said: Said, lex: Lexicon) -> list[Key]:
    """The details that are named as wrong, clause by clause: "name's right, birthday's wrong"."""
    names = lex.group("detail_names")
    found = []
    for key in (_FIRST, _LAST, _BORN):
        pattern = lex.pattern("says_birth") if key == _BORN else names[key.detail.value]
        for clause in _clauses(said, lex):
            if pattern.search(clause) and lex.pattern("told_wrong").search(clause):
                found.append(key)
                break
    return found
