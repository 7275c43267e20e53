"""A contact from its first word to its last, as somebody reads it who looks it over: what was said, and beside each
turn what was understood, why, and what was done. Folded from the log alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lamplighter.console import contact_words, wording
from lamplighter.console.board import Board, Card, Line
from lamplighter.console.rail import MessageLine, message_line
from lamplighter.conversation import events as e
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import fold
from lamplighter.desk import rehearsals, reviewing
from lamplighter.desk.ports import Account, Transaction
from lamplighter.desk.reviewing import Mark, Waits
from lamplighter.practice.model import Practice

FOLDS_BEYOND = 24
SHOWN_FIRST, SHOWN_LAST = 10, 8


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark in words."""

    seq: int
    right: bool
    by: str
    at: str
    should: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance, or what happened between two. `went` is where the guard sent it, `because` by what."""

    line: Line
    at: str
    went: str
    because: str
    understood: tuple[str, ...]
    phrase: str
    asks: tuple[str, ...]
    reads: tuple[str, ...]
    done: tuple[str, ...]
    mark: MarkLine | None
    theirs: bool  # the person said it, so that it can be marked


@dataclass(frozen=True, slots=True)
class Course:
    card: Card
    began: str
    came_to: str
    went: str
    first: tuple[Turn, ...]
    between: tuple[Turn, ...]
    last: tuple[Turn, ...]
    mark: MarkLine | None
    earlier: tuple[MarkLine, ...]  # marks of the whole that count no more
    messages: tuple[MessageLine, ...]
    to_do: tuple[str, ...]
    waits: Waits | None
    due: str
    late: bool
    may_judge: bool
    may_become: bool  # a rehearsal
    rehearsals: int

    @property
    def turns(self) -> tuple[Turn, ...]:
        return (*self.first, *self.between, *self.last)


class Courses:
    def __init__(self, practice: Practice, phrasebook: Phrasebook) -> None:
        self._practice, self._phrasebook = practice, phrasebook
        self._board = Board(practice, phrasebook)

    def course(self, tx: Transaction, contact: str, account: Account, now: datetime) -> Course | None:
        """As this reader may see it; None where there is no such contact."""
        events = tx.log.read(contact)
        if not events:
            return None
        state, marks = fold(events), reviewing.marks(events)
        card = self._board.card(events, clinical="clinician" in account.roles)
        turns = tuple(self._turns(events, card, marks))
        first, between, last = folded(turns)
        waits = next((each for each in reviewing.queue(tx) if each.contact == contact), None)
        came = reviewing.came_to(state)
        return Course(
            card,
            wording.when(card.opened_at, self._practice.timezone),
            contact_words.OUTCOMES[came] if came else contact_words.UNDER_WAY,
            contact_words.VERDICTS[reviewing.verdict_of(state)],
            first,
            between,
            last,
            self._mark(reviewing.whole(marks)),
            tuple(self._no_more(events, marks)),
            tuple(
                message_line(self._practice, self._phrasebook, each) for each in tx.outbox.of_contact(contact)
            ),
            tuple(self._to_do(tx, contact)),
            waits,
            wording.when(waits.due, self._practice.timezone) if waits else "",
            waits is not None and waits.due < now,
            reviewing.may_judge(state, account),
            rehearsals.may_become(events) and state.turns > 0 and state.channel != "email",
            len(rehearsals.of(events)),
        )

    def _to_do(self, tx: Transaction, contact: str) -> Iterator[str]:
        for task in tx.tasks.list_open():
            if task.contact == contact and task.kind not in reviewing.QUEUED:
                what = wording.task_kind(task.kind, dict(task.details))
                yield f"{what}, by {wording.when(task.due, self._practice.timezone)}"

    def _turns(self, events: tuple[e.Event, ...], card: Card, marks: tuple[Mark, ...]) -> Iterator[Turn]:
        lines = {line.seq: line for line in card.lines}
        guarded = {b.heard: b for each in events if isinstance(b := each.body, e.Guarded) and not b.interim}
        acts = {b.heard: b for each in events if isinstance(b := each.body, e.Understood)}
        marked = {each.of: each for each in marks}
        for at, event in enumerate(events):
            line = lines.get(event.seq)
            if line is None:
                continue
            verdict, heard = guarded.get(event.seq), acts.get(event.seq)
            theirs, said = line.who == "person", event.body if isinstance(event.body, e.Said) else None
            yield Turn(
                line,
                contact_words.clock(event.at, self._practice),
                contact_words.VERDICTS[verdict.verdict] if verdict and theirs else "",
                contact_words.because(verdict) if verdict and theirs else "",
                self._understood(event.body, heard),
                said.phrase if said else "",
                tuple(each.replace("_", " ") for each in said.asks) if said else (),
                tuple(each.replace("_", " ") for each in said.confirms) if said else (),
                tuple(self._done_after(events, at, lines)),
                self._mark(marked.get(event.seq)),
                theirs,
            )

    def _understood(self, body: e.Body, heard: e.Understood | None) -> tuple[str, ...]:
        if not isinstance(body, e.Heard):
            return ()
        acts = contact_words.understood(heard, self._practice) if heard else ("Left to a person",)
        return (*contact_words.heard(body), *acts)

    def _done_after(self, events: tuple[e.Event, ...], at: int, lines: dict[int, Line]) -> Iterator[str]:
        """What happened until the next line."""
        for event in events[at + 1 :]:
            if event.seq in lines:
                return
            told = contact_words.done(event.body, self._practice)
            if told:
                yield told

    def _mark(self, mark: Mark | None) -> MarkLine | None:
        if mark is None:
            return None
        body, zone = mark.body, self._practice.timezone
        came = (f"It should have come to: {contact_words.OUTCOMES[body.outcome]}",) if body.outcome else ()
        went = (f"It should have gone to: {contact_words.VERDICTS[body.verdict]}",) if body.verdict else ()
        return MarkLine(mark.seq, body.right, body.by, wording.when(mark.at, zone), (*came, *went), body.note)

    def _no_more(self, events: tuple[e.Event, ...], standing: tuple[Mark, ...]) -> Iterator[MarkLine]:
        stands = {each.seq for each in standing}
        for event in events:
            body = event.body
            if isinstance(body, e.Marked) and body.of == reviewing.WHOLE and event.seq not in stands:
                line = self._mark(Mark(event.seq, event.at, body))
                assert line is not None
                yield line


def folded(turns: tuple[Turn, ...]) -> tuple[tuple[Turn, ...], tuple[Turn, ...], tuple[Turn, ...]]:
    """The beginning, what a long contact folds away, and the end."""
    if len(turns) <= FOLDS_BEYOND:
        return turns, (), ()
    return turns[:SHOWN_FIRST], turns[SHOWN_FIRST:-SHOWN_LAST], turns[-SHOWN_LAST:]
