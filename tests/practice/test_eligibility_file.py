"""Whose plans are asked, where and in whose name: read from eligibility.yaml, part of what a practice signs."""

from datetime import date
from pathlib import Path

import pytest

from lamplighter.practice.doctor import examine
from lamplighter.practice.load import load_files
from lamplighter.practice.model import CarveOut, Eligibility, PayerId
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.sections import section_of
from tests.practice.folder import SAMPLE

FILE = "eligibility.yaml"
ASKS = 'asks: {npi: "1999999992", name: Harbor Lane}\n'
PAYERS = 'payers:\n  - {insurer: aetna, payer: "60054", name: Aetna}\n'


def rules(written: str) -> Eligibility:
    return load_files({**SAMPLE, FILE: written.encode()}).eligibility


def test_a_practice_says_whom_it_asks_in_whose_name_how_long_before_and_who_answers_for_whom() -> None:
    found = rules(
        ASKS
        + PAYERS
        + "hours_before: [96, 48]\nsame_answer_for_hours: 12\npart_2: yes\n"
        + "carve_outs:\n  - {name: Lantern, also_called: [Lantern BH], payer: L9, services: [MH, A8]}\n"
    )
    carved = CarveOut(("Lantern", "Lantern BH"), "L9", ("MH", "A8"))
    payer = PayerId("aetna", "60054", "Aetna")
    assert found == Eligibility("1999999992", "Harbor Lane", "", (payer,), (carved,), (96, 48), 12, True)
    assert section_of(FILE) == "money"


def test_without_the_file_no_plan_is_asked() -> None:
    files = {name: content for name, content in SAMPLE.items() if name != FILE}
    assert load_files(files).eligibility.payers == ()


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ('asks: {npi: "1999999993", name: Harbor Lane}\n' + PAYERS, 1),
        (ASKS + 'payers:\n  - {insurer: nobody, payer: "60054", name: Aetna}\n', 3),
        (ASKS + PAYERS + '  - {insurer: aetna, payer: "60055", name: Aetna}\n', 2),
        (ASKS + 'payers:\n  - {insurer: aetna, payer: "6*05", name: Aetna}\n', 3),
        (ASKS + PAYERS + "hours_before: [0]\n", 4),
        (ASKS + PAYERS + "part2: yes\n", 4),
        (PAYERS, 1),
        (ASKS, 1),
    ],
)
def test_a_mistake_in_it_is_named_with_its_line_and_a_remedy(written: str, line: int) -> None:
    with pytest.raises(PracticeProblems) as caught:
        rules(written)
    assert [(each.file, each.line) for each in caught.value.problems] == [(FILE, line)]
    assert all(each.remedy for each in caught.value.problems)


def test_the_doctor_warns_of_an_insurer_that_is_taken_and_that_nobody_can_ask(tmp_path: Path) -> None:
    for name, content in {**SAMPLE, FILE: (ASKS + PAYERS).encode()}.items():
        (tmp_path / name).write_bytes(content)
    found = [each for each in examine(tmp_path, date(2026, 12, 1)) if each.file == FILE]
    assert {each.severity for each in found} == {"warning"}
    assert len(found) == 4
