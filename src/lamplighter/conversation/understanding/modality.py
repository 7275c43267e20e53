"""In person or by video: which of the two somebody wants, whatever else they say of either."""

import re

from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.preferences import taken_back
from lamplighter.conversation.understanding.text import Said


def other_modality(said: Said, lex: Lexicon) -> Found[str] | None:
    """ "Not by video" to a question with two answers: the other one."""
    named = [name for name, pattern in lex.group("modality").items() if pattern.search(said.low)]
    other = [name for name in lex.group("modality") if name not in named]
    return Found(other[0], 0, len(said.text)) if len(named) == len(other) == 1 else None


def find_modality(said: Said, lex: Lexicon, *, asked: bool) -> Found[str] | None:
    """In person or by video, where only one of them is wanted. Asked, "I'll come in" and "from home" say it too."""
    given_up = _given_up(said, lex)
    said = Said(" " * given_up + said.text[given_up:])
    start = taken_back(said, lex)
    if start and (later := find_modality(Said(said.text[start:]), lex, asked=asked)):
        return Found(later.value, start + later.start, start + later.end)
    groups = [
        [found for name in lex.group(group) if (found := _only(said, lex, group, name))]
        for group in (("modality", "modality_asked") if asked else ("modality",))
    ]
    wished = [found for wanted in groups for found in wanted if _preferred(said, found, lex)]
    if len({found.value for found in wished}) == 1:
        return wished[0]
    wanted = next((wanted for wanted in groups if wanted), [])
    return _of_two(said, wanted, lex) if len(wanted) > 1 else next(iter(wanted), None)


def _given_up(said: Said, lex: Lexicon) -> int:
    """Where it goes on behind "I was going to say Zoom but"."""
    return max((match.end() for match in lex.pattern("had_in_mind").finditer(said.low)), default=0)


def _preferred(said: Said, found: Found[str], lex: Lexicon) -> bool:
    """ "Video is fine but I'd rather come in", "my son does it by video, I prefer to go"."""
    said_with_it = _clause_before(said, found.start, lex) + said.low[found.start : found.end]
    return bool(lex.pattern("prefers").search(said_with_it))


def _of_two(said: Said, both: list[Found[str]], lex: Lexicon) -> Found[str] | None:
    """ "In person... hmm, let me think, video": the later of two, where a change of mind stands between them; "in
    person if there is any, otherwise video": the former."""
    first, last = sorted(both, key=lambda found: found.start)
    between = said.low[first.end : last.start]
    if lex.pattern("failing_that").search(between):
        return first
    return last if lex.pattern("thinks_again").search(between) else None


def _only(said: Said, lex: Lexicon, group: str, name: str) -> Found[str] | None:
    matches = lex.group(group)[name].finditer(said.low)
    kept = [Found(name, m.start(), m.end()) for m in matches if _welcome(said, m, lex)]
    return kept[0] if kept else None


def _welcome(said: Said, match: re.Match[str], lex: Lexicon) -> bool:
    """Not refused, nor named only to say why not: "I don't get on with the video", "video gives me a headache"."""
    before = _clause_before(said, match.start(), lex)
    if lex.pattern("minds_not").search(before):
        return True
    if lex.pattern("rather_than").search(before):
        return False
    behind = said.low[match.end() :].lstrip()
    refused = lex.pattern("negation").search(before[-14:]) or lex.pattern("refused_after").match(behind)
    shunned = lex.pattern("shuns").search(before) or lex.pattern("shunned_after").match(behind)
    return not (refused or shunned)


def without_reasons(said: Said, lex: Lexicon) -> Said:
    """Without the clauses that only say why not: "I never got used to video" tells nothing else."""
    chars = list(said.text)
    for pattern in lex.group("modality").values():
        for match in pattern.finditer(said.low):
            start = match.start() - len(_clause_before(said, match.start(), lex))
            end = re.split(r"[,.;:!?]", said.low[match.end() :])[0]
            shunned = lex.pattern("shuns").search(said.low[start : match.start()])
            if shunned or lex.pattern("shunned_after").match(end.lstrip()):
                stop = match.end() + len(end)
                chars[start:stop] = " " * (stop - start)
    return Said("".join(chars))


def _clause_before(said: Said, start: int, lex: Lexicon) -> str:
    """What stands before `start` in its own clause."""
    before = re.split(r"[,.;:!?]", said.low[:start])[-1]
    ends = [match.end() for match in lex.pattern("clause_before").finditer(before)]
    return before[max(ends, default=0) :]


def both_modalities(said: Said, lex: Lexicon) -> bool:
    return all(pattern.search(said.low) for pattern in lex.group("modality").values())
