"""MIN-02 on the staff page: who may act for somebody is recorded there, on a fresh proof."""

from lamplighter.desk.ports import Person, Proxy
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled
from tests.console.test_hand_over_card import ledger
from tests.console.test_reading import reads
from tests.console.watch import Watch

NORA = PATIENTS[0]
PAGE = f"/persons/{NORA.number}/custody"
PAUL = {"name": "Paul Bell", "phone": "(212) 555-0172", "visits": "yes"}


def on_file(stage: Stage) -> Person:
    with stage.records.transaction(stage.practice.id) as tx:
        person = tx.people.get(NORA.number)
    assert person is not None
    return person


def test_min_02_somebody_is_recorded_with_what_they_may_do_and_taken_back(
    stage: Stage, owner: Enrolled
) -> None:
    page = owner.post(f"{PAGE}/record", **PAUL)
    assert "Paul Bell" in page and "hears of and changes visits" in page
    assert on_file(stage).proxies == (Proxy("Paul Bell", "+12125550172"),)
    assert ledger(stage, "proxy_recorded") == [
        ("Rosa Ferro", f"person/{NORA.number}", "hears of and changes visits")
    ]
    assert "Nobody but they themselves" in owner.post(f"{PAGE}/remove", name="Paul Bell")
    assert on_file(stage).proxies == ()


def test_min_02_everything_goes_to_a_person_and_back_by_one_click(stage: Stage, owner: Enrolled) -> None:
    assert "Everything goes to a person here" in owner.post(f"{PAGE}/only", only="yes")
    assert on_file(stage).by_person_only
    owner.post(f"{PAGE}/only", only="no")
    assert not on_file(stage).by_person_only


def test_min_02_what_is_missing_is_said_and_nothing_is_recorded(stage: Stage, owner: Enrolled) -> None:
    assert "Say what they may do" in owner.post(f"{PAGE}/record", **{**PAUL, "visits": "no"})
    assert on_file(stage).proxies == ()
    assert owner.browser.get("/persons/nobody/custody").status_code == 404


def test_min_02_a_page_left_open_opens_nobodys_record_to_another(
    stage: Stage, owner: Enrolled, watch: Watch
) -> None:
    watch.seconds += 601
    assert "within ten minutes of signing in only" in owner.browser.get(PAGE).text
    owner.post(f"{PAGE}/record", **PAUL)
    assert on_file(stage).proxies == ()
    assert ("opened", f"person/{NORA.number}") in reads(stage)
