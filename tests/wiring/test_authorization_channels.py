"""By which channel a practice's requests for authorization go: what the operator has set up, and nothing else."""

from lamplighter.wiring.authorization_channels import authorization_channels
from tests.promises.desks import NOON, SimulatedClock
from tests.wiring.test_clearinghouses import RECORDS, SECRET, core, settings


def test_requests_go_by_the_channel_of_the_clearinghouse_that_is_set_up() -> None:
    clock = SimulatedClock(NOON)
    found = authorization_channels(core(), clock, RECORDS)
    channel = found.of("demo", "x12_278")
    assert (
        channel is not None
        and channel.may_be_polled
        and channel.party == "Lantern Exchange"
        and SECRET not in repr(channel)
    )
    assert (found.of("demo", "availity"), found.of("another", "x12_278")) == (None, None)
    assert authorization_channels(settings(), clock, RECORDS).of("demo", "x12_278") is None
