"""The card of a hand-over as one reader sees it: what is behind glass only where they have opened it."""

from dataclasses import dataclass

from lamplighter.console import wording
from lamplighter.console.access import Session
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import fold
from lamplighter.desk.calling_back import CAME_TO
from lamplighter.desk.card import REASONS, Card, UnderGlass, card, has_it, may_look, under_glass
from lamplighter.desk.ports import Transaction
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice

REASONS_SHOWN = tuple((why, f"{words[0].upper()}{words[1:]}") for why, words in REASONS.items())


CALLED = tuple((came_to, f"{words[0].upper()}{words[1:]}") for came_to, words in CAME_TO.items())


@dataclass(frozen=True, slots=True)
class HandOver:
    card: Card
    has_it: bool
    may_look: bool
    glass: UnderGlass | None
    tried: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...] = REASONS_SHOWN
    may_come_of_a_call: tuple[tuple[str, str], ...] = CALLED


def hand_over(
    tx: Transaction,
    practice: Practice,
    phrasebook: Phrasebook,
    session: Session,
    contact: str,
    law: LawData = SHIPPED,
) -> HandOver | None:
    events = tx.log.read(contact)
    state = fold(events)
    drawn = card(tx, practice, phrasebook, state, events, session.name, law)
    if drawn is None or session.account is None:
        return None
    may = may_look(state, session.account)
    opened = under_glass(tx, practice, state, law) if may and contact in session.glass else None
    tried = tuple(wording.attempt(each, practice.timezone) for each in drawn.tried)
    return HandOver(drawn, has_it(state, session.name), may, opened, tried)
