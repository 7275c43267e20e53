"""What ended without us: contacts whose call was cut off, and whoever came and went before a desk had taken the call.

Each is tried for as long as this desk is there, and the telephone process keeps it until it is told that it is settled.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from secrets import token_hex
from typing import Any, Final, TypeVar

from lamplighter import logs
from lamplighter.channels.calls.gone import Gone
from lamplighter.channels.phone.far_end import Ringing
from lamplighter.channels.phone.numbers import e164, user_of
from lamplighter.channels.phone.whose import Whose
from lamplighter.channels.phone.wire import Wire
from lamplighter.desk.contacts import Contacts, NoSuchContact, NoSuchPractice
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
T = TypeVar("T")
AGAIN: Final = 0.25  # seconds until the store is tried again, at first
LONGEST_AGAIN: Final = 2.0


async def until_stored(is_left: Callable[[], bool], work: Callable[..., T], *of: object) -> T:
    """What `work` gives, tried until it does: a store may be away for a while. Raises Gone once nobody waits for it
    here any more."""
    pause = AGAIN
    while True:
        try:
            return await asyncio.to_thread(work, *of)
        except Exception:
            log.exception("phone_call_not_stored")
        if is_left():
            raise Gone
        await asyncio.sleep(pause)
        pause = min(LONGEST_AGAIN, 2 * pause)


async def settle(
    contacts: Contacts, practice: PracticeId, contact: str, is_left: Callable[[], bool], *, dropped: bool
) -> None:
    """The contact is over; whom we dropped a person calls back. Raises Gone where it is left to the next desk."""

    def over() -> None:
        with suppress(NoSuchContact, NoSuchPractice):
            if contacts.state(practice, contact).ended is None:
                (contacts.dropped if dropped else contacts.hang_up)(practice, contact)

    await until_stored(is_left, over)


async def settle_owed(contacts: Contacts, wire: Wire, owed: dict[str, Any]) -> None:
    """Raises Gone where it is left to the next desk, KeyError where it can't be read."""
    contact, dropped = str(owed["contact"]), owed["how"] == "lost"
    await settle(
        contacts, PracticeId(str(owed["practice"])), contact, lambda: wire.is_closed, dropped=dropped
    )
    _tell(wire, 0, "settled", contact=contact)


async def call_back(contacts: Contacts, whose: Whose, wire: Wire, away: dict[str, Any]) -> None:
    """Somebody called and has gone again before a desk had taken the call. Raises as `settle_owed`."""
    ringing = Ringing.of(int(away["call"]), away)
    practice = whose.practice(ringing)
    contact = await _fetched(contacts, whose, wire, ringing, practice) if practice is not None else ""
    _tell(wire, ringing.number, "settled", contact=contact)


async def _fetched(contacts: Contacts, whose: Whose, wire: Wire, ringing: Ringing, practice: Practice) -> str:
    contact = f"call-{token_hex(12)}"
    opening = partial(
        contacts.open,
        practice.id,
        channel="voice",
        dialled=whose.number(ringing, practice),
        address=e164(user_of(ringing.caller)),
        contact=contact,
    )
    await until_stored(lambda: wire.is_closed, opening)
    _tell(wire, ringing.number, "take", contact=contact, practice=practice.id, mute=True)
    await settle(contacts, practice.id, contact, lambda: wire.is_closed, dropped=True)
    return contact


def _tell(wire: Wire, call: int, type: str, **more: object) -> None:
    with suppress(OSError):
        wire.tell(call, type, **more)
