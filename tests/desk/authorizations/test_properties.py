"""Whatever people do in whatever order: nothing leaves that nobody let go, each trace is one release, and what is over
asks nothing of anybody."""

from typing import Final, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.console.wording import AUTHORIZATION_ABOUT
from lamplighter.desk import plan_kept
from lamplighter.desk.authorizations.kept import is_open
from lamplighter.desk.authorizations.model import Authorization, State
from lamplighter.desk.authorizations.need import need
from lamplighter.desk.authorizations.standing import standing_of
from lamplighter.desk.authorizations.todo import About
from lamplighter.desk.benefits import Figure
from lamplighter.desk.benefits import State as Said
from lamplighter.desk.ports.authorizations import ApprovedService, Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Refused, Why
from tests.desk.authorizations.scene import CODES, Scene
from tests.desk.eligibility.scene import ANNA

RULED: Final = tuple(Ruled(each, ticket="T") for each in Verdict)
REPLIES: Final = st.sampled_from([*RULED, Refused(Why.PAYER_DOWN), Refused(Why.ASKED_WRONGLY)])
SAYS: Final = (Figure(Said.KNOWN, True), Figure(Said.KNOWN, False))
FIGURES: Final = (None, Figure(Said.UNKNOWN), Figure(Said.CONTRADICTORY), *SAYS)
DEEDS: Final = (
    "confirm",
    "release",
    "undo",
    "sent",
    "told",
    "chased",
    "cancel",
    "appeal",
    "let_stand",
    "ask",
    "restrict",
    "lift",
)
STEPS: Final = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 40)), max_size=14)


def do(scene: Scene, what: str) -> None:
    one = scene.one
    match what:
        case "confirm":
            scene.confirm()
        case "release":
            scene.release()
        case "undo":
            scene.do("undo", one.steps[-1].id if one.steps else "")
        case "sent":
            scene.do("sent_by_hand")
        case "told":
            scene.do("told", Ruled(Verdict.DENIED))
        case "restrict" | "lift":
            with scene.tx() as tx:
                act = plan_kept.restrict if what == "restrict" else plan_kept.lift_restriction
                act(tx, ANNA.id, by="Sam", now=scene.now)
        case _:
            scene.do(what)


@settings(max_examples=8, deadline=None)
@given(st.lists(REPLIES, max_size=8), STEPS, st.booleans())
def test_in_any_order_of_deeds_answers_and_hours_nothing_leaves_that_was_not_let_go(
    replies: list[Ruled | Refused], deeds: list[tuple[str, int]], polled: bool
) -> None:
    scene, let_go = Scene(*replies, polled=polled).drafted(), set[str]()
    for what, hours in deeds:
        do(scene, what)
        let_go |= {each.value("trace") for each in scene.one.steps if each.value("trace")}
        scene.past(hours=hours)
    assert set(scene.payers.asked) <= let_go
    assert all(each.diagnoses == CODES.diagnoses for each in scene.payers.asked.values())
    for found in scene.all():
        mine = [each for each in scene.open_tasks() if ("authorization", found.id) in each.details]
        assert is_open(found) or found.state is State.DENIED or not mine
        assert len(mine) == len({dict(each.details)["about"] for each in mine})


@given(st.sampled_from(["needed", "not_needed", "ask", None]), st.sampled_from(FIGURES))
def test_what_file_and_plan_contradict_each_other_about_is_asked_and_a_plans_silence_leaves_the_file_as_it_is(
    written: str | None, figure: Figure | None
) -> None:
    found = need(written, figure)  # type: ignore[arg-type]
    said = figure.value if figure is not None and figure.state is Said.KNOWN else None
    if said is None:
        assert found == (written or "not_needed")
    elif written in ("needed", "not_needed"):
        agrees = (written == "needed") is said
        assert found == (written if agrees else "ask")
    else:
        assert found == {("ask", True): "needed", ("ask", False): "not_needed", (None, True): "ask"}.get(
            (written, bool(said)), "not_needed"
        )


def test_every_state_and_every_task_has_words_and_what_somebody_may_hear_names_no_care() -> None:
    assert set(AUTHORIZATION_ABOUT) == set(get_args(About))
    scene = Scene(
        Ruled(Verdict.APPROVED, "A-77", "", CODES.first_day, None, (ApprovedService("90837", None),))
    )
    scene.released().past(minutes=3)
    one: Authorization = scene.one
    heard = repr(standing_of([one], scene.practice, scene.now))
    assert "told='approved'" in heard and "last_day=None" in heard and "visits_left=None" in heard
    assert not any(word in heard for word in ("90837", "F41", "follow_up", "visits'"))
    assert scene.tasks() == ["biller: unsaid"]
