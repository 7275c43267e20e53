"""AID-09: what is done in a crisis stands on a page of the practice, with counts by the year that name nobody."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from lamplighter.channels.web.words import all_words
from lamplighter.cli import app
from lamplighter.console.stepping_in import SteppingIn
from lamplighter.desk.counting import Year, years
from lamplighter.wiring.counts import FILE, counts_of, entries_of, few_hidden, publish, published_in
from lamplighter.wiring.staff_link import NoSuchPractice
from tests.promises.desks import House
from tests.rules.scenes import DANGER, PERSON, met
from tests.wiring.test_staff_door import settings
from tests.wiring.test_taking_up import Running, folder

__all__ = ["folder", "settings"]
ZONE = ZoneInfo("America/New_York")
COUNTED = (Year(2026, 1203, 31, 4, 250, 12), Year(2025, 900, 0, 11, 10, 1))


def counted(house: House) -> tuple[Year, ...]:
    return years(entries_of(house.store, "demo"), ZONE)


def test_aid_09_contacts_hand_overs_and_false_alarms_are_counted_once_each() -> None:
    house = House()
    for place, said in enumerate((DANGER, PERSON, "thanks, goodbye")):
        house.call(address=f"+1212555014{place}").say(said)
    calls = house.call("sms", "+12125550149")
    calls.say(PERSON)
    calls.say(DANGER)
    calls.say("I want to end it all")
    house.pass_time(300)
    assert counted(house) == (Year(2026, contacts=4, person_now=2, desk=2),)


def test_aid_09_what_rings_anew_is_no_second_hand_over() -> None:
    house = House()
    call = house.call()
    call.say(PERSON)
    house.pass_time(1)
    house.desk.handoffs.answered("demo", call.contact, 0, "front_desk", "Dana", "accepted")
    assert house.desk.handoffs.someone_else("demo", call.contact, "Dana")
    met(call)
    assert counted(house)[0].desk == 1


def test_aid_09_a_false_alarm_that_staff_told_is_counted() -> None:
    house = House()
    call = house.call("chat")
    call.say(DANGER)
    house.pass_time(1)
    staff = SteppingIn(house.practice, house.desk.contacts, house.desk.handoffs, house.store, house.clock)
    staff._false_alarm(call.contact, call.state, "Dana", "")
    assert counted(house) == (Year(2026, contacts=1, person_now=1, false_alarms=1),)


def test_aid_09_a_year_is_the_practices_own() -> None:
    house = House()
    house.pass_time(timedelta(days=30, hours=10).total_seconds())  # still 2026 in New York, 2027 in London
    house.call()
    house.pass_time(timedelta(hours=4).total_seconds())
    house.call()
    assert [(each.year, each.contacts) for each in counted(house)] == [(2027, 1), (2026, 1)]


def test_aid_09_what_is_counted_names_nobody_and_no_contact() -> None:
    house = House()
    call = house.call()
    call.say(DANGER)
    entries = [each for each in entries_of(house.store, "demo") if each.what == "counted"]
    assert [(each.who, each.about, each.why) for each in entries] == [("agent", "counts", "a person now")]
    assert call.contact not in str([(each.about, each.why) for each in entries])


def test_aid_09_small_numbers_are_never_published(tmp_path: Path) -> None:
    assert few_hidden(COUNTED[1]) == {
        "year": 2025, "contacts": 900, "person_now": 0, "clinician": 11, "desk": None, "false_alarms": None
    }  # fmt: skip
    publish(tmp_path, "oak", COUNTED[1:])
    publish(tmp_path, "ash", COUNTED[:1])
    publish(tmp_path, "oak", (COUNTED[0], replace(COUNTED[1], contacts=901)))
    assert [(row["year"], row["contacts"], row["clinician"]) for row in published_in(tmp_path, "oak")] == [
        (2026, 1203, None), (2025, 901, 11),
    ]  # fmt: skip
    assert len(published_in(tmp_path, "ash")) == 1 and published_in(tmp_path, "elm") == ()
    assert "10" not in json.dumps(json.loads((tmp_path / FILE).read_text())["oak"][1])


@pytest.mark.parametrize("damage", ["{", "[]", '{"oak": 3}', '{"oak": [{}]}'])
def test_aid_09_a_file_that_cannot_be_read_publishes_nothing_and_breaks_no_page(
    tmp_path: Path, damage: str
) -> None:
    (tmp_path / FILE).write_text(damage)
    assert published_in(tmp_path, "oak") == ()


@pytest.mark.parametrize("locale", sorted(all_words()))
def test_aid_09_the_page_says_what_is_done_and_what_was_counted(folder: Path, locale: str) -> None:
    running = Running(folder)
    browser = TestClient(running.public(), base_url="http://oak.example")
    words = all_words()[locale]
    page = browser.get(f"/in-a-crisis?lang={locale}").text
    for name in ("crisis_lead", "crisis_never", "crisis_connected", "crisis_wrong", "counts_none"):
        assert words(name) in page
    assert "911" in words("crisis_lead") and "988" in words("crisis_lead")
    publish(folder / "data", "oak", COUNTED)
    page = browser.get(f"/in-a-crisis?lang={locale}").text
    assert "1,203" in page and page.count(words("counts_few")) == 3
    assert words("counts_none") not in page
    other = (
        TestClient(running.public(), base_url="http://ash.example").get(f"/in-a-crisis?lang={locale}").text
    )
    assert words("counts_none") in other


def test_aid_09_the_command_counts_and_publishes_when_it_is_told_to(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lamplighter.settings.Settings", lambda: settings)
    told = CliRunner().invoke(app, ["counts", "maple"])
    assert (told.exit_code, told.output.strip()) == (0, "Nothing was counted yet.")
    house = _over_the_store(settings)
    house.call().say(DANGER)
    house.store.close()
    told = CliRunner().invoke(app, ["counts", "maple", "--publish"]).output
    assert "1 contacts" in told and "1 to a person now" in told and "Published" in told
    [row] = published_in(settings.data, "maple")  # type: ignore[attr-defined]
    assert row["contacts"] is None
    with pytest.raises(NoSuchPractice):
        counts_of(settings, "elm")  # type: ignore[arg-type]


def _over_the_store(settings: object) -> House:
    from lamplighter.practice.load import load
    from lamplighter.wiring.clocks import WallClock
    from lamplighter.wiring.store import open_records

    practice = load(settings.practices / "maple")  # type: ignore[attr-defined]
    return House(store=open_records(settings, WallClock()), practice=practice)  # type: ignore[arg-type]


def test_aid_09_the_page_can_be_found_from_every_page(folder: Path) -> None:
    browser = TestClient(Running(folder).public(), base_url="http://oak.example")
    for path in ("/", "/chat", "/call", "/in-a-crisis"):
        assert 'href="/in-a-crisis"' in browser.get(path).text
