"""Which visits an insurer wants to approve first, and how it is asked: authorizations.yaml, part of what is signed."""

from datetime import date
from pathlib import Path

import pytest

from lamplighter.practice.authorizing import AuthorizationPayer, AuthorizationRules
from lamplighter.practice.doctor import examine
from lamplighter.practice.load import load_files
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.sections import section_of
from tests.practice.folder import SAMPLE

FILE = "authorizations.yaml"
AETNA = "insurers:\n  - insurer: aetna\n    by: x12_278\n    clock: standard\n"


def rules(written: str) -> AuthorizationRules:
    return load_files({**SAMPLE, FILE: written.encode()}).authorizations


def test_a_practice_says_what_needs_leave_what_its_payer_asks_for_by_which_way_and_how_long_it_may_take() -> (
    None
):
    found = rules(
        'clinicians:\n  - {clinician: amara_osei, npi: "1999999992"}\n'
        "insurers:\n  - insurer: aetna\n    by: paper\n    clock: contract\n    contract_days: 14\n"
        "    visits: {follow_up: needed, couples: ask}\n    other_visits: not_needed\n"
        "    asks_for: [diagnoses, dates]\n    attachments: [Treatment plan]\n    fax: (212) 555-0188\n"
        "    follow_up_hours: 24\n    renew_before_days: 7\n    renew_before_units: 2\n    appeal_within_days: 60\n"
    )
    needs = (("follow_up", "needed"), ("couples", "ask"))
    expected = AuthorizationPayer(
        "aetna", "paper", needs, "not_needed", 14 * 24, ("diagnoses", "dates"), ("Treatment plan",),  # type: ignore[arg-type]
        "", "+12125550188", "", 24, 7, 2, 60,
    )  # fmt: skip
    assert found == AuthorizationRules((expected,), (("amara_osei", "1999999992"),))
    assert [expected.need(kind) for kind in ("follow_up", "couples", "first_visit")] == [
        "needed",
        "ask",
        "not_needed",
    ]
    assert section_of(FILE) == "money"


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (AETNA.replace("aetna", "nobody"), 2),
        (AETNA.replace("x12_278", "pigeon"), 3),
        (AETNA.replace("x12_278", "paper"), 3),
        (AETNA.replace("standard", "slow"), 4),
        (AETNA.replace("standard", "contract"), 4),
        (AETNA + "    contract_days: 3\n", 5),
        (AETNA + "    visits: {massage: needed}\n", 5),
        (AETNA + "    visits: {follow_up: perhaps}\n", 5),
        (AETNA + "    asks_for: [horoscope]\n", 5),
        (AETNA + AETNA.removeprefix("insurers:\n"), 1),
        (AETNA + 'clinicians:\n  - {clinician: amara_osei, npi: "12"}\n', 6),
        ("insurers:\n", 1),
    ],
)
def test_a_mistake_in_it_is_named_with_its_line_and_a_remedy(written: str, line: int) -> None:
    with pytest.raises(PracticeProblems) as caught:
        rules(written)
    assert [(each.file, each.line) for each in caught.value.problems] == [(FILE, line)]
    assert all(each.remedy for each in caught.value.problems)


def test_the_doctor_warns_of_a_way_that_leads_nowhere_and_of_an_npi_that_is_missing(tmp_path: Path) -> None:
    lost = AETNA.replace("aetna", "oxford") + "    asks_for: [clinician_npi]\n"
    for name, content in {**SAMPLE, FILE: lost.encode()}.items():
        (tmp_path / name).write_bytes(content)
    found = [each for each in examine(tmp_path, date(2026, 12, 1)) if each.file == FILE]
    assert [each.severity for each in found] == ["warning", "warning"]
    assert "Dr. Osei" in found[0].message and "no payer" in found[1].message
    for name, content in SAMPLE.items():
        (tmp_path / name).write_bytes(content)
    assert [each for each in examine(tmp_path, date(2026, 12, 1)) if each.file == FILE] == []
