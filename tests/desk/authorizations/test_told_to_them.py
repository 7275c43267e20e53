""" "Is my authorization done?", said by somebody who is identified: how it stands and no more."""

from datetime import date
from decimal import Decimal

import pytest

from lamplighter.conversation.events import Said
from lamplighter.desk.ports.authorizations import ApprovedService, AuthorizationReply, Ruled, Verdict
from tests.desk.authorizations.scene import CODES, Scene
from tests.desk.eligibility.scene import ANNA
from tests.promises.desks import Call, of_kind

APPROVED = Ruled(
    Verdict.APPROVED, "A-1", "", date(2026, 12, 10), date(2027, 3, 10), (ApprovedService("90837", Decimal(8)),)
)  # fmt: skip


def asking(scene: Scene, phone: str | None = ANNA.phone) -> Call:
    call = scene.house.call("voice", phone)
    call.say("has my authorization been approved yet?")
    call.say("Anna Lindqvist, april 12 1988")
    return call


@pytest.mark.parametrize(
    ("says", "phrase"),
    [
        ((), "authorization.ours"),
        ((Ruled(Verdict.PENDED, ticket="T1"),), "authorization.waiting"),
        ((Ruled(Verdict.INFO_REQUESTED, ticket="T1"),), "authorization.wants_more"),
        ((APPROVED,), "authorization.approved"),
        ((Ruled(Verdict.DENIED, "A-1", reasons=(("0T", ""),)),), "authorization.denied"),
    ],
)
def test_they_hear_how_it_stands_and_nothing_of_what_it_is_for(
    says: tuple[AuthorizationReply, ...], phrase: str
) -> None:
    scene = Scene(*says)
    (scene.released if says else scene.drafted)()
    scene.past(minutes=30)
    call = asking(scene)
    told = [each for each in call.said if each.startswith("authorization.")]
    assert told == [phrase, *(("authorization.left",) if phrase == "authorization.approved" else ())]
    assert call.said[-1] == "anything_else"
    words = str([each.args for each in of_kind(call.bodies, Said)])
    assert not any(code in words for code in (*CODES.diagnoses, "90837", "A-1"))


def test_where_nothing_is_on_file_they_hear_that_and_somebody_looks() -> None:
    scene = Scene()
    assert asking(scene).said[-2] == "authorization.none"
    with scene.tx() as tx:
        [task] = [each for each in tx.tasks.list_open() if each.kind == "billing"]
    assert (task.route, task.person, dict(task.details)["about"]) == ("biller", ANNA.id, "authorization")


def test_from_another_number_nobody_hears_anything_without_the_code() -> None:
    scene = Scene(APPROVED).released()
    scene.past(minutes=30)
    call = asking(scene, "+12125550199")
    call.say("I don't have it")
    assert not any(phrase.startswith("authorization.") for phrase in call.said)
