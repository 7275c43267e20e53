"""Test calls: a route is rung as a test, and whoever it reaches says so. Nobody waits behind it, and it has no
contact.

A line such as 988 is never test-called.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import uuid4

from lamplighter import logs
from lamplighter.desk import rota_changes
from lamplighter.desk.ports import Clock, Fact, Pager, Records, Ring, Transaction
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.rota import Route, Side, everybody

log = logs.get(__name__)
EVERY = timedelta(days=31)
ANSWERED_WITHIN = timedelta(hours=1)
SIDES: tuple[Side, ...] = get_args(Side)
ROUTES: tuple[Route, ...] = get_args(Route)
Standing = Literal["never", "ringing", "unanswered", "answered"]


@dataclass(frozen=True, slots=True)
class Tested:
    """How the last test of a route stands. `asked_by` had it rung. `rang` are the names of those who really were; `by`
    and `at` say who answered and when."""

    hours: Side
    route: Route
    standing: Standing
    test: str | None = None
    asked: datetime | None = None
    asked_by: str | None = None
    rang: tuple[str, ...] = ()
    by: str | None = None
    at: datetime | None = None
    overdue: bool = True


class RouteTests:
    def __init__(
        self, records: Records, practices: Mapping[PracticeId, Practice], pager: Pager, clock: Clock
    ) -> None:
        self._records, self._practices, self._pager, self._clock = records, practices, pager, clock

    def ring(self, practice_id: PracticeId, hours: Side, route: Route, by: str) -> str:
        """Rings everybody of the route at once, after it is stored that it was. Gives the test's id."""
        practice, now, test = self._practices[practice_id], self._clock.now(), uuid4().hex
        with self._records.transaction(practice_id) as tx:
            changes = rota_changes.standing(tx)
            rungs = everybody(practice, route, now, lines=False, changes=changes, hours=hours)
            tx.facts.state(Fact(test, "route_test", _about(hours, route), now, by))
        rang = []
        for step, rung in enumerate(rungs):
            ring = Ring(
                practice_id, "", test, rung.id, rung.name, rung.phone, route, step, licensed=rung.licensed,
                kind=rung.kind, locale=practice.languages_signed[0], test=True,
            )  # fmt: skip
            try:
                self._pager.ring(ring)
                rang.append(("rang", rung.name))
            except Exception:  # the others are rung all the same; that nobody answered is what the test shows
                log.exception("test_ringing_failed", practice=practice_id)
        with self._records.transaction(practice_id) as tx:
            tx.facts.state(Fact(f"{test}:rang", "route_rang", _about(hours, route), now, by, tuple(rang)))
        return test

    def answered(self, practice_id: PracticeId, test: str, by: str) -> bool:
        """Somebody says that the test reached them. The first counts; False where there is no such test, or none that
        still rings, or where it was they who had it rung."""
        now = self._clock.now()
        with self._records.transaction(practice_id) as tx:
            found = tx.facts.get(test)
            if found is None or found.kind != "route_test" or found.by == by:
                return False
            if now - found.at >= ANSWERED_WITHIN:
                return False
            tx.facts.state(Fact(f"{test}:answer", "route_answered", found.about, now, by))
        return True


def standing(tx: Transaction, now: datetime) -> tuple[Tested, ...]:
    """Of every route the last test, and whether a month has gone by since one was answered."""
    return tuple(_tested(tx, hours, route, now) for hours in SIDES for route in ROUTES)


def _tested(tx: Transaction, hours: Side, route: Route, now: datetime) -> Tested:
    about = _about(hours, route)
    tests, answers = tx.facts.standing("route_test", about), tx.facts.standing("route_answered", about)
    overdue = not answers or now - answers[0].at > EVERY
    if not tests:
        return Tested(hours, route, "never")
    last = tests[0]
    answer, rang = tx.facts.get(f"{last.id}:answer"), tx.facts.get(f"{last.id}:rang")
    waits: Standing = "ringing" if now - last.at < ANSWERED_WITHIN else "unanswered"
    return Tested(
        hours,
        route,
        "answered" if answer else waits,
        last.id,
        last.at,
        last.by,
        tuple(name for _, name in rang.details) if rang else (),
        answer.by if answer else None,
        answer.at if answer else None,
        overdue,
    )


def _about(hours: str, route: str) -> str:
    return f"route/{hours}/{route}"
