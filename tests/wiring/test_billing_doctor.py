"""`lamplighter doctor` on how a practice bills: each mistake with its file, its line and what to do."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from lamplighter.practice import billing_doctor
from lamplighter.practice.load import load_files
from lamplighter.practice.model import Party
from lamplighter.practice.problems import PracticeProblems, Problem
from lamplighter.practice.sample import load_sample
from lamplighter.settings import Books, PaymentAccount, Settings
from lamplighter.wiring.billing_doctor import billing_problems
from tests.practice.folder import SAMPLE

FILE, DAY = "billing.yaml", date(2026, 12, 1)
HEADER = "account,first_name,last_name,date_of_birth,as_of,id,day,entry,amount,for,charge,no_cost_sharing\n"
AGREED = Party("Stripe", "payments", ("the amount",), date(2026, 1, 1), False)


def found(written: str) -> list[Problem]:
    files = {**SAMPLE, FILE: written.encode()}
    return billing_doctor.billing(load_files(files), files)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("balance_told_to: [proxy]\n", 1),
        ("paid_by: card\n", 1),
        ("paid_by: link\nbooks_good_for_days: 0\n", 2),
        ("plans: {first_after_days: 30, without_aproval_to: $600}\n", 1),
        ("write_about_missed_payments: maybe\n", 1),
        ("tell_them_of_refunds: $5\n", 1),
        ("paid_by: link\nwrite_about_balances: {after_days: 7, at_most: 2, days_between: 21}\n", 2),
        ("write_about_balances:\n  after_days: 30\n  at_most: 9\n  days_between: 21\n", 3),
        ("write_about_balances:\n  after_days: 30\n  at_most: 2\n", 2),
        ("write_about_balances:\n  after_days: 30\n  at_most: 2\n  days_between: 1\n", 4),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line_and_what_to_do(written: str, line: int) -> None:
    with pytest.raises(PracticeProblems) as raised:
        load_files({**SAMPLE, FILE: written.encode()})
    (problem,) = raised.value.problems
    assert (problem.file, problem.line) == (FILE, line) and problem.remedy


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("balance_told_to: [patient]\npaid_by: statement\n", 2),
        ("paid_by: link\nplans:\n  without_approval_to: $20\n", 3),
    ],
)
def test_what_is_signed_and_cannot_be_done_is_worth_a_look(written: str, line: int) -> None:
    (problem,) = found(written)
    assert (problem.line, problem.severity) == (line, "warning")


def test_the_sample_and_a_practice_without_the_file_have_nothing_to_mend() -> None:
    assert found(SAMPLE[FILE].decode()) == []


def test_books_and_payments_of_the_settings_are_named_with_the_line_of_their_section(tmp_path: Path) -> None:
    practice, toml = load_sample(), tmp_path / "lamplighter.toml"
    toml.write_text('data = "d"\n[books.demo]\ncsv = "a.csv"\n\n[payments.demo]\nkind = "stripe"\n')
    csv = tmp_path / "a.csv"
    csv.write_text(HEADER + "A1,Anna,Beck,1980-05-01,2026-11-30,c1,2026-10-05,charge,12.345,visit,,\n")
    settings = Settings(
        books={"demo": Books(csv=csv, remittances=tmp_path / "none")},
        payments={"demo": PaymentAccount()},
    )
    lines = {(each.file, each.line) for each in billing_problems(practice, settings, DAY, toml)}
    assert {("a.csv", 2), ("lamplighter.toml", 2), ("lamplighter.toml", 5)} <= lines
    csv.unlink()
    assert any(each.file == "a.csv" for each in billing_problems(practice, settings, DAY, toml))
    bare = billing_problems(practice, Settings(), DAY, toml)
    assert [each.severity for each in bare] == ["warning", "warning"]
    silent = replace(practice, billing=None)
    assert all(each.remedy for each in billing_problems(silent, settings, DAY, toml))


def test_what_is_set_up_whole_has_nothing_to_mend(tmp_path: Path) -> None:
    csv = tmp_path / "a.csv"
    csv.write_text(HEADER + "A1,Anna,Beck,1980-05-01,2026-11-30,c1,2026-10-05,charge,12.30,visit,,\n")
    settings = Settings(
        books={"demo": Books(csv=csv)}, payments={"demo": PaymentAccount(key=SecretStr("rk_test_no_key"))}
    )
    signed = replace(load_sample(), parties=(AGREED,))
    assert billing_problems(signed, settings, DAY) == []
