"""The ladder by the hour: who is rung now, who is away or stands in, other numbers, gaps ahead, and test calls."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console import wording
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.roles import AT_THE_DESK, Place, only
from lamplighter.desk import guard_wrong, rota_changes, route_tests
from lamplighter.desk.handoffs import Handoffs
from lamplighter.desk.ports import Clock, Fact, Records, Transaction
from lamplighter.desk.rota_changes import Listed, OutOfBounds
from lamplighter.desk.route_tests import ROUTES, SIDES, Tested
from lamplighter.practice.changes import Changes
from lamplighter.practice.model import Practice
from lamplighter.practice.rota import everybody, gaps, steps

CHANGES = only("owner", "clinician")
HOURS: Mapping[str, str] = {"by_day": "while open", "after_hours": "after hours"}
INTERRUPT = {
    "crisis_only": "in session: rung for a person now only",
    "never": "in session: never rung",
    None: "",
}
WHEN = "Write when it begins and when it ends."
WHEN_SWAPPED = "Write when the time in exchange begins and when it ends. Nothing was kept."


@dataclass(frozen=True, slots=True)
class Route:
    """One route of one half of the day, and how its last test stands."""

    hours: str
    route: str
    name: str
    steps: tuple[tuple[tuple[str, str, bool], ...], ...]  # in order; who is in one is rung together
    tested: Tested
    line: str


@dataclass(frozen=True, slots=True)
class Stated:
    id: str
    line: str
    by: str


@dataclass(frozen=True, slots=True)
class Shown:
    routes: tuple[Route, ...]
    people: tuple[Listed, ...]
    interrupt: Mapping[str, str]
    numbers: Mapping[str, str]
    stated: tuple[Stated, ...]
    gaps: tuple[str, ...]
    false_alarms: tuple[tuple[str, int], ...]


class LadderPages:
    def __init__(
        self, gate: Gate, practice: Practice, records: Records, clock: Clock, handoffs: Handoffs
    ) -> None:
        self._gate, self._practice, self._records, self._clock = gate, practice, records, clock
        self._tests = handoffs.tests

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/ladder", AT_THE_DESK, self.page),
            place("/ladder/cover", CHANGES, self.cover, "POST", fresh=True),
            place("/ladder/away", CHANGES, self.away, "POST", fresh=True),
            place("/ladder/number", CHANGES, self.number, "POST", fresh=True),
            place("/ladder/lift", CHANGES, self.lift, "POST", fresh=True),
            place("/ladder/test", CHANGES, self.test, "POST"),
            place("/ladder/answered", AT_THE_DESK, self.answered, "POST"),
        ]

    async def page(self, request: Request) -> Response:
        return await self._page(request)

    async def _page(self, request: Request, wrong: str = "") -> Response:
        session = session_of(request)
        assert session.account is not None
        shown = await asyncio.to_thread(self._shown)
        may, fresh = CHANGES.lets(session.account), self._gate.may_change(session)
        given = {
            "practice": self._practice, "session": session, "ladder": shown, "may": may, "fresh": fresh,
            "wrong": wrong,
        }  # fmt: skip
        return HTMLResponse(draw("ladder.html", **given), 422 if wrong else 200)

    def _shown(self) -> Shown:
        practice, now = self._practice, self._clock.now()
        with self._records.transaction(practice.id) as tx:
            changes = rota_changes.standing(tx)
            tested = route_tests.standing(tx, now)
            stated = self._stated(tx, now)
            alarms = false_alarms(tx)
        people = rota_changes.listed(practice)
        return Shown(
            tuple(self._route(each, changes, now) for each in tested),
            people,
            {each.who: INTERRUPT[each.interrupt] for each in people},
            {each.who: changes.number_of(each.who) or each.phone or "" for each in people},
            stated,
            days(practice, changes, now),
            alarms,
        )

    def _route(self, tested: Tested, changes: Changes, now: datetime) -> Route:
        rungs = everybody(self._practice, tested.route, now, changes=changes, hours=tested.hours)
        return Route(
            tested.hours,
            tested.route,
            f"{wording.ROUTES[tested.route]}, {HOURS[tested.hours]}",
            tuple(
                tuple((each.name, each.phone or "", each.licensed) for each in step) for step in steps(rungs)
            ),
            tested,
            test_line(tested, self._practice),
        )

    def _stated(self, tx: Transaction, now: datetime) -> tuple[Stated, ...]:
        """What stands or is to come; what is over is in the ledger."""
        names = {each.who: each.name for each in rota_changes.listed(self._practice)}
        facts = [*tx.facts.standing("cover"), *tx.facts.standing("absent"), *tx.facts.standing("number")]
        return tuple(
            Stated(fact.id, self._line(fact, names), fact.by)
            for fact in facts
            if fact.ends is None or fact.ends > now
        )

    def _line(self, fact: Fact, names: Mapping[str, str]) -> str:
        who = names.get(name := fact.about.removeprefix("ladder/"), name)
        if fact.kind == "number":
            return f"{who} is rung under {wording.phone(fact.value('phone'))}"
        assert fact.starts is not None and fact.ends is not None
        zone = self._practice.timezone
        spell = f"{wording.when(fact.starts, zone)} to {wording.when(fact.ends, zone)}"
        if fact.kind == "absent":
            return f"{who} is away, {spell}"
        return f"{names.get(fact.value('by'), fact.value('by'))} stands in for {who}, {spell}"

    # -- stating -------------------------------------------------------------------------------------------------------

    async def cover(self, request: Request) -> Response:
        form = await form_of(request)
        who, other, spell = str(form.get("who")), str(form.get("by")), self._spell(form)
        if spell is None:
            return await self._page(request, WHEN)
        exchanged = bool(form.get("swap_starts") or form.get("swap_ends"))
        swap = self._spell(form, "swap_") if exchanged else None
        if exchanged and swap is None:
            return await self._page(request, WHEN_SWAPPED)

        def stated(tx: Transaction, by: str, now: datetime) -> None:
            rota_changes.cover(tx, self._practice, who, other, *spell, by=by, now=now)
            if swap:
                rota_changes.cover(tx, self._practice, other, who, *swap, by=by, now=now)

        return await self._state(request, stated)

    async def away(self, request: Request) -> Response:
        form = await form_of(request)
        who, spell = str(form.get("who")), self._spell(form)
        if spell is None:
            return await self._page(request, WHEN)

        def stated(tx: Transaction, by: str, now: datetime) -> None:
            rota_changes.absent(tx, self._practice, who, *spell, by=by, now=now)

        return await self._state(request, stated)

    async def number(self, request: Request) -> Response:
        form = await form_of(request)
        who, written = str(form.get("who")), str(form.get("number") or "")

        def stated(tx: Transaction, by: str, now: datetime) -> None:
            rota_changes.number(tx, self._practice, who, written, by=by, now=now)

        return await self._state(request, stated)

    async def lift(self, request: Request) -> Response:
        form = await form_of(request)
        fact_id = str(form.get("fact"))

        def lifted(tx: Transaction, by: str, now: datetime) -> None:
            fact = tx.facts.get(fact_id)
            if fact is not None and fact.kind in ("cover", "absent", "number"):
                tx.facts.lift(fact_id, by, now)

        return await self._state(request, lifted)

    async def _state(
        self, request: Request, change: Callable[[Transaction, str, datetime], None]
    ) -> Response:
        name = session_of(request).name

        def changed() -> None:
            with self._records.transaction(self._practice.id) as tx:
                change(tx, name, self._clock.now())

        try:
            await asyncio.to_thread(changed)
        except OutOfBounds as wrong:
            return await self._page(request, str(wrong))
        return RedirectResponse("/ladder#stated", 303)

    def _spell(self, form: Mapping[str, object], part: str = "") -> tuple[datetime, datetime] | None:
        """As written, in the practice's own time; none where it can't be read."""
        try:
            written = (datetime.fromisoformat(str(form.get(part + name))) for name in ("starts", "ends"))
            start, end = (each.replace(tzinfo=self._practice.timezone) for each in written)
        except ValueError:
            return None
        return start, end

    # -- test calls ----------------------------------------------------------------------------------------------------

    async def test(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        hours = next((each for each in SIDES if each == form.get("hours")), None)
        route = next((each for each in ROUTES if each == form.get("route")), None)
        if hours is None or route is None:
            raise HTTPException(422, "choice")
        await asyncio.to_thread(self._tests.ring, self._practice.id, hours, route, session.name)
        return RedirectResponse("/ladder#routes", 303)

    async def answered(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        test = str(form.get("test"))
        if not await asyncio.to_thread(self._tests.answered, self._practice.id, test, session.name):
            raise HTTPException(422, "choice")
        return RedirectResponse("/ladder#routes", 303)


def days(practice: Practice, changes: Changes, now: datetime) -> tuple[str, ...]:
    """The days of the coming week with an hour in which nobody would be rung for a person now."""
    return tuple(format_date(day, "EEEE, MMM d", locale="en") for day in gaps(practice, now, changes))


def false_alarms(tx: Transaction) -> tuple[tuple[str, int], ...]:
    """How many were told, by language and channel: what they went by names what was feared, and is on no page."""
    counted: Counter[tuple[str, str]] = Counter()
    for each in guard_wrong.told(tx):
        counted[each.locale, each.channel] += each.times
    return tuple(
        (f"{wording.CHANNELS[channel]}, {wording.language(locale)}", times)
        for (locale, channel), times in counted.most_common()
    )


def test_line(tested: Tested, practice: Practice) -> str:
    if tested.standing == "never" or tested.asked is None:
        return "Never tested"
    if tested.at is not None:
        return f"{tested.by} answered the test, {wording.when(tested.at, practice.timezone)}"
    asked = wording.when(tested.asked, practice.timezone)
    return f"Test rang, {asked}" if tested.standing == "ringing" else f"Nobody answered the test, {asked}"


def notes(tx: Transaction, practice: Practice, now: datetime) -> tuple[str, ...]:
    """What the board says of the ladder: gaps ahead, and routes that nobody has tested for a month."""
    found = [
        f"Nobody would be there for whoever needs a person now at some hour of {day}"
        for day in days(practice, rota_changes.standing(tx), now)
    ]
    overdue = [
        f"{wording.ROUTES[each.route].lower()} {HOURS[each.hours]}"
        for each in route_tests.standing(tx, now)
        if each.overdue
    ]
    return (*found, *([f"No test call for a month: {'; '.join(overdue)}"] if overdue else []))
