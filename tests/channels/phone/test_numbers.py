"""Emergency numbers are refused where a call would leave, however they are written."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lamplighter.channels.phone.memory import MemoryTelephone
from lamplighter.channels.phone.numbers import NEVER, NeverDialled, e164, is_emergency, user_of
from lamplighter.channels.phone.ports import NotReached

PUNCTUATION = st.text(alphabet=" -.()/\u2011\u00a0", max_size=3)
BEFORE = st.sampled_from(
    ["", "9", "9,", "0", "1", "+1", "91", "00", "011", "9-1-", "+44", "tel:", "sip:", "99"]
)
AFTER = st.sampled_from(["", "@pbx.example", ";user=phone"])
SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９")


TELEPHONE = MemoryTelephone(lambda dialled: 0)


@st.composite
def written(draw: st.DrawFn) -> str:
    """An emergency number as somebody may have it in a list: prefixed, with marks between, in any script."""
    digits = draw(st.sampled_from(sorted(NEVER)))
    script = draw(st.sampled_from(SCRIPTS))
    before = draw(BEFORE)
    said = "".join(draw(PUNCTUATION) + script[int(digit)] for digit in digits)
    return before + said + (draw(AFTER) if before.endswith(":") else draw(PUNCTUATION))


@given(written())
async def test_no_emergency_number_leaves_however_it_is_written(number: str) -> None:
    with pytest.raises(NeverDialled):
        await TELEPHONE.dial(number, seconds=1)
    assert TELEPHONE.dialled == []


@given(
    st.text("0123456789*#+,;pw-. ", max_size=8),
    st.sampled_from(sorted(NEVER)),
    st.sampled_from(["", ",1", "p1"]),
)
@example("*67", "911", "")
@example("#31#", "911", "")
@example("7", "911", "")
@example("14", "911", "")
@example("+1", "911", "")
async def test_no_emergency_number_leaves_behind_a_service_code_or_a_digit_for_an_outside_line(
    before: str, number: str, after: str
) -> None:
    assume(not re.fullmatch(r"\+\d{6,}", before))  # somebody's whole number may end so
    with pytest.raises(NeverDialled):
        await TELEPHONE.dial(before + number + after, seconds=1)


@pytest.mark.parametrize("number", ["988", "+12125550100", "+12125550112", "+442079460100"])
async def test_whole_numbers_and_988_are_dialled(number: str) -> None:
    telephone = MemoryTelephone(lambda dialled: 480)
    with pytest.raises(NotReached):
        await telephone.dial(number, seconds=1)
    assert telephone.dialled == [number]


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ('"Front <desk>" <sip:+12125550143@10.0.0.5;user=phone>;tag=1', "+12125550143"),
        ("sip:2125550143@pbx", "+12125550143"),
        ("<tel:+1-212-555-0143>", "+12125550143"),
        ("sip:%2B12125550143@pbx:5061;transport=tls", "+12125550143"),
        ("sip:anonymous@anonymous.invalid", None),
        ("<sip:201@pbx>", None),
        ("", None),
    ],
)
def test_a_number_is_read_where_a_line_writes_one(address: str, number: str | None) -> None:
    assert e164(user_of(address)) == number


@given(st.text(max_size=60))
def test_whatever_a_line_writes_is_read_or_is_no_number(address: str) -> None:
    found = e164(user_of(address))
    assert found is None or found.startswith("+")
    is_emergency(address)
