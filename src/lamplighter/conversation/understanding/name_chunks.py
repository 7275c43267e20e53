"""The words of a name that stand together, with what is said of them: "last name Dole, d o l e", "but put Kate"."""

from dataclasses import dataclass, replace

from lamplighter.conversation.understanding.composing import Word, letters_of
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.name_marks import Mark
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.text import fold
from lamplighter.conversation.understanding.told import having, lacking

ALIKE = 0.55


@dataclass(slots=True)
class Chunk:
    """Words that stand together, with what is said of them: first, last, called, not."""

    words: list[Word]
    label: str = ""
    mark: str = ""  # what stands before it: a comma, a full stop


def chunks_of(marks: list[Mark], lex: Lexicon) -> list[Chunk]:
    """The words that may be names, as they stand together."""
    chunking = _Chunking()
    for n, mark in enumerate(marks):
        if mark.kind != "particle" or not chunking.apart or _names_follow(marks, n):
            chunking.take(mark)
    for chunk in chunking.chunks:
        _trim(chunk, lex)
    return [chunk for chunk in chunking.chunks if chunk.words]


class _Chunking:
    """Mark by mark: `label` and `before` wait for the next words, `apart` says that those begin a chunk."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.apart = True
        self._label = self._before = ""
        self._ahead: list[Mark] = []  # letters told before any word: "con zeta, González"

    def take(self, mark: Mark) -> None:
        match mark.kind:
            case "name" | "particle":
                self._word(mark)
                return
            case "row":
                self._row(mark)
            case "told" | "lacks":
                self._letters(mark)
            case "first" | "last" | "called" | "not":
                self._label = mark.kind
            case "puts":
                self._puts()
            case "was_first" | "was_last" | "was_called":
                self._was(mark.kind.removeprefix("was_"))
            case "truly":
                self._truly()
            case "comma" | "stop":
                self._before = mark.kind
                self._forget("not")
            case "join":
                pass
            case _:
                self._forget("not", "called")
        self.apart = True

    def _forget(self, *labels: str) -> None:
        if self._label in labels:
            self._label = ""

    def _begin(self, words: list[Word]) -> None:
        self.chunks.append(Chunk(words, self._label, self._before))
        self._label = self._before = ""

    def _word(self, mark: Mark) -> None:
        if self.apart:
            self._begin([])
        self.apart = False
        self.chunks[-1].words.append(Word(mark.text, mark.start, mark.end))
        if self._ahead:
            _spell(self.chunks[-1].words, self._ahead.pop())

    def _row(self, mark: Mark) -> None:
        if _spelled_into(self.chunks, mark, labelled=bool(self._label)):
            self._label = self._before = ""
        else:
            self._begin([Word(mark.text, mark.start, mark.end, True)])

    def _letters(self, mark: Mark) -> None:
        if self.chunks:
            _spell(self.chunks[-1].words, mark)
        else:
            self._ahead.append(mark)

    def _puts(self) -> None:
        """ "Put Kate" says what she is called once her name was told, and else only leads to it."""
        known = sum(len(chunk.words) for chunk in self.chunks) > 1
        self._label = "called" if known else ""

    def _was(self, label: str) -> None:
        if self.chunks and not self.chunks[-1].label:
            self.chunks += _said_again(self.chunks.pop())
            self.chunks[-1].label = label

    def _truly(self) -> None:
        """ "Beto, mi nombre legal es...": the one word before is what he is called."""
        if len(self.chunks) == 1 and len(self.chunks[0].words) == 1 and not self.chunks[0].label:
            self.chunks[0].label = "called"
        self._label = ""


def _said_again(chunk: Chunk) -> list[Chunk]:
    """ "Mei Ling Chen Mei Ling", of which the last two words are "the first name": what was said again, by itself."""
    said = [letters_of(word.text) for word in chunk.words]
    for count in range(len(said) // 2, 0, -1):
        tail = said[-count:]
        if any(said[at : at + count] == tail for at in range(len(said) - count)):
            return [replace(chunk, words=chunk.words[:-count]), Chunk(chunk.words[-count:])]
    return [chunk]


def _names_follow(marks: list[Mark], n: int) -> bool:
    after = next((m for m in marks[n + 1 :] if m.kind != "particle"), None)
    return after is not None and after.kind == "name"


def _trim(chunk: Chunk, lex: Lexicon) -> None:
    """Takes off particles that nothing follows."""
    words = chunk.words
    while words and not words[-1].spelled and fold(words[-1].text) in lex.words("particles"):
        words.pop()


def _spelled_into(chunks: list[Chunk], row: Mark, *, labelled: bool) -> bool:
    """Puts the letters to the words that were said and are meant by them: one, or two or three together. A letter more
    at either end is a word ("I") or was told before ("with a T: T, L, A")."""
    best, found = ALIKE, None
    for text, least in _variants(row.text):
        letters = letters_of(text)
        for chunk in reversed(chunks):
            for at in range(len(chunk.words)):
                for upto in range(at + 1, min(len(chunk.words), at + 3) + 1):
                    whole = "".join(letters_of(w.text) for w in chunk.words[at:upto])
                    if (alike := looks_like(whole, letters)) > best and alike >= least:
                        best, found = alike, (chunk, at, upto, text)
    if found is None:
        return False
    chunk, at, upto, text = found
    if labelled and not chunk.label:
        return False
    words = chunk.words[at:upto]
    if best == 1:
        chunk.words[at:upto] = [replace(word, spelled=True) for word in words]
    else:
        chunk.words[at:upto] = [Word(text, words[0].start, row.end, True)]
    return True


def _variants(row: str) -> list[tuple[str, float]]:
    """The letters, and the same without one more at an end, each with how like a word it must be at least."""
    shorter = [(row[1:], 0.7), (row[2:], 0.7)] + ([(row[:-1], 0.8)] if row[-1] in "ia" else [])
    return [(row, 0.0), *shorter]


def _spell(words: list[Word], mark: Mark) -> None:
    word = words[-1]
    if word.spelled or (mark.kind == "lacks" and letters_of("".join(mark.letters)) not in fold(word.text)):
        return  # "with a Q-U, not Q-V" takes nothing away
    change = lacking if mark.kind == "lacks" else having
    words[-1] = replace(word, text=change(word.text, mark.letters))
