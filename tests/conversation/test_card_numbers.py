"""Card numbers are found in whatever shape they are said or written, and other numbers are left alone."""

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lamplighter.conversation.card_numbers import GONE, ends_one, passes, without_card_numbers

VISA, AMEX = "4111111111111111", "378282246310005"
EN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
ES = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]


def with_check(digits: str) -> str:
    return next(f"{digits}{last}" for last in "0123456789" if passes(f"{digits}{last}"))


ISSUED = st.sampled_from(
    [("4", 16), ("52", 16), ("2310", 16), ("37", 15), ("3056", 14), ("6011", 16), ("5018", 13), ("62", 19)]
)


def could_be_a_date_beside_a_number(groups: list[int]) -> bool:
    """By how long the groups are: three or four that could be a date, and beside them as many digits as a telephone
    number or a code has. That nobody reads a card so is how the two are told apart."""
    for row in (groups, groups[::-1]):
        for count in (3, 4):
            date, other = row[:count], sum(row[count:])
            if (
                len(date) == count
                and max(date) <= 4
                and sum(date) <= 8
                and (5 <= other <= 8 or other in (10, 11))
            ):
                return True
    return False


@given(
    ISSUED.flatmap(
        lambda kind: st.text(
            "0123456789", min_size=kind[1] - len(kind[0]) - 1, max_size=kind[1] - len(kind[0]) - 1
        ).map(lambda rest: with_check(kind[0] + rest))
    ),
    st.lists(
        st.sampled_from(["", " ", "-", ".", " - ", ", ", " uh ", "…  "[:1] and " "]), min_size=19, max_size=19
    ),
    st.sampled_from(["digits", "en", "es", "arabic", "wide"]),
)
def test_bil_02_any_card_number_is_taken_out_however_it_is_written_or_said(
    digits: str, between: list[str], how: str
) -> None:
    shapes = {"en": EN, "es": ES, "arabic": "٠١٢٣٤٥٦٧٨٩", "wide": "０１２３４５６７８９"}
    said = [shapes[how][int(digit)] if how in shapes else digit for digit in digits]
    gaps = [f" {gap} " if how in ("en", "es") else gap for gap in between]
    row = "".join(f"{digit}{gap}" for digit, gap in zip(said, gaps, strict=False))
    assume(
        how in ("en", "es") or not could_be_a_date_beside_a_number([len(g) for g in re.findall(r"\d+", row)])
    )
    kept, found = without_card_numbers(f"my card is {row} thank you")
    assert found
    assert kept.split() == ["my", "card", "is", *kept.split()[3:-2], "thank", "you"]
    assert not any(digit in kept for digit in (*shapes["arabic"], *shapes["wide"], *"0123456789"))


@pytest.mark.parametrize(
    "said",
    [
        f"{VISA} expires 12/27 code 123",
        f"{VISA} 12/27 123",
        f"card:{VISA}.",
        "4111-1111-1111-1111",
        "3782 822463 10005",
        "four triple one, double one double one, one one one one, one one one one",
        "forty-one eleven, eleven eleven, eleven eleven, eleven eleven",
        "cuarenta y uno once once once once once once once",
        "es la cuatro uno uno uno y uno uno uno uno este uno uno uno uno uno uno uno uno",
        f"call 212 555 0143 card {VISA}",
        f"{VISA}{VISA}",
        "4111\u200b1111\u200b1111\u200b1111",
        f"4242 4242 4242 4242 {AMEX}",
    ],
)
def test_bil_02_it_is_found_among_other_words_and_numbers(said: str) -> None:
    kept, found = without_card_numbers(said)
    assert found and GONE in kept
    assert "1111" not in kept and "10005" not in kept and "one one" not in kept and "uno uno" not in kept


@pytest.mark.parametrize(
    "said",
    [
        "212-555-0143",
        "my number is 212 555 0143 and my birthday is 04/12/1988",
        "+1 (212) 555-0143",
        "member id W123456789",
        "two one two five five five oh one four three",
        "Tuesday at 4, or the 11th at 10:30, or 12 to 1",
        "it's one of two or three things",
        "",
    ],
)
def test_other_numbers_stay_as_they_are(said: str) -> None:
    assert without_card_numbers(said) == (said, False)


@given(
    st.dates(date(1920, 1, 1), date(2020, 1, 1)),
    st.sampled_from(
        ["%m/%d/%Y", "%-m/%-d/%Y", "%-d.%-m.%Y", "%m-%d-%Y", "%Y-%m-%d", "%m %d %Y", "%-m/%-d/%y"]
    ),
    st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True),
    st.sampled_from(["{0}-{1}-{2}", "({0}) {1}-{2}", "{0}{1}{2}", "+1 {0} {1} {2}", "{1}{2}"]),
    st.booleans(),
)
def test_a_birth_date_beside_a_telephone_number_or_a_code_is_no_card(
    born: date, written: str, number: str, shape: str, turned: bool
) -> None:
    details = [born.strftime(written), shape.format(number[:3], number[3:6], number[6:])]
    said = f"Anna Beck, {', '.join(reversed(details) if turned else details)}"
    assert without_card_numbers(said) == (said, False)


@given(st.text(max_size=200))
def test_nothing_makes_it_raise_and_what_it_leaves_holds_no_card_number(text: str) -> None:
    kept, _ = without_card_numbers(text)
    assert without_card_numbers(kept) == (kept, False)


def test_bil_02_a_very_long_row_of_digits_keeps_nobody_waiting() -> None:
    kept, found = without_card_numbers("7 " * 20_000 + VISA)
    assert found and VISA not in kept


def test_bil_02_of_a_number_that_is_still_being_heard_no_more_than_its_beginning_is_kept() -> None:
    for length in range(1, 17):
        kept, found = without_card_numbers(f"it is {VISA[:length]}", half_heard=True)
        assert not found
        assert sum(sign.isdigit() for sign in kept) < 9


@pytest.mark.parametrize(
    "pieces",
    [
        ["4111", "1111", "1111", "1111"],
        ["my card is 4111", "1111 1111", "uh 1111, expires 12/27"],
        ["four one one one", "one one one one", "one one one one", "one one one one"],
        ["3782", "822463", "10005"],
    ],
)
def test_bil_02_a_number_said_in_pieces_is_known_by_its_last_piece_and_no_sooner(pieces: list[str]) -> None:
    assert ends_one(pieces[:-1], pieces[-1])
    assert not any(ends_one(pieces[:n], pieces[n]) for n in range(len(pieces) - 1))


@given(st.integers(10**9, 10**10 - 1), st.dates())
def test_a_telephone_number_and_a_birth_date_are_no_pieces_of_one(phone: int, born: object) -> None:
    assert not ends_one([str(phone)], f"{born:%m %d %Y}")
    assert not ends_one([f"{born:%m %d %Y}"], str(phone))
