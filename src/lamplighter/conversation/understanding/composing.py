"""A name said and spelled in parts, put together: "Ofori-Atta, o f o r i, then atta, a t t a"."""

import re
from dataclasses import dataclass, replace

from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.text import fold

ALIKE = 0.5
_ONLY_BEGINS = 0.7  # letters that are less of a word than this, and begin or end it, tell of that part alone
_SAME = 0.8
_PART = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name; `text[start:end]`."""

    text: str
    start: int
    end: int
    spelled: bool = False


def composed(items: list[Word]) -> list[Word]:
    """Words and the spellings behind them, as the words they mean."""
    items = _said_once(items)
    found: list[Word] = []
    at = 0
    while at < len(items):
        said, told = _spelled_there(items, at)
        if told:
            found += _as_told(items[at:said], items[said:told])
            at = told
        elif found and _repeats(items[at], found):
            at += 1
        else:
            found.append(items[at])
            at += 1
    return found


def _said_once(items: list[Word]) -> list[Word]:
    """ "Whitfield-Ames, Whitfield, hyphen, Ames": told again with its mark, it is one name."""
    return [
        word
        for n, word in enumerate(items)
        if not (n and "-" in word.text and fold(word.text) == fold(items[n - 1].text))
    ]


def is_part(word: str, of: list[Word]) -> bool:
    """Whether a word says again a part of what was said: "atta" of "Ofori-Atta", "ruther" of "Rutherford"."""
    low = letters_of(word)
    wholes = [*(letters_of(each.text) for each in of), "".join(letters_of(each.text) for each in of)]
    parts = (part for each in of for part in [each.text, *_PART.findall(each.text)])
    return len(low) > 1 and (
        any(looks_like(part, low) >= _SAME for part in parts)
        or any(whole.startswith(low) or whole.endswith(low) for whole in wholes)
    )


def letters_of(text: str) -> str:
    """The letters of a name, folded, without what stands between them."""
    return "".join(_PART.findall(fold(text)))


def _repeats(word: Word, found: list[Word]) -> bool:
    """ "J a y d e n, Jayden" says it once; "Bond, James Bond" is nobody's spelling."""
    last = found[-1]
    return last.spelled and not word.spelled and looks_like(last.text, word.text) >= _SAME


def _spelled_there(items: list[Word], at: int) -> tuple[int, int]:
    """How far what is said from `at` goes, and how far the spelling of it behind; (at, 0) where none follows."""
    best, found = ALIKE, (at, 0)
    for said in range(at + 1, min(len(items), at + 3) + 1):
        if any(word.spelled for word in items[at:said]):
            break
        whole = "".join(letters_of(word.text) for word in items[at:said])
        for told in range(said + 1, min(len(items), said + 6) + 1):
            behind = _once_each(items[said:told])
            spelling = "".join(letters_of(word.text) for word in behind)
            alike = looks_like(whole, spelling)
            parts = len(behind) == 1 and behind[0].spelled and _tells_part(items[at:said], behind[0])
            if not any(word.spelled for word in behind) and alike < 1:
                continue
            alike = max(alike, ALIKE) if parts and said == at + 1 else alike
            if alike >= best:
                best, found = alike, (said, told)
    return found


def _once_each(behind: list[Word]) -> list[Word]:
    """ "Waite, w a i t e" among the parts is one part, "villa and lobos, v i l l a l o b o s" one whole."""
    kept: list[Word] = []
    for word in behind:
        before = "".join(letters_of(each.text) for each in kept)
        if len(kept) > 1 and word.spelled and looks_like(before, word.text) >= _SAME:
            kept = [word]
            continue
        if kept and word.spelled and not kept[-1].spelled and looks_like(kept[-1].text, word.text) >= ALIKE:
            kept[-1] = word
        else:
            kept.append(word)
    return kept


def _tells_part(said: list[Word], row: Word) -> bool:
    parts = [part for word in said for part in _PART.findall(word.text)]
    low = letters_of(row.text)
    begins = any(
        letters_of(word.text).startswith(low) or letters_of(word.text).endswith(low) for word in said
    )
    return begins or (len(parts) > 1 and any(looks_like(part, low) >= _SAME for part in parts))


def _as_told(said: list[Word], told: list[Word]) -> list[Word]:
    """The words said, with the letters told of them."""
    rows = _once_each(told)
    whole, spelling = ("".join(letters_of(word.text) for word in each) for each in (said, rows))
    end = told[-1].end
    if whole == spelling:
        return [replace(word, spelled=True, end=end) for word in said]
    one_part = whole.startswith(spelling) or whole.endswith(spelling)
    if len(rows) == 1 and len(spelling) <= _ONLY_BEGINS * len(whole) and one_part:
        return [replace(word, end=end) for word in said]
    parts = sum(len(_PART.findall(word.text)) for word in said)
    if parts > 1 and len(rows) <= parts and not (len(rows) == 1 and looks_like(whole, spelling) >= _SAME):
        return [_with_parts(word, rows, end) for word in said]
    text = "".join(word.text for word in rows)
    return [Word(text, said[0].start, end, True)]


def _with_parts(word: Word, rows: list[Word], end: int) -> Word:
    """ "Oyelaran-Stubs" with "stubbs" told of its second part."""

    def told(part: re.Match[str]) -> str:
        best = max(rows, key=lambda row: looks_like(part.group(), row.text))
        alike = looks_like(part.group(), best.text)
        if alike < ALIKE or fold(best.text) == fold(part.group()):
            return part.group()
        return best.text.capitalize() if part.group()[:1].isupper() else best.text

    return replace(word, text=_PART.sub(told, word.text), spelled=True, end=end)
