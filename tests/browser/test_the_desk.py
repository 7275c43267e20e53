"""Both sides of the desk at once, over the real conversation."""

import pytest
from playwright.sync_api import Page, expect

from lamplighter.channels.web.site import Demo
from lamplighter.conversation import events as e
from lamplighter.wiring.demo_callers import Players, cards
from tests.browser.conftest import Desk, expect_focus, say
from tests.browser.test_live_stream import signed_in
from tests.channels.web.stage import Stage, served

pytestmark = pytest.mark.browser

BOOKING = (
    "I'd like a first appointment, any afternoon, by video",
    "anyone is fine",
    "{choice}",
    "Nora Quill, March 3 1991, my number is 212 555 0188",
)


def book(page: Page, choice: str = "the first one") -> str:
    """Answers whatever is asked until an appointment is booked; gives the whole thread."""
    for words in BOOKING:
        say(page, words.format(choice=choice))
    for _ in range(14):
        last = page.locator(".bubble.agent").last.inner_text()
        if "booked" in page.locator("[data-thread]").inner_text().lower():
            break
        say(page, answer_to(last))
    return page.locator("[data-thread]").inner_text()


def answer_to(asked: str) -> str:
    asked = asked.lower()
    for words, answer in (
        ("shall i book", "yes"),
        ("anyone you'd like", "anyone is fine"),
        ("which would you like", "the first one"),
        ("reach you", "by text, and yes"),
        ("member id", "I don't have it with me, and it is in my own name"),
        ("insurance", "Aetna"),
        ("which state", "New York, and no email"),
        ("last name", "Nora Quill, March 3 1991"),
        ("number", "212 555 0188"),
    ):
        if words in asked:
            return answer
    return "yes"


def test_a_chat_books_an_appointment_that_staff_see_at_once(desk: Desk) -> None:
    wall, visitor = desk.wall(), desk.chat()
    thread = book(visitor)
    assert "booked" in thread.lower()
    expect(wall.locator(".card-item .chip.done").first).to_contain_text("Booked")
    expect(wall.locator("#schedule")).to_contain_text("Nora Quill")
    expect(wall.locator("#messages")).to_contain_text("HLC Office")
    with desk.stage.records.transaction(desk.stage.practice.id) as tx:
        (contact,) = tx.log.contacts()
        committed = [ev.body for ev in tx.log.read(contact.id) if isinstance(ev.body, e.Committed)]
    assert "book" in [body.action for body in committed]


def test_words_come_to_the_staff_page_as_they_are_written_and_at_no_look_of_its_own(desk: Desk) -> None:
    """How soon, `make bench` tells: here the page's own clock stands still, so that it can't look by itself."""
    wall, visitor = desk.new_page(), desk.chat()
    wall.clock.install()
    signed_in(desk, wall)
    say(visitor, "hello")
    expect(wall.locator(".card-item").first).to_contain_text("hello")
    contact = wall.locator(".card-item").first.get_attribute("id") or ""
    wall.clock.pause_at(wall.evaluate("Date.now()") + 3000)
    desk.stage.contacts.hear(desk.stage.practice.id, contact.removeprefix("card-"), "what are your hours?")
    expect(wall.locator(".card-item").first).to_contain_text("what are your hours?")


def test_staff_take_over_a_chat_the_agent_falls_silent_and_goes_on_when_given_back(desk: Desk) -> None:
    wall, visitor = desk.wall(), desk.chat()
    say(visitor, "hello")
    wall.get_by_role("button", name="Take the floor").click()
    expect(visitor.get_by_text("Front desk has joined.")).to_be_visible()
    visitor.locator("#words").fill("Is anybody there?")
    visitor.locator("#words").press("Enter")
    expect(wall.locator("#detail-lines")).to_contain_text("Is anybody there?")
    agent = visitor.locator(".bubble.agent").count()
    reply = wall.get_by_placeholder("Write to")
    reply.fill("Yes, this is Rosa at the front desk.")
    reply.press("Enter")
    expect(visitor.locator(".bubble.staff")).to_contain_text("this is Rosa")
    expect(reply).to_have_value("")
    assert visitor.locator(".bubble.agent").count() == agent
    wall.get_by_role("button", name="Give the floor back").click()
    expect(visitor.locator(".bubble.agent")).not_to_have_count(agent)


def test_who_writes_a_reply_is_not_disturbed_by_what_comes_in(desk: Desk) -> None:
    wall, visitor = desk.wall(), desk.chat()
    wall.get_by_role("button", name="Take the floor").click()
    reply = wall.get_by_placeholder("Write to")
    expect_focus(reply)
    reply.fill("Half a sent")
    visitor.locator("#words").fill("one more thing")
    visitor.locator("#words").press("Enter")
    expect(wall.locator("#detail-lines")).to_contain_text("one more thing")
    expect_focus(reply)
    expect(reply).to_have_value("Half a sent")


def test_a_hand_over_is_the_loudest_thing_and_is_accepted_with_a_click(desk: Desk) -> None:
    wall, first = desk.wall(), desk.chat()
    say(first, "I want to talk to a person please")
    desk.chat()
    expect(wall.locator(".card-item")).to_have_count(2)
    expect(wall.locator("#summary")).to_contain_text("1 needs a person")
    expect(wall).to_have_title("(1) Front desk · Harbor Lane Counseling")
    top = wall.locator(".card-item").first
    expect(top).to_contain_text("Ringing front desk")
    top.get_by_role("button", name="Accept").click()
    expect(first.get_by_text("Front desk has joined.")).to_be_visible()
    expect(wall.locator("#summary")).to_contain_text("0 need a person")
    wall.get_by_role("button", name="Handled").click()
    expect(wall.locator("#detail-head")).to_contain_text("Closed by Front desk")


def test_a_chat_survives_a_reload(desk: Desk) -> None:
    visitor = desk.chat()
    say(visitor, "What are your hours?")
    before = visitor.locator(".bubble p").all_inner_texts()
    visitor.reload()
    expect(visitor.locator(".bubble.agent").filter(has_text="9 AM")).to_be_visible()
    assert visitor.locator(".bubble p").all_inner_texts() == before
    visitor.get_by_role("button", name="Start a new conversation").click()
    expect(visitor.locator(".bubble")).to_have_count(1)


def test_a_call_is_held_by_typing_and_by_keys(desk: Desk) -> None:
    wall, caller = desk.wall(), desk.new_page(permissions=[])
    caller.goto(f"{desk.public}/call")
    caller.get_by_role("button", name="Call", exact=True).click()
    expect(caller.locator(".bubble.agent").first).to_contain_text("automated AI assistant")
    say(caller, "What are your hours?")
    expect(caller.locator(".bubble.agent").filter(has_text="9 AM")).to_be_visible()
    caller.get_by_role("button", name="0", exact=True).click()
    expect(wall.get_by_text("Ringing front desk").first).to_be_visible()
    caller.get_by_role("button", name="Hang up").click()
    expect(caller.get_by_text("The call has ended.")).to_be_visible()
    expect(wall.locator("#detail-lines")).to_contain_text("Hung up")
    expect(wall.locator("#summary")).to_contain_text("1 needs a person")


def test_a_text_thread_gets_its_confirmation_and_tomorrow_its_reminder(desk: Desk) -> None:
    visitor = desk.chat()
    assert "booked" in book(visitor, "the third one").lower()
    phone = desk.new_page()
    phone.goto(f"{desk.public}/text?phone=12125550188")
    expect(phone.locator(".bubble.agent")).to_have_count(1)
    home = desk.new_page()
    home.goto(desk.public)
    home.get_by_role("button", name="Go to tomorrow").click()
    expect(home.get_by_text("It is now tomorrow")).to_be_visible()
    for _ in range(7):
        if texts(desk.stage, "+12125550188") > 1:
            break
        desk.stage.to_tomorrow()
    expect(phone.locator(".bubble.agent")).to_have_count(2)


def texts(stage: Stage, to: str) -> int:
    """How many there are to somebody; one that has just come about goes out at the next tick."""
    with stage.records.transaction(stage.practice.id) as tx:
        return len([text for text in tx.outbox.recent(100) if text.to == to])


def test_a_press_on_play_a_caller_shows_staff_the_whole_call(desk: Desk) -> None:
    players = Players(desk.stage.contacts, desk.stage.practice, lambda _: False)
    with served(desk.stage.public(demo=Demo(callers=cards(), play=players.play))) as public:
        wall, page = desk.wall(), desk.new_page()
        page.goto(public)
        page.get_by_label("Which caller?").select_option("evening-first-visit")
        page.get_by_role("button", name="Play a caller").click()
        expect(page.get_by_role("status")).to_have_text("The call has begun. Watch it on the staff page.")
        expect(wall.locator(".card-item .chip.done").first).to_contain_text("Booked")
        expect(wall.locator(".card-item .chip.floor").first).to_have_text("Ended")
        expect(wall.locator("#schedule")).to_contain_text("Rosalind Thimblewick")
