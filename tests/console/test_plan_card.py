"""A picture of somebody's insurance card at the desk: asked for, shown to those who may, typed, and gone when done."""

import re
from datetime import timedelta
from html import unescape

import pytest

from lamplighter.desk import erasing, holding, plan_card_kept
from lamplighter.desk.plan_card_acts import CardPages
from lamplighter.desk.ports import Message
from tests.channels.web.carding import MATEO, NORA, picture
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, invited
from tests.console.test_insurance_page import NUMBER, PAGE, ROWS, on_file, words

CARD = f"{PAGE}/card"


@pytest.fixture
def desk(stage: Stage, owner: Enrolled) -> Enrolled:
    stage.clearinghouse.plans[NUMBER] = ROWS
    return invited(stage, owner, "Sam Ode", "desk")


def messages(stage: Stage, phrase: str = "sms.plan_card") -> list[Message]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [each for each in tx.outbox.recent() if each.phrase.startswith(phrase)]


def token_of(message: Message) -> str:
    return dict(message.args)["link"].rpartition("/")[2]


def sent(stage: Stage, message: Message) -> None:
    """They have opened the link and sent both sides."""
    pages = CardPages(stage.records, stage.practices, stage.clock)
    shown = pages.keep(stage.practice.id, token_of(message), (picture(), picture("PNG")))
    assert shown.step == "kept"


def came(stage: Stage, desk: Enrolled) -> str:
    """The desk has asked, and it has come; which set it is, as the page names it."""
    desk.post(CARD, act="ask")
    sent(stage, messages(stage)[0])
    return shown_card(desk)


def shown_card(desk: Enrolled) -> str:
    found = re.search(r'name="card" value="(\w+)"', desk.browser.get(PAGE).text)
    assert found
    return found[1]


def tasks(stage: Stage) -> list[str]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [each.kind for each in tx.tasks.list_open()]


def pictures(stage: Stage, desk: Enrolled) -> list[int]:
    return [desk.browser.get(f"{CARD}/{side}").status_code for side in ("front", "back")]


def test_rule_40_the_desk_asks_by_one_click_and_the_message_tells_nothing_but_a_link(
    stage: Stage, desk: Enrolled
) -> None:
    page = words(desk.post(CARD, act="ask"))
    assert "Asked for" in page and "by text. Nothing has come yet." in page
    stage.run_due()
    (message,) = messages(stage)
    assert message.to == NORA.number and message.contact is None, "of ourselves: hours and caps hold"
    assert re.fullmatch(r"http://localhost/c/\w{16}", dict(message.args)["link"])
    assert {name for name, _ in message.args} == {"link", "practice_phone", "sender"}


def test_rule_40_a_card_is_seen_typed_found_and_gone(stage: Stage, desk: Enrolled) -> None:
    card = came(stage, desk)
    page = desk.browser.get(PAGE).text
    assert pictures(stage, desk) == [200, 200] and tasks(stage) == ["plan_card"]
    seen = desk.browser.get(f"{CARD}/front")
    assert (seen.headers["content-type"], seen.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert "data:image" not in page and "Look first whether it is their own plan" in unescape(page)
    desk.post(f"{PAGE}/said", purpose="plan_check", answer="yes")
    on_file(desk, group_number="G-77 100", card=card)
    assert 'value="G-77100"' in desk.browser.get(PAGE).text and pictures(stage, desk) == [200, 200]
    stage.run_due()
    stage.run_due()
    assert "What Aetna says" in desk.browser.get(PAGE).text
    assert tasks(stage) == [] and pictures(stage, desk) == [404, 404], "done with as soon as it is found"


def test_a_plan_that_is_found_by_a_question_that_no_card_was_typed_for_destroys_none(
    stage: Stage, desk: Enrolled
) -> None:
    came(stage, desk)
    desk.post(f"{PAGE}/said", purpose="plan_check", answer="yes")
    on_file(desk)
    desk.post(f"{PAGE}/check")
    stage.run_due()
    stage.run_due()
    assert "What Aetna says" in desk.browser.get(PAGE).text and pictures(stage, desk) == [200, 200]


def test_what_cannot_be_read_is_asked_for_once_more_and_then_by_a_person(
    stage: Stage, desk: Enrolled
) -> None:
    card = came(stage, desk)
    desk.post(CARD, act="unreadable", card="another")
    assert pictures(stage, desk) == [200, 200], "it was about the set that the page showed"
    desk.post(CARD, act="unreadable", card=card)
    assert pictures(stage, desk) == [404, 404] and tasks(stage) == []
    (again,) = messages(stage, "sms.plan_card.again")
    sent(stage, again)
    page = desk.browser.get(PAGE).text
    assert "I'll ask them" in unescape(page)
    desk.post(CARD, act="unreadable", card=shown_card(desk))
    assert tasks(stage) == ["plan_number"] and len(messages(stage, "sms.plan_card.again")) == 1


def test_what_does_not_come_in_two_days_is_asked_for_by_a_person_once(stage: Stage, desk: Enrolled) -> None:
    desk.post(CARD, act="ask")
    for _ in range(4):
        stage.clock.ahead(timedelta(days=1))
        stage.run_due()
    assert tasks(stage) == ["plan_number"]
    sent(stage, messages(stage)[0])
    assert tasks(stage) == ["plan_card"], "it came after all: nobody has to ask"


def test_a_second_click_is_no_second_text_and_what_waits_to_ask_for_a_card_that_came_never_goes(
    stage: Stage, desk: Enrolled
) -> None:
    for _ in range(2):
        desk.post(CARD, act="ask")
        stage.clock.ahead(timedelta(milliseconds=300))
    stage.run_due()
    desk.post(CARD, act="ask")
    (first,) = messages(stage)
    stage.clock.ahead(timedelta(minutes=5))
    for _ in range(2):
        desk.post(CARD, act="ask")
        stage.run_due()
    assert sorted(each.status for each in messages(stage)) == ["queued", "sent"], "one waits for its day"
    sent(stage, first)
    for _ in range(2):
        stage.clock.ahead(timedelta(days=1))
        stage.run_due()
    assert sorted((each.status, each.why) for each in messages(stage)) == [
        ("cancelled", "changed"),
        ("sent", None),
    ]


@pytest.mark.parametrize("asked", [True, False])
def test_a_number_typed_from_a_card_that_no_plan_knows_is_asked_for_once_and_never_for_its_age(
    stage: Stage, desk: Enrolled, asked: bool
) -> None:
    card = came(stage, desk)
    stage.clearinghouse.plans.clear()
    if asked:
        desk.post(f"{PAGE}/said", purpose="plan_check", answer="yes")
    on_file(desk, member_id="", card=card)
    assert tasks(stage) == ["plan_card"], "nothing was typed yet"
    on_file(desk, member_id="W999888777", card=card)
    assert tasks(stage) == (["plan_card"] if asked else []) and pictures(stage, desk) == [200, 200]
    for _ in range(3):
        stage.clock.ahead(timedelta(days=1))
        stage.run_due()
    assert tasks(stage) == (["plan_card", "plan_number"] if asked else [])
    stage.clock.ahead(timedelta(days=28))
    stage.run_due()
    assert pictures(stage, desk) == [404, 404] and tasks(stage) == (["plan_number"] if asked else [])


def test_a_card_that_nobody_has_looked_at_is_destroyed_in_time_and_its_number_asked_for(
    stage: Stage, desk: Enrolled
) -> None:
    came(stage, desk)
    stage.clock.ahead(timedelta(days=29))
    stage.run_due()
    with stage.records.transaction(stage.practice.id) as tx:
        assert len(tx.facts.standing("card_sent")) == 1
    stage.clock.ahead(timedelta(days=1, minutes=1))
    stage.run_due()
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.facts.standing("card_sent") == ()
        said = [each.what for each in tx.ledger.entries(0, 5000) if each.about.startswith("picture/")]
    assert sorted(said) == ["picture_destroyed"] * 2 + ["picture_kept"] * 2 and tasks(stage) == [
        "plan_number"
    ]


def test_a_legal_hold_keeps_the_card_until_it_is_lifted(stage: Stage, desk: Enrolled) -> None:
    came(stage, desk)
    with stage.records.transaction(stage.practice.id) as tx:
        holding.stand(tx, NORA.number, by="s-1", why="court", now=stage.clock.now())
    stage.clock.ahead(timedelta(days=30, minutes=1))
    stage.run_due()
    with stage.records.transaction(stage.practice.id) as tx:
        plan_card_kept.destroy(tx, NORA.number, stage.clock.now(), by="s-1")
        (card,) = tx.facts.standing("card_sent")
        assert all(tx.pictures.get(each) for each in card.value("pictures").split())
        plan_card_kept.looked_at(tx, NORA.number, "s-1")
        erasing.lift(tx, stage.practice, NORA.number, by="s-1", now=stage.clock.now())
        assert not any(tx.pictures.get(each) for each in card.value("pictures").split())


def test_no_card_is_shown_under_another_name_or_to_roles_that_may_not(
    stage: Stage, desk: Enrolled, owner: Enrolled
) -> None:
    came(stage, desk)
    assert desk.browser.get(f"/persons/{MATEO.number}/insurance/card/front").status_code == 404
    assert desk.browser.get(f"{CARD}/../../etc").status_code in (404, 405)
    assert desk.browser.get(f"{CARD}/side").status_code == 404
    auditor = invited(stage, owner, "Ada Look", "auditor")
    assert auditor.browser.get(f"{CARD}/front").status_code == 403
    with stage.records.transaction(stage.practice.id) as tx:
        tx.people.forget(NORA.number)
    assert pictures(stage, desk) == [404, 404]
