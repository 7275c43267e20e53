"""A day that is called off, in words: who comes, how each would be told, what may be chosen, how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from babel.dates import format_date

from lamplighter.console import wording
from lamplighter.desk.ports import Person
from lamplighter.desk.sick_day import Choice, Spell, ToTell
from lamplighter.desk.sick_day_choices import Choosing, Option
from lamplighter.desk.sick_day_tally import How, Line
from lamplighter.practice.model import Practice

BY_CALL: Mapping[str, str] = {
    **wording.NOT_SENT,
    "channel": "they get no texts from us",
    "by_person_only": "a person sees to them",
    "email_too_slow": "an email may not be read in time",
    "quiet_hours": "no text may go early enough",
    "too_late": "a text would come too late",
    "chosen": "chosen so",
    "lapsed": "no answer in time",
    "yes": "they said yes, the other did not",
    "other_no": "the other did not say yes",
    "gone": "the time could not be kept",
}
CAN_NOT: Mapping[str, str] = {
    **BY_CALL,
    "group": "more than two come to it",
    "one_is_called": "one of them has to be called",
    "one_address": "both are reached at one number",
    "no_time_to_answer": "no time is left to answer",
    "kind_by_video": "this kind of visit is not held by video",
    "not_signed": "the words for it are not signed yet",
    "no_video": "this clinician has no visits by video",
    "out_of_state": "they live where the clinician is not licensed",
    "cover_busy": "no colleague who may see them is free then",
    "cover_clinician_kind": "no colleague has this kind of visit",
    "cover_clinician_not_taking": "no colleague takes new patients",
    "cover_too_young": "no colleague sees somebody so young",
    "cover_too_old": "no colleague sees somebody so old",
    "cover_no_such_language": "no colleague speaks their language",
    "cover_out_of_state": "no colleague is licensed where they live",
    "cover_not_on_panel": "no colleague is on their insurer's panel",
    "cover_none_fit": "no colleague meets them this way",
    "cover_full": "no colleague has room for new patients",
}
CHOSEN: Mapping[Choice, str] = {
    "move": "New times for whoever answers",
    "video": "Video at the same time",
    "cover": "A colleague at the same time",
    "call": "A call",
}
STAYS = "Stays by video, nobody is asked"
STANDS: Mapping[How, str] = {
    "rebooked": "Has a new time",
    "by_video": "Kept by video",
    "with_colleague": "Kept",
    "asked": "Asked, no answer yet",
    "says_yes": "Says yes, the other has not answered",
    "answered": "Told, and answered",
    "told": "Told",
    "waits": "Text waits for the hours in which it may go",
    "to_call": "To be called",
    "called": "Called",
    "to_decide": wording.CLINICIAN_DECIDES,
    "decided": "Not to be contacted: a clinician has seen to it",
}
NAMED: tuple[How, ...] = ("with_colleague",)
"""Where it is said with whom."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person of one visit, in words."""

    when: str
    name: str
    phone: str | None
    about: str
    way: str
    task: str | None = None
    to_call: bool = False
    to_decide: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that may be chosen for a visit. `why`: why it can't be."""

    value: Choice
    label: str
    why: str
    on: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One visit of the preview. No `buttons` where there is nothing to choose."""

    visit: str
    rows: tuple[Row, ...]
    buttons: tuple[Button, ...]


class Words:
    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    def group(self, each: Choosing, wanted: str | None, soon: datetime) -> Group:
        """`wanted`: what is to be chosen where it can be had."""
        on = next(
            (one.choice for one in each.options if one.choice == wanted and one.why is None), each.usual
        )
        buttons = tuple(self._button(one, on) for one in each.options) if each.open else ()
        return Group(each.visit.id, tuple(self.planned(plan, soon) for plan in each.plans), buttons)

    def _button(self, option: Option, on: Choice) -> Button:
        label = CHOSEN[option.choice]
        if option.stays:
            label = STAYS
        elif option.choice == "cover" and option.slot is not None:
            label = f"{label}: {self.named(option.slot.clinician)}"
        why = CAN_NOT.get(option.why, "not now") if option.why else ""
        return Button(option.choice, label, why, option.choice == on)

    def planned(self, each: ToTell, soon: datetime) -> Row:
        zone = self._practice.timezone
        if each.way == "clinician":
            return self.row(each.visit.slot.start, each.person, wording.CLINICIAN_DECIDES, to_decide=True)
        if each.way == "call":
            why = BY_CALL.get(each.why or "", "a person sees to them")
            return self.row(each.visit.slot.start, each.person, f"Call: {why}", to_call=True)
        at = "at once" if each.at is None or each.at <= soon else f"at {wording.time_of(each.at, zone)}"
        return self.row(each.visit.slot.start, each.person, f"{each.way.capitalize()}, {at}")

    def row(
        self,
        start: datetime,
        person: Person | None,
        way: str,
        task: str | None = None,
        *,
        to_call: bool = False,
        to_decide: bool = False,
    ) -> Row:
        name = f"{person.preferred_name or person.first_name} {person.last_name}" if person else ""
        return Row(
            wording.time_of(start, self._practice.timezone),
            name or "Name not known",
            person.phone if person and not to_decide else None,
            person.id if person else "",
            way,
            task,
            to_call,
            to_decide,
        )

    def named(self, clinician: str) -> str:
        known = {each.id: each.spoken_name for each in self._practice.clinicians}
        return known.get(clinician, clinician)

    def what(self, spell: Spell) -> str:
        zone = self._practice.timezone
        start, end = spell.start.astimezone(zone), spell.end.astimezone(zone)
        day = format_date(start.date(), "EEEE, MMM d", locale="en")
        whole = start.time() == time() and end.date() > start.date()
        hours = "" if whole else f", {wording.time_of(start, zone)} to {wording.time_of(end, zone)}"
        return f"{self.named(spell.clinician)}, {day}{hours}"

    def again(self, line: Line) -> Row:
        """Somebody without a new time, for whoever wants to call them; nobody who is not to be contacted."""
        return self.row(line.told.start, line.person, STANDS[line.how], to_call=True)

    def standing(self, line: Line) -> Row:
        words = STANDS[line.how]
        if line.how in NAMED and line.clinician:
            words = f"{words}, with {self.named(line.clinician)}"
        if line.how == "to_call" and line.why:
            words = f"{words}: {BY_CALL.get(line.why, 'the text could not go')}"
        if line.how == "to_decide":
            return self.row(line.told.start, line.person, words, to_decide=True)
        return self.row(line.told.start, line.person, words, line.task, to_call=line.how == "to_call")
