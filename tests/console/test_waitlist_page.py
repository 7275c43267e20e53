"""REM-03: staff see each offer of a time that came free, why it was made, and what became of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest
from starlette.testclient import TestClient

from lamplighter.console.waitlist_pages import BECAME, ENDED, FREED
from lamplighter.conversation.slots import Slot
from lamplighter.desk import waitlist_openings
from lamplighter.desk.ports import Person, Visit
from lamplighter.desk.ports import Waiting as Waits
from lamplighter.desk.waitlist_openings import Freed, Offer, OfferEnd, OpeningEnd
from lamplighter.practice.model import Modality
from tests.channels.web.stage import Stage
from tests.console.test_staff_page import browser, sign_in, stage

__all__ = ["browser", "stage"]


def test_rem_03_every_end_of_an_offer_and_of_a_time_has_words_here() -> None:
    assert set(BECAME) == {None, *get_args(OpeningEnd)}
    assert set(ENDED) == {None, *get_args(OfferEnd)}
    assert set(FREED) == set(get_args(Freed))


def a_time_comes_free(stage: Stage) -> None:
    """Declined by one who waits, and offered again."""
    now = stage.clock.now()
    slot = Slot(now + timedelta(days=7), 45, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
    with stage.records.transaction(stage.practice.id) as tx:
        tx.people.add(Person("w1", "Wilhelmina", "Quillfeather", date(1990, 1, 1), "+12125550121"))
        tx.waitlist.join(Waits("e1", "w1", "", "follow_up", now - timedelta(days=9)))
        waitlist_openings.freed(tx, stage.practice, Visit("v1", slot, ("p9",), "cancelled"), now, "cancelled")
        [opening] = waitlist_openings.openings(tx)
        offer = Offer(
            "o1", opening.id, "w1", "e1", "+12125550121", slot, now, now + timedelta(minutes=30), "m1",
            now - timedelta(days=9), passed=(("just_asked", 1), ("wish", 3)),
        )  # fmt: skip
        waitlist_openings.make(tx, offer)
        waitlist_openings.end(tx, offer, "declined", now + timedelta(minutes=3))
        waitlist_openings.make(tx, replace(offer, id="o2", at=now + timedelta(minutes=4), passed=()))


@pytest.fixture
def desk(stage: Stage, browser: TestClient) -> TestClient:
    a_time_comes_free(stage)
    sign_in(stage, browser)
    return browser


def test_rem_03_the_page_shows_to_whom_a_time_was_offered_why_and_how_it_ended(desk: TestClient) -> None:
    page = desk.get("/waitlist").text
    assert "Being offered" in page and "it was cancelled" in page
    assert "Wilhelmina Quillfeather" in page
    assert "Said no, keeps their place" in page and "Waiting for an answer" in page
    assert "1 were just asked; 3 can come at other times" in page and "Nobody waits longer." in page


def test_prv_03_whoever_looks_at_the_offers_stands_in_the_ledger(stage: Stage, desk: TestClient) -> None:
    desk.get("/waitlist")
    with stage.records.transaction(stage.practice.id) as tx:
        noted = [(each.what, each.about) for each in tx.ledger.entries(limit=10_000)]
    assert ("listed", "person/w1") in noted
