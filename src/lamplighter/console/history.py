"""The ledger, as owners and auditors read it: looked through, taken away as a file, and proven.

It names records and never what they say, so that an auditor learns no more of a person than that there is one.
"""

import asyncio
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from threading import Lock, Thread
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse

from lamplighter import logs
from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.roles import Place, only
from lamplighter.console.wording import on, when
from lamplighter.desk.ports import AGENT, Clock, LedgerEntry, Records, Sought
from lamplighter.desk.proving import Proof, Prove
from lamplighter.practice.calendar import at_local
from lamplighter.practice.model import Practice

log = logs.get(__name__)
PAGE: Final = 100
AT_ONCE: Final = 1000
READERS: Final = only("owner", "auditor")
FIELDS: Final = ("seq", "at", "who", "name", "what", "about", "why", "sealed_hash", "hash")
NOT_DONE: Final = "it could not be read to its end: try again, or run `lamplighter audit verify`"


@dataclass(frozen=True, slots=True)
class Entry:
    seq: int
    at: str
    who: str
    what: str
    about: str
    subject: str
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, as it was typed; "" is anything. The days are the practice's own, the last one with it."""

    who: str = ""
    what: str = ""
    about: str = ""
    first: str = ""
    last: str = ""
    wrong: str = ""

    def query(self, before: int | None = None) -> str:
        given = {"who": self.who, "what": self.what, "about": self.about, "from": self.first, "to": self.last}
        given["before"] = str(before) if before else ""
        return urlencode({name: text for name, text in given.items() if text})

    def sought(self, practice: Practice) -> Sought:
        return Sought(
            (self.who,) if self.who else (),
            "_".join(self.what.split()),
            self.about,
            at_local(practice, date.fromisoformat(self.first), time.min) if self.first else None,
            at_local(practice, date.fromisoformat(self.last) + timedelta(days=1), time.min)
            if self.last
            else None,
        )


def asked(query: Mapping[str, str]) -> Asked:
    """What can't be read is anything, and said."""
    first, last = _day(query.get("from", "")), _day(query.get("to", ""))
    who, what, about = (query.get(name, "").strip()[:200] for name in ("who", "what", "about"))
    wrong = "" if None not in (first, last) else "That is no day: it was left out."
    return Asked(who, what, about, first or "", last or "", wrong)


def _day(written: str) -> str | None:
    """None for what is none."""
    if not written:
        return ""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found.isoformat() if 2000 < found.year < 2200 else None


class Proving:
    """One proof at a time, whoever asks for it. Safe under threads."""

    def __init__(self, prove: Prove) -> None:
        self._prove, self._lock = prove, Lock()
        self.running, self.done, self.of = False, 0, 0
        self.proof: Proof | None = None
        self.at: datetime | None = None
        self.by = ""

    def start(self, by: str, of: int, now: datetime) -> bool:
        """False where one is under way."""
        with self._lock:
            if self.running:
                return False
            self.running, self.done, self.of, self.by, self.at = True, 0, of, by, now
        Thread(target=self._run, name="proving the ledger", daemon=True).start()
        return True

    def _run(self) -> None:
        try:
            self.proof = self._prove(self._told)
        except Exception as error:
            log.error("ledger_not_proven", exc_info=error)
            self.proof = Proof(0, None, 0, NOT_DONE)
        finally:
            self.running = False

    def _told(self, done: int) -> None:
        self.done = done


class History:
    def __init__(
        self, gate: Gate, practice: Practice, records: Records, clock: Clock, prove: Prove | None
    ) -> None:
        self._gate, self._practice, self._records, self._clock = gate, practice, records, clock
        self._proving = Proving(prove) if prove is not None else None

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/ledger", READERS, self.page),
            place("/ledger.csv", READERS, self.as_csv),
            place("/ledger.jsonl", READERS, self.as_lines),
            place("/ledger/prove", READERS, self.prove, "POST"),
            place("/ledger/proof", READERS, self.proof, counts=False),
        ]

    async def page(self, request: Request) -> Response:
        before = request.query_params.get("before", "")
        number = int(before) if before.isascii() and before.isdigit() and len(before) < 15 else None
        sought = asked(request.query_params)
        entries, names, more = await asyncio.to_thread(self._entries, sought, number)
        page = draw(
            "ledger.html",
            practice=self._practice,
            session=session_of(request),
            entries=entries,
            asked=sought,
            names={AGENT: "the assistant", **names},
            older=sought.query(entries[-1].seq) if more else None,
            newest=None if number is None else sought.query(),
            file=sought.query(),
            proving=self._proving,
            proven=self._proven(),
        )
        return HTMLResponse(page)

    def _entries(self, what: Asked, before: int | None) -> tuple[list[Entry], dict[str, str], bool]:
        with self._records.transaction(self._practice.id) as tx:
            found = tx.ledger.search(what.sought(self._practice), before, PAGE + 1)
            names = {each.id: each.name for each in tx.staff.all()}
        return [self._entry(each, names) for each in found[:PAGE]], names, len(found) > PAGE

    def _entry(self, entry: LedgerEntry, names: Mapping[str, str]) -> Entry:
        kind, _, rest = entry.about.partition("/")
        about = f"staff: {names[rest]}" if kind == "staff" and rest in names else entry.about
        return Entry(
            entry.seq,
            when(entry.at, self._practice.timezone),
            names.get(entry.who, entry.who),
            entry.what.replace("_", " "),
            about,
            Asked(about=entry.about.partition("#")[0]).query(),
            entry.why,
        )

    # -- taken away ----------------------------------------------------------------------------------------------------

    async def as_csv(self, request: Request) -> Response:
        return await self._file(request, "csv", "text/csv", _csv)

    async def as_lines(self, request: Request) -> Response:
        return await self._file(request, "jsonl", "application/jsonl", _json)

    async def _file(self, request: Request, kind: str, media: str, written: "Written") -> Response:
        what, session = asked(request.query_params), session_of(request)
        assert session.account is not None
        names = await asyncio.to_thread(self._taken, session.account.id, kind)
        headers = {"content-disposition": f'attachment; filename="ledger-{self._practice.id}.{kind}"'}
        lines = written(self._all(what), names)
        return StreamingResponse(lines, media_type=f"{media}; charset=utf-8", headers=headers)

    def _taken(self, who: str, kind: str) -> dict[str, str]:
        now = self._clock.now()
        with self._records.transaction(self._practice.id) as tx:
            tx.ledger.note(at=now, who=who, what="ledger_exported", about="ledger", why=kind)
            return {each.id: each.name for each in tx.staff.all()}

    def _all(self, what: Asked) -> Iterator[LedgerEntry]:
        """The newest first, in short transactions, so that nobody waits for it."""
        before: int | None = None
        while True:
            with self._records.transaction(self._practice.id) as tx:
                found = tx.ledger.search(what.sought(self._practice), before, AT_ONCE)
            yield from found
            if len(found) < AT_ONCE:
                return
            before = found[-1].seq

    # -- proven --------------------------------------------------------------------------------------------------------

    async def prove(self, request: Request) -> Response:
        await form_of(request)
        if self._proving is not None:
            await asyncio.to_thread(self._start, self._proving, session_of(request))
        return RedirectResponse("/ledger#proof", 303)

    def _start(self, proving: Proving, session: Session) -> None:
        assert session.account is not None
        now = self._clock.now()
        with self._records.transaction(self._practice.id) as tx:
            of = tx.ledger.length()
        if proving.start(session.name, of, now):
            with self._records.transaction(self._practice.id) as tx:
                tx.ledger.note(at=now, who=session.account.id, what="ledger_proven", about="ledger")

    async def proof(self, _: Request) -> Response:
        found = self._proving
        stands = (
            {"running": found.running, "done": found.done, "of": found.of} if found else {"running": False}
        )
        return JSONResponse(stands, headers={"cache-control": "no-store"})

    def _proven(self) -> str:
        """What came of the last one, in a sentence; "" where there was none."""
        found = self._proving
        if found is None or found.proof is None or found.running or found.at is None:
            return ""
        proof, zone = found.proof, self._practice.timezone
        until = f", the last of {on(proof.until, zone)}" if proof.until else ""
        says = f"{proof.proven} entries are exactly what was written{until}."
        agrees = f" {proof.anchored} signed heads outside agree."
        wrong = f" But {proof.problem}." if proof.problem else ""
        return f"{says}{agrees}{wrong} {found.by} asked on {on(found.at, zone)}."


Written = Callable[[Iterator[LedgerEntry], Mapping[str, str]], Iterator[str]]


def _row(entry: LedgerEntry, names: Mapping[str, str]) -> tuple[object, ...]:
    name = names.get(entry.who, "")
    return (
        entry.seq, entry.at.isoformat(), entry.who, name, entry.what, entry.about, entry.why, entry.sealed_hash,
        entry.hash,
    )  # fmt: skip


def _csv(entries: Iterator[LedgerEntry], names: Mapping[str, str]) -> Iterator[str]:
    yield ",".join(FIELDS) + "\r\n"
    for each in entries:
        line = io.StringIO()
        csv.writer(line).writerow([_tame(value) for value in _row(each, names)])
        yield line.getvalue()


def _tame(value: object) -> object:
    """A spreadsheet takes no text for a formula."""
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )


def _json(entries: Iterator[LedgerEntry], names: Mapping[str, str]) -> Iterator[str]:
    for each in entries:
        yield json.dumps(dict(zip(FIELDS, _row(each, names), strict=True)), ensure_ascii=False) + "\n"
