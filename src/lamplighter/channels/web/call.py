"""A call."""

from starlette.websockets import WebSocket

from lamplighter.channels.web.site import Site
from lamplighter.channels.web.sockets import Line
from lamplighter.practice.model import Practice


async def serve(site: Site, practice: Practice, socket: WebSocket, line: Line) -> None:
    await line.close()
