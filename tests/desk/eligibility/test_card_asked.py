"""Rule 40: a picture of the card comes by a link, to whoever says so, is not found or has guessed three times; at once
where they asked for it, as the gate says where they did not, and by a person where no link may go."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lamplighter.desk import opting_out, quiet, stopping
from lamplighter.desk.plan_card_acts import CardPages
from lamplighter.desk.ports import Consent, Person
from lamplighter.practice.sample import load_sample
from tests.channels.web.carding import picture
from tests.desk.eligibility.scene import ANNA, AT, SOON, Payers, Scene, days
from tests.promises.desks import Call, phrases

PAGES = "https://localhost"
WHO = {"en": "Anna Lindqvist, april 12 1988", "es": "Anna Lindqvist, 12 de abril de 1988"}
ASKS = "can I send you a picture of my insurance card?"
LINK = re.compile(r"https://localhost/c/(\w{16})")


def scene(person: Any = ANNA, **more: Any) -> Scene:
    return Scene(person, pages=PAGES, payers=Payers(plans={}), **more)


def asks(there: Scene, words: str = ASKS, language: str = "en") -> Call:
    call = there.house.call("voice", ANNA.phone)
    call.say(words)
    call.say(WHO[language])
    there.a_moment()
    return call


def tokens(there: Scene) -> list[str]:
    return [found for text in there.texts() for found in LINK.findall(text)]


def kept(there: Scene, token: str) -> str:
    pages = CardPages(there.house.store, {there.practice.id: there.practice}, there.house.clock)
    return pages.keep(there.practice.id, token, (picture(),)).step


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ASKS),
        ("en", "I'd rather text you a photo of the card"),
        ("en", "i got a new insurance card, where do I upload a picture of it"),
        ("en", "how do I send you guys my insurance card"),
        ("es", "¿les puedo mandar una foto de mi tarjeta del seguro?"),
        ("es", "prefiero enviarles la tarjeta del seguro en una foto"),
        ("es", "me llegó una tarjeta nueva, ¿le saco una foto?"),
    ],
)
def test_whoever_would_rather_send_a_picture_gets_a_link_at_once_at_night_too(
    language: str, words: str
) -> None:
    there = scene(replace(ANNA, language=language))
    there.until(AT + timedelta(hours=13))
    call = asks(there, words, language)
    assert call.said[-2:] == ["plan.card_link", "anything_else"], call.said
    assert len(tokens(there)) == 1 and there.tasks() == []
    assert kept(there, tokens(there)[0]) == "kept" and [each.kind for each in there.tasks()] == ["plan_card"]


@pytest.mark.parametrize(
    "words", ["can I send you a picture of my rash", "a photo of my credit card", "do you take cards"]
)
def test_a_picture_of_something_else_is_no_card(words: str) -> None:
    there = scene()
    call = there.house.call("chat", None)
    call.say(words)
    assert "plan.card_link" not in call.said and there.texts() == []


def test_somebody_who_is_not_identified_gets_none_and_whoever_asks_too_often_is_asked_by_a_person() -> None:
    there = scene()
    stranger = there.house.call("voice", "+12125550199")
    stranger.say(ASKS)
    stranger.say(WHO["en"])
    stranger.say("I don't have a code")
    assert tokens(there) == []
    for number in range(4):
        call = asks(there)
        assert call.said[-2] == ("plan.card_link" if number < 3 else "plan.card_by_person")
    assert len(tokens(there)) == 3 and [each.kind for each in there.tasks("plan_number")] == ["plan_number"]


@pytest.mark.parametrize("why", ["opted_out", "by_person", "no_pages", "quiet"])
def test_where_no_link_may_go_a_person_asks_and_the_caller_hears_so(why: str) -> None:
    there = Scene(payers=Payers(plans={})) if why == "no_pages" else scene()
    with there.tx() as tx:
        if why == "opted_out":
            opting_out.opt_out(tx, ANNA.phone, words="stop", contact="c0", now=AT)
        if why == "quiet":
            tx.consents.record(quiet_of(ANNA.id))
        if why == "by_person":
            tx.people.update(replace(ANNA, contact_channel="voice", phone=ANNA.phone))
    call = asks(there)
    told = "plan.card_link" if why == "by_person" else "plan.card_by_person"
    assert call.said[-2] == told, "whoever is called otherwise asked for this one"
    assert len(tokens(there)) == (why == "by_person")
    assert len(there.tasks("plan_number")) == (why != "by_person")


def quiet_of(person: str) -> Any:
    return Consent("q1", person, quiet.PURPOSE, quiet.CHANNEL, False, AT, "test")


def test_whoever_has_only_an_email_gets_the_link_by_email() -> None:
    practice = replace(load_sample(), email="desk@example.test")
    there = scene(replace(ANNA, email="anna@example.test", contact_channel="email"), practice=practice)
    asks(there)
    with there.tx() as tx:
        (message,) = [each for each in tx.outbox.recent() if "plan_card" in each.phrase]
    assert (message.channel, message.to, message.phrase) == ("email", "anna@example.test", "email.plan_card")
    assert message.status == "sent"


def test_whoever_is_not_found_may_send_the_number_or_a_picture_and_is_asked_by_nobody_else() -> None:
    there = scene()
    there.book()
    there.until(AT + timedelta(hours=1))
    (token,) = tokens(there)
    assert sum("member ID" in text for text in there.texts()) == 1
    thread = there.house.call("sms", ANNA.phone)
    assert phrases(thread.say("can i just send a photo of my card?")) == ["sms.plan_number.photo.link"]
    assert kept(there, token) == "kept"
    there.until(SOON - timedelta(hours=1))
    assert [each.kind for each in there.tasks("plan_number", "plan_card")] == ["plan_card"], (
        "a picture is there: nobody rings for the number"
    )


def test_what_we_ask_of_ourselves_waits_for_whom_nothing_may_go_to() -> None:
    there = scene()
    with there.tx() as tx:
        stopping.stop(tx, ANNA.id, "in_hospital", by="a1", now=AT)
    there.book()
    there.until(AT + days(3))
    assert tokens(there) == []
    assert [each.status for each in there.tasks("plan_number", "plan_card")] in ([], ["open"])


def test_three_guesses_at_the_insurer_end_with_a_link_and_the_biller() -> None:
    there = scene()
    call = there.house.call("voice", ANNA.phone)
    call.say("I have a new insurance")
    call.say(WHO["en"])
    for _ in range(3):
        call.say("Zebra Mutual of Nowhere")
    there.a_moment()
    assert call.said[-3:] == ["plan.card_link", "bill.asked", "anything_else"], call.said
    assert len(tokens(there)) == 1 and len(there.tasks("billing")) == 1


@pytest.mark.parametrize("known", [False, True])
def test_a_first_visit_never_waits_for_the_card_and_the_link_follows_the_booking_of_whoever_is_on_file_too(
    known: bool,
) -> None:
    there = scene()
    if known:
        with there.tx() as tx:
            tx.people.add(Person("p9", "Priya", "Raman", date(1985, 3, 3), phone="+12125550161"))
    call = there.house.call("voice", "+12125550161")
    for words in (
        "I'd like a first appointment, I've never been",
        "any morning next week, in person, with anyone",
        "the first one",
        "Priya Raman, March 3 1985",
        "this number. New York. no email",
        "Aetna",
        "can I send you a picture of the card instead? it's my own plan",
        "by text. yes. yes",
        "yes that's right",
    ):
        call.say(words)
    there.a_moment()
    assert "booked" in call.said and call.said[-2:] == ["plan.card_link", "anything_else"], call.said
    assert len(tokens(there)) == 1
