"""Answers to questions about the practice: which phrase, with which facts. All facts are the practice's own."""

from collections.abc import Callable, Iterable
from datetime import time

from babel import Locale
from babel.core import UnknownLocaleError

from lamplighter.conversation.acts import AskAbout, Topic
from lamplighter.conversation.details import Detail
from lamplighter.conversation.facts import clinician_name, find_insurer, money
from lamplighter.conversation.turning import Turn
from lamplighter.conversation.understanding.lexicon import lexicon
from lamplighter.law.states import STATES
from lamplighter.practice.model import Clinician, Modality

Answer = Callable[[AskAbout, Turn], None]


def answer(act: AskAbout, turn: Turn) -> None:
    """Says the answer to one question; a question without a fact is answered with the offer of a message."""
    ANSWERS.get(act.topic, _free)(act, turn)


def _hours(act: AskAbout, turn: Turn) -> None:
    days = turn.practice.hours.days
    spans = {(span.start, span.end) for day in days.values() for span in day}
    opens, closes = min(s for s, _ in spans), max(e for _, e in spans)
    weekdays = "weekdays" if sorted(days) == [0, 1, 2, 3, 4] else "other"
    turn.say("answer.hours", {"opens": _clock(opens), "closes": _clock(closes), "days": weekdays})


def _clock(at: time) -> str:
    return at.strftime("%H:%M")


def _address(act: AskAbout, turn: Turn) -> None:
    if not turn.practice.sites:
        return turn.say("answer.unknown")
    turn.say("answer.address", {"address": turn.practice.sites[0].address})


def _fact(topic: str) -> Answer:
    def say(act: AskAbout, turn: Turn) -> None:
        fact = turn.practice.answers.by_locale.get(turn.state.locale, {}).get(topic)
        if fact is None:
            return _free(act, turn)
        turn.say("answer.fact", {"fact": fact})

    return say


def _free(act: AskAbout, turn: Turn) -> None:
    """A topic with a fact of the practice's own, else what we can't answer ourselves."""
    fact = turn.practice.answers.by_locale.get(turn.state.locale, {}).get(act.topic.value)
    if fact:
        turn.say("answer.fact", {"fact": fact})
    else:
        turn.say("answer.unknown")


def _clinicians(act: AskAbout, turn: Turn) -> None:
    named = turn.view.clinician_named(act.about)
    if named:
        return turn.say(
            "answer.clinician",
            {
                "clinician": clinician_name(named, turn.state.locale),
                "languages": _languages_of(turn, named.languages),
            },
        )
    kind = next((kind for kind in turn.practice.visit_kinds if kind.id == act.about), None)
    seeing = [c for c in turn.practice.clinicians if kind and kind.id in c.visit_kinds]
    if kind and seeing:
        return turn.say("answer.kind_with", {"visit_kind": kind.id, "names": _names(seeing, turn)})
    turn.say("answer.clinicians", {"names": _names(turn.practice.clinicians, turn)})


def _names(clinicians: Iterable[Clinician], turn: Turn) -> str:
    return "|".join(clinician_name(clinician, turn.state.locale) for clinician in clinicians)


def _languages(act: AskAbout, turn: Turn) -> None:
    if act.about:
        speakers = [c for c in turn.practice.clinicians if _speaks(c.languages, act.about)]
        language = language_name(act.about, turn.state.locale)
        if speakers:
            return turn.say("answer.language_yes", {"language": language, "names": _names(speakers, turn)})
        return turn.say("answer.language_no", {"language": language})
    every = tuple(dict.fromkeys(code for c in turn.practice.clinicians for code in c.languages))
    turn.say("answer.languages", {"names": _languages_of(turn, every)})


def _speaks(languages: tuple[str, ...], wanted: str) -> bool:
    return any(code.split("-")[0] == wanted.split("-")[0] for code in languages)


def _languages_of(turn: Turn, codes: tuple[str, ...]) -> str:
    return "|".join(language_name(code, turn.state.locale) for code in codes)


def language_name(code: str, locale: str) -> str:
    """The name of language `code` in `locale`; the code itself where it has none."""
    base = code.split("-")[0]
    try:
        named = lexicon(locale).exact("language_names", base)
        return named or Locale.parse(base).get_display_name(Locale.parse(locale, sep="-")) or code
    except (UnknownLocaleError, ValueError):
        return code


def _insurers(act: AskAbout, turn: Turn) -> None:
    taken = [i.name for i in turn.practice.insurers if i.taken]
    if not taken:
        return _free(act, turn)
    if act.about:
        found = find_insurer(turn.practice, act.about)
        if found is None:
            return turn.say("answer.insurer_unknown", {"insurer": act.about, "names": "|".join(taken)})
        return turn.say("answer.insurer_yes" if found.taken else "answer.insurer_no", {"insurer": found.name})
    turn.say("answer.insurers", {"names": "|".join(taken)})


def _prices(act: AskAbout, turn: Turn) -> None:
    kind = act.about or turn.view.value(Detail.VISIT_KIND)
    found = next((k for k in turn.practice.visit_kinds if k.id == kind), None)
    if found:
        return turn.say("answer.price", {"visit_kind": found.id, "fee": money(found.fee)})
    if not any(k.fee.amount for k in turn.practice.visit_kinds):
        return _free(act, turn)
    fees = {k.id: money(k.fee) for k in turn.practice.visit_kinds}
    first = next((fees[k.id] for k in turn.practice.visit_kinds if k.first), "none")
    later = next((fees[k.id] for k in turn.practice.visit_kinds if not k.first), first)
    turn.say("answer.prices", {"fee": first, "fee_later": later})


def _cancel_policy(act: AskAbout, turn: Turn) -> None:
    policy = turn.practice.cancel_policy
    turn.say("answer.cancel_policy", {"hours": str(policy.free_until_hours), "fee": money(policy.fee)})


def _payment_plans(act: AskAbout, turn: Turn) -> None:
    plans = turn.practice.payment_plans
    if plans is None:
        return turn.say("answer.unknown")
    turn.say(
        "answer.payment_plans",
        {
            "fee": money(plans.minimum_balance),
            "months_min": str(plans.months_min),
            "months_max": str(plans.months_max),
        },
    )


def _records(act: AskAbout, turn: Turn) -> None:
    turn.say("answer.records", {"days_count": str(turn.practice.promises.records_days)})


def _ages(act: AskAbout, turn: Turn) -> None:
    if named := turn.view.clinician_named(act.about):
        return turn.say(
            "answer.ages_of",
            {"clinician": clinician_name(named, turn.state.locale), "age": str(named.min_age)},
        )
    youngest = min(c.min_age for c in turn.practice.clinicians)
    turn.say("answer.ages", {"age": str(youngest)})


def _new_patients(act: AskAbout, turn: Turn) -> None:
    named = turn.view.clinician_named(act.about)
    if named:
        which = "answer.new_patients_yes" if named.takes_new_patients else "answer.new_patients_no"
        return turn.say(which, {"clinician": clinician_name(named, turn.state.locale)})
    taking = any(c.takes_new_patients for c in turn.practice.clinicians)
    turn.say("answer.new_patients" if taking else "answer.new_patients_none")


def _telehealth(act: AskAbout, turn: Turn) -> None:
    offered = any(Modality.TELEHEALTH in c.modalities for c in turn.practice.clinicians)
    turn.say(
        "answer.telehealth" if offered else "answer.telehealth_no",
        {"state_name": _state_name(turn.practice.state)},
    )


def _state_name(code: str) -> str:
    return STATES.get(code, code)


def _wait_list(act: AskAbout, turn: Turn) -> None:
    turn.say("answer.wait_list")


def _who(act: AskAbout, turn: Turn) -> None:
    turn.say("answer.who_are_you")


def _number(act: AskAbout, turn: Turn) -> None:
    turn.say("answer.phone_number", {"phone": turn.practice.phone})


def _length(act: AskAbout, turn: Turn) -> None:
    kinds = turn.practice.visit_kinds
    first = next((k.minutes for k in kinds if k.first), 60)
    later = next((k.minutes for k in kinds if not k.first), first)
    turn.say("answer.visit_length", {"minutes": str(first), "minutes_later": str(later)})


ANSWERS: dict[Topic, Answer] = {
    Topic.HOURS: _hours,
    Topic.ADDRESS: _address,
    Topic.DIRECTIONS: _fact("directions"),
    Topic.PARKING: _fact("parking"),
    Topic.ACCESS: _fact("access"),
    Topic.TELEHEALTH: _telehealth,
    Topic.CLINICIANS: _clinicians,
    Topic.LANGUAGES: _languages,
    Topic.INSURERS: _insurers,
    Topic.PRICES: _prices,
    Topic.CANCEL_POLICY: _cancel_policy,
    Topic.SUPERBILLS: _fact("superbills"),
    Topic.SLIDING_SCALE: _fact("sliding_scale"),
    Topic.PAYMENT_METHODS: _fact("payment_methods"),
    Topic.PAYMENT_PLANS: _payment_plans,
    Topic.RECORDS: _records,
    Topic.AGES: _ages,
    Topic.NEW_PATIENTS: _new_patients,
    Topic.WHO_ARE_YOU: _who,
    Topic.PHONE_NUMBER: _number,
    Topic.VISIT_LENGTH: _length,
    Topic.WAIT_LIST: _wait_list,
}
