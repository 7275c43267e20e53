"""The written cases are many, apart from each other, and measured."""

import re
from collections import Counter

import numpy as np
import pytest

from lamplighter.conversation.guard import Guard
from lamplighter.conversation.guard.cases import (
    KINDS,
    CaseError,
    load_cases,
    load_pages,
    read,
    too_alike,
    written_locales,
)
from lamplighter.conversation.guard.classifier import encode
from lamplighter.conversation.guard.glossing import LANGUAGES
from lamplighter.conversation.guard.nearness import near
from lamplighter.conversation.guard.report import lines, measure, page, wilson

CASES = load_cases()
OTHERS = sorted(set(written_locales()) - {"en", "es"})
FLOOR = {  # what the held-out scenarios reached; a change may raise these, not lower them
    # 2026-11-26: 85 harder lines were added to what is held out, and half of the plain false alarms went;
    # on the same lines the model before reached .848, .850, .894 and .835.
    # 2026-11-27: 278 held-out lines that stood inside one that trains were taken out, most of them clear ones that had
    # been easy: of the plain ones that are left .056 ring in Spanish, .050 of all before.
    "en crisis: reaches a person": 0.85,
    "es crisis: reaches a person": 0.84,
    "en clinical: reaches a person": 0.89,
    "es clinical: reaches a person": 0.81,
}


def test_no_two_cases_of_a_language_share_most_of_their_letters() -> None:
    assert [(one.text, other.text) for one, other in too_alike(CASES)] == []


@pytest.mark.parametrize("locale", OTHERS)
def test_the_cases_of_every_other_language_can_be_read_and_are_apart_too(locale: str) -> None:
    cases = load_cases([locale])
    assert {case.verdict for case in cases} == {"crisis", "clinical", "human", "clear"}
    assert [(one.text, other.text) for one, other in too_alike(cases)] == []


PARTINGS = {
    "en": [
        "goodbye",
        "ok goodbye",
        "goodbye now",
        "that's all goodbye",
        "goodbye and thanks",
        "tonight",
        "no more",
    ],
    "es": ["adiós", "bueno adiós", "esta noche", "ya no quiero", "nada más, gracias", "sola"],
}


@pytest.mark.parametrize(
    ("locale", "said"), [(locale, said) for locale in PARTINGS for said in PARTINGS[locale]]
)
def test_a_parting_or_a_bare_answer_is_no_danger(guard: Guard, locale: str, said: str) -> None:
    assert guard.check(said, locale, "voice").verdict == "clear"


ENOUGH = {"crisis": 150, "clinical": 100, "human": 60, "clear": 300, "hard": 100, "background": 60}


@pytest.mark.parametrize("locale", written_locales())
def test_each_language_has_enough_cases_of_each_verdict(locale: str) -> None:
    count = Counter[str]()
    for case in load_cases([locale]):
        count.update([case.verdict] + ["hard"] * case.hard + ["background"] * case.background)
    twice = 2 if locale in ("en", "es") else 1
    assert [kind for kind, least in ENOUGH.items() if count[kind] < least * twice] == []


@pytest.mark.parametrize("locale", written_locales())
def test_each_kind_of_crisis_is_in_what_trains_and_in_what_is_held_out(locale: str) -> None:
    crises = [case for case in load_cases([locale]) if case.verdict == "crisis"]
    for held in (True, False):
        assert sorted(set(KINDS) - {case.of for case in crises if case.held == held}) == []
    assert None not in {case.of for case in crises}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("sorrow", "kind 'sorrow' is not one of abuse"),
        (["direct"], "1 kinds for 2 cases"),
    ],
)
def test_a_kind_of_crisis_that_is_not_known_or_not_said_of_each_case_is_refused(
    kind: object, said: str
) -> None:
    scenario = {"id": "one", "verdict": "crisis", "kind": kind, "cases": "first line\nsecond line\n"}
    with pytest.raises(CaseError, match=f"cases/xx/new.yaml, scenario one: {said}"):
        list(read("xx", "cases/xx/new.yaml", {"scenarios": [scenario]}))


@pytest.mark.parametrize("verdict", ["crisis", "clinical", "human"])
def test_only_a_clear_scenario_may_tell_why_somebody_comes(verdict: str) -> None:
    scenario = {"id": "one", "verdict": verdict, "background": True, "cases": "first line\n"}
    with pytest.raises(CaseError, match=r"cases/xx/new\.yaml, scenario one: only a clear one is background"):
        list(read("xx", "cases/xx/new.yaml", {"scenarios": [scenario]}))


def test_a_case_carries_whether_its_scenario_tells_why_somebody_comes() -> None:
    marked = {"id": "one", "verdict": "clear", "background": True, "cases": "first line\n"}
    plain = {"id": "two", "verdict": "clear", "cases": "second line\n"}
    cases = read("xx", "cases/xx/new.yaml", {"scenarios": [marked, plain]})
    assert [case.background for case in cases] == [True, False]


def test_no_scenario_is_both_trained_on_and_held_out() -> None:
    every = load_cases(written_locales())
    held = {(case.locale, case.scenario) for case in every if case.held}
    assert held.isdisjoint({(case.locale, case.scenario) for case in every if not case.held})


def test_held_out_recall_and_false_alarms_keep_their_floor(guard: Guard) -> None:
    shares = {name: hits / of for name, hits, of in measure(guard, [case for case in CASES if case.held])}
    assert {name: shares[name] >= floor for name, floor in FLOOR.items()} == dict.fromkeys(FLOOR, True)
    assert (
        max(share for name, share in shares.items() if "false alarms" in name and "hard" not in name) <= 0.06
    )


OTHERS_FLOOR = {"crisis": 0.58, "clinical": 0.48, "human": 0.42}
CRISIS_FLOOR = {  # the lower ends of the intervals that the held-out scenarios gave on 2026-11-26
    "ar": 0.45,
    "bn": 0.52,
    "de": 0.57,
    "fa": 0.49,
    "fr": 0.55,
    "gu": 0.65,
    "hi": 0.6,
    "ht": 0.72,
    "it": 0.51,
    "ja": 0.51,
    "ko": 0.78,
    "pa": 0.62,
    "pl": 0.46,
    "pt-BR": 0.58,
    "ru": 0.51,
    "te": 0.56,
    "tl": 0.74,
    "uk": 0.39,
    "ur": 0.46,
    "vi": 0.66,
    "zh-Hans": 0.51,
    "zh-Hant-HK": 0.4,
}


@pytest.mark.parametrize("kind", sorted(OTHERS_FLOOR))
def test_the_other_languages_together_keep_their_floor(guard: Guard, kind: str) -> None:
    held = [case for case in load_cases(OTHERS) if case.held and case.verdict == kind][::9]
    reached = sum(guard.check(case.text, case.locale, "voice").verdict != "clear" for case in held)
    assert reached / len(held) >= OTHERS_FLOOR[kind]


@pytest.mark.slow
@pytest.mark.parametrize("locale", sorted(CRISIS_FLOOR))
def test_each_other_language_keeps_its_floor_and_rings_for_little_else(guard: Guard, locale: str) -> None:
    held = [case for case in load_cases([locale]) if case.held]
    shares = {name: hits / of for name, hits, of in measure(guard, held)}
    assert shares[f"{locale} crisis: reaches a person"] >= CRISIS_FLOOR[locale]
    assert shares[f"{locale} clear: false alarms"] <= 0.1


def test_the_report_gives_recall_with_its_interval_for_each_language_and_verdict(guard: Guard) -> None:
    report = "\n".join(lines(guard, [case for case in CASES if case.held][::40]))
    assert all(
        f"{locale} {kind}" in report for locale in ("en", "es") for kind in ("crisis", "clinical", "human")
    )
    low, high = wilson(200, 200)
    assert (round(low, 3), high) == (0.981, 1.0)


def test_no_case_held_out_stands_inside_one_that_trains() -> None:
    assert [(each.held.text, each.trained.text) for each in near(load_cases(written_locales()))] == []


READ_THEMSELVES = sorted(set(written_locales()) - LANGUAGES - {f"{each}-Latn" for each in LANGUAGES})


@pytest.mark.slow
def test_no_translation_of_a_case_held_out_is_trained_on() -> None:
    """Among the languages that the encoder reads itself: a gloss says too little of how things are put."""
    long_enough = [
        case
        for case in load_cases(READ_THEMSELVES)
        if len(case.text) > (8 if case.locale in ("ja", "ko", "zh-Hans", "zh-Hant-HK") else 22)
    ]  # "no es emergencia" is nobody's translation
    vectors = np.vstack(
        [encode([c.text for c in long_enough[n : n + 64]]) for n in range(0, len(long_enough), 64)]
    )
    held = np.flatnonzero([case.held for case in long_enough])
    trained = np.flatnonzero([not case.held for case in long_enough])
    likeness = vectors[held] @ vectors[trained].T
    pairs = ((long_enough[held[h]], long_enough[trained[t]]) for h, t in np.argwhere(likeness > 0.8).tolist())
    assert [
        (one.text, other.text)
        for one, other in pairs
        if one.locale != other.locale and one.verdict == other.verdict
    ] == []


def test_the_page_says_who_reviewed_and_lists_what_was_missed(guard: Guard) -> None:
    held = [case for case in CASES if case.held][::60]
    text = page(guard, held, load_pages())
    wrong = [case for case in held if guard.check(case.text, case.locale, "chat").verdict != case.verdict]
    assert all(f": {case.text}" in text for case in wrong)
    assert "| reviewed by |" in text and "| none |" in text
    assert set(re.findall(r"\| (\w+) \| \d+ \| Lamplighter \|", text)) == {"en", "es"}
