"""Each change of a visit tells of itself in a text of its own, once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lamplighter.conversation.actions import Done, Move
from lamplighter.desk import booking
from lamplighter.desk.context import Errand
from tests.desk.test_change_of_mind import booked, visits


@pytest.mark.parametrize(
    "changes",
    [
        ("could we do it by video instead?", "yes", "actually in person instead please", "yes"),
        ("could we do it by video instead?", "yes", "actually in person instead please", "yes",
         "sorry, by video after all", "yes"),
    ],
)  # fmt: skip
def test_every_change_of_a_visit_sends_the_text_that_it_promises(changes: tuple[str, ...]) -> None:
    call = booked("voice", *changes)
    call.house.pass_time(10)
    told = [each for reply in call.replies for each in reply.said if each.phrase == "moved"]
    assert [each.args["sent"] for each in told] == ["text"] * (len(changes) // 2)
    assert len(call.house.messenger.texts) == 1 + len(told)


def test_a_visit_moved_there_and_back_and_there_again_ends_with_a_text_of_where_it_is() -> None:
    call = booked("voice")
    call.house.pass_time(10)
    [visit] = visits(call.house)
    there = replace(visit.slot, start=visit.slot.start + timedelta(days=7))
    for number, slot in enumerate((there, visit.slot, there), call.state.seq):
        state = replace(call.state, seq=number)
        with call.house.store.transaction("demo") as tx:
            local = call.house.clock.now().astimezone(call.house.practice.timezone)
            errand = Errand(tx, call.house.practice, state, local, lambda: "123456")
            for _ in range(2):
                done = booking.move(errand, Move(visit.id, slot))
                assert isinstance(done, Done) and done.texted
        call.house.pass_time(10)
    with call.house.store.transaction("demo") as tx:
        sent = [message for message in tx.outbox.recent(20) if message.phrase == "sms.moved"]
    days = [dict(message.args)["day"] for message in sorted(sent, key=lambda each: each.at)]
    assert [datetime.fromisoformat(day) for day in days] == [there.start, visit.slot.start, there.start]
