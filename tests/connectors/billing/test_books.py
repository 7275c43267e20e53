"""The contract of Balances, over every implementation; and how a file of accounts is read."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.connectors.billing.csv_book import CsvBalances, read
from lamplighter.connectors.billing.memory import MemoryBalances
from lamplighter.connectors.billing.names import place
from lamplighter.desk.ports.balances import Account, Balances, BooksStand, Charge, Credit, Holder, NotTold
from lamplighter.practice.model import Money

HEAD = "account,first_name,last_name,date_of_birth,as_of,id,day,entry,amount,for,charge,no_cost_sharing"
ANNA = Holder("Anna", "Beck", date(1980, 5, 1))
WHOSE = "A1,Anna,Beck,1980-05-01,2026-11-30"
ACCOUNT = Account(
    "A1",
    date(2026, 11, 30),
    (Charge("c1", date(2026, 10, 5), Money(Decimal("175.00"))),),
    (
        Credit("i1", date(2026, 11, 2), Money(Decimal("100.10")), "insurance", "c1"),
        Credit("p1", date(2026, 11, 9), Money(Decimal("20.00")), "payment", "c1"),
    ),
)
ROWS = (
    f"{WHOSE},c1,2026-10-05,charge,175.00,visit,,",
    f"{WHOSE},i1,2026-11-02,insurance,100.10,,c1,",
    f"{WHOSE},p1,11/09/2026,payment,$20,,c1,",
)


def written(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


def in_memory(folder: Path) -> Balances:
    books = MemoryBalances()
    books.put("demo", ANNA, ACCOUNT)
    return books


def in_csv(folder: Path) -> Balances:
    path = folder / "accounts.csv"
    path.write_bytes(written(*ROWS))
    return CsvBalances("demo", path)


@pytest.mark.parametrize("make", [in_memory, in_csv])
def test_bil_01_books_tell_an_account_to_the_cent_under_any_spelling_of_its_holders_name_and_to_no_other_practice(
    make: Callable[[Path], Balances], tmp_path: Path
) -> None:
    books = make(tmp_path)
    assert books.of("demo", ANNA) == books.of("demo", Holder("ANNA", "Béck", ANNA.born)) == ACCOUNT
    assert ACCOUNT.balance == Money(Decimal("54.90"))
    assert books.of("demo", Holder("Anna", "Beck", date(1981, 5, 1))) == NotTold("nobody")
    assert isinstance(books.of("another", ANNA), NotTold)
    assert books.stand("demo") == BooksStand("read", ACCOUNT.as_of, 1)


def test_a_file_of_books_that_goes_away_is_said_to_have_failed_and_what_was_read_last_holds(
    tmp_path: Path,
) -> None:
    books = CsvBalances("demo", tmp_path / "accounts.csv")
    assert books.stand("demo") == BooksStand("failed") and books.stand("other") == BooksStand("none")
    in_csv(tmp_path)
    assert books.stand("demo") == BooksStand("read", ACCOUNT.as_of, 1)
    (tmp_path / "accounts.csv").unlink()
    assert books.stand("demo") == BooksStand("failed", ACCOUNT.as_of, 1)
    assert books.of("demo", ANNA) == ACCOUNT


def test_a_second_account_of_the_same_name_and_birth_date_is_told_to_nobody(tmp_path: Path) -> None:
    books = MemoryBalances()
    for number in ("A1", "A2"):
        books.put("demo", ANNA, Account(number, date(2026, 11, 30)))
    assert books.of("demo", ANNA) == NotTold("several")


OTHER = "A2,Otto,Wolff,1971-02-03,2026-11-30,c9,2026-11-01,charge,60.00,visit,,"


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        (f"{WHOSE},c2,2026-10-05,charge,17O.00,visit,,", "amount"),
        (f"{WHOSE},c2,2026-13-05,charge,170.00,visit,,", "day"),
        (f"{WHOSE},c2,2026-10-05,refill,170.00,visit,,", "entry"),
        (f"{WHOSE},c2,2026-10-05,charge,170.00,psychotherapy,,", "for"),
        (f"{WHOSE},c2,2026-10-05,charge,-170.00,visit,,", "amount"),
        ("A1,Anna,Beck,1st of May,2026-11-30,c2,2026-10-05,charge,170.00,visit,,", "date_of_birth"),
        (f"{WHOSE},c1,2026-10-05,charge,1750.00,visit,,", "line 2"),
        (f"{WHOSE},c2,2026-10-05,charge", "cells"),
        (f"{WHOSE},,2026-10-05,charge,170.00,visit,,", "id"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_without_what_it_says_and_takes_its_own_account_only(
    bad: str, column: str, tmp_path: Path
) -> None:
    books = read(written(*ROWS, bad, OTHER), "accounts.csv")
    (problem,) = books.problems[:1]
    assert (problem.file, problem.line) == ("accounts.csv", 5)
    assert column in problem.message and problem.remedy
    assert not any(word in problem.message for word in ("Anna", "Beck", "17O", "psychotherapy", "1st"))
    held = CsvBalances("demo", tmp_path / "a.csv")
    (tmp_path / "a.csv").write_bytes(written(*ROWS, bad, OTHER))
    assert held.of("demo", ANNA) == NotTold("unclear")
    otto = held.of("demo", Holder("Otto", "Wolff", date(1971, 2, 3)))
    assert isinstance(otto, Account) and otto.balance == Money(Decimal("60.00"))


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"account,id\nA1,c1", written(*ROWS) + b'\nA1,"An', written(",,,,,,,,,,,x")]
)
def test_where_nobody_knows_whose_a_row_is_nobody_hears_an_amount(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes(content)
    assert CsvBalances("demo", path).of("demo", ANNA) == NotTold("unclear")
    assert read(content, "accounts.csv").problems


ANOTHER = "Anna,Beck,1980-05-01"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((*ROWS, f"A2,{ANOTHER},bad,c9,2026-10-05,charge,90.00,visit,,"), "several"),
        ((OTHER, f"A3,{ANOTHER},bad,c9,2026-10-05,charge,90.00,visit,,"), "unclear"),
        ((*ROWS, "A3,Anna,Beck,bad,2026-11-30,c9,2026-10-05,charge,90.00,visit,,"), "unclear"),
        ((*ROWS, "Beck, Jr,Anna,1980-05-01,2026-11-30,c2,2026-10-05,charge,1.00,visit,,,"), "unclear"),
        ((f'{WHOSE},c1,2026-10-05,charge,"175,00",visit,,',), "unclear"),
    ],
)
def test_no_amount_is_told_that_a_row_which_cannot_be_read_may_change(
    rows: tuple[str, ...], told: str
) -> None:
    found = read(written(*rows), "a.csv").of(place("Anna", "Beck", ANNA.born))
    assert isinstance(found, NotTold) and found.why == told


def test_commas_are_read_where_they_part_thousands() -> None:
    found = read(written(f'{WHOSE},c1,2026-10-05,charge,"1,175.50",visit,,'), "a.csv")
    told = found.of(place("Anna", "Beck", ANNA.born))
    assert isinstance(told, Account) and told.balance == Money(Decimal("1175.50"))


def test_a_row_of_another_width_leaves_all_unclear_where_the_account_is_not_the_first_column() -> None:
    head = "last_name,first_name,account,date_of_birth,as_of,id,day,entry,amount"
    rows = ("Beck,Anna,A1,1980-05-01,2026-11-30,c1,2026-10-05,charge,175.00",
            "Beck, Jr,Anna,A1,1980-05-01,2026-11-30,p1,2026-10-06,payment,175.00")  # fmt: skip
    books = read("\n".join((head, *rows)).encode(), "a.csv")
    assert books.of(place("Anna", "Beck", ANNA.born)) == NotTold("unclear")


def test_reading_a_file_again_or_with_the_same_row_twice_changes_nothing_and_a_file_that_is_gone_keeps_its_day(
    tmp_path: Path,
) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes(written(*ROWS, *ROWS))
    books = CsvBalances("demo", path)
    assert books.of("demo", ANNA) == books.of("demo", ANNA) == ACCOUNT
    path.unlink()
    assert books.of("demo", ANNA) == ACCOUNT
    assert CsvBalances("demo", path).of("demo", ANNA) == NotTold("no_books")


def test_whoever_owes_nothing_is_known_to(tmp_path: Path) -> None:
    books = read(written(f"{WHOSE},,,none,,,,".replace(",,,none", ",x,2026-11-30,none")), "a.csv")
    (accounts,) = books.accounts.values()
    assert accounts[0] is not None and accounts[0].balance == Money(Decimal())


@given(st.lists(st.decimals(min_value=0, max_value=9999, places=2), max_size=12), st.randoms())
def test_a_balance_is_the_exact_sum_of_its_rows_in_whatever_order(
    amounts: list[Decimal], chance: object
) -> None:
    rows = [f"{WHOSE},c{n},2026-10-05,charge,{amount},visit,," for n, amount in enumerate(amounts)]
    rows += [f"{WHOSE},p{n},2026-10-06,payment,{amount / 2:.2f},,," for n, amount in enumerate(amounts)]
    rows.append(f"{WHOSE},z,2026-10-06,adjustment,0.00,,,")
    chance.shuffle(rows)  # type: ignore[attr-defined]
    (accounts,) = read(written(*rows), "a.csv").accounts.values()
    assert accounts[0] is not None
    expected = sum(amounts, Decimal()) - sum((Decimal(f"{each / 2:.2f}") for each in amounts), Decimal())
    assert accounts[0].balance.amount == expected
