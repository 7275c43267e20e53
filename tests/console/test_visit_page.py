"""One visit on the staff page: what its people would be told, moving it, calling it off, and taking that back."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from lamplighter.desk import preferences, rearranging_kept, rearranging_work
from lamplighter.desk.ports import Task, Visit
from lamplighter.desk.preferences import Preferences
from tests.channels.web.stage import Stage
from tests.console.people import first_owner, token_in
from tests.console.test_schedule_page import TEN, one, slot, who_comes
from tests.console.test_staff_page import browser, sign_in, stage

__all__ = ["browser", "stage"]
V0 = "/schedule/visits/v0"
FIVE = "2026-12-02T10:00:00-05:00 mei_tan"
SEEN = f"{(TEN + timedelta(hours=4)).isoformat()} mei_tan"


@pytest.fixture
def desk(stage: Stage, browser: TestClient) -> TestClient:
    work = rearranging_work.ChangesThatStand(stage.records, stage.practices, stage.clock)
    stage.jobs.register(rearranging_kept.JOB, work.run)
    who_comes(stage)
    sign_in(stage, browser)
    return browser


def visit(stage: Stage, name: str = "v0") -> Visit:
    with stage.records.transaction(stage.practice.id) as tx:
        found = tx.schedule.visit(name)
    assert found is not None
    return found


def does(desk: TestClient, act: str, name: str = "v0", **form: str) -> str:
    csrf = token_in(desk.get("/me").text)
    given = {"csrf": csrf, "seen": SEEN, "reason": "practice", **form}
    answer = desk.post(f"/schedule/visits/{name}/{act}", data=given, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def texts(stage: Stage, place: int = 0) -> list[str]:
    return [each.text for each in stage.messenger.sent_to(f"+1212555016{place}")]


def pass_time(stage: Stage, **time: float) -> None:
    stage.clock.ahead(timedelta(**time))
    for _ in range(3):
        stage.run_due()


def test_the_very_words_that_they_get_are_read_before_it_is_done_and_are_what_goes(
    stage: Stage, desk: TestClient
) -> None:
    page = desk.get(f"{V0}/move", params={"to": FIVE}).text
    assert "A text, in two minutes" in page and "Wilhelmina Brambleby" in page
    back = does(desk, "move", to=FIVE)
    page = desk.get(back).text
    assert "Wednesday, December 2" in page and "Nothing is sent before" in page and "Undo" in page
    pass_time(stage, minutes=2, seconds=5)
    [text] = texts(stage)
    assert "your time is now Wednesday, December 2 at 10 AM" in text
    said = desk.get(f"{V0}/move", params={"to": FIVE})
    assert "can&#39;t be had" in said.text, "it is there already"
    page = desk.get(V0).text
    assert text.replace("'", "&#39;") in page and "Moved from" in page and "the practice needs it" in page
    assert "Undo" not in page


def test_what_they_read_in_the_preview_is_word_for_word_what_is_sent(stage: Stage, desk: TestClient) -> None:
    page = desk.get(f"{V0}/cancel").text
    does(desk, "cancel", reason="they_asked")
    pass_time(stage, minutes=3)
    [text] = texts(stage)
    assert f'<blockquote class="words-out">{text.replace(chr(39), "&#39;")}</blockquote>' in page


def test_it_says_why_nothing_goes_and_that_somebody_has_to_call(stage: Stage, desk: TestClient) -> None:
    page = desk.get("/schedule/visits/v1/cancel").text
    assert "Nothing, because they get no texts from us" in page and "this becomes a task" in page
    seen = f"{(TEN + timedelta(hours=5)).isoformat()} amara_osei"
    does(desk, "cancel", "v1", seen=seen)
    pass_time(stage, minutes=3)
    with stage.records.transaction(stage.practice.id) as tx:
        [task] = [each for each in tx.tasks.list_open() if each.kind == "not_reached"]
    assert task.person == "p1" and "Thaddeus Quillfeather" in desk.get("/").text


def test_it_can_be_taken_back_for_two_minutes_by_anybody_at_the_desk_and_nobody_hears_of_it(
    stage: Stage, desk: TestClient
) -> None:
    before = visit(stage)
    for act in ("move", "cancel"):
        change = does(desk, act, to=FIVE).rpartition("change=")[2]
        undo = {"csrf": token_in(desk.get("/me").text)}
        page = desk.post(f"/schedule/changes/{change}/undo", data=undo).text
        assert "nothing was sent" in page and "Tuesday, December 1" in page
        assert visit(stage) == before
        again = desk.post(f"/schedule/changes/{change}/undo", data=undo)
        assert again.status_code == 404
    change = does(desk, "move", to=FIVE).rpartition("change=")[2]
    pass_time(stage, minutes=3)
    late = desk.post(f"/schedule/changes/{change}/undo", data=undo)
    assert late.status_code == 409 and "too late to take that back" in late.text
    assert len(texts(stage)) == 1


def test_of_two_who_move_it_the_second_is_told_who_was_faster_and_the_same_pressed_twice_is_one(
    stage: Stage, desk: TestClient
) -> None:
    first = does(desk, "move", to=FIVE)
    assert does(desk, "move", to=FIVE) == first
    other = TestClient(stage.staff(), base_url=str(desk.base_url))
    sign_in(stage, other, "Dr. Osei")
    given = {"csrf": token_in(other.get("/me").text), "seen": SEEN, "reason": "clinician"}
    answer = other.post(f"{V0}/cancel", data=given)
    assert answer.status_code == 403, "a clinician changes none"
    owner = TestClient(stage.staff(), base_url=str(desk.base_url))
    sign_in(stage, owner, "Demo owner")
    given["csrf"] = token_in(owner.get("/me").text)
    answer = owner.post(f"{V0}/cancel", data=given)
    assert answer.status_code == 409
    assert "Front desk was faster. Moved from Tue, Dec 1, 2:00 PM" in answer.text
    assert visit(stage).status == "booked"


def test_a_time_that_went_to_somebody_else_meanwhile_is_refused_with_others_and_nothing_is_lost(
    stage: Stage, desk: TestClient
) -> None:
    with stage.records.transaction(stage.practice.id) as tx:
        taken = slot(TEN + timedelta(days=1))
        assert tx.schedule.book("v9", taken, ["p1"], "c1", stage.clock.now(), "booked")
    given = {"csrf": token_in(desk.get("/me").text), "seen": SEEN, "reason": "practice", "to": FIVE}
    answer = desk.post(f"{V0}/move", data=given)
    assert answer.status_code == 409 and "Free near it: Wed, Dec 2" in answer.text
    assert visit(stage).slot.start == TEN + timedelta(hours=4)


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"reason": "because"}, {"to": "soon"}, {"seen": "once"}, {"to": "2026-12-02 x"}]
)
def test_a_form_that_says_no_time_or_no_reason_is_shown_again_and_changes_nothing(
    stage: Stage, desk: TestClient, wrong: dict[str, str]
) -> None:
    csrf = token_in(desk.get("/me").text)
    given = {"csrf": csrf, "seen": SEEN, "reason": "practice", "to": FIVE, **wrong}
    answer = desk.post(f"{V0}/move", data=given)
    assert answer.status_code == 422 and "Choose a time and a reason" in answer.text
    assert visit(stage).slot.start == TEN + timedelta(hours=4)


def test_one_of_a_standing_appointment_asks_whether_those_after_it_move_too(
    stage: Stage, desk: TestClient
) -> None:
    name, seen = "s2@2026-12-01", f"{(TEN + timedelta(hours=2)).isoformat()} mei_tan"
    page = desk.get(f"/schedule/visits/{name}/move", params={"to": FIVE}).text
    assert "This one and those after it" in page
    back = does(desk, "move", name, to=FIVE, seen=seen, which="and_after")
    assert "Moved, and those after it, from" in desk.get(back).text
    with stage.records.transaction(stage.practice.id) as tx:
        starts = [each.slot.start for each in tx.schedule.visits_of("p2", stage.clock.now())]
    assert starts[:2] == [TEN + timedelta(days=1), TEN + timedelta(days=8)]


def test_the_page_offers_the_next_free_times_and_with_others_who_may_see_them(desk: TestClient) -> None:
    page = desk.get(f"{V0}/move").text
    assert "Tuesday, Dec 1" in page and "with Mei Tan" in page and "with Dr. Osei" not in page
    with_others = desk.get(f"{V0}/move", params={"anybody": "yes", "from": "2026-12-02"}).text
    assert "with Dr. Osei" in with_others and "Tuesday, Dec 1<" not in with_others


def test_the_office_confirms_what_is_held_and_its_task_is_done_with_it(
    stage: Stage, desk: TestClient
) -> None:
    with stage.records.transaction(stage.practice.id) as tx:
        at, now = slot(TEN + timedelta(hours=4, days=1)), stage.clock.now()
        assert tx.schedule.book("v8", at, ["p0"], "c1", now, "held_for_office")
        tx.tasks.add(Task("office_confirm:v8", "office_confirm", "desk", now))
    assert "The office confirms it" in desk.get("/schedule/visits/v8").text
    for _ in range(2):
        assert "they are told" in desk.get(does(desk, "confirm", "v8")).text
    with stage.records.transaction(stage.practice.id) as tx:
        assert all(each.id != "office_confirm:v8" for each in tx.tasks.list_open())
        assert [each.name for each in tx.jobs.pending() if "v8" in each.key] == ["office_confirmed"]


def test_who_did_not_come_is_said_on_the_visit_and_taken_back(stage: Stage, desk: TestClient) -> None:
    stage.clock.ahead(timedelta(hours=5))
    does(desk, "missed")
    assert visit(stage).status == "missed" and "Marked as missed by Front desk" in desk.get(V0).text
    does(desk, "took-place")
    assert visit(stage).status == "booked"


def test_whom_nobody_is_to_contact_stands_there_without_a_number_and_is_left_to_a_clinician(
    stage: Stage, desk: TestClient
) -> None:
    assert "tel:+12125550160" in desk.get(V0).text
    with stage.records.transaction(stage.practice.id) as tx:
        preferences.state(tx, "p0", Preferences(do_not_contact=True), by="Kit", now=stage.clock.now())
    assert "tel:" not in desk.get(V0).text
    page = desk.get(f"{V0}/cancel").text
    assert "they are not to be contacted" in page and "it is left to a clinician" in page


def test_a_clinician_opens_their_own_visits_and_no_others_and_is_shown_no_way_to_change_them(
    stage: Stage,
) -> None:
    who_comes(stage)
    hers = one(stage, first_owner(stage), "clinician", "mei_tan").browser
    page = hers.get(V0).text
    assert "Wilhelmina Brambleby" in page and f"{V0}/move" not in page
    other = hers.get("/schedule/visits/v1")
    assert other.status_code == 403 and "Thaddeus" not in other.text


def test_every_change_stands_in_the_ledger_with_who_and_why_and_so_does_who_opened_it(
    stage: Stage, desk: TestClient
) -> None:
    desk.get(V0)
    does(desk, "move", to=FIVE, reason="clinician")
    with stage.records.transaction(stage.practice.id) as tx:
        noted = {(each.what, each.about, each.why) for each in tx.ledger.entries(limit=10_000)}
    assert ("opened", "visit/v0", "") in noted
    assert ("visit_moved_by_staff", "visit/v0", "clinician") in noted


def test_the_free_places_of_a_day_are_given_to_the_pages_script_by_column(desk: TestClient) -> None:
    asked = {"days": "2026-12-01", "clinicians": "mei_tan,amara_osei"}
    places = desk.get(f"{V0}/places", params=asked).json()
    assert {each["clinician"] for each in places} == {"mei_tan", "amara_osei"}
    assert all(each["day"] == "2026-12-01" and each["minute"] >= 11 * 60 for each in places)
    assert desk.get(f"{V0}/places", params={"days": "soon", "clinicians": "nobody"}).json() == []
