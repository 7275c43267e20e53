"""What a person's page offers to say of them."""

from lamplighter.console.on_file import STOPS, StopShown, StopsShown
from lamplighter.desk.stopping import OF_ITSELF


def shown(*stops: str) -> StopsShown:
    standing = tuple(StopShown(stop, STOPS[stop], "Dr. Osei", "10:00") for stop in stops)
    return StopsShown("p1", "Nora Bell", standing)


def test_what_has_been_said_of_somebody_is_not_offered_again() -> None:
    offered = [stop for stop, _, _ in shown("in_hospital").may_stop]
    assert offered == [stop for stop in STOPS if stop not in ("in_hospital", *OF_ITSELF)]
