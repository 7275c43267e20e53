"""What holds of texts through every carrier: its official library on our side, its published protocol on the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from lamplighter.channels.sms.segments import segments
from lamplighter.channels.sms.standins.network import Fault
from lamplighter.conversation.events import FloorTaken, StaffSaid
from lamplighter.desk import carrying
from lamplighter.desk.ports import Carrier, Clock, Outgoing, Taken
from tests.channels.sms.carriers.stage import KINDS, Stage, staged
from tests.promises.desks import CALLER

pytestmark = pytest.mark.enable_socket


@pytest.fixture(params=KINDS)
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with staged(request.param) as made:
        yield made


def test_a_text_is_carried_once_and_its_receipts_move_it_forward_in_any_order(stage: Stage) -> None:
    stage.store()
    stage.house.pass_time(5)
    [carried] = stage.network.carried
    assert (carried.to, carried.sent_from) == (CALLER, stage.number)
    assert stage.status() == "sent"
    assert stage.message().carrier_id == carried.id
    assert stage.standin.tells(carried, "delivered") == 200
    assert stage.standin.tells(carried, "sent") == 200
    assert stage.status() == "delivered"
    stage.send()
    stage.house.pass_time(600)
    assert len(stage.network.carried) == 1


def test_a_number_that_takes_no_texts_is_refused_for_good(stage: Stage) -> None:
    stage.network.landlines.add(CALLER)
    stage.store()
    stage.house.pass_time(600)
    assert stage.status() == "failed"
    assert stage.network.carried == []


@pytest.mark.parametrize("stage", ["twilio", pytest.param("telnyx", marks=pytest.mark.slow)], indirect=True)
def test_whoever_stopped_texts_at_the_carrier_is_opted_out_here_as_well(stage: Stage) -> None:
    stage.network.stopped.add(CALLER)
    stage.store()
    stage.house.pass_time(60)
    assert (stage.status(), stage.message().why) == ("failed", "opted_out")
    stage.network.stopped.clear()
    stage.store("m2")
    stage.house.pass_time(60)
    assert (stage.status("m2"), stage.message("m2").why) == ("cancelled", "opted_out")
    assert (stage.network.carried, stage.tasks()) == ([], [])


@pytest.mark.parametrize("times", [1, 3])
def test_a_carrier_that_has_too_much_to_do_is_tried_again(stage: Stage, times: int) -> None:
    stage.network.faults.extend(["busy"] * times)
    stage.store()
    stage.house.pass_time(60)
    assert stage.status() == "sent"
    assert len(stage.network.carried) == 1


@pytest.mark.parametrize("fault", ["broken", "silent"])
def test_a_text_that_was_not_taken_and_nobody_knew_goes_once_the_carrier_was_asked(
    stage: Stage, fault: Fault
) -> None:
    stage.goes_wrong(fault)
    stage.store()
    stage.house.pass_time(30)
    assert (stage.status(), stage.network.carried) == ("sending", [])
    stage.house.pass_time(stage.house.carriers.carrier.settles.total_seconds() + 120)
    assert stage.status() == "sent"
    assert len(stage.network.carried) == 1


@pytest.mark.parametrize("fault", ["broken_after", "silent_after"])
def test_a_text_that_was_taken_and_nobody_knew_is_found_by_asking_and_never_sent_again(
    stage: Stage, fault: Fault
) -> None:
    stage.goes_wrong(fault)
    stage.store()
    stage.house.pass_time(30)
    assert stage.status() == "sending"
    stage.house.pass_time(3600)
    [carried] = stage.network.carried
    assert stage.status() == "sent"
    assert stage.message().carrier_id == carried.id


def test_a_text_is_found_by_a_carrier_whose_clock_is_hours_behind_ours(stage: Stage) -> None:
    stage.network.clock = Behind(stage.house.clock)
    stage.goes_wrong("silent_after")
    stage.store()
    stage.house.pass_time(3 * 3600)
    [carried] = stage.network.carried
    assert (stage.status(), stage.message().carrier_id) == ("sent", carried.id)


@dataclass
class Behind:
    clock: Clock

    def now(self) -> datetime:
        return self.clock.now() - timedelta(hours=5)


@pytest.mark.parametrize("stage", ["plivo"], indirect=True)
def test_a_list_that_is_written_late_is_not_read_too_early(stage: Stage) -> None:
    stage.goes_wrong("silent_after")
    stage.store()
    stage.house.pass_time(5)
    unlisted = list(stage.network.carried)
    stage.network.carried.clear()
    stage.house.pass_time(25 * 60)
    assert (stage.status(), stage.network.carried) == ("sending", [])
    stage.network.carried.extend(unlisted)
    stage.house.pass_time(3600)
    assert (stage.status(), stage.network.carried) == ("sent", unlisted)


def test_a_receipt_settles_what_nobody_knew_before_the_carrier_is_asked(stage: Stage) -> None:
    stage.goes_wrong("silent_after")
    stage.store()
    stage.house.pass_time(5)
    assert stage.standin.tells(stage.network.carried[0], "delivered") == 200
    assert stage.status() == "delivered"
    stage.house.pass_time(3600)
    assert len(stage.network.carried) == 1


def test_a_process_that_dies_between_handing_over_and_the_answer_doubles_nothing(stage: Stage) -> None:
    dying = Dying(stage.house.carriers.carrier)
    stage.house.carriers.carrier = dying
    stage.store()
    with pytest.raises(Killed):
        stage.house.pass_time(5)
    assert len(stage.network.carried) == 1
    stage.house.carriers.carrier = dying.carrier
    stage.house.reopen()
    stage.house.pass_time(3600)
    assert stage.status() == "sent"
    assert len(stage.network.carried) == 1


class Killed(BaseException):
    """As by kill -9: nothing after it runs."""


class Dying:
    """The process ends once the carrier has answered, before that is stored."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier, self.numbers, self.settles = carrier, carrier.numbers, carrier.settles

    def send(self, message: Outgoing) -> Taken:
        self.carrier.send(message)
        raise Killed

    def ask(self, message: Outgoing, others: Callable[[str], bool]) -> Taken | None:
        return self.carrier.ask(message, others)


def test_a_carrier_that_can_never_be_asked_leaves_it_unknown_and_to_a_person(stage: Stage) -> None:
    stage.goes_wrong("silent_after")
    stage.store()
    stage.house.pass_time(5)
    stage.network.carried.clear()
    stage.house.carriers.carrier = Mute(stage.number)
    stage.house.pass_time(carrying.ASKS_FOR.total_seconds() + 900)
    assert stage.status() == "unknown"
    assert stage.tasks() == ["not_reached"]


class Mute:
    """A carrier that answers nothing."""

    settles = timedelta(minutes=1)

    def __init__(self, number: str) -> None:
        self.numbers = (number,)

    def send(self, message: object) -> None:
        raise AssertionError("it was sent again")

    def ask(self, message: object, others: object) -> None:
        raise ConnectionError("nobody answers")


def test_a_long_text_with_letters_of_every_kind_arrives_whole_in_pieces_and_in_order(stage: Stage) -> None:
    words = " ".join(f"{n}: Añadió, ¿nos vemos? 明日 10 時に 🙂." for n in range(60))
    stage.standin.writes(CALLER, stage.number, "hello")
    stage.house.pass_time(5)
    before = len(stage.network.carried)
    with stage.house.store.transaction("demo") as tx:
        contact = tx.log.open_contact("sms", CALLER)
    for body in (FloorTaken("Rosa"), StaffSaid("Rosa", words)):
        stage.house.desk.contacts.note("demo", contact, body)
    stage.house.pass_time(60)
    pieces = stage.network.on(CALLER)[before:]
    assert len(pieces) > 1
    assert all(segments(piece) <= 10 for piece in pieces)
    assert " ".join(pieces) == words


def test_a_text_that_somebody_writes_is_answered_once_from_the_number_that_they_wrote_to(
    stage: Stage,
) -> None:
    assert stage.standin.writes(CALLER, stage.number, "what are your hours?", named="SM1") == 200
    stage.house.pass_time(30)
    answers = stage.network.on(CALLER)
    assert any("9" in answer for answer in answers)
    assert {each.sent_from for each in stage.network.carried} == {stage.number}
    assert stage.standin.writes(CALLER, stage.number, "what are your hours?", named="SM1") == 200
    assert stage.again() == 200
    stage.house.pass_time(30)
    assert stage.network.on(CALLER) == answers


def test_a_text_that_is_brought_again_days_later_begins_nothing(stage: Stage) -> None:
    stage.standin.writes(CALLER, stage.number, "what are your hours?", named="SM1")
    stage.house.pass_time(timedelta(days=3).total_seconds())
    answers = stage.network.on(CALLER)
    assert stage.standin.writes(CALLER, stage.number, "what are your hours?", named="SM1") == 200
    stage.house.pass_time(30)
    assert stage.network.on(CALLER) == answers


def test_what_is_not_signed_by_the_carrier_is_not_read(stage: Stage) -> None:
    stage.standin.writes(CALLER, stage.number, "hello", named="SM1")
    url, headers, body = stage.posted[-1]
    for forged in (body.replace(b"hello", b"hullo"), b"%00" + body, b""):
        assert stage.post(url, headers, forged) == 403
    bare = {name: value for name, value in headers.items() if "signature" not in name}
    assert stage.post(url, bare, body.replace(b"SM1", b"SM2")) == 403
    assert stage.post(url.replace("/main/", "/other/"), headers, body) == 404
    with stage.house.store.transaction("demo") as tx:
        assert len(tx.log.contacts()) == 1


def test_a_webhook_that_is_brought_again_by_somebody_else_changes_nothing(stage: Stage) -> None:
    stage.standin.writes(CALLER, stage.number, "what are your hours?")
    stage.house.pass_time(30)
    answers = stage.network.on(CALLER)
    stage.house.pass_time(600)
    assert stage.again() == (403 if stage.kind == "telnyx" else 200)
    stage.house.pass_time(30)
    assert stage.network.on(CALLER) == answers


def test_words_with_a_nul_in_them_are_heard_and_an_id_with_one_is_refused(stage: Stage) -> None:
    assert stage.standin.writes(CALLER, stage.number, "what are\x00your hours?") == 200
    assert stage.standin.writes(CALLER, stage.number, "hello", named="SM\x001") == 400
    stage.house.pass_time(30)
    assert len(stage.network.on(CALLER)) > 0


@pytest.mark.parametrize("words", ["", "look at this"])
def test_a_picture_goes_to_a_person_whatever_stands_beside_it(stage: Stage, words: str) -> None:
    assert stage.standin.writes(CALLER, stage.number, words, pictures=1) == 200
    with stage.house.store.transaction("demo") as tx:
        contact = tx.log.open_contact("sms", CALLER)
    handoff = stage.house.desk.contacts.state("demo", contact).handoff
    assert handoff is not None
    assert handoff.route == "human"


def test_danger_beside_a_picture_is_danger(stage: Stage) -> None:
    stage.standin.writes(CALLER, stage.number, "I want to kill myself", pictures=2)
    stage.house.pass_time(5)
    assert any("988" in text for text in stage.network.on(CALLER))


def test_a_receipt_for_a_message_of_ours_is_believed_only_at_its_own_address(stage: Stage) -> None:
    for name in ("m1", "m2"):
        stage.store(name)
    stage.house.pass_time(5)
    first = next(each for each in stage.network.carried if each.receipts.endswith("/m1"))
    stage.standin.tells(first, "failed")
    _, headers, body = stage.posted[-1]
    moved = stage.post(stage.account.receipts("demo", "m2"), headers, body)
    assert moved == (200 if stage.kind == "telnyx" else 403)
    assert stage.status("m1") == "failed"


def test_too_much_or_of_another_kind_is_refused_before_it_is_read(stage: Stage) -> None:
    stage.standin.writes(CALLER, stage.number, "hello")
    url, headers, body = stage.posted[-1]
    assert stage.post(url, dict(headers) | {"content-type": "text/plain"}, body) == 415
    assert stage.post(url, headers, b"x" * 64_001) == 413
    assert stage.door.get("/carriers/main/texts").status_code == 405
    assert stage.door.get("/anything").text == "a public page"


def test_a_text_to_a_number_of_nobody_here_is_refused(stage: Stage) -> None:
    assert stage.standin.writes(CALLER, "+12125550199", "hello") == 404


def test_an_answer_that_was_not_delivered_becomes_a_persons_to_give(stage: Stage) -> None:
    stage.standin.writes(CALLER, stage.number, "hello")
    stage.house.pass_time(5)
    for carried in list(stage.network.carried):
        stage.standin.tells(carried, "failed")
    assert stage.tasks() == ["not_reached"]


def test_tel_06_a_word_that_the_carrier_has_acted_on_and_answered_stops_texts_here_without_a_second_answer(
    stage: Stage,
) -> None:
    stage.network.keywords |= {"stop": "stop", "basta ya": "stop", "start": "start", "help": "help"}
    for word in ("Basta ya ", "STOP"):
        assert stage.standin.writes(CALLER, stage.number, word) == 200
        stage.house.pass_time(30)
        assert (stage.network.on(CALLER), stage.opted_out()) == ([], True)
    stage.store()
    stage.house.pass_time(30)
    assert stage.message().why == "opted_out"
    assert stage.standin.writes(CALLER, stage.number, "Start") == 200
    stage.house.pass_time(30)
    assert stage.opted_out() is False
    answered = stage.network.on(CALLER)
    assert (len(answered) == 0) == (stage.kind != "plivo"), "Plivo documents no answer of its own to START"
    assert stage.standin.writes(CALLER, stage.number, "help") == 200
    stage.house.pass_time(30)
    [helped] = stage.network.on(CALLER)[len(answered) :]
    assert "911" in helped and "988" in helped


def test_tel_07_a_cancel_that_the_carrier_took_for_stop_is_asked_about_by_a_person(stage: Stage) -> None:
    stage.network.keywords["cancel"] = "stop"
    assert stage.standin.writes(CALLER, stage.number, "CANCEL") == 200
    stage.house.pass_time(30)
    assert (stage.network.on(CALLER), stage.opted_out(), stage.tasks()) == ([], True, ["visit_or_texts"])


def test_a_yes_that_a_carrier_takes_for_start_is_still_a_yes(stage: Stage) -> None:
    stage.network.keywords["yes"] = "start"
    stage.standin.writes(CALLER, stage.number, "I'd like a first appointment")
    stage.standin.writes(CALLER, stage.number, "yes")
    stage.house.pass_time(30)
    assert len(stage.network.on(CALLER)) >= 2
