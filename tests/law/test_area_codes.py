import pytest

from lamplighter.law.area_codes import state_of
from lamplighter.law.states import STATES


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("+12125550143", "NY"),
        ("+13125550143", "IL"),
        ("+12075550143", "ME"),
        ("+12025550143", "DC"),
        ("+12015550143", "NJ"),
    ],
)
def test_a_number_is_from_the_state_of_its_area_code(number: str, state: str) -> None:
    assert state_of(number) == state


@pytest.mark.parametrize(
    "number",
    [None, "", "+18005550143", "+14165550143", "+17875550143", "+442079460143", "+1212555014", "12125550143"],
)
def test_a_number_of_no_state_is_from_none(number: str | None) -> None:
    assert state_of(number) is None


def test_every_state_has_an_area_code() -> None:
    found = {state_of(f"+1{code}5550143") for code in range(200, 1000)}

    assert found == {*STATES, None}
