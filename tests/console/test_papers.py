"""The practice's papers on the page of somebody on file: what stands, and what staff do about it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import packet, packet_done, packet_kept, preferences, stopping
from lamplighter.desk.ports import Message
from lamplighter.desk.preferences import Preferences
from lamplighter.practice import packet as papers
from lamplighter.practice.model import Modality
from tests.channels.web.stage import PATIENTS, Stage
from tests.channels.web.visiting import START
from tests.console.people import Enrolled

NORA = PATIENTS[0]
PAGE = f"/persons/{NORA.number}"
NEEDED = ("ai_notice", "policies", "fees", "releases")


@pytest.fixture
def visit(stage: Stage) -> None:
    slot = Slot(START + timedelta(days=7), 50, "mei_tan", Modality.IN_PERSON, "first_visit", "harbor_lane")
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.schedule.book("v1", slot, [NORA.number], "c0", stage.clock.now(), "booked")


def section(owner: Enrolled) -> str:
    page = owner.browser.get(PAGE).text.partition('id="papers"')[2].partition("</section>")[0]
    return " ".join(page.split())


def by_whom(stage: Stage) -> dict[str, str]:
    with stage.records.transaction(stage.practice.id) as tx:
        return {name: each.by for name, each in packet_done.done(tx, stage.practice, NORA.number).items()}


@pytest.mark.usefixtures("visit")
def test_the_page_says_what_is_missing_what_was_sent_and_what_was_opened(
    stage: Stage, owner: Enrolled
) -> None:
    assert "4 missing" in section(owner) and "no link has gone out; not opened" in section(owner)
    now = stage.clock.now()
    message = Message("m1", "sms", NORA.number, "sms.packet", (), "en", now, NORA.number)
    with stage.records.transaction(stage.practice.id) as tx:
        found = tx.schedule.visit("v1")
        assert found is not None
        packet_kept.note_sent(tx, stage.practice, message, found, now)
        packet_kept.note_opened(tx, NORA.number, "link/x", now)
        fees = papers.paper(stage.practice, stage.practice.packet.pieces[2], "es")
        assert fees is not None
        packet_kept.mark(tx, stage.practice, NORA.number, fees, "agreed", now=now, via="link/x")
    said = section(owner)
    assert (
        "3 missing" in said and "link sent by text, Tue, Dec 1, 10:0" in said and "opened Tue, Dec 1" in said
    )
    assert "What it costs" in said and "agreed by the link, Tue, Dec 1" in said
    assert "Medicaid" not in said, "no word of a paper"


@pytest.mark.usefixtures("visit")
def test_aid_05_a_paper_that_was_handed_over_is_marked_with_who_and_can_be_taken_back(
    stage: Stage, owner: Enrolled
) -> None:
    for paper in NEEDED:
        owner.post(f"{PAGE}/papers/done", paper=paper)
    assert set(by_whom(stage)) == set(NEEDED) and len(set(by_whom(stage).values())) == 1
    assert "Complete" in section(owner) and "on paper, Tue, Dec 1" in section(owner)
    assert "Send the link again" not in section(owner)
    with stage.records.transaction(stage.practice.id) as tx:
        noted = [each for each in tx.ledger.entries(limit=9999) if each.what == "packet_done_stated"]
    assert len(noted) == 4 and all(each.about == f"person/{NORA.number}" for each in noted)
    for reason in ("", "they told me that"):
        given = {"csrf": owner.csrf, "paper": "fees", "reason": reason}
        assert owner.browser.post(f"{PAGE}/papers/undo", data=given).status_code == 422
    owner.post(f"{PAGE}/papers/undo", paper="fees", reason="by_mistake")
    with stage.records.transaction(stage.practice.id) as tx:
        [entry] = [each for each in tx.ledger.entries(limit=9999) if each.what == "packet_done_voided"]
    assert (entry.about, entry.why) == (f"person/{NORA.number}", "by_mistake")
    assert "1 missing" in section(owner) and "fees" not in by_whom(stage)
    owner.post(f"{PAGE}/papers/done", paper="fees")
    assert "Complete" in section(owner)


@pytest.mark.usefixtures("visit")
def test_sending_again_is_a_job_that_passes_the_gate_like_any_message(stage: Stage, owner: Enrolled) -> None:
    owner.post(f"{PAGE}/papers/send")
    with stage.records.transaction(stage.practice.id) as tx:
        [job] = [each for each in tx.jobs.pending() if each.name == packet.JOB]
        assert tx.outbox.recent() == ()
    assert (dict(job.args)["what"], dict(job.args)["visit"]) == ("resend", "v1")


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize("what", ["do_not_contact", "stopped", "by_person_only", "no_number"])
def test_sending_again_is_not_offered_where_nothing_would_go(
    stage: Stage, owner: Enrolled, what: str
) -> None:
    assert "Send the link again" in section(owner)
    with stage.records.transaction(stage.practice.id) as tx:
        person, now = tx.people.get(NORA.number), stage.clock.now()
        assert person is not None
        match what:
            case "do_not_contact":
                preferences.state(tx, person.id, Preferences(do_not_contact=True), by="Kit Marlow", now=now)
            case "stopped":
                stopping.stop(tx, person.id, "discharged", by="Kit Marlow", now=now)
            case "by_person_only":
                tx.people.update(replace(person, by_person_only=True))
            case _:
                tx.people.update(replace(person, phone=None, email=None))
    assert "Send the link again" not in section(owner)


@pytest.mark.usefixtures("visit")
def test_a_link_that_did_not_arrive_is_not_said_to_be_sent(stage: Stage, owner: Enrolled) -> None:
    now = stage.clock.now()
    message = Message("m1", "sms", NORA.number, "sms.packet", (), "en", now, NORA.number)
    with stage.records.transaction(stage.practice.id) as tx:
        found = tx.schedule.visit("v1")
        assert found is not None
        packet_kept.note_sent(tx, stage.practice, message, found, now)
        tx.outbox.add(message)
    assert "link waits to go by text" in section(owner)
    with stage.records.transaction(stage.practice.id) as tx:
        tx.outbox.advance("m1", "failed", at=now)
    assert "link did not arrive by text" in section(owner)


def test_without_a_visit_nothing_is_sent_and_a_paper_that_is_none_is_refused(owner: Enrolled) -> None:
    assert "Send the link again" not in section(owner)
    for act, given in (("send", {}), ("done", {"paper": "diagnosis"}), ("undo", {"paper": ""})):
        answer = owner.browser.post(f"{PAGE}/papers/{act}", data={"csrf": owner.csrf, **given})
        assert answer.status_code == 422
    answer = owner.browser.post("/persons/nobody/papers/done", data={"csrf": owner.csrf, "paper": "fees"})
    assert answer.status_code == 404
