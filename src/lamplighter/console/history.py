"""The ledger, as owners and auditors read it: who did what to what, newest first, a page at a time."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lamplighter.console.gate import Gate, session_of
from lamplighter.console.pages import draw
from lamplighter.console.roles import Place, only
from lamplighter.console.wording import when
from lamplighter.desk.ports import LedgerEntry, Records
from lamplighter.practice.model import Practice

PAGE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    seq: int
    at: str
    who: str
    what: str
    about: str
    why: str


class History:
    def __init__(self, gate: Gate, practice: Practice, records: Records) -> None:
        self._gate, self._practice, self._records = gate, practice, records

    def places(self) -> list[Place]:
        return [self._gate.place("/ledger", only("owner", "auditor"), self.page)]

    async def page(self, request: Request) -> Response:
        asked = request.query_params.get("before", "")
        before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 15 else None
        entries = await asyncio.to_thread(self._entries, before)
        older = entries[-1].seq if entries and entries[-1].seq > 1 else None
        page = draw(
            "ledger.html",
            practice=self._practice,
            session=session_of(request),
            entries=entries,
            older=older,
            newest=before is None,
        )
        return HTMLResponse(page)

    def _entries(self, before: int | None) -> list[Entry]:
        with self._records.transaction(self._practice.id) as tx:
            ends = tx.ledger.length() if before is None else before - 1
            found = tx.ledger.entries(after=max(0, ends - PAGE), limit=min(PAGE, max(ends, 0)))
            names = {each.id: each.name for each in tx.staff.all()}
        return [self._entry(entry, names) for entry in reversed(found)]

    def _entry(self, entry: LedgerEntry, names: Mapping[str, str]) -> Entry:
        kind, _, rest = entry.about.partition("/")
        about = f"staff: {names[rest]}" if kind == "staff" and rest in names else entry.about
        return Entry(
            entry.seq,
            when(entry.at, self._practice.timezone),
            names.get(entry.who, entry.who),
            entry.what.replace("_", " "),
            about,
            entry.why,
        )
