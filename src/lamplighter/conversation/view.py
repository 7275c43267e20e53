"""What a flow may look at: the state so far and the practice. It can't change either."""

from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.conversation.actions import Done
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.facts import clinician_name
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State
from lamplighter.conversation.wish import Wish
from lamplighter.law.profile import LawProfile, profile_for
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Clinician, Practice


@dataclass(slots=True)
class View:
    """`state` is replaced by the engine as the turn goes on, so a flow always reads what was said last."""

    state: State
    practice: Practice
    texts: bool = True  # whether a text can be sent at all
    law_data: LawData = SHIPPED  # as the practice signed it

    def value(self, detail: Detail, subject: Subject = Subject.PATIENT) -> str | None:
        return self.state.value(detail, subject)

    def truth(self, detail: Detail) -> bool | None:
        """A yes-or-no detail; None when it isn't known."""
        value = self.value(detail)
        return None if value is None else value == "true"

    def declined(self, detail: Detail) -> bool:
        return self.value(detail) is None and self.state.has_declined(detail)

    def asked(self, detail: Detail) -> bool:
        return self.state.attempts.get(Key(Subject.PATIENT, detail), 0) > 0

    def sent(self, done: Done) -> str:
        """Whether a text about it goes out, as phrases select on it."""
        return "text" if done.texted and self.texts else "none"

    @property
    def now(self) -> datetime:
        """Practice-local time of the last event."""
        assert self.state.at is not None
        return self.state.at.astimezone(self.practice.timezone)

    @property
    def wish(self) -> Wish:
        """When they can come, with what refusals of offers have narrowed it to."""
        written = self.value(Detail.AVAILABILITY)
        wish = Wish.loads(written) if written else Wish()
        return wish.excluding(*self.state.narrowed) if self.state.narrowed else wish

    @property
    def law(self) -> LawProfile:
        """What holds here: the stricter of the practice's own state and the person's."""
        return self.law_with(self.state.law.state if self.state.law else None)

    def law_with(self, state: str | None) -> LawProfile:
        own = self.practice.state
        return profile_for((own, state) if state else (own,), self.now.date(), self.law_data)

    @property
    def clinician(self) -> Clinician | None:
        """The clinician who was named, if they work here."""
        return self.clinician_named(self.value(Detail.CLINICIAN))

    def clinician_named(self, name: str | None) -> Clinician | None:
        return next((c for c in self.practice.clinicians if name in (c.name, c.id)), None)

    @property
    def gender(self) -> str | None:
        value = self.value(Detail.CLINICIAN) or ""
        return value.removeprefix("gender:") if value.startswith("gender:") else None

    @property
    def born(self) -> date | None:
        value = self.value(Detail.DATE_OF_BIRTH)
        return date.fromisoformat(value) if value else None

    def age_on(self, day: date) -> int | None:
        born = self.born
        return (
            None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        )

    @property
    def for_somebody_else(self) -> bool:
        """Whether the person acts for a patient rather than as one."""
        return self.state.for_somebody_else

    def full_name(self) -> str:
        return self.full_name_of(Subject.PATIENT)

    def full_name_of(self, subject: Subject) -> str:
        """As far as it is known."""
        names = (self.value(detail, subject) for detail in (Detail.FIRST_NAME, Detail.LAST_NAME))
        return " ".join(name for name in names if name)

    def slot_args(self, slot: Slot) -> dict[str, str]:
        """How phrases name a time: day, clock, clinician, and where."""
        start = slot.start.astimezone(self.practice.timezone).isoformat()
        site = next((s for s in self.practice.sites if s.id == slot.site), None)
        return {
            "day": start,
            "clock": start,
            "clinician": clinician_name(self.practice.clinician(slot.clinician), self.state.locale),
            "modality": slot.modality.value,
            "address": site.address if site else "none",
        }
