"""Contacts in which somebody was identified before that joined them are joined once, however many there are."""

from datetime import timedelta

from lamplighter.conversation.events import Identified, Opened
from lamplighter.desk import joining
from lamplighter.records.memory import MemoryJobs
from tests.channels.web.stage import PATIENTS, Stage

NORA, MATEO = PATIENTS[0].number, PATIENTS[1].number
MANY = joining.AT_ONCE * 2 + 7


def test_contacts_of_before_are_joined_to_whoever_was_identified_in_them() -> None:
    stage = Stage()
    practice = stage.practice.id
    jobs = MemoryJobs(stage.records)
    jobs.register(joining.JOB, joining.Joining(stage.records, stage.clock).run)
    began = stage.clock.now()
    with stage.records.transaction(practice) as tx:
        for number in range(MANY):
            known = ([Identified(NORA, "code", proxy=True)], [Identified("gone", "link")], [])[number % 3]
            bodies = [Opened("sms", stage.practice.phone, "en", MATEO), *known]
            at = began - timedelta(hours=number // 2)
            tx.log.append(f"c{number:03}", bodies, expected=0, at=at, protocol_hash="0" * 64)
    joining.wish(stage.records, [practice], stage.clock)
    assert jobs.run_due(stage.clock.far_ahead()) > 2
    with stage.records.transaction(practice) as tx:
        assert tx.people.contacts_of(NORA) == tuple(f"c{number:03}" for number in range(0, MANY, 3))
        assert tx.people.contacts_of(MATEO) == ()
