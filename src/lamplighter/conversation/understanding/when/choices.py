"""Which of the times offered was chosen: by position, day, time, clinician or kind of visit."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from lamplighter.conversation.acts import Choose, NoneOfThose, Unmatched
from lamplighter.conversation.understanding.context import OfferedTime
from lamplighter.conversation.understanding.when.items import Item
from lamplighter.conversation.understanding.when.lexicon import lexicon
from lamplighter.conversation.understanding.when.matches import Matcher, Trait, traits_at
from lamplighter.conversation.understanding.when.polarity import settle
from lamplighter.conversation.understanding.when.positions import Positions, find_positions
from lamplighter.conversation.understanding.when.scan import scan
from lamplighter.conversation.understanding.when.scene import Scene
from lamplighter.conversation.understanding.when.times import TimeReader, Times, both_readings

Choice = Choose | NoneOfThose | Unmatched
Towards = Literal["later_time", "earlier_time", "later_date", "earlier_date", "other_day", "others", "any"]
_TOWARDS: tuple[Towards, ...] = ("later_time", "earlier_time", "later_date", "earlier_date", "other_day")
DAY = (7 * 60, 21 * 60)


@dataclass(frozen=True, slots=True)
class Answer:
    """`named`: the offers that are meant, be it to refuse them. `mentioned`: those and any spoken of on the way.
    `pointed`: by position, name or way of meeting. `dated`: by day or hour rather than by a part of the day.
    """

    choice: Choice | None
    named: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()
    pointed: bool = False
    dated: bool = False
    mentioned: frozenset[int] = frozenset()
    places: tuple[tuple[int, int], ...] = ()  # the characters that name positions


@dataclass(frozen=True, slots=True)
class _Heard:
    """What an answer to an offer says, before it is weighed."""

    view: Scene
    items: tuple[Item, ...]
    positions: Positions
    fits: tuple[int, ...]  # offers that the days, times, names and modality said allow
    refused: frozenset[int]
    specific: bool  # whether any day, time, name or modality was said
    asks_time: bool  # whether a day or a time was
    pointed: bool  # whether a position, name or modality was

    @property
    def named(self) -> frozenset[int]:
        fits = self.fits if self.specific else ()
        return self.refused | {*fits, *self.positions.chosen}

    @property
    def dated(self) -> bool:
        said = [item for item in self.items if not item.refused]
        return any(item.days or (item.times and item.times.how == "at") for item in said)

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        return tuple((self.view.at(i).start, self.view.at(i).end) for i in sorted(self.positions.taken))

    def has(self, *kinds: str) -> bool:
        return any(lexeme.has(*kinds) for lexeme in self.view.lexemes)

    @property
    def inquires(self) -> bool:
        """ "Is Dr. Osei the psychologist": asks about one rather than for one."""
        return any(lexeme.word == "?" for lexeme in self.view.lexemes) or self.view.has(0, "inquires")

    @property
    def question(self) -> bool:
        return self.has("asks") or any(lexeme.word == "?" for lexeme in self.view.lexemes)


def find_choice(text: str, offered: tuple[OfferedTime, ...], locale: str, now: datetime) -> Choice | None:
    """The choice an answer makes among the times last offered, None where it makes none.

    Words that fit several offers take the first that fits. A wish for other times is `NoneOfThose`; a position,
    day or time that was not offered is `Unmatched`. A bare "yes" chooses only where one time was offered.
    """
    return hear_choice(text, offered, locale, now).choice


@lru_cache(maxsize=64)
def hear_choice(text: str, offered: tuple[OfferedTime, ...], locale: str, now: datetime) -> Answer:
    """What an answer to an offer chooses, and which of those offered it names at all."""
    if not offered:
        return Answer(None)
    heard = _hear(text[:2000], offered, locale, now)
    found = (choice for rule in (_refusal, _position, _fitting, _else) if (choice := rule(heard, offered)))
    choice = next(found, None)
    mentioned = heard.named | Matcher(offered, heard.items).mentioned()
    return Answer(choice, heard.named, heard.refused, heard.pointed, heard.dated, mentioned, heard.places)


def _hear(text: str, offered: tuple[OfferedTime, ...], locale: str, now: datetime) -> _Heard:
    words = lexicon(locale, of="choice")
    view = Scene(tuple(words.read(text)), words, now, *DAY)
    positions = find_positions(view, offered)
    scanned = [item for item in scan(view) if not positions.covers(item)]
    marked = _with_traits(view, offered, _with_hours(view, offered, scanned, positions))
    items = tuple(settle(marked))
    matcher = Matcher(offered, [item for item in items if item.kind != "offer"])
    traits = [
        (item.refused, trait)
        for item in items
        if item.kind == "offer" and (trait := traits_at(view, item.first, offered))
    ]
    wanted = [trait for refused, trait in traits if not refused]
    fits = [i for i in matcher.wanted() if all(i in one for one in _by_kind(wanted))]
    gone = {i for refused, trait in traits if refused for i in trait.offers}
    refused = matcher.refused() | positions.refused | gone
    specific = matcher.asks or bool(wanted)
    left = tuple(i for i in fits if i not in refused)
    pointed = bool(positions.chosen or positions.refused or traits)
    return _Heard(view, items, positions, left, refused, specific, matcher.asks, pointed)


def _with_hours(
    view: Scene, offered: tuple[OfferedTime, ...], items: list[Item], positions: Positions
) -> list[Item]:
    """A number alone is a time where that time was offered: "ten works"."""
    reader = TimeReader(view)
    covered = {i for item in items if item.atom for i in range(item.first, item.end)} | positions.taken
    minutes = {time.start.hour * 60 + time.start.minute for time in offered}
    found = list(items)
    for i in range(len(view.lexemes)):
        read = (
            reader.clock(i)
            if view.has(i, "num") and not view.has(i, "pronoun") and i not in covered
            else None
        )
        if read and minutes & set(both_readings(read[0])) and not view.has(i - 1, "numbered"):
            found.append(Item("times", i, read[1], times=Times("at", read[0])))
    return sorted(found, key=lambda item: item.first)


def _with_traits(view: Scene, offered: tuple[OfferedTime, ...], items: list[Item]) -> list[Item]:
    """Names of clinicians and ways of meeting as items of their own, so that they can be refused: "not by video"."""
    return [
        replace(item, kind="offer") if item.kind == "other" and traits_at(view, item.first, offered) else item
        for item in items
    ]


def _by_kind(wanted: list[Trait]) -> list[frozenset[int]]:
    """The offers that any name said allows, and those that any way of meeting said does."""
    return [
        frozenset(i for trait in wanted if trait.kind == kind for i in trait.offers)
        for kind in {trait.kind for trait in wanted}
    ]


def _refusal(heard: _Heard, offered: tuple[OfferedTime, ...]) -> Choice | None:
    """ "none of those", "anything later?", "something on another day"."""
    towards = next((t for t in _TOWARDS if heard.has(t)), None)
    if towards and not heard.positions.chosen:
        return NoneOfThose(towards)
    if (
        heard.has("none")
        and not heard.positions.chosen
        and not (heard.fits and heard.specific and not heard.question)
    ):
        return NoneOfThose(_towards_or_others(heard, offered))
    return None


def _position(heard: _Heard, offered: tuple[OfferedTime, ...]) -> Choice | None:
    if heard.positions.missing:
        return Unmatched()
    chosen = [i for i in heard.positions.chosen if i not in heard.refused]
    if not chosen:
        return None
    both = [i for i in chosen if i in heard.fits] if heard.specific else chosen
    return Choose(both[0]) if both else Choose(chosen[0])


def _fitting(heard: _Heard, offered: tuple[OfferedTime, ...]) -> Choice | None:
    if not heard.specific or (heard.inquires and heard.fits and not heard.asks_time):
        return None
    apart = heard.pointed or heard.has("either") or Matcher(offered, heard.items).mentioned()
    if heard.asks_time and len(heard.fits) == len(offered) > 1 and not apart:
        # "better next week", where all of them are, tells none from the others; "nine works" is content with any
        return Choose(0) if _only_an_hour(heard) and not heard.question else None
    if heard.fits and not (heard.has("other_word") and heard.question):
        return Choose(heard.fits[0])
    if heard.fits or heard.question:
        return NoneOfThose(_towards_or_others(heard, offered))
    return Unmatched()


def _only_an_hour(heard: _Heard) -> bool:
    said = [item for item in heard.items if not item.refused and (item.days or item.times)]
    return bool(said) and all(item.times and item.times.how == "at" and not item.days for item in said)


def _else(heard: _Heard, offered: tuple[OfferedTime, ...]) -> Choice | None:
    """What is left: refusals of some, "either", "yes", "no"."""
    left = [i for i in range(len(offered)) if i not in heard.refused]
    if heard.refused or heard.has("pick_other"):
        if not left:
            return NoneOfThose("other_day")
        narrowed = heard.has("pick_other", "either") or len(left) == 1
        if heard.refused and narrowed and not heard.question:
            return Choose(left[0])
        return Unmatched() if heard.refused else None
    if heard.has("either") and not heard.has("not", "other_word"):
        return Choose(0)
    if heard.has("accept") and not heard.has("not", "other_word"):
        return Choose(0) if len(offered) == 1 else None
    if _bare_no(heard):
        return NoneOfThose("any")
    return None


def _bare_no(heard: _Heard) -> bool:
    marks = [item.kind for item in heard.items if item.kind not in ("comma", "stop", "other")]
    others = sum(item.kind == "other" for item in heard.items)
    return bool(marks) and marks[0] in ("not", "post_not") and others <= 2


def _towards_or_others(heard: _Heard, offered: tuple[OfferedTime, ...]) -> Towards:
    """ "None of those, what else is there?" asks to be offered more; "none of those" alone says nothing of what would
    suit."""
    towards = _towards(heard, offered)
    return "others" if towards == "any" and (heard.question or heard.has("other_word")) else towards


def _towards(heard: _Heard, offered: tuple[OfferedTime, ...]) -> Towards:
    """Which way a day or time asked for lies from what was offered."""
    matcher = Matcher(offered, heard.items)
    if matcher.days and not matcher.fits_days():
        return "other_day"
    later = matcher.lies_later()
    if later is None:
        return "any"
    return "later_time" if later else "earlier_time"
