"""A request of the desk through real channels: it leaves as a payer can take it, and what comes back is followed."""

from datetime import date

import pytest

from lamplighter.connectors.clearinghouse.reviewer import Reviewer
from lamplighter.desk.authorizations.model import State
from lamplighter.desk.ports.authorizations import AuthorizationChannel
from lamplighter.practice.model import Party
from tests.connectors.authorizations.stage import reached
from tests.desk.authorizations.scene import Scene


class Only:
    """The one channel of everybody."""

    def __init__(self, channel: AuthorizationChannel) -> None:
        self._channel = channel

    def of(self, practice: str, kind: str) -> AuthorizationChannel:
        return self._channel


@pytest.mark.parametrize(
    ("kind", "by"), [("x12-mime", "x12_278"), ("fhir-pas", "fhir_pas"), ("availity", "availity")]
)
def test_what_a_biller_lets_go_is_pended_and_then_approved_by_the_payer_at_the_other_end(
    kind: str, by: str
) -> None:
    reviewer = Reviewer()
    with reached(kind, reviewer) as found:
        party = Party(found.channel.party, "authorizations", ("plans",), date(2026, 1, 1), may_reuse=False)
        scene = Scene(by=by, channels=Only(found.channel), parties=(party,))  # type: ignore[arg-type]
        reviewer.decides = "pends"
        scene.released().past(minutes=3)
        assert scene.one.state is State.PENDED, scene.one.steps[-1]
        if found.channel.may_be_polled:
            scene.past(hours=3)
        else:
            scene.do("ask")
            scene.past(seconds=1)
        assert scene.one.state is State.APPROVED, scene.one.steps[-1]
        assert scene.one.number and scene.told().told == "approved"
        scene.do("cancel")
        scene.past(minutes=3)
        assert scene.one.state is State.CANCELLED, scene.one.steps[-1]
