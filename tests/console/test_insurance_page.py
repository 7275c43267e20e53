"""Somebody's insurance on the page of the desk: what their plan said with its source, why it is not asked, and the acts
of staff about it."""

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest

from lamplighter.desk import plan_gates, plan_kept
from lamplighter.desk.ports import Person, Task
from lamplighter.desk.ports.coverage import BenefitRow, Insured, Network, OtherParty
from lamplighter.practice.model import Money
from tests.channels.web.stage import PATIENTS, Stage
from tests.console.people import Enrolled, invited

NORA = PATIENTS[0]
PERSON = f"/persons/{NORA.number}"
PAGE = f"{PERSON}/insurance"
NUMBER = "W123456789"


def copay(number: int, dollars: str) -> BenefitRow:
    amount = Money(Decimal(dollars))
    return BenefitRow(number, "B", "IND", ("98",), period="27", amount=amount, network=Network.IN)


ROWS = (
    BenefitRow(1, "1", services=("30",), plan="LANTERN OPEN"),
    BenefitRow(
        2,
        "B",
        "IND",
        ("A6",),
        period="27",
        amount=Money(Decimal("20.00")),
        network=Network.IN,
        places=("11",),
    ),
    copay(3, "45.00"),
    BenefitRow(4, "U", services=("MH",), others=(OtherParty("X3", "Lantern Behavioral"),)),
)


@pytest.fixture
def desk(stage: Stage, owner: Enrolled) -> Enrolled:
    stage.clearinghouse.plans[NUMBER] = ROWS
    return invited(stage, owner, "Sam Ode", "desk")


def on_file(desk: Enrolled, **more: str) -> str:
    given = {"insurer": "aetna", "member_id": NUMBER, "whose": "self", **more}
    return desk.post(f"{PAGE}/plan", **given)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def run(stage: Stage) -> None:
    """What is due, and what that makes due."""
    stage.run_due()
    stage.run_due()


def test_without_a_plan_the_page_says_so_and_offers_no_check(desk: Enrolled) -> None:
    page = words(desk.browser.get(PAGE).text)
    assert "Nothing is asked. No insurer of theirs is on file." in page
    assert "No answer of their plan is on file." in page and "Check now" not in page
    assert "No insurer on file" in words(desk.browser.get(PERSON).text)


def test_a_plan_that_is_written_down_and_agreed_to_is_asked_once_and_shown_with_its_source(
    stage: Stage, desk: Enrolled
) -> None:
    assert "The law here wants their consent" in on_file(desk)
    desk.post(f"{PAGE}/said", purpose="plan_check", answer="yes")
    for _ in range(3):
        page = words(desk.post(f"{PAGE}/check"))
    assert "Asking…" in page and "Aetna is being asked" in page
    run(stage)
    page = words(desk.browser.get(PAGE).text)
    assert len(stage.clearinghouse.asked) == 2, "their plan, and who answers for this care instead"
    assert "What Aetna says" in page and "An estimate" in page
    assert "Copay $20.00" in page
    assert "row 2: copay, the person, psychotherapy, $20.00 a visit, in network, office" in page
    assert "row 3: copay, the person, office visit, $45.00 a visit, in network" in page
    assert "Their plan didn't tell us: their share, deductible" in page
    assert "Lantern Behavioral answers for this kind of care instead" in page
    assert "Sam Ode: The plan answered." in page
    assert "covered" not in page.lower()
    card = words(desk.browser.get(PERSON).text)
    assert "Aetna in their own name" in card and "Copay $20.00" in card


def test_what_contradicts_itself_and_what_failed_is_said_in_words(stage: Stage, desk: Enrolled) -> None:
    stage.clearinghouse.plans[NUMBER] = (copay(1, "20.00"), copay(2, "45.00"))
    on_file(desk)
    desk.post(f"{PAGE}/said", purpose="plan_check", answer="yes")
    desk.post(f"{PAGE}/check")
    run(stage)
    assert "two things that can't both hold" in words(desk.browser.get(PAGE).text)
    on_file(desk, member_id="W000000000")
    desk.post(f"{PAGE}/check")
    run(stage)
    page = words(desk.browser.get(PAGE).text)
    assert "No answer to go by. The plan does not know them" in page
    assert "What Aetna says" not in page, "what another number was told is no answer about this one"


def test_rule_37_a_plan_in_somebody_elses_name_waits_for_their_answer_and_the_holders_name(
    stage: Stage, desk: Enrolled
) -> None:
    assert "they have not been told what it may send" in on_file(desk, whose="parent")
    desk.post(f"{PAGE}/said", purpose="plan_check", answer="yes")
    page = desk.post(f"{PAGE}/said", purpose="plan_holder", answer="yes")
    assert "in somebody else&#39;s name, which is not on file" in page
    page = on_file(desk, whose="parent", holder_first="Ruth", holder_last="Bell", holder_born="1960-02-03")
    assert "Nothing is asked" not in page and 'value="Ruth"' in page
    with stage.records.transaction(stage.practice.id) as tx:
        holder = plan_kept.holder(tx, NORA.number)
    assert isinstance(holder, Insured) and str(holder.date_of_birth) == "1960-02-03"
    page = desk.post(f"{PAGE}/said", purpose="plan_holder", answer="no")
    assert "They said no to a check" in page
    assert "Ruth" not in on_file(desk, whose="self")


def test_prv_05_their_plan_is_told_nothing_from_one_click_until_another(stage: Stage, desk: Enrolled) -> None:
    on_file(desk)
    desk.post(f"{PAGE}/said", purpose="plan_check", answer="yes")
    page = desk.post(f"{PAGE}/restrict", restrict="on")
    assert "asked that their plan be told nothing" in page and "said Sam Ode" in page
    desk.post(f"{PAGE}/check")
    run(stage)
    assert stage.clearinghouse.asked == []
    desk.post(f"{PAGE}/restrict", restrict="off")
    desk.post(f"{PAGE}/check")
    run(stage)
    assert len(stage.clearinghouse.asked) == 2


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("plan", {"insurer": "nobody"}),
        ("plan", {"member_id": "<b>"}),
        ("plan", {"whose": "a cat"}),
        ("plan", {"whose": "parent", "holder_born": "yesterday"}),
        ("said", {"purpose": "plan_check", "answer": "maybe"}),
        ("said", {"purpose": "reminders", "answer": "yes"}),
        ("restrict", {"restrict": "perhaps"}),
    ],
)
def test_what_no_form_sends_changes_nothing(
    stage: Stage, desk: Enrolled, act: str, given: dict[str, str]
) -> None:
    on_file(desk)
    with stage.records.transaction(stage.practice.id) as tx:
        before = tx.people.get(NORA.number)
    desk.post(f"{PAGE}/{act}", **given)
    with stage.records.transaction(stage.practice.id) as tx:
        assert tx.people.get(NORA.number) == before
        assert plan_gates.agreed(tx, NORA.number, "plan_check") is None


def test_a_biller_reaches_the_page_from_a_task_of_theirs_and_an_auditor_does_not(
    stage: Stage, owner: Enrolled
) -> None:
    with stage.records.transaction(stage.practice.id) as tx:
        tx.tasks.add(Task("t1", "plan_check", "biller", stage.clock.now(), person=NORA.number))
    biller = invited(stage, owner, "Bea Count", "biller")
    assert 'href="/persons/%2B12125550143/insurance"' in biller.browser.get("/billing").text
    assert "Insurance: Nora Bell" in biller.browser.get(PAGE).text
    auditor = invited(stage, owner, "Audrey Tor", "auditor")
    assert auditor.browser.get(PAGE).status_code == 403


def test_saving_the_page_changes_only_what_was_changed_and_keeps_an_insurer_that_no_file_names(
    stage: Stage, desk: Enrolled
) -> None:
    def held(**first: str) -> Person:
        with stage.records.transaction(stage.practice.id) as tx:
            person = tx.people.get(NORA.number)
            assert person is not None
            tx.people.update(replace(person, **first))
        return person

    held(insurer="Bluebird Mutual", member_id="A/1")
    page = desk.browser.get(PAGE).text
    drawn = dict(re.findall(r'name="(drawn_\w+)" value="([^"]*)"', page))
    [chosen] = re.findall(r'<option value="([^"]*)" selected>Bluebird Mutual', page)
    desk.post(f"{PAGE}/plan", **drawn, insurer=chosen, member_id="A/1", whose="self", self_pay="yes")
    person = held()
    assert (person.insurer, person.member_id) == ("Bluebird Mutual", "A/1")
    assert (person.subscriber, person.self_pay) == ("self", True)
    desk.post(f"{PAGE}/plan", **drawn, insurer="", member_id=NUMBER, whose="self")
    assert (held().insurer, held().member_id) == (None, NUMBER)


def test_an_answer_is_shown_as_it_stands_in_the_chart_and_one_that_is_not_there_is_a_page_to_print_and_a_task(
    stage: Stage, desk: Enrolled
) -> None:
    stage.chart.strangers, stage.clearinghouse.plans[NUMBER] = {"Bell"}, ROWS[:3]
    on_file(desk)
    desk.post(f"{PAGE}/said", purpose="plan_check", answer="yes")
    desk.post(f"{PAGE}/check")
    assert "Written to the chart" not in words(desk.browser.get(PAGE).text)
    run(stage)
    html = desk.browser.get(PAGE).text
    assert "by hand" in words(html) and "nobody of their legal name and birth date" in words(html)
    assert "Put what their plan said into the chart" in words(desk.browser.get("/").text)
    link = re.search(rf'href="({PAGE.replace("+", "%2B")}/paper/[^"]+)"', html)
    assert link is not None
    printed = desk.browser.get(link.group(1))
    assert printed.headers["content-type"] == "application/pdf" and printed.content.startswith(b"%PDF-")
    assert desk.browser.get(link.group(1).replace("43/insurance", "44/insurance")).status_code == 404
    question = link.group(1).rsplit("/", 1)[1]
    stage.chart.strangers = set()
    assert "Waits to be written" in words(desk.post(f"{PAGE}/chart", question=question, act="again"))
    run(stage)
    assert "Written to the chart and read back" in words(desk.browser.get(PAGE).text)
    assert "into the chart" not in words(desk.browser.get("/").text)
    desk.post(f"{PAGE}/chart", question=question, act="look")
    run(stage)
    assert "Written to the chart and read back" in words(desk.browser.get(PAGE).text)
    stage.chart.notes.clear()
    desk.post(f"{PAGE}/chart", question=question, act="look")
    run(stage)
    assert "The chart does not hold it any more" in words(desk.browser.get(PAGE).text)
    desk.post(f"{PAGE}/chart", question=question, act="done")
    assert "into the chart" not in words(desk.browser.get("/").text)


def test_what_an_eap_granted_is_written_down_counted_and_taken_back(stage: Stage, desk: Enrolled) -> None:
    given = {"program": "lantern_eap", "sessions": "6", "first": "2026-11-01", "last": "2027-01-31"}
    for wrong in (
        {"sessions": "0"},
        {"sessions": "six"},
        {"first": ""},
        {"last": "2026-10-01"},
        {"program": "x"},
    ):
        desk.post(f"{PAGE}/eap", **{**given, **wrong})
    assert "Nothing that a program granted is written down" in words(desk.browser.get(PAGE).text)
    page = words(desk.post(f"{PAGE}/eap", **given))
    assert "6 of 6 left Lantern EAP from Nov 1, 2026 through Jan 31, 2027; written down by Sam Ode" in page
    desk.post(f"{PAGE}/eap", **given)
    html = desk.browser.get(PAGE).text
    assert words(html).count("6 of 6 left") == 1
    assert "6 of 6 left of Lantern EAP" in words(desk.browser.get(PERSON).text)
    [grant] = re.findall(r'name="grant" value="(\w+)"', html)
    assert "Nothing that a program granted" in words(desk.post(f"{PAGE}/eap/undo", grant=grant))
