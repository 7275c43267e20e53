"""REM-02: a practice chooses the tone of its reminders among wordings that ship and that it signs, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import files
from lamplighter.desk import reminder_words
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.ports import Message
from lamplighter.practice.model import Reminders
from lamplighter.practice.sample import load_sample
from tests.desk.gate.threads import NUMBER, REMINDED_AT, VISIT_AT, WHO
from tests.desk.links.scene import Linked, book
from tests.promises.desks import House

TONES = ("plain", "warm", "brief")


def sent(tone: Any, *, house: type[House] = House, kind: str = "follow_up", **person: Any) -> Message:
    """The reminder of the day before."""
    here = house(
        VISIT_AT - timedelta(days=2), practice=replace(load_sample(), reminders=Reminders(tone=tone))
    )
    book(here, "v1", replace(WHO, **person), kind=kind)
    here.pass_time((REMINDED_AT - here.clock.now()).total_seconds())
    with here.store.transaction("demo") as tx:
        [message] = [each for each in tx.outbox.recent() if each.phrase.startswith("sms.reminder")]
    assert message.status == "sent"
    return message


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(("kind", "first"), [("follow_up", ""), ("first_visit", ".first")])
def test_every_reminder_has_the_tone_that_was_signed(tone: str, kind: str, first: str) -> None:
    ending = "" if tone == "plain" else f".{tone}"
    assert sent(tone, kind=kind).phrase == f"sms.reminder{first}{ending}"


@pytest.mark.parametrize(
    ("tone", "phrase"),
    [("plain", "sms.reminder.link"), ("brief", "sms.reminder.brief.link"), ("warm", "sms.reminder.warm")],
)
def test_the_link_goes_into_the_tones_that_have_room_for_one(tone: str, phrase: str) -> None:
    assert sent(tone, house=Linked).phrase == phrase
    assert sent(tone, house=Linked, kind="first_visit").phrase.startswith("sms.reminder.first")


def worded(tone: Any, kept: Phrasebook, address: str, locale: str = "en") -> str:
    house = House(VISIT_AT - timedelta(days=2))
    practice = replace(
        load_sample(), reminders=Reminders(tone=tone), hosts=("localhost", address.rpartition("/")[2])
    )
    args = {"sender": practice.sender_name, "practice_phone": practice.phone}
    args |= {"day": VISIT_AT.isoformat(), "clock": VISIT_AT.isoformat()}
    message = Message(
        "m1", "sms", NUMBER, "sms.reminder", tuple(sorted(args.items())), locale, VISIT_AT, "p1", visit="v1"
    )
    book(house, "v1", WHO)
    with house.store.transaction("demo") as tx:
        visit = tx.schedule.visit("v1")
        assert visit is not None
        maker = LinkMaker(address, lambda: "k" * 64)
        return reminder_words.worded(tx, practice, kept, maker, visit, message).phrase


def test_a_link_that_would_make_the_text_too_long_stays_out() -> None:
    everything = Phrasebook.load()
    assert worded("plain", everything, "https://desk.example") == "sms.reminder.link"
    assert worded("plain", everything, f"https://{'long' * 12}.example") == "sms.reminder"
    assert worded("brief", everything, f"https://{'long' * 12}.example") == "sms.reminder.brief"


@pytest.mark.parametrize("tone", TONES)
def test_whoever_signed_before_a_wording_was_written_goes_on_with_the_plain_one(tone: str) -> None:
    lines = files()["en"].decode().split("\n")
    older = [
        line
        for place, line in enumerate(lines)
        if not any("  sms.reminder.w" in above or "  sms.reminder.b" in above or "  sms.reminder.l" in above
                   for above in lines[max(place - 2, 0) : place + 1])
    ]  # fmt: skip
    earlier = Phrasebook.of({"en": "\n".join(older).encode()})
    assert not earlier.has("en", "sms.reminder.warm") and earlier.has("en", "sms.reminder.first")
    assert worded(tone, earlier, "https://desk.example") == "sms.reminder"
