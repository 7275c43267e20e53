"""Codes are few for each name and each contact, and nobody uses up those of somebody else."""

from dataclasses import replace

from lamplighter.conversation.actions import CodeSent, Refused, SendCode
from lamplighter.conversation.events import Committed
from lamplighter.desk import identity
from lamplighter.desk.context import Errand
from tests.desk.test_change_of_mind import ELSEWHERE, ask_for_code, on_file
from tests.promises.desks import CALLER, Call, House

PATIENT, OTHER = "Rosalind Thimblewick", "Barnaby Quillfeather"


def asking(house: House, name: str) -> Call:
    call = house.call("voice", ELSEWHERE)
    for words in ("when is my appointment?", name, "March third 1985"):
        call.say(words)
    return call


def ask_again(call: Call, *, as_in: Call | None = None, address: str = ELSEWHERE) -> CodeSent | Refused:
    """One more code asked for in the contact, for whoever is named in it or in another; stored as a turn stores it."""
    house, state = call.house, call.state
    named = replace((as_in or call).state, contact=call.contact, address=address)
    with house.store.transaction("demo") as tx:
        local = house.clock.now().astimezone(house.practice.timezone)
        request = SendCode("p1" if "Rosalind" in named.who() else None)
        answer = identity.send_code(Errand(tx, house.practice, named, local, lambda: "123456"), request)
        done = Committed(f"code-{state.seq}", "send_code", answer)
        tx.log.append(
            call.contact, [done], expected=state.seq, at=house.clock.now(), protocol_hash=state.protocol_hash
        )
    return answer


def test_a_contact_that_has_had_its_codes_uses_up_nobodys_by_asking_on() -> None:
    house = House()
    on_file(house)
    stranger, patient = asking(house, OTHER), asking(house, PATIENT)
    assert [ask_again(stranger) for _ in range(2)] == [CodeSent()] * 2
    assert [ask_again(stranger, as_in=patient) for _ in range(5)] == [Refused("too_many")] * 5
    assert ["ask.identity_code" in ask_for_code(house, PATIENT) for _ in range(3)] == [True, True, False]


def test_refusals_in_one_hour_leave_the_codes_of_the_next() -> None:
    house = House()
    on_file(house)
    for _ in range(9):
        ask_for_code(house, PATIENT)
    house.pass_time(3600)
    assert ["ask.identity_code" in ask_for_code(house, PATIENT) for _ in range(3)] == [True, True, False]


def test_whoever_calls_from_the_number_on_file_is_not_locked_out_by_others_and_has_no_more_than_they() -> (
    None
):
    house = House()
    on_file(house)
    calls = [asking(house, PATIENT) for _ in range(4)]
    assert "identity.too_many" in calls[-1].said
    own = [house.call("voice", CALLER) for _ in range(4)]
    answers = [ask_again(call, as_in=calls[0], address=CALLER) for call in own]
    assert answers == [CodeSent(), CodeSent(), CodeSent(), Refused("too_many")]
