"""The staff page on loopback, and the one-time link that opens it."""

import socket

from lamplighter.console.access import Access
from lamplighter.console.app import staff_app
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.ports import Clock
from lamplighter.practice.model import Practice
from lamplighter.wiring.desk import Desk
from lamplighter.wiring.serving import Door


def staff_door(
    desk: Desk, practice: Practice, feed: LiveFeed, clock: Clock, bound: socket.socket
) -> tuple[Door, str]:
    """The door and a link that opens it once."""
    access = Access()
    app = staff_app(
        practice=practice,
        contacts=desk.contacts,
        handoffs=desk.handoffs,
        records=desk.records,
        feed=feed,
        phrasebook=Phrasebook.load(),
        clock=clock,
        access=access,
    )
    door = Door(app, bound)
    return door, access.new_link(f"http://localhost:{door.port}")
