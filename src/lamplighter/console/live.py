"""The page while it is open: what changed since the last look, as pieces of the page to put in place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

from lamplighter.console.access import Session
from lamplighter.console.board import Board, Card
from lamplighter.console.on_file import StopsShown, stops_of
from lamplighter.console.pages import TEMPLATES
from lamplighter.console.rail import Rail, rail
from lamplighter.console.under_glass import HandOver, hand_over
from lamplighter.console.wording import when
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.ports import Clock, ContactSummary, Records, Transaction
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice

SHOWN = 200
CARDS_KEPT = 1000
RAIL_LASTS = 0.5  # seconds
MOST_SEEN = 100_000  # records that this process remembers to have noted as read
ITSELF = "console"
"""Who stands in the ledger for what the page looks at over and over, for whoever has it open."""


@dataclass(frozen=True, slots=True)
class Wall:
    """All that the page shows at one moment, for one reader. `chosen` is the contact shown in full."""

    cards: tuple[Card, ...]
    chosen: Card | None
    rail: Rail
    now: str
    handed_over: HandOver | None  # the card of the one shown in full
    on_file: StopsShown | None  # who that is, where they are on file
    by_itself: bool  # nobody picked a contact: the page follows whoever comes first
    draft: bool  # the assistant says sentences that nobody has reviewed

    @property
    def waiting(self) -> int:
        return sum(card.needs_someone for card in self.cards)

    @property
    def under_way(self) -> int:
        return sum(not card.over for card in self.cards)

    @property
    def about(self) -> Iterator[str]:
        """Whom it shows in cards and lines, as the ledger names them."""
        yield from (f"contact/{card.id}" for card in self.cards)
        yield from self.rail.about

    def floors_of(self, name: str) -> tuple[str, ...]:
        """The contacts in which somebody has the floor."""
        return tuple(card.id for card in self.cards if card.floor == name)


@dataclass(slots=True)
class Sent:
    """What one open page has already."""

    order: tuple[str, ...] | None = None
    cards: dict[str, tuple[int, bool]] = field(default_factory=dict)
    pieces: dict[str, str] = field(default_factory=dict)
    _sign: float | None = None

    def sign_is_due(self, every: float) -> bool:
        """Whether it is time again to say that the page is open; then it counts as said."""
        now = monotonic()
        if self._sign is not None and now - self._sign < every:
            return False
        self._sign = now
        return True


class Walls:
    """Looks at one practice's records and draws what it sees. Safe to call from several threads. `approved`: the
    languages whose words the practice's own people approved."""

    def __init__(
        self,
        practice: Practice,
        records: Records,
        phrasebook: Phrasebook,
        clock: Clock,
        approved: frozenset[str] = frozenset(),
        law: LawData = SHIPPED,
    ) -> None:
        self._practice, self._records, self._phrasebook, self._clock = practice, records, phrasebook, clock
        self._board, self._law = Board(practice, phrasebook), law
        self._cards: dict[tuple[str, bool], Card] = {}
        self._lock = Lock()
        self._rail: tuple[float, Rail | None] = (0.0, None)
        self._seen: set[str] = set()
        self._draft = any(
            phrase.status == "draft"
            for locale in practice.languages_signed
            if locale in phrasebook.locales and locale not in approved
            for phrase in phrasebook.phrases(locale).values()
        )

    def look(self, session: Session, chosen: str | None, *, fresh: bool = False) -> Wall:
        """What there is to see now. What stands beside the contacts may be half a second old, unless `fresh`."""
        now = self._clock.now()
        if len(self._seen) > MOST_SEEN:
            self._seen.clear()
        with self._records.transaction(self._practice.id, ITSELF, self._seen) as tx:
            summaries = tx.log.contacts(limit=SHOWN)
            logs = [tx.log.read(s.id) for s in summaries if self._kept(s, session.clinical) is None]
            if chosen is not None and all(summary.id != chosen for summary in summaries):
                logs.append(tx.log.read(chosen))
            beside = self._beside(tx, now, fresh)
        older = None
        for events in filter(None, logs):
            older = self._board.card(events, clinical=session.clinical)
            self._keep(older, session.clinical)
        found = (self._kept(summary, session.clinical) for summary in summaries)
        cards = tuple(sorted((card for card in found if card), key=lambda card: card.order))
        if chosen is None:
            shown = cards[0] if cards else None
        else:
            shown = next((card for card in (*cards, older) if card and card.id == chosen), None)
        beside = beside if session.clinical else beside.without_words()
        handed_over, on_file = self._of_the_one_in_full(session, shown) if shown else (None, None)
        at = when(now, self._practice.timezone)
        return Wall(cards, shown, beside, at, handed_over, on_file, chosen is None, self._draft)

    def _of_the_one_in_full(self, session: Session, shown: Card) -> tuple[HandOver | None, StopsShown | None]:
        if shown.need is None and shown.person is None:
            return None, None
        practice, book = self._practice, self._phrasebook
        with self._records.transaction(practice.id, ITSELF, self._seen) as tx:
            card = hand_over(tx, practice, book, session, shown.id, self._law) if shown.need else None
            person = tx.people.get(shown.person) if shown.person else None
            return card, stops_of(tx, practice, person) if person else None

    def beside(self, session: Session) -> Rail:
        """What stands beside the contacts, without them."""
        with self._records.transaction(self._practice.id, ITSELF, self._seen) as tx:
            found = self._beside(tx, self._clock.now(), True)
        bills = session.account is not None and "biller" in session.account.roles
        return found if session.clinical else found.without_words(bills=bills)

    def _beside(self, tx: Transaction, now: datetime, fresh: bool) -> Rail:
        looked, kept = self._rail
        if kept is None or fresh or monotonic() - looked > RAIL_LASTS:
            kept = rail(tx, self._practice, self._phrasebook, now)
            self._rail = monotonic(), kept
        return kept

    def _kept(self, summary: ContactSummary, clinical: bool) -> Card | None:
        card = self._cards.get((summary.id, clinical))
        return card if card is not None and card.seq >= summary.last_seq else None

    def _keep(self, card: Card, clinical: bool) -> None:
        """Never in place of a newer one, which another page may have drawn meanwhile."""
        with self._lock:
            kept = self._cards.get((card.id, clinical))
            if kept is not None and kept.seq > card.seq:
                return
            while len(self._cards) >= CARDS_KEPT:
                self._cards.pop(next(iter(self._cards)))
            self._cards[card.id, clinical] = card

    # -- drawing -----------------------------------------------------------------------------------------------------

    def page(self, wall: Wall, session: Session) -> str:
        return TEMPLATES.get_template("page.html").render(self._given(wall, session))

    def pieces(self, wall: Wall, session: Session, sent: Sent) -> list[str]:
        """What must be put in place on a page that has `sent`, which is brought up to date."""
        given = self._given(wall, session)
        return [*self._changed_cards(wall, given, sent), *_changed_pieces(given, sent)]

    def _given(self, wall: Wall, session: Session) -> dict[str, Any]:
        return {
            "wall": wall, "session": session, "practice": self._practice, "paused": wall.rail.paused,
        }  # fmt: skip

    def _changed_cards(self, wall: Wall, given: dict[str, Any], sent: Sent) -> Iterator[str]:
        chosen = wall.chosen.id if wall.chosen else None
        order = tuple(card.id for card in wall.cards)
        standing = {card.id: (card.seq, card.id == chosen) for card in wall.cards}
        if order != sent.order:
            yield _partial("cards", TEMPLATES.get_template("cards.html").render(given))
        else:
            for card in wall.cards:
                if standing[card.id] != sent.cards.get(card.id):
                    drawn = TEMPLATES.get_template("card.html").render(given | {"card": card})
                    yield _partial(f"card-{card.id}", drawn)
        sent.order, sent.cards = order, standing


PIECES = (
    "summary",
    "paused",
    "detail-head",
    "detail-card",
    "detail-lines",
    "detail-reply",
    "tasks",
    "ladder-notes",
    "schedule",
    "messages",
)


def _changed_pieces(given: dict[str, Any], sent: Sent) -> Iterator[str]:
    for name in PIECES:
        drawn = TEMPLATES.get_template(f"{name}.html").render(given)
        if drawn != sent.pieces.get(name):
            sent.pieces[name] = drawn
            yield _partial(name, drawn)


def _partial(target: str, drawn: str) -> str:
    return f'<hx-partial hx-target="#{target}" hx-swap="outerMorph">{drawn}</hx-partial>'
