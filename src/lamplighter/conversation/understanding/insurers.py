"""By whom paid: the insurer that a person names, of those they name the one they have, or themselves."""

import re
from functools import lru_cache
from itertools import pairwise
from string import capwords

from lamplighter.conversation.acts import Decline, Give
from lamplighter.conversation.details import Detail
from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.lexicon import FIRST, Lexicon, anywhere, languages, lexicon
from lamplighter.conversation.understanding.text import Said, fold
from lamplighter.practice.model import Insurer, Practice


def find_insurer(said: Said, practice: Practice, lex: Lexicon, *, asked: bool) -> Found[str] | None:
    """An insurer's display name as the practice writes it, or a known insurer the practice does not list."""
    hits = [
        (Found(shown, match.start(), match.end()), taken)
        for name, shown, taken in _insurer_names(practice.insurers, lex.language)
        for match in _plan_named(name).finditer(said.low)
    ]
    if hits:
        return _wanted_plan(said, hits, lex)
    return _unknown_insurer(said, lex) if asked else None


def names_insurer(said: Said, practice: Practice, lex: Lexicon) -> bool:
    """Whether an insurer is named at all, be it to say that it is not theirs."""
    names = _insurer_names(practice.insurers, lex.language)
    return any(_plan_named(name).search(said.low) for name, _, _ in names)


@lru_cache(maxsize=512)
def _plan_named(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)".replace(r"\ ", "[ -]?"))


def _wanted_plan(said: Said, hits: list[tuple[Found[str], bool]], lex: Lexicon) -> Found[str] | None:
    """The plan that stands: not one turned down or had before, unless a question names no other. Of those that stand
    one that is not taken goes first ("Aetna Medicaid"), then the longest name."""
    named = sorted((hit for hit, _ in hits), key=lambda hit: hit.start)
    over = [
        one
        for one, other in pairwise(named)
        if _taken_back(said, one, other, lex) and not _no_longer(said, other, lex)
    ]
    standing = [(hit, taken) for hit, taken in hits if hit not in over and not _no_longer(said, hit, lex)]
    if not standing:
        return hits[0][0] if "?" in said.text else None
    refused = [hit for hit, taken in standing if not taken]
    return refused[0] if refused else max((hit for hit, _ in standing), key=lambda hit: hit.end - hit.start)


def _no_longer(said: Said, hit: Found[str], lex: Lexicon) -> bool:
    """ "Not Oxford", "I had Medicaid", "Cigna, no wait": it is not the plan they have."""
    before, after = said.low[max(0, hit.start - 24) : hit.start], said.low[hit.end : hit.end + 24]
    cues = [cue for name in ("formerly", "negation") for cue in lex.pattern(name).finditer(before)]
    between = rf"[ ]*{anywhere('being')}?[ ]*{anywhere('before_a_noun')}?[ ]*"
    near = any(re.fullmatch(between, before[cue.end() :]) for cue in cues)
    return near or bool(re.match(f" {anywhere('no_more')}", after))


def _taken_back(said: Said, one: Found[str], other: Found[str], lex: Lexicon) -> bool:
    """ "Aetna, no sorry, that was last year, it's Cigna now": something between them takes the first back."""
    between = said.low[one.end : other.start]
    cues = ("correction", "takes_back", "plan_of_before")
    return one.value != other.value and any(lex.pattern(name).search(between) for name in cues)


@lru_cache(maxsize=64)
def _insurer_names(insurers: tuple[Insurer, ...], language: str) -> tuple[tuple[str, str, bool], ...]:
    """What each insurer is called, with its name as the practice writes it and whether it is taken."""
    lex = lexicon(language)
    listed: dict[str, tuple[str, bool]] = {}
    for insurer in insurers:
        for name in (insurer.name, *insurer.names):
            listed.setdefault(fold(name), (insurer.name, insurer.taken))
    for heard, meant in lex.table("insurer_sounds").items():
        if fold(meant) in listed:
            listed.setdefault(heard, listed[fold(meant)])
    for heard, shown in lex.table("insurers_heard").items():
        listed.setdefault(heard, (shown, True))
    ordered = sorted(listed.items(), key=lambda item: (item[1][1], -len(item[0])))
    return tuple((name, shown, taken) for name, (shown, taken) in ordered)


def _unknown_insurer(said: Said, lex: Lexicon) -> Found[str] | None:
    """Whatever stands after "my insurance is", up to four words, where it is not everyday talk."""
    start, end = 0, len(said.low)
    while match := lex.pattern("insurer_lead").match(said.low, start, end):
        start = match.end()
        start += len(said.low[start:]) - len(said.low[start:].lstrip(" ,.:;-"))
    tail = list(lex.pattern("insurer_trail").finditer(said.low, start, end))
    stop = min((m.start() for m in tail if m.start() > start), default=end)
    value = re.sub(
        rf"^{anywhere('article')} ", "", said.text[start:stop].strip(" ,.!?;:"), flags=re.IGNORECASE
    )
    words = fold(value).split()
    if (
        not words
        or len(words) > 4
        or all(w in lex.words("common") or w in lex.words("fillers") for w in words)
    ):
        return None
    told = lex.group("asides")["background"].search(said.low) or lex.pattern("refuse").search(said.low)
    if told or any(_everyday(word) for word in words):
        return None
    return Found(value if not value.islower() else capwords(value), start, stop)


def _everyday(word: str) -> bool:
    """ "It's complicated", "whatever my wife has": words of talk, in any language we know, are no plan's name."""
    for language in languages():
        lex = lexicon(language)
        if word in lex.words("in_plan_names"):
            return False
        if word in lex.words("common") or word in lex.words("not_names"):
            return True
    return bool(lexicon(FIRST).pattern("not_name_shape").fullmatch(word))


def pays_oneself(said: Said, lex: Lexicon) -> re.Match[str] | None:
    """Where they say so, and not only ask "what would it cost if I had no insurance?"."""
    for match in lex.pattern("self_pay").finditer(said.low):
        before = re.split(r"[.;!?]", said.low[: match.start()])[-1]
        asked = "?" in re.split(r"[.;!]", said.text[match.end() :])[0]
        if not (asked and lex.pattern("supposed").search(before)):
            return match
    return None


def read_cover(
    said: Said, practice: Practice, lex: Lexicon, *, asked: bool
) -> list[tuple[Give | Decline, Found[str]]]:
    """Insurance or paying oneself."""
    insurer = find_insurer(said, practice, lex, asked=False)
    own = pays_oneself(said, lex)
    if own and not (insurer and asked):
        return [(Give(Detail.SELF_PAY, "true"), Found("true", own.start(), own.end()))]
    insurer = insurer or (find_insurer(said, practice, lex, asked=asked) if asked else None)
    return [(Give(Detail.INSURANCE, insurer.value), insurer)] if insurer else []
