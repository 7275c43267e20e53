"""What they came for, what they ask, and what people say at any point: by the patterns of the language."""

import re
from functools import cache, lru_cache
from itertools import pairwise

from lamplighter.conversation.acts import Aside, AskAbout, Topic
from lamplighter.conversation.details import Detail, Errand
from lamplighter.conversation.understanding.clues import fired
from lamplighter.conversation.understanding.insurers import find_insurer
from lamplighter.conversation.understanding.lexicon import Lexicon, anywhere
from lamplighter.conversation.understanding.preferences import (
    find_clinician,
    find_in,
    find_kind,
)
from lamplighter.conversation.understanding.text import Said, fold
from lamplighter.practice.model import Practice

ONLY_ALONE = frozenset(
    {
        Aside.HOLD_ON,
        Aside.THANKS,
        Aside.GREETING,
        Aside.GOODBYE,
        Aside.NOISE,
        Aside.CANNOT_HEAR,
        Aside.WHY_ASK,
    }
)
"""Asides that count only where nothing else was said: "wait, how much is it" is a question."""

_BOOKING = frozenset({Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP})
_BESIDE_ONE = _BOOKING | {Errand.MY_VISIT, Errand.CONFIRM_VISIT, Errand.MOVE}
_LOST = frozenset({Errand.CANCEL, Errand.MOVE})
ENOUGH_WORDS = 4
"""Words of a clause beside a question that may name an errand: "the first session, how long is it" names none."""
_ANOTHER = ("cancel_move", "another_instead")
_BEFORE_CANCEL = frozenset({Errand.PERSON, Errand.RUNNING_LATE, Errand.CONFIRM_VISIT})
_FACTS = frozenset({Topic.PRICES, Topic.VISIT_LENGTH, Topic.CANCEL_POLICY, Topic.NEW_PATIENTS, Topic.TELEHEALTH,
                    Topic.INSURERS, Topic.CLINICIANS, Topic.AGES, Topic.SLIDING_SCALE, Topic.PAYMENT_METHODS,
                    Topic.SUPERBILLS, Topic.HOURS, Topic.LANGUAGES, Topic.PAYMENT_PLANS, Topic.OTHER,
                    Topic.PARKING, Topic.DIRECTIONS, Topic.ADDRESS})  # fmt: skip


_MARKS = re.compile("[¿¡]")
CLINICIAN = "someclinician"
"""What stands for any of the practice's clinicians in the text that patterns of intent see."""


@cache
def _joints() -> re.Pattern[str]:
    return re.compile(rf",|\s-+\s|(?<!\w)(?:{anywhere('and')}|{anywhere('but')})(?!\w)")


def plain(said: Said, lex: Lexicon, practice: Practice) -> Said:
    """Without hesitations and marks before a question, so that they need no place in a pattern, and without clinicians'
    own names."""
    low = _clinicians(practice).sub(CLINICIAN, _MARKS.sub(" ", said.low))
    return Said(re.sub(r" +", " ", lex.pattern("hesitation").sub(" ", low)).strip(" ,"))


@lru_cache(maxsize=32)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    parts = sorted(
        {part for name in names for part in fold(name).split() if len(part) > 2}, key=len, reverse=True
    )
    one = "|".join(map(re.escape, parts)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{anywhere('title_said')} )?(?:{one})(?: (?:{one}))?(?!\w)")


def _clinicians(practice: Practice) -> re.Pattern[str]:
    return _names_pattern(tuple(clinician.name for clinician in practice.clinicians))


def clues_of(said: Said, practice: Practice, lex: Lexicon) -> frozenset[str]:
    """What fires on an utterance, for the small model."""
    return fired(plain(said, lex, practice).low, lex.language)


def read_asides(said: Said, practice: Practice, lex: Lexicon) -> list[Aside]:
    heard = plain(said, lex, practice)
    bare = heard.low.strip(" .,!?¿¡")
    if not bare:
        return [Aside.NOISE]
    for name, pattern in lex.group("asides_whole").items():
        if pattern.fullmatch(bare):
            return [Aside(name)]
    heard_so = fired(heard.low, lex.language)
    found = [Aside(name) for name in lex.group("asides") if f"asides/{name}" in heard_so]
    if (
        Aside.SOMEBODY_ELSE in found
        and "?" not in heard.low
        and lex.pattern("changes_theirs").search(heard.low)
    ):
        found.remove(Aside.SOMEBODY_ELSE)
    if Aside.SOMEBODY_ELSE in found and lex.pattern("own_visit_told").search(heard.low):
        found.remove(Aside.SOMEBODY_ELSE)
    if Aside.SOMEBODY_ELSE in found and _sent_by_one(heard, lex):
        found.remove(Aside.SOMEBODY_ELSE)
    if Aside.BACK in found and not bare.startswith(
        ("go", "back", "let", "can", "prev", "step", "return", "vol", "reg")
    ):
        found.remove(Aside.BACK)
    return found


def _sent_by_one(heard: Said, lex: Lexicon) -> bool:
    sentences = (sentence for sentence in heard.sentences if "?" not in sentence.text)
    return any(lex.pattern("sent_by_one").search(sentence.low) for sentence in sentences)


def only_aside(said: Said, practice: Practice, lex: Lexicon) -> bool:
    """Whether the whole utterance is one word of asking back ("what?", "mande?"), so that it answers nothing."""
    bare = plain(said, lex, practice).low.strip(" .,!?¿¡")
    return any(pattern.fullmatch(bare) for pattern in lex.group("asides_whole").values())


def is_question(said: Said, lex: Lexicon) -> bool:
    return "?" in said.text or "¿" in said.text or bool(lex.pattern("question").search(said.low))


def read_topics(said: Said, practice: Practice, lex: Lexicon, *, opening: bool) -> list[AskAbout]:
    """Questions about the practice. What is no question counts only at an opening ("directions please")."""
    found: list[AskAbout] = []
    for sentence in (clause for whole in said.sentences for clause in _clauses(whole, lex)):
        heard = plain(sentence, lex, practice)
        if not (opening or is_question(heard, lex)):
            continue
        topics = [Topic(name) for name, pattern in lex.group("topics").items() if pattern.search(heard.low)]
        asks = "?" in sentence.text or lex.pattern("takes_insurer").search(heard.low)
        if not topics and lex.pattern("accepts_it").search(heard.low):
            topics = [Topic.INSURERS] if find_insurer(said, practice, lex, asked=False) else []
        if topics in ([], [Topic.OTHER]) and asks and find_insurer(sentence, practice, lex, asked=False):
            topics = [] if lex.pattern("has_plan").search(heard.low) else [Topic.INSURERS]
        for topic in _kept(_sharpened(topics, sentence, practice, lex)):
            act = AskAbout(
                topic, _about(topic, sentence, practice, lex) or _about_insurer(topic, said, practice, lex)
            )
            if act not in found:
                found.append(act)
    if lex.pattern("own_hours").search(said.low):
        found = [act for act in found if act.topic is not Topic.HOURS]
    known = [act for act in found if act.topic is not Topic.OTHER]
    return known or found


def _clauses(sentence: Said, lex: Lexicon) -> list[Said]:
    """ "Where are you, and is there parking?" asks two things."""
    cuts = [0, *(m.start() for m in lex.pattern("clause_joint").finditer(sentence.low)), len(sentence.text)]
    clauses = [sentence.cut(start, end) for start, end in pairwise(cuts)]
    mark = "?" if "?" in sentence.text else ""
    return [Said(clause.text.rstrip("?") + mark) for clause in clauses if clause.words]


_NARROWER = {
    Topic.PRICES: {Topic.CANCEL_POLICY, Topic.SLIDING_SCALE, Topic.PAYMENT_METHODS, Topic.PAYMENT_PLANS, Topic.PARKING,
                   Topic.RECORDS, Topic.SUPERBILLS},
    Topic.DIRECTIONS: {Topic.PARKING, Topic.ACCESS, Topic.WHO_ARE_YOU},
    Topic.ADDRESS: {Topic.PARKING, Topic.DIRECTIONS, Topic.WHO_ARE_YOU},
    Topic.CLINICIANS: {Topic.NEW_PATIENTS, Topic.LANGUAGES, Topic.AGES},
    Topic.INSURERS: {Topic.PAYMENT_METHODS, Topic.NEW_PATIENTS, Topic.AGES, Topic.SUPERBILLS},
    Topic.HOURS: {Topic.PARKING, Topic.NEW_PATIENTS},
    Topic.TELEHEALTH: {Topic.LANGUAGES},
    Topic.VISIT_LENGTH: {Topic.NEW_PATIENTS, Topic.RECORDS},
    Topic.NEW_PATIENTS: {Topic.AGES, Topic.WAIT_LIST},
    Topic.WHO_ARE_YOU: {Topic.LANGUAGES},
    Topic.PAYMENT_METHODS: {Topic.PAYMENT_PLANS, Topic.SUPERBILLS},
}  # fmt: skip


def _kept(topics: list[Topic]) -> list[Topic]:
    return [topic for topic in topics if not _NARROWER.get(topic, set()) & set(topics)]


def _sharpened(topics: list[Topic], said: Said, practice: Practice, lex: Lexicon) -> list[Topic]:
    """ "Which clinicians speak Spanish" asks about a language, "do you see couples" about no age."""
    if Topic.CLINICIANS in topics and is_question(said, lex) and find_in(said, lex, "language"):
        return [Topic.LANGUAGES if topic is Topic.CLINICIANS else topic for topic in topics]
    if (
        topics == [Topic.AGES]
        and find_kind(said, practice, lex)
        and not lex.pattern("of_an_age").search(said.low)
    ):
        return [Topic.CLINICIANS]
    return topics


def asked_about(topic: Topic, said: Said, practice: Practice, lex: Lexicon) -> AskAbout:
    """A question whose topic is known otherwise, with what it is about."""
    return AskAbout(topic, _about(topic, said, practice, lex))


def _about(topic: Topic, said: Said, practice: Practice, lex: Lexicon) -> str | None:
    found = None
    if topic is Topic.INSURERS:
        found = find_insurer(said, practice, lex, asked=False)
    elif topic in {Topic.PRICES, Topic.VISIT_LENGTH}:
        found = find_kind(said, practice, lex)
    elif topic in {Topic.CLINICIANS, Topic.NEW_PATIENTS, Topic.AGES}:
        found = find_clinician(said, practice, lex, asked=False)
        if topic is Topic.CLINICIANS and not found:
            found = find_kind(said, practice, lex)
    elif topic is Topic.LANGUAGES:
        found = find_in(said, lex, "language")
    return found.value if found else None


def _about_insurer(topic: Topic, said: Said, practice: Practice, lex: Lexicon) -> str | None:
    found = find_insurer(said, practice, lex, asked=False) if topic is Topic.INSURERS else None
    return found.value if found else None


def read_errand(said: Said, practice: Practice, lex: Lexicon, topics: list[AskAbout]) -> Errand | None:
    """The errand that the words name; the more particular first."""
    heard = plain(said, lex, practice).low
    asked = {act.topic for act in topics}
    named = _not_only_asked(_named(heard, lex), said, practice, lex, asked)
    if lex.pattern("not_booking").search(heard):
        named = [errand for errand in named if errand not in _BOOKING]
    if {Errand.WAITLIST, Errand.MOVE} <= set(named) and any(
        lex.pattern(name).search(heard) for name in ("not_booking", "new_yes")
    ):
        return Errand.WAITLIST
    if lex.pattern("not_a_move").search(heard):
        named = [errand for errand in named if errand is not Errand.MOVE]
    if Errand.WAITLIST in named and {Errand.CANCEL, Errand.MESSAGE} & set(named):
        return Errand.WAITLIST
    if set(named) <= _BESIDE_ONE and another_visit(heard, lex) is not None:
        return Errand.FOLLOW_UP
    if Errand.CANCEL in named:
        return _cancelled_or_moved(heard, named, lex)
    new = bool(lex.pattern("new_yes").search(heard))
    if {Errand.MESSAGE, Errand.FIRST_APPOINTMENT} <= set(named) and new:
        return Errand.FIRST_APPOINTMENT
    if {Errand.FOLLOW_UP, Errand.FIRST_APPOINTMENT} <= set(named) and new:
        return Errand.FIRST_APPOINTMENT
    if lex.pattern("new_no").search(heard) and not new:
        named = [Errand.FOLLOW_UP if errand is Errand.FIRST_APPOINTMENT else errand for errand in named]
    if not set(named) - _BOOKING and lex.pattern("came_up").search(heard):
        return Errand.MOVE
    if Errand.MY_VISIT in named and lex.pattern("confirms_it").search(heard):
        return Errand.CONFIRM_VISIT  # which tells them when it is
    if not named and not topics and lex.pattern("has_question").search(heard):
        return Errand.QUESTION
    return named[0] if named else None


def another_visit(heard: str, lex: Lexicon) -> int | None:
    """Where a visit beside the one that they have is spoken of: "I've got one this week, and I want to book another"
    moves nothing and asks for no time."""
    another = lex.pattern("wants_another").search(heard)
    if another is None or lex.pattern("moves_it").search(heard) or not lex.pattern("has_one").search(heard):
        return None
    return another.start()


def _named(heard: str, lex: Lexicon) -> list[Errand]:
    heard_so = fired(heard, lex.language)
    return [Errand(name) for name in lex.group("errands") if f"errands/{name}" in heard_so]


def _errands_in(piece: str, lex: Lexicon) -> list[Errand]:
    return [Errand(name) for name, pattern in lex.group("errands").items() if pattern.search(piece)]


def _cancelled_or_moved(heard: str, named: list[Errand], lex: Lexicon) -> Errand:
    """ "I can't come" with another time wished for moves the visit, unless another time is what they do not want."""
    if lex.pattern("no_other_time").search(heard):
        return Errand.CANCEL
    if cancels_outright(heard, lex):
        return Errand.CANCEL
    if Errand.MOVE in named or any(lex.pattern(name).search(heard) for name in _ANOTHER):
        return Errand.MOVE
    if "cancel" in heard:
        return Errand.CANCEL
    before = _BEFORE_CANCEL | ({Errand.MY_VISIT} if "?" in heard else set())
    return next(errand for errand in named if errand in {Errand.CANCEL, *before})


def cancels_outright(heard: str, lex: Lexicon) -> bool:
    """ "Cancel Monday, they moved my shift": what was moved is not the visit."""
    told = lex.pattern("moved_by_others").sub(" ", heard)
    if told == heard or "cancel" not in told:
        return False
    other = any(lex.pattern(name).search(told) for name in _ANOTHER)
    return not other and Errand.MOVE not in _errands_in(told, lex)


def moves_instead(said: Said, lex: Lexicon) -> bool:
    """ "Stuck on Thursday, the week after would be fine": another time is wished for, and none refused."""
    other = lex.pattern("another_instead").search(said.low)
    return other is not None and not lex.pattern("no_other_time").search(said.low)


def _not_only_asked(
    named: list[Errand], said: Said, practice: Practice, lex: Lexicon, asked: set[Topic]
) -> list[Errand]:
    """Without what only a question named ("what if I cancel?"), with what stands beside it ("and I need a visit")."""
    none = frozenset[Errand]()
    if asked and not lex.pattern("of_a_visit").search(plain(said, lex, practice).low):
        named = [
            errand for errand in named if errand is not Errand.CONFIRM_VISIT
        ]  # "I'm coming by train, where..."
    doubtful = (_BOOKING if asked & _FACTS else none) | (
        _LOST | {Errand.WAITLIST} if Topic.CANCEL_POLICY in asked else none
    )
    if Topic.WAIT_LIST in asked:
        doubtful |= {Errand.WAITLIST}
    if not doubtful & set(named):
        return named
    if doubtful & _BOOKING and lex.pattern("only_asks").search(plain(said, lex, practice).low):
        return [errand for errand in named if errand not in doubtful]
    if doubtful <= _BOOKING and lex.pattern("wants").search(plain(said, lex, practice).low):
        return named
    beside = {
        errand
        for sentence in said.sentences
        for piece in _joints().split(plain(sentence, lex, practice).low)
        if len(piece.split()) >= ENOUGH_WORDS
        and not any(lex.pattern(name).match(piece.strip()) for name in ("supposes", "asks_what"))
        and not any(pattern.search(piece) for pattern in lex.group("topics").values())
        for errand in _errands_in(piece, lex)
    }
    return [errand for errand in named if errand not in doubtful or errand in beside]


def out_of_the_move(said: Said, lex: Lexicon) -> Errand | None:
    """What becomes of a visit for which no new time is wanted: offered to be cancelled, or said as it stands."""
    bare = said.low.strip(" .,!?")
    if lex.pattern("keeps_it").fullmatch(bare):
        return Errand.MY_VISIT
    return Errand.CANCEL if lex.pattern("no_new_time").fullmatch(bare) else None


def wrong_details(said: Said, lex: Lexicon) -> tuple[Detail, ...]:
    """ "The phone number is wrong", "my name is spelled with a z": the details named, without a value."""
    told_wrong = lex.pattern("correct_it").search(said.low)
    spelled_so = lex.pattern("spelled_so").search(said.low)
    if not told_wrong and not spelled_so:
        return ()
    found = find_in(said, lex, "detail_names")
    if found and (told_wrong or Detail(found.value) in _SPELLED):
        return (Detail(found.value),)
    return _SPELLED[:2] if not found and lex.pattern("bare_name").search(said.low) else ()


_SPELLED = (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.PREFERRED_NAME)
