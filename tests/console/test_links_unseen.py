"""The link in somebody's text is theirs: the staff page shows the text without it."""

from starlette.testclient import TestClient

from lamplighter.desk.ports import Message
from tests.channels.web.stage import Stage
from tests.console.test_staff_page import browser, sign_in, stage

__all__ = ["browser", "stage"]
LINK = "https://desk.example/v/7kQmZ2vXc9TbLw4R"


def test_the_staff_page_shows_a_reminder_without_its_link(stage: Stage, browser: TestClient) -> None:
    now = stage.clock.now()
    args = {"sender": "HLC Office", "practice_phone": stage.practice.phone, "link": LINK}
    args |= {"day": now.isoformat(), "clock": now.isoformat()}
    with stage.records.transaction(stage.practice.id) as tx:
        given = tuple(sorted(args.items()))
        tx.outbox.add(Message("m1", "sms", "+12125550145", "sms.reminder.link", given, "en", now))
    sign_in(stage, browser)
    page = browser.get("/").text
    assert "C confirms, R or •••••• changes" in page
    assert LINK not in page and "7kQmZ2vXc9TbLw4R" not in page
