"""Questions about a plan and what came of them: the same on every store, sealed under the person, in the ledger."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lamplighter.desk import chart_kept, plan_kept
from lamplighter.desk.plan_kept import Question
from lamplighter.desk.ports.clearinghouse import Answered, Pending, Refused, Why
from lamplighter.desk.ports.coverage import (
    BenefitRow,
    Delivery,
    Insured,
    Network,
    OtherParty,
    Payer,
    Rejection,
)
from lamplighter.practice.model import Money
from lamplighter.records.errors import Forgotten
from tests.records.contract.examples import a_person
from tests.records.stores import START, Store

QUESTION = Question(
    "q1", "p1", Payer("60054", "Lantern"), "W123456789", "Maya|Okafor|1990-05-17", "30", "2026-12", "trace1", START,
    "v1", date(2026, 12, 15), "", "agent",
)  # fmt: skip
ROWS = (
    BenefitRow(1, "1", services=("30",), plan="LANTERN OPEN"),
    BenefitRow(
        2, "B", "IND", ("A6", "MH"), period="27", amount=Money(Decimal("20.10")), share=Decimal("0.20"),
        authorization=False, network=Network.IN, procedure=("HC", "90837"), places=("11",), messages=("OFFICE",),
        dates=(("292", date(2026, 1, 1), None),), deliveries=(Delivery("VS", Decimal(30), "23"),),
        others=(OtherParty("X3", "Lantern Behavioral", "PI", "L9", (("TE", "2125550100"),)),),
    ),
)  # fmt: skip


def test_what_was_asked_and_every_answer_come_back_whole_and_stand_in_the_ledger(store: Store) -> None:
    with store.transaction() as tx:
        tx.people.add(a_person())
        plan_kept.ask(tx, QUESTION)
        plan_kept.ask(tx, QUESTION)
        for hours, reply in enumerate(
            (
                Refused(Why.NOT_FOUND, (Rejection("subscriber", "75"),)),
                Pending("t1"),
                Answered(ROWS, None, "LANTERN"),
            )
        ):
            plan_kept.read(tx, QUESTION, reply, START + timedelta(hours=hours))
    with store.transaction() as tx:
        assert plan_kept.questions(tx, "p1") == (QUESTION,) == tuple(plan_kept.same_as(tx, QUESTION))
        last, waiting, lost = plan_kept.readings(tx, QUESTION)
        assert (last.outcome, last.rows, last.payer) == ("answered", ROWS, "LANTERN")
        assert (waiting.outcome, waiting.ticket, waiting.is_open) == ("pending", "t1", True)
        assert (lost.outcome, lost.reasons) == (Why.NOT_FOUND, ("75",))
        noted = [entry.what for entry in tx.ledger.entries() if entry.what.startswith("plan_")]
    assert noted == ["plan_asked_stated", *["plan_answer_stated"] * 3]


def test_what_is_kept_of_a_plan_goes_with_the_person(store: Store) -> None:
    with store.transaction() as tx:
        tx.people.add(a_person())
        plan_kept.ask(tx, QUESTION)
        plan_kept.keep_holder(tx, "p1", Insured("Paul", "Okafor", date(1960, 1, 1)), by="Sam", now=START)
        plan_kept.read(tx, QUESTION, Answered(ROWS), START)
        tx.people.forget("p1")
    with store.transaction() as tx:
        assert plan_kept.questions(tx, "p1") == ()
        assert plan_kept.question(tx, "q1") is None
        assert plan_kept.holder(tx, "p1") is None
    with pytest.raises(Forgotten), store.transaction() as tx:
        plan_kept.ask(tx, replace(QUESTION, id="q2"))


def test_how_an_answer_stands_on_its_way_into_the_chart_is_what_was_kept_last_though_two_came_at_once(
    store: Store,
) -> None:
    with store.transaction() as tx:
        tx.people.add(a_person())
        plan_kept.ask(tx, QUESTION)
        assert chart_kept.stands(tx, QUESTION) is None
        for tries in range(12):
            chart_kept.keep(tx, QUESTION, "waiting", START, why="unreachable", tries=tries)
        chart_kept.keep(tx, QUESTION, "written", START, where=("Coverage/1", "Task/2"))
        for known_as in ("Patient/1", "Patient/2", "Patient/2"):
            chart_kept.keep_name(tx, "p1", known_as, START)
    with store.transaction() as tx:
        found = chart_kept.stands(tx, QUESTION)
        assert found is not None and (found.step, found.where) == ("written", ("Coverage/1", "Task/2"))
        [named] = tx.facts.standing("chart_person", "person/p1")
        assert named.value("known_as") == "Patient/2"
