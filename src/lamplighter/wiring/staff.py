"""The staff page on loopback, and how it is entered: by a one-time link until somebody owns it, by signing in then."""

import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from lamplighter.console.access import COOKIE, IDLE_ENDS, SESSION_LIVES, Access
from lamplighter.console.accounts import Accounts
from lamplighter.console.app import staff_app
from lamplighter.console.protocol_pages import Review
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.identity import IdentityProvider
from lamplighter.desk.rehearsals import clear_away
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.desk import Desk
from lamplighter.wiring.own_rehearsals import OwnRehearsals
from lamplighter.wiring.proving import prover
from lamplighter.wiring.serving import Door


class StaffPage:
    """The staff page of a practice as an ASGI application. When a newer version of the practice is taken up it is built
    anew; whoever is signed in stays so."""

    def __init__(
        self,
        build: Callable[[Practice, frozenset[str], LawData], ASGIApp],
        practice: Practice,
        approved: frozenset[str],
        law: LawData,
    ) -> None:
        self._build = build
        self.renew(practice, approved, law)

    def renew(self, practice: Practice, approved: frozenset[str], law: LawData) -> None:
        self._app = self._build(practice, approved, law)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def staff_door(
    desk: Desk,
    practice: Practice,
    feed: LiveFeed,
    clock: Clock,
    bound: socket.socket,
    review: Review,
    rehearsals: OwnRehearsals,
    *,
    trying: bool = False,
    idle: timedelta = IDLE_ENDS,
    approved: frozenset[str] = frozenset(),
    law: LawData = SHIPPED,
    anchors: Path | None = None,
    provider: IdentityProvider | None = None,
) -> tuple[Door, str]:
    """The door and the address to open: a one-time link while the practice has no owner, else the page itself.

    `trying`, the link signs in as an owner who proves nothing, and there is always one."""
    with desk.records.transaction(practice.id) as tx:
        clear_away(tx, rehearsals)
        tx.staff.forget_sessions_before(WallClock().now() - SESSION_LIVES)
    access, real_time = Access(cookie=f"{COOKIE}_{practice.id}", idle=idle), WallClock()

    def build(practice: Practice, approved: frozenset[str], law: LawData) -> ASGIApp:
        return staff_app(
            practice=practice,
            contacts=desk.contacts,
            handoffs=desk.handoffs,
            records=desk.records,
            feed=feed,
            phrasebook=Phrasebook.load(),
            clock=clock,
            access=access,
            review=review,
            rehearsals=rehearsals,
            real_time=real_time,
            trying=trying,
            approved=approved,
            law=law,
            plans=desk.plans,
            authorizations=desk.authorizations,
            signed=desk.books,
            books=desk.owed,
            prove=prover(desk.records, practice.id, anchors),
            provider=provider,
        )

    door = Door(StaffPage(build, practice, approved, law), bound)
    address = f"http://localhost:{door.port}"
    owned = not trying and Accounts(practice, desk.records, clock, real_time).has_owner()
    return door, f"{address}/" if owned else access.new_link(address)
