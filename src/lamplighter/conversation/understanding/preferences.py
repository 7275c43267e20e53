"""With whom, for whom and by whom paid: what a person picks out of what the practice has."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from string import capwords

from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.lexicon import Lexicon, anywhere
from lamplighter.conversation.understanding.names import strip_lead
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.text import Said, fold
from lamplighter.practice.model import Clinician, Practice, VisitKind


def find_in(said: Said, lex: Lexicon, group: str) -> Found[str] | None:
    """The first thing of a group that was said, by where it stands in the text; the longer where two begin alike."""
    found = [
        Found(name, match.start(), match.end())
        for name, pattern in lex.group(group).items()
        if (match := pattern.search(said.low))
    ]
    return min(found, key=lambda f: (f.start, -f.end)) if found else None


def find_wanted(said: Said, lex: Lexicon, group: str) -> Found[str] | None:
    """The first thing of a group that was not refused: "text, not email", "email isn't great, text"."""
    start = taken_back(said, lex)
    if start and (later := find_wanted(Said(said.text[start:]), lex, group)):
        return Found(later.value, start + later.start, start + later.end)
    found = [
        Found(name, match.start(), match.end())
        for name, pattern in lex.group(group).items()
        for match in pattern.finditer(said.low)
        if not _refused(said, match, lex)
    ]
    return min(found, key=lambda f: (f.start, -f.end)) if found else None


def _refused(said: Said, match: re.Match[str], lex: Lexicon) -> bool:
    before = said.low[max(0, match.start() - 14) : match.start()]
    negated = lex.pattern("negation").search(before)
    after = lex.pattern("refused_after").match(said.low[match.end() :].lstrip())
    return bool(negated and not re.search(r"[,.;]", before[negated.end() :])) or bool(after)


def taken_back(said: Said, lex: Lexicon) -> int:
    """Where what counts begins after "no wait", "actually"; 0 where nothing was taken back."""
    return max((match.end() for match in lex.pattern("takes_back").finditer(said.low)), default=0)


# --- clinicians


def find_clinician(said: Said, practice: Practice, lex: Lexicon, *, asked: bool) -> Found[str] | None:
    """A clinician's bare name where one and only one is meant."""
    hits = list(_clinicians(said, practice, lex, asked=asked))
    hits = [hit for hit in hits if not _turned_down(said, hit, lex)]
    names = {hit.value for hit in hits}
    return max(hits, key=lambda hit: hit.end - hit.start) if len(names) == 1 else None


def exactly_named(said: Said, name: str) -> bool:
    """Whether a part of the name was said as it is written: "you choose" only sounds like one."""
    return any(word in fold(name).split() for word in said.words)


def named_clinicians(said: Said, practice: Practice, lex: Lexicon) -> bool:
    """Whether any clinician is named, be it to turn them down."""
    return any(True for _ in _clinicians(said, practice, lex, asked=True))


def _turned_down(said: Said, hit: Found[str], lex: Lexicon) -> bool:
    """ "Mei, not Luis", "con Ortega no, con la doctora Osei"."""
    before = said.low[max(0, hit.start - 24) : hit.start]
    after = re.match(rf" {anywhere('no')}(?!\w)(?! {anywhere('no_trouble')})", said.low[hit.end :])
    return bool(lex.pattern("none_of_them").search(before + said.low[hit.start : hit.end]) or after)


Alike = Callable[[str], frozenset[str]]
_NEAR = 0.72
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_NAME = re.compile(r"[ ,.]*([^\W\d_]+(?:'[^\W\d_]+)?)(?: ([^\W\d_]+))?")


def _clinicians(said: Said, practice: Practice, lex: Lexicon, *, asked: bool) -> Iterator[Found[str]]:
    names = tuple((clinician.id, fold(clinician.name)) for clinician in practice.clinicians)

    def alike(word: str) -> frozenset[str]:
        return _sounding_like(word, names)

    for clinician in practice.clinicians:
        parts = fold(clinician.name).split()
        whole = re.search(rf"(?<!\w){'[ ,]+'.join(map(re.escape, parts))}(?!\w)", said.low)
        if whole:
            yield Found(clinician.name, whole.start(), whole.end())
            continue
        for cue, near in (("with_clinician", False), ("titles", True)):
            for match in lex.pattern(cue).finditer(said.low):
                if end := _named_after(said, match.end(), clinician, alike if near else None):
                    yield Found(clinician.name, match.start(), end)
        if asked:
            yield from _named_alone(said, clinician, alike, lex)


def _named_after(said: Said, at: int, clinician: Clinician, alike: Alike | None) -> int | None:
    """Where a clinician's name that stands at `at` ends; with `alike`, what sounds like one will do."""
    match = _NAME.match(said.low, at)
    if not match:
        return None
    parts = fold(clinician.name).split()
    words = [word.removesuffix("'s") if word else "" for word in match.groups()]
    if (words[0] in parts and len(words[0]) > 2) or (alike and clinician.id in alike(words[0])):
        return match.end(2) if words[1] in parts else match.end(1)
    return None


def _named_alone(said: Said, clinician: Clinician, alike: Alike, lex: Lexicon) -> Iterator[Found[str]]:
    parts = fold(clinician.name).split()
    for match in _WORD.finditer(said.low):
        word = match.group().removesuffix("'s")
        exact = word in parts
        if exact or (word not in lex.words("common") and len(word) > 3 and clinician.id in alike(word)):
            yield Found(clinician.name, match.start(), match.end())


@lru_cache(maxsize=256)
def _sounding_like(word: str, names: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """The clinicians, each with a folded name, whose names a word comes nearest to, if it comes near."""
    scores = {each: max(_sounds(word, part) for part in name.split()) for each, name in names}
    best = max(scores.values())
    return frozenset(each for each, score in scores.items() if score == best >= _NEAR)


def _sounds(heard: str, name: str) -> float:
    if heard == name:
        return 1.0
    return max(_near(heard, name), 0.99 * _near(_sound(heard), _sound(name)) if len(heard) > 2 else 0)


def _near(one: str, two: str) -> float:
    """How alike two words are; 0 where their lengths alone keep them from being near."""
    shorter, longer = sorted((len(one), len(two)))
    return looks_like(one, two) if shorter >= _NEAR * longer else 0.0


_ALIKE = (("ph", "f"), ("wr", "r"), ("th", "t"), ("ck", "k"), ("sh", "s"), ("zh", "s"), ("c", "k"), ("z", "s"),
          ("y", "i"), ("w", ""), ("h", ""), ("'", ""), ("ei", "e"), ("ai", "e"), ("ay", "e"), ("ea", "e"), ("ee", "i"),
          ("oa", "o"), ("au", "o"), ("ou", "o"))  # fmt: skip


@lru_cache(maxsize=512)
def _sound(word: str) -> str:
    for spelling, sound in _ALIKE:
        word = word.replace(spelling, sound)
    return re.sub(r"(.)\1+", r"\1", word)


def find_gender(said: Said, lex: Lexicon) -> Found[str] | None:
    return find_in(said, lex, "gender")


# --- kinds of visit


def find_kind(said: Said, practice: Practice, lex: Lexicon) -> Found[str] | None:
    """The id of the kind of visit that is meant, by its properties."""
    couples = _couples(said, lex)
    if couples:
        kind = next((k for k in practice.visit_kinds if k.participants == 2), None)
        return Found(kind.id, couples.start(), couples.end()) if kind else None
    psychiatric = lex.group("kinds")["psychiatric"].search(said.low)
    if psychiatric and not _put_right(said, psychiatric, lex):
        follow_up = bool(lex.group("kinds")["follow_up"].search(said.low))
        follow_up = follow_up and not lex.pattern("evaluates").search(said.low)
        kind = _psychiatric(practice, first=not follow_up)
        return Found(kind.id, psychiatric.start(), psychiatric.end()) if kind else None
    return None


def _put_right(said: Said, match: re.Match[str], lex: Lexicon) -> bool:
    """ "A psych, sorry, a psychologist"."""
    return bool(lex.pattern("kind_refused_after").match(said.low[match.end() :].lstrip(" ,")))


def _couples(said: Said, lex: Lexicon) -> re.Match[str] | None:
    """Where a visit for two is named and not turned down: not "only me, not couples", "we might do couples someday"."""
    for match in lex.group("kinds")["couples"].finditer(said.low):
        behind = said.low[match.end() :].lstrip(" ,")
        before = lex.pattern("kind_refused").search(said.low[: match.start()])
        if not (before or lex.pattern("kind_refused_after").match(behind)):
            return match
    return None


def find_plain_kind(said: Said, practice: Practice, lex: Lexicon) -> Found[str] | None:
    """Talking therapy, first or later, where the kind was asked for."""
    if found := find_kind(said, practice, lex):
        return found
    for name, first in (("follow_up", False), ("first", True), ("therapy", True)):
        match = lex.group("kinds")[name].search(said.low)
        kind = next((k for k in practice.visit_kinds if k.first is first and _plain(k)), None)
        if match and kind:
            return Found(kind.id, match.start(), match.end())
    return None


def _plain(kind: VisitKind) -> bool:
    return kind.participants == 1 and "psych" not in kind.id


def _psychiatric(practice: Practice, *, first: bool) -> VisitKind | None:
    return next((k for k in practice.visit_kinds if "psych" in k.id and k.first is first), None)


# --- who calls


def find_relationship(said: Said, lex: Lexicon, *, asked: bool) -> Found[str] | None:
    """What the caller is to the patient: parent, spouse, child, other."""
    if asked:
        both = [find_in(said, lex, name) for name in ("relationship_asked", "relationship")]
        return min((each for each in both if each), key=lambda f: (f.start, -f.end), default=None)
    found = [
        Found(name, match.start(), match.end())
        for name, pattern in lex.group("relationship").items()
        for match in pattern.finditer(said.low)
        if " " in match.group().strip()
    ]
    return min(found, key=lambda f: (f.start, -f.end)) if found else None


def without_messengers(said: Said, lex: Lexicon) -> Said:
    """Without relatives who only told, wrote, drove or found: "my daughter wrote your number" books for nobody else."""
    chars = list(said.text)
    for match in lex.pattern("relative_did").finditer(said.low):
        chars[match.start() : match.end()] = " " * (match.end() - match.start())
    return Said("".join(chars))


def spoken_for(said: Said, lex: Lexicon) -> Found[str] | None:
    """The relative who told, where it is they who are to be seen: "my wife says she wants an appointment"."""
    did = lex.pattern("relative_did").search(said.low)
    if not did or not lex.pattern("for_them").search(said.low, did.start()):
        return None
    return find_in(Said(" ".join(did.group().split()[:4])), lex, "relationship_asked")


def find_subscriber(said: Said, lex: Lexicon) -> Found[str] | None:
    found = [f for f in (find_in(said, lex, "subscriber"),) if f]
    others = [
        Found(name, m.start(), m.end())
        for name, pattern in lex.group("subscriber").items()
        if name != "self" and (m := pattern.search(said.low))
    ]
    if not others and (not_own := lex.pattern("not_own_plan").search(said.low)):
        return Found("other", not_own.start(), not_own.end())
    return others[0] if others else (found[0] if found else None)


def whole_answer(said: Said, lex: Lexicon) -> str:
    """The value with manners around it gone."""
    start, end = strip_lead(said, lex)
    return said.text[start:end]


def find_organisation(said: Said, lex: Lexicon) -> Found[str] | None:
    """Where somebody calls from for their work: "calling from Lincoln High School about..."."""
    for match in lex.group("organisation")["named"].finditer(said.low):
        start, end = next(
            ((match.start(i), match.end(i)) for i in range(1, match.re.groups + 1) if match[i]), (0, 0)
        )
        if stop := lex.group("organisation")["stop"].search(said.low, start, end):
            end = stop.start()
        place = re.match(rf".* {anywhere('at_a_place')} ", said.low[start:end])
        start += place.end() if place and place.end() < end - start else 0
        value = said.text[start:end].strip(" ,.'")
        if value and _organised(fold(value), lex):
            return Found(value if not value.islower() else capwords(value), start, end)
    return None


def _organised(low: str, lex: Lexicon) -> bool:
    """Not where somebody lives, nor words that say something else."""
    words = low.split()
    place = low in lex.table("states") or low in lex.table("cities")
    return (
        not place
        and words[0] not in lex.words("not_organisations")
        and not all(word in lex.words("common") for word in words[:2])
    )
