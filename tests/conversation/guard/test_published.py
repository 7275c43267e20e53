"""CRI-16: no release lowers a figure of the guard that was published without saying so, nor publishes another's."""

import json
from pathlib import Path

import pytest

from lamplighter.conversation.guard import Guard
from lamplighter.conversation.guard.aims import AIMS, Reason, Unexplained, load_reasons, section
from lamplighter.conversation.guard.cases import load_cases, written_locales
from lamplighter.conversation.guard.noise import as_recognised
from lamplighter.conversation.guard.published import (
    LOWERED,
    MEASURED,
    PUBLISHED,
    digest,
    figures,
    publish,
    published_in,
    unsaid,
)
from lamplighter.conversation.guard.report import in_noise, measure

DOCS = Path(__file__).parents[3] / "docs"
REPORT = (DOCS / MEASURED).read_text("utf-8")
RECALL, ALARMS = "en crisis: reaches a person", "en clear: false alarms"
WAS = {RECALL: (90, 100), ALARMS: (3, 100)}


def page(**rows: tuple[int, int]) -> str:
    names = {"recall": RECALL, "alarms": ALARMS}
    return "".join(
        f"| {names[name]} | {hits} of {of} | {hits / of:.3f} | 0 to 1 |\n"
        for name, (hits, of) in rows.items()
    )


def test_cri_16_no_published_figure_is_lowered_without_saying_so() -> None:
    assert unsaid(published_in(DOCS), figures(REPORT), (DOCS / LOWERED).read_text("utf-8")) == []


def test_cri_16_the_report_was_measured_on_the_models_patterns_and_cases_that_ship() -> None:
    assert digest() in REPORT, "make guard-report measures anew"


def test_cri_16_the_report_has_recall_with_its_interval_and_false_alarms_per_language_kind_and_slips() -> (
    None
):
    rows = figures(REPORT)
    for locale in written_locales():
        for slips in ("", " with slips,"):
            wanted = [f"{kind}: reaches a person" for kind in ("crisis", "clinical", "human")]
            wanted += ["clear: false alarms", "hard clear: false alarms"]
            assert [name for name in wanted if f"{locale}{slips} {name}" not in rows] == []
    for crisis in ("said plainly", "veiled"):
        assert f"en crisis {crisis}: reaches a person" in rows
    assert (
        REPORT.count("95% interval") == 2 and "## By kind of crisis" in REPORT and "## By scenario" in REPORT
    )


def test_cri_16_a_sample_of_what_ships_is_heard_as_the_report_says(guard: Guard) -> None:
    held = [case for case in load_cases() if case.held and case.verdict == "human"]
    rows = figures(REPORT)
    heard = {name: (hits, of) for name, hits, of in measure(guard, held) if of}
    assert heard == {name: rows[name] for name in heard}


@pytest.mark.slow
def test_cri_16_all_that_ships_is_heard_as_the_report_says(guard: Guard) -> None:
    held = [case for case in load_cases(written_locales()) if case.held]
    heard = [*measure(guard, held), *in_noise(guard, held)]
    assert {name: (hits, of) for name, hits, of in heard} == dict(figures(REPORT))


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        ({"recall": (90, 100), "alarms": (3, 100)}, []),
        ({"recall": (95, 100), "alarms": (1, 100)}, []),
        ({"recall": (180, 201), "alarms": (3, 100)}, [RECALL]),
        ({"recall": (90, 100), "alarms": (4, 100)}, [ALARMS]),
        ({"alarms": (3, 100)}, [RECALL]),
    ],
)
def test_cri_16_a_worse_figure_or_one_that_is_gone_is_found(
    now: dict[str, tuple[int, int]], missing: list[str]
) -> None:
    found = unsaid(WAS, figures(page(**now)), "")
    assert [line.split("`")[1] for line in found] == missing


def test_cri_16_what_is_lowered_is_published_once_it_is_said_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / MEASURED).write_text(page(recall=(80, 100), alarms=(3, 100)))
    (tmp_path / PUBLISHED).write_text(json.dumps(WAS))
    line = f"- `{RECALL}`: 0.900 to 0.800, because "
    for said, refused in (("", 1), (line + "...", 1), (line + "forty harder lines were added", 0)):
        (tmp_path / LOWERED).write_text(said + "\n")
        assert len(publish(tmp_path)) == refused
        kept = published_in(tmp_path)[RECALL]
        assert kept == ((90, 100) if refused else (80, 100))


def test_cri_16_slips_are_always_the_same_and_leave_most_words() -> None:
    text = "I don't want to be here anymore, and I can't tell anyone about it tonight."
    heard = as_recognised(text, "en")
    assert heard == as_recognised(text, "en")
    assert heard == heard.lower() and "," not in heard
    said = text.lower().replace(",", "").replace(".", "").replace("'", " ").split()
    kept = [word for word in heard.split() if word in said]
    assert len(said) * 0.6 < len(kept) < len(said)
    assert " " not in as_recognised("我不想活了，真的。", "zh-Hans")


def every_row(language: str, hits: int) -> list[tuple[str, int, int]]:
    return [(f"{language} {aim.row}", 100 - hits if aim.most else hits, 100) for aim in AIMS]


def test_an_aim_that_is_missed_stands_in_the_report_with_its_figure_and_why() -> None:
    reasons = [Reason(frozenset(aim.row for aim in AIMS), frozenset({"xx"}), "few cases")]
    told = section([*every_row("xx", 80), *every_row("yy", 100)], reasons)
    assert "| veiled crisis, .92 | 1 of 2 | xx 0.80 |" in told
    assert "| false alarms, hard, under .10 | 1 of 2 | xx 0.20 |" in told
    assert "few cases" in told and "yy" not in told


def test_no_report_is_made_where_an_aim_is_missed_and_nothing_says_why() -> None:
    reasons = [Reason(frozenset(aim.row for aim in AIMS), frozenset({"xx"}), "few cases")]
    with pytest.raises(Unexplained, match="yy: crisis said plainly"):
        section(every_row("yy", 80), reasons)


def test_every_aim_has_a_reason_for_every_language_and_no_reason_speaks_of_a_row_that_is_none() -> None:
    reasons, rows = load_reasons(), {aim.row for aim in AIMS}
    languages = set(written_locales())
    assert [one for one in reasons if not one.aims <= rows or not one.languages <= languages] == []
    assert all(any(one.holds(aim, lang) for one in reasons) for aim in AIMS for lang in languages)
