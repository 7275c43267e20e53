"""Rules 10 and 21 on the staff page: somebody on file, what stops for them, and whom to ring first."""

from dataclasses import replace

import pytest

from lamplighter.conversation import events as e
from lamplighter.desk import planning, stopping
from lamplighter.desk.ports import Role, Task
from lamplighter.desk.stopping import OF_ITSELF, STOPS
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled, first_owner, invited
from tests.console.test_hand_over_card import ADDRESS, call, card_on, ledger
from tests.console.test_reading import reads
from tests.console.watch import Watch

NORA = PATIENTS[0]
PAGE = f"/persons/{NORA.number}"


@pytest.fixture
def doctor(stage: Stage) -> Enrolled:
    return invited(stage, first_owner(stage, "Rosa Ferro"), "Dr. Osei", "clinician")


def stood(stage: Stage) -> list[tuple[str, str]]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [(each.stop, each.by) for each in stopping.of(tx, NORA.number)]


def test_somebody_is_found_by_last_name_and_birth_date_and_the_look_is_noted(
    stage: Stage, owner: Enrolled
) -> None:
    page = owner.post("/persons/find", last_name="BELL", born="1990-02-03")
    for words in ("Nora Bell", "Feb 3, 1990", "(212) 555-0143", "Dr. Osei"):
        assert words in page
    assert ("opened", f"person/{NORA.number}") in reads(stage)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"last_name": "Bell", "born": "1990-02-04"}, "Nobody on file"),
        ({"last_name": "Bell", "born": "soon"}, "the whole birth date"),
        ({"last_name": " ", "born": "1990-02-03"}, "Write the last name"),
    ],
)
def test_who_is_not_found_is_said_to_be_not_on_file(
    owner: Enrolled, given: dict[str, str], says: str
) -> None:
    page = owner.post("/persons/find", **given)
    assert says in page and "Nora" not in page


def test_there_is_nothing_to_change_of_somebody_who_is_not_on_file(owner: Enrolled) -> None:
    assert owner.browser.get("/persons/nobody").status_code == 404
    assert "nobody like that on file" in owner.post("/persons/nobody/stop", what="discharged")


@pytest.mark.parametrize("what", [stop for stop in STOPS if stop not in ("clinician_hold", *OF_ITSELF)])
def test_rule_10_one_click_of_the_desk_stops_and_another_undoes_it(
    stage: Stage, owner: Enrolled, what: str
) -> None:
    sam = invited(stage, owner, "Sam Ode", "desk")
    page = sam.post(f"{PAGE}/stop", what=what)
    assert "by Sam Ode: nothing automatic" in page and stood(stage) == [(what, "Sam Ode")]
    sam.post(f"{PAGE}/go-on", what=what)
    assert stood(stage) == []
    assert ledger(stage, "stopped_stated") == [("Sam Ode", f"person/{NORA.number}", "")]
    assert ledger(stage, "stopped_lifted") == [("Sam Ode", f"person/{NORA.number}", "")]


def test_rule_10_a_clinicians_hold_is_a_clinicians_to_say_and_to_lift(stage: Stage, doctor: Enrolled) -> None:
    doctor.post(f"{PAGE}/stop", what="clinician_hold")
    assert stood(stage) == []
    doctor.post(f"{PAGE}/hold", what="clinician_hold")
    assert stood(stage) == [("clinician_hold", "Dr. Osei")]
    doctor.post(f"{PAGE}/go-on", what="clinician_hold")
    assert len(stood(stage)) == 1
    doctor.post(f"{PAGE}/unhold", what="clinician_hold")
    assert stood(stage) == []


def test_rule_10_it_is_a_click_on_the_contact_too_which_comes_back_to_it(
    stage: Stage, owner: Enrolled
) -> None:
    contact = call(stage, "what are your hours?", knows=True)
    assert "Stop what is automatic" in owner.browser.get(f"/?contact={contact}").text
    page = owner.post(f"{PAGE}/stop", what="in_hospital", back=contact)
    assert 'id="detail-head"' in page and "In hospital</summary>" in page


def test_rule_10_whoever_is_about_to_call_back_or_follow_up_sees_that_they_died(
    stage: Stage, owner: Enrolled
) -> None:
    call(stage, knows=True)
    with stage.records.transaction(stage.practice.id) as tx:
        person = tx.people.get(NORA.number)
        assert person is not None
        tx.people.add(replace(person, id="again", phone=None, perhaps=person.id))
        for kind in ("follow_up", "callback"):
            due = stage.clock.now()
            tx.tasks.add(Task(f"t-{kind}", kind, "clinician", due, None, NORA.number))
    owner.post("/persons/again/stop", what="deceased")
    sam = invited(stage, owner, "Sam Ode", "desk")
    tasks = sam.browser.get("/").text.partition('<section id="tasks"')[2].partition("</section>")[0]
    assert tasks.count("<strong>Deceased</strong>") == 3
    owner.post("/persons/again/go-on", what="deceased")
    assert "Deceased" not in sam.browser.get("/").text.partition('<section id="tasks"')[2]


@pytest.mark.parametrize("what", ["", "sad", "Deceased"])
def test_rule_10_there_is_no_other_word_to_say_of_somebody(stage: Stage, owner: Enrolled, what: str) -> None:
    assert "be chosen" in owner.post(f"{PAGE}/stop", what=what)
    assert stood(stage) == []


def test_rule_07_an_address_is_written_here_and_read_behind_glass_only(stage: Stage, owner: Enrolled) -> None:
    page = owner.post(f"{PAGE}/card", address=ADDRESS, pronouns="she/her")
    assert "on file, behind glass" in page and "she/her" in page and ADDRESS not in page
    owner.post(f"{PAGE}/card", address="", pronouns="")
    with stage.records.transaction(stage.practice.id) as tx:
        person = tx.people.get(NORA.number)
    assert person is not None and (person.address, person.pronouns) == (ADDRESS, "she/her")


def address(stage: Stage) -> str | None:
    with stage.records.transaction(stage.practice.id) as tx:
        person = tx.people.get(NORA.number)
    return person.address if person else None


def test_rule_07_an_address_that_is_on_file_is_written_over_by_who_can_see_it_only(
    stage: Stage, owner: Enrolled
) -> None:
    contact, sam = call(stage, knows=True), invited(stage, owner, "Sam Ode", "desk")
    doctor = invited(stage, owner, "Dr. Osei", "clinician")
    for other in (sam, owner):
        other.post(f"{PAGE}/card", address="1 Elm Street, Albany, NY 12207", pronouns="they/them")
        assert address(stage) == ADDRESS
    sam.post(f"/contacts/{contact}/accept")
    sam.post(f"{PAGE}/card", address="1 Elm Street, Albany, NY 12207")
    assert address(stage) == "1 Elm Street, Albany, NY 12207"
    sam.post(f"/contacts/{contact}/handled")
    sam.post(f"{PAGE}/card", address=ADDRESS)
    assert address(stage) == "1 Elm Street, Albany, NY 12207"
    doctor.post(f"{PAGE}/card", address=ADDRESS)
    assert address(stage) == ADDRESS


def test_rule_21_a_clinician_signs_whom_to_ring_first_and_the_ladder_and_the_card_obey(
    stage: Stage, doctor: Enrolled
) -> None:
    page = doctor.post(f"{PAGE}/plan", first="osei", second="front_desk", third="")
    assert "Ring first: <strong>Dr. Osei, then Front desk</strong>" in page
    contact = call(stage, knows=True)
    assert stage.bells.rung[-1].rung == "osei"
    assert "contact plan, signed by Dr. Osei" in card_on(doctor.browser.get(f"/?contact={contact}").text)
    assert ledger(stage, "contact_plan_stated") == [("Dr. Osei", f"person/{NORA.number}", "")]
    assert "None: the ladder rings" in doctor.post(f"{PAGE}/plan")


def test_rule_21_a_page_left_open_signs_no_plan(stage: Stage, doctor: Enrolled, watch: Watch) -> None:
    watch.seconds += 601
    assert "Prove that it is you" in doctor.post(f"{PAGE}/plan", first="osei")
    page = doctor.browser.get(PAGE).text
    assert "signs for nobody" in page and "Sign this plan" not in page
    with stage.records.transaction(stage.practice.id) as tx:
        assert planning.of(tx, NORA.number) is None


@pytest.mark.parametrize("rung", ["lifeline", "answering_service", "nobody", "she is afraid of him"])
def test_rule_21_a_plan_names_people_of_the_ladder_and_nothing_else(
    stage: Stage, doctor: Enrolled, rung: str
) -> None:
    assert "be chosen" in doctor.post(f"{PAGE}/plan", first=rung)
    with stage.records.transaction(stage.practice.id) as tx:
        assert planning.of(tx, NORA.number) is None


@pytest.mark.parametrize("role", ["desk", "owner"])
def test_rule_21_nobody_else_signs_one(stage: Stage, owner: Enrolled, role: Role) -> None:
    other = owner if role == "owner" else invited(stage, owner, "Sam Ode", role)
    assert "somebody else" in other.post(f"{PAGE}/plan", first="osei")


def test_rule_09_a_false_alarm_is_closed_in_two_clicks_and_only_counted_on_the_ladder_page(
    stage: Stage, owner: Enrolled
) -> None:
    contact = call(stage, knows=True)
    assert "False alarm" in owner.browser.get(f"/?contact={contact}").text
    owner.post(f"/contacts/{contact}/false-alarm")
    with stage.records.transaction(stage.practice.id) as tx:
        bodies = [event.body for event in tx.log.read(contact)]
    assert e.HandoffClosed("Rosa Ferro", "not_needed") in bodies
    assert [body.phrase for body in bodies if isinstance(body, e.Said)].count("resume") == 1
    page = owner.browser.get("/ladder").text
    assert "False alarms that were told" in page and "Nora" not in page and contact not in page
