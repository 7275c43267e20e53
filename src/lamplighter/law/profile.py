"""What the law asks where a practice and its people are. The strictest of several states wins.

The facts are a start, not advice: `LawProfile.unsettled` names what counsel should look at, and the whole goes
stale 180 days after it was compiled. What this product does everywhere (saying first that it is automated,
announcing a recording, sending a minor who is alone to a person) needs no state to ask for it, and no profile
turns it off.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, Final, Literal

from lamplighter.law.states import AI_LAWS, COMPILED_ON, STATE_FACTS

FRESH_FOR: Final = timedelta(days=180)
WIDEST: Final = (time(9), time(20))


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


@dataclass(frozen=True, slots=True)
class LawProfile:
    """What holds for a practice that works in `states`, on `day`.

    recording: whether everybody on a call must agree to its recording; the notice is given in any case.
    minors: by state, since a minor's rights follow where they are. A minor who is alone goes to a person everywhere.
    payer_consent_first: a state asks more than HIPAA before a health plan is told anything.
    contact_from, contact_until: local hours in which we write or call unasked; never on a Sunday.
    unsettled: one line for each fact that counsel should confirm.
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
    compiled_on: date = COMPILED_ON
    sunday_contact: bool = False

    @property
    def stale_from(self) -> date:
        return self.compiled_on + FRESH_FOR + timedelta(days=1)

    def is_stale(self, day: date) -> bool:
        """More than 180 days after it was compiled."""
        return day >= self.stale_from

    def minor_rule(self, state: str) -> MinorRule:
        """Raises UnknownState where the profile is not about that state."""
        found = next((rule for rule in self.minors if rule.state == state), None)
        if found is None:
            raise UnknownState(state)
        return found


def profile_for(states: Iterable[str], day: date) -> LawProfile:
    """The profile of these states (two letters each, at least one) as of `day`. Raises UnknownState."""
    wanted = tuple(dict.fromkeys(states))
    if not wanted or any(state not in STATE_FACTS for state in wanted):
        raise UnknownState(", ".join(state for state in wanted if state not in STATE_FACTS) or "no state")
    facts = [STATE_FACTS[state] for state in wanted]
    here = [law for law in ALL_LAWS if law.where in ("US", *wanted)]
    laws = tuple(law for law in here if law.holds(day))
    windows = [_window(fact) for fact in facts]
    return LawProfile(
        states=wanted,
        day=day,
        duties=EVERYWHERE.union(*(law.duties for law in laws)),
        recording="all_parties" if any(f["recording"] == "all_parties" for f in facts) else "one_party",
        minors=tuple(_minor_rule(state) for state in wanted),
        payer_consent_first=any(fact["payer_disclosure"] == "stricter" for fact in facts),
        contact_from=max(start for start, _ in windows),
        contact_until=min(end for _, end in windows),
        laws=laws,
        coming=tuple(law for law in here if not law.holds(day)),
        unsettled=tuple(line for state in wanted for line in _unsettled(state))
        + tuple(f"{law.where}: {law.source}: {law.note}" for law in laws if law.ask_counsel),
    )


def _law(raw: dict[str, Any]) -> AiLaw:
    duties = frozenset(Duty(duty) for duty in raw["duties"])
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


def _minor_rule(state: str) -> MinorRule:
    facts = STATE_FACTS[state]
    return MinorRule(
        state=state,
        consent=facts["minors"],
        from_age=facts.get("minor_from"),
        source=facts.get("minors_source", ""),
        sure=facts["minors_sure"] != "doubtful" and facts["minors"] != "unsettled",
    )


def _window(facts: dict[str, Any]) -> tuple[time, time]:
    """Our own hours there, never wider than those in which the state lets strangers be called."""
    start, end = _hours(facts["ours"]) if "ours" in facts else WIDEST
    lawful_start, lawful_end = _hours(facts["calls"])
    return max(start, lawful_start), min(end, lawful_end)


def _hours(written: str) -> tuple[time, time]:
    start, _, end = written.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def _unsettled(state: str) -> list[str]:
    facts = STATE_FACTS[state]
    lines = []
    if not _minor_rule(state).sure:
        lines.append(f"{state}: who consents to a minor's care ({facts.get('minors_source', 'no source')})")
    if facts["recording_sure"] != "settled":
        lines.append(f"{state}: who must agree to a recording ({facts['recording_source']})")
    return lines


ALL_LAWS: Final = tuple(_law(raw) for raw in AI_LAWS)
