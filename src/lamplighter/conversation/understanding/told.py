"""Letters that are told of a name: "Catherine with a K", "Ibáñez con be grande y zeta", "O apostrophe Malley"."""

import re
from collections.abc import Callable, Iterator

from lamplighter.conversation.understanding.lexicon import Lexicon, anywhere
from lamplighter.conversation.understanding.spelling import MOST_TOLD, Spelled, described, looks_like, spelled
from lamplighter.conversation.understanding.text import Said, fold

_TOKEN = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*\.?")
_SPELLS_IT = 0.7
_LETTER = re.compile(r"(?<!\w)\w")


def _descriptions(
    said: Said, lex: Lexicon
) -> Iterator[tuple[re.Match[str], Callable[[str, tuple[str, ...]], str]]]:
    """Where letters of a name may be told: "with a", "sin", and a comma in front of "double l" or "ve chica"."""
    for match in lex.pattern("with_letter").finditer(said.low):
        yield match, having
    for match in lex.pattern("without_letter").finditer(said.low):
        yield match, lacking
    told = [f"{name} " for name in lex.table("repeats")] + [*lex.table("letter_pairs")]
    for match in re.finditer(r",\s*", said.low):
        if said.low.startswith(tuple(told), match.end()):
            yield match, having


def tells_letters(said: Said, lex: Lexicon) -> bool:
    """Whether letters are told of a name in it."""
    return any(described(said, match.end(), lex, strictly=False)[0] for match, _ in _descriptions(said, lex))


def as_described(said: Said, lex: Lexicon) -> Said:
    """ "Catherine with a K", "Ibáñez con be grande y zeta", "Sara sin hache" as the name that is meant."""
    said = _spelled_anyway(_with_marks(said, lex), lex)
    for match, spell in _descriptions(said, lex):
        letters, end = described(said, match.end(), lex)
        if not letters or (match.group().startswith(",") and len(letters) > MOST_TOLD):
            continue
        if _within_a_row(said, match, lex):
            continue
        if at := _all_spelled_after(said, match, letters, lex):
            return as_described(Said(said.text[: match.start()] + ", " + said.text[at:]), lex)
        tail = lex.pattern("letter_place").match(said.low[end:])
        end += tail.end() if tail else 0
        if not said.low[: match.start()].strip(" ,."):
            ahead = _TOKEN.search(said.text, end)  # "con zeta, González"
            if ahead and said.low[end : ahead.start()].strip(" ") == ",":
                return Said(spell(ahead.group(), letters) + said.text[ahead.end() :])
            continue
        before = list(_TOKEN.finditer(said.text, 0, match.start()))
        if before and not match.group().startswith(",") and _ends_a_row(said, before[-1], lex):
            return as_described(Said(said.text[: match.start()] + said.text[end:]), lex)
        if before and _told_of(said, before[-1], match, lex):
            name = spell(before[-1].group(), letters)
            return as_described(Said(_renamed(said, before, name, lex) + said.text[end:]), lex)
    return said


def _all_spelled_after(
    said: Said, match: re.Match[str], letters: tuple[str, ...], lex: Lexicon
) -> int | None:
    """ "Nayeli con i latina N-a-y-e-l-i": where the letters of the whole name begin, behind one that was told."""
    before = list(_TOKEN.finditer(said.text, 0, match.start()))
    if len(letters) <= MOST_TOLD or not before or match.group().startswith(","):
        return None
    for told in range(1, MOST_TOLD):
        row = "".join(letters[told:])
        if len(row) > 2 and looks_like(before[-1].group(), row) >= _SPELLS_IT:
            rows = [(at.start(), spelled(said.cut(at.start(), len(said.text)), lex)) for at in _LETTER.finditer(
                said.low, match.end()
            )]  # fmt: skip
            return next((at for at, found in rows if found and found[0].letters == row), None)
    return None


def _long_rows(said: Said, lex: Lexicon) -> list[Spelled]:
    return [row for row in spelled(said, lex) if len(row.letters) > 2]


def _ends_a_row(said: Said, letter: re.Match[str], lex: Lexicon) -> bool:
    """ "K a t z, with a k": what is told has been spelled."""
    return any(row.start < letter.start() < row.end for row in _long_rows(said, lex))


def _within_a_row(said: Said, match: re.Match[str], lex: Lexicon) -> bool:
    """ "S, T, R, A, U, double S": the letter is one of the row."""
    return any(row.start < match.start() and row.end > match.end() for row in _long_rows(said, lex))


def _spelled_anyway(said: Said, lex: Lexicon) -> Said:
    """ "Llewellyn, double l at the front, l l e w e l l y n" without what is told of letters that are all spelled."""
    for match, _ in _descriptions(said, lex):
        end = _told_until(said, match.end(), lex)
        before = list(_TOKEN.finditer(said.text, 0, match.start()))
        sentence = re.split(r"[.?!;]", said.text[end:])[0] if end else ""
        if match.group().startswith(",") and _goes_on_spelling(said, match.end(), end, lex):
            continue
        rows = [row.letters for row in _long_rows(Said(sentence), lex)]
        if before and rows and looks_like(before[-1].group(), rows[0]) >= 0.7:
            end = _whole_row(said, before[-1].group(), match.end(), rows[0], lex) or end
            return _spelled_anyway(
                Said(said.text[: match.start()] + ", " + said.text[end:].lstrip(" ,")), lex
            )
    return said


def _whole_row(said: Said, name: str, start: int, row: str, lex: Lexicon) -> int:
    """Where the letters of the name begin in "with a T: T, L, A...", if they begin before `row` does; 0 otherwise."""
    longer = [each for each in spelled(Said(said.text[start:]), lex) if each.letters.endswith(row)]
    if longer and looks_like(name, longer[0].letters) > looks_like(name, row):
        return start + longer[0].start
    return 0


def _goes_on_spelling(said: Said, start: int, end: int, lex: Lexicon) -> bool:
    """ "Wendy, doble u, e, ene, de...": the first of letters that follow, not a letter that is told."""
    return any(row.start <= start and row.end > end for row in spelled(said, lex))


def _told_until(said: Said, start: int, lex: Lexicon) -> int:
    """Where letters told from `start` on end, with their places and further letters: "... and double l in it"; 0
    where none are told."""
    comma = said.low.find(",", start + 1)
    letters, end = described(said if comma < 0 else Said(said.text[:comma]), start, lex)
    if not letters or len(letters) > MOST_TOLD:
        return 0
    place = lex.pattern("letter_place").match(said.low[end:])
    end += place.end() if place else 0
    more = re.match(rf"\W*{anywhere('and')}?\W*", said.low[end:])
    further = _told_until(said, end + more.end(), lex) if more and more.group().strip(" ,") else 0
    return further or end


def _told_of(said: Said, name: re.Match[str], match: re.Match[str], lex: Lexicon) -> bool:
    """Whether the letters are told of the word before them, and that can be a name."""
    everyday = lex.words("common") - lex.words("also_names")
    ahead = said.low[: name.start()].rstrip()
    if any(told.end() == len(ahead) for told in lex.pattern("with_letter").finditer(ahead)):
        return False  # "con zeta y con ve chica": the word is a letter that is told itself
    return (
        not any(char.isalnum() for char in said.low[name.end() : match.start()])
        and fold(name.group()) not in everyday
    )


def _renamed(said: Said, before: list[re.Match[str]], name: str, lex: Lexicon) -> str:
    """The text up to where letters are told, the name spelled so; once in "Mark Young, that's Mark with a k"."""
    told = before[-1]
    first = next((word for word in before[:-1] if fold(word.group()) == fold(told.group())), None)
    if first is None:
        return said.text[: told.start()] + name
    again = lex.pattern("says_again").search(said.low, first.end(), told.start())
    return (
        said.text[: first.start()] + name + said.text[first.end() : again.start() if again else told.start()]
    )


def _with_marks(said: Said, lex: Lexicon) -> Said:
    """ "O apostrophe Malley", "Garcia hyphen Lopez" with the marks themselves; "capital F" gone."""
    if lex.pattern("email_at").search(said.low):
        return said
    text = said.text
    for match in reversed(list(lex.pattern("spoken_mark").finditer(said.low))):
        mark = lex.table("marks").get(match.group().strip(" ,"), "")
        inside = match.start() > 0 and match.end() < len(said.low)
        if mark.strip() and inside and len(said.low[match.end() :].split()[0].strip(",.")) > 1:
            text = text[: match.start()].rstrip(" ,") + mark + text[match.end() :].lstrip(" ,")
    for name in ("told_of_case", "likened"):
        for match in reversed(list(lex.pattern(name).finditer(fold(text)))):
            text = text[: match.start()] + text[match.end() :]
    return Said(text)


def told_again(said: Said, known: str, lex: Lexicon) -> tuple[str, bool] | None:
    """ "With a z", "con zeta, zeta e ve...", said of a name that was read back: the name as meant and whether it was
    spelled out; the name unchanged where the letters tell nothing new; None where no letters are told."""
    begins = lex.pattern("with_letter").match(said.low, len(said.low) - len(said.low.lstrip(" ,.")))
    if not begins or not known:
        return None
    rows = [row.letters for row in spelled(said, lex) if len(row.letters) > len(known) // 2]
    if rows:
        ends = (rows[-1][at:] for at in range(len(rows[-1]) - 1))
        return max(ends, key=lambda each: looks_like(known, each)), True
    letters, _ = described(said, begins.end(), lex)
    return (having(known, letters), False) if letters else None


_SAME_SOUND = ("ckq", "szc", "iy", "vb", "gj", "dt", "mn")


def having(name: str, letters: tuple[str, ...]) -> str:
    """The name with those letters where they could be heard; one told twice in a row is doubled."""
    for at, letter in enumerate(letters):
        if letter in letters[:at]:
            continue
        low, sounds = fold(name), next((each for each in _SAME_SOUND if letter in each), "")
        if letter == "h" == letters[0] and "h" not in low and low[:1] in "aeiou":
            name = "H" + name.lower()
        elif letter not in low and (found := [n for n, char in enumerate(low) if char in sounds]):
            at = found[-1] if letter in "szy" else found[0]
            name = name[:at] + (letter.upper() if name[at].isupper() else letter) + name[at + 1 :]
        elif letter == "e" and "e" not in low and low[-1:] not in "aeiouy":
            name += letter
        elif letters.count(letter) > 1 and low.count(letter) == 1:
            name = name[: low.index(letter) + 1] + letter + name[low.index(letter) + 1 :]
    return name


def lacking(name: str, letters: tuple[str, ...]) -> str:
    for letter in letters:
        at = fold(name).rfind(letter)
        name = name[:at] + name[at + 1 :] if at > 0 else name
        name = name[1:].capitalize() if at == 0 and len(name) > 2 else name
    return name
