"""Every channel behind the desk itself: what is released leaves once, waits, and is approved with its number."""

from collections.abc import Iterator
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
from lamplighter.connectors.clearinghouse.sftp_files.standin import INCOMING
from lamplighter.desk.authorizations.model import State
from lamplighter.desk.ports.authorizations import AuthorizationChannel
from lamplighter.practice.model import Party
from tests.connectors.authorizations.stage import reached
from tests.connectors.clearinghouse.test_sftp_files import House, opened
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
            stored = StoredNumbers(scene.house.store, scene.practice.id, scene.house.clock)
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


@pytest.fixture
def files(tmp_path: Path) -> Iterator[tuple[House, Scene]]:
    with opened(tmp_path) as house:
        agreed = Party("Clearing Example", "takes requests", ("names",), date(2026, 1, 1), may_reuse=False)
        way = OneWay(SftpAuthorizations(house.clearinghouse))
        scene = Scene(channels=way, parties=(agreed,))
        stored = StoredNumbers(scene.house.store, scene.practice.id, scene.house.clock)
        way.channel = SftpAuthorizations(replace(house.clearinghouse, numbers=stored))
        yield house, scene


def test_a_file_starts_no_clock_until_a_payer_says_that_it_has_it_and_is_approved_by_another_one(
    files: tuple[House, Scene],
) -> None:
    house, scene = files
    house.theirs.closed = True
    scene.released().past(minutes=5)
    assert (scene.one.state, scene.one.decide_by) == (State.SUBMITTED, None)
    assert "biller: no_answer" not in scene.tasks()
    scene.past(days=2)
    assert (scene.one.state, scene.tasks()) == (State.SUBMITTED, ["biller: no_answer"])
    house.theirs.closed = False
    house.theirs.fetch()
    scene.past(hours=50)
    assert scene.one.state is State.APPROVED and len(house.theirs.reviewer.asked) == 1


def test_a_file_that_is_refused_is_a_billers_and_goes_again_put_right(files: tuple[House, Scene]) -> None:
    house, scene = files
    house.theirs.reviewer.refuses_with = "33"
    scene.released().past(hours=3)
    [task] = scene.open_tasks()
    assert (scene.one.state, scene.told().told) == (State.REJECTED, "ours")
    assert (dict(task.details)["about"], dict(task.details)["reason"]) == ("rejected", "33")
    house.theirs.reviewer.refuses_with = ""
    scene.release()
    scene.past(hours=3)
    assert scene.one.state is State.APPROVED and len(house.theirs.fetched) == 2


def test_a_payer_that_is_down_behind_a_file_gets_the_request_again_under_its_trace(
    files: tuple[House, Scene],
) -> None:
    house, scene = files
    house.theirs.reviewer.refuses_with = "42"
    scene.released().past(minutes=30)
    house.theirs.reviewer.refuses_with = ""
    scene.past(hours=5)
    assert scene.one.state is State.APPROVED, scene.one.steps
    assert len(house.theirs.fetched) == 2 and len(house.theirs.reviewer.asked) == 1


def test_a_folder_that_is_cleared_takes_nothing_back_of_what_the_plan_wants(
    files: tuple[House, Scene],
) -> None:
    house, scene = files
    house.theirs.reviewer.decides = house.theirs.reviewer.later = "asks"
    scene.released().past(hours=3)
    assert scene.tasks() == ["biller: info"]
    for path in house.files(INCOMING):
        path.unlink()
    scene.past(hours=20)
    assert scene.one.state is State.INFO_REQUESTED and scene.one.answer is not None
    assert scene.one.answer.asked_for and scene.tasks() == ["biller: info"]


def test_a_cancellation_by_file_is_done_when_its_own_answer_is_there(files: tuple[House, Scene]) -> None:
    house, scene = files
    scene.released().past(hours=3)
    house.theirs.closed = True
    scene.do("cancel")
    scene.past(hours=5)
    assert scene.one.state is State.APPROVED and scene.one.cancelling is not None and scene.tasks() == []
    house.theirs.closed = False
    house.theirs.fetch()
    scene.past(hours=10)
    assert scene.one.state is State.CANCELLED and scene.one.cancelling is None


def test_a_cancellation_that_nobody_answers_is_told_to_the_plan_by_hand(files: tuple[House, Scene]) -> None:
    house, scene = files
    scene.released().past(hours=3)
    house.theirs.closed = True
    scene.do("cancel")
    scene.past(days=4)
    assert scene.one.state is State.APPROVED and scene.tasks() == ["biller: cancel_by_hand"]
