"""Stores what could not be stored, as soon as it can be."""

import asyncio

from lamplighter.desk.contacts import Contacts
from lamplighter.wiring.serving import Beside

EVERY = 2.0  # seconds


def storing_what_waits(contacts: Contacts) -> Beside:
    """Runs beside the doors, for good."""

    async def run() -> None:
        while True:
            await asyncio.sleep(EVERY)
            await asyncio.to_thread(contacts.store_what_waits)

    return run
