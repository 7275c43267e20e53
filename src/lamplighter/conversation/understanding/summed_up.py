"""What is put right of a summary that was read out, item by item: the clause that names the birthday is about the
birthday and nothing else, "Luis instead of Dr. Osei" is about whom they see, "ten, not nine" about the hour.

What such clauses say is taken out of the words before anybody else reads them; what is left is read as ever.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from babel import Locale
from babel.dates import get_month_names

from lamplighter.conversation.acts import (
    Act,
    Affirm,
    AskAbout,
    Decline,
    Deny,
    Give,
    Intend,
    SpeakIn,
    Wrong,
)
from lamplighter.conversation.details import Detail, Errand, Key, key
from lamplighter.conversation.understanding import preferences as prefer
from lamplighter.conversation.understanding import values, when
from lamplighter.conversation.understanding.consents import told_of_consents
from lamplighter.conversation.understanding.corrections import birth_put_right
from lamplighter.conversation.understanding.digits import runs
from lamplighter.conversation.understanding.instead import as_wanted, windows_in
from lamplighter.conversation.understanding.modality import find_modality, other_modality
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.spelling import looks_like, spelled
from lamplighter.conversation.understanding.text import Said, fold

_NAMES = (key(Detail.FIRST_NAME), key(Detail.LAST_NAME))
_BORN, _CHANNEL = key(Detail.DATE_OF_BIRTH), key(Detail.CONTACT_CHANNEL)
_ELSEWHERE = (Errand.PERSON, Errand.CANCEL)
"""What is no part of the visit that is being booked, whatever else is said."""
_MOST_DIGITS = 12
ALIKE = 0.5  # from which on a word is the patient's own name rather than a clinician's
MOST_WORDS = 60
_TAIL = (3, 4, 7)  # digits that a telephone number ends in


@dataclass(frozen=True, slots=True)
class SummedUp:
    """What was put right, and what is left of the words for whoever reads them next."""

    acts: tuple[Act, ...]
    rest: Said
    amiss: bool = False  # something is wrong with it, and not what

    def with_others(self, others: tuple[Act, ...]) -> tuple[Act, ...]:
        """Beside what the rest of the words say, where that is of something else."""
        if not self.acts and not any(isinstance(act, Give | Wrong | Affirm | Intend) for act in others):
            return (*others, Deny()) if self.amiss and Deny() not in others else others
        mine = {Key(act.subject, act.detail) for act in self.acts if isinstance(act, Give | Wrong)}
        kept = (act for act in others if not self.acts or _counts_beside(act, mine))
        return _one_thing_each(tuple(dict.fromkeys((*kept, *self.acts))))


def _one_thing_each(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """ "Change the time to ten" is no other errand, and the time not only wrong."""
    given = {act.key for act in acts if isinstance(act, Give)}
    if not given:
        return acts
    dates = {key(Detail.AVAILABILITY)} if _BORN in given else set[Key]()
    return tuple(
        act
        for act in acts
        if not (isinstance(act, Wrong) and Key(act.subject, act.detail) in given | dates)
        and not (isinstance(act, Intend) and act.errand not in _ELSEWHERE)
    )


def _counts_beside(act: Act, mine: set[Key]) -> bool:
    if isinstance(act, Give | Wrong | Decline):
        return Key(act.subject, act.detail) not in mine
    return isinstance(act, Affirm | Deny | AskAbout | SpeakIn) or (isinstance(act, Intend) and act.sure)


def correct_summary(said: Said, listening: Listening) -> SummedUp | None:
    """None where no summary of a visit waits for a yes."""
    context = listening.context
    asked = {each.detail for each in context.asked}
    if context.chosen is None or Detail.CONFIRM not in asked or not 0 < len(said.words) <= MOST_WORDS:
        return None
    heard = as_wanted(said, listening)
    clauses = _Clauses(heard, listening)
    clauses.read()
    changed = clauses.acts or clauses.settled or heard.text != said.text
    lex = listening.lex
    amiss = lex.pattern("told_wrong").search(said.low) and not lex.pattern("summary_fine").search(said.low)
    return SummedUp(tuple(clauses.acts), clauses.rest if changed else said, bool(amiss))


# --- clause by clause


@dataclass(slots=True)
class _Clauses:
    said: Said
    listening: Listening
    acts: list[Act] = field(default_factory=list)
    settled: bool = False  # something was said of an item as it stands already
    _taken: list[tuple[int, int]] = field(default_factory=list)

    def read(self) -> None:
        spans = self._without_tail(list(self._spans()))
        born = self._of_birth(spans)
        self._take_birth([spans[n] for n in born])
        for n, (start, end) in enumerate(spans):
            if n not in born:
                self._take(start, end)

    @property
    def rest(self) -> Said:
        chars = list(self.said.text)
        for start, end in self._taken:
            chars[start:end] = " " * (end - start)
        left = re.sub(r"\s+", " ", "".join(chars))
        joint = self.listening.lex.pattern("summary_joint")
        while (found := list(joint.finditer(fold(left)))) and not left[found[-1].end() :].strip(" ,.;!?"):
            left = left[: found[-1].start()]
        return Said(re.sub(r"(?: ?,)+(?= ?(?:[,.;!?]|$))", "", left).strip())

    def _spans(self) -> Iterator[tuple[int, int]]:
        """Its clauses; letters and digits that are told one by one stay together."""
        rows = [row for row in spelled(self.said, self.listening.lex) if len(row.letters) > 1]
        joints = self.listening.lex.pattern("summary_joint").finditer(self.said.low)
        marks = re.finditer(r"[.,;:!?]+(?=\s|$)|\s[-–—]\s", self.said.low)
        cuts = sorted(
            span
            for span in (found.span() for found in (*joints, *marks))
            if not any(row.start < span[0] < row.end for row in rows)
        )
        edges = [(0, 0), *cuts, (len(self.said.low), len(self.said.low))]
        for (_, start), (end, _) in pairwise(edges):
            if re.search(r"\w", self.said.low[start:end]):
                yield start, end

    def _clause(self, start: int, end: int) -> Said:
        return Said(self.said.text[start:end])

    def _without_tail(self, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The clauses but those of "not 0123, 0132", which put the last digits of the telephone number right."""
        known = self.listening.context.known.get(key(Detail.PHONE), "")
        found = runs(self.said, self.listening.lex)
        told = [run.digits for run in found]
        if len(told) == 1:  # said in one breath
            told = [told[0][: len(told[0]) // 2], told[0][len(told[0]) // 2 :]]
        if len(told) != 2 or not known or len(told[0]) != len(told[1]) or len(told[0]) not in _TAIL:
            return spans
        old, new = told if known.endswith(told[0]) else reversed(told)
        if not known.endswith(old) or old == new:
            return spans
        self._give(Detail.PHONE, known.removesuffix(old) + new)
        about = [span for span in spans if any(run.start < span[1] and span[0] < run.end for run in found)]
        self._taken += about
        return [span for span in spans if span not in about]

    # -- the birthday

    def _of_birth(self, spans: list[tuple[int, int]]) -> list[int]:
        """Which clauses are about it: those that name it, and what follows them and may be a part of a date."""
        lex, found = self.listening.lex, list[int]()
        for n, span in enumerate(spans):
            clause = self._clause(*span)
            cued = any(lex.pattern(cue).search(clause.low) for cue in ("birth_cue", "birth_year"))
            follows = bool(found) and found[-1] == n - 1
            if cued or self._is_nearly_the_birthday(clause) or (follows and self._may_be_born(clause)):
                found.append(n)
        return found

    def _is_nearly_the_birthday(self, clause: Said) -> bool:
        """ "It's April third", of somebody born on March third: a date like that one and unlike that of the visit."""
        context, chosen = self.listening.context, self.listening.context.chosen
        known = context.known.get(_BORN)
        windows = windows_in(clause.text, self.listening)
        if chosen is None or not known or any(w.weekdays or w.at or w.start or w.before for w in windows):
            return False
        said = when.find_partial_birth_date(clause.text, self.listening.locale, context.now.date())
        born, visit = date.fromisoformat(known), chosen.start.date()
        if said is None or not (said.value.month and said.value.day) or not self._names_a_month(clause):
            return False
        month, day = said.value.month, said.value.day
        return month != visit.month and day != visit.day and (month == born.month) != (day == born.day)

    def _names_a_month(self, clause: Said) -> bool:
        names = get_month_names(locale=Locale.parse(self.listening.locale, sep="-")).values()
        return any(fold(name) in clause.words for name in names)

    def _may_be_born(self, clause: Said) -> bool:
        context = self.listening.context
        if any(window.weekdays or window.at for window in windows_in(clause.text, self.listening)):
            return False
        if self.listening.lex.pattern("summary_item").search(clause.low):
            return False
        today = context.now.date()
        part = when.find_partial_birth_date(clause.text, self.listening.locale, today)
        number = re.search(r"\d", clause.low) is None or len(re.findall(r"\d", clause.low)) <= _MOST_DIGITS
        return number and (part is not None or _is_number(clause, self.listening))

    def _take_birth(self, spans: list[tuple[int, int]]) -> None:
        known = self.listening.context.known.get(_BORN)
        if not spans or not known:
            return
        whole = Said(", ".join(self.said.text[start:end].strip(" ,") for start, end in spans))
        given = birth_put_right(whole, self.listening)
        wrong = self.listening.lex.pattern("told_wrong").search(whole.low)
        if given is not None:
            self.acts.append(given)
        elif wrong:
            self.acts.append(Wrong(Detail.DATE_OF_BIRTH))
        else:
            return
        self._taken += spans

    # -- all else

    def _take(self, start: int, end: int) -> None:
        clause = self._clause(start, end)
        for read in (
            self._consents, self._email, self._member, self._channel, self._place, self._wrong_time,
        ):  # fmt: skip
            if read(clause):
                self._taken.append((start, end))
                return
        timed = bool(windows_in(clause.text, self.listening))
        whom, how = self._clinician(clause), self._modality(clause)
        if (whom or how) and not timed:
            self._taken.append((start, end))
        elif whom:
            self._taken += [(start + at, start + upto) for at, upto in whom]

    def _give(self, detail: Detail, value: str) -> None:
        place = key(detail)
        self.settled = True
        if self.listening.context.known.get(place) != value:
            self.acts.append(Give(detail, value, correction=True))

    def _consents(self, clause: Said) -> bool:
        """Reminders and messages, where they are now wanted otherwise."""
        known = self.listening.context.known
        told = [(place, str(yes).lower()) for place, yes in told_of_consents(clause, self.listening.lex)]
        changed = [(place, value) for place, value in told if known.get(place, value) != value]
        for place, value in changed:
            self._give(place.detail, value)
        return bool(changed)

    def _email(self, clause: Said) -> bool:
        """ "My email is ana@x.com" says no way to be reached."""
        found = values.find_email(clause, self.listening.lex)
        if found is None or self.listening.lex.pattern("by_this_email").search(clause.low[: found.start]):
            return False
        self._give(Detail.EMAIL, found.value)
        return True

    def _member(self, clause: Said) -> bool:
        lex = self.listening.lex
        cue = lex.group("detail_names")["member_id"].search(clause.low)
        found = (
            values.find_member_id(clause.cut(cue.end(), len(clause.text)), lex, asked=True) if cue else None
        )
        if found is None or not re.search(r"\d", found.value):
            return False
        self._give(Detail.MEMBER_ID, found.value)
        return True

    def _channel(self, clause: Said) -> bool:
        """By which way they would be reached; "don't text" beside it says no more."""
        lex = self.listening.lex
        if _CHANNEL not in self.listening.context.known:
            return False
        cue = lex.pattern("reach_me_so").search(clause.low) or lex.pattern("reach_me").search(clause.low)
        found = prefer.find_wanted(Said(cue.group()), lex, "contact_channel") if cue else None
        if found is None:
            named = prefer.find_in(clause, lex, "contact_channel")
            told = any(isinstance(act, Give) and act.key == _CHANNEL for act in self.acts)
            return bool(named) and told and not re.search(r"\d", clause.low)
        self._give(Detail.CONTACT_CHANNEL, found.value)
        return True

    def _place(self, clause: Said) -> bool:
        """A state and nothing more: "no, New Jersey"."""
        found = values.find_state(clause, self.listening.lex, asked=True)
        known = self.listening.context.known
        if found is None or key(Detail.STATE) not in known:
            return False
        beside = clause.low[: found.start] + " " + clause.low[found.end :]
        said = clause.low[found.start : found.end]
        if len(said) == len(found.value) and not clause.text[found.start : found.end].isupper():
            return False  # "oh"
        if self.listening.lex.pattern("summary_small").sub(" ", beside).strip(" ,.'"):
            return False
        if any(looks_like(known.get(place, ""), said) >= ALIKE for place in _NAMES):
            return False
        self._give(Detail.STATE, found.value)
        return True

    def _wrong_time(self, clause: Said) -> bool:
        """ "The time is wrong", without another."""
        lex = self.listening.lex
        named = prefer.find_in(clause, lex, "detail_names")
        of_time = named is not None and named.value == Detail.AVAILABILITY.value
        if not of_time or not lex.pattern("told_wrong").search(clause.low):
            return False
        if windows_in(clause.text, self.listening):
            return False
        self.acts.append(Wrong(Detail.AVAILABILITY))
        return True

    def _clinician(self, clause: Said) -> list[tuple[int, int]]:
        """Where a clinician is named: never the patient's own name there, unless it is said to be a name."""
        lex, practice = self.listening.lex, self.listening.context.practice
        chosen = self.listening.context.chosen
        if chosen is None or lex.pattern("names_oneself").search(clause.low):
            return []
        parts = {part for each in practice.clinicians for part in fold(each.name).split() if len(part) > 1}
        spans = [
            found.span()
            for found in re.finditer(r"[^\W\d_]+", clause.low)
            if found.group() in parts and not self._own_name(found.group())
        ]
        if not spans:
            return []
        found = prefer.find_clinician(clause, practice, lex, asked=True)
        if found is not None and prefer.exactly_named(clause, found.value):
            self.settled = True
            if found.value != chosen.clinician or self._whom_known() not in (None, found.value):
                self.acts.append(Give(Detail.CLINICIAN, found.value, correction=True))
        return spans

    def _whom_known(self) -> str | None:
        return self.listening.context.known.get(key(Detail.CLINICIAN))

    def _own_name(self, word: str) -> bool:
        """ "No, Luis", of a Luisa, is her name."""
        known = self.listening.context.known
        parts = (part for place in _NAMES for part in known.get(place, "").split())
        return max((looks_like(part, word) for part in parts), default=0) >= ALIKE

    def _modality(self, clause: Said) -> bool:
        lex, chosen = self.listening.lex, self.listening.context.chosen
        if chosen is None or re.search(r"\d{3}", clause.low):
            return False
        named = find_modality(clause, lex, asked=False) or other_modality(clause, lex)
        comes = lex.pattern("comes_in").search(clause.low)
        value = "in_person" if comes else named.value if named else None
        if value is None or value == chosen.modality.value:
            return False
        if not any(isinstance(act, Give) and act.detail is Detail.MODALITY for act in self.acts):
            self.acts.append(Give(Detail.MODALITY, value, correction=True))
        self.settled = True
        return True


def _is_number(clause: Said, listening: Listening) -> bool:
    """ "It's eighty-two": what follows "you've got the year wrong"."""
    tens = listening.lex.table("tens")
    return any(word in tens or word.isdigit() for word in re.split(r"[^\w]+", clause.low))
