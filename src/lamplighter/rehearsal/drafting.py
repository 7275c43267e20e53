"""Drafts a rehearsal of a contact: what was asked and in which order it was answered is kept, and everything that is
somebody's is invented. What they said in their own words is never copied; where no sentence of ours stands for it, the
draft says that a person must write it."""

import json
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from babel import Locale, UnknownLocaleError

from lamplighter.conversation import acts as a
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Visits
from lamplighter.conversation.details import Detail, Errand, Key, Subject
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State, fold
from lamplighter.conversation.wish import Wish
from lamplighter.desk import reviewing
from lamplighter.desk.rehearsals import TO_WRITE, Draft
from lamplighter.law.states import STATES
from lamplighter.practice.calendar import is_open
from lamplighter.practice.model import Practice
from lamplighter.rehearsal import inventing
from lamplighter.rehearsal.inventing import Invented
from lamplighter.rehearsal.sameness import clinician_name, shown

CHANNELS: Final = ("voice", "sms", "chat")
OF_THE_PRACTICE: Final = (Detail.CLINICIAN, Detail.VISIT_KIND, Detail.LOCATION, Detail.STATE)
"""What the practice's own files name, or one of fifty."""
BY_NAME: Final = {
    Detail.MODALITY: "modality", Detail.CONTACT_CHANNEL: "channel", Detail.SUBSCRIBER: "subscriber",
    Detail.RELATIONSHIP: "relationship", Detail.HOW_OFTEN: "how_often", Detail.SERIES: "series",
}  # fmt: skip
IN_ONE_WAY: Final = {
    Detail.MESSAGE: "message", Detail.CALLBACK_TIME: "callback_time", Detail.AMOUNT: "amount",
    Detail.ORGANISATION: "organisation", Detail.CONFIRM: "confirm",
}  # fmt: skip
NEVER: Final = (Detail.ERRAND, Detail.IDENTITY_CODE, Detail.CONFIRM_DETAIL, Detail.CHOICE)
OF_A_PATIENT: Final = (
    Errand.FOLLOW_UP, Errand.MOVE, Errand.CANCEL, Errand.CONFIRM_VISIT, Errand.MY_VISIT,
)  # fmt: skip
EXPECTED: Final = (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH)
LADDERS: Final = {"accepted": "answers", "closed": "answers", "promised": "nobody", "ringing": "answers"}
SOONEST, LATEST = 3, 40  # weeks


class CannotBeDrafted(Exception):
    """There is nothing that a caller could say again."""


@dataclass
class Drafting:
    """`not_of`: words of theirs that may not come up in what is invented; `folder`: how a rehearsal names its
    practice."""

    practice: Practice
    events: Sequence[e.Event]
    name: str
    folder: str
    chance: random.Random
    not_of: Collection[str]
    asks: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state: State = fold(self.events)
        if self.state.channel not in CHANNELS or not self.state.turns:
            raise CannotBeDrafted
        self.locale = self.state.locale
        self.words = inventing.words_in(self.locale)
        self.given = [act for each in self.events for act in _acts(each.body)]
        opened = self.events[0].at
        child = self._is_child(opened.date())
        self.who = inventing.somebody(self.chance, child=child, today=opened.date(), not_of=self.not_of)
        self.other = inventing.somebody(
            self.chance, child=False, today=opened.date(), not_of=(*self.not_of, *self._names(self.who))
        )
        self.shift = self._weeks(opened)

    def draft(self) -> Draft:
        lines = "\n".join(f"  {line}" for line in self._lines())
        return Draft(f"- {lines.lstrip()}\n", tuple(self.asks))

    # -- the whole -----------------------------------------------------------------------------------------------------

    def _lines(self) -> Iterator[str]:
        state, opened = self.state, self.events[0].body
        assert isinstance(opened, e.Opened)
        yield f"id: {self.name}"
        yield f"locale: {self.locale}"
        yield f"channel: {state.channel}"
        yield f"at: {self._moment(self.events[0].at).isoformat()}"
        yield f"practice: {_quoted(self.folder)}"
        if opened.address and state.channel != "chat":
            yield f"caller_id: {_quoted(self.who.phone)}"
        if state.handoff is not None:
            yield f"ladder: {LADDERS[state.handoff.status]}"
        yield f"opens: {_quoted(self._opens())}"
        yield from self._existing()
        yield from _section("knows", [f"{name}: {_several(said)}" for name, said in self._knows().items()])
        yield from self._interrupts()
        yield from self._expect()

    def _opens(self) -> str:
        errand = next((act.errand for act in self.given if isinstance(act, a.Intend)), None)
        topic = next((act.topic for act in self.given if isinstance(act, a.AskAbout)), None)
        self.asks.append(
            (
                "opens",
                "their first words are replaced by a plain sentence: write how somebody else might say it",
            )
        )
        if self.words is None:
            return TO_WRITE
        if errand in (None, Errand.QUESTION) and topic is not None:
            return str(self.words["asks"].get(topic.value, TO_WRITE))
        parent = self.state.value(Detail.RELATIONSHIP) == "parent"
        if errand is Errand.FIRST_APPOINTMENT and parent:
            return str(self.words["for_child"])
        return str(self.words["opens"].get(errand.value, TO_WRITE)) if errand else TO_WRITE

    def _existing(self) -> Iterator[str]:
        if not self._is_on_file():
            return
        yield "existing:"
        yield f"  first_name: {_quoted(self.who.first_name)}"
        yield f"  last_name: {_quoted(self.who.last_name)}"
        yield f"  date_of_birth: {_quoted(self.who.born.isoformat())}"
        yield f"  phone: {_quoted(self.who.phone)}"
        visit = next(iter(self._visits()), None)
        if visit is not None:
            yield f"  appointment: {_quoted(self._moment(visit.start).isoformat())}"
            yield f"  clinician: {_quoted(clinician_name(visit.clinician, self.practice))}"
            yield f"  modality: {visit.modality.value}"
        self.asks.append(
            ("existing", "who is on file is invented; the visit is weeks away from the real one")
        )

    def _is_on_file(self) -> bool:
        """Or says so, by what they come for."""
        return self.state.person is not None or bool(self._visits()) or self.state.errand in OF_A_PATIENT

    def _visits(self) -> list[Slot]:
        for event in self.events:
            if isinstance(event.body, e.Did) and isinstance(event.body.answer, Visits):
                return [each.slot for each in event.body.answer.visits]
        return []

    def _expect(self) -> Iterator[str]:
        mark = reviewing.whole(reviewing.marks(self.events))
        body = mark.body if mark else None
        came = body.outcome if body and body.outcome else reviewing.came_to(self.state)
        verdict = body.verdict if body and body.verdict else reviewing.verdict_of(self.state)
        lines = [f"outcome: {came}"] if came else []
        lines.append(f"handoff: {'none' if verdict == 'clear' else verdict}")
        told = {key.detail for key in self.state.known if key.subject is Subject.PATIENT}
        values = {
            each: self._theirs(each, self.who) for each in EXPECTED if each in told and came == "booked"
        }
        lines += _section("details", [f"{name}: {_quoted(value)}" for name, value in values.items() if value])
        yield from _section("expect", lines)
        if not came or body is None:
            self.asks.append(
                ("expect", "nobody has said what should have happened: see that this is what should")
            )

    # -- what is answered ----------------------------------------------------------------------------------------------

    def _knows(self) -> dict[str, list[str]]:
        knows: dict[str, list[str]] = {}
        for act in self.given:
            for name, said in self._answer(act):
                if not knows.get(name) or name in ("choice", "availability"):
                    knows.setdefault(name, []).append(said)
        for each in EXPECTED if self._is_on_file() else ():
            knows.setdefault(each.value, [self._said(Key(Subject.PATIENT, each), "")])
        if self.words is not None and self.state.confirmed:
            knows.setdefault("confirm", [self.words["confirm"]])
        return knows

    def _answer(self, act: a.Act) -> Iterator[tuple[str, str]]:
        words = self.words
        match act:
            case a.Give() if act.detail not in NEVER:
                yield str(act.key), self._said(act.key, act.value)
            case a.Choose(index) if words is not None:
                yield "choice", words["choice"][index] if index < len(words["choice"]) else TO_WRITE
            case a.NoneOfThose() if words is not None:
                yield "choice", words["none"]

    def _said(self, place: Key, value: str) -> str:
        """What somebody says who means an invented value of this kind."""
        who = self.who if place.subject is Subject.PATIENT else self.other
        detail, words = place.detail, self.words
        theirs = self._theirs(detail, who)
        if theirs is not None:
            return (
                theirs if detail is not Detail.DATE_OF_BIRTH else inventing.spoken_date(who.born, self.locale)
            )
        if detail in OF_THE_PRACTICE and (known := self._of_the_practice(place, value)):
            return known
        told = self._in_words(detail, value, words) if words is not None else None
        if told is None:
            self.asks.append((str(place), "what they said can't be told in a sentence of ours: write one"))
        return told or TO_WRITE

    def _theirs(self, detail: Detail, who: Invented) -> str | None:
        caller = self.other
        found = {
            Detail.FIRST_NAME: who.first_name.lower(), Detail.LAST_NAME: who.last_name.lower(),
            Detail.PREFERRED_NAME: who.first_name.lower(), Detail.DATE_OF_BIRTH: who.born.isoformat(),
            Detail.PHONE: inventing.spoken_number(who.phone), Detail.EMAIL: who.email,
            Detail.MEMBER_ID: who.member_id, Detail.CALLER_NAME: f"{caller.first_name} {caller.last_name}".lower(),
        }  # fmt: skip
        return found.get(detail)

    def _of_the_practice(self, place: Key, value: str) -> str | None:
        practice = self.practice
        known = {name for each in practice.clinicians for name in (each.id, each.name)}
        known |= {each.id for each in practice.visit_kinds} | {each.id for each in practice.sites}
        if place.detail is Detail.STATE:
            return STATES[value].lower() if value in STATES else None
        return shown(str(place), value, self.practice) if value in known else None

    def _in_words(self, detail: Detail, value: str, words: Mapping[str, Any]) -> str | None:
        if detail in BY_NAME:
            return words[BY_NAME[detail]].get(value)  # type: ignore[no-any-return]
        if detail in IN_ONE_WAY:
            if detail is not Detail.CONFIRM:
                self.asks.append((str(detail), "what they said is replaced by a sentence of ours"))
            return str(words[IN_ONE_WAY[detail]])
        if detail is Detail.INSURANCE:
            ours = (each for each in self.practice.insurers if value in (each.id, each.name))
            return next((each.name.lower() for each in ours), None)
        if detail is Detail.LANGUAGE:
            return _language(value, self.locale)
        if detail is Detail.AVAILABILITY:
            return inventing.wish(Wish.loads(value), self.locale, words)
        if value in ("true", "false"):
            return str(words["yes" if value == "true" else "no"])
        return None

    def _interrupts(self) -> Iterator[str]:
        """Questions that were asked instead of an answer."""
        lines: list[str] = []
        asked: tuple[str, ...] = ()
        turns = 0
        for event in self.events:
            if isinstance(event.body, e.Asked):
                asked = event.body.details
            topics = [act.topic for act in _acts(event.body) if isinstance(act, a.AskAbout)]
            turns += isinstance(event.body, e.Understood)
            if topics and turns > 1 and asked and asked[0] in _details() and self.words is not None:
                says = self.words["asks"].get(topics[0].value, TO_WRITE)
                lines += [f"- when_asked: {asked[0]}", f"  says: {_quoted(says)}"]
                if says == TO_WRITE:
                    self.asks.append(
                        (f"interrupts, {asked[0]}", "a question that no sentence of ours stands for")
                    )
        yield from _section("interrupts", lines)

    # -- what is invented ----------------------------------------------------------------------------------------------

    def _is_child(self, today: date) -> bool:
        value = self.state.value(Detail.DATE_OF_BIRTH)
        try:
            born = date.fromisoformat(value or "")
        except ValueError:
            return False
        return (today - born).days < inventing.OF_AGE * 365

    def _names(self, who: Invented) -> tuple[str, ...]:
        return who.first_name, who.last_name, who.phone, who.member_id

    def _weeks(self, opened: datetime) -> timedelta:
        """Another week with the same hours, so that nobody's day is told."""
        weeks = list(range(SOONEST, LATEST))
        self.chance.shuffle(weeks)
        was = is_open(self.practice, opened)
        return next(
            (
                shift
                for n in weeks
                if is_open(self.practice, self._shifted(opened, shift := timedelta(weeks=n))) == was
            ),
            timedelta(weeks=SOONEST),
        )

    def _shifted(self, moment: datetime, by: timedelta) -> datetime:
        """The same hour of that day on the practice's clock, to the ten minutes."""
        local = moment.astimezone(self.practice.timezone).replace(tzinfo=None) + by
        local = local.replace(minute=local.minute // 10 * 10, second=0, microsecond=0)
        return local.replace(tzinfo=self.practice.timezone)

    def _moment(self, moment: datetime) -> datetime:
        return self._shifted(moment, self.shift)


def _language(tag: str, locale: str) -> str | None:
    try:
        name = Locale.parse(tag, sep="-").get_display_name(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return None
    return name.lower() if name else None


def _acts(body: e.Body) -> tuple[a.Act, ...]:
    return body.acts if isinstance(body, e.Understood) else ()


def _details() -> frozenset[str]:
    return frozenset(str(Key(subject, detail)) for subject in Subject for detail in Detail)


def _section(name: str, lines: Sequence[str]) -> list[str]:
    return [f"{name}:", *(f"  {line}" for line in lines)] if lines else []


def _several(said: Sequence[str]) -> str:
    return _quoted(said[0]) if len(said) == 1 else f"[{', '.join(_quoted(each) for each in said)}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
