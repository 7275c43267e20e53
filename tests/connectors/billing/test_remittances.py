"""What insurers paid: exact to the cent over payments, denials and what was taken back, told only where it is clear."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.connectors.billing.csv_book import CsvBalances
from lamplighter.connectors.billing.remittances import RemittanceFolder
from lamplighter.desk.ports.balances import Account, FromInsurer
from lamplighter.practice.model import Money
from tests.connectors.billing.test_books import ANNA, ROWS, written


def remittance(*claims: str, day: str = "20261115", trace: str = "EFT1", number: int = 1) -> str:
    """An 835 of an invented payer with these claims, its counts right."""
    inside = (
        f"ST*835*{number:04}*005010X221A1~BPR*I*0*C*NON************{day}~TRN*1*{trace}*1512345678~"
        "N1*PR*LANTERN HEALTH~N1*PE*HARBOR LANE COUNSELING*XX*1000000004~LX*1~" + "".join(claims)
    )
    return (
        "ISA*00*          *00*          *ZZ*CLEARHOUSE     *ZZ*HARBORLANE     *261130*0900*^*00501*"
        f"{number:09}*0*T*:~GS*HP*CLEARHOUSE*HARBORLANE*20261130*0900*{number}*X*005010X221A1~"
        f"{inside}SE*{inside.count('~') + 1}*{number:04}~GE*1*{number}~IEA*1*{number:09}~"
    )


def claim(status: str, charge: str, paid: str, patients: str, others: str, account: str = "c1") -> str:
    kept = f"CAS*PR*2*{patients}~" if Decimal(patients) else ""
    kept += f"CAS*CO*45*{others}~" if Decimal(others) else ""
    return f"CLP*{account}*{status}*{charge}*{paid}*{patients}*12*P1~{kept}NM1*QC*1*BECK*ANNA~"


PAID = claim("1", "175", "100.10", "25", "49.90")
BACK = claim("22", "-175", "-100.10", "-25", "-49.90")
ANEW = claim("1", "175", "80", "45.10", "49.90")
DENIED = claim("4", "175", "0", "0", "175")


def told(folder: Path, *files: str) -> FromInsurer | None:
    for n, content in enumerate(files):
        (folder / f"{n}.835").write_text(content)
    return RemittanceFolder(folder).heard().by_charge.get("c1")


def said(
    paid: str, off: str, left: str, *, denied: bool = False, day: date = date(2026, 11, 15)
) -> FromInsurer:
    return FromInsurer(
        "c1", Money(Decimal(paid)), Money(Decimal(off)), Money(Decimal(left)), denied=denied, paid_on=day
    )


def test_what_was_paid_is_joined_to_its_charge_and_told_beside_the_balance_which_stays_the_books(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "remits"
    folder.mkdir()
    (folder / "a.835").write_text(remittance(PAID))
    (tmp_path / "a.csv").write_bytes(written(*ROWS))
    account = CsvBalances("demo", tmp_path / "a.csv", RemittanceFolder(folder)).of("demo", ANNA)
    assert isinstance(account, Account)
    assert account.insurer == (said("100.10", "49.90", "25"),)
    assert account.balance == Money(Decimal("54.90"))


def test_what_was_taken_back_and_paid_anew_leaves_what_holds_and_the_same_file_twice_counts_once(
    tmp_path: Path,
) -> None:
    later = remittance(BACK, ANEW, day="20261120", trace="EFT2", number=2)
    found = told(tmp_path, remittance(PAID), later, later)
    assert found == said("80.00", "49.90", "45.10", day=date(2026, 11, 20))


def test_a_claim_that_was_denied_is_told_as_denied(tmp_path: Path) -> None:
    assert told(tmp_path, remittance(DENIED)) == said("0", "175", "0", denied=True)


@pytest.mark.parametrize(
    "odd",
    [
        claim("1", "175", "100.10", "25", "49.91"),
        claim("2", "175", "100.10", "25", "49.90"),
        claim("1", "175", "1OO.10", "25", "49.90"),
    ],
)
def test_a_claim_that_does_not_balance_or_is_a_second_insurers_or_unreadable_is_told_to_nobody(
    odd: str, tmp_path: Path
) -> None:
    assert told(tmp_path, remittance(odd)) is None


def test_a_file_that_breaks_off_is_named_and_what_stands_before_the_break_holds(tmp_path: Path) -> None:
    whole, broken = remittance(PAID), remittance(DENIED, trace="EFT9", number=2)[:-60]
    (tmp_path / "a.835").write_text(whole + broken)
    heard = RemittanceFolder(tmp_path).heard()
    assert heard.by_charge == {"c1": said("100.10", "49.90", "25")}
    assert [problem.file for problem in heard.problems] == ["a.835"]


CENTS = st.integers(0, 99_999).map(lambda cents: Decimal(cents) / 100)


@given(st.lists(st.tuples(CENTS, CENTS, CENTS), min_size=1, max_size=6))
def test_any_row_of_payments_and_reversals_nets_to_the_cent(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Decimal, Decimal, Decimal]]
) -> None:
    claims = []
    for paid, patients, others in rows:
        whole = paid + patients + others
        claims.append(claim("1", f"{whole}", f"{paid}", f"{patients}", f"{others}"))
    for paid, patients, others in rows[:-1]:
        whole = paid + patients + others
        claims.append(claim("22", f"{-whole}", f"{-paid}", f"{-patients}", f"{-others}"))
    found = told(tmp_path_factory.mktemp("r"), remittance(*claims))
    assert found is not None
    last = rows[-1]
    assert (found.paid.amount, found.patient_owes.amount, found.taken_off.amount) == last
