"""Every channel behind the desk itself: what is released leaves once, waits, and is approved with its number."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lamplighter.connectors.clearinghouse import reviewer as says
from lamplighter.connectors.clearinghouse.control_numbers import StoredNumbers
from lamplighter.connectors.clearinghouse.core_envelope import CoreAuthorizations
from lamplighter.connectors.clearinghouse.reviewer import Reviewer
from lamplighter.connectors.clearinghouse.sftp_files import SftpAuthorizations
from lamplighter.desk.authorizations.model import State
from lamplighter.desk.ports.authorizations import AuthorizationChannel
from lamplighter.practice.model import Party
from tests.connectors.authorizations.stage import reached
from tests.connectors.clearinghouse.test_sftp_files import opened
from tests.desk.authorizations.scene import Scene

WAYS = {"x12-soap": "x12_278", "optum": "x12_278", "availity": "availity", "fhir-pas": "fhir_pas"}


@dataclass
class OneWay:
    channel: AuthorizationChannel

    def of(self, practice: str, kind: str) -> AuthorizationChannel | None:
        return self.channel


@pytest.mark.parametrize("kind", WAYS)
def test_what_is_released_leaves_once_waits_and_is_approved_with_its_number(kind: str) -> None:
    with reached(kind, Reviewer(decides="pends")) as house:
        by: Any = WAYS[kind]
        way = OneWay(house.channel)
        agreed = Party(house.channel.party, "takes requests", ("names",), date(2026, 1, 1), may_reuse=False)
        scene = Scene(by=by, channels=way, parties=(agreed,))
        if isinstance(way.channel, CoreAuthorizations):
            stored = StoredNumbers(scene.house.store, scene.practice.id)
            way.channel = CoreAuthorizations(replace(way.channel.way, numbers=stored))
        scene.released()
        scene.past(minutes=5)
        assert scene.one.state is State.PENDED and len(house.reviewer.asked) == 1
        scene.past(hours=30)
        if not way.channel.may_be_polled:
            assert scene.one.state is State.PENDED
            scene.do("ask")
            scene.past(minutes=1)
        assert scene.one.state is State.APPROVED and scene.one.number == says.NUMBER
        assert len(house.reviewer.asked) == 1


def test_a_file_has_arrived_and_is_approved_by_another_one(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        channel = SftpAuthorizations(house.clearinghouse)
        agreed = Party(channel.party, "takes requests", ("names",), date(2026, 1, 1), may_reuse=False)
        scene = Scene(channels=OneWay(channel), parties=(agreed,))
        house.theirs.closed = True
        scene.released()
        scene.past(minutes=5)
        assert scene.one.state is State.ACKNOWLEDGED
        house.theirs.closed = False
        house.theirs.fetch()
        scene.past(hours=30)
        assert scene.one.state is State.APPROVED and len(house.theirs.reviewer.asked) == 1
