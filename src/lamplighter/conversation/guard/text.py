"""Text as the guard matches it: folded, one space after every word, disguises undone.

Rules of this room: every step works on a word by itself (or on a run of single letters), so that
text added after a word never changes what was read before it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

# Letters of other scripts that pass for Latin ones on a screen.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏқмтвнкгпαοτενικρυωɑɡıłøđ",
    "aeopcyxijsdhikmtbhkrnaotenikpuwagilod",
)
_LEET = str.maketrans("0134578@$!|", "oieastbasil")
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}
_KEPT_AS_SPACE = "\t\n\r\x0b\x0c\x85\u2028\u2029"

_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´‘](?=\w)")
_ELLIPSIS = re.compile(r"\.{2,}")
_STOP = re.compile(r"[.!?;\n\r\u2028\u2029。؟।]+")
_MARKS = r"\u0300-\u036f\u0900-\u0dff"  # signs that are part of a word in the scripts of India
_NOT_WORD = re.compile(rf"[^\w\s.\u2190-\u2bff\U0001f000-\U0001faff{_MARKS}]|_")
_EMOJI = re.compile(r"([\u2190-\u2bff\U0001f000-\U0001faff])")
_ABBREVIATION = re.compile(r"\b(dr|dra|mr|mrs|ms|sr|sra|st|vs|etc)\.")
_DECIMAL = re.compile(r"(?<=\d)[.,:](?=\d)")
_DISGUISED = re.compile(r"(?<=[a-z])[013457@$!|*8](?=[a-z])|(?<=[a-z])[01345@$](?![\w@$])")
_LETTERS = re.compile(r"(?<!\w)[^\W_](?:[\s.\-_*,/]{1,3}[^\W_](?!\w)){2,}")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """NFKC, case-folded, without Latin accents, zero-width and control characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isascii() and folded.isprintable():
        return folded
    spread = unicodedata.normalize("NFD", folded)
    kept = "".join(c for c in spread if c in _KEPT_AS_SPACE or not _dropped(c))
    return unicodedata.normalize("NFC", kept)


def _dropped(char: str) -> bool:
    if "\u0300" <= char <= "\u036f" or "\ufe00" <= char <= "\ufe0f":
        return True
    return not char.isprintable() and unicodedata.category(char) in _INVISIBLE


def words(folded: str) -> str:
    """The words of folded text, each followed by one space, after one leading space.

    The end of a sentence is the word ".". Example: " i want to go . bye ".
    """
    text = _APOSTROPHE.sub("", folded)
    text = _ABBREVIATION.sub(r"\1", text)
    text = _DECIMAL.sub("", text)
    text = _ELLIPSIS.sub(" ", text)
    text = _STOP.sub(" . ", text)
    text = _NOT_WORD.sub(" ", text)
    text = _EMOJI.sub(r" \1 ", text)
    return f" {_SPACES.sub(' ', text).strip()} "


def forms(text: str, spelled: re.Pattern[str] | None) -> tuple[str, ...]:
    """Every reading of a text: as written first, then with disguises undone, where that differs.

    `spelled` finds, in letters said one by one, the words worth putting together.
    """
    folded = fold(text)
    plain = words(folded)
    open_text = _undo_lookalikes(folded)
    open_text = _LETTERS.sub(lambda m: _join(m.group(), spelled), open_text)
    open_text = _DISGUISED.sub(_undo_leet, open_text)
    found = [plain]
    for candidate in (open_text, _DRAWN_OUT.sub(r"\1", open_text), _DRAWN_OUT.sub(r"\1\1", open_text)):
        reading = plain if candidate == folded else words(candidate)
        if reading not in found:
            found.append(reading)
    return tuple(found)


def _undo_lookalikes(folded: str) -> str:
    if folded.isascii():
        return folded
    parts = re.split(r"(\s+)", folded)
    return "".join(p.translate(_LOOKALIKES) if re.search(r"[a-z]", p) else p for p in parts)


def _undo_leet(match: re.Match[str]) -> str:
    char = match.group()
    return "i" if char == "*" else char.translate(_LEET)


def _join(letters: str, spelled: re.Pattern[str] | None) -> str:
    if spelled is None:
        return letters
    run = re.sub(r"[^\w]|_", "", letters).translate(_LEET)
    return " ".join(m.group() for m in spelled.finditer(run))


def spelled_words(vocabulary: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that cuts a run of letters into known words (longest first) and single letters."""
    known = sorted({fold(word) for word in vocabulary}, key=lambda w: (-len(w), w))
    return re.compile("|".join([*map(re.escape, known), r"\w"])) if known else None


def windows(text: str, size: int, step: int) -> Iterator[str]:
    """Overlapping stretches of `size` words that together hold the whole text.

    A text of up to `size` words is one window. A stretch without spaces counts a word per 12 characters.
    """
    pieces = [word[i : i + 240] for word in text.split() for i in range(0, len(word), 240)]
    if len(pieces) <= size:
        yield " ".join(pieces)
        return
    for start in range(0, len(pieces) - size + step, step):
        yield " ".join(pieces[start : start + size])


def spoken_length(text: str) -> int:
    """How many words a text has; where no spaces are written, two signs count as a word."""
    return len(text.split()) + len(_SIGN.findall(text)) // 2


def heard_only(text: str) -> str:
    """The text without control and zero-width characters, for an encoder that knows none."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if c in _KEPT_AS_SPACE else c for c in text if c in _KEPT_AS_SPACE or not _dropped(c))
