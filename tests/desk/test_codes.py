"""Codes are few for each name and each contact, and nobody uses up those of somebody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.conversation.actions import Refused
from lamplighter.conversation.codes import CodeSent, SendCode
from lamplighter.conversation.details import Detail, key
from lamplighter.conversation.events import Committed
from lamplighter.conversation.state import State
from lamplighter.desk import identity, opting_out
from lamplighter.desk.context import Errand
from lamplighter.desk.identity import BY_ONE, FOR_ONE
from lamplighter.practice.sample import load_sample
from tests.desk.test_change_of_mind import ELSEWHERE, ask_for_code, on_file
from tests.promises.desks import CALLER, Call, Channel, House

PATIENT, OTHER = "Rosalind Thimblewick", "Barnaby Quillfeather"


def asking(house: House, name: str) -> Call:
    call = house.call("voice", ELSEWHERE)
    for words in ("when is my appointment?", name, "March third 1985"):
        call.say(words)
    return call


def ask_again(
    call: Call, *, as_in: Call | None = None, named: State | None = None, address: str | None = ELSEWHERE
) -> CodeSent | Refused:
    """One more code asked for in the contact, for whoever is named in it or in another; stored as a turn stores it."""
    house, state = call.house, call.state
    of = named or (as_in or call).state
    named = replace(of, contact=call.contact, address=address, channel=state.channel, seq=state.seq)
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


# -- nobody uses up what is somebody else's --------------------------------------------------------------------------


def answers(house: House, channel: Channel, named: Call, *addresses: str | None) -> list[CodeSent | Refused]:
    """Codes asked for one after another, each in a contact of its own, for whoever is named in `named`."""
    return [ask_again(house.call(channel, address), as_in=named, address=address) for address in addresses]


def test_whoever_uses_up_the_codes_by_chat_leaves_those_of_the_telephone() -> None:
    house = House()
    on_file(house)
    named = asking(house, PATIENT)
    for _ in range(3):
        answers(house, "chat", named, *[None] * 6)
        house.pass_time(3600)
    assert answers(house, "chat", named, None) == [Refused("too_many")]
    assert answers(house, "voice", named, ELSEWHERE) == [CodeSent()]


def test_from_the_number_on_file_a_patient_needs_no_code_whatever_strangers_have_asked_for() -> None:
    house = House()
    on_file(house)
    strangers = [f"+121255501{number:02}" for number in range(30, 45)]
    assert answers(house, "voice", asking(house, PATIENT), *strangers).count(CodeSent()) == FOR_ONE - 1
    for channel in ("voice", "sms"):
        own = house.call(channel, CALLER)
        for words in ("when is my appointment?", PATIENT, "March third 1985"):
            own.say(words)
        assert own.state.person == "p1"
        assert not [phrase for phrase in own.said if "identity" in phrase]


def test_one_number_asks_for_few_codes_a_day_whoever_they_are_for() -> None:
    house = House()
    named = asking(house, PATIENT)
    sent = []
    for number in range(14):
        born = replace(named.state.known[key(Detail.DATE_OF_BIRTH)], value=f"1985-03-{number + 4:02}")
        other = replace(named.state, known={**named.state.known, key(Detail.DATE_OF_BIRTH): born})
        sent.append(ask_again(house.call("voice", ELSEWHERE), named=other))
    assert sent.count(CodeSent()) == BY_ONE - 1


@pytest.mark.parametrize("channel", ["voice", "chat"])
def test_codes_run_out_for_nobody_as_they_do_for_somebody(channel: Channel) -> None:
    house = House()
    on_file(house)
    patient, nobody = asking(house, PATIENT), asking(house, OTHER)
    asked = [None if channel == "chat" else "+12125550190"] * 5
    assert answers(house, channel, patient, *asked) == answers(house, channel, nobody, *asked)


def test_an_hour_is_an_hour_and_no_fresh_start_at_the_full_one() -> None:
    house = House()
    named = asking(house, PATIENT)
    house.pass_time(59 * 60)
    assert answers(house, "chat", named, None, None, None) == [CodeSent()] * 3
    house.pass_time(2 * 60)
    assert answers(house, "chat", named, None) == [Refused("too_many")]
    house.pass_time(58 * 60)
    assert answers(house, "chat", named, None) == [CodeSent()]


# -- by email --------------------------------------------------------------------------------------------------------

MAILBOX = "rosalind@example.org"


def with_mailbox(texts: bool = True, **person: object) -> House:
    house = House(practice=replace(load_sample(), email="desk@harbor-lane.example"), texts=texts)
    on_file(house, **person)
    return house


def sent_to(house: House) -> list[str]:
    house.pass_time(10)
    return [each.to for each in house.messenger.texts.values()]


def test_rule_18_a_code_by_email_proves_who_it_is_and_the_words_are_those_for_nobody() -> None:
    house = with_mailbox(phone=None, email=MAILBOX)
    patient, nobody = asking(house, PATIENT), asking(house, OTHER)
    assert patient.said == nobody.said and patient.said[-1] == "ask.identity_code.either"
    assert sent_to(house) == [MAILBOX]
    [letter] = house.messenger.texts.values()
    assert letter.text.startswith("From HLC Office\n\n") and "123456" in letter.text and "988" in letter.text
    assert not [word for word in ("http", "stop", PATIENT.split()[0]) if word in letter.text]
    patient.say("1 2 3 4 5 6")
    assert patient.state.person == "p1"


@pytest.mark.parametrize(
    ("person", "refused", "goes_to"),
    [
        ({"email": MAILBOX}, None, CALLER),
        ({"email": MAILBOX, "contact_channel": "email"}, None, MAILBOX),
        ({"email": MAILBOX}, CALLER, MAILBOX),
        ({"email": MAILBOX, "contact_channel": "email"}, MAILBOX, CALLER),
        ({"email": MAILBOX, "phone": None}, MAILBOX, None),
    ],
)
def test_rule_18_a_code_goes_the_way_they_like_and_never_where_they_said_no(
    person: dict[str, object], refused: str | None, goes_to: str | None
) -> None:
    house = with_mailbox(**person)
    if refused:
        with house.store.transaction("demo") as tx:
            opting_out.opt_out(tx, refused, words="stop", contact="c0", now=house.clock.now())
    call = asking(house, PATIENT)
    assert call.said[-1] == "ask.identity_code.either"
    assert sent_to(house) == [to for to in (goes_to,) if to]


def test_rule_14_a_code_that_somebody_waits_for_on_the_line_waits_a_minute_at_most_for_what_nobody_has_read() -> (
    None
):
    house = with_mailbox()
    house.backlog.waits("demo", "mailbox", house.clock.now())
    asking(house, PATIENT)
    house.pass_time(50)
    assert house.messenger.texts == {}
    assert sent_to(house) == [CALLER]
    assert house.backlog.holds("demo", house.clock.now(), answer=False)


def test_rule_18_where_no_texts_go_out_a_code_is_promised_by_email_alone() -> None:
    house = with_mailbox(texts=False, email=MAILBOX)
    call = asking(house, PATIENT)
    assert call.said[-1] == "ask.identity_code.mail"
    assert sent_to(house) == [MAILBOX]


def test_rule_18_a_code_by_email_is_good_for_ten_minutes() -> None:
    house = with_mailbox(phone=None, email=MAILBOX)
    call = asking(house, PATIENT)
    house.clock.move_to(house.clock.now() + identity.CODE_LIVES + timedelta(seconds=1))
    call.say("1 2 3 4 5 6")
    assert call.said[-1] == "reask.identity_code" and call.state.person is None
