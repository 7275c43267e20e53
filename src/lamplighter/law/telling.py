"""The law as a practice signs it, in words: what holds in its states, from what day on, and what counsel should see."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lamplighter.law.profile import STRICT_STOPS, AiLaw, Duty, all_laws, profile_for
from lamplighter.law.states import LawData

CONSENTS: Final = {
    "parent": "a parent",
    "minor": "the minor from {age} on",
    "minor_limited": "the minor from {age} on, within limits",
    "mature_minor": "a minor who is mature enough, by judgement",
    "conditional": "the minor under conditions, else a parent",
    "either": "the minor from {age} on, or a parent",
    "both": "the minor from {age} on and a parent together",
    "unsettled": "not settled: a person decides",
}
PLANS: Final = {
    "stricter": "consent is asked before a health plan is told anything",
    "partly_stricter": "some things need consent before a health plan is told",
    "federal": "as federal law has it",
}
STATUS: Final = {
    "in_force": "in force",
    "coming": "coming",
    "proposed": "proposed, not kept",
    "unsure": "unsure, kept as if in force",
}


def told(states: Iterable[str], data: LawData) -> str:
    """Plain text about these states, the same on every day: it changes only with the data. Raises UnknownState."""
    wanted = tuple(dict.fromkeys(states))
    profile = profile_for(wanted, data.compiled_on, data)
    laws = [law for law in all_laws(data) if law.where in ("US", *wanted)]
    lines = [
        "A start, not legal advice: nobody has reviewed the data as counsel.",
        f"Data of {data.compiled_on.isoformat()}, stale from {profile.stale_from.isoformat()}. Then:",
        *(f"  {line}" for line in STRICT_STOPS),
        "Where a person is from another state, the stricter of the two holds.",
        *(line for state in wanted for line in _state(state, data.facts[state], laws)),
        "",
        "Rules about automated assistants",
        *(_law(law) for law in laws),
        "",
        "Ask counsel",
        *(f"  {line}" for line in profile.unsettled or ("nothing that the data marks as doubtful",)),
    ]
    return "\n".join(lines) + "\n"


def _state(state: str, facts: Mapping[str, Any], laws: Iterable[AiLaw]) -> Iterator[str]:
    everybody = facts["recording"] == "all_parties"
    age = facts.get("minor_from")
    consents = CONSENTS[facts["minors"]].format(age="any age" if age == 0 else age)
    yield from ("", f"{facts['name']} ({state})")
    yield f"  recording: {'everybody' if everybody else 'one party'} must agree; it is announced to all in any case"
    yield f"  a minor's care is consented to by: {consents} ({facts.get('minors_source', 'no source')})"
    yield f"  health plans: {PLANS[facts['payer_disclosure']]} ({facts['confidentiality']})"
    if any(law.where == state and Duty.NO_THERAPEUTIC_WORDS in law.duties for law in laws):
        yield "  narrow: plain administration alone, no word that could be taken for therapy, no large model"


def _law(law: AiLaw) -> str:
    since = f" from {law.starts.isoformat()}" if law.starts else ""
    return f"  {law.where}: {law.source}, {STATUS[law.status]}{since}. {law.note}"
