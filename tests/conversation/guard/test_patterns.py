"""What the pattern files promise, and what a pattern may not do."""

import pytest

from lamplighter.conversation.guard.patterns import Entry, PatternError, Patterns
from lamplighter.conversation.guard.text import forms

ENTRIES = [pattern.entry for pattern in Patterns.load().all]


def matches(patterns: Patterns, text: str) -> set[str]:
    return {entry.id for entry in patterns.matching(forms(text, patterns.spelled))}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_a_pattern_matches_what_it_must_and_nothing_it_must_not(patterns: Patterns, entry: Entry) -> None:
    missed = [text for text in entry.must if entry.id not in matches(patterns, text)]
    caught = [text for text in entry.must_not if entry.id in matches(patterns, text)]
    assert (missed, caught) == ([], [])
    assert entry.must


def page(body: str, head: str = "") -> list[tuple[str, str]]:
    return [("xx", f"{head}patterns:\n{body}")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("  - {id: a, verdict: crisis, pattern: die $, must: [die]}", "may not look at what follows"),
        (
            "  - {id: a, verdict: crisis, pattern: die, unless_after: x, must: [die]}",
            "may not look at what follows",
        ),
        ("  - {id: a, verdict: sad, pattern: die, must: [die]}", "is not one of"),
        ("  - {id: a, verdict: crisis, pattern: (die, must: [die]}", "bracket is not closed"),
        ("  - {id: a, verdict: crisis, pattern: die?, must: [die]}", "without a word of its own"),
        ("  - {id: a, verdict: crisis, pattern: <nope> die, must: [die]}", "no list is called"),
        ("  - {id: a, verdict: crisis, pattern: die, because: x, must: [die]}", "unknown key"),
        ("  - {id: a, verdict: crisis, pattern: die}", "must"),
        ("  - {id: a, verdict: human, pattern: b, must: [b]}\n" * 2, "twice"),
        ("  - [", "not YAML"),
    ],
)
def test_a_mistake_in_a_pattern_file_is_named_with_its_file(body: str, says: str) -> None:
    with pytest.raises(PatternError, match=says) as caught:
        Patterns.read(page(body))
    assert "patterns/xx.yaml" in str(caught.value)


def test_a_lists_name_that_yaml_reads_as_something_else_is_named() -> None:
    with pytest.raises(PatternError, match="quotes"):
        Patterns.read(page("  - {id: a, verdict: human, pattern: b, must: [b]}", "lists: {no: never}\n"))


def test_a_new_language_is_a_file_and_no_code() -> None:
    sources = [*page("  - {id: pl-a, verdict: crisis, pattern: chcę .. umrzeć, must: [chcę umrzeć]}")]
    japanese = "spaces: false\npatterns:\n  - {id: ja-a, verdict: crisis, pattern: (死|し) .. たい, must: [死にたい]}"
    patterns = Patterns.read([*sources, ("ja", japanese)])
    assert matches(patterns, "Chce po prostu umrzec") == {"pl-a"}
    assert matches(patterns, "もう死にたいです") == {"ja-a"}
    assert matches(patterns, "予約をお願いします") == set()


def test_an_exception_looks_back_within_its_sentence_only() -> None:
    body = '  - {id: a, verdict: crisis, pattern: hurt myself, unless_before: "not ..", must: [hurt myself]}'
    patterns = Patterns.read(page(body))
    assert matches(patterns, "I will not hurt myself") == set()
    assert matches(patterns, "No, not today. I hurt myself") == {"a"}
