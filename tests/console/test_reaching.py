"""PRV-04 on the staff page: how somebody wants to be reached, and that no texts go to a number that wants none."""

from datetime import UTC, datetime, time

import pytest

from lamplighter.desk import opting_out, preferences
from lamplighter.desk.preferences import Preferences
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled

NORA = PATIENTS[0]
PAGE = f"/persons/{NORA.number}"


def kept(stage: Stage) -> Preferences:
    with stage.records.transaction(stage.practice.id) as tx:
        return preferences.of(tx, NORA.number)


def test_prv_04_what_somebody_wishes_is_kept_shown_and_taken_back(stage: Stage, owner: Enrolled) -> None:
    owner.post(f"{PAGE}/reach", do_not_contact="yes", way="calls", start="10:00", end="17:30", reminded="day")
    assert kept(stage) == Preferences(True, ("voice",), time(10), time(17, 30), (24,))
    page = owner.browser.get(PAGE).text
    for words in ('value="yes" checked', 'value="calls" selected', 'value="10:00"', 'value="day" selected'):
        assert words in page
    owner.post(f"{PAGE}/reach", way="any", start="", end="", reminded="usual")
    assert kept(stage) == Preferences()


@pytest.mark.parametrize(
    "wrong",
    [
        {"way": "pigeon"},
        {"reminded": "hourly"},
        {"start": "late"},
        {"start": "18:00", "end": "10:00"},
        {"end": "08:00"},
    ],
)
def test_prv_04_what_is_not_offered_is_refused_and_nothing_is_kept(
    stage: Stage, owner: Enrolled, wrong: dict[str, str]
) -> None:
    answer = owner.browser.post(f"{PAGE}/reach", data={"csrf": owner.csrf, **wrong})
    assert answer.status_code == 422
    assert kept(stage) == Preferences()


def test_prv_04_there_is_no_place_for_a_reason(owner: Enrolled) -> None:
    form = owner.browser.get(PAGE).text.partition('id="reach"')[2].partition("</form>")[0]
    assert "<textarea" not in form and 'type="text"' not in form


def test_tel_06_the_page_says_that_a_number_wants_no_texts(stage: Stage, owner: Enrolled) -> None:
    assert "No texts go to this number" not in owner.browser.get(PAGE).text
    with stage.records.transaction(stage.practice.id) as tx:
        person = tx.people.get(NORA.number)
        assert person is not None and person.phone is not None
        at = datetime(2026, 12, 1, 15, tzinfo=UTC)
        opting_out.opt_out(tx, person.phone, words="stop", contact="c1", now=at)
    assert "No texts go to this number" in owner.browser.get(PAGE).text
