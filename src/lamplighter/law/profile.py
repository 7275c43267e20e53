"""What the law asks where a practice and its people are. The strictest of several states wins.

The facts are a start, not advice: `LawProfile.unsettled` names what counsel should look at, and the whole goes
stale 180 days after it was compiled. What this product does everywhere (saying first that it is automated,
announcing a recording, sending a minor who is alone to a person) needs no state to ask for it, and no profile
turns it off.

Data that is stale narrows and never mutes: what a state might ask by now is kept as if it did (`STRICT_STOPS`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final, Literal

from lamplighter.law.states import SHIPPED, LawData

FRESH_FOR: Final = timedelta(days=180)
OF_AGE: Final = 18
WIDEST: Final = (time(9), time(20))
STRICT_STOPS: Final = (
    "the optional large model is asked nothing",
    "whoever waits hears plain facts alone, and whoever tells of themselves only that a person is there",
    "a parent's request from another state is held until a person confirms it",
)
"""What strict mode does otherwise, for whoever reads a warning. Bookings, answers and hand-overs go on."""


class UnknownState(ValueError):
    """Not the two letters of a state of the US or of the District of Columbia."""


class Duty(StrEnum):
    """What a rule may ask of the desk; `ai_laws.toml` says which rule asks what."""

    SAY_AUTOMATED_AT_START = "say_automated_at_start"
    SAY_AUTOMATED_WHEN_ASKED = "say_automated_when_asked"
    SAY_AUTOMATED_AT_END = "say_automated_at_end"  # of a contact that touched clinical matters
    REACH_A_PERSON = "reach_a_person"
    WRITTEN_NOTICE = "written_notice"  # by the first visit
    CONSENT_TO_ARTIFICIAL_VOICE = "consent_to_artificial_voice"  # on calls that we place
    HONOUR_ANY_OPT_OUT = "honour_any_opt_out"
    NO_LICENSED_TITLE = "no_licensed_title"
    NO_THERAPEUTIC_WORDS = "no_therapeutic_words"
    NO_READING_OF_EMOTION = "no_reading_of_emotion"
    ADMINISTRATIVE_ONLY = "administrative_only"
    ANSWERED_FOR_BY_A_PERSON = "answered_for_by_a_person"
    REVIEW_OF_OUTPUT = "review_of_output"
    PERSON_DECIDES_ACCESS = "person_decides_access"
    PEOPLE_CHECK_TRANSLATIONS = "people_check_translations"
    STORAGE_IN_US = "storage_in_us"
    CRISIS_STEPS_PUBLISHED = "crisis_steps_published"
    STAY_OUT_OF_SCOPE = "stay_out_of_scope"  # a rule for companions, which we must not come to resemble


EVERYWHERE: Final = frozenset(
    {
        Duty.SAY_AUTOMATED_AT_START,
        Duty.SAY_AUTOMATED_WHEN_ASKED,
        Duty.REACH_A_PERSON,
        Duty.HONOUR_ANY_OPT_OUT,
        Duty.NO_LICENSED_TITLE,
        Duty.NO_THERAPEUTIC_WORDS,
        Duty.NO_READING_OF_EMOTION,
        Duty.ADMINISTRATIVE_ONLY,
    }
)
"""What this product does whatever the law asks."""

Status = Literal["in_force", "coming", "proposed", "unsure"]
Consent = Literal[
    "parent", "minor", "minor_limited", "mature_minor", "conditional", "either", "both", "unsettled"
]


@dataclass(frozen=True, slots=True)
class AiLaw:
    """A rule about automated assistants. `starts` None: not established."""

    id: str
    where: str
    source: str
    starts: date | None
    status: Status
    duties: frozenset[Duty]
    note: str
    ask_counsel: bool = False

    def holds(self, day: date) -> bool:
        """Whether to keep it on `day`. A rule of which we are unsure is kept; a proposed one is not."""
        return self.status != "proposed" and (self.starts is None or self.starts <= day)


@dataclass(frozen=True, slots=True)
class MinorRule:
    """Who consents to a minor's outpatient care. `from_age` is the age from which the minor counts, None if unset.

    `sure` False: to be treated as if a person had to decide, whatever `consent` says.
    """

    state: str
    consent: Consent
    from_age: int | None
    source: str
    sure: bool

    @property
    def parent_can_consent(self) -> bool:
        """Whether a parent's word is certainly enough to book a first visit at any age under 18."""
        return self.sure and self.consent in ("parent", "either", "conditional", "minor", "minor_limited")

    def agrees_alone(self, age: int) -> bool:
        """Whether somebody of this age certainly agrees by themselves, in every case. Where the law names no age, or
        any, nobody under 18 does."""
        by_law = self.sure and self.consent in ("minor", "either")
        return age >= ((self.from_age or OF_AGE) if by_law else OF_AGE)


@dataclass(frozen=True, slots=True)
class LawProfile:
    """What holds for a practice that works in `states`, on `day`.

    recording: whether everybody on a call must agree to its recording; the notice is given in any case.
    minors: by state, since a minor's rights follow where they are. A minor who is alone goes to a person everywhere.
    payer_consent_first: a state asks more than HIPAA before a health plan is told anything.
    contact_from, contact_until: local hours in which we write or call unasked; never on a Sunday.
    unsettled: one line for each fact that counsel should confirm.
    narrow: a state forbids words that could be taken for therapy (Illinois is one), or nobody knows by now: then what
    we say is plain administration, and no model but the guard reads what was said.
    """

    states: tuple[str, ...]
    day: date
    duties: frozenset[Duty]
    recording: Literal["one_party", "all_parties"]
    minors: tuple[MinorRule, ...]
    payer_consent_first: bool
    contact_from: time
    contact_until: time
    laws: tuple[AiLaw, ...]
    coming: tuple[AiLaw, ...]
    unsettled: tuple[str, ...]
    compiled_on: date
    narrow: bool = False
    sunday_contact: bool = False

    @property
    def stale_from(self) -> date:
        return self.compiled_on + FRESH_FOR + timedelta(days=1)

    def is_stale(self, day: date) -> bool:
        """More than 180 days after it was compiled."""
        return day >= self.stale_from

    @property
    def name(self) -> str:
        """What an event or a log line calls it: "IL+NY 2026-07-31"."""
        return f"{'+'.join(sorted(self.states))} {self.compiled_on.isoformat()}"

    def minor_rule(self, state: str) -> MinorRule:
        """Raises UnknownState where the profile is not about that state."""
        found = next((rule for rule in self.minors if rule.state == state), None)
        if found is None:
            raise UnknownState(state)
        return found


def profile_for(states: Iterable[str], day: date, data: LawData = SHIPPED) -> LawProfile:
    """The profile of these states (two letters each, at least one) as of `day`. Raises UnknownState."""
    wanted = tuple(dict.fromkeys(states))
    if not wanted or any(state not in data.facts for state in wanted):
        raise UnknownState(", ".join(state for state in wanted if state not in data.facts) or "no state")
    found = _profile(wanted, day, data)
    return _strict(found) if found.is_stale(day) else found


def _profile(wanted: tuple[str, ...], day: date, data: LawData) -> LawProfile:
    facts = [data.facts[state] for state in wanted]
    here = [law for law in all_laws(data) if law.where in ("US", *wanted)]
    laws = tuple(law for law in here if law.holds(day))
    windows = [window(fact) for fact in facts]
    minors = tuple(_minor_rule(state, data.facts[state]) for state in wanted)
    return LawProfile(
        states=wanted,
        day=day,
        duties=EVERYWHERE.union(*(law.duties for law in laws)),
        recording="all_parties" if any(f["recording"] == "all_parties" for f in facts) else "one_party",
        minors=minors,
        payer_consent_first=any(fact["payer_disclosure"] == "stricter" for fact in facts),
        contact_from=max(start for start, _ in windows),
        contact_until=min(end for _, end in windows),
        laws=laws,
        coming=tuple(law for law in here if not law.holds(day)),
        unsettled=tuple(line for rule in minors for line in _unsettled(rule, data.facts[rule.state]))
        + tuple(f"{law.where}: {law.source}: {law.note}" for law in laws if law.ask_counsel),
        compiled_on=data.compiled_on,
        narrow=any(Duty.NO_THERAPEUTIC_WORDS in law.duties for law in laws),
    )


def _strict(profile: LawProfile) -> LawProfile:
    """As if every state asked what any state asks: for data that nobody has looked at for too long."""
    return replace(
        profile,
        duties=frozenset(Duty),
        recording="all_parties",
        minors=tuple(replace(rule, sure=False) for rule in profile.minors),
        payer_consent_first=True,
        narrow=True,
    )


@cache
def all_laws(data: LawData = SHIPPED) -> tuple[AiLaw, ...]:
    return tuple(_law(raw) for raw in data.laws)


def _law(raw: Mapping[str, Any]) -> AiLaw:
    known = frozenset(Duty)
    duties = frozenset(Duty(duty) for duty in raw["duties"] if duty in known)
    return AiLaw(
        id=raw["id"],
        where=raw["where"],
        source=raw["source"],
        starts=raw.get("from"),
        status=raw["status"],
        duties=duties,
        note=raw["note"],
        ask_counsel=raw.get("ask_counsel", False) or raw["status"] == "unsure",
    )


def _minor_rule(state: str, facts: Mapping[str, Any]) -> MinorRule:
    return MinorRule(
        state=state,
        consent=facts["minors"],
        from_age=facts.get("minor_from"),
        source=facts.get("minors_source", ""),
        sure=facts["minors_sure"] != "doubtful" and facts["minors"] != "unsettled",
    )


def window(facts: Mapping[str, Any]) -> tuple[time, time]:
    """Our own hours there, never wider than those in which the state lets strangers be called."""
    start, end = _hours(facts["ours"]) if "ours" in facts else WIDEST
    lawful_start, lawful_end = _hours(facts["calls"])
    return max(start, lawful_start), min(end, lawful_end)


def _hours(written: str) -> tuple[time, time]:
    start, _, end = written.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def _unsettled(rule: MinorRule, facts: Mapping[str, Any]) -> list[str]:
    lines = []
    if not rule.sure:
        lines.append(f"{rule.state}: who consents to a minor's care ({rule.source or 'no source'})")
    if facts["recording_sure"] != "settled":
        lines.append(f"{rule.state}: who must agree to a recording ({facts['recording_source']})")
    return lines
